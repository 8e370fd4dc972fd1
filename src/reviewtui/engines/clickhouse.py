"""ClickHouse through clickhouse-connect, a server or the embedded chDB: work tables are temporary ones."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, OperationalError

from reviewtui.engines.dialects import CLICKHOUSE
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

    from reviewtui.engines.dialects import Dialect
    from reviewtui.engines.engine import Row
    from reviewtui.engines.settings import EngineSettings

_SETTINGS = {
    # NULL means in joins, aggregates and unions what it means in the SQL standard.
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "union_default_mode": "DISTINCT",
    "cast_keep_nullable": 1,
    "data_type_default_nullable": 1,
    "least_greatest_legacy_null_behavior": 0,
    "session_timezone": "UTC",
    # A filter below a window may not see what the window sees: names are resolved as the standard says.
    "prefer_column_name_to_alias": 1,
}
_TYPES = {
    TEXT: "Nullable(String)", DAY: "Nullable(Date32)", LOCAL_TIME: "Nullable(DateTime64(6, 'UTC'))",
    INSTANT: "Nullable(DateTime64(6, 'UTC'))", DECIMAL: "Nullable(Decimal(38, 10))", DOUBLE: "Nullable(Float64)",
    WHOLE: "Nullable(Int64)", FLAG: "Nullable(Bool)", OTHER: "Nullable(String)",
}  # fmt: skip
_WRAPPED = re.compile(r"^(?:Nullable|LowCardinality|SimpleAggregateFunction)\((.*)\)$")
_WHOLE = re.compile(r"^U?Int(8|16|32|64)$")
_CODE = re.compile(r"Code: (\d+)|error code (\d+)")
_NAMED = re.compile(r"\(([A-Z_]{4,})\)")
_ROWS_AT_ONCE = 5_000


class ClickHouse:
    """One session."""

    dialect: Dialect = CLICKHOUSE
    has_snapshot = False

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._database = settings.schema or "default"
        keywords: dict[str, Any] = {
            "dsn": settings.url or "chdb://memory",
            "settings": _SETTINGS | dict(settings.options),
        }
        if settings.user:
            keywords["username"] = settings.user
        if settings.password:
            keywords["password"] = settings.password
        try:
            self._client = clickhouse_connect.get_client(**keywords)
            row = self._client.query("select serverTimezone()").result_rows[0]
        except (ClickHouseError, OSError) as error:
            raise _unreachable(error) from error
        self._zone = str(row[0])

    def tables(self) -> dict[str, str]:
        """The tables of the database, or the files."""
        if self._settings.parquet:
            return {name: f"file({_literal(path)}, Parquet)" for name, path in self._settings.parquet.items()}
        rows = self._query(f"select name from system.tables where database = {_literal(self._database)}").rows
        return {str(name).lower(): self.dialect.quoted(self._database, str(name)) for (name,) in rows}

    def columns(self, query: str) -> tuple[Column, ...]:
        """The columns of a SELECT."""
        rows = self._query(f"describe ({query})").rows
        return tuple(Column(str(name), _kind(str(kind)), str(kind)) for name, kind, *_ in rows)

    def create(self, name: str, query: str) -> None:
        """Make a temporary table."""
        self._command(f"create temporary table {self.dialect.quoted(name)} as {query}")

    def append(self, name: str, query: str) -> None:
        """Add the rows of a SELECT."""
        self._command(f"insert into {self.dialect.quoted(name)} {query}")

    def drop(self, name: str) -> None:
        """Drop a temporary table."""
        self._command(f"drop temporary table {self.dialect.quoted(name)}")

    def upload(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make a temporary table of `rows`."""
        listed = ", ".join(f"{self.dialect.quoted(column.name)} {_TYPES[column.kind]}" for column in columns)
        self._command(f"create temporary table {self.dialect.quoted(name)} ({listed})")
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            values = ", ".join(f"({', '.join(map(_written, row))})" for row in some)
            self._command(f"insert into {self.dialect.quoted(name)} values {values}")

    def fetch(self, query: str) -> Result:
        """The rows of a SELECT."""
        result = self._query(query)
        # Without a row, the server says nothing of the columns either.
        return result if result.columns else Result(self.columns(query), [])

    def clock(self) -> tuple[datetime, str]:
        """The server's time and time zone."""
        ((seconds,),) = self._query("select toUnixTimestamp(now())").rows
        return datetime.fromtimestamp(int(str(seconds)), UTC), self._zone

    def close(self) -> None:
        """End the session."""
        self._client.close()

    def _query(self, query: str) -> Result:
        with self._faults():
            answer = self._client.query(query, query_tz="UTC")
        columns = tuple(
            Column(name, _kind(kind.name), kind.name)
            for name, kind in zip(answer.column_names, answer.column_types, strict=True)
        )
        return Result(columns, [tuple(row) for row in answer.result_rows])

    def _command(self, statement: str) -> None:
        with self._faults():
            self._client.command(statement)

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (ClickHouseError, OSError) as error:
            raise _fault(error) from error


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _written(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _literal(value)
    if isinstance(value, datetime | date):
        return _literal(str(value))
    return repr(value) if isinstance(value, float) else str(value)


def _kind(found: str) -> str:
    while match := _WRAPPED.match(found):
        found = match[1]
    base = found.split("(")[0]
    if _WHOLE.match(base):
        return WHOLE
    if base == "DateTime64" or base == "DateTime":
        # Result columns that stand for wall time are in UTC; a column of a table is an instant whatever its zone.
        return INSTANT
    known = {
        "String": TEXT, "FixedString": TEXT, "Enum8": TEXT, "Enum16": TEXT, "UUID": TEXT, "Date": DAY, "Date32": DAY,
        "Float32": DOUBLE, "Float64": DOUBLE, "Decimal": DECIMAL, "Decimal128": DECIMAL, "Bool": FLAG,
        "Int128": DECIMAL, "UInt128": DECIMAL, "Int256": DECIMAL,
    }  # fmt: skip
    return known.get(base, OTHER)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    text = re.sub(r"\(version [^)]*\)|\(official build\)|for url \S+|HTTPDriver", "", text)
    return text[:300].strip(" .")


def _unreachable(error: Exception) -> EngineError:
    words = str(error)
    if "AUTHENTICATION_FAILED" in words or "REQUIRED_PASSWORD" in words:
        return Unreachable(
            "refuses the user or the password. Set the password in the environment variable that the entry names."
        )
    return Unreachable(f"cannot be reached ({_reason(error)}). Check that it runs, and the address in the entry.")


def _fault(error: Exception) -> EngineError:
    words = str(error)
    if isinstance(error, OperationalError | OSError) and not isinstance(error, DatabaseError):
        return _unreachable(error)
    if "UNKNOWN_TABLE" in words or "UNKNOWN_DATABASE" in words or "FILE_DOESNT_EXIST" in words:
        return MissingTable(f"has no such table ({_reason(error)}). Map it with [engine.views].")
    if "ACCESS_DENIED" in words or "Not enough privileges" in words:
        return EngineError(
            f"does not permit it ({_reason(error)}). Ask for the right to read it, and to make temporary tables."
        )
    if "QUERY_WAS_CANCELLED" in words or "TIMEOUT_EXCEEDED" in words:
        return EngineError(f"ended the query before it was done ({_reason(error)}). Pull again; what was pulled stays.")
    if "MEMORY_LIMIT_EXCEEDED" in words:
        return EngineError(f"has no room for the query ({_reason(error)}).")
    return EngineError(f"cannot run the query ({_reason(error)}).")
