"""All records of a product as one Markdown text: readable without this program, the same bytes for the same records.

It is made from what each type of record says about its own fields, so a new type needs nothing here. What people
wrote stays Markdown, inside of a quotation that it cannot leave; nothing in it becomes HTML, an image or a script.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from reviewtui.months import Month
from reviewtui.text import counted, markdown_text, without_controls
from reviewtui.workspace.kinds.base import Shape, StoredField, stored_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reviewtui.errors import Problem
    from reviewtui.workspace.kinds.base import Record, RecordKind
    from reviewtui.workspace.record_set import Records

NO_PRODUCT = ""
"""Stands for the records that belong to no product."""

_HEADINGS = ("title", "question", "topic", "name", "metric", "month")
"""Fields whose values name a record in its heading."""

_FROM_PLACE = ("review",)
"""Fields that the place of the file holds."""

_RISKY_LINK = re.compile(r"\](?=\(|:)(?![(:]\s*(?:https?://|mailto:))", re.IGNORECASE)
"""The end of a link's text, unless an address of the usual kind follows it."""
_LONGEST_HEADING = 120


def record_book(
    records: Records, kinds: Iterable[RecordKind[Record]], product: str, name: str, problems: Sequence[Problem] = ()
) -> str:
    """The records of `product`, called `name`; `problems` tell of files that could not be read."""
    chapters = [(kind, records_of(records, kind, product)) for kind in kinds]
    lines = [f"# {_line(name or product)}", ""]
    counts = [counted_kind(kind, len(found)) for kind, found in chapters if found]
    about = f"Product `{_code(product)}`: " if product else ""
    lines += [f"{about}{', '.join(counts) or 'no records'}.", ""]
    for kind, found in chapters:
        if found:
            lines += [f"## {kind.plural[:1].upper()}{kind.plural[1:]}", ""]
            for record in found:
                lines += _record_lines(kind, record)
    if problems:
        lines += ["## Files that could not be read", ""]
        lines += [f"- {_line(str(problem))}" for problem in problems]
        lines.append("")
    return "\n".join(lines)


def counted_kind(kind: RecordKind[Record], count: int) -> str:
    """`1 to-do`, `2 to-dos`."""
    return f"{counted(count, '').strip()} {kind.name if count == 1 else kind.plural}"


def records_of(records: Records, kind: RecordKind[Record], product: str) -> tuple[Record, ...]:
    """The records of a kind that belong to a product, also those that name it among others; ordered by id."""
    return tuple(record for record in records.of(kind) if product in products_of(record))


def products_of(record: Record) -> tuple[str, ...]:
    """The products that a record belongs to; `NO_PRODUCT` where there is none."""
    return (record.product,) if record.product else getattr(record, "products", ()) or (NO_PRODUCT,)


def _record_lines(kind: RecordKind[Record], record: Record) -> Iterator[str]:
    parts = [_value(getattr(record, name, "")) for name in _HEADINGS]
    heading = " · ".join(dict.fromkeys(part for part in parts if part))[:_LONGEST_HEADING].rstrip("\\")
    yield f"### {heading} `{_code(record.id)}`".replace("###  ", "### ")
    yield ""
    facts = [(name, _value(getattr(record, name))) for name in _FROM_PLACE if hasattr(record, name)]
    plain = [field for field in kind.fields if field.shape in (Shape.VALUE, Shape.SET)]
    facts += [(field.name, _value(getattr(record, field.name))) for field in plain]
    written = [f"- **{_label(name)}:** {text}" for name, text in facts if text]
    yield from [*written, ""] if written else []
    for field in kind.fields:
        if field not in plain:
            yield from _part_lines(field, getattr(record, field.name))


def _part_lines(field: StoredField, value: Any) -> Iterator[str]:
    """A text, a table or rows, under its name; nothing where it is empty."""
    if not value:
        return
    yield f"**{_label(field.name)}**"
    yield ""
    if field.shape is Shape.PROSE:
        yield from quoted(value)
    else:
        for item in value if field.shape is Shape.ROWS else (value,):
            yield from _row_lines(item)
    yield ""


def _row_lines(row: Any) -> Iterator[str]:
    """A table as an item of a list, its texts quoted inside of it."""
    columns = [column for column in stored_fields(type(row)) if column.name != "id"]
    short = [column for column in columns if column.shape is not Shape.PROSE]
    facts = [(_label(column.name), _value(getattr(row, column.name))) for column in short]
    yield "- " + ("; ".join(f"{label}: {text}" for label, text in facts if text) or "·")
    for column in columns:
        text = getattr(row, column.name)
        if column not in short and text:
            yield ""
            yield f"  {_label(column.name)}:"
            yield ""
            yield from (f"  {line}" for line in quoted(text))


def quoted(text: str) -> list[str]:
    """`text` as a quotation: Markdown as it was written, but neither HTML nor images nor links that run something."""
    return [f"> {_harmless(line)}".rstrip() for line in text.rstrip("\n").split("\n")]


def _harmless(line: str) -> str:
    # Entities, as a backslash before a backslash that somebody typed would undo itself.
    clean = without_controls(line.replace("\t", "    ")).replace("<", "&lt;").replace("![", "!&#91;")
    return _RISKY_LINK.sub("&#93;", clean)


def _value(value: Any) -> str:
    """A short value as Markdown; empty where there is none."""
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple | list):
        return ", ".join(_value(item) for item in value)
    if isinstance(value, date | Month):
        return str(value)
    return _line(str(value))


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _line(text: str) -> str:
    """A text of people or data on one line."""
    return markdown_text(" ".join(text.split()))


def _code(text: str) -> str:
    return without_controls(" ".join(text.split())).replace("`", "'")
