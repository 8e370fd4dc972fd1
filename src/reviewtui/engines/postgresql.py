"""PostgreSQL through psycopg: work tables are temporary ones, all reads are of one moment."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors, sql

from reviewtui.engines.dialects import POSTGRESQL
from reviewtui.engines.engine import (
    DAY,
    DECIMAL,
    DOUBLE,
    FLAG,
    INSTANT,
    LOCAL_TIME,
    OTHER,
    TEXT,
    WHOLE,
    Column,
    EngineError,
    MissingTable,
    Result,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from reviewtui.engines.dialects import Dialect
    from reviewtui.engines.engine import Row
    from reviewtui.engines.settings import EngineSettings

_KINDS = {
    "text": TEXT, "varchar": TEXT, "bpchar": TEXT, "name": TEXT, "uuid": TEXT, "citext": TEXT, "date": DAY,
    "timestamp": LOCAL_TIME, "timestamptz": INSTANT, "numeric": DECIMAL, "float4": DOUBLE, "float8": DOUBLE,
    "int2": WHOLE, "int4": WHOLE, "int8": WHOLE, "bool": FLAG,
}  # fmt: skip
_TYPES = {
    TEXT: "text", DAY: "date", LOCAL_TIME: "timestamp", INSTANT: "timestamptz", DECIMAL: "numeric", DOUBLE: "float8",
    WHOLE: "bigint", FLAG: "boolean", OTHER: "text",
}  # fmt: skip
_CONNECT_SECONDS = 10
_GONE_CHECK = "2s"
"""How soon the server notices that a pull was ended, and ends its query."""
_TABLES = """
select table_name from information_schema.tables where table_schema = %s
union select matviewname from pg_catalog.pg_matviews where schemaname = %s
"""


class PostgreSQL:
    """One connection to a PostgreSQL server."""

    dialect: Dialect = POSTGRESQL
    has_snapshot = True

    def __init__(self, settings: EngineSettings) -> None:
        self._schema = settings.schema or "public"
        keywords: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS, "application_name": "reviewtui pull"}
        if settings.user:
            keywords["user"] = settings.user
        if settings.password:
            keywords["password"] = settings.password
        if settings.catalog:
            keywords["dbname"] = settings.catalog
        try:
            self._connection = psycopg.connect(settings.dsn, **keywords)
            # The zone of the server's clock, before this connection gets one of its own.
            self._zone = str(self._one("show timezone"))
            self._connection.rollback()
            self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._one("select set_config('TimeZone', 'UTC', false)")
            with contextlib.suppress(psycopg.Error), self._connection.transaction():
                self._connection.execute(
                    "select set_config('client_connection_check_interval', %s, false)", [_GONE_CHECK]
                )
            # Whole tables are read and work tables have no index: a nested loop would be a wrong guess.
            self._connection.execute("set enable_nestloop = off")
            self._connection.execute("set jit = off")
        except psycopg.Error as error:
            raise _unreachable(error) from error

    def _one(self, query: str) -> object:
        row = self._connection.execute(query).fetchone()
        return row[0] if row else None

    def tables(self) -> dict[str, str]:
        """The tables and views of the schema."""
        with self._faults():
            rows = self._connection.execute(_TABLES, [self._schema, self._schema]).fetchall()
        return {str(name).lower(): self.dialect.quoted(self._schema, str(name)) for (name,) in rows}

    def columns(self, query: str) -> tuple[Column, ...]:
        """The columns of a SELECT."""
        return self.fetch(f"select * from ({query}) as described limit 0").columns

    def create(self, name: str, query: str) -> None:
        """Make a temporary table and let the server look at it, so that it plans well with it."""
        with self._faults():
            self._run(f"create temporary table {self.dialect.quoted(name)} as {query}")
            self._run(f"analyze {self.dialect.quoted(name)}")

    def append(self, name: str, query: str) -> None:
        """Add the rows of a SELECT."""
        with self._faults():
            self._run(f"insert into {self.dialect.quoted(name)} {query}")

    def drop(self, name: str) -> None:
        """Drop a temporary table."""
        with self._faults():
            self._run(f"drop table {self.dialect.quoted(name)}")

    def upload(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make a temporary table of `rows`."""
        listed = ", ".join(f"{self.dialect.quoted(column.name)} {_TYPES[column.kind]}" for column in columns)
        with self._faults():
            self._run(f"create temporary table {self.dialect.quoted(name)} ({listed})")
            with (
                self._connection.cursor() as cursor,
                cursor.copy(sql.SQL("copy {} from stdin").format(sql.Identifier(name))) as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            self._run(f"analyze {self.dialect.quoted(name)}")

    def fetch(self, query: str) -> Result:
        """The rows of a SELECT."""
        with self._faults():
            cursor = self._connection.execute(query)
            rows: list[Row] = [tuple(row) for row in cursor.fetchall()]
            return Result(tuple(self._column(item) for item in cursor.description or ()), rows)

    def clock(self) -> tuple[datetime, str]:
        """The server's time and the time zone it gives to sessions."""
        with self._faults():
            row = self._connection.execute("select clock_timestamp()").fetchone()
        assert row is not None  # noqa: S101 - a SELECT without FROM has one row
        return row[0], self._zone

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _run(self, statement: str) -> None:
        self._connection.execute(statement)

    def _column(self, item: psycopg.Column) -> Column:
        known = self._connection.adapters.types.get(item.type_code)
        found = known.name if known is not None else str(item.type_code)
        return Column(item.name, _KINDS.get(found, OTHER), item.type_display if known is not None else found)

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        """Turn what the driver raises into sentences; a failed statement leaves the connection usable."""
        try:
            with self._connection.transaction():
                yield
        except psycopg.Error as error:
            if self._connection.closed or isinstance(error, errors.AdminShutdown | errors.CrashShutdown):
                raise _unreachable(error) from error
            raise _fault(error) from error


def _first_line(error: psycopg.Error) -> str:
    text = error.diag.message_primary or str(error)
    return " ".join(text.strip().splitlines()[0].split()) if text.strip() else type(error).__name__


def _unreachable(error: psycopg.Error) -> EngineError:
    words = str(error)
    if "password authentication failed" in words or "no password supplied" in words or "fe_sendauth" in words:
        return Unreachable(
            "refuses the user or the password. Set the password in the environment variable that the entry names."
        )
    if isinstance(error, errors.AdminShutdown | errors.CrashShutdown):
        return Unreachable(f"ended the connection ({_first_line(error)}). Pull again when it is back.")
    return Unreachable(f"cannot be reached ({_first_line(error)}). Check that it runs, and the address in the entry.")


def _fault(error: psycopg.Error) -> EngineError:
    reason = _first_line(error)
    if isinstance(error, errors.InsufficientPrivilege):
        return EngineError(
            f"does not permit it ({reason}). Ask for the right to read it, and to make temporary tables."
        )
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName):
        return MissingTable(f"has no such table ({reason}). Map it with [engine.views].")
    if isinstance(error, errors.QueryCanceled):
        return EngineError(f"ended the query before it was done ({reason}). Pull again; what was pulled stays.")
    if isinstance(error, errors.DiskFull | errors.OutOfMemory):
        return EngineError(f"has no room for the query ({reason}).")
    return EngineError(f"cannot run the query ({reason}).")
