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
from reviewtui.metrics.custom import add_custom_metrics
from reviewtui.metrics.imported_values import create_imported_values
from reviewtui.metrics.inputs import EARLIEST, LATEST, READ_BY_METRICS, InputTables
from reviewtui.metrics.kept import Evaluated
from reviewtui.metrics.lacking import lacking
from reviewtui.metrics.revenue_section import add_revenue
from reviewtui.metrics.sql_files import run_sql
from reviewtui.metrics.usage_section import add_activation, add_usage
from reviewtui.metrics.work import Work
from reviewtui.sources.messages import query_failed
from reviewtui.sources.request import quoted
from reviewtui.sources.session import QueryTimeout
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewtui.metrics.kept import KeptMonths
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import FoundTable

_PASSING = (MemoryError, duckdb.OutOfMemoryException, duckdb.IOException, QueryTimeout)
"""Failures that the same data need not meet again."""


class Evaluation:
    """One evaluation: the session, the request and what went wrong so far."""

    def __init__(self, session: Session, request: EvaluationRequest, kept: KeptMonths | None = None) -> None:
        """`kept` is what an earlier evaluation left; None where nothing is kept for a later one either."""
        self.session = session
        self.connection = session.connection
        self.request = request
        self.problems: list[Problem] = []
        self.is_lasting = not session.request.view_problems
        self._shown: dict[str, str] = {}
        self.found = (*self._usable_tables(), *self._imported_values())
        self.inputs = InputTables(self.connection, self.found, request.time_zone, session.request.views, self._shown)
        self.work = Work(
            self.connection,
            request,
            self.inputs,
            session.progress,
            kept=kept or {},
            keeps=None if kept is None else {},
            problems=self.problems,
        )

    def _usable_tables(self) -> tuple[FoundTable, ...]:
        """The tables to read; a view's rows are read once, here, and a view that fails or does not end is left out."""
        read = [found for found in self.session.found if found.table in READ_BY_METRICS]
        usable = (self._read_once(found, place) if found.is_view else found for place, found in enumerate(read))
        return tuple(found for found in usable if found is not None)

    def _imported_values(self) -> tuple[FoundTable, ...]:
        """The files of imported values as one table, if there are any."""
        found, problems = create_imported_values(self.connection, self.request.imports)
        self.problems += problems
        return found

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
            self.is_lasting = False
        except (duckdb.Error, MemoryError) as error:
            reason = query_failed(error)
            self.is_lasting &= not isinstance(error, _PASSING)
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
            ("revenue", lambda builder: add_revenue(self.work, builder)),
            ("usage", lambda builder: add_usage(self.work, builder)),
            ("activation", lambda builder: add_activation(self.work, builder)),
            ("NPS", self._add_nps),
            ("support", self._add_support),
            ("imported values", self._add_imported),
            ("custom metrics", self._add_custom),
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
            self.is_lasting = False
            message = f"The section {name} {query_failed(error)}"
            self.problems.append(Problem("sources", None, message))

    def _create_input(self, name: str) -> None:
        try:
            self.inputs.create(name)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            self.is_lasting &= not isinstance(error, _PASSING)
            place = ", ".join(f"{found.source}: {found.relation}" for found in self.inputs.tables(name))
            self.problems.append(Problem(place, None, f"This table {query_failed(error)}"))
            self.inputs.replace_by_empty(name)

    def _finish_inputs(self) -> None:
        for month, currency in parameters.create_fx_rates(self.connection):
            message = f"{currency} has more than one rate for {month}; none is used. Keep one row a month and currency."
            self.problems.append(Problem("fx_rate", None, message))
        self.session.progress("Looking through the events")
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
        parameters.create_working_days(self.connection, self.request)
        builder.add_query("support", run_sql(self.connection, "support"))

    def _add_imported(self, builder: SheetBuilder) -> None:
        rows = run_sql(self.connection, "imported")
        copies = sum(row["copies"] - 1 for row in rows if row["copies"] > 1)
        if copies:
            message = f"{counted(copies, 'value')} for a cell that another row has too: the largest is shown."
            self.problems.append(Problem("metric_value", None, message))
        builder.add_imported(rows)

    def _add_custom(self, builder: SheetBuilder) -> None:
        add_custom_metrics(self.session, self.request, self.inputs, builder)

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


def continue_evaluation(session: Session, continuation: Any) -> Evaluated:
    """The job that `compute_sheet` runs in the child process; `continuation` is a Continuation."""
    evaluation = Evaluation(session, continuation.request, continuation.kept)
    sheet = evaluation.run()
    is_lasting = evaluation.is_lasting and not session.timed_out and not any(state.problem for state in sheet.sources)
    return Evaluated(sheet, evaluation.work.keeps or {}, is_lasting)
