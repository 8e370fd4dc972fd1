"""Active users and organisations by month, their comings and goings, and how often they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from reviewtui.workspace.model import ProductConfig
from tests.metrics.worksheets import Company, statuses, value, values

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet
    from tests.metrics.worksheets import Rows

EVENT = "product_id, event, user_id, org_id, occurred_at"
LIFECYCLE = ("users_new", "users_returning", "users_resurrecting", "users_dormant")


def days(product: str, user: str, *dates: str, event: str = "play", org: str | None = None) -> Rows:
    """One event at noon of each day."""
    return [(product, event, user, org, f"{day} 12:00:00+00") for day in dates]


def months_of_2020(product: str, user: str, *months: int) -> Rows:
    return days(product, user, *(f"2020-{month:02d}-15" for month in months))


@pytest.fixture(scope="module")
def sheet_2020(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    """Quarters that close in February, May, August and November; the data end in November."""
    company = Company(tmp_path_factory.mktemp("2020"), fiscal_year_start=3)
    company.add(
        "event",
        EVENT,
        [
            *months_of_2020("retention", "person 1", 1, 2, 3, 5, 6, 9),
            *months_of_2020("retention", "person 2", 1, 2, 3, 6, 7, 11),
            *months_of_2020("lifecycle", "p1", 1, 2, 3, 5, 7, 9),
            *days("lifecycle", "p2", "2019-12-15", "2020-02-10", "2020-02-11"),
            *months_of_2020("lifecycle", "p3", 2),
            *months_of_2020("lifecycle", "p4", 5),
        ],
    )
    return company.sheet("2020-12-05")


@pytest.mark.parametrize(
    ("metric", "pooled"), [("retention_1m", (6, 11)), ("retention_3m", (4, 10)), ("retention_6m", (2, 7))]
)
def test_retention_pooled_over_all_quarters(sheet_2020: MetricSheet, metric: str, pooled: tuple[int, int]) -> None:
    cells = [sheet_2020.cell("retention", metric, Month(2020, month)) for month in (2, 5, 8, 11)]
    returning = sum(cell.numerator or 0 for cell in cells)
    cohorts = sum(cell.denominator or 0 for cell in cells)
    assert (returning, cohorts) == pooled


def test_retention_of_a_quarter_weighs_its_cohorts(sheet_2020: MetricSheet) -> None:
    # k = 1. To February: 2/2; to May: 2/2, 0/2, 0/0; to August: 1/1, 1/2, 0/1; to November: 0/0, 0/1, 0/0.
    quarters = ("2020-02", "2020-05", "2020-08", "2020-11")
    assert values(sheet_2020, "retention", "retention_1m", *quarters) == pytest.approx([1.0, 0.5, 0.5, 0.0])
    # k = 6. To July 1/2, to August 0/2; to September 1/2, to October 0/0, to November 0/1.
    assert values(sheet_2020, "retention", "retention_6m", *quarters) == pytest.approx([None, None, 0.25, 1 / 3])


def test_retention_is_reported_in_quarter_closing_months_only(sheet_2020: MetricSheet) -> None:
    assert statuses(sheet_2020, "retention", "retention_1m", "2020-03", "2020-04") == ["na", "na"]
    assert statuses(sheet_2020, "retention", "retention_3m", "2020-02") == ["na"]


def test_there_is_no_retention_of_all_products(sheet_2020: MetricSheet) -> None:
    assert not [metric for product, metric in sheet_2020.rows if product == "*" and metric.startswith("retention")]


def test_monthly_lifecycle(sheet_2020: MetricSheet) -> None:
    published = {
        "users_new": [1, 0, 0, 1, 0, 0, 0, 0],
        "users_returning": [1, 1, 0, 0, 0, 0, 0, 0],
        "users_resurrecting": [1, 0, 0, 1, 0, 1, 0, 1],
        "users_dormant": [0, -2, -1, 0, -2, 0, -1, 0],
    }
    months = [f"2020-{month:02d}" for month in range(2, 10)]
    for metric, numbers in published.items():
        assert values(sheet_2020, "lifecycle", metric, *months) == numbers, metric


def test_active_users_are_new_returning_or_resurrecting(sheet_2020: MetricSheet) -> None:
    for month in (str(Month(2020, number)) for number in range(1, 10)):
        parts = [value(sheet_2020, "lifecycle", metric, month) or 0 for metric in LIFECYCLE[:3]]
        assert sum(parts) == value(sheet_2020, "lifecycle", "unique_users", month)


def test_a_month_without_events_between_others_is_a_true_zero(sheet_2020: MetricSheet) -> None:
    assert values(sheet_2020, "retention", "unique_users", "2020-04", "2020-08") == [0, 0]
    assert statuses(sheet_2020, "retention", "unique_users_growth", "2020-05", "2020-12") == ["na", "missing"]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    products = (ProductConfig("replay", "replay", key_action=("play", "share")),)
    company = Company(tmp_path_factory.mktemp("usage"), products=products)
    company.add("customer", "customer_id, org_id, is_internal", [("us", "staff", True), ("x", None, True)])
    january, february = "2025-01-15", "2025-02-15"
    company.add(
        "event",
        EVENT,
        [
            *days("replay", "u1", january, january, org="o1"),
            *days("replay", "u1", january, org="o2", event="share"),
            *days("replay", "u2", january),
            *days("replay", "u3", january, org="o1", event="login"),  # not a key action
            *days("replay", "u4", january, org="staff"),
            *[("replay", "play", None, "o3", f"{january} 12:00:00+00")],
            *days("replay", "u1", february, org="o1"),
            *days("flags", "u1", january, org="o1", event="anything"),
            *days("flags", "u5", january, org="o9", event="anything else"),
            *days("flags", "u4", january, org="staff"),
        ],
    )
    # The same product in both shapes: single events win. Another one has months only.
    company.add(
        "event_month",
        "product_id, month, event, user_id, org_id, n",
        [
            *[("replay", "2025-01-01", "play", f"m{number}", "m", 3) for number in range(9)],
            ("surveys", "2025-01-01", "sent", "u1", "o1", 3),
            ("surveys", "2025-01-01", "sent", "u7", None, None),
            ("surveys", "2025-01-01", "sent", "u8", "o8", 0),  # no event at all
            ("surveys", "2025-02-01", "sent", "u7", "staff", 2),
            ("surveys", "2025-02-01", "sent", "u1", "o1", 1),
        ],
    )
    return company.sheet("2025-03-10")


def test_users_count_once_and_by_key_actions_only(sheet: MetricSheet) -> None:
    assert values(sheet, "replay", "unique_users", "2025-01", "2025-02") == [2, 1]
    assert value(sheet, "replay", "unique_users_growth", "2025-02") == pytest.approx(-0.5)


def test_events_without_an_organisation_count_for_users_and_the_reverse(sheet: MetricSheet) -> None:
    assert values(sheet, "replay", "unique_orgs", "2025-01", "2025-02") == [3, 1]
    assert value(sheet, "replay", "unique_orgs_growth", "2025-02") == pytest.approx(-2 / 3)


def test_every_event_is_a_key_action_where_none_is_named(sheet: MetricSheet) -> None:
    assert value(sheet, "flags", "unique_users", "2025-01") == 2


def test_all_products_count_each_user_and_organisation_once(sheet: MetricSheet) -> None:
    # u1, u2, u5 and, by month, u7; o1, o2, o3, o9.
    assert value(sheet, "*", "unique_users", "2025-01") == 4
    assert value(sheet, "*", "unique_orgs", "2025-01") == 4


def test_months_instead_of_events(sheet: MetricSheet) -> None:
    assert values(sheet, "surveys", "unique_users", "2025-01", "2025-02") == [2, 1]
    assert values(sheet, "surveys", "unique_orgs", "2025-01", "2025-02") == [1, 1]
    assert value(sheet, "surveys", "users_dormant", "2025-02") == -1


def test_months_cannot_say_how_often_in_a_month(sheet: MetricSheet) -> None:
    assert ("surveys", "wau_mau") not in sheet.rows
    assert ("replay", "wau_mau") in sheet.rows


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("edges"))
    instants = [
        "2025-01-01 12:00:00",  # day 1 of 31: before the last 30 days
        "2025-01-02 00:00:00",  # January's 30 days
        "2025-01-24 23:59:59",
        "2025-01-25 00:00:00",  # January's 7 days
        "2025-01-29 23:59:59",
        "2025-01-30 00:00:00",  # February's 30 days
        "2025-02-21 23:59:59",
        "2025-02-22 00:00:00",  # February's 7 days
        "2025-04-01 00:00:00",  # April's 30 days are April
        "2025-04-23 23:59:59",
        "2025-04-24 00:00:00",  # April's 7 days
    ]
    rows: Rows = [("replay", "play", f"u{place}", None, f"{at}+00") for place, at in enumerate(instants)]
    return company.add("event", EVENT, rows).sheet("2025-05-10")


def test_users_of_the_last_7_days_over_those_of_the_last_30(edges: MetricSheet) -> None:
    months = {"2025-01": (3, 5), "2025-02": (1, 3), "2025-04": (1, 3)}
    for month, parts in months.items():
        cell = edges.cell("replay", "wau_mau", Month.parse(month))
        assert [cell.numerator, cell.denominator] == list(parts), month
        assert cell.value == pytest.approx(parts[0] / parts[1])
    assert statuses(edges, "replay", "wau_mau", "2025-03") == ["na"]
