"""A record as lines to read: its short facts, then its texts as Markdown; the same for every type of record. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from reviewtui.months import Month
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.spans import Line, Span
from reviewtui.workspace.kinds.base import Shape, stored_fields

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from reviewtui.workspace.kinds.base import Record, RecordKind, StoredField

_LABEL = 16
_CHOSEN = frozenset({"channel", "kind", "mode", "state", "verdict"})
"""Fields that hold one of several words, which are joined in a file."""
_SHORT_FORMS = frozenset({"icp", "mrr"})
"""Fields that are called by their letters."""


def record_lines(
    kind: RecordKind[Record], record: Record, width: int, *, words: Mapping[str, str], left_out: Collection[str] = ()
) -> list[Line]:
    """The record in `width` cells; `words` are better words for the values of some fields, by name."""
    lines: list[Line] = []
    long: list[Line] = []
    for field in kind.fields:
        value = getattr(record, field.name)
        if field.name in left_out or value in (None, "", (), False):
            continue
        if field.shape is Shape.PROSE:
            long += [(), (Span(label(field.name), "heading"),), *markdown_lines(value, width)]
        elif field.shape in (Shape.ROWS, Shape.TABLE):
            rows = value if isinstance(value, tuple) else (value,)
            long += [(), (Span(label(field.name), "heading"),)]
            long += [line for row in rows for line in _row_lines(row, width)]
        else:
            lines += fact_lines(label(field.name), words.get(field.name) or _short_words(field.name, value), width)
    return [*lines, *long]


def fact_lines(name: str, text: str, width: int) -> list[Line]:
    """A short fact beside its name."""
    room = max(_LABEL, len(name) + 1)
    first, *rest = wrap(text, max(8, width - room)) or [""]
    lines: list[Line] = [(Span(f"{name:<{room}}", "quiet"), Span(first, "text"))]
    return [*lines, *((Span(" " * room, ""), Span(line, "text")) for line in rest)]


def label(name: str) -> str:
    """The name of a field as people read it: `Done when`."""
    words = name.replace("_", " ")
    return words.upper() if name in _SHORT_FORMS else words[:1].upper() + words[1:]


def value_words(value: Any) -> str:
    """A short value, safe to paint."""
    if value is True:
        return "yes"
    if isinstance(value, Month):
        return value.long_label
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value_words(item) for item in value)
    return safe_text(str(value))


def _row_lines(row: Any, width: int) -> list[Line]:
    columns: tuple[StoredField, ...] = stored_fields(type(row))
    facts = [_fact(column.name, getattr(row, column.name)) for column in columns if column.name != "id"]
    return [(Span(line, "text"),) for line in wrap("• " + " · ".join(fact for fact in facts if fact), width)]


def _fact(name: str, value: Any) -> str:
    """A value of a row, which says by itself what it is; what is not known or not so says nothing."""
    if value is None or value is False or value in ("", ()):
        return ""
    words = label(name)[:1].lower() + label(name)[1:]
    if value is True:
        return words
    return f"{words} {value_words(value)}" if isinstance(value, date) else _short_words(name, value)


def _short_words(name: str, value: Any) -> str:
    text = value_words(value)
    return text.replace("_", " ") if name in _CHOSEN else text
