"""The result of a query as evidence: stored as text, compared when it is run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.sources.query import Row

MOST_KEPT_ROWS = 50
"""A result that is kept as evidence fits on a page."""
MOST_KEPT_CHARACTERS = 20_000
NULL_TEXT = "NULL"

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Change:
    """How a result differs from the one that was kept."""

    gone: tuple[str, ...]
    """Lines of the old result that the new one does not have."""
    new: tuple[str, ...]
    columns_changed: bool

    @property
    def is_change(self) -> bool:
        """Whether anything differs."""
        return bool(self.gone or self.new or self.columns_changed)

    @property
    def words(self) -> str:
        """In a sentence."""
        if not self.is_change:
            return "The result is the same as when it was added."
        if self.columns_changed:
            return "The result has other columns than when it was added."
        return f"The result has changed: {len(self.gone)} of its rows are gone, {len(self.new)} are new."


def figures_text(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """A result as tab-separated lines, the names of the columns first."""
    lines = ["\t".join(_written(name) for name in columns)]
    lines += ["\t".join(NULL_TEXT if value is None else _written(value) for value in row) for row in rows]
    return "\n".join(line.rstrip() or "\\N" for line in lines)


def cannot_keep(rows: int, text: str, cut: str) -> str:
    """Why a result cannot be kept as evidence, as a sentence; empty where it can."""
    if cut or rows > MOST_KEPT_ROWS:
        return f"Evidence is at most {MOST_KEPT_ROWS} rows, so that it can be read. Group or limit the result first."
    if len(text) > MOST_KEPT_CHARACTERS:
        return "The texts of the result are too long to be kept as evidence. Select less."
    return ""


def changed(kept: str, now: str) -> Change:
    """What differs between two results; the order of rows says nothing where the statement does not give one."""
    kept_lines, now_lines = kept.split("\n"), now.split("\n")
    before, after = list(kept_lines[1:]), list(now_lines[1:])
    for line in list(before):
        if line in after:
            before.remove(line)
            after.remove(line)
    return Change(tuple(before), tuple(after), kept_lines[0] != now_lines[0])


def _written(text: str) -> str:
    return text.translate(_ESCAPES)
