"""How values are written for a reader: aligned, compact, as in a finance sheet.

Machine-readable output does not pass here. A minus is the true minus sign; per cent and percent points are kept
apart; the currency is named once by the caller, not in every cell.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import Status, Unit

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell

MINUS = "−"
_SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_LEVEL_UNITS = (Unit.MONEY, Unit.COUNT)

NO_VALUE = {Status.MISSING: "·", Status.NA: "n/a"}
"""What stands in a cell without a value."""

STATUS_MARKS = {
    Status.FORECAST: "~",
    Status.PARTIAL: "…",
    Status.IMMATURE: "°",
    Status.LOW_N: "?",
    Status.RESTATED: "±",
}
"""A glyph beside the value of every status that is not `ok`, so that colour is never the only sign."""


def section_title(section: str) -> str:
    """A section's name as a heading; a section of the user's own keeps its spelling but for the first letter."""
    return "NPS" if section == "nps" else section[:1].upper() + section[1:]


def _signed(text: str, value: float) -> str:
    return MINUS + text if value < 0 and text.strip("0.,%kMBT ") != "" else text


def compact(value: float) -> str:
    """A number in at most seven characters: `943`, `12.3k`, `1.25M`."""
    size = abs(value)
    if size >= 1e15:
        return _signed(f"{size:.1e}", value)
    for step, suffix in _SUFFIXES:
        if size >= step * 0.9995:
            scaled = size / step
            digits = 2 if scaled < 9.995 else 1
            return _signed(f"{scaled:.{digits}f}{suffix}", value)
    if size < 1:
        return _signed(_small(size), value)
    return _signed(f"{size:.0f}" if size >= 99.95 or size == int(size) else f"{size:.1f}", value)


def _small(size: float) -> str:
    """A number below one with the digits that say something."""
    if size == 0:
        return "0"
    return f"{size:.3g}" if size >= 0.001 else f"{size:.2g}"


def exact(value: float) -> str:
    """A number with thousands separators and two decimals if it has any; below one, with six digits."""
    if 0 < abs(value) < 1:
        return _signed(f"{abs(value):.6g}", value)
    text = f"{abs(value):,.2f}"
    return _signed(text.removesuffix(".00"), value)


def format_value(value: float | None, unit: str, *, full: bool = False) -> str:
    """`value` as a grid cell writes it; `full` gives every digit a finance reader wants."""
    if value is None:
        return ""
    if not isfinite(value):
        return "n/a"
    if unit in (Unit.PERCENT, Unit.PERCENT_POINTS):
        suffix = "%" if unit == Unit.PERCENT else "pp"
        return _signed(f"{abs(value) * 100:,.{2 if full else 1}f} {suffix}", value)
    if unit == Unit.SCORE:
        return _signed(f"{abs(value):.1f}", value)
    if unit == Unit.RATIO:
        return _signed(f"{abs(value):,.4f}" if full or abs(value) < 0.1 else f"{abs(value):,.2f}", value)
    if unit == Unit.DAYS:
        return _signed(f"{abs(value):,.1f} d", value)
    if unit in _LEVEL_UNITS:
        return exact(value) if full else compact(value)
    return (exact(value) if full else compact(value)) + (f" {unit}" if unit and full else "")


def change_unit(unit: str) -> Unit:
    """What a change in `unit` is counted in: percent points for fractions, points for scores, else per cent."""
    if unit in (Unit.PERCENT, Unit.PERCENT_POINTS):
        return Unit.PERCENT_POINTS
    return Unit.SCORE if unit == Unit.SCORE else Unit.PERCENT


def change_amount(now: float | None, before: float | None, unit: str) -> float | None:
    """The change from `before` to `now` in `change_unit(unit)`; None where it would say nothing.

    That is from zero, across zero, and where one of the two is not a number.
    """
    if now is None or before is None or not (isfinite(now) and isfinite(before)):
        return None
    if change_unit(unit) is not Unit.PERCENT:
        return now - before
    return None if before == 0 or before * now < 0 else (now - before) / abs(before)


def format_change(now: float | None, before: float | None, unit: str, *, full: bool = False) -> str:
    """The change from `before` to `now` with its sign, empty where it would say nothing.

    Cut at 999, as a column needs it, unless `full`.
    """
    return format_step(change_amount(now, before, unit), change_unit(unit), full=full)


def format_step(change: float | None, unit: Unit, *, full: bool = False) -> str:
    """A change counted in `unit`, with its sign."""
    if change is None or not isfinite(change):
        return ""
    if unit is Unit.SCORE:
        return _change_text(change, "", full=full)
    return _change_text(change * 100, "pp" if unit is Unit.PERCENT_POINTS else "%", full=full)


def _change_text(change: float, suffix: str, *, full: bool) -> str:
    if abs(change) >= 999.5 and not full:
        return (">" if change > 0 else f"<{MINUS}") + "999" + suffix
    text = f"{abs(change):,.1f}{suffix}"
    if abs(change) < 0.05:
        return " " + text
    return ("+" if change > 0 else MINUS) + text


def format_cell(cell: Cell, unit: str, *, full: bool = False) -> str:
    """A cell as text: its value, or the sign of why there is none."""
    if cell.value is None:
        return NO_VALUE.get(cell.status, STATUS_MARKS.get(cell.status, ""))
    return format_value(cell.value, unit, full=full)
