"""Activation: organisations that met every criterion within the window after their first intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.sheet import Cell, Status
from reviewtui.months import Month
from reviewtui.workspace.model import ActivationVersion, Criterion, ProductConfig
from tests.metrics.worksheets import Company, statuses

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet
    from tests.metrics.worksheets import Rows

INTENT = "product_id, org_id, first_intent_at"
EVENT = "product_id, event, user_id, org_id, occurred_at"

PRODUCTS = (
    ProductConfig("edges", "edges", activation=(ActivationVersion((Criterion("play"),)),)),
    ProductConfig("strict", "strict", activation=(ActivationVersion((Criterion("play", 3), Criterion("share", 1))),)),
    ProductConfig(
        "dated",
        "dated",
        activation=(
            ActivationVersion((Criterion("play"),)),
            ActivationVersion((Criterion("share"),), window_days=7, valid_from=Month(2025, 3)),
        ),
    ),
    ProductConfig("named", "named", key_action=("play", "share")),
)


def intents(product: str, at: str, *orgs: str) -> Rows:
    return [(product, org, f"{at}+00") for org in orgs]


def events(product: str, org: str, event: str, *instants: str) -> Rows:
    return [(product, event, "someone", org, f"{at}+00") for at in instants]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("activation"), products=PRODUCTS)
    company.add("customer", "customer_id, org_id, is_internal", [("us", "staff", True)])
    company.add(
        "product_intent",
        INTENT,
        [
            *intents("edges", "2025-01-10 12:00:00", "at once", "at the end", "too late", "too early", "staff"),
            *intents("edges", "2025-02-03 12:00:00", "again"),
            *intents("edges", "2025-03-10 12:00:00", "again", "third"),
            *intents("edges", "2025-05-27 00:00:00", "ripe", "ripe too"),
            *intents("edges", "2025-05-27 00:00:01", "young"),
            *intents("edges", "2025-06-02 00:00:00", "younger"),
            *intents("strict", "2025-01-10 12:00:00", "both", "play only", "share only", "other product", "neither"),
            *intents("dated", "2025-02-28 23:59:59", "by play", "by share"),
            *intents("dated", "2025-03-01 00:00:00", "play now", "share now", "share late"),
            *intents("found", "2025-01-10 12:00:00", "anything", "nothing"),
            *intents("named", "2025-01-10 12:00:00", "first action", "second action"),
        ],
    )
    company.add(
        "event",
        EVENT,
        [
            *events("edges", "at once", "play", "2025-01-10 12:00:00"),
            *events("edges", "at the end", "play", "2025-01-24 12:00:00"),  # exactly 336 hours
            *events("edges", "too late", "play", "2025-01-24 12:00:01"),
            *events("edges", "too early", "play", "2025-01-10 11:59:59"),
            *events("edges", "staff", "play", "2025-01-11 12:00:00"),
            *events("edges", "again", "play", "2025-03-12 12:00:00"),  # within 14 days of the second intent only
            *events("edges", "third", "play", "2025-03-12 12:00:00"),
            *events("edges", "ripe", "play", "2025-05-28 12:00:00"),
            *events("edges", "young", "play", "2025-05-28 12:00:00"),
            *events("edges", "younger", "play", "2025-06-03 12:00:00"),
            *events("strict", "both", "play", "2025-01-11 12:00:00", "2025-01-12 12:00:00", "2025-01-13 12:00:00"),
            *events("strict", "both", "share", "2025-01-14 12:00:00"),
            *events("strict", "play only", "play", *[f"2025-01-{day} 12:00:00" for day in range(11, 17)]),
            *events("strict", "share only", "play", "2025-01-11 12:00:00", "2025-01-12 12:00:00"),
            *events("strict", "share only", "share", "2025-01-14 12:00:00"),
            *events("edges", "other product", "play", *[f"2025-01-{day} 12:00:00" for day in range(11, 17)]),
            *events("edges", "other product", "share", "2025-01-14 12:00:00"),
            *events("dated", "by play", "play", "2025-03-10 12:00:00"),  # the version of the intent counts
            *events("dated", "by share", "share", "2025-03-02 12:00:00"),
            *events("dated", "play now", "play", "2025-03-02 12:00:00"),
            *events("dated", "share now", "share", "2025-03-08 00:00:00"),  # exactly 7 days
            *events("dated", "share late", "share", "2025-03-08 00:00:01"),
            *events("found", "anything", "whatever", "2025-01-12 12:00:00"),
            *events("named", "first action", "play", "2025-01-12 12:00:00"),
            *events("named", "second action", "share", "2025-01-12 12:00:00"),
        ],
    )
    return company.sheet("2025-06-10")


def rate(sheet: MetricSheet, product: str, month: str) -> Cell:
    return sheet.cell(product, "activation_rate", Month.parse(month))


def activated(sheet: MetricSheet, product: str, month: str) -> list[float | None]:
    """Activated organisations and their cohort."""
    cell = rate(sheet, product, month)
    return [cell.numerator, cell.denominator]


def test_both_ends_of_336_hours_count_and_nothing_outside(sheet: MetricSheet) -> None:
    # At once and at the end; not a second later, not before, and no one of our own.
    assert activated(sheet, "edges", "2025-01") == [2, 4]
    assert rate(sheet, "edges", "2025-01").value == 0.5


def test_only_the_first_intent_of_an_organisation_counts(sheet: MetricSheet) -> None:
    assert activated(sheet, "edges", "2025-02") == [0, 1]
    assert activated(sheet, "edges", "2025-03") == [1, 1]


def test_every_criterion_must_be_met_as_often_as_it_says(sheet: MetricSheet) -> None:
    assert activated(sheet, "strict", "2025-01") == [1, 5]


def test_the_definition_in_force_in_the_month_of_the_intent_counts(sheet: MetricSheet) -> None:
    assert activated(sheet, "dated", "2025-02") == [1, 2]
    assert activated(sheet, "dated", "2025-03") == [1, 3]


def test_a_product_without_a_definition_is_activated_by_any_event(sheet: MetricSheet) -> None:
    assert activated(sheet, "found", "2025-01") == [1, 2]


def test_a_product_with_key_actions_only_is_activated_by_the_first_of_them(sheet: MetricSheet) -> None:
    assert activated(sheet, "named", "2025-01") == [1, 2]


def test_who_is_still_inside_the_window_is_left_out_and_the_cohort_immature(sheet: MetricSheet) -> None:
    # 14 days before midnight of 10 June is midnight of 27 May: a second later is too young, activated or not.
    cell = rate(sheet, "edges", "2025-05")
    assert (cell.value, cell.status) == (0.5, Status.IMMATURE)
    assert activated(sheet, "edges", "2025-05") == [1, 2]


def test_a_cohort_is_mature_once_all_windows_have_ended(sheet: MetricSheet) -> None:
    assert statuses(sheet, "edges", "activation_rate", "2025-03") == ["ok"]


def test_the_open_month_has_no_rate(sheet: MetricSheet) -> None:
    assert rate(sheet, "edges", "2025-06").value is None
    assert statuses(sheet, "edges", "activation_rate", "2025-06") == ["partial"]


def test_a_month_without_intents_between_others_is_not_available(sheet: MetricSheet) -> None:
    assert statuses(sheet, "edges", "activation_rate", "2025-04") == ["na"]
    assert statuses(sheet, "dated", "activation_rate", "2025-01", "2025-04") == ["missing", "missing"]


def test_there_is_no_activation_of_all_products(sheet: MetricSheet) -> None:
    assert ("*", "activation_rate") not in sheet.rows


def test_months_and_maturity_follow_the_time_zone(tmp_path: Path) -> None:
    company = Company(tmp_path, products=PRODUCTS, time_zone="US/Pacific")
    rows = [
        *intents("edges", "2025-02-01 07:59:59", "still January"),
        *intents("edges", "2025-05-27 07:00:00", "ripe"),  # midnight in Los Angeles, summer time
        *intents("edges", "2025-05-27 07:00:01", "young"),
    ]
    company.add("product_intent", INTENT, rows)
    company.add("event", EVENT, events("edges", "still January", "play", "2025-02-02 12:00:00"))
    sheet = company.sheet("2025-06-10")
    assert activated(sheet, "edges", "2025-01") == [1, 1]
    assert activated(sheet, "edges", "2025-05") == [0, 1]
    assert statuses(sheet, "edges", "activation_rate", "2025-05") == ["immature"]
