"""Months count, compare and write themselves; quarters follow the fiscal year."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.months import FiscalCalendar, Month, latest_complete_month, month_span

MONTHS = st.builds(Month, st.integers(1, 9999), st.integers(1, 12))


@given(MONTHS)
def test_a_month_reads_back_from_its_text_and_its_index(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.from_index(month.index) == month


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-01", "2026/01", "2026-01-01", "", "0000-01"])
def test_anything_else_is_not_a_month(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_adding_months_crosses_years() -> None:
    assert Month(2025, 11) + 3 == Month(2026, 2)
    assert Month(2026, 1) - 13 == Month(2024, 12)


def test_a_span_holds_both_ends_and_is_empty_backwards() -> None:
    assert month_span(Month(2025, 12), Month(2026, 2)) == (Month(2025, 12), Month(2026, 1), Month(2026, 2))
    assert month_span(Month(2026, 2), Month(2026, 1)) == ()


def test_a_months_last_day_does_not_complete_it() -> None:
    assert not Month(2026, 10).is_complete(date(2026, 10, 31))
    assert Month(2026, 10).is_complete(date(2026, 11, 1))
    assert latest_complete_month(date(2026, 10, 31)) == Month(2026, 9)
    assert latest_complete_month(date(2026, 11, 1)) == Month(2026, 10)


def test_the_last_day_knows_leap_years() -> None:
    assert Month(2028, 2).last_day == date(2028, 2, 29)
    assert Month(2026, 2).last_day == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("first_month", "closing"),
    [(1, {3, 6, 9, 12}), (2, {1, 4, 7, 10}), (3, {2, 5, 8, 11}), (4, {3, 6, 9, 12}), (12, {2, 5, 8, 11})],
)
def test_quarters_close_by_the_fiscal_year(first_month: int, closing: set[int]) -> None:
    fiscal = FiscalCalendar(first_month)
    assert {
        month.number for month in month_span(Month(2026, 1), Month(2026, 12)) if fiscal.closes_quarter(month)
    } == closing
    assert fiscal.quarter(Month(2026, first_month)) == 1


@given(MONTHS.filter(lambda month: month.year < 9999), st.integers(1, 12))
def test_a_quarter_closes_within_two_months(month: Month, first_month: int) -> None:
    fiscal = FiscalCalendar(first_month)
    close = fiscal.quarter_close(month)
    assert 0 <= close.index - month.index <= 2
    assert fiscal.closes_quarter(close)
    assert fiscal.quarter(close) == fiscal.quarter(month)
