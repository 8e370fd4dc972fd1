"""Run one read-only statement; runs in the child process.

The statement becomes a temporary view, so that its columns are known before anything is read, and every value is cut
to size inside DuckDB, so that no huge text ever crosses into Python.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from reviewtui.errors import SourceError
from reviewtui.sources.messages import query_failed
from reviewtui.sources.query import (
    MOST_CELL_CHARACTERS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    QueryColumn,
    QueryEnd,
    QueryHead,
    QueryPage,
    TableNames,
)
from reviewtui.sources.request import is_sql_text, quoted
from reviewtui.sources.session import QueryTimeout
from reviewtui.sources.views import UnusableSql, single_select
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection

    from reviewtui.sources.query import QueryTask, Row
    from reviewtui.sources.session import Session

_LABEL = "the result"
_VIEW = quoted("temp", "main", "statement of the person")
_FIRST_PAGE, _PAGE = 100, 1_000
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BIGNUM")
_MOST_NAMES = 20_000
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_COLUMNS = f"""
SELECT database_name, schema_name, table_name, column_name FROM duckdb_columns()
WHERE NOT internal AND list_contains($sources, database_name)
ORDER BY database_name, schema_name, table_name, column_index LIMIT {_MOST_NAMES}
"""


def answer(session: Session, task: Any) -> QueryEnd:
    """The job of `run_query`; `task` is a QueryTask."""
    import duckdb

    started = time.monotonic()
    session.progress("Running the statement")
    try:
        with session.deadline(_LABEL, task.seconds):
            rows, cut = _pages(session, task)
    except UnusableSql as reason:
        raise SourceError(f"The statement {reason}", "Not run") from reason
    except QueryTimeout:
        raise
    except (duckdb.Error, MemoryError) as error:
        raise SourceError(f"The statement {query_failed(error)}", "Not run") from error
    problems = tuple(state.problem for state in session.states if state.problem)
    return QueryEnd(rows, time.monotonic() - started, cut, problems)


def names(session: Session, _payload: object) -> tuple[TableNames, ...]:
    """The job of `table_names`."""
    sources = [state.name for state in session.states if not state.problem and is_sql_text(state.name)]
    kept = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
    reserved = frozenset(str(word) for (word,) in session.connection.execute(kept).fetchall())
    found: dict[str, list[str]] = {}
    for source, schema, table, column in session.connection.execute(_COLUMNS, {"sources": sources}).fetchall():
        parts = (source, table) if schema == "main" else (source, schema, table)
        name = ".".join(_written(part, reserved) for part in parts)
        found.setdefault(name, []).append(_written(column, reserved))
    return tuple(TableNames(name, tuple(columns)) for name, columns in found.items())


def _pages(session: Session, task: QueryTask) -> tuple[int, str]:
    """Send the head and the pages; how many rows, and why there may be more."""
    connection = session.connection
    statement = single_select(connection, task.statement)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {_VIEW} AS\n{statement}\n")
    described = connection.execute(f"DESCRIBE {_VIEW}").fetchall()
    columns = tuple(QueryColumn(str(name), str(kind), _is_number(str(kind))) for name, kind, *_ in described)
    session.send_part(QueryHead(columns[:MOST_COLUMNS], len(columns)))
    places = [f"c{place}" for place in range(len(columns))]
    read = ", ".join(f"left(CAST({place} AS VARCHAR), {MOST_CELL_CHARACTERS + 1})" for place in places[:MOST_COLUMNS])
    connection.execute(f"SELECT {read} FROM {_VIEW} AS q({', '.join(places)})")
    sent = characters = 0
    page: list[Row] = connection.fetchmany(min(_FIRST_PAGE, task.most_rows))
    while page:
        session.send_part(QueryPage(tuple(map(_cut_row, page))))
        sent += len(page)
        characters += sum(len(value) for row in page for value in row if value is not None)
        if characters > MOST_CHARACTERS:
            return sent, f"Only {counted(sent, 'row')} are shown: their texts are very long. Select less."
        if sent >= task.most_rows:
            more = connection.fetchone() is not None
            return sent, f"Only the first {counted(sent, 'row')} are shown. Group or filter to see all." if more else ""
        page = connection.fetchmany(min(_PAGE, task.most_rows - sent))
    return sent, ""


def _cut_row(row: Row) -> Row:
    return tuple(
        value if value is None or len(value) <= MOST_CELL_CHARACTERS else value[: MOST_CELL_CHARACTERS - 1] + "…"
        for value in row
    )


def _is_number(kind: str) -> bool:
    return kind.removeprefix("U").startswith(_NUMBERS) and not kind.endswith("]")


def _written(name: str, reserved: Collection[str]) -> str:
    """A name as it is written in SQL: quoted only where it has to be."""
    return name if _PLAIN.fullmatch(name) and name not in reserved else quoted(name)
