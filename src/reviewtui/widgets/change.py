"""What a value changed by, and whether that is good: pure decisions for the delta column and the panel."""

from __future__ import annotations

from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING

from reviewtui.metrics.formats import change_amount, change_unit, format_step
from reviewtui.metrics.sheet import Direction, Status, Unit
from reviewtui.months import MONTHS_PER_QUARTER
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell, Metric

_NOT_COMPARABLE = (Status.PARTIAL, Status.FORECAST)
TENTATIVE = (Status.IMMATURE, Status.LOW_N)
"""Doubtful values: a change of them is neither good nor bad."""

_QUIET = {Unit.PERCENT: 0.02, Unit.PERCENT_POINTS: 0.002, Unit.SCORE: 1.0}
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
    step = change_amount(now.value, before.value, metric.unit)
    text = format_step(step, change_unit(metric.unit), full=full)
    if not text or step is None:
        return NO_CHANGE
    if now.status in TENTATIVE or before.status in TENTATIVE:
        return Change(text, Tone.FLAT)
    return Change(text, step_tone(step, metric))


def step_tone(step: float, metric: Metric) -> Tone:
    """How a change of `metric` reads, counted in the unit of its changes."""
    if metric.direction is Direction.NEUTRAL or not isfinite(step) or abs(step) < _QUIET[change_unit(metric.unit)]:
        return Tone.FLAT
    return Tone.GOOD if (step > 0) == (metric.direction is Direction.UP) else Tone.BAD
