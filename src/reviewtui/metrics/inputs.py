"""Bring the found tables into the shape the metric SQL reads: `input_<table>` views with fixed columns and types.

A value that cannot be converted counts as absent and is reported; a table that is not there becomes a view without
rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.conversions import (
    EARLIEST,
    LATEST,
    STORED_INSTANTS,
    conversion,
    empty_select,
    has_reserved,
    is_event_time,
    literal,
    needed_columns,
    select_found,
)
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.sources import canonical
from reviewtui.sources.canonical import TABLES_BY_NAME, CanonicalTable
from reviewtui.sources.request import VIEWS
from reviewtui.text import counted
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.conversions import Conversion
    from reviewtui.sources.state import FoundTable
    from reviewtui.workspace.model import ViewConfig

READ_BY_METRICS = (
    "customer",
    "subscription",
    "invoice_line",
    "refund",
    "fx_rate",
    "subscription_period",
    "event",
    "event_month",
    "product_intent",
    "survey_response",
    "ticket",
    "ticket_event",
    "holiday",
    "metric_value",
    "usage_day",
)
"""The canonical tables that the metric SQL reads."""

FINISHED_BY_PARAMETERS = ("event", "event_month", "fx_rate")
"""Tables whose last step needs the settings; `parameters.py` makes their `input_` views from `raw_` ones."""


class InputTables:
    """Makes the `input_<table>` views on `connection` and reports what could not be used."""

    are_files: ClassVar[bool] = True
    """Whether the tables lie in files of this machine."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        found: Sequence[FoundTable],
        time_zone: str,
        views: Sequence[ViewConfig],
        shown: Mapping[str, str] | None = None,
    ) -> None:
        """`shown` says under which name a relation is known to people, where that differs."""
        self.connection = connection
        self.lines = {view.table: view.line for view in views}
        self.shown: Mapping[str, str] = shown or {}
        self.found = tuple(found)
        self.zone = literal(time_zone)
        self.problems: list[Problem] = []

    def tables(self, name: str) -> list[FoundTable]:
        """What was found for the canonical table `name`."""
        return [found for found in self.found if found.table == name]

    @property
    def instant_type(self) -> str:
        """The type of `raw_event.instant`, the instant as stored; empty where no condition on it can be written."""
        kinds = {STORED_INSTANTS.get(found.columns["occurred_at"][1].upper(), "") for found in self.tables("event")}
        return kinds.pop() if len(kinds) == 1 else ""

    def has(self, name: str) -> bool:
        """Whether there is anything for the canonical table `name`."""
        return bool(self.tables(name))

    def create(self, name: str) -> None:
        """Make the view `input_<name>`, combining all sources that have the table."""
        table = TABLES_BY_NAME[name]
        sources = self.tables(name)
        selects = [self._unique_rows(table, found) for found in sources]
        body = " union all ".join(selects) if selects else empty_select(table)
        view = f"raw_{name}" if name in FINISHED_BY_PARAMETERS else f"input_{name}"
        self.connection.execute(f"create or replace view {view} as {body}")
        for found in sources if name != "event" else ():
            self._report_values(table, found)

    def report_events(self, counted_rows: int) -> None:
        """Look through the events for values that cannot be used, unless all of their rows are among `counted_rows`."""
        sources = self.tables("event")
        rows = 0
        for found in sources:
            row = self.connection.execute(f"select count(*) from {found.relation}").fetchone()
            rows += int(row[0]) if row else 0
        for found in sources if rows != counted_rows else ():
            self._report_values(TABLES_BY_NAME["event"], found)

    def replace_by_empty(self, name: str) -> None:
        """Make the view of a table that could not be read, without rows."""
        self.found = tuple(found for found in self.found if found.table != name)
        self.create(name)

    def _unique_rows(self, table: CanonicalTable, found: FoundTable) -> str:
        """The rows of one found table, each key once; two sources may number their rows alike."""
        body = select_found(table, found, self.zone)
        if table.key not in found.columns or not self._report_duplicates(table, found, body):
            return body
        return (
            f"select * exclude (copy) from (select *, row_number() over (partition by {table.key} "
            f"order by {', '.join(table.column_names)}) as copy from ({body})) "
            f"where copy = 1 or {table.key} is null"
        )

    def _report_duplicates(self, table: CanonicalTable, found: FoundTable, body: str) -> bool:
        """Whether a key occurs more than once; says so once."""
        row = self.connection.execute(
            f"select count({table.key}) - count(distinct {table.key}) from ({body})"
        ).fetchone()
        copies = int(row[0]) if row else 0
        if copies:
            self.report(
                found,
                f"{counted(copies, 'row')} with a {table.key} that another row has too: each {table.key} counts once. "
                "Remove the repeated rows where the table is made.",
            )
        return copies > 0

    def _report_values(self, table: CanonicalTable, found: FoundTable) -> None:
        """Count values that could not be converted and rows that lack a required value."""
        items = [conversion(table, name, kind, found, self.zone) for name, kind in table.columns]
        present = [item for item in items if item.found_type]
        checked = [item for item in present if item.may_fail and not is_event_time(table, item)]
        needed = [item for item in present if item.name in needed_columns(table)]
        if not checked and not needed:
            return
        counts = [f"count(*) filter (where {item.raw} is not null and ({item.sql}) is null)" for item in checked]
        # An empty text is no name either.
        absent = [item.sql if item.kind == canonical.TEXT else item.raw for item in needed]
        counts += [f"count(*) filter (where {value} is null)" for value in absent]
        reserved = [item.sql for item in present if item.name == "product_id" and has_reserved(table)]
        counts += [f"count(*) filter (where {value} = {literal(ALL_PRODUCTS)})" for value in reserved]
        row = self.connection.execute(f"select {', '.join(counts)} from {found.relation}").fetchone() or ()
        for item, count in zip(checked, row, strict=False):
            if count:
                self.report(found, _unusable(item, int(count)))
        for item, count in zip(needed, row[len(checked) :], strict=False):
            if count:
                self.report(found, f"{counted(count, 'row')} without {item.name}: left out.", Severity.WARNING)
        if reserved and row[-1]:
            message = (
                f"{counted(row[-1], 'row')} with the product_id {ALL_PRODUCTS!r}, which stands for all products "
                "together: left out. Give the product another id."
            )
            self.report(found, message)

    def report(self, found: FoundTable, message: str, severity: Severity = Severity.ERROR) -> None:
        """Note a problem at the view's line of the workspace file, or at the table."""
        if found.source == VIEWS:
            problem = Problem(
                WORKSPACE_FILE, self.lines.get(found.table), f"The view {found.table}: {message}", severity
            )
        else:
            place = self.shown.get(found.relation, found.relation)
            problem = Problem(f"{found.source}: {place}", None, message, severity)
        self.problems.append(problem)


_WANTED = {
    canonical.DAY: "a date",
    canonical.INSTANT: "a point in time",
    canonical.MONEY: "an amount",
    canonical.NUMBER: "a finite number",
    canonical.WHOLE: "a whole number",
    canonical.FLAG: "true or false",
}


def _unusable(item: Conversion, count: int) -> str:
    years = f" between {EARLIEST[:4]} and {LATEST[:4]}" if item.kind in (canonical.DAY, canonical.INSTANT) else ""
    return (
        f"{counted(count, 'value')} of {item.name} ({item.found_type}) cannot be read as {_WANTED[item.kind]}{years}: "
        "taken as absent. Correct the source, or convert the column with an entry in [views]."
    )
