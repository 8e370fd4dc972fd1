"""Bring together what two people made of the same record: field by field, from the version both began with.

Pure. Values are as TOML has them. Where both changed the same thing in different ways, theirs stays and a `Clash`
keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.kinds.base import Shape
from reviewtui.workspace.toml_file import same_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.workspace.kinds.base import StoredField
    from reviewtui.workspace.toml_lines import KeyPath

MOST_LINES = 20_000
"""A prose with more lines is merged as one value."""

ID = "id"


@dataclass(frozen=True, slots=True)
class Clash:
    """One value that both changed; None stands for a value that is not there."""

    path: KeyPath
    """The key, and inside of a table or a row its id and key."""
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """The values of both; theirs where they clash."""

    values: dict[str, Any]
    clashes: tuple[Clash, ...]


def merge_fields(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    fields: Sequence[StoredField],
    path: KeyPath = (),
) -> Merged:
    """Merge three versions of a table with the keys `fields`; keys that nobody knows are merged as whole values."""
    forms = {field.name: field for field in fields}
    values: dict[str, Any] = {}
    clashes: list[Clash] = []
    for key in dict.fromkeys((*theirs, *mine, *base)):
        sides = _Sides(_written(base.get(key)), _written(mine.get(key)), _written(theirs.get(key)), (*path, key))
        value, found = _merged_value(sides, forms.get(key))
        clashes += found
        if value is not None:
            values[key] = value
        elif key in theirs and theirs[key] == "":
            values[key] = ""
    return Merged(values, tuple(clashes))


@dataclass(frozen=True, slots=True)
class _Sides:
    base: Any
    mine: Any
    theirs: Any
    path: KeyPath

    def settled(self) -> tuple[bool, Any]:
        """Whether at most one side changed the value, and the value then."""
        if same_values(self.mine, self.base) or same_values(self.mine, self.theirs):
            return True, self.theirs
        if same_values(self.theirs, self.base):
            return True, self.mine
        return False, None

    def clash(self) -> tuple[Any, list[Clash]]:
        """Keep theirs, and both."""
        return self.theirs, [Clash(self.path, self.base, self.mine, self.theirs)]


def _written(value: Any) -> Any:
    """An empty text or list says the same as no key."""
    return None if value in ("", []) else value


def _merged_value(sides: _Sides, field: StoredField | None) -> tuple[Any, list[Clash]]:
    is_settled, value = sides.settled()
    if is_settled:
        return value, []
    shape = field.shape if field is not None else Shape.VALUE
    columns = field.columns if field is not None else ()
    present = [value for value in (sides.base, sides.mine, sides.theirs) if value is not None]
    if shape is Shape.PROSE and all(isinstance(value, str) for value in present):
        return _merged_prose(sides)
    if shape is Shape.SET and all(isinstance(value, list) for value in present):
        return _merged_set(sides), []
    if shape is Shape.TABLE and all(isinstance(value, dict) for value in present):
        merged = merge_fields(sides.base or {}, sides.mine or {}, sides.theirs or {}, columns, sides.path)
        return merged.values, list(merged.clashes)
    if shape is Shape.ROWS and all(_have_ids(value) for value in present):
        return _merged_rows(sides, columns)
    return sides.clash()


def _merged_set(sides: _Sides) -> list[Any]:
    base, mine, theirs = (set(map(str, side or ())) for side in (sides.base, sides.mine, sides.theirs))
    return sorted((theirs | (mine - base)) - (base - mine))


def _have_ids(value: Any) -> bool:
    """Whether each of the rows is known by an id of its own."""
    if not isinstance(value, list):
        return False
    ids = [row.get(ID) for row in value if isinstance(row, dict)]
    return len(ids) == len(value) == len(set(map(str, ids))) and all(isinstance(name, str) and name for name in ids)


def _merged_rows(sides: _Sides, columns: Sequence[StoredField]) -> tuple[list[Any], list[Clash]]:
    base, mine, theirs = ({row[ID]: row for row in side or ()} for side in (sides.base, sides.mine, sides.theirs))
    rows: list[Any] = []
    clashes: list[Clash] = []
    for name in dict.fromkeys((*theirs, *mine)):
        row, found = _merged_row(base.get(name), mine.get(name), theirs.get(name), columns, (*sides.path, name))
        clashes += found
        if row is not None:
            rows.append(row)
    return rows, clashes


def _merged_row(
    base: Any, mine: Any, theirs: Any, columns: Sequence[StoredField], path: KeyPath
) -> tuple[Any, Sequence[Clash]]:
    """A row that one removed stays where the other changed it; keys that nobody knows do not count."""
    if mine is None or theirs is None:
        kept = theirs if mine is None else mine
        known = {column.name for column in columns} | (base or {}).keys()
        is_as_before = base is not None and same_values({key: kept[key] for key in kept if key in known}, base)
        return (None if is_as_before else kept), ()
    merged = merge_fields(base or {}, mine, theirs, columns, path)
    return merged.values, merged.clashes


def _merged_prose(sides: _Sides) -> tuple[Any, list[Clash]]:
    base, mine, theirs = (_lines(side) for side in (sides.base, sides.mine, sides.theirs))
    merged = None
    if max(len(base), len(mine), len(theirs)) <= MOST_LINES:
        merged = merge_lines(base, mine, theirs)
    return sides.clash() if merged is None else ("".join(merged), [])


def _lines(text: str | None) -> list[str]:
    """Split at line feeds only; each line with its own."""
    parts = (text or "").split("\n")
    lines = [f"{part}\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def merge_lines(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """The lines with the changes of both; None where changes touch the same or neighbouring lines."""
    edits = sorted({*_edits(base, mine), *_edits(base, theirs)}, key=lambda edit: edit[:2])
    merged: list[str] = []
    reached = 0
    for index, (start, end, lines) in enumerate(edits):
        if index and start <= reached:
            return None
        merged += base[reached:start]
        merged += lines
        reached = end
    return [*merged, *base[reached:]]


def _edits(base: Sequence[str], changed: Sequence[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """(from, to, new lines) for each run of base lines that was changed."""
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [(i1, i2, tuple(changed[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
