"""Glyphs before a cell's value: what people noted about it. Pure.

A glyph stands directly before the value, in what would be empty there, so that columns keep their width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple
from reviewtui.widgets.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewtui.metrics.series import Period
    from reviewtui.reviews.threads import CellNotes

    MarksOf = Callable[[str, Period], tuple["Mark", ...]]
    """The glyphs before the value of a metric, by its id, in a period of one product."""

NOTE_SIGN, EARLIER_SIGN, QUESTION_SIGN = "✎", '"', "¿"
"""Something was said in this review, in an earlier one, a question waits for an answer."""

SAID_SIGN = "»"
"""Users said something about it."""


class Mark(NamedTuple):
    """A glyph and the name of its component class."""

    sign: str
    """One cell wide."""
    role: str


def no_marks(_metric: str, _period: Period) -> tuple[Mark, ...]:
    """Of a product of which nothing is to be marked."""
    return ()


def note_mark(notes: CellNotes | None) -> tuple[Mark, ...]:
    """The glyph for what was said about a cell; the one of an earlier review differs in form and in colour."""
    if notes is None:
        return ()
    role = "note-earlier" if notes.is_earlier else "note-open" if notes.is_open else "note"
    sign = QUESTION_SIGN if notes.is_open else EARLIER_SIGN if notes.is_earlier else NOTE_SIGN
    return (Mark(sign, role),)


def marked(text: str, role: str, marks: Sequence[Mark]) -> tuple[Span, ...]:
    """A cell's `text` with `marks` before its value, as wide as before.

    Where they do not fit, the value is written without inner space; after that the last marks are left out.
    """
    if not marks:
        return (Span(text, role),)
    value = text.lstrip(" ")
    missing = len(marks) - (len(text) - len(value))
    if missing > 0:
        value = value.replace(" ", "", missing) if " " in value.rstrip(" ") else value
    room = len(text) - len(value)
    shown = marks[:room]
    return (
        Span(" " * (room - len(shown)), role),
        *(Span(mark.sign, mark.role) for mark in shown),
        Span(value, role),
    )
