"""What lies behind one cell: its rows, its split by customer segment, the last six weeks by day.

Plain values that cross the process boundary, and the call that fetches them in the child process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from reviewtui.metrics.compute import source_request_with_rows
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.sources.jobs import run_job

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date, datetime

    from reviewtui.metrics.sheet import Metric
    from reviewtui.months import Month
    from reviewtui.sources.state import Progress
    from reviewtui.workspace.model import Workspace

    Datum = str | float | int | date | datetime | None

MOST_ROWS = 500
"""Rows fetched of one cell; how many there are is said."""

STRIP_DAYS = 42


@dataclass(frozen=True, slots=True)
class Column:
    """A column of rows behind a cell."""

    name: str
    unit: str = ""
    """A `Unit` for numbers; empty for text and times."""
    rank: int = 0
    """0: always shown; where there is no room, the highest goes first."""


@dataclass(frozen=True, slots=True)
class RowTable:
    """Rows in the order of what they contribute."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Datum, ...], ...]
    found: int
    """How many rows there are; more than `rows` where they are too many to show."""
    totals: tuple[float | None, ...] = ()
    """By column, the sum over all that was found; None where a sum says nothing."""
    note: str = ""
    """What a reader has to know; a sentence or empty."""


@dataclass(frozen=True, slots=True)
class DayStrip:
    """Six weeks by day, oldest first."""

    heading: str
    days: tuple[date, ...]
    counts: tuple[int, ...]
    """One a day."""
    weeks: tuple[int, ...]
    """One for each run of seven days; persons count once in each."""


@dataclass(frozen=True, slots=True)
class CellQuestion:
    """Which cell is asked about."""

    product: str
    metric: Metric
    month: Month
    is_imported: bool = False
    products: tuple[str, ...] = ()
    """All products of the sheet: a holiday calendar that has the name of one is of that one only."""


@dataclass(frozen=True, slots=True)
class DrillRequest:
    """The question with the settings that decide what the numbers are."""

    question: CellQuestion
    evaluation: EvaluationRequest
    most_rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class DrillDown:
    """What was found behind a cell."""

    rows: RowTable | None = None
    segments: RowTable | None = None
    strip: DayStrip | None = None
    reason: str = ""
    """Why there are no rows, where there are none; a sentence."""


def fetch_rows(
    workspace: Workspace,
    as_of: date,
    question: CellQuestion,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> DrillDown:
    """The rows behind a cell, read anew from the sources.

    Raises SourceError if they could not be read and Cancelled once `cancel` is set.
    """
    request = DrillRequest(question, EvaluationRequest.of(workspace, as_of))
    sources = source_request_with_rows(workspace)
    job = "reviewtui.metrics.drill_job:drill"
    result = run_job(sources, job, request, on_progress=on_progress, cancel=cancel)
    return cast("DrillDown", result)
