"""One read-only statement of a person, run in the child process: what is asked, and what comes back page by page.

Every value arrives as text, as DuckDB writes it, so that a page can be shown, stored and compared as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from reviewtui.sources.jobs import run_job

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from reviewtui.sources.request import SourceRequest
    from reviewtui.sources.state import Progress

MOST_ROWS = 10_000
"""Rows of a result that are read; a person who needs more needs another question."""

MOST_COLUMNS = 100

MOST_CELL_CHARACTERS = 1_000

MOST_CHARACTERS = 8_000_000
"""Of all values of a result together."""

Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class QueryColumn:
    """A column of a result."""

    name: str
    type: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class QueryHead:
    """The columns, sent before the first rows."""

    columns: tuple[QueryColumn, ...]
    found: int
    """How many columns the statement has; more than `columns` where they are too many."""


@dataclass(frozen=True, slots=True)
class QueryPage:
    """Some rows, in their order."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class QueryEnd:
    """How it ended."""

    rows: int
    seconds: float
    cut: str = ""
    """Why there may be more than was read; a sentence, or empty where the result is whole."""
    problems: tuple[str, ...] = ()
    """Sources that could not be opened."""


@dataclass(frozen=True, slots=True)
class QueryTask:
    """What the child process is asked."""

    statement: str
    seconds: float
    most_rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class TableNames:
    """A table or view that a statement may name."""

    name: str
    """As it is written in SQL, with its source and schema."""
    columns: tuple[str, ...]
    """As they are written in SQL."""


def run_query(
    request: SourceRequest,
    statement: str,
    on_part: Callable[[QueryHead | QueryPage], None],
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> QueryEnd:
    """Run one SELECT on the sources under the time of a view; `on_part` gets its head, then its pages, in this thread.

    SourceError says why it cannot be run. Cancelled once `cancel` is set, at most a moment later.
    """
    task = QueryTask(statement, request.view_seconds)
    job = "reviewtui.sources.query_job:answer"
    end = run_job(
        request,
        job,
        task,
        on_progress=on_progress,
        cancel=cancel,
        on_part=cast("Callable[[object], None]", on_part),
    )
    return cast("QueryEnd", end)


def table_names(request: SourceRequest, *, cancel: threading.Event | None = None) -> tuple[TableNames, ...]:
    """What can be completed: every table and view of the sources with its columns, without reading a row."""
    return cast("tuple[TableNames, ...]", run_job(request, "reviewtui.sources.query_job:names", cancel=cancel))
