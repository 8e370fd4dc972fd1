"""When a review is due and where it stands in its quarter."""

from __future__ import annotations

from datetime import date

import pytest

from reviewtui.months import FiscalCalendar, Month
from reviewtui.reviews.review_calendar import FiscalQuarter, days_in_review, lateness, streak, term_of

CALENDAR_YEAR = FiscalCalendar(1)
FROM_FEBRUARY = FiscalCalendar(2)


@pytest.mark.parametrize(
    ("reviewed", "quarter", "ordinal", "is_final"),
    [
        (Month(2025, 12), "2026-q1", 1, True),
        (Month(2026, 1), "2026-q1", 2, False),
        (Month(2026, 2), "2026-q1", 3, False),
        (Month(2026, 3), "2026-q2", 1, True),
        (Month(2026, 4), "2026-q2", 2, False),
        (Month(2026, 5), "2026-q2", 3, False),
        (Month(2026, 6), "2026-q3", 1, True),
        (Month(2026, 7), "2026-q3", 2, False),
        (Month(2026, 8), "2026-q3", 3, False),
        (Month(2026, 9), "2026-q4", 1, True),
        (Month(2026, 10), "2026-q4", 2, False),
        (Month(2026, 11), "2026-q4", 3, False),
    ],
)
def test_a_review_stands_in_the_quarter_it_is_held_in(
    reviewed: Month, quarter: str, ordinal: int, is_final: bool
) -> None:
    term = term_of(reviewed, CALENDAR_YEAR)
    assert (str(term.quarter), term.ordinal, term.is_quarter_final) == (quarter, ordinal, is_final)


@pytest.mark.parametrize(
    ("reviewed", "quarter", "ordinal"),
    [
        (Month(2026, 1), "2027-q1", 1),
        (Month(2026, 2), "2027-q1", 2),
        (Month(2026, 3), "2027-q1", 3),
        (Month(2026, 4), "2027-q2", 1),
        (Month(2026, 12), "2027-q4", 3),
        (Month(2027, 1), "2028-q1", 1),
    ],
)
def test_a_fiscal_year_from_february_is_named_by_the_year_it_ends_in(
    reviewed: Month, quarter: str, ordinal: int
) -> None:
    term = term_of(reviewed, FROM_FEBRUARY)
    assert (str(term.quarter), term.ordinal) == (quarter, ordinal)


def test_a_quarter_has_a_title_and_a_file_name() -> None:
    quarter = FiscalQuarter.of(Month(2026, 11), CALENDAR_YEAR)
    assert (quarter.label, str(quarter)) == ("Q4 2026", "2026-q4")


@pytest.mark.parametrize(
    ("today", "days", "colour"),
    [
        (date(2026, 10, 31), 0, ""),
        (date(2026, 11, 1), 0, ""),
        (date(2026, 11, 7), 6, ""),
        (date(2026, 11, 8), 7, "amber"),
        (date(2026, 11, 14), 13, "amber"),
        (date(2026, 11, 15), 14, "red"),
    ],
)
def test_an_open_review_is_amber_after_the_seventh_and_red_after_the_fourteenth(
    today: date, days: int, colour: str
) -> None:
    assert (days_in_review(Month(2026, 10), today), lateness(Month(2026, 10), today)) == (days, colour)


def test_the_streak_counts_closed_months_in_a_row_and_the_open_one_does_not_end_it() -> None:
    closed = {Month(2026, 6), Month(2026, 8), Month(2026, 9)}
    assert streak(closed, Month(2026, 10)) == 2
    assert streak(closed | {Month(2026, 10)}, Month(2026, 10)) == 3
    assert streak(closed, Month(2026, 12)) == 0
