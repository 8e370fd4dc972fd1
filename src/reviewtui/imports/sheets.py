"""A sheet of a workbook or a CSV file as plain values, before anything is understood of it.

`Grid` turns it so that months always run across: a *line* is a row, or a column where the months run down.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

CellValue = str | float | bool | date | None


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell that holds something."""

    value: CellValue
    """What the file holds; None for a cell with only a note, or one whose value cannot be known (`fault`)."""
    number_format: str = ""
    """The format a spreadsheet shows the value in, as `0.0%`; empty where none is set."""
    note: str = ""
    """The comment on the cell."""
    fault: str = ""
    """Why it has no value though something is written there."""

    @property
    def is_percent(self) -> bool:
        """Whether a spreadsheet shows the number as per cent."""
        return "%" in self.number_format

    @property
    def text(self) -> str:
        """The value as text without outer blanks; empty for none."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return " ".join(str(self.value).split())


EMPTY = SheetCell(None)


class Area(NamedTuple):
    """A block of merged cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class SourceSheet:
    """One sheet as read: rows and columns count from 1, empty cells are absent."""

    name: str
    cells: Mapping[tuple[int, int], SheetCell]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    file_name: str = ""
    """The file, for one that has no named sheets."""

    def place(self, row: int, column: int) -> str:
        """The address of a cell as people write it: `Revenue!B7`, or `budget.csv!B7`."""
        return f"{self.name or self.file_name}!{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """The letters of a column: 1 is `A`, 28 is `AB`."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def without_quote(text: str) -> str:
    """`text` without the mark that `reviewtui.text.spreadsheet_text` sets before what looks like a formula."""
    is_marked = text.startswith("'") and text[1:].lstrip(" ").startswith(tuple("=+-@＝＋－＠"))
    return text[1:] if is_marked else text


@dataclass(frozen=True)
class Grid:
    """A sheet looked at so that its months run across; the address of each cell stays its own."""

    sheet: SourceSheet
    across: bool = True
    """False: the months of the sheet run down, so that a line of this grid is a column of the sheet."""
    _spans: dict[tuple[int, int], tuple[int, int]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for area in self.sheet.merged:
            for row in range(area.top, min(area.bottom, area.top + _WIDEST_SPAN) + 1):
                for column in range(area.left, min(area.right, area.left + _WIDEST_SPAN) + 1):
                    self._spans[self._turned(row, column)] = self._turned(area.top, area.left)

    @cached_property
    def lines(self) -> Mapping[int, Mapping[int, SheetCell]]:
        """Line to position to cell, both in order."""
        lines: dict[int, dict[int, SheetCell]] = defaultdict(dict)
        for (row, column), cell in sorted(self.sheet.cells.items(), key=lambda item: self._turned(*item[0])):
            line, position = self._turned(row, column)
            lines[line][position] = cell
        return lines

    def cell(self, line: int, position: int) -> SheetCell:
        """The cell there; an empty one where there is none."""
        return self.lines.get(line, {}).get(position, EMPTY)

    def spread(self, line: int, position: int) -> SheetCell:
        """The cell there, or the one whose merged block covers the place: for headers and labels only."""
        found = self.cell(line, position)
        if found.value is None and (line, position) in self._spans:
            return self.cell(*self._spans[line, position])
        return found

    def is_covered(self, line: int, position: int) -> bool:
        """Whether the place belongs to a merged block that begins elsewhere."""
        return self._spans.get((line, position), (line, position)) != (line, position)

    def place(self, line: int, position: int) -> str:
        """The cell's address in the file."""
        return self.sheet.place(*self._turned(line, position))

    def line_name(self, line: int) -> str:
        """`row 7`, or `column C` where months run down."""
        return f"row {line}" if self.across else f"column {column_letters(line)}"

    def position_name(self, position: int) -> str:
        """`column C`, or `row 7` where months run down."""
        return f"column {column_letters(position)}" if self.across else f"row {position}"

    def _turned(self, first: int, second: int) -> tuple[int, int]:
        return (first, second) if self.across else (second, first)


_WIDEST_SPAN = 2_000
"""Merged blocks are looked at up to this many rows and columns: no header is wider."""
