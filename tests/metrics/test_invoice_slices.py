"""An invoice line is spread over the months it covers: how many they are, which they are, and which lines count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.metrics.worksheets import Company, messages, statuses, value, values

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

YEAR_2024 = tuple(f"2024-{month:02d}" for month in range(1, 13))
FEBRUARY_TO_JANUARY = (*YEAR_2024[1:], "2025-01")

# start, end, months covered = max(1, round(days / 30.44)), last month of the slices under the period-end rule
COVERED = [
    ("2024-01-01", "2024-01-07", 1, "2024-01"),  # 6 days
    ("2024-01-01", "2024-01-31", 1, "2024-01"),  # 30 days
    ("2024-01-01", "2024-02-01", 1, "2024-02"),  # 31 days: 1.02
    ("2024-01-01", "2024-03-01", 2, "2024-03"),  # 60 days: 1.97
    ("2024-01-01", "2024-12-31", 12, "2024-12"),  # 365 days: 11.99
    ("2024-01-08", "2024-02-09", 1, "2024-02"),  # 32 days: 1.05
    ("2024-01-01", "2024-02-15", 1, "2024-02"),  # 45 days: 1.48
    ("2024-01-01", "2024-02-20", 2, "2024-02"),  # 50 days: 1.64
    ("2024-01-01", "2024-03-15", 2, "2024-03"),  # 74 days: 2.43
    ("2025-01-23", "2026-01-23", 12, "2026-01"),  # 365 days
    ("2025-02-10", "2025-05-10", 3, "2025-05"),  # 89 days: 2.92
    ("2025-01-15", "2028-01-15", 36, "2028-01"),  # 1 095 days: 35.97
    ("2025-03-10", "2025-03-10", 1, "2025-03"),  # no days at all
]


def annual_plans(company: Company) -> Company:
    """The same yearly plan written with its last day and with the day after it, and shorter lines."""
    company.bill("last", ("2024-01-01", "2024-12-31", 1200), product="last day")
    company.bill("after", ("2024-01-01", "2025-01-01", 1200), product="day after")
    company.bill("one", ("2024-03-12", "2024-04-12", 70), product="one first day")
    company.bill("none", ("2024-03-05", "2024-03-25", 70), product="no first day")
    company.bill("two", ("2024-01-30", "2024-03-02", 70), product="two first days")
    company.bill("zero", ("2024-03-10", "2024-03-10", 70), product="no days")
    # 46 days are two months, 45 would be one: n comes from the dates as they are written.
    return company.bill("n", ("2024-01-01", "2024-02-16", 100), product="46 days")


@pytest.fixture(scope="module")
def by_end(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("end"))
    for place, (start, end, months, _) in enumerate(COVERED):
        company.bill("c", (start, end, 100 * months), product=f"case {place}")
    return annual_plans(company).sheet("2028-03-01")


@pytest.fixture(scope="module")
def by_exclusive_end(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("exclusive"), period_end_is_exclusive=True)
    return annual_plans(company).sheet("2025-03-01")


@pytest.fixture(scope="module")
def by_start(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    return annual_plans(Company(tmp_path_factory.mktemp("start"), attribution="period_start")).sheet("2025-03-01")


@pytest.fixture(scope="module")
def by_snapshot(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("snapshot"), attribution="month_start_snapshot")
    return annual_plans(company).sheet("2025-03-01")


def months_with_mrr(sheet: MetricSheet, product: str) -> dict[str, float]:
    """Month to MRR, where there is any."""
    cells = zip(sheet.months, sheet.row(product, "mrr"), strict=True)
    return {str(month): cell.value for month, cell in cells if cell.value}


@pytest.mark.parametrize(("place", "case"), enumerate(COVERED))
def test_months_covered_are_the_days_over_30_44_rounded(
    by_end: MetricSheet, place: int, case: tuple[str, str, int, str]
) -> None:
    _, _, months, last = case
    found = months_with_mrr(by_end, f"case {place}")
    assert list(found.values()) == [100.0] * months
    assert max(found) == last


def test_a_calendar_year_is_split_over_january_to_december_in_every_attribution(
    by_end: MetricSheet, by_exclusive_end: MetricSheet, by_start: MetricSheet, by_snapshot: MetricSheet
) -> None:
    for sheet in (by_end, by_exclusive_end, by_start, by_snapshot):
        assert months_with_mrr(sheet, "last day") == dict.fromkeys(YEAR_2024, 100.0)


def test_a_year_that_ends_on_the_first_of_january_depends_on_the_attribution(
    by_end: MetricSheet, by_exclusive_end: MetricSheet, by_start: MetricSheet, by_snapshot: MetricSheet
) -> None:
    assert months_with_mrr(by_end, "day after") == dict.fromkeys(FEBRUARY_TO_JANUARY, 100.0)
    for sheet in (by_exclusive_end, by_start, by_snapshot):
        assert months_with_mrr(sheet, "day after") == dict.fromkeys(YEAR_2024, 100.0)


def test_one_month_lines_go_where_the_attribution_says(
    by_end: MetricSheet, by_exclusive_end: MetricSheet, by_start: MetricSheet, by_snapshot: MetricSheet
) -> None:
    product = "one first day"
    assert months_with_mrr(by_end, product) == {"2024-04": 70}
    assert months_with_mrr(by_exclusive_end, product) == {"2024-04": 70}
    assert months_with_mrr(by_start, product) == {"2024-03": 70}
    assert months_with_mrr(by_snapshot, product) == {"2024-04": 70}


def test_an_exclusive_end_moves_the_months_but_not_their_number(
    by_end: MetricSheet, by_exclusive_end: MetricSheet
) -> None:
    assert months_with_mrr(by_end, "46 days") == {"2024-01": 50, "2024-02": 50}
    assert months_with_mrr(by_exclusive_end, "46 days") == {"2024-01": 50, "2024-02": 50}


def test_a_snapshot_gives_a_slice_to_each_first_day_that_is_covered(by_snapshot: MetricSheet) -> None:
    # 32 days are one month, so each of the two first days takes the whole amount.
    assert months_with_mrr(by_snapshot, "two first days") == {"2024-02": 70, "2024-03": 70}
    assert months_with_mrr(by_snapshot, "46 days") == {"2024-01": 50, "2024-02": 50}


def test_a_snapshot_line_without_a_first_day_gives_no_mrr_and_a_warning(
    by_snapshot: MetricSheet, by_end: MetricSheet
) -> None:
    assert months_with_mrr(by_snapshot, "no first day") == {}
    assert months_with_mrr(by_snapshot, "no days") == {}
    assert "invoice_line [warning] 2 " in messages(by_snapshot)
    assert "first day" not in messages(by_end)


def test_a_line_of_no_days_counts_as_one_month(by_end: MetricSheet, by_start: MetricSheet) -> None:
    assert months_with_mrr(by_end, "no days") == {"2024-03": 70}
    assert months_with_mrr(by_start, "no days") == {"2024-03": 70}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    month = ("2025-02-10", "2025-03-10")
    company = Company(tmp_path_factory.mktemp("mixed"))
    company.bill("plain", (*month, 10))
    for kind in ("one_off", "tax"):
        company.bill(kind, (*month, 1000), kind=kind)
    for status in ("draft", "void", "uncollectible"):
        company.bill(status, (*month, 1000), status=status)
    company.bill("loose", (*month, 1000), sub="")
    for status in ("open", "paid"):
        company.bill(status, (*month, 1), status=status)
    # A proration is netted before anything else; a credit over two months takes half from each.
    company.bill("credited", (*month, 120), (*month, -20), product="credits")
    company.bill("yearly", ("2025-01-10", "2025-03-10", -60), ("2025-01-10", "2025-02-10", 100), product="credits")
    company.bill("yearly", (*month, 100), product="credits")
    return company.sheet("2025-04-02")


def test_only_recurring_lines_of_a_subscription_on_a_standing_invoice_count(mixed: MetricSheet) -> None:
    assert value(mixed, "replay", "mrr", "2025-03") == 12.0
    assert value(mixed, "replay", "paying_customers", "2025-03") == 3


def test_negative_lines_are_spread_like_the_others(mixed: MetricSheet) -> None:
    assert values(mixed, "credits", "mrr", "2025-02", "2025-03") == [70.0, 170.0]


def test_lines_that_do_not_count_still_say_how_far_the_data_reach(mixed: MetricSheet) -> None:
    assert statuses(mixed, "replay", "mrr", "2025-02", "2025-03", "2025-04") == ["missing", "ok", "missing"]


def test_columns_that_do_not_exist_leave_every_line_counting(tmp_path_factory: pytest.TempPathFactory) -> None:
    company = Company(tmp_path_factory.mktemp("bare")).run(
        """create table invoice_line as select * from (values
            ('a', 'replay', date '2025-02-10', date '2025-03-10', 40.00),
            ('b', 'replay', date '2025-02-10', date '2025-03-10', 2.50)
        ) l(customer_id, product_id, period_start, period_end, amount)"""
    )
    sheet = company.sheet("2025-04-02")
    assert value(sheet, "replay", "mrr", "2025-03") == 42.5
    assert value(sheet, "*", "paying_customers", "2025-03") == 2
    assert messages(sheet) == ""
