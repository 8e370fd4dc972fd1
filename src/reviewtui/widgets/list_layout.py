"""A list of records as lines that fit a width: columns, sections, what is left by a filter. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import safe_text, searchable
from reviewtui.widgets.fitting import fit, fit_right

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP = 2
_ROWS_MEASURED = 400
"""Widths follow from this many rows, spread over the list, so that they stay as they are while it scrolls."""

_NARROWEST = 8


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column."""

    name: str
    is_right: bool = False
    """Whether its texts are aligned at the right, as numbers are."""
    rank: int = 0
    """Where there is no room, columns of the highest rank go first; 0 stays."""
    widest: int = 32
    """Cells; a column that takes what is left has a large one."""
    readable: int = 14
    """Cells; before a text is cut shorter, columns of a higher rank go."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One record."""

    id: str
    cells: tuple[str, ...]
    """A text for each column; made safe when painted."""
    section: str = ""
    """Rows with the same section stand together, in the order they come in."""
    role: str = "text"
    """How it is painted: `text`, `quiet`, `strong`, `bad`, `note` or `good`."""
    words: str = ""
    """What else a filter or a search finds it by."""
    is_sentence: bool = False
    """Whether its first text is all there is, and has the whole line."""
    is_counted: bool = True
    """Whether it is one of what its section counts."""


class SectionLine(NamedTuple):
    """The title of a section."""

    name: str
    rows: int


ListLine = ListRow | SectionLine


def lines_of(rows: Sequence[ListRow]) -> tuple[ListLine, ...]:
    """The rows with a title before the first of each section."""
    counts = Counter(row.section for row in rows if row.is_counted)
    lines: list[ListLine] = []
    section = ""
    for row in rows:
        if row.section != section:
            section = row.section
            lines.append(SectionLine(section, counts[section]))
        lines.append(row)
    return tuple(lines)


def haystack(row: ListRow) -> str:
    """Everything a row is found by, as it is compared."""
    return searchable("\n".join((*row.cells, row.section, row.words)))


def wanted_words(text: str) -> tuple[str, ...]:
    """The words of `text`, as they are compared."""
    return tuple(searchable(text).split())


def has_words(hay: str, words: Iterable[str]) -> bool:
    """Whether every word is in `hay`."""
    return all(word in hay for word in words)


def column_widths(columns: Sequence[ListColumn], rows: Sequence[ListRow], width: int) -> list[int]:
    """What each column gets in `width` cells; 0 for those left out."""
    step = max(1, len(rows) // _ROWS_MEASURED)
    measured = [row for row in rows[::step] if not row.is_sentence]
    natural = [
        max([cell_len(column.name), *(cell_len(safe_text(row.cells[at])) for row in measured)])
        for at, column in enumerate(columns)
    ]
    widths = [min(size, column.widest) for size, column in zip(natural, columns, strict=True)]
    # A text column may be cut before another is left out, but not beyond reading.
    least = [
        size if column.is_right else min(size, column.readable) for size, column in zip(widths, columns, strict=True)
    ]
    for at in sorted(range(len(columns)), key=lambda at: (-columns[at].rank, -at)):
        if _used(least) <= width or not columns[at].rank:
            break
        widths[at] = least[at] = 0
    _cut(columns, widths, width)
    return widths


def _used(widths: Sequence[int]) -> int:
    shown = [size for size in widths if size]
    return sum(shown) + GAP * max(0, len(shown) - 1)


def _cut(columns: Sequence[ListColumn], widths: list[int], width: int) -> None:
    """Take from the widest text until it fits, then from anything."""
    while (over := _used(widths) - width) > 0:
        cuttable = [at for at, column in enumerate(columns) if not column.is_right and widths[at] > _NARROWEST]
        if cuttable:
            at = max(cuttable, key=lambda at: widths[at])
            others = sorted((widths[other] for other in cuttable if other != at), reverse=True)
            target = max(_NARROWEST, others[0] - 1 if others else 0)
            widths[at] = max(target, widths[at] - over)
        elif sum(1 for size in widths if size) > 1:
            widths[max(at for at, size in enumerate(widths) if size)] = 0
        else:
            at = next(at for at, size in enumerate(widths) if size)
            widths[at] = max(1, width)
            return


def row_text(cells: Sequence[str], columns: Sequence[ListColumn], widths: Sequence[int]) -> str:
    """One row, safe to paint."""
    shown = [
        fit_right(cell, size) if column.is_right else fit(cell, size)
        for cell, column, size in zip(cells, columns, widths, strict=True)
        if size
    ]
    return (" " * GAP).join(shown)
