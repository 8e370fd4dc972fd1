"""From the cells of a sheet to series that can be judged, and which cells can be."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan, sqrt
from typing import TYPE_CHECKING

from reviewtui.anomalies.scales import LARGEST
from reviewtui.metrics.sheet import Status, Unit
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet

ORDINARY = (Status.OK, Status.RESTATED)
"""What is judged and learnt from; every other status says that the value is not final, or says little."""

REDEFINITION = "definition"
"""The kind of event after which a metric means something else: nothing from before it is used."""

RECENT = 12
"""Months before a month that its least spread is taken from."""
FEWEST_COUNTED, MOST_COUNTED = 0.5, 2.25
"""Bounds of the variance that a count has at least: of rare things one more or less is no exception."""
SCORE_VARIANCE = 0.4
"""Variance of one answer's part in an NPS of -1 to 1; many answers share it."""
UNBROKEN = 3
"""Months in a row with a value after which one without is out of the ordinary."""


@dataclass(frozen=True)
class Segment:
    """A run of one metric's months over which it means the same, from its first value on."""

    product: str
    metric: str
    start: int
    """Place of the first month in the sheet."""
    values: tuple[float, ...]
    """NaN where there is no value that can be judged."""
    floors: tuple[float, ...]
    """The least standard deviation that each value can have."""
    anew: tuple[bool, ...]
    """Where something known happened."""
    is_change: bool
    """Whether the metric is a change, so that its sign says nothing about its being right."""
    lacks: tuple[bool, ...]
    """Where a value is missing though the months before had one."""
    is_share: bool = False
    """Whether nothing above 1 can be expected of it."""


def segments(sheet: MetricSheet) -> Iterator[Segment]:
    """Everything of `sheet` that can be judged.

    Metrics with a value a quarter are not: four values a year do not tell what is ordinary.
    """
    current = Month.of(sheet.as_of)
    complete = sum(month < current for month in sheet.months)
    places = {month: number for number, month in enumerate(sheet.months)}
    for product in sheet.products:
        for metric in sheet.metrics_of(product.id, hidden=True):
            if metric.cadence != "quarterly":
                yield from _of_row(
                    metric,
                    product.id,
                    sheet.row(product.id, metric.id)[:complete],
                    _known(sheet, product.id, metric.id, places),
                )


def _of_row(metric: Metric, product: str, cells: Sequence[Cell], known: tuple[set[int], set[int]]) -> Iterator[Segment]:
    happened, redefined = known
    edges = [0, *sorted(place for place in redefined if 0 < place < len(cells)), len(cells)]
    for start, end in pairwise(edges):
        values = [_value(cell) for cell in cells[start:end]]
        first = next((place for place, value in enumerate(values) if value == value), None)
        if first is None:
            continue
        rest = cells[start + first : end]
        yield Segment(
            product,
            metric.id,
            start + first,
            tuple(values[first:]),
            tuple(_floors(metric, rest)),
            tuple(place in happened for place in range(start + first, end)),
            bool(metric.growth_of) or metric.unit == Unit.PERCENT_POINTS,
            tuple(_lacks(rest)),
            metric.is_share,
        )


def _value(cell: Cell) -> float:
    if cell.value is None or cell.status not in ORDINARY or not isfinite(cell.value) or abs(cell.value) > LARGEST:
        return nan
    return float(cell.value)


def _known(sheet: MetricSheet, product: str, metric: str, place: Mapping[Month, int]) -> tuple[set[int], set[int]]:
    """Places in the sheet at which something happened, and at which the metric began to mean something else."""
    events = [
        event
        for event in sheet.events
        if event.product_id == product and event.month in place and (not event.metrics or metric in event.metrics)
    ]
    redefined = {place[event.month] for event in events if event.kind == REDEFINITION}
    redefined |= {
        place[item.month]
        for item in sheet.redefinitions
        if item.product == product and item.month in place and (not item.metrics or metric in item.metrics)
    }
    return {place[event.month] for event in events} - redefined, redefined


def _floors(metric: Metric, cells: Sequence[Cell]) -> Iterator[float]:
    """The least standard deviation of each cell, from its unit and sample."""
    kind = "nps" if metric.id == "nps" else "count" if metric.unit == Unit.COUNT else ""
    samples = [nan if cell.n is None else cell.n for cell in cells]
    if not kind and metric.unit == Unit.PERCENT:
        kind = "share"
        samples = [nan if cell.denominator is None else cell.n or nan for cell in cells]
    return sampling_floor(kind, [_value(cell) for cell in cells], samples)


def sampling_floor(kind: str, values: Sequence[float], samples: Sequence[float]) -> Iterator[float]:
    """What chance alone does to each value of a `count` of rare things, a `share` or an `nps` of a sample.

    From the values before it, and the size of its own sample where that is known (NaN: not); 0 where nothing follows.
    """
    recent: deque[float] = deque(maxlen=RECENT)
    for value, sample in zip(values, samples, strict=True):
        usual = sum(recent) / len(recent) if recent else nan
        floor = 0.0
        if recent and kind == "count":
            floor = sqrt(min(max(usual, FEWEST_COUNTED), MOST_COUNTED))
        elif recent and kind == "nps" and sample >= 1:
            floor = 100 * sqrt(SCORE_VARIANCE / sample)
        elif recent and kind == "share" and sample >= 1:
            share = min(max(usual, 0.5 / sample), 1 - 0.5 / sample)
            floor = sqrt(share * (1 - share) / sample)
        yield floor
        if value == value:
            recent.append(value)


def _lacks(cells: Sequence[Cell]) -> Iterator[bool]:
    unbroken = 0
    for cell in cells:
        yield cell.status is Status.MISSING and unbroken >= UNBROKEN
        unbroken = unbroken + 1 if cell.value is not None else 0
