"""Metrics of the user's own that SQL computes; runs in the child process.

The SQL is one SELECT over the canonical input tables, by their plain names, or over any table of a source by its full
name. Each query has its own deadline, and one that cannot be used becomes a problem and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.conversions import EARLIEST, LATEST, conversion, literal, select_all
from reviewtui.metrics.inputs import FINISHED_BY_PARAMETERS, READ_BY_METRICS
from reviewtui.metrics.parameters import MONTH_OF
from reviewtui.months import Month
from reviewtui.quick_tuple import NamedTuple
from reviewtui.sources.canonical import CANONICAL_TABLES, TABLES_BY_NAME
from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import QUERY, quoted
from reviewtui.sources.session import QueryTimeout
from reviewtui.sources.state import FoundTable
from reviewtui.sources.views import UnusableSql, single_select
from reviewtui.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewtui.metrics.assemble import SheetBuilder
    from reviewtui.metrics.inputs import InputTables
    from reviewtui.metrics.request import EvaluationRequest, SqlMetric, SqlVersion
    from reviewtui.sources.session import Session

T = TypeVar("T")

MOST_ROWS = 200_000
"""Products times months that one query may give; more are a query that is not grouped."""

_REQUIRED = ("product_id", "month", "value")
_OPTIONAL = ("n",)
_SHAPE = TABLES_BY_NAME["metric_value"]
"""The canonical table of the same shape: values are read as its are."""

_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)


class CustomValue(NamedTuple):
    """What a query gives for a product and a month."""

    value: float | None
    n: float | None = None
    reason: str = ""
    """Why there is no value."""


@dataclass
class CustomRows:
    """What all versions of a metric give."""

    metric: SqlMetric
    values: dict[str, dict[int, CustomValue]] = field(default_factory=dict)
    """Product id to month index to the value."""


def add_custom_metrics(
    session: Session, request: EvaluationRequest, inputs: InputTables, builder: SheetBuilder
) -> None:
    """Run the SQL of every metric of the user's own and hand its rows to `builder`; problems go to `inputs`."""
    if not request.sql_metrics:
        return
    _create_canonical_views(session, inputs.zone, is_prepared=True)
    own_files = {(metric.product, metric.id) for metric in request.sql_metrics}
    for place, metric in enumerate(request.sql_metrics):
        session.progress(f"Computing {metric.id}", place, len(request.sql_metrics))
        rows, problems = metric_rows(session, request, inputs.zone, metric)
        inputs.problems += problems
        if not metric.product:
            taken = [product for product in rows.values if (product, metric.id) in own_files]
            for product in taken:
                del rows.values[product]
        builder.add_custom(rows)


def metric_rows(
    session: Session, request: EvaluationRequest, zone: str, metric: SqlMetric
) -> tuple[CustomRows, list[Problem]]:
    """What all versions of one metric give; `zone` is the workspace's time zone as an SQL string."""
    rows = CustomRows(metric)
    problems: list[Problem] = []
    for version in metric.versions:
        run = _Run(session, request, zone, metric, version)
        run.fill(rows)
        problems += run.problems
    return rows, problems


def check_queries(session: Session, request: Any) -> tuple[Problem, ...]:
    """The job of `reviewtui check`: what can be told about the SQL without running it; takes an EvaluationRequest."""
    zone = literal(request.time_zone)
    _create_canonical_views(session, zone, is_prepared=False)
    problems: list[Problem] = []
    for metric in request.sql_metrics:
        for version in metric.versions:
            run = _Run(session, request, zone, metric, version)
            run.try_to(run.described)
            problems += run.problems
    return tuple(problems)


def _create_canonical_views(session: Session, zone: str, *, is_prepared: bool) -> None:
    """Make every canonical table known by its plain name, with its canonical columns and types.

    Where the inputs are not prepared, rows that repeat a key are not left out, and nothing is read.
    Plain views, not temporary ones: DuckDB looks for temporary names first, also inside the views of a source.
    """
    for table in CANONICAL_TABLES:
        if is_prepared and table.name in READ_BY_METRICS:
            rows = ("raw_" if table.name in FINISHED_BY_PARAMETERS else "input_") + table.name
        else:
            found = [item for item in session.found if item.table == table.name]
            rows = f"({select_all(table, found, zone)})"
        columns = ", ".join(quoted(name) for name in table.column_names)
        body = _events(rows, zone) if table.name == "event" else f"select {columns} from {rows}"
        session.connection.execute(f"create or replace view {quoted(table.name)} as {body}")


