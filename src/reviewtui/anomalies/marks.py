"""The sign that stands beside an anomalous value, so that colour is never the only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.anomalies.verdicts import Kind

if TYPE_CHECKING:
    from reviewtui.anomalies.verdicts import Verdict

UP, DOWN, FAULT = "▲", "▼", "!"

_MARKS = {
    Kind.SPIKE: UP,
    Kind.DIP: DOWN,
    Kind.SHIFT_UP: UP,
    Kind.SHIFT_DOWN: DOWN,
    Kind.TREND_UP: UP,
    Kind.TREND_DOWN: DOWN,
    Kind.FLATLINE: FAULT,
    Kind.UNIT_ERROR: FAULT,
    Kind.SIGN_FLIP: FAULT,
    Kind.MISSING: FAULT,
}

MEANINGS = {UP: "above what was expected", DOWN: "below what was expected", FAULT: "looks wrong or is missing"}
"""What each sign says, in the order of a legend."""


def mark(verdict: Verdict | None) -> str:
    """The sign of a verdict; empty where the value is ordinary or not judged."""
    return "" if verdict is None or verdict.anomaly is None else _MARKS[verdict.anomaly]
