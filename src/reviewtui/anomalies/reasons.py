"""One sentence on a judged cell: how far out it is, in the metric's own movements, and what was expected."""

from __future__ import annotations

from itertools import pairwise
from math import log10
from statistics import median
from typing import TYPE_CHECKING

from reviewtui.anomalies.series import ORDINARY
from reviewtui.anomalies.verdicts import Kind
from reviewtui.metrics.formats import MINUS, format_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell

USUAL_OVER = 36
"""Months that the usual movement is taken from."""
LEAST_TIMES = 0.1
LONG_AGO = 6
"""From so many months on it is worth saying that a value is the highest or lowest since."""


def reason(verdict: Verdict, cells: Sequence[Cell], unit: str) -> str:
    """Why the last of `cells` is judged as it is, as one sentence; `cells` are the metric's, up to the month judged."""
    value = cells[-1].value
    expected = expected_words(verdict, unit, value)
    if value is None:
        return f"There is no value, though every month before had one; expected {expected}."
    shown, kind = format_value(value, unit, full=needs_digits(value, verdict, unit)), verdict.anomaly
    if kind is None:
        return f"{shown} is within the expected {expected}."
    if kind is Kind.FLATLINE:
        return f"{shown} is exactly the same value as before, {verdict.months} months in a row."
    if kind is Kind.UNIT_ERROR:
        return f"{shown} is about {_factor(value, verdict.expected)} the expected {expected}: a wrong unit?"
    if kind is Kind.SIGN_FLIP:
        return f"{shown} is about as large as the expected {expected}, with the other sign."
    if kind not in (Kind.SPIKE, Kind.DIP):
        side = "above" if verdict.is_above else "below"
        further = ", each further than the one before" if kind in (Kind.TREND_UP, Kind.TREND_DOWN) else ""
        return (
            f"{shown} by itself is within the expected {expected}, but the last {verdict.months} months together are"
            f" too far {side} what was expected{further}{_record(cells, is_high=verdict.is_above)}."
        )
    record = _record(cells, is_high=verdict.is_above)
    return f"{shown} is {_how_far(value, verdict, cells)} the expected {expected}{record}."


def expected_words(verdict: Verdict, unit: str, value: float | None = None) -> str:
    """The expected range with its unit named once: `0.8–1.5 %`.

    A `value` outside of it is never printed within it: where all digits do not tell, the end has a `<` or `>`.
    """
    full = needs_digits(value, verdict, unit)
    low, high = (format_value(end, unit, full=full) for end in (verdict.low, verdict.high))
    if full and value is not None:
        shown = format_value(value, unit, full=True)
        low = f">{low}" if value < verdict.low and shown == low else low
        high = f"<{high}" if value > verdict.high and shown == high else high
    ending = next((suffix for suffix in (" %", " pp", " d") if low.endswith(suffix) and high.endswith(suffix)), "")
    low = low.removesuffix(ending)
    return f"{low} to {high}" if MINUS in low + high else f"{low}–{high}"


def range_words(verdict: Verdict, unit: str, value: float | None) -> str:
    """The expected range for a column, and why a value within it is an anomaly: `465–508, 3 mo off`."""
    why = {Kind.FLATLINE: f", same {verdict.months} mo"}
    why |= dict.fromkeys((Kind.SHIFT_UP, Kind.SHIFT_DOWN, Kind.TREND_UP, Kind.TREND_DOWN), f", {verdict.months} mo off")
    return expected_words(verdict, unit, value) + (why.get(verdict.anomaly, "") if verdict.anomaly else "")


def needs_digits(value: float | None, verdict: Verdict, unit: str) -> bool:
    """Whether the short form hides that a value lies outside of the range."""
    if value is None or verdict.low <= value <= verdict.high:
        return False
    return format_value(value, unit) in {format_value(end, unit) for end in (verdict.low, verdict.high)}


def _how_far(value: float, verdict: Verdict, cells: Sequence[Cell]) -> str:
    """`4.1 times the usual monthly movement above`."""
    side = "above" if verdict.is_above else "below"
    beyond = value - verdict.high if verdict.is_above else verdict.low - value
    usual = _usual_movement(cells[:-1])
    if usual == 0:
        return side
    times = beyond / usual
    if times < LEAST_TIMES:
        return f"just {side}"
    many = f"{times:.1f}" if times < 100 else f"{times:,.0f}" if times < 1e6 else "over a million"
    return f"{many} times the usual monthly movement {side}"


def _usual_movement(cells: Sequence[Cell]) -> float:
    """The median step from one month to the next, up or down; 0 where there is none."""
    known = [cell.value if cell.status in ORDINARY else None for cell in cells[-USUAL_OVER - 1 :]]
    steps = [abs(after - before) for before, after in pairwise(known) if before is not None and after is not None]
    return median(steps) if steps else 0.0


def _record(cells: Sequence[Cell], *, is_high: bool) -> str:
    """`, highest in 36 months`; empty where it is not for long enough."""
    value = cells[-1].value
    if value is None:
        return ""
    known = [(back, cell.value) for back, cell in enumerate(reversed(cells)) if cell.value is not None]
    first = known[-1][0] + 1
    since = next((back for back, other in known[1:] if (other >= value if is_high else other <= value)), first)
    word = "highest" if is_high else "lowest"
    return f", {word} in {since} months" if since >= LONG_AGO else ""


def _factor(value: float, expected: float) -> str:
    """`100 times` or `1/100 of`."""
    decades = round(log10(abs(value / expected)))
    return f"{10**decades:,} times" if decades > 0 else f"1/{10**-decades:,} of"
