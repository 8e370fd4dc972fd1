"""Merge three versions of a workspace file, as git asks for it: records field by field, anything else line by line."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from reviewtui.errors import ReviewError
from reviewtui.workspace.git import merged_text
from reviewtui.workspace.kinds.registry import ALL_KINDS, kind_at
from reviewtui.workspace.merge import merge_fields
from reviewtui.workspace.record_edit import edited_record
from reviewtui.workspace.toml_file import read_toml, same_values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reviewtui.workspace.kinds.base import Record, RecordKind


def merged_file(base: Path, ours: Path, theirs: Path, path: str = "") -> tuple[bytes, bool]:
    """The merged bytes, and whether nothing is left to decide; `path` is where the file lies in its repository.

    Where something is left, the bytes are what git alone would write, with its conflict markers.
    """
    by_line, is_clean = merged_text(base, ours, theirs)
    files = [read_toml(place, path) for place in (base, ours, theirs)]
    kind = _kind(path, files[1].data)
    if kind is None or any(file.damaged for file in files[1:]):
        return by_line, is_clean and (_values(by_line) is not None or not path.endswith(".toml"))
    merged = merge_fields(files[0].data, files[1].data, files[2].data, kind.fields)
    if merged.clashes:
        return _marked(by_line, is_clean), False
    if is_clean and same_values(_values(by_line), merged.values):
        return by_line, True
    try:
        by_field = edited_record(files[1], kind.fields, merged.values) or files[1].raw
    except ReviewError:
        return by_line, False
    if _comments(files[2].raw) - _comments(files[0].raw) - _comments(by_field):
        # A comment that only they wrote would be lost.
        return by_line, is_clean and _values(by_line) is not None
    return by_field, True


def _marked(by_line: bytes, is_clean: bool) -> bytes:
    """A text that nobody takes for settled: lines may merge where a field does not."""
    note = b"# Both sides changed the same field: choose in reviewtui, or mend this file and `git add` it.\n"
    return note + by_line if is_clean else by_line


def _kind(path: str, values: Mapping[str, Any]) -> RecordKind[Record] | None:
    """The type of record at `path`, also where the workspace is a folder of the repository; by its keys without one."""
    parts = path.split("/")
    found = next((kind for at in range(len(parts)) if (kind := kind_at("/".join(parts[at:]))) is not None), None)
    if path or found is not None:
        return found
    keys = values.keys() - {"schema"}
    fitting = [kind for kind in ALL_KINDS if keys and keys <= {field.name for field in kind.fields}]
    return fitting[0] if len(fitting) == 1 else None


def _values(raw: bytes) -> dict[str, Any] | None:
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None


def _comments(raw: bytes) -> set[bytes]:
    return {line.strip() for line in raw.splitlines() if line.lstrip().startswith(b"#")}
