"""Run the metric SQL over a locked-down session and hand the rows to `assemble`.

Runs in the child process. Each section is computed on its own: one that fails becomes a problem and its metrics are
missing, the others are not touched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from reviewtui.errors import Problem, Severity
from reviewtui.metrics import event_inputs, parameters
from reviewtui.metrics.assemble import SheetBuilder
from reviewtui.metrics.conversions import EARLIEST, LATEST
from reviewtui.metrics.cost_inputs import COST_TABLES
from reviewtui.metrics.cost_section import add_costs
from reviewtui.metrics.custom import add_custom_metrics
from reviewtui.metrics.event_names import name_events
from reviewtui.metrics.imported_values import create_imported_values
from reviewtui.metrics.inputs import READ_BY_METRICS, InputTables
from reviewtui.metrics.kept import LONGEST_GROWTH, NEWEST_MONTHS, Evaluated
from reviewtui.metrics.lacking import lacking
from reviewtui.metrics.pulled import read_pulled
from reviewtui.metrics.revenue_section import add_revenue
from reviewtui.metrics.sql_files import run_sql
from reviewtui.metrics.usable_tables import usable_tables
from reviewtui.metrics.usage_section import add_activation, add_usage
from reviewtui.metrics.work import Work
from reviewtui.months import Month
from reviewtui.sources.messages import query_failed
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewtui.metrics.kept import KeptMonths
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import FoundTable

COSTS = "costs"

_Section = tuple[str, "Callable[[SheetBuilder], None]", tuple[str, ...]]
"""The name of a section, what computes it, and the tables without any of which it has nothing to say."""


class Evaluation:
    """One evaluation: the session, the request and what went wrong so far."""

    def __init__(
        self,
        session: Session,
        request: EvaluationRequest,
        kept: KeptMonths | None = None,
        first: Month | None = None,
    ) -> None:
        """`kept` is what an earlier evaluation left; None where nothing is kept for a later one either.

        With `first` only what is quickly known of that month and those after it is computed.
        """
        self.session = session
        self.connection = session.connection
        self.request = request
        self.problems: list[Problem] = []
        names = (*READ_BY_METRICS, *COST_TABLES) if request.cost_models else READ_BY_METRICS
        usable = usable_tables(session, names)
        self.problems += usable.problems
        self.found = (*usable.found, *self._imported_values())
        self.inputs = InputTables(self.connection, self.found, request.time_zone, session.request.views, usable.shown)
        self.pulled = read_pulled(session, request)
        self.problems += self.pulled.problems
        self.work = Work(
            self.connection,
            request,
            self.inputs,
            session.progress,
            kept=kept or {},
            keeps=None if kept is None else {},
            problems=self.problems,
            first=first.index if first is not None else None,
        )

    def _imported_values(self) -> tuple[FoundTable, ...]:
        """The files of imported values as one table, if there are any."""
        found, problems = create_imported_values(self.connection, self.request.imports)
        self.problems += problems
        return found

    def run(self) -> MetricSheet:
        """Compute every section and build the sheet."""
        parameters.create_parameters(self.connection, self.request)
        self.session.progress("Checking the input tables")
        for name in READ_BY_METRICS:
            self._create_input(name)
        self._section("exchange rates", self._finish_inputs)
        builder = SheetBuilder(self.request)
        steps = [step for step in map(self._chosen, self._steps()) if step is not None]
        if self.work.first is None:
            steps.append(("custom metrics", self._add_custom))
        else:
            steps = [step for step in steps if step[0] != COSTS]
        for place, (name, step) in enumerate(steps):
            self.session.progress(f"Computing {name}", place + 1, len(steps))
            self._section(name, lambda step=step: step(builder))  # type: ignore[misc]
        for lack in lacking(self.inputs.found):
            builder.omit(lack.metrics)
            names = ", ".join(lack.metrics)
            self.inputs.report(lack.table, f"no column {lack.column}: {names} cannot be computed.", Severity.WARNING)
        builder.add_products(self._other_products())
        problems = (*self.session.problems, *self.problems, *self.inputs.problems)
        sheet = builder.build(_distinct(problems), self.session.states)
        return replace(sheet, is_complete=not self.session.is_cut_short)

    @property
    def goes_by_months(self) -> bool:
        """Whether something is here that takes long and is computed from a month on."""
        return any(map(self._has, ("invoice_line", "subscription_period", "event", "event_month")))

    def _steps(self) -> tuple[_Section, ...]:
        """The sections."""
        return (
            (
                "revenue",
                lambda builder: add_revenue(self.work, builder),
                ("invoice_line", "subscription_period", "refund", "usage_day"),
            ),
            # Support relates its tickets to the users, of whom there may be none.
            ("usage", lambda builder: add_usage(self.work, builder), ("event", "event_month", "ticket")),
            ("activation", lambda builder: add_activation(self.work, builder), ("event", "product_intent")),
            ("NPS", self._add_nps, ("survey_response",)),
            ("support", self._add_support, ("ticket",)),
            (COSTS, self._add_costs, ("cost_line",)),
            ("imported values", self._add_imported, ("metric_value",)),
        )

    def _chosen(self, section: _Section) -> tuple[str, Callable[[SheetBuilder], None]] | None:
        """How a section gets its rows: pulled from an engine, else computed here; None where there is nothing."""
        name, step, tables = section
        pulled = self.pulled.step(name, self.request)
        if pulled is None:
            return (name, step) if any(map(self._has, tables)) else None
        own = [found for table in tables for found in self.inputs.tables(table)]
        if own:
            self.inputs.report(own[0], f"not used: {name} is pulled from an engine.", Severity.WARNING)
        return name, pulled

    def _section(self, name: str, step: Callable[[], None]) -> None:
        """Run one step; what DuckDB refuses becomes a problem."""
        try:
            step()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            self.session.is_cut_short = True
            message = f"The section {name} {query_failed(error)}"
            self.problems.append(Problem("sources", None, message))

    def _create_input(self, name: str) -> None:
        try:
            self.inputs.create(name)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            self.session.note_failure(error)
            place = ", ".join(f"{found.source}: {found.relation}" for found in self.inputs.tables(name))
            self.problems.append(Problem(place, None, f"This table {query_failed(error)}"))
            self.inputs.replace_by_empty(name)

    def _finish_inputs(self) -> None:
        for month, currency in parameters.create_fx_rates(self.connection):
            message = f"{currency} has more than one rate for {month}; none is used. Keep one row a month and currency."
            self.problems.append(Problem("fx_rate", None, message))
        self.session.progress("Looking through the events")
        name_events(self.work)
        odd = event_inputs.create_events(self.connection, self.request)
        self.inputs.report_events(event_inputs.event_count(self.connection))
        if odd:
            message = f"{counted(odd, 'event')} without a time between {EARLIEST[:4]} and {LATEST[:4]}: left out."
            self.problems.append(Problem("event", None, message))

    def _add_nps(self, builder: SheetBuilder) -> None:
        builder.add_query("nps", run_sql(self.connection, "nps"))
        row = self.connection.execute(
            "select count(*) from input_survey_response where not (score between 0 and 10 and score = floor(score))"
        ).fetchone()
        if row and row[0]:
            message = f"{counted(row[0], 'score')} outside the whole numbers from 0 to 10: not counted."
            self.problems.append(Problem("survey_response", None, message, Severity.WARNING))

    def _add_support(self, builder: SheetBuilder) -> None:
        if "usage" in self.pulled.sections:
            columns = "product_id varchar, month integer, unique_users bigint"
            parameters.fill(self.connection, "usage_count", columns, self.pulled.usage_counts())
        parameters.create_working_days(self.connection, self.request)
        builder.add_query("support", run_sql(self.connection, "support"))

    def _has(self, table: str) -> bool:
        """Whether there is anything for a canonical table; FOCUS exports are cost lines."""
        return self.inputs.has(table) or (table == "cost_line" and bool(self.session.focus))

    def _add_costs(self, builder: SheetBuilder) -> None:
        if self.request.cost_models:
            add_costs(self.session, self.work, builder)

    def _add_imported(self, builder: SheetBuilder) -> None:
        rows = run_sql(self.connection, "imported")
        copies = sum(row["copies"] - 1 for row in rows if row["copies"] > 1)
        if copies:
            message = f"{counted(copies, 'value')} for a cell that another row has too: the largest is shown."
            self.problems.append(Problem("metric_value", None, message))
        builder.add_imported(rows)

    def _add_custom(self, builder: SheetBuilder) -> None:
        known = len(self.pulled.problems)
        pulled, others = self.pulled.custom(self.request.sql_metrics)
        self.problems += self.pulled.problems[known:]
        add_custom_metrics(self.session, replace(self.request, sql_metrics=others), self.inputs, builder)
        for rows in pulled:
            builder.add_custom(rows)

    def _other_products(self) -> Iterator[str]:
        """Products that occur only in tables without a metric of their own."""
        for name in ("subscription", "usage_day"):
            for (product,) in self.connection.execute(f"select distinct product_id from input_{name}").fetchall():
                yield str(product)


def _distinct(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))


def evaluate(session: Session, request: Any) -> MetricSheet:
    """The numbers that an EvaluationRequest asks for, computed from the beginning."""
    return Evaluation(session, request).run()


def evaluate_newest(session: Session, request: Any) -> MetricSheet | None:
    """The newest months of what an EvaluationRequest asks for, without costs and metrics of the user's own; None where
    nothing is computed month by month.

    Growth over some months needs those before, so more are computed than are given.
    """
    count = NEWEST_MONTHS
    evaluation = Evaluation(session, request, first=Month.of(request.as_of) - (count + LONGEST_GROWTH))
    if not evaluation.goes_by_months:
        return None
    sheet = evaluation.run()
    # Rates that lack a year ago are looked for among all months only; imported costs give way to computed ones.
    left_out = {"nrr_12m", *(metric.id for metric in sheet.metrics if metric.query == COSTS)}
    rows = {key: cells[-count:] for key, cells in sheet.rows.items() if key[1] not in left_out}
    # Whether something is wrong is known when all months are.
    return replace(sheet, months=sheet.months[-count:], rows=rows, problems=())


def continue_evaluation(session: Session, continuation: Any) -> Evaluated:
    """The job that `compute_sheet` runs in the child process; `continuation` is a Continuation."""
    evaluation = Evaluation(session, continuation.request, continuation.kept)
    return Evaluated(evaluation.run(), evaluation.work.keeps or {})
