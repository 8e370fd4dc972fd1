"""Run the metric SQL over a locked-down session and hand the rows to `assemble`.

Runs in the child process. Each section is computed on its own: one that fails becomes a problem and its metrics are
missing, the others are not touched.
"""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import duckdb

from reviewtui.errors import Problem, Severity
from reviewtui.metrics import event_inputs, parameters
from reviewtui.metrics.assemble import Row, SheetBuilder
from reviewtui.metrics.inputs import EARLIEST, LATEST, READ_BY_METRICS, InputTables
from reviewtui.metrics.lacking import lacking
from reviewtui.months import Month, latest_complete_month
from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import quoted
from reviewtui.sources.session import QueryTimeout
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import FoundTable

BRIDGE_TOLERANCE = 0.01
"""Opening MRR and all movements must give closing MRR within this."""

MOST_PORTIONS = 64
"""Where even this many portions do not fit into memory, the section is given up."""

_REVENUE_SUMS = ("mrr_part", "cohort_part", "rate_gap", "share_part", "open_mrr", "negative_total")

_CREATED = re.compile(r"^create (table|view) (\w+)", re.MULTILINE)
_SELECTS = re.compile(r";\s*\n(?=\S)")


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


class Evaluation:
    """One evaluation: the session, the request and what went wrong so far."""

    def __init__(self, session: Session, request: EvaluationRequest) -> None:
        self.session = session
        self.connection = session.connection
        self.request = request
        self.problems: list[Problem] = []
        self._shown: dict[str, str] = {}
        self.found = self._usable_tables()
        self.inputs = InputTables(self.connection, self.found, request.time_zone, session.request.views, self._shown)

    def _usable_tables(self) -> tuple[FoundTable, ...]:
        """The tables to read; a view's rows are read once, here, and a view that fails or does not end is left out."""
        read = [found for found in self.session.found if found.table in READ_BY_METRICS]
        usable = (self._read_once(found, place) if found.is_view else found for place, found in enumerate(read))
        return tuple(found for found in usable if found is not None)

    def _read_once(self, found: FoundTable, place: int) -> FoundTable | None:
        """The rows of a view as a table of our own, or nothing with the problem noted."""
        self.session.progress(f"Reading the view {found.table}")
        columns = ", ".join(quoted(column) for column, _ in found.columns.values())
        relation = quoted(f"rows of view {place}")
        try:
            with self.session.reading(found):
                self.connection.execute(f"create table {relation} as select {columns} from {found.relation}")
        except QueryTimeout as timeout:
            reason = timeout.reason
        except (duckdb.Error, MemoryError) as error:
            reason = query_failed(error)
        else:
            self._shown[relation] = found.relation
            return replace(found, relation=relation, is_view=False)
        self.problems.append(self.session.request.view_problem(found.relation, reason))
        return None

    def run(self) -> MetricSheet:
        """Compute every section and build the sheet."""
        parameters.create_parameters(self.connection, self.request)
        self.session.progress("Checking the input tables")
        for name in READ_BY_METRICS:
            self._create_input(name)
        self._section("exchange rates", self._finish_inputs)
        builder = SheetBuilder(self.request)
        steps: list[tuple[str, Callable[[SheetBuilder], None]]] = [
            ("revenue", self._add_revenue),
            ("usage", self._add_usage),
            ("activation", self._add_activation),
            ("NPS", self._add_nps),
            ("support", self._add_support),
            ("imported values", self._add_imported),
        ]
        for place, (name, step) in enumerate(steps):
            self.session.progress(f"Computing {name}", place + 1, len(steps))
            self._section(name, lambda step=step: step(builder))  # type: ignore[misc]
        for lack in lacking(self.inputs.found):
            builder.omit(lack.metrics)
            names = ", ".join(lack.metrics)
            self.inputs.report(lack.table, f"no column {lack.column}: {names} cannot be computed.", Severity.WARNING)
        builder.add_products(self._other_products())
        problems = (*self.session.problems, *self.problems, *self.inputs.problems)
        return builder.build(_distinct(problems), self.session.states)

    def _section(self, name: str, step: Callable[[], None]) -> None:
        """Run one step; what DuckDB refuses becomes a problem."""
        try:
            step()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            message = f"The section {name} {query_failed(error)}"
            self.problems.append(Problem("sources", None, message))

    def _create_input(self, name: str) -> None:
        try:
            self.inputs.create(name)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            place = ", ".join(f"{found.source}: {found.relation}" for found in self.inputs.tables(name))
            self.problems.append(Problem(place, None, f"This table {query_failed(error)}"))
            self.inputs.replace_by_empty(name)

    def _finish_inputs(self) -> None:
        for month, currency in parameters.create_fx_rates(self.connection):
            message = f"{currency} has more than one rate for {month}; none is used. Keep one row a month and currency."
            self.problems.append(Problem("fx_rate", None, message))
        self.session.progress("Looking through the events")
        odd = event_inputs.create_events(self.connection, self.request)
        if odd:
            message = f"{counted(odd, 'event')} without a time between {EARLIEST[:4]} and {LATEST[:4]}: left out."
            self.problems.append(Problem("event", None, message))

    def _in_portions(self, parts: int, work: Callable[[int], None]) -> None:
        """Run `work(parts)` from the start with ever more portions until one of them fits into memory."""
        while True:
            try:
                work(parts)
            except duckdb.OutOfMemoryException:
                if parts >= MOST_PORTIONS:
                    raise
                parts *= 2
            else:
                return

    def _add_revenue(self, builder: SheetBuilder) -> None:
        (size,) = run_sql(self.connection, "billing")
        self._in_portions(-(-int(size["customer_months"]) // parameters.ROWS_IN_PORTION) or 1, self._sum_revenue)
        rows = run_sql(self.connection, "revenue")
        builder.add_query("revenue", rows)
        self._report_revenue(rows)
        refunds = run_sql(self.connection, "refund")
        builder.add_query("refund", refunds)
        self._report_refunds(refunds)
        if any(product.revenue_share for product in self.request.products):
            builder.add_shares(run_sql(self.connection, "revenue_share"))
        if self.inputs.has("usage_day") and self.inputs.has("subscription"):
            builder.add_forecast(run_sql(self.connection, "forecast"))

    def _sum_revenue(self, parts: int) -> None:
        for table in _REVENUE_SUMS:
            self.connection.execute(f"delete from {table}")
        for part in range(parts):
            self.session.progress("Computing revenue", part, parts)
            parameters.choose_customers(self.connection, part, parts)
            run_sql(self.connection, "revenue_portion")

    def _report_refunds(self, rows: list[Row]) -> None:
        gaps = sorted({(row["own_gap"], row["month"]) for row in rows if row["own_gap"]})
        for currency, month in gaps:
            message = f"no exchange rate for {currency} in {Month.from_index(month)}; refunds are not summed there."
            self.problems.append(Problem("fx_rate", None, message))

    def _report_revenue(self, rows: list[Row]) -> None:
        for row in rows:
            gap = row["bridge_gap"]
            if gap is not None and abs(gap) > BRIDGE_TOLERANCE:
                month = Month.from_index(row["month"])
                message = f"the movements of {row['product_id']} in {month} miss closing MRR by {gap:.2f}."
                self.problems.append(Problem("revenue", None, message))
        for currency, first, last in self.connection.execute(
            """select currency, min(month), max(month) from rate_gap
            where lag = 0 and code <> 0 group by 1 order by 1"""
        ).fetchall():
            span = f"{Month.from_index(first)} to {Month.from_index(last)}"
            message = (
                f"no exchange rate for {currency} in some months from {span}; MRR of the products paid in it is not "
                "computed there. Add the rates: a missing rate is never taken as 1."
            )
            self.problems.append(Problem("fx_rate", None, message))
        longest = parameters.LONGEST_LINE_MONTHS
        warnings = {
            "a negative total: taken as 0 MRR": "select sum(customer_months) from negative_total",
            "no first day of a month, and so no MRR under month_start_snapshot": """
                select count(*) from billing_line where counts and last_month < first_month""",
            f"more than {longest} months: the rest is left out": f"""
                select count(*) from billing_line where counts and last_month - first_month >= {longest}""",
        }
        for what, sql in warnings.items():
            found = self.connection.execute(sql).fetchone()
            if found and found[0]:
                unit = "customer-month" if "negative" in what else "invoice line"
                message = f"{counted(found[0], unit)} with {what}."
                self.problems.append(Problem("invoice_line", None, message, Severity.WARNING))

    def _add_usage(self, builder: SheetBuilder) -> None:
        days = event_inputs.create_usage_range(self.connection, self.request.time_zone, Month.of(self.request.as_of))
        run_sql(self.connection, "usage_begin")
        if days is not None:
            parts = event_inputs.user_portions(self.connection)
            self._in_portions(parts, lambda parts: self._sum_usage(days, parts))
        rows = run_sql(self.connection, "usage")
        builder.add_query("usage", rows)
        self._report_usage(rows, days)

    def _report_usage(self, rows: list[Row], days: tuple[date, date] | None) -> None:
        users: dict[str, int] = {}
        for row in rows:
            users[row["product_id"]] = users.get(row["product_id"], 0) + row["unique_users"]
        for product in self.request.products:
            if product.key_action and users.get(product.product_id) == 0:
                listed = ", ".join(product.key_action)
                message = f"no event of this product is one of its key actions ({listed}), so nobody counts as active."
                self.problems.append(Problem(f"products/{product.slug}/product.toml", None, message))
        closed = latest_complete_month(self.request.as_of)
        if days is not None and Month.of(days[1]) == closed and days[1] < closed.last_day:
            message = f"the newest event is of {days[1]}: {closed} is over, but its events are not complete."
            self.problems.append(Problem("event", None, message, Severity.WARNING))

    def _sum_usage(self, days: tuple[date, date], parts: int) -> None:
        run_sql(self.connection, "usage_begin")
        first, last = (Month.of(day).index for day in days)
        eras = list(event_inputs.eras(first, last))
        for turn, era in enumerate(eras):
            event_inputs.create_era(self.connection, era, days, self.request.time_zone)
            for part in range(parts):
                self.session.progress("Reading events", turn * parts + part, len(eras) * parts)
                event_inputs.choose_users(self.connection, part, parts)
                run_sql(self.connection, "usage_users")
            run_sql(self.connection, "usage_orgs")

    def _add_activation(self, builder: SheetBuilder) -> None:
        if self.inputs.has("product_intent") and self.inputs.has("event"):
            parameters.create_default_activation(self.connection, self.request)
            builder.add_query("activation", run_sql(self.connection, "activation"))

    def _add_nps(self, builder: SheetBuilder) -> None:
        builder.add_query("nps", run_sql(self.connection, "nps"))
        row = self.connection.execute(
            "select count(*) from input_survey_response where not (score between 0 and 10 and score = floor(score))"
        ).fetchone()
        if row and row[0]:
            message = f"{counted(row[0], 'score')} outside the whole numbers from 0 to 10: not counted."
            self.problems.append(Problem("survey_response", None, message, Severity.WARNING))

    def _add_support(self, builder: SheetBuilder) -> None:
        parameters.create_working_days(self.connection, self.request)
        builder.add_query("support", run_sql(self.connection, "support"))

    def _add_imported(self, builder: SheetBuilder) -> None:
        rows = run_sql(self.connection, "imported")
        copies = sum(row["copies"] - 1 for row in rows if row["copies"] > 1)
        if copies:
            message = f"{counted(copies, 'value')} for a cell that another row has too: the largest is shown."
            self.problems.append(Problem("metric_value", None, message))
        builder.add_imported(rows)

    def _other_products(self) -> Iterator[str]:
        """Products that occur only in tables without a metric of their own."""
        for name in ("subscription", "usage_day"):
            for (product,) in self.connection.execute(f"select distinct product_id from input_{name}").fetchall():
                yield str(product)


def _distinct(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))


def evaluate(session: Session, request: Any) -> MetricSheet:
    """The job that `compute_sheet` runs in the child process; `request` is an EvaluationRequest."""
    return Evaluation(session, request).run()
