"""What the terminal shows, cell by cell, and the shortest text that turns it into something else.

Only cells that differ are sent, and of a change of style only the part that differs. A cell is one character of a
string, so that lines are compared and cut at the speed of strings. Text whose width terminals do not agree on (wide,
combined, joined, right-to-left) is a *block*: sent whole, on blanks, and followed by an absolute move.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby, product
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.color import ColorSystem

from reviewtui.quick_tuple import NamedTuple
from reviewtui.screen_cells import ScreenCells

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.color import Color
    from rich.segment import Segment
    from rich.style import Style

UNKNOWN = "\0"
"""A cell of which nobody knows what it shows."""

_REST_OF_BLOCK = "\U0010fffd"
_FIRST_BLOCK, _LAST_BLOCK = 0xF0000, 0x10FFF0
_HAS_BLOCK = re.compile("[\U000f0000-\U0010fffd]").search
_MOST_INKS, _MOST_STYLES = 0xD000, 10_000
_LONGEST_JOINED_GAP = 4
"""Cells between two changes that are sent again, as a move costs as much."""

_LEVELS = (0, 95, 135, 175, 215, 255)
_NUMBERED = {
    **{(r, g, b): 16 + place for place, (r, g, b) in enumerate(product(_LEVELS, repeat=3)) if place >= len(_LEVELS)},
    **{(level, level, level): 232 + place for place, level in enumerate(range(8, 239, 10))},
}
"""Colours with a shorter name in terminals of 256 colours; not the first six, which colour schemes change."""

_ONE_CELL = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u20bf"
    "\u2100-\u2319\u231c-\u23e8\u2400-\u25fc\u2600-\u26ff\u2701-\u27bf\u27c0-\u2aff]*"
).fullmatch
"""Characters that stand alone and that every terminal draws in one cell, if their width is one."""


class Ink(NamedTuple):
    """Everything about a cell but its character."""

    foreground: str
    """SGR parameters."""
    background: str
    attributes: int
    """One bit for each entry of `_ATTRIBUTES`."""
    link: str
    """Parameters and target of OSC 8; empty without a link."""


PLAIN = Ink("39", "49", 0, "")

_ATTRIBUTES = (
    ("bold", "1", "22"), ("dim", "2", "22"), ("italic", "3", "23"), ("underline", "4", "24"), ("blink", "5", "25"),
    ("blink2", "6", "25"), ("reverse", "7", "27"), ("conceal", "8", "28"), ("strike", "9", "29"),
    ("underline2", "21", "24"), ("frame", "51", "54"), ("encircle", "52", "54"), ("overline", "53", "55"),
)  # fmt: skip
"""Name in Rich, SGR parameter that sets it, one that clears it."""


def ink_of(style: Style | None, colors: ColorSystem) -> Ink:
    """The ink of a style on a terminal with so many colours."""
    if style is None:
        return PLAIN
    bits = sum(1 << bit for bit, (name, _, _) in enumerate(_ATTRIBUTES) if getattr(style, name))
    link = f"id={style.link_id};{style.link}" if style.link else ""
    return Ink(_color(style.color, colors, "39"), _color(style.bgcolor, colors, "49"), bits, link)


def _color(color: Color | None, colors: ColorSystem, default: str) -> str:
    if color is None:
        return default
    is_foreground = default == "39"
    number = _NUMBERED.get(color.triplet) if color.triplet and colors is ColorSystem.TRUECOLOR else None
    if number is not None:
        return f"{'38' if is_foreground else '48'};5;{number}"
    return ";".join(color.downgrade(colors).get_ansi_codes(foreground=is_foreground))


@lru_cache(maxsize=4096)
def ink_change(before: Ink, after: Ink) -> str:
    """The control sequences that turn one ink into another; empty for equal ones."""
    colors = [new for old, new in zip(before[:2], after[:2], strict=True) if old != new]
    anew = [
        "0",
        *_set(after.attributes),
        *(new for new, usual in zip(after[:2], PLAIN[:2], strict=True) if new != usual),
    ]
    parameters = min(";".join((*_switched(before.attributes, after.attributes), *colors)), ";".join(anew), key=len)
    if after[:3] == PLAIN[:3]:
        parameters = ""
    sgr = f"\x1b[{parameters}m" if before[:3] != after[:3] else ""
    return sgr + (f"\x1b]8;{after.link or ';'}\x1b\\" if before.link != after.link else "")


def _set(attributes: int) -> list[str]:
    return [code for bit, (_, code, _) in enumerate(_ATTRIBUTES) if attributes & 1 << bit]


def _switched(before: int, after: int) -> list[str]:
    """Parameters that clear what is not wanted any more and set what is new."""
    cleared = {clear for bit, (_, _, clear) in enumerate(_ATTRIBUTES) if before & ~after & 1 << bit}
    lost = sum(1 << bit for bit, (_, _, clear) in enumerate(_ATTRIBUTES) if clear in cleared)
    return [*sorted(cleared), *_set(after & (~before | lost))]


@lru_cache(maxsize=8192)
def is_one_cell_each(text: str) -> bool:
    """Whether every character stands alone in one cell on every terminal."""
    return bool(_ONE_CELL(text)) and all(cell_len(character) == 1 for character in text)


class FrontBuffer:
    """Remembers what was painted; `paint` gives the text that brings the terminal up to date."""

    def __init__(self, colors: ColorSystem = ColorSystem.TRUECOLOR) -> None:
        self._colors = colors
        self._cells: dict[int, str] = {}
        """A line's characters: one for each cell, of blocks a stand-in."""
        self._inked: dict[int, str] = {}
        """A line's inks: one character for each cell."""
        self._inks: list[Ink] = [PLAIN]
        self._ink_marks: dict[Ink, str] = {}
        self._style_marks: dict[Style | None, str] = {}
        self._blocks: dict[str, str] = {}
        self._block_texts: dict[str, str] = {}

    @classmethod
    def of(cls, shown: ScreenCells, colors: ColorSystem) -> FrontBuffer:
        """The buffer of a terminal that shows this."""
        buffer = cls(colors)
        buffer._cells, buffer._inked = dict(shown.characters), dict(shown.inked)
        buffer._block_texts = dict(shown.blocks)
        buffer._blocks = {text: block for block, text in shown.blocks.items()}
        buffer._inks = [Ink(*ink) for ink in shown.inks]
        buffer._ink_marks = {ink: chr(place) for place, ink in enumerate(buffer._inks)}
        return buffer

    @property
    def shown(self) -> ScreenCells:
        """What is known of the terminal."""
        inks = [(ink.foreground, ink.background, ink.attributes, ink.link) for ink in self._inks]
        return ScreenCells(dict(self._cells), dict(self._inked), inks, dict(self._block_texts))

    def forget(self) -> None:
        """Nothing is known any more of what the terminal shows."""
        self._cells.clear()
        self._inked.clear()
        self._blocks.clear()
        self._block_texts.clear()

    def paint(self, pieces: Iterable[tuple[int, int, Iterable[Segment]]]) -> str:
        """What to send so that at (line, column), both from 0, stand these segments; of a line, left ones first."""
        if len(self._inks) > _MOST_INKS or len(self._blocks) > _LAST_BLOCK - _FIRST_BLOCK:
            self.forget()
            self._inks, self._ink_marks, self._style_marks = [PLAIN], {}, {}
        pen = _Pen()
        for y, x, segments in pieces:
            self._paint_piece(pen, y, x, *self._encoded(segments))
        return pen.finished()

    # From segments to cells

    def _encoded(self, segments: Iterable[Segment]) -> tuple[str, str]:
        """Characters and inks of the cells that the segments fill."""
        cells: list[str] = []
        inked: list[str] = []
        marks = self._style_marks
        for text, style, _ in segments:
            mark = marks.get(style) or self._mark(style)
            if is_one_cell_each(text):
                cells.append(text)
                inked.append(mark * len(text))
            elif width := cell_len(text):
                cells.append(self._block(text) + _REST_OF_BLOCK * (width - 1))
                inked.append(mark * width)
        return "".join(cells), "".join(inked)

    def _mark(self, style: Style | None) -> str:
        if len(self._style_marks) > _MOST_STYLES:
            self._style_marks.clear()
        ink = ink_of(style, self._colors)
        mark = self._ink_marks.get(ink)
        if mark is None:
            self._inks.append(ink)
            mark = self._ink_marks[ink] = chr(len(self._inks) - 1)
        self._style_marks[style] = mark
        return mark

    def _block(self, text: str) -> str:
        block = self._blocks.get(text)
        if block is None:
            block = self._blocks[text] = chr(_FIRST_BLOCK + len(self._blocks))
            self._block_texts[block] = text
        return block

    # From cells to what is sent

    def _paint_piece(self, pen: _Pen, y: int, x: int, cells: str, inked: str) -> None:
        end = x + len(cells)
        line = self._cells.get(y, "").ljust(end, UNKNOWN)
        line_inks = self._inked.get(y, "").ljust(end, UNKNOWN)
        shown, shown_inks = line[x:end], line_inks[x:end]
        if shown == cells and shown_inks == inked:
            return
        runs = list(_differences(shown, shown_inks, cells, inked))
        if _HAS_BLOCK(cells) or _HAS_BLOCK(line):
            runs = list(_with_whole_blocks(runs, shown, cells))
            line = _without_cut_blocks(line, x, end)
        for first, after in runs:
            self._write(pen, y, x + first, cells[first:after], inked[first:after])
        self._cells[y] = line[:x] + cells + line[end:]
        self._inked[y] = line_inks[:x] + inked + line_inks[end:]

    def _write(self, pen: _Pen, y: int, x: int, cells: str, inked: str) -> None:
        pen.move(y, x)
        at = 0
        for mark, group in groupby(inked):
            length = sum(1 for _ in group)
            pen.change_ink(self._inks[ord(mark)])
            text = cells[at : at + length]
            if _HAS_BLOCK(text):
                self._write_blocks(pen, y, x + at, text)
            else:
                pen.write(text, length)
            at += length

    def _write_blocks(self, pen: _Pen, y: int, x: int, cells: str) -> None:
        for match in re.finditer(f"([\U000f0000-\U0010fff0]){_REST_OF_BLOCK}*|[^\U000f0000-\U0010fffd]+", cells):
            text, width = match[0], len(match[0])
            pen.move(y, x + match.start())
            if match[1]:
                pen.write(" " * width, width)
                pen.move(y, x + match.start())
                pen.write_block(self._block_texts[match[1]])
            else:
                pen.write(text, width)


