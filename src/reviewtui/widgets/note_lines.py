"""The newest notes on a cell, for the panel: who said what, in a line or two each. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import counted
from reviewtui.widgets.fitting import shorten, wrap
from reviewtui.widgets.spans import Line, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NOTES = 3
_INDENT = "  "


class NoteFact(NamedTuple):
    """A comment as the panel shows it; safe to paint."""

    sign: str
    head: str
    """Who, when, and what kind of a comment."""
    text: str
    is_earlier: bool
    """Whether it is of an earlier review."""
    is_open: bool
    """Whether it is a question that waits for an answer."""


def note_lines(notes: Sequence[NoteFact], width: int) -> list[Line]:
    """The first of them in at most two lines each, and how many there are besides."""
    lines: list[Line] = []
    for note in notes[:MOST_NOTES]:
        role = "note" if note.is_open else "quiet" if note.is_earlier else "text"
        head = shorten(f"{note.sign} {note.head}: ", width)
        wrapped = wrap(f"{head}{note.text}", width)
        first = wrapped[0][cell_len(head.rstrip()) :] if wrapped and wrapped[0].startswith(head.rstrip()) else ""
        lines.append((Span(head.rstrip(), "heading" if not note.is_earlier else "quiet"), Span(first, role)))
        rest = " ".join(wrapped[1:])
        if rest:
            lines.append((Span(_INDENT + shorten(rest, width - len(_INDENT)), role),))
    if len(notes) > MOST_NOTES:
        lines.append((Span(_INDENT + counted(len(notes) - MOST_NOTES, "more note"), "quiet"),))
    return lines
