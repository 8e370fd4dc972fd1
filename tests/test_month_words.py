"""Months as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.month_words import UnknownMonthError, read_month
from reviewtui.months import FiscalCalendar, Month, month_span

NEWEST = Month(2026, 10)
MONTHS = month_span(Month(2023, 8), Month(2026, 11))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-04", "2026-04"), ("2026-4", "2026-04"), ("2026/04", "2026-04"), (" apr ", "2026-04"),
        ("APR", "2026-04"), ("april 2025", "2025-04"), ("apr 26", "2026-04"), ("apr26", "2026-04"),
        ("apr '25", "2025-04"), ("sept", "2026-09"), ("nov", "2025-11"), ("nov 26", "2026-11"), ("04", "2026-04"),
        ("4", "2026-04"), ("12", "2025-12"), ("4/25", "2025-04"), ("04-2024", "2024-04"), ("-3", "2026-07"),
        ("−3", "2026-07"), ("+1", "2026-11"), ("+99", "2026-11"), ("-999", "2023-08"), ("q3", "2026-09"),
        ("q4", "2025-12"), ("Q1 25", "2025-03"), ("q2 2024", "2024-06"),
    ],
)  # fmt: skip
def test_a_month_can_be_typed_in_many_ways(text: str, month: str) -> None:
    assert str(read_month(text, NEWEST, MONTHS, NEWEST)) == month


def test_steps_count_from_where_the_cursor_stands() -> None:
    assert read_month("-2", Month(2024, 1), MONTHS, NEWEST) == Month(2023, 11)


@pytest.mark.parametrize("text", ["", "foo", "13", "00", "2026-13", "0", "-", "apr apr", "20264", "q5", "٣x", "1e3"])
def test_what_is_no_month_says_what_would_do(text: str) -> None:
    with pytest.raises(UnknownMonthError, match="2026-04, apr, apr 26, 04"):
        read_month(text, NEWEST, MONTHS, NEWEST)


def test_a_month_that_is_not_listed_says_which_are() -> None:
    with pytest.raises(UnknownMonthError, match="Apr 2019 is not listed: Aug 2023 to Nov 2026"):
        read_month("apr 2019", NEWEST, MONTHS, NEWEST)


def test_quarters_follow_the_fiscal_calendar() -> None:
    assert read_month("q1 27", NEWEST, MONTHS, NEWEST, 2) == Month(2026, 4)
    assert read_month("q4 26", NEWEST, MONTHS, NEWEST, 2) == Month(2026, 1)


@given(st.integers(1, 12), st.integers(1, 4), st.integers(2024, 2025))
def test_a_quarter_is_named_by_the_year_it_ends_in(start: int, quarter: int, year: int) -> None:
    months = month_span(Month(2020, 1), Month(2030, 1))
    closing = read_month(f"q{quarter} {year}", NEWEST, months, NEWEST, start)
    calendar = FiscalCalendar(start)
    assert calendar.closes_quarter(closing)
    assert calendar.quarter(closing) == quarter
    year_end = next(month for month in (closing + step for step in range(12)) if calendar.quarter(month + 1) == 1
                    and calendar.closes_quarter(month))  # fmt: skip
    assert year_end.year == year


@given(st.text(max_size=20))
def test_any_text_gives_a_listed_month_or_is_refused(text: str) -> None:
    try:
        found = read_month(text, NEWEST, MONTHS, NEWEST)
    except UnknownMonthError:
        return
    assert found in MONTHS