def _events(rows: str, zone: str) -> str:
    """Events with their local wall time."""
    moment = "make_timestamptz(occurred_at_us)"
    local = "make_timestamp(occurred_at_us)" if zone == literal("UTC") else f"timezone({zone}, {moment})"
    first, end = (f"epoch_us(timestamp '{day}')" for day in (EARLIEST, LATEST))
    return (
        "select product_id, event, nullif(user_id, '') as user_id, nullif(org_id, '') as org_id,"
        f" {local} as occurred_at from {rows} where occurred_at_us >= {first} and occurred_at_us < {end}"
    )


class _Run:
    """One run of one query."""

    def __init__(
        self, session: Session, request: EvaluationRequest, zone: str, metric: SqlMetric, version: SqlVersion
    ) -> None:
        self.session = session
        self.current = Month.of(request.as_of)
        self.zone = zone
        self.metric = metric
        self.version = version
        self.problems: list[Problem] = []
        self.label = QUERY + metric.path
        session.view_labels.add(self.label)

    def fill(self, rows: CustomRows) -> None:
        """Put what the query gives for the months of its version into `rows`."""
        for product, month, value in self._usable(self.try_to(self._groups)):
            rows.values.setdefault(product, {})[month] = value

    def try_to(self, work: Callable[[], T]) -> T | None:
        """The result of `work` under the query's deadline; None where it fails, with the problem noted."""
        if self.label in self.session.request.excluded_views:
            return None
        try:
            with self.session.deadline(self.label, self.session.request.view_seconds):
                return work()
        except duckdb.InterruptException:
            raise
        except QueryTimeout as timeout:
            self._report(timeout.reason)
        except UnusableSql as reason:
            self._report(str(reason))
        except (duckdb.Error, MemoryError) as error:
            self._report(query_failed(error), self._line_of(str(error)))
        return None

    def described(self) -> tuple[str, FoundTable]:
        """The SQL as it can stand in parentheses, and the columns of it that are used."""
        query = _without_end(single_select(self.session.connection, self.version.sql))
        described = self.session.connection.execute(f"describe\n{query}\n").fetchall()
        return query, self._columns([(str(name), str(kind)) for name, kind, *_ in described])

    def _groups(self) -> list[dict[str, Any]]:
        """One row a product and month; those without one of the two are in it too."""
        query, columns = self.described()
        cursor = self.session.connection.execute(self._grouped(columns, query))
        names = [column[0] for column in cursor.description or ()]
        groups = cursor.fetchmany(MOST_ROWS + 1)
        if len(groups) > MOST_ROWS:
            raise UnusableSql(
                f"gives more than {MOST_ROWS:,} pairs of product and month. Group its rows by product_id and month."
            )
        return [dict(zip(names, group, strict=True)) for group in groups]

    def _columns(self, described: list[tuple[str, str]]) -> FoundTable:
        """The columns of the query that are used."""
        by_name = {name.casefold(): (name, kind) for name, kind in reversed(described)}
        lacks = [name for name in _REQUIRED if name not in by_name]
        if lacks:
            found = ", ".join(f"`{safe_text(name, 40)}`" for name, _ in described[:10])
            missing = " and ".join(f"`{name}`" for name in lacks)
            are = "is" if len(lacks) == 1 else "are"
            raise UnusableSql(f"gives the columns {found}; {missing} {are} missing. Name them with AS.")
        used = {name: by_name[name] for name in (*_REQUIRED, *_OPTIONAL) if name in by_name}
        return FoundTable(_SHAPE.name, "", "", used)

    def _grouped(self, columns: FoundTable, query: str) -> str:
        """The statement to run; the query begins on its second line."""
        kinds = dict(_SHAPE.columns)
        items = {name: conversion(_SHAPE, name, kinds[name], columns, self.zone) for name in (*_REQUIRED, *_OPTIONAL)}
        exposed = ", ".join(f"{item.sql} as {name}" for name, item in items.items())
        month = MONTH_OF.format("month")
        raw = f"{items['value'].raw} is not null as has_value, {items['month'].raw} is not null as has_month"
        return (
            f"select product_id, {month} as month, count(*) as copies, min(value) as value, min(n) as n, "
            f"count(*) filter (where has_value and value is null) as odd_values, "
            f"count(*) filter (where has_month and month is null) as odd_months "
            f"from (select {exposed}, {raw} from (\n{query}\n) as given) as read group by all"
        )

    def _usable(self, groups: list[dict[str, Any]] | None) -> Iterator[tuple[str, int, CustomValue]]:
        """The groups that are values of this version; what is left out is reported."""
        if groups is None:
            return
        if not groups:
            self._report("gives no rows, so the metric has no values. Check its conditions.")
        self._report_unplaced(groups)
        placed = [group for group in groups if group["product_id"] is not None and group["month"] is not None]
        placed.sort(key=lambda group: (group["product_id"], group["month"]))
        others = {g["product_id"] for g in placed if self.metric.product not in ("", g["product_id"])}
        if others:
            names = ", ".join(safe_text(name, 40) for name in sorted(others)[:5])
            message = f"gives rows of other products ({names}), and this file is for {self.metric.product}: left out."
            self._report(message, severity=Severity.WARNING)
        mine = [group for group in placed if group["product_id"] not in others]
        self._report_values(mine)
        for group in mine:
            if self._computes(group["month"]):
                yield group["product_id"], group["month"], _value(group)

    def _computes(self, month: int) -> bool:
        first, until = self.version.first, self.version.until
        after_start = first is None or month >= first.index
        return after_start and month <= self.current.index and (until is None or month < until.index)

    def _report_unplaced(self, groups: list[dict[str, Any]]) -> None:
        odd_months = sum(group["odd_months"] for group in groups)
        nameless = sum(group["copies"] for group in groups if group["product_id"] is None)
        undated = sum(group["copies"] for group in groups if group["month"] is None) - odd_months
        if odd_months:
            self._report(
                f"gives {counted(odd_months, 'row')} whose month cannot be read: left out. Give a date, or a text as"
                " 2026-04 or 2026-04-30."
            )
        for count, name in ((nameless, "product_id"), (undated, "month")):
            if count:
                self._report(f"gives {counted(count, 'row')} without {name}: left out.")

    def _report_values(self, groups: list[dict[str, Any]]) -> None:
        repeated = [group for group in groups if group["copies"] > 1]
        if repeated:
            first = repeated[0]
            where = f"{safe_text(first['product_id'], 40)} in {Month.from_index(first['month'])}"
            self._report(
                f"gives several rows for the same product and month, {counted(len(repeated), 'time')}, first"
                f" {first['copies']:,} rows for {where}: none of them is used. Group by product_id and month."
            )
        odd = sum(group["odd_values"] for group in groups)
        if odd:
            self._report(f"gives {counted(odd, 'value')} that cannot be read as a finite number: taken as absent.")

    def _line_of(self, message: str) -> int | None:
        """The line of the file that DuckDB's `message` is about; None where that is not known."""
        found = _LINE.search(message)
        if found is None or not self.version.in_block or self.version.line is None:
            return None
        sql = self.version.sql
        # A statement that was parsed stands on the second line of ours, from its first word on.
        above = -1 if "Parser Error" in message else _lines_above(sql) - 2
        below = int(found[1]) + above
        return self.version.line + max(0, min(below, sql.count("\n")))

    def _report(self, predicate: str, line: int | None = None, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(self.metric.path, line or self.version.line, f"The SQL {predicate}", severity))


def _value(group: dict[str, Any]) -> CustomValue:
    if group["copies"] > 1:
        return CustomValue(None, reason=f"the query gave {group['copies']:,} rows for this month")
    if group["odd_values"]:
        return CustomValue(None, reason="the query gave a value that is no finite number")
    if group["value"] is None:
        return CustomValue(None, group["n"], "the query gave no value for this month")
    return CustomValue(group["value"], group["n"])


def _without_end(query: str) -> str:
    """`query` without a `;` or a comment at its end, so that it can stand in parentheses."""
    raw = query.encode()
    end = len(raw)
    for start, kind in reversed(duckdb.tokenize(query)):
        if kind != duckdb.token_type.comment and raw[start : start + 1] != b";":
            break
        end = start
    return raw[:end].decode()


def _lines_above(sql: str) -> int:
    """How many lines with nothing but space and comments `sql` begins with."""
    words = (start for start, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment)
    return sql.encode()[: next(words, 0)].count(b"\n")
