"""What two people made of the same record and could not be brought together, kept until somebody decides.

Three things tell of it: a file beside the record that keeps a text which clashed, a copy that a folder sync made
because both sides changed the file, and the stages that git keeps of an unmerged file. All become a `Conflict`.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.merge import ID, merge_fields
from reviewtui.workspace.record_files import CONFLICT_MARK
from reviewtui.workspace.records import slug
from reviewtui.workspace.toml_file import TomlFile, new_toml, parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from reviewtui.workspace.kinds.base import Record, RecordKind
    from reviewtui.workspace.merge import Clash, Merged
    from reviewtui.workspace.toml_lines import KeyPath

Values = dict[str, Any]


@dataclass(frozen=True)
class Conflict:
    """Two versions of one record."""

    path: str
    """The record's file, from the root."""
    kind: RecordKind[Record]
    record_id: str
    base: Values
    """The values both began with; empty where nobody knows."""
    mine: Values
    theirs: Values
    """What is in the record's file now; for an unmerged file what the other branch has."""
    clashes: tuple[Clash, ...]
    merged: Values
    """Both, with theirs at the clashes."""
    other: str = ""
    """The file that keeps mine, from the root; it goes when the conflict is resolved."""
    said: str = ""
    """Who wrote mine, and when, as far as it is known."""
    text: TomlFile | None = field(default=None, compare=False, repr=False)
    """The text that the result is written into; None: the record's file as it is."""


def conflict_of(
    kind: RecordKind[Record], path: str, record_id: str, versions: Sequence[Mapping[str, Any]], **facts: Any
) -> Conflict:
    """The conflict of three versions: base, mine, theirs."""
    base, mine, theirs = (dict(values) for values in versions)
    merged = merge_fields(base, mine, theirs, kind.fields)
    return Conflict(path, kind, record_id, base, mine, theirs, merged.clashes, merged.values, **facts)


def sibling_name(path: str, now: datetime) -> str:
    """The file that keeps a text which clashed with the record at `path`: `….toml.conflict-<host>-<time>`."""
    host = slug(socket.gethostname().partition(".")[0])
    return f"{path.removesuffix('.toml')}{CONFLICT_MARK}{host}-{now:%Y%m%dT%H%M%S%f}"


def sibling_text(clashes: Sequence[Clash], author: str, now: datetime) -> str:
    """What such a file says: for each clash where it is, what both began with, and mine."""
    rows = []
    for clash in clashes:
        row: Values = {"path": [str(part) for part in clash.path]}
        row |= {name: value for name, value in (("base", clash.base), ("mine", clash.mine)) if value is not None}
        rows.append(row)
    head = (
        "# What was written here could not be saved into the record beside this file, because somebody else had\n"
        "# changed the same text. It is kept until the conflict is resolved in reviewtui, which removes this file.\n"
    )
    return head + new_toml({"schema": 1, "author": author, "kept_at": now.isoformat(timespec="seconds"), "clash": rows})


def read_sibling(
    file: TomlFile, kind: RecordKind[Record], path: str, record_id: str, current: Mapping[str, Any]
) -> Conflict | None:
    """The conflict that a kept text tells of; None where it is not of that form."""
    rows = file.data.get("clash")
    if file.damaged or not isinstance(rows, list):
        return None
    base, mine = dict(current), dict(current)
    for row in rows:
        names = row.get("path") if isinstance(row, dict) else None
        if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
            base = with_value(base, tuple(names), row.get("base"))
            mine = with_value(mine, tuple(names), row.get("mine"))
    said = " ".join(str(file.data[key]) for key in ("author", "kept_at") if file.data.get(key))
    return conflict_of(kind, path, record_id, (base, mine, current), other=file.label, said=said)


def unmerged(
    kind: RecordKind[Record],
    path: str,
    record_id: str,
    stages: tuple[bytes | None, bytes | None, bytes | None],
    root: Path,
) -> Conflict | None:
    """The conflict of an unmerged file, by git's stages: common ancestor, ours, theirs; None if one is not TOML."""
    files = [parse_toml(raw or b"", root / path, path) for raw in stages]
    if any(file.damaged for file in files):
        return None
    versions = [file.data for file in files]
    return conflict_of(kind, path, record_id, versions, text=files[2] if stages[2] else files[1])


def with_mine(merged: Merged) -> Values:
    """The merged values, with mine at the clashes."""
    values = dict(merged.values)
    for clash in merged.clashes:
        values = with_value(values, clash.path, clash.mine)
    return values


def resolved(conflict: Conflict, chosen: Mapping[KeyPath, Any]) -> Values:
    """The values after a decision; a clash that nobody decided keeps theirs."""
    values = dict(conflict.merged)
    for clash in conflict.clashes:
        if clash.path in chosen:
            values = with_value(values, clash.path, chosen[clash.path])
    return values


def with_value(values: Values, path: KeyPath, value: Any) -> Values:
    """A copy with the value at `path`; a part of it that names a row is the row's id. None removes it."""
    key, *rest = path
    name = str(key)
    if not rest:
        kept = {other: item for other, item in values.items() if other != name}
        return kept if value is None else {**kept, name: value}
    inner = values.get(name)
    if isinstance(inner, list):
        return {**values, name: _with_row_value(inner, tuple(rest), value)}
    return {**values, name: with_value(dict(inner or {}), tuple(rest), value)}


def _with_row_value(rows: list[Any], path: KeyPath, value: Any) -> list[Any]:
    row_id, *rest = path
    found = [row for row in rows if row.get(ID) == row_id]
    if not rest:
        kept = [row for row in rows if row.get(ID) != row_id]
        return kept if value is None else [*kept, value]
    if not found:
        return [*rows, with_value({ID: row_id}, tuple(rest), value)]
    return [with_value(dict(row), tuple(rest), value) if row is found[0] else row for row in rows]
