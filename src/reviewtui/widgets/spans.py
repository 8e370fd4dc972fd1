"""Lines of text with the names of their styles: what pure layout hands to a widget to paint."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Span(NamedTuple):
    """A run of text with the name of its component class."""

    text: str
    role: str
    """Empty: whatever style is at hand, as there is nothing but space."""
    ground: str = ""
    """Shaded; where there are no colours for it, space is filled with this character. Empty: not shaded."""


Line = tuple[Span, ...]


def line_width(line: Line) -> int:
    """How many terminal cells a line takes."""
    return sum(cell_len(span.text) for span in line)


def padded(line: Line, width: int) -> Line:
    """`line` filled up to `width` cells."""
    gap = width - line_width(line)
    return (*line, Span(" " * gap, "")) if gap > 0 else line


def side_by_side(left: Sequence[Line], right: Sequence[Line], left_width: int, gutter: int) -> list[Line]:
    """Two columns of lines, the left one `left_width` cells wide."""
    gap = Span(" " * gutter, "")
    return [(*padded(a, left_width), gap, *b) for a, b in zip_longest(left, right, fillvalue=())]
