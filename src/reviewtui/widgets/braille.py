"""A canvas of Braille dots: points and lines in, rows of text with the name of a style out.

A character cell holds 2 x 4 dots. Where the terminal has no Braille, a cell is one dot, drawn as the layer's own
character. Each layer has a role; where two layers meet in a cell, the later one is shown.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DOTS_ACROSS, DOTS_DOWN = 2, 4
BRAILLE_BLANK = 0x2800
_DOT_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot by column and row of its cell."""

Dot = tuple[int, int]


def draws_braille(env: Mapping[str, str]) -> bool:
    """Whether charts may use Braille: not where `NO_BRAILLE` is set, nor on consoles whose fonts have none."""
    if env.get("NO_BRAILLE", ""):
        return False
    return env.get("TERM", "").strip().lower() not in ("linux", "dumb", "vt100", "vt220")


class Mark(NamedTuple):
    """One character of a drawing, or a run of them."""

    text: str
    role: str
    """Empty: nothing is drawn here."""
    ground: str = ""
    """What is drawn where the cell is shaded and colours cannot show it; empty: not shaded."""


_BLANK = Mark(" ", "")


class Canvas:
    """`width` x `height` character cells; dots outside are left out. The dot (0, 0) is at the top left."""

    def __init__(self, width: int, height: int, *, braille: bool = True) -> None:
        self.width = max(0, width)
        self.height = max(0, height)
        self.braille = braille
        self.dots_across, self.dots_down = (DOTS_ACROSS, DOTS_DOWN) if braille else (1, 1)
        self.cells: dict[tuple[int, int], Mark] = {}
        """(line, column) to what stands there; cells without a dot are absent."""
        self._grounds: dict[tuple[int, int], str] = {}

    def draw(self, dots: set[Dot], role: str, plain: str = "*") -> None:
        """Lay dots over what is there; `plain` stands for them where there is no Braille."""
        bits: dict[tuple[int, int], int] = {}
        across, down, is_braille = self.dots_across, self.dots_down, self.braille
        for x, y in dots:
            place = (y // down, x // across)
            bits[place] = bits.get(place, 0) | (_DOT_BITS[x % across][y % down] if is_braille else 1)
        for (line, column), pattern in bits.items():
            if 0 <= line < self.height and 0 <= column < self.width:
                text = chr(BRAILLE_BLANK + pattern) if is_braille else plain
                self.cells[line, column] = Mark(text, role)

    def put(self, line: int, column: int, text: str, role: str) -> None:
        """Set one character cell, whatever was there."""
        if 0 <= line < self.height and 0 <= column < self.width:
            self.cells[line, column] = Mark(text, role)

    def underlay(self, line: int, columns: Iterable[int], mark: Mark) -> None:
        """Set those of some cells of a line that are still empty; all must lie inside."""
        for column in columns:
            self.cells.setdefault((line, column), mark)

    def shade(self, line: int, columns: Iterable[int], ground: str) -> None:
        """Shade some cells of a line, whatever stands in them; `ground` shows it in empty ones without colours."""
        self._grounds.update(((line, column), ground) for column in columns)

    def rows(self) -> list[list[Mark]]:
        """Each line as runs of one role and ground that fill the width; the role of empty cells is empty."""
        lines = [[_BLANK] * self.width for _ in range(self.height)]
        for (line, column), mark in self.cells.items():
            lines[line][column] = mark
        for (line, column), ground in self._grounds.items():
            lines[line][column] = lines[line][column]._replace(ground=ground)
        return [_runs(line) for line in lines]


def segment_dots(start: Dot, end: Dot, *, every: int = 1) -> set[Dot]:
    """The dots of a straight line, both ends included; with `every`, only each so manieth one."""
    (x0, y0), (x1, y1) = start, end
    steps = max(abs(x1 - x0), abs(y1 - y0))
    if steps == 0:
        return {start}
    return {
        (x0 + (2 * (x1 - x0) * step + steps) // (2 * steps), y0 + (2 * (y1 - y0) * step + steps) // (2 * steps))
        for step in range(0, steps + 1, every)
    }


def _runs(marks: list[Mark]) -> list[Mark]:
    return [
        Mark("".join([mark.text for mark in group]), role, ground)
        for (role, ground), group in groupby(marks, key=itemgetter(1, 2))
    ]
