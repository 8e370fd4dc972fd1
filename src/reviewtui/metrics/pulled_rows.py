"""Where the rows behind a cell are: in a source here, or in what `reviewtui pull --rows` brought from an engine.

A section that an engine computed is explained by that engine's rows only, one that is computed here by local ones.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import TYPE_CHECKING

import duckdb

from reviewtui.metrics.pulled import QUERIES, section_origins
from reviewtui.months import Month
from reviewtui.sources.request import quoted
from reviewtui.text import counted, safe_text
from reviewtui.workspace.model import PULLED_ROWS_KIND, rows_source_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from reviewtui.metrics.pulled import SectionOrigin
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import FoundTable

ROWS_FORMAT = 2
"""Of the file; another one is not read."""

_SECTION = {query: section for section, queries in QUERIES.items() for query in queries} | {"customers": "revenue"}
_OWN_SECTION = {"survey_response": "NPS", "ticket": "support", "ticket_event": "support"}
"""Tables of another section than the query that reads them too."""


@dataclass(frozen=True, slots=True)
class BroughtRows:
    """What `pull --rows` brought from one engine."""

    pulled_at: datetime
    first_months: Mapping[str, Month | None]
    """Canonical table to the first month whose rows are here; None: all of them are."""
    left_out: Mapping[str, str]
    """Canonical table to why its rows are not here; completes "the rows of ...". """
    chosen_by: Mapping[str, str]
    """Canonical table to `event_settings`, where rows were chosen by them."""


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """The tables that explain one query, and what has to be said of them."""

    found: tuple[FoundTable, ...]
    reason: str = ""
    """Why nothing can be shown; a sentence or empty."""
    note: str = ""
    """From where and when the rows are; a sentence or empty."""
    engine: str = ""
    first: Month | None = None
    """The first month that can be shown; None: all can."""

    def reason_in(self, month: Month, months_back: int = 0) -> str:
        """Why nothing can be shown of `month`, which needs so many months before it too; sentences or empty."""
        if self.reason or self.first is None or month - months_back >= self.first:
            return self.reason
        words = f"The rows were pulled from {safe_text(self.engine)} from {self.first} on."
        return f"{words} {counted(months_back, 'month')} before {month} would be needed." if months_back else words


def event_settings(request: EvaluationRequest) -> str:
    """What tells one set of settings from another by which events are chosen that explain usage and activation."""
    products = [(product.product_id, product.key_action, product.activation) for product in request.products]
    return hashlib.sha256(repr((request.time_zone, products)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def rows_behind(session: Session, request: EvaluationRequest, query: str, needed: Sequence[str]) -> RowsBehind:
    """Which of the tables that `session` found explain a query that reads the tables `needed`."""
    origins = section_origins(session)
    mine = origins.get(_SECTION.get(query, ""))
    engine_rows = {source.name for source in session.request.sources if source.kind == PULLED_ROWS_KIND}
    found = []
    for table in session.found:
        origin = origins.get(_OWN_SECTION.get(table.table, ""), mine)
        wanted = table.source == rows_source_name(origin.engine) if origin else table.source not in engine_rows
        if table.table in needed and wanted:
            found.append(table)
    if mine is None:
        return RowsBehind(tuple(found))
    return _explained(session, mine, RowsBehind(tuple(found), engine=mine.engine), needed, event_settings(request))


def _explained(
    session: Session, origin: SectionOrigin, behind: RowsBehind, needed: Sequence[str], settings: str
) -> RowsBehind:
    """`behind` with what is to be said of the rows of an engine."""
    engine = safe_text(origin.engine)
    brought = _brought(session, rows_source_name(origin.engine))
    if brought is None:
        return replace(
            behind,
            reason=f"Only months were pulled from {engine}. `reviewtui pull --rows` brings the rows behind them.",
        )
    here = {table.table for table in behind.found}
    for table in needed:
        if table in origin.tables and table not in here:
            why = brought.left_out.get(table, "were not pulled. Run `reviewtui pull --rows`.")
            return replace(behind, reason=f"{engine}: the rows of {table} {safe_text(why)}")
    if any(brought.chosen_by.get(table, settings) != settings for table in here):
        words = f"The rows were pulled from {engine} with other settings. Run `reviewtui pull --rows`."
        return replace(behind, reason=words)
    firsts = [month for table in here if (month := brought.first_months.get(table)) is not None]
    note = f"Rows as pulled from {engine} on {brought.pulled_at:%Y-%m-%d %H:%M} UTC."
    if origin.pulled_at > brought.pulled_at:
        note += f" The numbers are newer: {origin.pulled_at:%Y-%m-%d %H:%M} UTC. `reviewtui pull --rows` brings both."
    return replace(behind, note=note, first=max(firsts, default=None))


def _brought(session: Session, source: str) -> BroughtRows | None:
    """What the file of rows says of itself; None where there is none that can be read."""
    names = {state.name for state in session.states if not state.problem}
    if source not in names:
        return None
    place = quoted(source, "main", "pulled_rows")
    try:
        rows = session.connection.execute(
            f"select format, pulled_at, table_name, first_month, left_out, chosen_by from {place}"
        ).fetchall()
    except duckdb.Error:
        return None
    if not rows or rows[0][0] != ROWS_FORMAT:
        return None
    return BroughtRows(
        rows[0][1].replace(tzinfo=UTC),
        {name: None if day is None else Month.of(day) for _, _, name, day, left_out, _ in rows if not left_out},
        {name: left_out for _, _, name, _, left_out, _ in rows if left_out},
        {name: chosen_by for _, _, name, _, _, chosen_by in rows if chosen_by},
    )


@dataclass
class RowsOfTable:
    """The rows of one canonical table as they came from an engine."""

    table: str
    columns: tuple[tuple[str, str], ...] = ()
    """(name, DuckDB type)."""
    rows: list[tuple[object, ...]] = field(default_factory=list)
    first_month: Month | None = None
    """The first month whose rows came; None: all did."""
    left_out: str = ""
    """Why none came; completes "the rows of ..."."""
    chosen_by: str = ""
    """`event_settings`, where rows were chosen by them."""
