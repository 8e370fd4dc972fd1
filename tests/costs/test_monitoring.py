"""Alerts at their exact thresholds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reviewtui.costs.monitoring import Week, change_state, is_stale, review_due, week_changes
from tests.costs.books import Books, messages

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 4, 13).toordinal()


def state(before: int, now: int, *, is_total: bool = False) -> str:
    change = Fraction(now - before, before) * 100 if before else None
    return change_state(change, Fraction(before), Fraction(now), is_total=is_total)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(100, 115, "ok"), (10000, 11501, "alert"), (100, 85, "ok"), (10000, 8499, "alert"), (100, 50, "suspect_tagging")],
)
def test_a_total_alerts_above_15_percent_and_not_at_it(before: int, now: int, expected: str) -> None:
    assert state(before, now, is_total=True) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (100, 125, "ok"),
        (10000, 12501, "alert_up"),
        (100, 75, "ok"),
        (10000, 7499, "alert_down"),
        (10000, 5001, "alert_down"),
        (100, 50, "suspect_tagging"),
        (100, 0, "suspect_tagging"),
        (0, 260, "new_component"),
        (0, 0, "ok"),
    ],
)
def test_a_component_alerts_beyond_its_thresholds(before: int, now: int, expected: str) -> None:
    assert state(before, now) == expected


def test_a_week_after_a_gap_or_a_short_week_says_nothing() -> None:
    full, short = Week(MONDAY, 7, {"a": Fraction(1)}), Week(MONDAY + 7, 6, {"a": Fraction(1)})
    after = Week(MONDAY + 14, 7, {"a": Fraction(9)})
    assert [(change.subject, change.state) for change in week_changes([full, short, after])] == [
        ("total", "not_evaluated_partial_week")
    ]
    assert list(week_changes([full, after])) == []


def test_small_changes_raise_nothing_where_a_floor_is_set() -> None:
    weeks = [Week(MONDAY, 7, {"a": Fraction(1)}), Week(MONDAY + 7, 7, {"a": Fraction(3)})]
    assert {change.state for change in week_changes(weeks, Fraction(5))} == {"ok"}


def test_data_are_stale_from_the_fourth_day_on() -> None:
    assert [is_stale(days) for days in (3, 4)] == [False, True]


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2026-01-31", "2026-04-30"),
        ("2026-01-20", "2026-04-20"),
        ("2023-11-30", "2024-02-29"),
        ("2025-11-30", "2026-02-28"),
        ("2026-12-01", "2027-03-01"),
    ],
)
def test_a_review_is_due_three_calendar_months_later(last: str, due: str) -> None:
    assert review_due(date.fromisoformat(last)) == date.fromisoformat(due)


def test_weeks_are_made_of_daily_lines_where_no_table_gives_them(tmp_path: Path) -> None:
    books = Books(tmp_path, as_of="2026-04-28").model()
    for day in range(6, 27):
        books.line("30" if day >= 20 else "20", day=f"2026-04-{day:02}")
    found = {
        (row.period, row.measure): row.value
        for row in books.report("2026-04").rows
        if row.section == "alert" and ":" in row.measure
    }
    assert found["2026-04-13", "total:change_pct"] == "0"
    assert found["2026-04-20", "total:change_pct"] == "50"
    assert found["2026-04-20", "api:state"] == "alert_up"


def test_a_flatline_and_a_fall_of_tags_are_said(tmp_path: Path) -> None:
    books = Books(tmp_path).model().line("100", day="2026-03-01").line("80", day="2026-04-01").line("20", "")
    for day in (28, 29, 30):
        books.line("5", day=f"2026-04-{day}")
    text = messages(books.report())
    assert "Every day from 2026-04-28 to 2026-04-30 cost the same" in text
    assert "Tagged cost fell from 100.0 % to 82.6 % in 2026-04" in text
