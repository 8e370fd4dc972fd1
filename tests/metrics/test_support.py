"""Tickets, and how many were answered in time: clocks that skip weekends, wait for customers and end months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from reviewtui.workspace.model import ProductConfig, SupportConfig
from tests.metrics.worksheets import Company, statuses, value, values

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet
    from tests.metrics.worksheets import Rows

TICKET = "ticket_id, product_id, created_at, priority, first_reply_at, solved_at, status, org_id"
ESCALATED = "ticket_id, product_id, created_at, priority, escalated_at, escalation_priority, escalation_reply_at"

# escalated at, priority, due at: high has 2 business days, normal 4
ESCALATIONS = [
    ("2025-03-07 15:00:00", "high", "2025-03-11 15:00:00"),  # Friday -> Tuesday
    ("2025-03-12 09:00:00", "normal", "2025-03-18 09:00:00"),  # Wednesday -> Tuesday
    ("2025-03-08 11:00:00", "high", "2025-03-12 00:00:00"),  # Saturday counts from Monday 00:00
    ("2025-03-06 10:00:00", "high", "2025-03-10 10:00:00"),  # Thursday -> Monday
    ("2025-04-17 10:00:00", "high", "2025-04-23 10:00:00"),  # Thursday before two holidays
]
# created at, priority, due at: high has 12 hours, normal 24
FIRST_REPLIES = [
    ("2025-03-07 18:00:00", "high", "2025-03-10 06:00:00"),  # Friday evening -> Monday morning
    ("2025-03-08 09:00:00", "high", "2025-03-10 12:00:00"),  # Saturday counts from Monday 00:00
    ("2025-03-04 09:00:00", "normal", "2025-03-05 09:00:00"),
    ("2025-04-17 13:00:00", "normal", "2025-04-22 13:00:00"),  # over Good Friday and Easter Monday
]


def second_after(moment: str) -> str:
    return f"{moment[:-2]}01"


def wait_vectors(company: Company) -> None:
    """For each vector a product that replies at the due instant and one that replies a second later."""
    for place, (at, priority, due) in enumerate(ESCALATIONS):
        rows: Rows = [
            (f"e{place} {name}", f"{name} escalation {place}", at, "low", at, priority, reply)
            for name, reply in (("met", due), ("late", second_after(due)))
        ]
        company.add("ticket", ESCALATED, rows)
    for place, (at, priority, due) in enumerate(FIRST_REPLIES):
        rows = [
            (f"f{place} {name}", f"{name} first {place}", at, priority, reply, None, "open", None)
            for name, reply in (("met", due), ("late", second_after(due)))
        ]
        company.add("ticket", TICKET, rows)
    company.add("holiday", "day, calendar", [("2025-04-18", None), ("2025-04-21", "DE")])


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("support"))
    wait_vectors(company)
    company.add("customer", "customer_id, org_id, is_internal", [("us", "staff", True)])
    friday = "2025-02-28 18:00:00"  # 24 hours end on Monday, 3 March
    company.add(
        "ticket",
        ESCALATED,
        [
            # Two met and one breached in February; low has no target, and the last is not due before 3 March.
            ("s1", "set", "2025-02-01 09:00:00", "high", "2025-02-10 09:00:00", "high", "2025-02-12 09:00:00"),
            ("s2", "set", "2025-02-01 09:00:00", "high", "2025-02-11 09:00:00", "normal", "2025-02-14 09:00:00"),
            ("s3", "set", "2025-02-01 09:00:00", "low", "2025-02-12 09:00:00", "high", None),
            ("s4", "set", "2025-02-01 09:00:00", "high", "2025-02-12 09:00:00", "low", None),
            ("s5", "set", "2025-02-01 09:00:00", "high", "2025-02-27 09:00:00", "high", None),
            ("s6", "set", "2024-12-30 09:00:00", "high", None, None, None),
        ],
    )
    company.add(
        "ticket",
        TICKET,
        [
            ("k1", "counts", friday, "normal", "2025-03-03 10:00:00", None, "solved", None),
            ("k2", "counts", friday, "low", None, None, None, None),
            ("k3", "counts", friday, None, None, None, "open", "customer"),
            ("k4", "counts", friday, "high", None, None, "merged", None),
            ("k5", "counts", friday, "high", None, None, "spam", None),
            ("k6", "counts", friday, "high", None, None, "deleted", None),
            ("k7", "counts", friday, "high", None, None, "open", "staff"),
            ("k8", "counts", "2025-04-01 09:00:00", "normal", None, None, "open", None),
        ],
    )
    return company.sheet("2025-05-02")


@pytest.mark.parametrize(("place", "vector"), enumerate(ESCALATIONS))
def test_a_reply_at_the_due_instant_is_in_time_and_a_second_later_is_not(
    sheet: MetricSheet, place: int, vector: tuple[str, str, str]
) -> None:
    month = vector[2][:7]
    assert value(sheet, f"met escalation {place}", "escalated_sla", month) == 1
    assert value(sheet, f"late escalation {place}", "escalated_sla", month) == 0


@pytest.mark.parametrize(("place", "vector"), enumerate(FIRST_REPLIES))
def test_the_first_reply_has_business_hours(sheet: MetricSheet, place: int, vector: tuple[str, str, str]) -> None:
    month = vector[2][:7]
    assert value(sheet, f"met first {place}", "sla", month) == 1
    assert value(sheet, f"late first {place}", "sla", month) == 0


def test_escalated_tickets_are_judged_once(sheet: MetricSheet) -> None:
    assert statuses(sheet, "met escalation 0", "sla", "2025-03") == ["na"]
    assert value(sheet, "met escalation 0", "tickets_created", "2025-03") == 1
    assert value(sheet, "met escalation 0", "tickets_escalated", "2025-03") == 1


def test_low_priority_and_what_is_not_due_stay_out_of_the_escalated_sla(sheet: MetricSheet) -> None:
    assert values(sheet, "set", "tickets_escalated", "2025-01", "2025-02") == [0, 5]
    # One has no target, and one is due in March.
    cell = sheet.cell("set", "escalated_sla", Month(2025, 2))
    assert [cell.numerator, cell.denominator] == [2, 3]
    assert cell.value == pytest.approx(2 / 3)


def test_tickets_count_in_the_month_they_are_created_in(sheet: MetricSheet) -> None:
    assert values(sheet, "counts", "tickets_created", "2025-02", "2025-03", "2025-04") == [3, 0, 1]


def test_the_sla_is_of_the_month_the_reply_is_due_in(sheet: MetricSheet) -> None:
    # Created in February, due on 3 March; the one of April is overdue and unanswered.
    assert values(sheet, "counts", "sla", "2025-02", "2025-03", "2025-04") == [None, 1, 0]
    assert statuses(sheet, "counts", "sla", "2025-02") == ["na"]


def test_all_products_pool_their_tickets(sheet: MetricSheet) -> None:
    pooled = [value(sheet, "*", metric, "2025-02") for metric in ("tickets_created", "tickets_escalated")]
    assert pooled == [8, 5]
    # March has four escalations met and four late, the open one of February too late, and the replies.
    cell = sheet.cell("*", "sla", Month(2025, 3))
    assert [cell.numerator, cell.denominator] == [4, 7]


def test_the_calendar_mode_runs_over_weekends_and_holidays(tmp_path: Path) -> None:
    company = Company(tmp_path, support=SupportConfig(hours_mode="calendar"))
    company.add("holiday", "day", [("2025-03-04",)])
    rows: Rows = [
        ("1", "met", "2025-03-07 18:00:00", "high", "2025-03-08 06:00:00", None, "open", None),
        ("2", "late", "2025-03-07 18:00:00", "high", "2025-03-08 06:00:01", None, "open", None),
    ]
    company.add("ticket", TICKET, rows)
    # Escalations have business days in either mode.
    at = "2025-03-07 15:00:00"
    company.add("ticket", ESCALATED, [("3", "escalated", at, "high", at, "high", "2025-03-11 15:00:00")])
    sheet = company.sheet("2025-05-02")
    assert value(sheet, "met", "sla", "2025-03") == 1
    assert value(sheet, "late", "sla", "2025-03") == 0
    assert value(sheet, "escalated", "escalated_sla", "2025-03") == 1


def test_a_holiday_is_for_all_unless_its_calendar_is_a_product(tmp_path: Path) -> None:
    company = Company(tmp_path, products=(ProductConfig("flags", "flags"),))
    # Tuesday is free for replay, Wednesday for everybody, Thursday for flags, which has no tickets of its own.
    company.add("holiday", "day, calendar", [("2025-03-04", "replay"), ("2025-03-05", "DE"), ("2025-03-06", "flags")])
    rows: Rows = [
        ("1", "replay", "2025-03-03 12:00:00", "normal", "2025-03-06 12:00:00", None, "open", None),
        ("2", "replay", "2025-03-03 12:00:00", "normal", "2025-03-06 12:00:01", None, "open", None),
        ("3", "other", "2025-03-04 12:00:00", "normal", "2025-03-06 12:00:00", None, "open", None),
        ("4", "other", "2025-03-04 12:00:00", "normal", "2025-03-06 12:00:01", None, "open", None),
    ]
    sheet = company.add("ticket", TICKET, rows).sheet("2025-05-02")
    assert value(sheet, "replay", "sla", "2025-03") == 0.5
    assert value(sheet, "other", "sla", "2025-03") == 0.5


def test_own_targets_replace_the_usual_ones(tmp_path: Path) -> None:
    targets = SupportConfig(first_reply_hours={"Urgent": 1.0}, escalated_business_days={})
    company = Company(tmp_path, support=targets)
    rows: Rows = [
        ("1", "replay", "2025-03-03 12:00:00", "urgent", "2025-03-03 13:00:00", None, "open", None),
        ("2", "replay", "2025-03-03 12:00:00", "URGENT", "2025-03-03 13:00:01", None, "open", None),
        ("3", "replay", "2025-03-03 12:00:00", "high", "2025-03-09 13:00:01", None, "open", None),
    ]
    sheet = company.add("ticket", TICKET, rows).sheet("2025-05-02")
    cell = sheet.cell("replay", "sla", Month(2025, 3))
    assert [cell.numerator, cell.denominator] == [1, 2]


def test_due_times_are_wall_clock_times_over_the_change_to_summer_time(tmp_path: Path) -> None:
    company = Company(tmp_path, time_zone="Europe/Berlin")
    # Friday 15:00 in Berlin is 14:00 UTC; Tuesday 15:00, after the change of 30 March, is 13:00 UTC.
    at = "2025-03-28 14:00:00+00"
    rows: Rows = [
        ("1", "replay", at, "high", at, "high", "2025-04-01 13:00:00+00"),
        ("2", "replay", at, "high", at, "high", "2025-04-01 13:00:01+00"),
    ]
    company.add("ticket", ESCALATED, rows)
    company.add("ticket", TICKET, [("3", "replay", "2025-04-30 08:00:00+00", "low", None, None, None, None)])
    assert value(company.sheet("2025-05-02"), "replay", "escalated_sla", "2025-04") == 0.5


def test_tickets_per_active_user(tmp_path: Path) -> None:
    company = Company(tmp_path)
    rows: Rows = [
        (str(place), "replay", f"2025-0{month}-10 09:00:00", "low", None, None, None, None)
        for place, month in enumerate((1, 1, 1, 2, 3, 4, 5))
    ]
    company.add("ticket", TICKET, rows)
    users = [("replay", "play", f"u{user}", "2025-01-10 09:00:00") for user in range(4)]
    users += [("replay", "play", "u1", "2025-03-10 09:00:00"), ("replay", "play", "u1", "2025-05-01 09:00:00")]
    company.add("event", "product_id, event, user_id, occurred_at", [tuple(user) for user in users])
    company.add("ticket", TICKET, [("quiet", "no usage", "2025-03-10 09:00:00", "low", None, None, None, None)])
    sheet = company.sheet("2025-05-20")
    assert values(sheet, "replay", "tickets_per_user", "2025-01", "2025-02", "2025-03") == [0.75, None, 1]
    assert statuses(sheet, "replay", "tickets_per_user", "2025-02", "2025-05") == ["na", "partial"]
    assert statuses(sheet, "no usage", "tickets_per_user", "2025-03") == ["missing"]
    assert value(sheet, "*", "tickets_per_user", "2025-03") == 2
