"""Run the SQL files of this package: statements in order, the rows of the last one as mappings."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

_CREATED = re.compile(r"^create (table|view) (\w+)", re.MULTILINE)
_SELECTS = re.compile(r";\s*\n(?=\S)")
_ROWS_AT_ONCE = 100


def read_sql(name: str) -> list[str]:
    """The statements of `sql/<name>.sql`, comments included."""
    text = resources.files("reviewtui.metrics").joinpath(f"sql/{name}.sql").read_text("utf-8")
    return [statement.strip().rstrip(";") for statement in _SELECTS.split(text) if statement.strip()]


def rows_of(connection: DuckDBPyConnection, sql: str) -> list[Row]:
    """The result of `sql` as one mapping a row."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run_steps(connection: DuckDBPyConnection, name: str) -> str:
    """Run all statements of `sql/<name>.sql` but the last, which is returned; tables of an earlier run are replaced."""
    *steps, last = read_sql(name)
    for step in steps:
        for kind, relation in _CREATED.findall(step):
            connection.execute(f"drop {kind} if exists {relation}")
        connection.execute(step)
    return last


def run_sql(connection: DuckDBPyConnection, name: str) -> list[Row]:
    """Run `sql/<name>.sql`; the rows of its last statement."""
    return rows_of(connection, run_steps(connection, name))


def insert_rows(connection: DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Put `rows` into `table`, many in one statement."""
    listed = list(rows)
    for start in range(0, len(listed), _ROWS_AT_ONCE):
        some = listed[start : start + _ROWS_AT_ONCE]
        marks = f"({', '.join('?' for _ in some[0])})"
        values = [value for row in some for value in row]
        connection.execute(f"insert into {table} values {', '.join([marks] * len(some))}", values)
