"""What stops a reply clock, what starts it again, and which priority a ticket is judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from tests.metrics.worksheets import Company, value

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

MARCH = "2025-03"
TICKET = "ticket_id, product_id, created_at, priority, first_reply_at, solved_at, escalated_at"
EVENT = 'ticket_id, "at", kind, value'


def ticket(
    company: Company,
    product: str,
    created: str,
    *happened: tuple[str, str, str | None],
    reply: str | None = None,
    solved: str | None = None,
    priority: str = "normal",
) -> None:
    """A ticket of March 2025 with times as `DD HH:MM:SS` and events as (time, kind, value)."""

    def at(time: str | None) -> str | None:
        return None if time is None else f"2025-03-{time}"

    name = f"{product} {created} {reply} {solved} {happened}"
    company.add("ticket", TICKET, [(name, product, at(created), priority, at(reply), at(solved), None)])
    company.add("ticket_event", EVENT, [(name, at(time), kind, text) for time, kind, text in happened])


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("clock"))
    for product, last in (("met", "00"), ("late", "01")):
        # Monday 09:00 with 24 hours; 24 hours of waiting from 15:00 on: due on Wednesday 09:00.
        pending = [("10 15:00:00", "status", "pending"), ("11 15:00:00", "status", "open")]
        ticket(company, f"{product} pending", "10 09:00:00", *pending, reply=f"12 09:00:{last}")
        # Friday 09:00, on hold from noon to Monday noon: 3 hours are used, 21 are left. Due on Tuesday 09:00.
        held = [("07 12:00:00", "status", "on-hold"), ("10 12:00:00", "status", "open")]
        ticket(company, f"{product} held", "07 09:00:00", *held, reply=f"11 09:00:{last}")
        # Two pauses of one hour each, the second inside the time that the first has added.
        pauses = [("10 10:00:00", "status", "pending"), ("10 11:00:00", "status", "open")]
        pauses += [("11 09:30:00", "status", "hold"), ("11 10:30:00", "status", "open")]
        ticket(company, f"{product} twice", "10 09:00:00", *pauses, reply=f"11 11:00:{last}")
        # Waiting that begins when the reply is overdue helps no more.
        overdue = [("11 09:00:01", "status", "pending"), ("12 09:00:00", "status", "open")]
        ticket(company, f"{product} overdue", "10 09:00:00", *overdue, reply=f"11 09:00:{last}")
        # Solved without a reply stops the clock.
        ticket(company, f"{product} solved", "10 09:00:00", solved=f"11 09:00:{last}")
        # The first reply in time; the customer answers on Thursday 12:00: 48 business hours to Monday 12:00.
        talk = [
            ("12 09:00:00", "public_reply", None),
            ("13 12:00:00", "customer_reply", None),
            ("13 13:00:00", "customer_reply", None),
            (f"17 12:00:{last}", "public_reply", None),
        ]
        ticket(company, f"{product} next", "11 09:00:00", *talk)
        # High: 24 hours for the next reply, and waiting for the customer does not count.
        high = [
            ("11 10:00:00", "public_reply", None),
            ("11 12:00:00", "customer_reply", None),
            ("11 13:00:00", "status", "pending"),
            ("11 15:00:00", "status", "open"),
            (f"12 14:00:{last}", "public_reply", None),
        ]
        ticket(company, f"{product} high", "11 09:00:00", *high, priority="high")
    ticket(company, "waiting", "10 09:00:00", ("10 15:00:00", "status", "pending"))
    ticket(company, "ignored", "10 09:00:00", ("10 09:30:00", "status", "open"))
    # Escalated while high, so two days; what it became later does not matter.
    raised = [
        ("10 09:30:00", "priority", "high"),
        ("10 10:00:00", "escalate", None),
        ("10 11:00:00", "priority", "low"),
        ("12 10:00:00", "public_reply", None),
    ]
    ticket(company, "raised", "10 09:00:00", *raised, priority="low")
    later = [
        ("10 09:30:00", "priority", "high"),
        ("10 10:00:00", "escalate", None),
        ("10 11:00:00", "priority", "normal"),
        ("12 10:00:01", "public_reply", None),
        ("12 11:00:00", "escalate", None),
    ]
    ticket(company, "raised late", "10 09:00:00", *later)
    # A reply before the escalation does not answer it.
    before = [("10 09:30:00", "public_reply", None), ("10 10:00:00", "escalate", None)]
    ticket(company, "answered before", "10 09:00:00", *before, priority="high")
    ticket(company, "last", "31 09:00:00", priority="low")
    return company.sheet("2025-05-02")


def judged(sheet: MetricSheet, product: str, metric: str = "sla") -> list[float | None]:
    """In time, and all that were judged, in March."""
    cell = sheet.cell(product, metric, Month.parse(MARCH))
    return [cell.numerator, cell.denominator]


@pytest.mark.parametrize("case", ["pending", "held", "twice", "overdue", "solved"])
def test_the_clock_stands_still_while_waiting_and_ends_when_solved(sheet: MetricSheet, case: str) -> None:
    assert judged(sheet, f"met {case}") == [1, 1]
    assert judged(sheet, f"late {case}") == [0, 1]


@pytest.mark.parametrize("case", ["next", "high"])
def test_the_next_reply_has_twice_the_time(sheet: MetricSheet, case: str) -> None:
    assert judged(sheet, f"met {case}") == [2, 2]
    assert judged(sheet, f"late {case}") == [1, 2]


def test_a_ticket_that_waits_for_the_customer_is_not_overdue(sheet: MetricSheet) -> None:
    assert judged(sheet, "waiting") == [0, 0]
    assert judged(sheet, "ignored") == [0, 1]


def test_the_priority_at_the_escalation_decides(sheet: MetricSheet) -> None:
    assert judged(sheet, "raised", "escalated_sla") == [1, 1]
    assert judged(sheet, "raised late", "escalated_sla") == [0, 1]


def test_a_second_escalation_of_a_ticket_is_none(sheet: MetricSheet) -> None:
    assert value(sheet, "raised late", "tickets_escalated", MARCH) == 1


def test_only_a_reply_after_the_escalation_answers_it(sheet: MetricSheet) -> None:
    assert judged(sheet, "answered before", "escalated_sla") == [0, 1]
    assert judged(sheet, "answered before") == [0, 0]
