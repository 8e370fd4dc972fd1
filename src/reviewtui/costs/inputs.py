"""What the sources say about costs, reduced to sums: the only thing that allocation and every figure is made of.

Amounts are exact decimals in the workspace's base currency. Months are `Month.index`, days and weeks are ordinals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from reviewtui.errors import Problem

NO_REGION = "no region"
"""Stands for lines without a region."""

UNTAGGED = ""
"""The product of queries that nobody has tagged."""


class LineGroup(NamedTuple):
    """Cost lines that no rule can tell apart, added up."""

    month: int
    day: int
    """The Monday of a recent week, a day, or 0: whatever the groups were split by besides the month."""
    region: str
    service: str
    tags: tuple[str, ...]
    is_tagged: bool
    """Whether a person tagged it; tags that come from other columns do not count."""
    component: str
    category: str
    cost: Decimal
    gross: Decimal
    """The positive costs alone."""
    lines: int


class QueryUse(NamedTuple):
    """What one product's queries used in a month and region."""

    month: int
    region: str
    product: str
    cpu_seconds: Decimal
    read_bytes: Decimal


class Usage(NamedTuple):
    """How much of a product was used in a month and region, and what was earned with it."""

    product: str
    month: int
    region: str
    """Empty where the source does not say."""
    unit: str
    volume: Decimal
    revenue: Decimal | None
    rows: int


class WeekCost(NamedTuple):
    """One component's cost in a week, as a source gives it."""

    product: str
    monday: int
    component: str
    amount: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class LineQuality:
    """What a reader of the figures should know of one relation with cost lines."""

    place: str
    is_focus: bool
    lines: int
    first_day: int
    last_day: int
    facts: Mapping[str, Decimal] = field(default_factory=dict)
    """Of FOCUS exports: the lines `whole_effective`, `billed_only`, `corrections`, `already_split`; the sums `billed`
    and `effective`."""


@dataclass(frozen=True, slots=True)
class CostInputs:
    """Everything the sources say about costs."""

    groups: Mapping[str, tuple[LineGroup, ...]] = field(default_factory=dict)
    """Series to the groups by month; lines of recent weeks also by week."""
    daily: Mapping[str, tuple[LineGroup, ...]] = field(default_factory=dict)
    """Series to the groups of the last days, by day."""
    days: tuple[int, ...] = ()
    """Every day that has a line, in order."""
    queries: tuple[QueryUse, ...] = ()
    usage: tuple[Usage, ...] = ()
    weeks: tuple[WeekCost, ...] = ()
    overlapping: Mapping[tuple[str, int, str], tuple[str, ...]] = field(default_factory=dict)
    """(product, month, region) to the ids of lines that more than one rule matches, in order."""
    quality: tuple[LineQuality, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What is wrong with the sources."""
    withheld: bool = False
    """Whether no figure can be given: lines were loaded twice, or are in several currencies."""

    def of_series(self, series: str) -> tuple[LineGroup, ...]:
        """The groups of one series, see `CostModel.series`."""
        return self.groups.get(series, ())
