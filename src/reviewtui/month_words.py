"""A month as a person types it while looking at another one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewtui.months import MONTHS_PER_YEAR, FiscalCalendar, Month

if TYPE_CHECKING:
    from collections.abc import Sequence

WHAT_DOES = "Type 2026-04, apr, apr 26, 04, q3 26 or -3 (back)."

_STEPS = re.compile(r"([+\-−])\s*(\d{1,3})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})")
_NUMBER = re.compile(r"(\d{1,2})(?:[-/. ](\d{4}|\d{2}))?")
_NAME = re.compile(r"([a-z]{3,9})\.?[-/' ]*(\d{4}|\d{2})?")
_QUARTER = re.compile(r"q([1-4])[-/' ]*(?:fy)?(\d{4}|\d{2})?")
_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class UnknownMonthError(ValueError):
    """The text names no month that is listed; the message says what would do."""


def read_month(text: str, here: Month, months: Sequence[Month], newest: Month, fiscal_year_start: int = 1) -> Month:
    """The month of `months` that `text` means; without a year the last one not after `newest`.

    A number with a sign counts from `here`, and stops at the first and last month. A quarter means its last month.
    Raises UnknownMonthError.
    """
    typed = text.strip().lower()
    if not months:
        raise UnknownMonthError("There are no months yet.")
    steps = _STEPS.fullmatch(typed)
    if steps is not None:
        index = here.index + int(steps[2]) * (1 if steps[1] == "+" else -1)
        return Month.from_index(min(max(index, months[0].index), months[-1].index))
    found = _named(typed, newest, FiscalCalendar(fiscal_year_start))
    if found is None:
        raise UnknownMonthError(WHAT_DOES)
    if not months[0] <= found <= months[-1]:
        raise UnknownMonthError(f"{found.long_label} is not listed: {months[0].long_label} to {months[-1].long_label}.")
    return found


def _named(typed: str, newest: Month, calendar: FiscalCalendar) -> Month | None:
    if match := _YEAR_FIRST.fullmatch(typed):
        return _month(int(match[1]), int(match[2]))
    if match := _NUMBER.fullmatch(typed):
        return _with_year(int(match[1]), match[2], newest)
    if match := _QUARTER.fullmatch(typed):
        return _quarter(int(match[1]), match[2], newest, calendar)
    if match := _NAME.fullmatch(typed):
        number = next((at for at, name in enumerate(_NAMES, 1) if name.startswith(match[1])), 0)
        return _with_year(number, match[2], newest)
    return None


def _month(year: int, number: int) -> Month | None:
    return Month(year, number) if 1 <= number <= MONTHS_PER_YEAR and 1 <= year <= 9998 else None


def _with_year(number: int, year: str | None, newest: Month) -> Month | None:
    if year is not None:
        return _month(_full_year(year), number)
    return _month(newest.year - (1 if number > newest.number else 0), number)


def _quarter(quarter: int, year: str | None, newest: Month, calendar: FiscalCalendar) -> Month | None:
    """The closing month of a fiscal quarter; a fiscal year is named by the calendar year in which it ends."""
    number = (calendar.first_month + quarter * 3 - 2) % MONTHS_PER_YEAR + 1
    if year is None:
        return _with_year(number, None, newest)
    begins_before = calendar.first_month > 1 and number >= calendar.first_month
    return _month(_full_year(year) - (1 if begins_before else 0), number)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
