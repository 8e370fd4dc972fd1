"""An engine that is a DuckDB file: everything about pulling can be tried with it, without a server.

It can be told to fail, to lose its connection or to gain rows at a certain statement.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from reviewtui.engines.dialects import Dialect
from reviewtui.engines.engine import DAY, DECIMAL, DOUBLE, FLAG, INSTANT, LOCAL_TIME, OTHER, TEXT, WHOLE, Column, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reviewtui.engines.engine import Row

DUCKDB = Dialect(
    name="duckdb",
    title="DuckDB",
    writer="duckdb",
    text="cast({0} as varchar)",
    microseconds="epoch_us({0})",
    local_time="timezone({1}, {0})",
    local_day="cast(timezone({1}, {0}) as date)",
    instant_of_local="timezone('UTC', {0})",
    instant_of_day="timezone({1}, cast({0} as timestamp))",
    day_of_local="cast({0} as date)",
    finite="isfinite({0})",
    money="cast({0} as decimal(28, 8))",
    double="cast({0} as double)",
    whole="cast({0} as bigint)",
    flag="{0}",
    hash=lambda parts: f"hash({', '.join(parts)})",
    null={
        "VARCHAR": "null::varchar",
        "DATE": "null::date",
        "TIMESTAMP": "null::timestamp",
        "DECIMAL": "null::decimal(28, 8)",
        "DOUBLE": "null::double",
        "BIGINT": "null::bigint",
        "BOOLEAN": "null::boolean",
    },
)
_KINDS = {
    "VARCHAR": TEXT,
    "DATE": DAY,
    "TIMESTAMP": LOCAL_TIME,
    "TIMESTAMP WITH TIME ZONE": INSTANT,
    "DECIMAL": DECIMAL,
    "HUGEINT": DECIMAL,
    "DOUBLE": DOUBLE,
    "BIGINT": WHOLE,
    "INTEGER": WHOLE,
    "TINYINT": WHOLE,
    "BOOLEAN": FLAG,
}


class DuckEngine:
    """The tables of a DuckDB file as those of an engine."""

    dialect = DUCKDB
    has_snapshot = False

    def __init__(self, path: Path, before_statement: Callable[[str], object] = len, threads: int = 2) -> None:
        """`before_statement` is called with every statement that is about to run."""
        self.connection = duckdb.connect(":memory:", config={"threads": threads})
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute(f"attach '{path}' as company")
        self.before_statement = before_statement
        self.fetched: list[Row] = []
        """Every row that left the engine."""
        self.now = datetime.now(UTC)
        self.zone = "UTC"

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        self.before_statement(sql)
        return self.connection.execute(sql)

    def tables(self) -> dict[str, str]:
        rows = self._run(
            "select table_name from duckdb_tables() where database_name = 'company'"
            " union all select view_name from duckdb_views() where database_name = 'company' and not internal"
        ).fetchall()
        return {name: f'company.main."{name}"' for (name,) in rows}

    def columns(self, query: str) -> tuple[Column, ...]:
        described = self._run(f"describe {query}").fetchall()
        return tuple(Column(name, _KINDS.get(kind.split("(")[0], OTHER), kind) for name, kind, *_ in described)

    def create(self, name: str, query: str) -> None:
        self._run(f'create table "{name}" as {query}')

    def append(self, name: str, query: str) -> None:
        self._run(f'insert into "{name}" {query}')

    def drop(self, name: str) -> None:
        self._run(f'drop table "{name}"')

    def upload(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        listed = ", ".join(f'"{column.name}" {column.kind or TEXT}' for column in columns)
        self._run(f'create table "{name}" ({listed})')
        arrays = ", ".join(f"unnest(${place}::{c.kind or TEXT}[])" for place, c in enumerate(columns, 1))
        if rows:
            self.connection.execute(f'insert into "{name}" select {arrays}', [list(v) for v in zip(*rows, strict=True)])

    def fetch(self, query: str) -> Result:
        columns = self.columns(query)
        rows: list[Row] = list(self._run(query).fetchall())
        self.fetched += rows
        return Result(columns, rows)

    def clock(self) -> tuple[datetime, str]:
        return self.now, self.zone

    def close(self) -> None:
        self.connection.close()
