"""Where MRR came from and where it went: published examples of others, read by our own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.metrics.worksheets import Company, statuses, value, values

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet

GAINS = ("new_mrr", "reactivation_mrr", "expansion_mrr")
LOSSES = ("contraction_mrr", "churned_mrr")
QUARTER = ("2025-01", "2025-02", "2025-03")


def monthly(company: Company, customer: str, *amounts: float, product: str, **more: str) -> None:
    """One line a month that belongs to January 2025 and the months after it; 0 for a month without a line."""
    spans = [
        (f"{2024 + (month + 11) // 12}-{(month + 11) % 12 + 1:02d}-12", f"2025-{month + 1:02d}-12")
        for month in range(len(amounts))
    ]
    lines = [(*span, amount) for span, amount in zip(spans, amounts, strict=True) if amount]
    company.bill(customer, *lines, product=product, **more)


def bridge(company: Company) -> None:
    """The published movements of six months; the customers behind them are ours."""
    steps = {
        "c1": (636.4423, 636.4423, 999.4599, 479.7681, 1378.3084, 0),
        "c2": (0, 795.6690, 795.6690, 1586.0141, 0, 0),
        "c3": (0, 63.7684, 63.7684, 63.7684, 63.7684, 20.4450),
        "c4": (0, 168.2861, 168.2861, 168.2861, 168.2861, 0),
    }
    for customer, amounts in steps.items():
        monthly(company, customer, *amounts, product="bridge")


def story(company: Company) -> None:
    """Four yearly plans, two monthly ones added and dropped, the yearly ones ended, three monthly ones later."""
    for plan in range(4):
        company.bill("story", ("2024-01-15", "2025-01-15", 500), product="story", sub=f"yearly {plan}")
    for plan in range(2):
        company.bill("story", ("2024-06-15", "2024-07-15", 30), product="story", sub=f"monthly {plan}")
    for plan in range(3):
        company.bill("story", ("2025-03-15", "2025-04-15", 50), product="story", sub=f"back {plan}")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("movements"))
    company.add("customer", "customer_id, is_internal", [("staff", True), ("c1", False), ("c2", None)])
    bridge(company)
    story(company)
    standard = {"out": (10, 0), "down": (20, 10), "up": (70, 80)}
    quicker = {"n": (0, 20), "e": (50, 58), "x": (5, 0), "c": (45, 42)}
    for customer, pair in (*standard.items(), *quicker.items()):
        monthly(company, customer, *pair, product="standard" if customer in standard else "quicker")
    for number in range(100):
        monthly(company, f"m{number}", 100, product="plans")
    for number in range(50):
        company.bill(f"y{number}", ("2024-01-20", "2025-01-20", 600), product="plans")
    monthly(company, "twice", 60, 60, 0, product="two plans", sub="first")
    monthly(company, "twice", 40, 0, 0, product="two plans", sub="second")
    monthly(company, "other", 1, 1, 1, product="two plans")
    for customer, amounts in {
        "back": (1000, 0, 1000),  # 1 000 come back
        "grows": (30000, 30000, 34000),  # + 4 000
        "shrinks": (17000, 17000, 15000),  # - 2 000
        "leaves": (3000, 3000, 0),  # - 3 000
        "fresh": (0, 0, 8000),  # + 8 000
    }.items():
        monthly(company, customer, *amounts, product="quick")
    monthly(company, "staff", 9999, 9999, 9999, product="quick")
    return company.sheet("2025-08-10")


def test_gross_and_net_churn_of_the_standard_example(sheet: MetricSheet) -> None:
    assert value(sheet, "standard", "gross_mrr_churn_rate", "2025-02") == pytest.approx(0.20)
    assert value(sheet, "standard", "net_mrr_churn_rate", "2025-02") == pytest.approx(0.10)
    assert value(sheet, "standard", "revenue_retention_rate", "2025-02") == pytest.approx(0.80)
    assert value(sheet, "standard", "nrr", "2025-02") == pytest.approx(0.90)


def test_one_customer_goes_through_every_movement(sheet: MetricSheet) -> None:
    story = [
        ("2024-02", "new_mrr", 166.67),
        ("2024-07", "expansion_mrr", 60),
        ("2024-08", "contraction_mrr", 60),
        ("2025-02", "churned_mrr", 166.67),
        ("2025-04", "reactivation_mrr", 150),
    ]
    for month, moved, amount in story:
        for metric in (*GAINS, *LOSSES):
            expected = pytest.approx(amount, abs=0.005) if metric == moved else 0
            assert value(sheet, "story", metric, month) == expected, (month, metric)


def test_monthly_and_yearly_plans_add_up(sheet: MetricSheet) -> None:
    assert value(sheet, "plans", "mrr", "2025-01") == pytest.approx(12500)
    assert value(sheet, "plans", "paying_customers", "2025-01") == 150


def test_dropping_one_of_two_plans_is_contraction_and_the_last_one_is_churn(sheet: MetricSheet) -> None:
    assert values(sheet, "two plans", "contraction_mrr", "2025-02", "2025-03") == [40, 0]
    assert values(sheet, "two plans", "churned_mrr", "2025-02", "2025-03") == [0, 60]
    assert values(sheet, "two plans", "logo_churn_rate", "2025-02", "2025-03") == [0, 0.5]


def test_quick_ratio_counts_reactivation_as_a_gain(sheet: MetricSheet) -> None:
    assert values(sheet, "quick", "mrr", "2025-02", "2025-03") == [50000, 58000]
    assert value(sheet, "quick", "quick_ratio", "2025-03") == pytest.approx(2.6)
    assert value(sheet, "quicker", "quick_ratio", "2025-02") == pytest.approx(3.5)


def test_quick_ratio_without_losses_is_not_available(sheet: MetricSheet) -> None:
    assert statuses(sheet, "bridge", "quick_ratio", "2025-02") == ["na"]


def test_internal_customers_are_left_out(sheet: MetricSheet) -> None:
    assert value(sheet, "quick", "mrr", "2025-01") == 51000
    assert value(sheet, "quick", "paying_customers", "2025-01") == 4


def test_the_published_bridge_of_six_months(sheet: MetricSheet) -> None:
    months = [f"2025-{month:02d}" for month in range(1, 7)]
    published = {
        "mrr": (636.4423, 1664.1659, 2027.1834, 2297.8367, 1610.3629, 20.4450),
        "new_mrr": (636.4423, 1027.7235, 0, 0, 0, 0),
        "reactivation_mrr": (0, 0, 0, 0, 0, 0),
        "expansion_mrr": (0, 0, 363.0176, 790.3451, 898.5403, 0),
        "contraction_mrr": (0, 0, 0, 519.6918, 0, 43.3234),
        "churned_mrr": (0, 0, 0, 0, 1586.0141, 1546.5944),
    }
    for metric, numbers in published.items():
        assert values(sheet, "bridge", metric, *months) == pytest.approx(list(numbers), abs=0.0002), metric


def test_growth_is_the_mean_of_monthly_rates_and_not_a_compound_rate(tmp_path: Path) -> None:
    company = Company(tmp_path).run(
        """create table invoice_line as select 'c' as customer_id, 'p' as product_id,
            date '2024-12-12' + place * interval 1 month as period_start,
            date '2025-01-12' + place * interval 1 month as period_end, amount
        from (values (0, 11.51665), (1, 37.18802), (2, 2.73371), (3, 0.09564), (4, 9.74731)) a(place, amount)"""
    )
    sheet = company.sheet("2025-06-02")
    months = [f"2025-{month:02d}" for month in range(2, 6)]
    assert statuses(sheet, "p", "mrr_growth", "2025-01") == ["na"]
    assert values(sheet, "p", "mrr_growth", *months) == pytest.approx(
        [2.2290657439, -0.9264894984, -0.9650145772, 100.9166666666], abs=1e-9
    )
    assert values(sheet, "p", "mrr_growth_3m", *months) == pytest.approx(
        [2.2290657439, 0.6512881228, 0.1125205561, 33.0083875303], abs=1e-9
    )


def test_ltv_divides_by_the_mean_churn_rate_that_exists(tmp_path: Path) -> None:
    company = Company(tmp_path)
    for customer in range(6):
        monthly(company, f"c{customer}", *([1481.5566] * (1 if customer < 3 else 4)), product="p")
    sheet = company.sheet("2025-06-02")
    # February: 3 of 6 leave, January has no rate; March: mean of 1/2 and 0; April: mean of 1/2, 0 and 0.
    assert values(sheet, "p", "ltv", "2025-02", "2025-03", "2025-04") == pytest.approx(
        [2963.1132, 2963.1132 * 2, 2963.1132 * 3]
    )
    assert statuses(sheet, "p", "ltv", "2025-01") == ["na"]


def test_ltv_without_churn_is_not_available(sheet: MetricSheet) -> None:
    assert statuses(sheet, "story", "ltv", "2024-08") == ["na"]
    assert value(sheet, "story", "ltv", "2024-08") is None


@pytest.fixture(scope="module")
def long_history(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("cohorts"))
    # December 2024 cohort: 300 in all. By March the first is back at 80, the second grew to 130, the third left.
    company.bill("pauses", ("2024-11-12", "2024-12-12", 100), ("2025-02-12", "2025-03-12", 80))
    company.bill("grows", ("2024-11-12", "2024-12-12", 100), ("2025-02-12", "2025-03-12", 130))
    company.bill("leaves", ("2024-11-12", "2024-12-12", 100), ("2024-12-12", "2025-01-12", 100))
    # New in the quarter: not in the cohort.
    company.bill("fresh", ("2025-01-12", "2025-02-12", 500), ("2025-02-12", "2025-03-12", 500))
    company.bill("grows", ("2025-11-12", "2025-12-12", 240))
    return company.sheet("2026-02-01")


def test_who_left_and_came_back_within_the_quarter_is_retained(long_history: MetricSheet) -> None:
    assert value(long_history, "replay", "quarterly_nrr", "2025-03") == pytest.approx(210 / 300)
    assert value(long_history, "replay", "quarterly_grr", "2025-03") == pytest.approx(180 / 300)
    assert value(long_history, "replay", "annualised_nrr", "2025-03") == pytest.approx(0.7**4)
    assert statuses(long_history, "replay", "quarterly_nrr", "2024-12", "2025-01", "2025-02") == ["na", "na", "na"]


def test_rolling_nrr_has_a_value_in_every_month(long_history: MetricSheet) -> None:
    # April looks back on January: only the customer who left later paid then.
    assert value(long_history, "replay", "nrr_rolling_3m", "2025-04") == 0
    assert value(long_history, "replay", "nrr_rolling_3m", "2025-03") == pytest.approx(0.7)


def test_twelve_month_nrr_needs_twelve_months(long_history: MetricSheet) -> None:
    assert value(long_history, "replay", "nrr_12m", "2025-12") == pytest.approx(240 / 300)
    assert statuses(long_history, "replay", "nrr_12m", "2025-11") == ["na"]


def test_reactivation_window_makes_a_late_return_new(tmp_path: Path) -> None:
    company = Company(tmp_path, reactivation_window_days=90)
    monthly(company, "stays", 1, 1, 1, 1, 1, 1, product="p")
    monthly(company, "soon", 100, 0, 0, 100, product="p")  # 31 January to 1 April: 60 days
    monthly(company, "late", 10, 0, 0, 0, 0, 10, product="p")  # 31 January to 1 June: 121 days
    sheet = company.sheet("2025-07-02")
    assert values(sheet, "p", "reactivation_mrr", "2025-04", "2025-06") == [100, 0]
    assert values(sheet, "p", "new_mrr", "2025-04", "2025-06") == [0, 10]
