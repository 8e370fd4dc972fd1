"""Change values in the text of a record's file, and nothing else: comments, order and unknown keys stay.

The new text is read back and compared with what was meant before anybody gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewtui.workspace.kinds.base import Shape, plain
from reviewtui.workspace.merge import ID
from reviewtui.workspace.record_text import refuse_too_long, table_text, value_text
from reviewtui.workspace.toml_file import editable_document, same_values, verified_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tomlkit import TOMLDocument
    from tomlkit.items import AoT, Item, Table

    from reviewtui.workspace.kinds.base import StoredField
    from reviewtui.workspace.toml_file import TomlFile

_TABLES = (Shape.TABLE, Shape.ROWS)


def edited_record(file: TomlFile, fields: Sequence[StoredField], meant: Mapping[str, Any]) -> bytes | None:
    """The bytes of `file` with its values changed into `meant`; None if they are so already.

    `meant` are all of the values, as TOML has them. A key that people change often stays, empty, where its value goes.
    ReviewError where the change cannot be made without risk to the rest.
    """
    import tomlkit

    edit = _Edit(editable_document(file), fields)
    edit.change(file.data, meant)
    text = tomlkit.dumps(edit.document) + "".join(edit.at_end)
    if text == file.text:
        return None
    refuse_too_long(text)
    return verified_bytes(file, text, edit.values, lambda first, second: _say_the_same(first, second, fields))


class _Edit:
    """One change of a document; `at_end` is the text of tables that come after it, `values` what it then holds."""

    def __init__(self, document: TOMLDocument, fields: Sequence[StoredField]) -> None:
        self.document = document
        self.fields = fields
        self.at_end: list[str] = []
        self.values: dict[str, Any] = {}

    def change(self, before: Mapping[str, Any], meant: Mapping[str, Any]) -> None:
        """Turn the values `before` into `meant`."""
        forms = {field.name: field for field in self.fields}
        self.values = dict(before)
        order = dict.fromkeys((*forms, *before, *meant))
        for key in order:
            old, new = before.get(key), _written(meant.get(key))
            if same_values(_written(old), new):
                continue
            field = forms.get(key)
            if field is not None and field.shape in _TABLES:
                self._change_tables(field, old, new)
            elif new is None:
                self._clear(key, field)
            else:
                self._put(key, new, field)

    def _put(self, key: str, value: Any, field: StoredField | None) -> None:
        """Replace a plain value, or add it after the key that comes before it in the schema."""
        self.values[key] = value
        text = value_text(key, value, field.shape if field is not None else Shape.VALUE)
        if key in self.document:
            self.document[key] = _item(text, key)
            return
        anchor = self._anchor(key)
        if anchor is None:
            self.document.add(key, _item(text, key))
        else:
            anchor.trivia.trail = (anchor.trivia.trail or "\n") + text

    def _anchor(self, key: str) -> Item | None:
        """The last plain value of the file that the schema has before `key`."""
        from tomlkit.items import AoT, Table

        names = [field.name for field in self.fields]
        before = names[: names.index(key)] if key in names else names
        for name in (*reversed(before), "schema"):
            item = self.document.get(name)
            if item is not None and not isinstance(item, Table | AoT) and hasattr(item, "trivia"):
                return item  # type: ignore[no-any-return]
        return None

    def _clear(self, key: str, field: StoredField | None) -> None:
        if field is not None and field.changes:
            self._put(key, plain(field.default) or _nothing(field), field)
        else:
            del self.values[key]
            self.document.remove(key)

    def _change_tables(self, field: StoredField, old: Any, new: Any) -> None:
        from tomlkit.items import AoT, Table

        item = self.document.get(field.name)
        if new is None:
            del self.values[field.name]
            self.document.remove(field.name)
            return
        self.values[field.name] = new
        if field.shape is Shape.TABLE and isinstance(item, Table):
            _change_table(item, field.columns, old, new)
        elif field.shape is Shape.ROWS and isinstance(item, AoT) and _same_order(old, new):
            self._change_rows(item, field, old, new)
        else:
            if item is not None:
                self.document.remove(field.name)
            self._add_at_end(field, new if field.shape is Shape.ROWS else [new])

    def _change_rows(self, rows: AoT, field: StoredField, old: Sequence[Any], new: Sequence[Any]) -> None:
        wanted = {row[ID]: row for row in new}
        for index in range(len(old) - 1, -1, -1):
            row = wanted.pop(old[index][ID], None)
            if row is None:
                del rows[index]
            else:
                _change_table(rows[index], field.columns, old[index], row)
        for row in wanted.values():
            table: Table = _item(table_text(field, row), field.name)[0]
            table.trivia.indent = "\n"
            rows.append(table)

    def _add_at_end(self, field: StoredField, tables: Sequence[Any]) -> None:
        for table in tables:
            self.at_end.append("\n" + table_text(field, table))


def _change_table(
    table: Table, fields: Sequence[StoredField], before: Mapping[str, Any], meant: Mapping[str, Any]
) -> None:
    """Change the plain keys of a table."""
    forms = {field.name: field for field in fields}
    for key in dict.fromkeys((*before, *meant)):
        new, field = _written(meant.get(key)), forms.get(key)
        if same_values(_written(before.get(key)), new):
            continue
        if new is None and (field is None or not field.changes):
            table.remove(key)
        else:
            new = (plain(field.default) or _nothing(field)) if new is None and field is not None else new
            table[key] = _item(value_text(key, new, field.shape if field is not None else Shape.VALUE), key)


def _nothing(field: StoredField) -> Any:
    """How a key that stays says that it has no value."""
    return [] if field.shape is Shape.SET else ""


def _same_order(old: Any, new: Sequence[Any]) -> bool:
    """Whether rows were only changed, removed, and added at the end; each has an id."""
    if not isinstance(old, list) or not all(isinstance(row, dict) and row.get(ID) for row in (*old, *new)):
        return False
    places = {row[ID]: index for index, row in enumerate(old)}
    order = [places.get(row[ID], len(old)) for row in new]
    return len(places) == len(old) and order == sorted(order)


def _say_the_same(first: object, second: object, fields: Sequence[StoredField]) -> bool:
    """Whether two versions are equal but for keys that say no more than their absence does."""
    return same_values(_bare(first, fields), _bare(second, fields))


def _bare(value: object, fields: Sequence[StoredField]) -> object:
    if isinstance(value, list):
        return [_bare(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    forms = {field.name: field for field in fields}
    kept = {}
    for key, item in value.items():
        field = forms.get(key)
        if _written(item) is not None and (field is None or not same_values(item, plain(field.default))):
            kept[key] = _bare(item, field.columns if field is not None else ())
    return kept


def _written(value: Any) -> Any:
    return None if value in ("", []) else value


def _item(text: str, key: str) -> Any:
    import tomlkit

    return tomlkit.parse(text)[key]
