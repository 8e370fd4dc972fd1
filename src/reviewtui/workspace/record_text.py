"""The text of records: canonical for a new one, and for each value that is put into a file.

Keys stand in the order of the schema, what is a set one item a line, prose one sentence a line, and no two keys that
people change often on lines beside each other: two people's changes then merge, in git too.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from reviewtui.errors import ReviewError
from reviewtui.text import well_formed
from reviewtui.workspace.kinds.base import SCHEMA_KEY, Shape, plain
from reviewtui.workspace.model import SCHEMA
from reviewtui.workspace.toml_file import MAX_BYTES, quotes_conflict, same_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reviewtui.workspace.kinds.base import StoredField

_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_NOT_A_PARAGRAPH = re.compile(r"[ \t]|[|>#*+-]|\d+[.)]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_END_OF_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.!?]) (?=[^\W\d_a-z])")


def new_text(fields: Sequence[StoredField], values: Mapping[str, Any]) -> str:
    """The text of a new record's file.

    `values` are as TOML has them (`reviewtui.workspace.kinds.base.plain`) and `stored_values` makes them.
    ReviewError where the text would be longer than a file that is read.
    """
    text = f"{SCHEMA_KEY} = {SCHEMA}\n" + _table_text(fields, values, ())
    refuse_too_long(text)
    return text


def refuse_too_long(text: str) -> None:
    """ReviewError for the text of a file that would not be read again."""
    if len(text) > MAX_BYTES or len(text.encode()) > MAX_BYTES:
        raise ReviewError(f"The text is longer than {MAX_BYTES // 1024**2} MB. Shorten it and save again.", "Not saved")


def stored_values(
    fields: Iterable[StoredField], values: Mapping[str, Any], *, by_sentence: bool = False
) -> dict[str, Any]:
    """`values` in the form that is stored: sets sorted, prose with a line end, no lone surrogates; nothing is left out.

    With `by_sentence` each sentence of a prose gets a line of its own, as in a new record.
    """
    forms = {item.name: item for item in fields}
    return {key: _stored(value, forms.get(key), by_sentence) for key, value in values.items()}


def told_values(fields: Iterable[StoredField], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` less what says nothing: empty ones, and those that are the default of their field."""
    forms = {item.name: item for item in fields}
    told = {}
    for key, value in values.items():
        field = forms.get(key)
        if value in (None, "", []) or (field is not None and same_values(value, plain(field.default))):
            continue
        if field is not None and field.shape is Shape.TABLE and isinstance(value, dict):
            value = told_values(field.columns, value)
        elif field is not None and field.shape is Shape.ROWS and isinstance(value, list):
            value = [told_values(field.columns, row) if isinstance(row, dict) else row for row in value]
        told[key] = value
    return told


def value_text(key: str, value: Any, shape: Shape = Shape.VALUE) -> str:
    """`key = value` as one or several lines of TOML, with the last line end; not for tables."""
    import tomli_w

    if isinstance(value, str):
        refuse_too_long(value)
    in_lines = shape is Shape.PROSE and not quotes_conflict(value)
    if shape is Shape.SET and not value:
        return f"{_key(key)} = [\n]\n"
    text = tomli_w.dumps({key: value}, multiline_strings=in_lines)
    if not same_values(tomllib.loads(text), {key: value}):
        raise ValueError("a value would not read back from TOML as it is")
    return text


def sentences(text: str) -> str:
    """`text` with each sentence of its paragraphs on a line of its own; code, lists and tables stay as they are."""
    lines: list[str] = []
    in_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            in_code = not in_code
        is_paragraph = not in_code and not _NOT_A_PARAGRAPH.match(line)
        lines += _END_OF_SENTENCE.split(line) if is_paragraph else [line]
    return "\n".join(lines)


def has_unstorable(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys whose texts hold half characters (lone surrogates) that will be stored as U+FFFD."""
    return tuple(key for key, value in values.items() if isinstance(value, str) and _LONE_SURROGATE.search(value))


def _stored(value: Any, field: StoredField | None, by_sentence: bool) -> Any:
    shape = field.shape if field is not None else Shape.VALUE
    if isinstance(value, str):
        value = well_formed(value)
        if shape is Shape.PROSE:
            words = value.rstrip("\n")
            value = (sentences(words) if by_sentence else words) + "\n" if words.strip() else ""
        return value
    if isinstance(value, dict):
        inside = stored_values(field.columns if field is not None else (), value, by_sentence=by_sentence)
        return {well_formed(key): item for key, item in inside.items()}
    if isinstance(value, list | tuple):
        items = [_stored(item, field if shape is Shape.ROWS else None, by_sentence) for item in value]
        return sorted(set(items)) if shape is Shape.SET else items
    return value


def _table_text(fields: Sequence[StoredField], values: Mapping[str, Any], path: tuple[str, ...]) -> str:
    lines: list[str] = []
    last_changes = False
    for field in fields:
        value = values.get(field.name)
        if value is None and field.changes:
            value = plain(field.default)
        if field.shape in (Shape.TABLE, Shape.ROWS):
            tables = value if isinstance(value, list) else [value] if value is not None else []
            lines += ["\n" + table_text(field, table, path) for table in tables]
            continue
        if value in (None, "", []) and not field.changes:
            continue
        if last_changes and field.changes:
            lines.append("\n")
        lines.append(value_text(field.name, "" if value is None else value, field.shape))
        last_changes = field.changes
    return "".join(lines)


def table_text(field: StoredField, table: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """One `[table]` or `[[row]]` of a field, with its header."""
    path = (*path, field.name)
    name = ".".join(map(_key, path))
    header = f"[[{name}]]" if field.shape is Shape.ROWS else f"[{name}]"
    return f"{header}\n{_table_text(field.columns, table, path)}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else value_text(name, 0).rpartition(" = ")[0]
