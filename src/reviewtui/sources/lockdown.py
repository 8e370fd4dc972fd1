"""The one place that opens a user's DuckDB file.

The order matters: every file is looked at, then DuckDB starts without extensions, spill folder or secrets, then the
files are attached read-only, then files and network are closed for good and the settings are locked. Until then no
SQL of other people runs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, SourceError
from reviewtui.sources.focus import FOCUS, check_focus_file
from reviewtui.sources.freshness import fingerprint
from reviewtui.sources.messages import opening_failed
from reviewtui.sources.preflight import check_file
from reviewtui.sources.request import is_sql_text, quoted, source_problem
from reviewtui.sources.state import SourceState
from reviewtui.text import safe_text
from reviewtui.workspace.model import PULLED_KIND, PULLED_ROWS_KIND, RESERVED_SOURCE_NAMES, SOURCE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from reviewtui.sources.preflight import FileFacts
    from reviewtui.sources.request import SourceRequest
    from reviewtui.workspace.model import SourceConfig

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "temp_directory": "",
    "preserve_insertion_order": "false",
}
_LOCK = (
    "SET TimeZone = 'UTC'",
    "SET enable_progress_bar = false",
    "SET enable_external_access = false",
    "SET disabled_filesystems = 'LocalFileSystem'",
    "SET lock_configuration = true",
)
"""Without the fourth, `COPY ... TO` could still overwrite an attached file."""
_LOCK_BUT_ONE = (
    "SET TimeZone = 'UTC'",
    "SET enable_progress_bar = false",
    "SET allowed_paths = [{path}]",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
"""For a file that no statement can attach: it stays readable, and nothing else is."""


@dataclass(frozen=True, slots=True)
class OpenedSources:
    """A locked connection with every usable source attached under its name."""

    connection: duckdb.DuckDBPyConnection
    states: tuple[SourceState, ...]
    """One for each source asked for, in order."""
    problems: tuple[Problem, ...]


def open_sources(request: SourceRequest, on_open: Callable[[SourceConfig], None]) -> OpenedSources:
    """Open what can be opened; each source that cannot has a problem. Calls `on_open` before each file is opened."""
    # Before anything is looked at: a change while the file is read must show as a change.
    fingerprints = [fingerprint(source.path) for source in request.sources]
    checked = [_checked(source, request.sources[:index]) for index, source in enumerate(request.sources)]
    connection = _connection(request)
    outcomes = []
    for source, facts in zip(request.sources, checked, strict=True):
        if isinstance(facts, str):
            outcomes.append((_state(source, None, facts), facts))
            continue
        on_open(source)
        predicate = "" if source.kind == FOCUS else _attach(connection, source, facts)
        outcomes.append((_state(source, facts, predicate), predicate))
    for statement in _LOCK:
        connection.execute(statement)
    problems = tuple(
        source_problem(source, state.problem)
        for source, (state, predicate) in zip(request.sources, outcomes, strict=True)
        if predicate
    )
    states = tuple(state._replace(fingerprint=seen) for (state, _), seen in zip(outcomes, fingerprints, strict=True))
    return OpenedSources(connection, states, problems)


def open_export(path: str, request: SourceRequest) -> duckdb.DuckDBPyConnection:
    """A connection of its own, locked too, for one cost export: it can read the file at `path` and nothing else.

    No SQL of other people ever runs on it.
    """
    connection = _connection(request)
    for statement in _LOCK_BUT_ONE:
        connection.execute(statement.format(path=_text(os.path.realpath(path))))
    return connection


def _connection(request: SourceRequest) -> duckdb.DuckDBPyConnection:
    import duckdb

    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": request.memory_limit,
        "threads": str(request.threads),
    }
    return duckdb.connect(":memory:", config=_CONFIG | limits)


def _text(path: str) -> str:
    return "'" + path.replace("'", "''") + "'"


def _checked(source: SourceConfig, earlier: tuple[SourceConfig, ...]) -> FileFacts | str:
    """The facts of the file, or why it is not opened."""
    if source.kind not in (*SOURCE_KINDS, PULLED_KIND, PULLED_ROWS_KIND):
        return f'is of kind "{safe_text(source.kind)}", which is not known. Write one of: {", ".join(SOURCE_KINDS)}.'
    if not source.name or not is_sql_text(source.name) or source.name.casefold() in RESERVED_SOURCE_NAMES:
        return "has a name that DuckDB cannot use for it. Give it another name."
    if source.name.casefold() in {other.name.casefold() for other in earlier}:
        return "has the name of another source. Give each source a name of its own."
    try:
        return check_focus_file(source.path) if source.kind == FOCUS else check_file(source.path)
    except SourceError as error:
        return error.message


def _attach(connection: duckdb.DuckDBPyConnection, source: SourceConfig, facts: FileFacts) -> str:
    """Attach the file read-only; why it failed, or nothing."""
    import duckdb

    try:
        connection.execute(f"ATTACH {_text(str(facts.real_path))} AS {quoted(source.name)} (READ_ONLY, TYPE duckdb)")
    except (duckdb.Error, MemoryError) as error:
        return opening_failed(error, facts.real_path)
    return ""


def _state(source: SourceConfig, facts: FileFacts | None, predicate: str) -> SourceState:
    problem = f'The source "{safe_text(source.name)}" ({safe_text(source.path.name)}) {predicate}' if predicate else ""
    path = str(source.path)
    if facts is None:
        return SourceState(source.name, path, None, 0, 0, problem=problem)
    return SourceState(source.name, path, facts.modified, facts.size, facts.wal_bytes, problem=problem)
