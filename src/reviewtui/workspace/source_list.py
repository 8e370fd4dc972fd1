"""The `[[source]]` entries of a workspace: their names, and where their files are on this machine."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Severity
from reviewtui.workspace.model import RESERVED_SOURCE_NAMES, SOURCE_KINDS, SourceConfig
from reviewtui.workspace.schema import Spot, Unusable, did_you_mean, filled_text, one_of, read_table, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reviewtui.workspace.schema import Schema

_MAX_NAME = 60
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class WrittenSource:
    """One `[[source]]` as written, not yet looked up on this machine."""

    spot: Spot
    path: str | None
    name: str | None
    kind: str


def source_name(value: object, spot: Spot) -> str:
    """A name that a person gave to a source."""
    name = filled_text(value, spot)
    if name.casefold() in RESERVED_SOURCE_NAMES:
        raise Unusable(f'"{name}" is a reserved name. Name the source something else.')
    if len(name) > _MAX_NAME or _CONTROL.search(name):
        raise Unusable(f"A source's name has at most {_MAX_NAME} characters, all of them visible.")
    return name


SOURCE_SCHEMA: Schema = {"name": source_name, "path": filled_text, "kind": one_of(SOURCE_KINDS)}
LOCAL_SOURCE_SCHEMA: Schema = {"name": filled_text, "path": filled_text}


def written_source(value: object, spot: Spot) -> WrittenSource:
    """Read one `[[source]]` of `reviewtui.toml`."""
    entry = read_table(value, spot, SOURCE_SCHEMA)
    if "path" not in entry and not (isinstance(value, dict) and "path" in value):
        spot.report('The source has no `path`. Add the place of its file, as path = "data/acme.duckdb".')
    return WrittenSource(spot, entry.get("path"), entry.get("name"), entry.get("kind", "duckdb"))


def local_source(value: object, spot: Spot) -> tuple[str, str, Spot] | None:
    """Read one `[[source]]` of `local.toml`: name, path and where the path is written; None if either lacks."""
    entry = read_table(value, spot, LOCAL_SOURCE_SCHEMA)
    if {"name", "path"} <= entry.keys():
        return entry["name"], entry["path"], spot.inside("path")
    if not isinstance(value, dict) or not {"name", "path"} <= value.keys():
        spot.report("A source in this file needs both the `name` it has in the workspace and its `path` here.")
    return None


def configured_sources(
    root: Path, written: Sequence[WrittenSource], local: Iterable[tuple[str, str, Spot]]
) -> tuple[SourceConfig, ...]:
    """The sources with unique names and absolute paths; one whose path cannot be told is reported and left out."""
    names = _unique_names(written)
    overrides = _overrides(names, local)
    sources: dict[str, SourceConfig] = {}
    for name, source in zip(names, written, strict=True):
        path, spot = overrides.get(name.casefold(), (source.path, source.spot.inside("path")))
        if path is None:
            continue
        try:
            place = expanded_path(root, path)
        except Unusable as error:
            spot.report(str(error))
            continue
        real = os.path.realpath(place)
        if real in sources:
            spot.report(
                f"This is the same file as the source `{sources[real].name}`; it is read once.", Severity.WARNING
            )
            continue
        sources[real] = SourceConfig(name, place, source.kind, source.spot.line)
    return tuple(sources.values())


def expanded_path(root: Path, written: str) -> Path:
    """`written` with `~` and `${VAR}` expanded, from the workspace's root on; Unusable if that cannot be done."""

    def variable(match: re.Match[str]) -> str:
        value = os.environ.get(match[1])
        if value is None:
            raise Unusable(
                f"The environment variable `{shown(match[1])}` is not set."
                " Set it, or give this machine's path in local.toml."
            )
        return value

    expanded = _VARIABLE.sub(variable, written)
    if "\0" in expanded:
        raise Unusable("The path has a NUL character in it. Remove it.")
    home = os.path.expanduser(expanded)  # noqa: PTH111 - Path.expanduser raises where there is no home
    if home.startswith("~"):
        raise Unusable("There is no such home folder. Write the path without `~`.")
    return root.absolute() / home


def variables_in(text: str) -> set[str]:
    """The environment variables that paths in `text` can refer to."""
    return set(_VARIABLE.findall(text))


def default_source_name(path: str, taken: Iterable[str] = ()) -> str:
    """A source's name made from its file name: lower-case letters, digits and `_`, different from all `taken`."""
    stem = unicodedata.normalize("NFKD", Path(path).stem).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", stem).strip("_")[:_MAX_NAME] or "source"
    if base[0].isdigit():
        base = f"source_{base}"[:_MAX_NAME]
    used = {name.casefold() for name in (*taken, *RESERVED_SOURCE_NAMES)}
    name, number = base, 2
    if base in RESERVED_SOURCE_NAMES:
        name = base = f"{base}_db"
    while name in used:
        name = f"{base}_{number}"
        number += 1
    return name


def _unique_names(written: Sequence[WrittenSource]) -> list[str]:
    """One name a source: names that were given come first, then the defaults around them."""
    given: dict[str, int] = {}
    for index, source in enumerate(written):
        if source.name is None:
            continue
        first = given.setdefault(source.name.casefold(), index)
        if first != index:
            source.spot.inside("name").report(
                f'There is a source named "{shown(source.name)}" already; this one is named after its file.'
                " Give each source a name of its own."
            )
    names: dict[int, str] = {index: str(written[index].name) for index in given.values()}
    for index, source in enumerate(written):
        if index not in names:
            names[index] = default_source_name(source.path or "", names.values())
    return [names[index] for index in range(len(written))]


def _overrides(names: Sequence[str], local: Iterable[tuple[str, str, Spot]]) -> Mapping[str, tuple[str | None, Spot]]:
    known = {name.casefold(): name for name in names}
    overrides: dict[str, Any] = {}
    for name, path, spot in local:
        if name.casefold() in known:
            overrides[name.casefold()] = (path, spot)
        else:
            hint = did_you_mean(name, names)
            spot.report(f"The workspace has no source named `{shown(name)}`.{hint}", Severity.WARNING)
    return overrides
