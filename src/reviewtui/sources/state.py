"""What the program knows about a source after reading it: plain values, for every process and screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from reviewtui.errors import Problem


MOST_OTHERS = 30


class SourceState(NamedTuple):
    """What was found when a source was read."""

    name: str
    path: str
    modified: datetime | None
    size: int
    wal_bytes: int
    """Bytes of unmerged write-ahead log beside the file; 0 where there is none."""
    tables: tuple[str, ...] = ()
    """Canonical input tables found in it."""
    problem: str = ""
    """Why it could not be used; empty where it could."""
    fingerprint: tuple[int, ...] = ()
    """The state of the file just before it was opened, see `freshness`."""
    others: tuple[str, ...] = ()
    """Tables and views in it that are not used, as `schema.name`, the first `MOST_OTHERS`."""


class FoundTable(NamedTuple):
    """A relation that serves as a canonical input table."""

    table: str
    """The canonical name."""
    source: str
    """The source's name, or `[views]` for an entry of that table."""
    relation: str
    """The quoted SQL name to select from."""
    columns: Mapping[str, tuple[str, str]]
    """Canonical column name to (column name as found, DuckDB type); only columns that exist."""
    is_view: bool = False
    """Its rows come from SQL that may not end; read it under a deadline."""


class Inspection(NamedTuple):
    """What can be told about the sources without reading their rows."""

    states: tuple[SourceState, ...]
    found: tuple[FoundTable, ...]
    missing: Mapping[str, str]
    """Canonical table not found, to why: no such name, or the columns that lack."""
    problems: tuple[Problem, ...] = ()


class Progress(NamedTuple):
    """How far a job is, in words a person waits with."""

    stage: str
    done: int = 0
    total: int = 0
    """0 where it is not known."""