def _differences(shown: str, shown_inks: str, cells: str, inked: str) -> Iterator[tuple[int, int]]:
    """First cell and end of each run to send; runs are joined over short gaps of the same ink."""
    places = [
        place
        for place, (old, new, old_ink, new_ink) in enumerate(zip(shown, cells, shown_inks, inked, strict=True))
        if old != new or old_ink != new_ink
    ]
    first = before = places[0]
    for place in places[1:]:
        gap = place - before - 1
        if gap and (gap > _LONGEST_JOINED_GAP or inked[before] * gap != inked[before + 1 : place]):
            yield first, before + 1
            first = place
        before = place
    yield first, before + 1


def _with_whole_blocks(runs: Iterable[tuple[int, int]], shown: str, cells: str) -> Iterator[tuple[int, int]]:
    """The runs, widened to the ends of the blocks they touch; what touched blocks shown before is blanked as well."""
    done = 0
    for first, end in runs:
        first = max(first, done)
        while first > done and _REST_OF_BLOCK in (shown[first], cells[first]):
            first -= 1
        while end < len(cells) and _REST_OF_BLOCK in (shown[end], cells[end]):
            end += 1
        if end > first:
            yield first, end
            done = end


def _without_cut_blocks(line: str, x: int, end: int) -> str:
    """`line` with what is left of blocks unknown that reach over an end of x to `end`: terminals blank such rests."""
    after = end
    while after < len(line) and line[after] == _REST_OF_BLOCK:
        after += 1
    start = x
    if line[x : x + 1] == _REST_OF_BLOCK:
        while start > 0 and line[start] == _REST_OF_BLOCK:
            start -= 1
    return line[:start] + UNKNOWN * (x - start) + line[x:end] + UNKNOWN * (after - end) + line[after:]


class _Pen:
    """Collects what is sent; knows where the cursor stands and its ink."""

    def __init__(self) -> None:
        self._sent: list[str] = []
        self._ink = PLAIN
        self._at: tuple[int, int] | None = None

    def move(self, y: int, x: int) -> None:
        if self._at == (y, x):
            return
        if self._at is not None and self._at[0] == y and self._at[1] < x:
            step = x - self._at[1]
            self._sent.append(f"\x1b[{step}C" if step > 1 else "\x1b[C")
        else:
            self._sent.append(f"\x1b[{y + 1};{x + 1}H")
        self._at = (y, x)

    def change_ink(self, ink: Ink) -> None:
        if ink != self._ink:
            self._sent.append(ink_change(self._ink, ink))
            self._ink = ink

    def write(self, text: str, width: int) -> None:
        """Text of known width, at the place of the last move."""
        self._sent.append(text)
        if self._at is not None:
            self._at = (self._at[0], self._at[1] + width)

    def write_block(self, text: str) -> None:
        """Text after which the cursor may be anywhere."""
        self._sent.append(text)
        self._at = None

    def finished(self) -> str:
        self.change_ink(PLAIN)
        return "".join(self._sent)
