"""Months, quarters and the fiscal calendar.

A month is a small ordered value; its `index` counts months since year 0 and is the form used inside SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS_PER_YEAR = 12
MONTHS_PER_QUARTER = 3
_MONTH_TEXT = re.compile(r"(\d{4})-(\d{2})")
_SHORT_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= MONTHS_PER_YEAR and 1 <= self.year <= 9999):
            raise ValueError(f"not a month: {self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that contains `day`."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM`; ValueError for anything else."""
        match = _MONTH_TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"a month is written YYYY-MM, not {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def from_index(cls, index: int) -> Month:
        """The month whose `index` this is."""
        return cls(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1)

    @property
    def index(self) -> int:
        """Months since January of year 0: neighbouring months differ by one."""
        return self.year * MONTHS_PER_YEAR + self.number - 1

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        from calendar import monthrange

        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def label(self) -> str:
        """As a column header: `Oct 26`."""
        return f"{_SHORT_NAMES[self.number - 1]} {self.year % 100:02d}"

    @property
    def long_label(self) -> str:
        """As a title: `Oct 2026`."""
        return f"{_SHORT_NAMES[self.number - 1]} {self.year}"

    def __add__(self, months: int) -> Month:
        return Month.from_index(self.index + months)

    def __sub__(self, months: int) -> Month:
        return Month.from_index(self.index - months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def is_complete(self, as_of: date) -> bool:
        """Whether the month's last day lies before `as_of`."""
        return self < Month.of(as_of)


def month_span(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from `first` to `last`, both included; empty if `last` is earlier."""
    return tuple(_months_from(first, last))


def _months_from(first: Month, last: Month) -> Iterator[Month]:
    for index in range(first.index, last.index + 1):
        yield Month.from_index(index)


def latest_complete_month(as_of: date) -> Month:
    """The newest month whose last day lies before `as_of`."""
    return Month.of(as_of.replace(day=1) - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """Quarters of a fiscal year that starts in month `first_month` (1-12)."""

    first_month: int = 1

    def closes_quarter(self, month: Month) -> bool:
        """Whether `month` is the last of its fiscal quarter."""
        return (month.number - self.first_month) % MONTHS_PER_QUARTER == MONTHS_PER_QUARTER - 1

    def quarter(self, month: Month) -> int:
        """The fiscal quarter of `month`, 1 to 4."""
        return (month.number - self.first_month) % MONTHS_PER_YEAR // MONTHS_PER_QUARTER + 1

    def quarter_close(self, month: Month) -> Month:
        """The last month of the fiscal quarter that contains `month`."""
        into_quarter = (month.number - self.first_month) % MONTHS_PER_QUARTER
        return month + (MONTHS_PER_QUARTER - 1 - into_quarter)
