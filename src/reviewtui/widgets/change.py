"""What a value changed by, and whether that is good: pure decisions for the delta column and the panel."""

from __future__ import annotations

from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from reviewtui.metrics.formats import format_change
from reviewtui.metrics.sheet import Direction, Status, Unit
from reviewtui.months import MONTHS_PER_QUARTER

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell, Metric

_NOT_COMPARABLE = (Status.PARTIAL, Status.FORECAST)
_TENTATIVE = (Status.IMMATURE, Status.LOW_N)

_QUIET_SHARE = 0.02
_QUIET_FRACTION = 0.002
_QUIET_SCORE = 1.0
"""Smaller moves have no tone: relative for levels, absolute for fractions (0.2 pp) and scores."""


class Tone(StrEnum):
    """How a change reads."""

    GOOD = "good"
    BAD = "bad"
    FLAT = "flat"


TONE_MARKS = {Tone.GOOD: " ", Tone.BAD: "!", Tone.FLAT: " "}
"""Beside a change, so that colour is never the only sign of a bad one."""


class Change(NamedTuple):
    """A change as it is shown; `text` is empty where there is nothing to compare."""

    text: str
    tone: Tone


NO_CHANGE = Change("", Tone.FLAT)


def months_apart(metric: Metric) -> int:
    """How many months lie between two neighbouring values of `metric`."""
    return MONTHS_PER_QUARTER if metric.cadence == "quarterly" else 1


def change_between(before: Cell, now: Cell, metric: Metric, *, full: bool = False) -> Change:
    """The change from `before` to `now`; nothing against or for a month that is not over. `full`: never cut."""
    if now.status in _NOT_COMPARABLE or before.status in _NOT_COMPARABLE:
        return NO_CHANGE
    text = format_change(now.value, before.value, metric.unit, full=full)
    if not text or now.value is None or before.value is None:
        return NO_CHANGE
    if now.status in _TENTATIVE or before.status in _TENTATIVE:
        return Change(text, Tone.FLAT)
    return Change(text, _tone(before.value, now.value, metric))


def _tone(before: float, now: float, metric: Metric) -> Tone:
    change = now - before
    if metric.direction is Direction.NEUTRAL or not isfinite(change) or _is_quiet(change, before, metric.unit):
        return Tone.FLAT
    return Tone.GOOD if (change > 0) == (metric.direction is Direction.UP) else Tone.BAD


def _is_quiet(change: float, before: float, unit: str) -> bool:
    if unit in (Unit.PERCENT, Unit.PERCENT_POINTS):
        return abs(change) < _QUIET_FRACTION
    if unit == Unit.SCORE:
        return abs(change) < _QUIET_SCORE
    return abs(change) < _QUIET_SHARE * abs(before)
