"""MRR from subscription periods: a period pays in every month whose first day it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.metrics.worksheets import Company, statuses, value, values

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

MOVEMENTS = (
    "new_mrr",
    "reactivation_mrr",
    "expansion_mrr",
    "contraction_mrr",
    "churned_mrr",
    "mrr",
    "paying_customers",
)

# customer, start, end (None: still open), monthly amount
PERIODS: list[tuple[str, str, str | None, float]] = [
    ("a", "2024-01-01", "2024-07-01", 100),
    ("a", "2024-07-01", None, 150),
    ("b", "2024-01-01", "2024-05-01", 80),
    ("b", "2024-06-01", "2024-10-01", 40),
    ("c", "2024-02-01", "2024-12-01", 60),
    ("d", "2024-04-15", "2024-08-20", 50),  # covers the first days of May to August
    ("e", "2024-03-01", "2024-09-01", 200),
]

# month: new, reactivation, expansion, contraction, churn, closing MRR, customers
LEDGER = {
    "2024-01": (180, 0, 0, 0, 0, 180, 2),  # a 100, b 80
    "2024-02": (60, 0, 0, 0, 0, 240, 3),  # + c 60
    "2024-03": (200, 0, 0, 0, 0, 440, 4),  # + e 200
    "2024-04": (0, 0, 0, 0, 0, 440, 4),
    "2024-05": (50, 0, 0, 0, 80, 410, 4),  # + d 50, - b 80
    "2024-06": (0, 40, 0, 0, 0, 450, 5),  # b is back at 40
    "2024-07": (0, 0, 50, 0, 0, 500, 5),  # a 100 -> 150
    "2024-08": (0, 0, 0, 0, 0, 500, 5),
    "2024-09": (0, 0, 0, 0, 250, 250, 3),  # - e 200, - d 50
    "2024-10": (0, 0, 0, 0, 40, 210, 2),  # - b 40
    "2024-11": (0, 0, 0, 0, 0, 210, 2),
    "2024-12": (0, 0, 0, 0, 60, 150, 1),  # - c 60
}

# closing month: cohort at the close of the quarter before, what it pays at this close, the lesser of both by customer
QUARTERS = {
    "2024-06": (440, 400, 400),  # a 100, b 80, c 60, e 200 -> 100, 40, 60, 200
    "2024-09": (450, 250, 200),  # a 100, b 40, c 60, d 50, e 200 -> 150, 40, 60, 0, 0
    "2024-12": (250, 150, 150),  # a 150, b 40, c 60 -> 150, 0, 0
}


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("periods"), base_currency="EUR")
    columns = "customer_id, product_id, start_on, end_on, monthly_amount, currency"
    rows: list[tuple[object, ...]] = [
        (customer, "replay", start, end, amount, None) for customer, start, end, amount in PERIODS
    ]
    rows += [
        ("staff", "replay", "2024-01-01", None, 7777, None),
        ("x", "ended", "2024-01-01", "2024-04-01", 30, None),
        ("y", "future", "2024-10-01", "2030-01-01", 30, None),
        ("z", "both", "2024-01-01", None, 999, None),
        ("w", "blink", "2024-02-03", "2024-02-27", 30, None),
        ("w", "blink", "2024-04-01", None, 5, None),
        ("v", "dollars", "2024-03-01", "2024-05-01", 10, "usd"),
    ]
    company.add("subscription_period", columns, rows)
    company.bill("z", ("2024-02-10", "2024-03-10", 12.0), product="both")
    company.add("fx_rate", "month, currency, rate_to_base", [("2024-03-01", "USD", 0.9), ("2024-04-01", "USD", 0.8)])
    company.add("customer", "customer_id, is_internal", [("staff", True)])
    return company.sheet("2025-01-10")


@pytest.mark.parametrize("month", LEDGER)
def test_movements_of_a_year_of_periods(sheet: MetricSheet, month: str) -> None:
    assert tuple(value(sheet, "replay", metric, month) for metric in MOVEMENTS) == LEDGER[month]


@pytest.mark.parametrize("month", QUARTERS)
def test_retention_of_a_quarter_follows_its_opening_cohort(sheet: MetricSheet, month: str) -> None:
    opening, closing, retained = QUARTERS[month]
    assert value(sheet, "replay", "quarterly_nrr", month) == pytest.approx(closing / opening)
    assert value(sheet, "replay", "quarterly_grr", month) == pytest.approx(retained / opening)
    assert value(sheet, "replay", "annualised_nrr", month) == pytest.approx((closing / opening) ** 4)


def test_the_first_quarter_has_no_opening_cohort(sheet: MetricSheet) -> None:
    assert statuses(sheet, "replay", "quarterly_nrr", "2024-03") == ["na"]


def test_churn_shows_in_the_month_of_the_last_end(sheet: MetricSheet) -> None:
    assert values(sheet, "ended", "mrr", "2024-03", "2024-04") == [30, 0]
    assert value(sheet, "ended", "churned_mrr", "2024-04") == 30
    assert statuses(sheet, "ended", "mrr", "2024-04", "2024-05") == ["ok", "missing"]


def test_a_period_without_an_end_pays_up_to_the_open_month(sheet: MetricSheet) -> None:
    assert value(sheet, "replay", "mrr", "2025-01") == 150
    assert statuses(sheet, "replay", "mrr", "2025-01") == ["partial"]


def test_an_end_in_the_future_reaches_no_further_than_today(sheet: MetricSheet) -> None:
    assert values(sheet, "future", "mrr", "2024-10", "2024-12", "2025-01") == [30, 30, 30]
    assert str(sheet.months[-1]) == "2025-01"


def test_a_period_that_covers_no_first_day_pays_nothing(sheet: MetricSheet) -> None:
    assert [cell.value or 0 for cell in sheet.row("blink", "mrr")][:5] == [0, 0, 0, 5, 5]


def test_invoice_lines_win_over_periods_of_the_same_product(sheet: MetricSheet) -> None:
    assert value(sheet, "both", "mrr", "2024-03") == 12
    assert statuses(sheet, "both", "mrr", "2024-02", "2024-04") == ["missing", "missing"]


def test_periods_in_another_currency_use_the_rate_of_each_month(sheet: MetricSheet) -> None:
    assert values(sheet, "dollars", "mrr", "2024-03", "2024-04") == pytest.approx([9, 8])
    assert value(sheet, "dollars", "fx_effect", "2024-04") == pytest.approx(-1)
    assert value(sheet, "dollars", "churned_mrr", "2024-05") == pytest.approx(8)
