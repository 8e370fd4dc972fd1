"""The verdict on one month of one metric, as plain values."""

from __future__ import annotations

from enum import StrEnum

from reviewtui.quick_tuple import NamedTuple


class Kind(StrEnum):
    """What is out of the ordinary; the words of the `anomaly` column."""

    SPIKE = "spike"
    DIP = "dip"
    SHIFT_UP = "shift_up"
    SHIFT_DOWN = "shift_down"
    TREND_UP = "trend_up"
    TREND_DOWN = "trend_down"
    FLATLINE = "flatline"
    UNIT_ERROR = "unit_error"
    SIGN_FLIP = "sign_flip"
    MISSING = "missing"


MOST_SCORE = 99.0
"""The score of a missing month, and of any value further out than that."""


class Verdict(NamedTuple):
    """What the months before led to expect of a month, and how the month compares."""

    low: float
    high: float
    """The expected range."""
    expected: float
    """The middle of it, which is not always half-way."""
    score: float
    """How far out the month is: 1 at the edge of the range, the same for every metric. Above 1 it is an anomaly."""
    anomaly: Kind | None = None
    months: int = 1
    """How many months together led to the verdict: those of a run, or of a value that repeats."""
    is_above: bool = False
    """Whether the value is above what was expected."""
    became: Kind | None = None
    """What the following months showed a spike or dip to be: the beginning of a shift. Never decides the verdict."""
