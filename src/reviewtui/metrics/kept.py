"""What one computation leaves for the next: sums of closed months, and marks that tell whether they still hold.

A month's sums are used again only if the rows they were made of are unchanged: the number of these rows and the sum of
their hashes, over every column that is used, are compared. From the first month that differs on, everything is
computed anew; a value never depends on later months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.metrics.sheet import MetricSheet

NEWEST_MONTHS = 4
"""Months that are shown while those before them are computed: the open one and a quarter."""
LONGEST_GROWTH = 3
"""Months that the values of a month are compared with at most, where they are made of those of other months."""

EVERYTHING = 0
"""As a first month: nothing kept can be used."""

Marks = Mapping[int, tuple[int, int]]
"""Month index to the number of its rows and the sum of their hashes."""

Rows = tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class KeptSection:
    """The sums of one section."""

    meaning: str
    """A digest of everything but the rows that decides the sums: settings, definitions, small tables."""
    as_of: int
    """The day it was computed for, as an ordinal."""
    last: int
    """The last month computed."""
    marks: Mapping[str, Marks]
    """Table to the marks of its months."""
    sums: Mapping[str, Rows]
    """Working table to its rows; the place of the month in them is the table's own affair."""


KeptMonths = Mapping[str, KeptSection]
"""Section to what was kept of it."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """An evaluation that goes on from what an earlier one left."""

    request: EvaluationRequest
    kept: KeptMonths


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The numbers, and what they leave for the next evaluation."""

    sheet: MetricSheet
    keeps: KeptMonths


def first_changed(kept: KeptSection | None, meaning: str, marks: Mapping[str, Marks]) -> int:
    """The first month whose sums cannot be used again: of changed rows, or not computed yet."""
    if kept is None or kept.meaning != meaning or kept.marks.keys() != marks.keys():
        return EVERYTHING
    changed = [
        month
        for table, months in marks.items()
        for month in months.keys() | kept.marks[table].keys()
        if months.get(month) != kept.marks[table].get(month)
    ]
    return min([kept.last + 1, *changed])
