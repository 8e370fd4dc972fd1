"""When the review of a month is due, and where in the fiscal quarter it stands.

A review looks at the month before the one it is held in. So the first review of a quarter reads the last month of the
quarter before, and numbers that are final once a quarter are final exactly then. A late review keeps its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.months import MONTHS_PER_QUARTER, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import date

    from reviewtui.months import FiscalCalendar, Month

AMBER_AFTER_DAY, RED_AFTER_DAY = 7, 14
"""From which day of the month on an open review is late, and very late."""


@dataclass(frozen=True, order=True, slots=True)
class FiscalQuarter:
    """A quarter of a fiscal year; the year is the calendar year in which it ends."""

    year: int
    number: int

    @classmethod
    def of(cls, month: Month, fiscal: FiscalCalendar) -> FiscalQuarter:
        """The quarter that contains `month`."""
        into_year = (month.number - fiscal.first_month) % MONTHS_PER_YEAR
        last = month + (MONTHS_PER_YEAR - 1 - into_year)
        return cls(last.year, fiscal.quarter(month))

    @property
    def label(self) -> str:
        """As a title: `Q4 2026`."""
        return f"Q{self.number} {self.year}"

    def __str__(self) -> str:
        """As the file of its goals is called: `2026-q4`."""
        return f"{self.year:04d}-q{self.number}"


@dataclass(frozen=True, slots=True)
class Term:
    """The place of a review in its quarter."""

    quarter: FiscalQuarter
    """The quarter in which the review is due."""
    ordinal: int
    """1, 2 or 3: about one, five and nine weeks into the quarter."""
    is_quarter_final: bool
    """Whether the reviewed month closes a quarter, so that quarterly numbers are final."""


def due_month(review: Month) -> Month:
    """The month in which the review of `review` is due: the one after it."""
    return review + 1


def term_of(review: Month, fiscal: FiscalCalendar) -> Term:
    """Where the review of the month `review` stands, whenever it is held."""
    held = due_month(review)
    ordinal = (held.number - fiscal.first_month) % MONTHS_PER_QUARTER + 1
    return Term(FiscalQuarter.of(held, fiscal), ordinal, fiscal.closes_quarter(review))


def days_in_review(review: Month, today: date) -> int:
    """How many days ago the month began in which the review is due; 0 before that."""
    return max(0, (today - due_month(review).first_day).days)


def lateness(review: Month, today: date) -> str:
    """`amber` after day 7 of the month in which an open review is due, `red` after day 14, else empty."""
    day = days_in_review(review, today) + 1
    return "red" if day > RED_AFTER_DAY else "amber" if day > AMBER_AFTER_DAY else ""


def streak(closed: Container[Month], review: Month) -> int:
    """How many months in a row were reviewed, up to `review`; one that is not closed yet does not end it."""
    month = review if review in closed else review - 1
    count = 0
    while month in closed:
        count += 1
        month -= 1
    return count
