"""How a spreadsheet writes the numbers of one row: digits by unit and size, a mark for what a value is worth.

The number in the cell stays exact; only its look is said here, as a spreadsheet's number format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.metrics.formats import MINUS, STATUS_MARKS
from reviewtui.metrics.sheet import Status, Unit
from reviewtui.reports.spreadsheet_text import clean_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

HUGE = 1e15
"""From here on a number is written with an exponent."""

_ROOM = 4
"""Characters of a column beside the digits: minus, mark and margins."""
_MAX_UNIT = 20


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """The look of a row's numbers."""

    digits: str
    """The number without its sign, as `#,##0.00`."""
    suffix: str = ""
    """What follows the digits, as it stands in a number format."""
    width: int = 0
    """Characters a column needs for it."""

    def pattern(self, status: Status = Status.OK) -> str:
        """The number format of a cell of this row; the mark stands on the left, so that digits stay aligned."""
        mark = STATUS_MARKS.get(status, "")
        before = f"{mark} " if mark else ""
        positive = f'"{before}"{self.digits}{self.suffix}' if before else f"{self.digits}{self.suffix}"
        return f'{positive};"{before}{MINUS}"{self.digits}{self.suffix}'


def number_format(unit: str, values: Sequence[float]) -> NumberFormat:
    """The format of a row of `values` in `unit`: as many decimals as its largest number leaves room for."""
    largest = max(map(abs, values), default=0.0)
    if largest >= HUGE:
        return NumberFormat("0.00E+00", width=14)
    if unit in (Unit.PERCENT, Unit.PERCENT_POINTS):
        decimals = 2 if largest < 0.01 else 1
        suffix = "%" if unit == Unit.PERCENT else '%" pts"'
        return _fixed(largest * 100, decimals, suffix)
    if unit == Unit.SCORE:
        return _fixed(largest, 1)
    if unit == Unit.RATIO:
        return _fixed(largest, 4 if largest < 0.1 else 2)
    if unit == Unit.DAYS:
        return _fixed(largest, 1, '" d"')
    whole = all(value == int(value) for value in values)
    decimals = 0 if whole or largest >= 1000 else 4 if 0 < largest < 0.1 else 2
    return _fixed(largest, decimals, _unit_text(unit))


def _fixed(largest: float, decimals: int, suffix: str = "") -> NumberFormat:
    width = len(f"{largest:,.{decimals}f}") + len(suffix) + _ROOM
    return NumberFormat("#,##0" + ("." + "0" * decimals if decimals else ""), suffix, width)


def _unit_text(unit: str) -> str:
    """A unit of the user's own after each number; nothing in a number format can end the quotes."""
    if unit in (Unit.MONEY, Unit.COUNT):
        return ""
    text = clean_lines(unit).replace("\n", " ").replace('"', "'").strip()[:_MAX_UNIT]
    return f'" {text}"' if text else ""
