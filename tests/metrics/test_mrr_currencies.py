"""MRR in several currencies, and totals below zero: what cannot be known is not made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from tests.metrics.worksheets import Company, messages, statuses, value, values

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

MOVEMENTS = ("new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "fx_effect")
FEBRUARY, MARCH, APRIL, MAY = ("2025-02", "2025-03", "2025-04", "2025-05")
LINES = [
    ("2025-01-12", "2025-02-12", 100.0),
    ("2025-02-12", "2025-03-12", 100.0),
    ("2025-03-12", "2025-04-12", 100.0),
    ("2025-04-12", "2025-05-12", 100.0),
]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("fx"), base_currency="usd")
    company.bill("home", *LINES, product="us", currency="usd")
    company.bill("plain", *LINES, product="us")
    company.bill("gap", *LINES, product="eu", currency="EUR")
    company.bill("twice", *LINES, product="uk", currency="gbp")
    # Leaves after March: nothing in Swiss francs is open in April, so no rate is needed there.
    company.bill("left", *LINES[:2], product="ch", currency="CHF")
    company.bill("stays", *LINES, product="ch")
    # There is no rate for the first month, so nobody knows the cohort that May looks back on.
    company.bill("late", *LINES, product="unknown start", currency="SEK")
    company.bill("plain", *LINES, product="unknown start")
    rates = [
        *((f"2025-0{month}-01", "SEK", 0.1) for month in (3, 4, 5)),
        ("2025-02-01", "EUR", 1.1),
        ("2025-04-01", "EUR", 1.2),
        ("2025-05-01", "EUR", 1.3),
        ("2025-02-01", "CHF", 1.5),
        ("2025-03-01", "CHF", 1.6),
        *((f"2025-0{month}-01", "GBP", 1.25) for month in (2, 3, 4, 5)),
        ("2025-03-01", "GBP", 1.30),  # a second, different rate: none is used
        ("2025-04-01", "gbp", 1.25),  # the same rate again does no harm
    ]
    company.add("fx_rate", "month, currency, rate_to_base", [tuple(rate) for rate in rates])
    return company.sheet("2025-06-10")


def test_a_month_without_a_rate_is_not_available_and_says_why(sheet: MetricSheet) -> None:
    assert statuses(sheet, "eu", "mrr", FEBRUARY, MARCH, APRIL) == ["ok", "na", "ok"]
    cell = sheet.cell("eu", "mrr", Month.parse(MARCH))
    assert cell.value is None
    assert "EUR" in cell.note
    assert "fx_rate [error] no exchange rate for EUR" in messages(sheet)


def test_a_missing_rate_is_never_taken_as_one(sheet: MetricSheet) -> None:
    assert values(sheet, "eu", "mrr", FEBRUARY, MARCH, APRIL, MAY) == pytest.approx([110, None, 120, 130])
    assert value(sheet, "eu", "arr", APRIL) == pytest.approx(1440)


def test_movements_need_the_rates_of_both_months(sheet: MetricSheet) -> None:
    for metric in MOVEMENTS:
        assert statuses(sheet, "eu", metric, MARCH, APRIL) == ["na", "na"], metric
    assert value(sheet, "eu", "fx_effect", MAY) == pytest.approx(10)
    assert value(sheet, "eu", "expansion_mrr", MAY) == 0


def test_retention_of_a_cohort_nobody_knows_is_not_available(sheet: MetricSheet) -> None:
    assert statuses(sheet, "unknown start", "mrr", FEBRUARY, MAY) == ["na", "ok"]
    assert statuses(sheet, "unknown start", "nrr_rolling_3m", MAY) == ["na"]
    assert value(sheet, "us", "nrr_rolling_3m", MAY) == 1


def test_other_products_do_not_suffer_from_a_missing_rate(sheet: MetricSheet) -> None:
    assert values(sheet, "us", "mrr", FEBRUARY, MARCH, APRIL, MAY) == [200, 200, 200, 200]
    assert statuses(sheet, "*", "mrr", MARCH, APRIL) == ["na", "ok"]


def test_the_base_currency_is_known_in_any_case_and_without_a_rate(sheet: MetricSheet) -> None:
    assert values(sheet, "us", "fx_effect", MARCH, APRIL) == [0, 0]


def test_two_different_rates_for_a_month_are_none(sheet: MetricSheet) -> None:
    assert values(sheet, "uk", "mrr", FEBRUARY, MARCH, APRIL) == [125, None, 125]
    assert "fx_rate [error] GBP has more than one rate for 2025-03" in messages(sheet)
    assert "for 2025-04" not in messages(sheet)


def test_a_churned_customer_is_lost_at_the_rate_they_paid_at(sheet: MetricSheet) -> None:
    # 100 CHF at 1.6 in March; there is no rate for April and none is needed.
    assert statuses(sheet, "ch", "churned_mrr", APRIL) == ["ok"]
    assert value(sheet, "ch", "churned_mrr", APRIL) == pytest.approx(160)
    assert value(sheet, "ch", "mrr_growth", APRIL) == pytest.approx((100 - 260) / 260)


@pytest.fixture(scope="module")
def credited(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("floor"))
    company.bill("owed", ("2025-01-12", "2025-02-12", 30.0), ("2025-02-12", "2025-03-12", -50.0))
    company.bill("owed", *LINES[:2], product="flags")
    company.bill("pays", *LINES[:2])
    company.bill("crumb", ("2025-01-12", "2025-02-12", 0.004), ("2025-02-12", "2025-03-12", 5.0))
    return company.sheet("2025-04-10")


def test_a_negative_total_counts_as_nothing_and_is_reported(credited: MetricSheet) -> None:
    assert values(credited, "replay", "mrr", FEBRUARY, MARCH) == [130, 105]
    assert value(credited, "replay", "churned_mrr", MARCH) == 30
    assert value(credited, "replay", "paying_customers", MARCH) == 2
    assert "invoice_line [warning] 1 customer-month with a negative total" in messages(credited)


def test_the_company_adds_up_what_the_products_show(credited: MetricSheet) -> None:
    # 105 + 100, not 105 + 100 - 50; the customer pays less in all, 130 before and 100 now.
    assert value(credited, "*", "mrr", MARCH) == 205
    assert value(credited, "*", "contraction_mrr", MARCH) == 30
    assert value(credited, "*", "churned_mrr", MARCH) == 0


def test_less_than_half_a_cent_is_not_a_payment(credited: MetricSheet) -> None:
    assert value(credited, "replay", "paying_customers", FEBRUARY) == 2
    assert value(credited, "replay", "new_mrr", MARCH) == 5
    assert value(credited, "replay", "expansion_mrr", MARCH) == 0
