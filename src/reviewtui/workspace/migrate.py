"""Bring the files of a workspace to the current schema.

Each file carries its own schema number and is migrated by itself, by pure steps from one number to the next; what was
done already is not done again. Before anything is replaced, every file's result is computed and checked: the same
files and ids, and every text that a person wrote. The workspace's own file comes last, so that an interrupted
migration is simply run again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, ReviewError
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.kinds.registry import place_of
from reviewtui.workspace.model import SCHEMA, WORKSPACE_FILE
from reviewtui.workspace.record_edit import edited_record
from reviewtui.workspace.save_lock import save_lock
from reviewtui.workspace.toml_file import parse_toml, read_toml, same_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from reviewtui.workspace.toml_file import TomlFile

Step = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Takes a file's path from the root and its values, as TOML has them; returns its values in the next schema. Pure;
values that are of the next schema already come back as they are. The schema number is not its business."""

STEPS: Mapping[int, Step] = MappingProxyType({})
"""Schema number to the step from it to the next. Schema 1 is the first."""

BACKUP_PREFIX = "backup-"
"""What the folders of old files are called; they are no part of the workspace."""

_HEADLINE = "Not migrated"
_SCHEMA_KEY = "schema"


@dataclass(frozen=True, slots=True)
class Migrated:
    """One file that changes."""

    path: str
    """From the workspace's root."""
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration does; nothing is done while there are problems."""

    files: int
    """How many files were looked at."""
    changes: tuple[Migrated, ...]
    problems: tuple[Problem, ...]


def plan_migration(root: Path, steps: Mapping[int, Step] = STEPS, current: int = SCHEMA) -> Plan:
    """What is to be done to the workspace `root`; reads only."""
    changes: list[Migrated] = []
    problems: list[Problem] = []
    paths = sorted(_toml_files(root), key=lambda path: (path == WORKSPACE_FILE, path))
    for path in paths:
        file = read_toml(root / path, path)
        if file.damaged and file.problem is not None:
            problems.append(file.problem)
            continue
        number = _schema_of(file)
        if number > current:
            message = f"The file is of schema {number}, newer than this program knows ({current}). Update reviewtui."
            problems.append(Problem(path, file.line((_SCHEMA_KEY,)), message))
        elif number < current and file.data:
            try:
                changes.append(Migrated(path, file.raw, _migrated(file, steps, number, current)))
            except ReviewError as error:
                problems.append(Problem(path, None, error.message))
    return Plan(len(paths), tuple(changes), tuple(problems))


def migrate(root: Path, plan: Plan, now: datetime, *, backup: bool) -> Path | None:
    """Do what `plan` says; with `backup` the old files are copied first, and the folder they are in is returned.

    ReviewError, and the files that were not reached yet are as they were, if the plan has problems, a file was changed
    since, or one cannot be written.
    """
    if plan.problems:
        raise ReviewError(f"{plan.problems[0]} Nothing was migrated.", _HEADLINE)
    if not plan.changes:
        return None
    folder = root / f"{BACKUP_PREFIX}{now:%Y%m%dT%H%M%S}" if backup else None
    with save_lock(root):
        if folder is not None:
            for change in plan.changes:
                make_folders((folder / change.path).parent)
                atomic_write(folder / change.path, change.before)
        for change in plan.changes:
            atomic_write(root / change.path, change.after, replaces=change.before)
    return folder


def _migrated(file: TomlFile, steps: Mapping[int, Step], number: int, current: int) -> bytes:
    """The file's bytes in the current schema; ReviewError where a step would lose something."""
    values = _through(file.label, file.data, steps, number, current)
    if not same_values(values, _through(file.label, values, steps, number, current)):
        raise ReviewError("A step of the migration does not come to an end. Report it; the file is as it was.")
    data = edited_record(file, (), values) or file.raw
    after = parse_toml(data, file.path, file.label)
    lost = _texts(file.data) - _texts(after.data)
    if after.damaged or _schema_of(after) != current or lost:
        raise ReviewError("The migration would lose a text of this file. Report it; the file is as it was.")
    return data


def _through(
    path: str, values: Mapping[str, Any], steps: Mapping[int, Step], number: int, current: int
) -> dict[str, Any]:
    for schema in range(number, current):
        values = steps[schema](path, values)
    # The number stands first, as in every new file.
    return {_SCHEMA_KEY: current, **{key: value for key, value in values.items() if key != _SCHEMA_KEY}}


def _schema_of(file: TomlFile) -> int:
    """A file without a number is of the first schema."""
    number = file.data.get(_SCHEMA_KEY, 1)
    return number if isinstance(number, int) and number >= 1 else 1


def _texts(value: object) -> set[str]:
    """Hashes of what people wrote: every text of more than a word, wherever it stands."""
    if isinstance(value, str):
        words = value.strip()
        return {hashlib.sha256(words.encode()).hexdigest()} if len(words.split()) > 1 else set()
    if isinstance(value, dict):
        value = list(value.values())
    return set().union(*map(_texts, value)) if isinstance(value, list) else set()


def _toml_files(root: Path) -> Iterator[str]:
    """The workspace's TOML files by their path from the root; links and hidden folders are not followed."""
    for folder, folders, names in os.walk(root):
        here = os.path.relpath(folder, root)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not (here == "." and name.startswith(BACKUP_PREFIX))
        )
        for name in names:
            path = name if here == "." else f"{Path(here).as_posix()}/{name}"
            is_own = name == WORKSPACE_FILE or here != "." or place_of(path) is not None
            if name.endswith(".toml") and not name.startswith(".") and is_own:
                yield path
