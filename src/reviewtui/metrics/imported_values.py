"""Bring the files of imported values into the evaluation, as one more table of `metric_value`.

The files are read and checked without DuckDB; it only gets rows that are sound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.imports.stored import read_imports
from reviewtui.sources.canonical import TABLES_BY_NAME
from reviewtui.sources.request import quoted
from reviewtui.sources.state import FoundTable
from reviewtui.workspace.model import IMPORTS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from reviewtui.errors import Problem
    from reviewtui.imports.stored import StoredValue

RELATION = quoted("imported values")
ROWS_PER_INSERT = 20_000


def create_imported_values(
    connection: DuckDBPyConnection, paths: Sequence[Path]
) -> tuple[tuple[FoundTable, ...], tuple[Problem, ...]]:
    """Make a table of the rows in the files `paths`; the table, none if there is no row, and what was not usable."""
    if not paths:
        return (), ()
    stored = read_imports(paths)
    if not stored.values:
        return (), stored.problems
    columns = TABLES_BY_NAME["metric_value"].columns
    connection.execute(f"create table {RELATION} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
    arrays = ", ".join(f"unnest(${place}::{kind}[])" for place, (_, kind) in enumerate(columns, 1))
    for rows in _portions(stored.values):
        fields = [[row[place] for row in rows] for place in range(len(columns))]
        connection.execute(f"insert into {RELATION} select {arrays}", fields)
    found = FoundTable("metric_value", IMPORTS_FOLDER, RELATION, {name: (name, kind) for name, kind in columns})
    return (found,), stored.problems


def _portions(rows: Sequence[StoredValue]) -> Iterator[Sequence[StoredValue]]:
    for start in range(0, len(rows), ROWS_PER_INSERT):
        yield rows[start : start + ROWS_PER_INSERT]
