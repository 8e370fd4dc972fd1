"""What else a grid can show of a metric: its change, its mean, its distance from the target.

Nothing is computed from a month that is not over, across a changed definition, or without a base; the cell then has
no value and says why. Doubt about one of the values (few cases, not final, restated) is doubt about the result.
"""

from __future__ import annotations

from enum import StrEnum
from math import fsum, isfinite
from typing import TYPE_CHECKING

from reviewtui.metrics.formats import change_amount, change_unit
from reviewtui.metrics.quarters import adds_up, period_cell
from reviewtui.metrics.series import Period
from reviewtui.metrics.sheet import Cell, Direction, Status, Unit
from reviewtui.months import MONTHS_PER_QUARTER, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from reviewtui.metrics.series import Series
    from reviewtui.metrics.sheet import Metric, Target
    from reviewtui.months import Month

MEAN_MONTHS = 3


class Values(StrEnum):
    """What the cells of a grid show."""

    PLAIN = "value"
    MOM = "mom"
    """Against the month before; against the quarter before where there is one value a quarter."""
    YOY = "yoy"
    MEAN = "mean"
    """The mean of the `MEAN_MONTHS` months that end with this one."""
    TARGET = "target"
    """How far above or below the target; zero within a band."""


NOT_OVER = "the month is not over"
ZERO_BASE = "there is no per cent of zero"
ACROSS_ZERO = "there is no per cent from one side of zero to the other"


def derived_unit(unit: str, values: Values) -> str:
    """The unit of what `derived_cell` gives for a metric of `unit`."""
    return unit if values in (Values.PLAIN, Values.MEAN) else change_unit(unit)


def derived_cell(series: Series, period: Period, values: Values) -> Cell:
    """What a cell shows: `value` is counted in `derived_unit`, `note` says what from, or why there is none."""
    match values:
        case Values.PLAIN:
            return period_cell(series, period)
        case Values.MOM:
            quarterly = period.is_quarter or series.metric.cadence == "quarterly"
            return _change(series, period, MONTHS_PER_QUARTER if quarterly else 1)
        case Values.YOY:
            return _change(series, period, MONTHS_PER_YEAR)
        case Values.MEAN:
            return _mean(series, period.last)
        case Values.TARGET:
            return _gap(series, period)


def misses_target(value: float, target: Target, metric: Metric) -> bool:
    """Whether `value` lies on the bad side of `target`; beyond a band on the good side is no miss."""
    if target.low is not None and value < target.low:
        return metric.direction is not Direction.DOWN or target.high is None
    if target.high is not None and value > target.high:
        return metric.direction is not Direction.UP or target.low is None
    return False


def _change(series: Series, period: Period, months: int) -> Cell:
    now = period_cell(series, period)
    if now.value is None:
        return _without_value(now)
    earlier = period.earlier(months)
    before = period_cell(series, earlier) if earlier is not None else None
    if earlier is None or before is None or before.value is None:
        name = _name(earlier) if earlier is not None else "the time before"
        return _none(f"{name} has no value to compare with")
    for cell, span in ((now, period), (before, earlier)):
        if cell.status in (Status.PARTIAL, Status.FORECAST):
            return _none(f"{_name(span)} is not complete")
    if not series.is_comparable(earlier.last, period.last):
        return _none(f"the definition changed after {_name(earlier)}")
    change = change_amount(now.value, before.value, series.metric.unit)
    if change is None or not isfinite(change):
        return _none(ZERO_BASE if before.value == 0 else ACROSS_ZERO)
    return Cell(change, _doubt(now, before), note=f"against {_name(earlier)}")


def _mean(series: Series, month: Month) -> Cell:
    if series.metric.cadence == "quarterly":
        return _none("there is one value a quarter")
    now = series.at(month)
    if now.value is None:
        return _without_value(now)
    first = Period.of(month).earlier(MEAN_MONTHS - 1)
    months = Period(first.first, month).months if first is not None else ()
    cells = [series.at(item) for item in months]
    values = [cell.value for cell in cells if cell.value is not None]
    if len(values) < MEAN_MONTHS:
        return _none(f"not all of the {MEAN_MONTHS} months have a value")
    if any(cell.status in (Status.PARTIAL, Status.FORECAST) for cell in cells):
        return _none(NOT_OVER)
    if not series.is_comparable(months[0], month):
        return _none(f"the definition changed after {months[0].long_label}")
    # Divided before adding: the sum of huge values may not be a finite number.
    mean = fsum(value / MEAN_MONTHS for value in values)
    return Cell(mean, _doubt(*cells), note=f"the mean of {months[0].label} to {month.label}")


def _gap(series: Series, period: Period) -> Cell:
    target = series.target
    now = period_cell(series, period)
    if target is None or (target.low is None and target.high is None):
        return Cell(None, Status.MISSING, note="there is no target for this metric")
    if now.value is None:
        return _without_value(now)
    if now.status in (Status.PARTIAL, Status.FORECAST):
        return _none(f"{_name(period)} is not complete")
    if period.is_quarter and adds_up(series):
        return _none("the target is for a month, not for a quarter")
    bound = nearest_bound(now.value, target)
    if bound is None:
        return Cell(0.0, now.status, note="within the target's band")
    change = now.value - bound if change_unit(series.metric.unit) is not Unit.PERCENT else None
    if change is None and bound != 0:
        change = (now.value - bound) / abs(bound)
    return _none(ZERO_BASE) if change is None else Cell(change, now.status)


def nearest_bound(value: float, target: Target) -> float | None:
    """The end of `target` that `value` is measured against; None inside a band."""
    if target.low is None or target.high is None:
        return target.high if target.low is None else target.low
    if target.low <= value <= target.high:
        return None
    return target.low if value < target.low else target.high


def _doubt(*cells: Cell) -> Status:
    found = {cell.status for cell in cells}
    return next(status for status in Status if status in found)


def _without_value(cell: Cell) -> Cell:
    status = cell.status if cell.status in (Status.MISSING, Status.NA) else Status.NA
    return Cell(None, status, note=cell.note or (NOT_OVER if cell.status is Status.PARTIAL else ""))


def _none(why: str) -> Cell:
    return Cell(None, Status.NA, note=why)


def _name(period: Period) -> str:
    return f"{period.first.label} to {period.last.label}" if period.is_quarter else period.last.long_label
