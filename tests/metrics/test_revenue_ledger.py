"""The edge-case ledger: eleven customers that each bring one difficulty, with every movement worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from tests.metrics.worksheets import Company, statuses, value, values

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet

MOVEMENTS = ("new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "fx_effect", "mrr")

LEDGER = {
    ("replay", "2025-02"): (420.00, 0, 0, 0, 0, 0, 420.00, 5),
    ("replay", "2025-03"): (213.3333, 0, 0, 0, 0, 0, 633.3333, 8),
    ("replay", "2025-04"): (30, 0, 68.75, 30, 40, -6.25, 655.8333, 8),
    ("replay", "2025-05"): (0, 60, 60, 0, 150, 0, 625.8333, 8),
    ("flags", "2025-04"): (25, 0, 0, 0, 0, 0, 25, 1),
    ("flags", "2025-05"): (10, 0, 0, 0, 0, 0, 35, 2),
    ("*", "2025-04"): (30, 0, 68.75, 5, 40, -6.25, 680.8333, 8),
    ("*", "2025-05"): (0, 60, 60, 140, 0, 0, 660.8333, 9),
}


def ledger(company: Company) -> Company:
    """Fill in the ledger's invoices."""

    def monthly(customer: str, day: int, first_end: int, *amounts: float, product: str = "replay", **more: str) -> None:
        lines = [
            (f"2025-{first_end + i - 1:02d}-{day:02d}", f"2025-{first_end + i:02d}-{day:02d}", amount)
            for i, amount in enumerate(amounts)
        ]
        company.bill(customer, *lines, product=product, **more)

    monthly("A", 12, 2, 100, 100, 150)
    monthly("A", 12, 5, 10, product="flags")
    company.bill("B", ("2025-01-31", "2026-01-31", 1200))
    company.bill("C", ("2025-02-10", "2025-05-10", 100))
    monthly("D", 20, 2, 50, 50, 50, 50, sub="D1")
    monthly("D", 20, 2, 30, 30, sub="D2")
    monthly("D", 20, 4, 25, 25, product="flags")
    monthly("E", 5, 2, 40, 40)
    monthly("E", 5, 5, 60)
    monthly("F", 15, 2, 15000, 15000, 18000, 18000, currency="JPY")
    monthly("G", 3, 3, 80, 80, 80)
    company.bill("H", ("2025-03-01", "2025-03-01", 500), kind="one_off", sub="")
    company.bill("I", ("2025-02-18", "2025-03-18", 120), ("2025-02-18", "2025-03-18", -20))
    monthly("I", 18, 4, 100, 100)
    monthly("J", 1, 3, 0, 0)
    company.bill("K", ("2025-03-21", "2025-04-01", 30), ("2025-04-01", "2025-05-01", 90))
    rates = [(f"2025-{month:02d}-01", "JPY", 1 / (150 if month < 4 else 160)) for month in (2, 3, 4, 5)]
    company.add("fx_rate", "month, currency, rate_to_base", [tuple(rate) for rate in rates])
    return company.add("refund", "product_id, customer_id, refunded_on, amount", [("replay", "G", "2025-04-20", 80)])


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    return ledger(Company(tmp_path_factory.mktemp("ledger"), fiscal_year_start=3)).sheet()


@pytest.mark.parametrize(("product", "month"), LEDGER)
def test_every_movement_of_the_ledger(sheet: MetricSheet, product: str, month: str) -> None:
    *movements, customers = LEDGER[product, month]
    assert [value(sheet, product, metric, month) for metric in MOVEMENTS] == pytest.approx(movements, abs=0.0005)
    assert value(sheet, product, "paying_customers", month) == customers


def test_product_mrr_adds_up_to_the_total(sheet: MetricSheet) -> None:
    for month in sheet.months[:-1]:
        products = [sheet.cell(product, "mrr", month).value or 0 for product in ("replay", "flags")]
        assert sheet.cell("*", "mrr", month).value == pytest.approx(sum(products))


def test_a_yearly_line_gives_twelve_equal_months(tmp_path: Path) -> None:
    sheet = Company(tmp_path).bill("B", ("2025-01-31", "2026-01-31", 1200)).sheet("2026-03-02")
    assert values(sheet, "replay", "mrr", *[f"2025-{month:02d}" for month in range(2, 13)], "2026-01") == [100.0] * 12
    assert statuses(sheet, "replay", "mrr", "2025-01", "2026-02") == ["missing", "missing"]


def test_cohort_nrr_uses_the_closing_months_exchange_rate(sheet: MetricSheet) -> None:
    assert value(sheet, "replay", "quarterly_nrr", "2025-05") == pytest.approx(322.50 / 413.75)
    assert value(sheet, "replay", "nrr_rolling_3m", "2025-05") == pytest.approx(0.779456, abs=1e-6)
    assert value(sheet, "replay", "annualised_nrr", "2025-05") == pytest.approx((322.50 / 413.75) ** 4)
    assert statuses(sheet, "replay", "quarterly_nrr", "2025-04") == ["na"]


def test_a_refund_is_shown_and_mrr_does_not_move(sheet: MetricSheet) -> None:
    assert values(sheet, "replay", "refunds", "2025-03", "2025-04", "2025-05") == [0, 80, 0]
    assert sheet.cell("replay", "refunds", Month(2025, 4)).note.startswith("12.2% of MRR")
    assert sheet.cell("replay", "refunds", Month(2025, 3)).note == ""


def test_the_first_month_says_that_history_starts_there(sheet: MetricSheet) -> None:
    first = next(cell for cell in sheet.row("replay", "new_mrr") if cell.value is not None)
    assert "history starts here" in first.note


def test_growth_from_nothing_is_not_available(sheet: MetricSheet) -> None:
    assert statuses(sheet, "replay", "mrr_growth", "2025-02", "2025-03") == ["na", "ok"]
    assert value(sheet, "replay", "mrr_growth", "2025-02") is None


def test_the_rates_of_april(sheet: MetricSheet) -> None:
    opening = 633.3333333333
    expected = {
        "mrr_growth": (655.8333333333 - opening) / opening,
        "new_mrr_rate": 30 / opening,
        "expansion_rate": 68.75 / opening,
        "contraction_rate": 30 / opening,
        "churn_rate": 40 / opening,
        "gross_mrr_churn_rate": 70 / opening,
        "net_mrr_churn_rate": (70 - 68.75) / opening,
        "revenue_retention_rate": (opening - 70) / opening,
        "nrr": (opening + 68.75 - 70) / opening,
        "logo_churn_rate": 1 / 8,
        "paying_customers_growth": 0.0,
        "arpa": 655.8333333333 / 8,
        "arr": 12 * 655.8333333333,
        "quick_ratio": (30 + 68.75) / 70,
    }
    for metric, number in expected.items():
        assert value(sheet, "replay", metric, "2025-04") == pytest.approx(number, abs=1e-9), metric


def test_a_rate_carries_its_numerator_and_denominator(sheet: MetricSheet) -> None:
    cell = sheet.cell("replay", "churn_rate", Month(2025, 4))
    assert cell.numerator == 40.0
    assert cell.n == cell.denominator == pytest.approx(633.3333333333)
