"""The page `docs/records.md`: what each type of record holds, made from the same tables that read the files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.kinds.base import Shape
from reviewtui.workspace.kinds.registry import ALL_KINDS, REVIEW, YEAR, placeholders
from reviewtui.workspace.record_text import new_text, stored_values
from reviewtui.workspace.schema import Spot, Unusable
from reviewtui.workspace.toml_file import TomlFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewtui.workspace.kinds.base import Record, RecordKind, StoredField

_HEAD = """\
# Records

Everything people write is a TOML file of its own: one comment, one to-do, one interview a file. They can be read,
searched and changed without this program. [The workspace](workspace.md) says how they are saved and merged; this page
says what each type holds. It is made from the tables that read the files.

- A file's name begins with the record's id: a letter for its type, a day and four random characters, as
  `t-260417-9xw2-ask-billing.toml`. Others refer to the id; the words after it are for people, and are never renamed.
- Months are written `"2026-04"`, days `2026-04-17`, numbers that matter as texts, so that every digit stays. An empty
  text says the same as no key. A key that is not known is reported by `reviewtui check`, and kept.
- A new file has its keys in the order shown here, lists that are sets sorted and one item a line, prose one sentence a
  line, and an empty line between keys that people change often: two people's changes then merge, in git too.
- Where there is no *yes* in the last column, the key may be left out.
"""
_FREE = "…"
_SAMPLES = ("2026-10", date(2026, 11, 3), "20770.00", True, 3)


def records_page() -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *(_section(kind) for kind in ALL_KINDS)])


def example(kind: RecordKind[Record]) -> str:
    """The text of a record with every key, that reads without a complaint."""
    values = {field.name: _sample(field) for field in kind.fields}
    return new_text(kind.fields, stored_values(kind.fields, values))


def _section(kind: RecordKind[Record]) -> str:
    lines = [f"## {kind.plural.capitalize()}", "", f"`{_shown_place(kind)}`", ""]
    lines += _table(kind.fields)
    for field in kind.fields:
        if field.columns:
            header = f"[[{field.name}]]" if field.shape is Shape.ROWS else f"[{field.name}]"
            lines += ["", f"In `{header}`:", "", *_table(field.columns)]
    return "\n".join([*lines, "", "```toml", example(kind).rstrip("\n"), "```", ""])


def _shown_place(kind: RecordKind[Record]) -> str:
    known = {REVIEW: "YYYY-MM", YEAR: "YYYY", "id": f"{kind.letter}-…"}
    return kind.place.format(**{name: known.get(name, f"<{name}>") for name in placeholders(kind)})


def _table(fields: Iterable[StoredField]) -> Iterator[str]:
    yield "| key | what it is | needed |"
    yield "| --- | --- | --- |"
    for field in fields:
        says = field.says.replace("|", "\\|")
        yield f"| `{field.name}` | {says} | {'yes' if field.required else ''} |"


def _sample(field: StoredField) -> Any:
    """A value that the field's own check takes: a text where any will do, else what its explanation names."""
    if field.columns:
        row = {column.name: _sample(column) for column in field.columns}
        return [row] if field.shape is Shape.ROWS else row
    words = field.says.replace("`", "").replace(",", " ").replace(":", " ").replace(".", " ").split()
    candidates = (_FREE, [_FREE], *_SAMPLES, *words, *([word] for word in words), *words)
    return next(value for value in candidates if _takes(field, value))


def _takes(field: StoredField, value: Any) -> bool:
    spot = Spot(TomlFile(Path(field.name), field.name), [], (field.name,))
    try:
        field.check(value, spot)
    except Unusable:
        return False
    return not spot.problems
