"""What a metric's chart shows, taken from the sheet: values by month, the year before, target and events."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import Status
from reviewtui.months import MONTHS_PER_YEAR
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import safe_text
from reviewtui.widgets.change import months_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.months import Month
    from reviewtui.workspace.known import KnownEvent

CHART_MONTHS = 36
FEWEST_MONTHS = 13
"""A year and the same month before it; empty months before the first value are left out down to so many."""
_KIND_WORDS = {"price": "new price", "launch": "launch", "definition": "new definition", "stage": "new stage"}


class TrendEvent(NamedTuple):
    """Something known that happened."""

    place: int
    label: str
    """Safe to paint."""


class Trend(NamedTuple):
    """A run of months of one metric of one product; places count from the oldest month shown."""

    months: tuple[Month, ...]
    values: tuple[float | None, ...]
    unit: str
    cursor: int
    """The place of the month in question; -1 where it is not shown."""
    partial: frozenset[int] = frozenset()
    """Places with a month so far: no line leads there, and the scale does not follow it."""
    forecast: frozenset[int] = frozenset()
    year_before: tuple[float | None, ...] = ()
    """The values of twelve months earlier; empty: none of them."""
    low: float | None = None
    """What it should be at least."""
    high: float | None = None
    """What it should be at most."""
    events: tuple[TrendEvent, ...] = ()
    breaks: frozenset[int] = frozenset()
    """Places where the metric began to mean something else: no line leads there."""
    step: int = 1
    """Months between neighbouring values."""
    beside: tuple[float | None, ...] = ()
    """The values of another metric by the same months; empty: none."""
    band: tuple[tuple[float, float] | None, ...] = ()
    """The expected range of each month, lowest and highest; None where it is not judged; empty: none."""
    names: tuple[str, str] = ("", "")
    """What the two lines are called at their right ends; empty: nothing."""


def trend_of(sheet: MetricSheet, product: str, metric: Metric, month: Month, *, most: int = CHART_MONTHS) -> Trend:
    """At most `most` months up to the newest, or up to whole years before it, so that `month` is among them."""
    at = bisect_left(sheet.months, month)
    end = len(sheet.months)
    if at < end - most:
        end -= (end - most - at + MONTHS_PER_YEAR - 1) // MONTHS_PER_YEAR * MONTHS_PER_YEAR
        end = max(end, at + 1)
    cells = sheet.row(product, metric.id)
    first = max(0, end - most)
    known = next((place for place in range(first, end) if cells[place].value is not None), first)
    first = max(first, min(known, at, end - FEWEST_MONTHS))
    step = months_apart(metric)
    target = sheet.targets.get((product, metric.id))
    months = sheet.months[first:end]
    return Trend(
        months=months,
        values=tuple(cell.value for cell in cells[first:end]),
        unit=metric.unit,
        cursor=at - first if first <= at < end else -1,
        partial=_places(cells[first:end], Status.PARTIAL),
        forecast=_places(cells[first:end], Status.FORECAST),
        year_before=tuple(
            cells[place - MONTHS_PER_YEAR].value if place >= MONTHS_PER_YEAR else None for place in range(first, end)
        ),
        low=target.low if target else None,
        high=target.high if target else None,
        events=tuple(
            TrendEvent(event.month.index - months[0].index, event_words(event))
            for event in events_of(sheet, product, metric.id)
            if months and months[0] <= event.month <= months[-1]
        ),
        breaks=frozenset(
            place
            for place in range(step, len(months))
            if sheet.redefinitions and not sheet.is_comparable(product, metric.id, months[place - step], months[place])
        ),
        step=step,
    )


def _places(cells: Sequence[Cell], status: Status) -> frozenset[int]:
    return frozenset(place for place, cell in enumerate(cells) if cell.status is status)


def events_of(sheet: MetricSheet, product: str, metric: str) -> list[KnownEvent]:
    """What is known to have happened to a metric of a product, oldest first."""
    known = [
        event
        for event in sheet.events
        if event.product_id == product and (not event.metrics or metric in event.metrics)
    ]
    return sorted(known, key=lambda event: (event.month, event.id))


def event_words(event: KnownEvent) -> str:
    """The note of an event, or its kind where it has none."""
    note = safe_text(event.note).strip()
    return note or _KIND_WORDS.get(event.kind, "event")
