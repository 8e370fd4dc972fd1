"""Read the rows behind one cell; runs in the child process.

Only the tables that the cell is made of are looked at, with the same inputs and rules as the metrics themselves.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from reviewtui.errors import SourceError
from reviewtui.metrics import event_inputs, parameters
from reviewtui.metrics.customers import customer_rows
from reviewtui.metrics.drill_plans import (
    COHORT_ROWS,
    CRITERION_ROWS,
    IMPORT_ROWS,
    LAGS,
    NEEDS_ALL_EVENTS,
    REFUND_ROWS,
    RESPONSE_ROWS,
    REVENUE_ROWS,
    REVENUE_TABLES,
    SHARE_ROWS,
    SUPPORT_ROWS,
    USAGE_ROWS,
    USAGE_TABLES,
    RowPlan,
)
from reviewtui.metrics.drill_segments import segment_table
from reviewtui.metrics.drilldown import STRIP_DAYS, Column, DayStrip, DrillDown, RowTable
from reviewtui.metrics.evaluate import Evaluation
from reviewtui.metrics.inputs import READ_BY_METRICS, literal
from reviewtui.metrics.sql_files import rows_of, run_sql
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.metrics.drilldown import DrillRequest
    from reviewtui.sources.session import Session

_TABLES = {
    "revenue": REVENUE_TABLES,
    "revenue_share": REVENUE_TABLES,
    "refund": (*REVENUE_TABLES, "refund"),
    "customers": (*REVENUE_TABLES, "survey_response", "ticket"),
    "usage": USAGE_TABLES,
    "activation": (*USAGE_TABLES, "product_intent"),
    "nps": ("customer", "survey_response"),
    "support": ("customer", "ticket", "ticket_event", "holiday"),
}
"""What each query of the catalogue reads."""

_STRIPS = {
    "revenue": ("drill_days_invoices", "Recurring invoice lines paid"),
    "usage": ("drill_days_users", "Active users"),
    "nps": ("drill_days_responses", "Survey answers"),
    "support": ("drill_days_tickets", "Tickets created"),
}
_DAYS_IN_WEEK = 7


def drill(session: Session, request: Any) -> DrillDown:
    """The job that `fetch_rows` runs in the child process; `request` is a DrillRequest."""
    return _Drill(session, request).run()


class _Drill:
    """One question: its inputs, then its rows."""

    def __init__(self, session: Session, request: DrillRequest) -> None:
        self.session = session
        self.request = request
        self.question = request.question
        self.query = "imported" if self.question.is_imported else self.question.metric.query
        needed = ("metric_value",) if self.question.is_imported else _TABLES.get(self.query, ())
        session.found = tuple(found for found in session.found if found.table in needed)
        evaluation = Evaluation(session, request.evaluation)
        self.connection = evaluation.connection
        self.inputs = evaluation.inputs

    def run(self) -> DrillDown:
        """Read everything about the cell."""
        answer = _ANSWERS.get(self.query)
        if answer is None:
            return DrillDown(reason="There are no rows to show for a metric of this kind.")
        self.session.progress("Reading the rows behind the cell")
        self._prepare()
        rows, segments = answer(self)
        if rows is None or not rows.found:
            self._require_sources()
        return DrillDown(rows, segments, self._strip())

    def _require_sources(self) -> None:
        """Raise SourceError where rows may be missing because a source could not be read."""
        reason = next((state.problem for state in self.session.states if state.problem), "")
        if reason:
            raise SourceError(reason, "A source could not be read")

    def _prepare(self) -> None:
        """Make the inputs and `drill`, which says what is asked."""
        evaluation = self.request.evaluation
        parameters.create_parameters(self.connection, evaluation)
        for name in READ_BY_METRICS:
            self.inputs.create(name)
        parameters.create_fx_rates(self.connection)
        event_inputs.create_events(self.connection, evaluation)
        month, metric = self.question.month, self.question.metric.id
        end = month.last_day + timedelta(days=1)
        before = self._us((month - 1).first_day)
        last_30 = self._us(end - timedelta(days=30))
        self.connection.execute(
            """create table drill (
                product_id varchar, metric varchar, month integer, lag integer, first_day date, last_day date,
                from_us bigint, before_us bigint, month_us bigint, until_us bigint, last_7_us bigint, last_30_us bigint
            )"""
        )
        self.connection.execute(
            "insert into drill values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                self.question.product,
                metric,
                month.index,
                LAGS.get(metric, 1),
                month.first_day,
                month.last_day,
                0 if metric in NEEDS_ALL_EVENTS else min(before, last_30),
                before,
                self._us(month.first_day),
                self._us(end),
                self._us(end - timedelta(days=_DAYS_IN_WEEK)),
                last_30,
            ],
        )

    def _us(self, day: date) -> int:
        """00:00 of a day in microseconds."""
        return round(parameters.local_midnight(day, self.request.evaluation.time_zone).timestamp() * 1e6)

    # Each kind of metric

    def revenue(self) -> tuple[RowTable | None, RowTable | None]:
        """Customers and how they moved."""
        run_sql(self.connection, "billing")
        run_sql(self.connection, "drill_customers")
        return self._rows(REVENUE_ROWS[self.question.metric.id]), self._segments()

    def revenue_share(self) -> tuple[RowTable | None, RowTable | None]:
        """What customers pay for the SKUs of the group."""
        run_sql(self.connection, "billing")
        run_sql(self.connection, "drill_customers")
        run_sql(self.connection, "drill_shares")
        group = self.question.metric.id.partition(".")[2]
        return self._rows(SHARE_ROWS, f"group_name = {literal(group)}"), None

    def refund(self) -> tuple[RowTable | None, RowTable | None]:
        """The refunds of the month."""
        run_sql(self.connection, "billing")
        run_sql(self.connection, "drill_refunds")
        self.connection.execute(
            "create table drill_segment as select segment, sum(refunds) as refunds from drill_refund group by segment"
        )
        return self._rows(REFUND_ROWS), self._segments()

    def customers(self) -> tuple[RowTable | None, RowTable | None]:
        """The biggest customers with what else is known of them."""
        run_sql(self.connection, "billing")
        run_sql(self.connection, "drill_customers")
        self.connection.execute("create table drill_most as select ? as listed", [self.request.most_rows])
        run_sql(self.connection, "drill_customer_list")
        return self._rows(customer_rows(self.session.found)), None

    def usage(self) -> tuple[RowTable | None, RowTable | None]:
        """Organisations by users; for retention the cohorts."""
        metric = self.question.metric.id
        if metric in USAGE_ROWS:
            run_sql(self.connection, "drill_users")
            return self._rows(USAGE_ROWS[metric]), self._segments()
        lag, month = LAGS.get(metric, 1), self.question.month
        self.connection.execute("create table drill_bounds (month integer, from_us bigint, until_us bigint)")
        cohorts = [month - lag - back for back in range(3)]
        for item in sorted({*cohorts, *(cohort + lag for cohort in cohorts)}):
            bounds = [item.index, self._us(item.first_day), self._us(item.last_day + timedelta(days=1))]
            self.connection.execute("insert into drill_bounds values (?, ?, ?)", bounds)
        run_sql(self.connection, "drill_cohorts")
        return self._rows(COHORT_ROWS), None

    def activation(self) -> tuple[RowTable | None, RowTable | None]:
        """The cohort by criterion."""
        parameters.create_default_activation(self.connection, self.request.evaluation)
        run_sql(self.connection, "drill_activation")
        return self._rows(CRITERION_ROWS), self._segments()

    def nps(self) -> tuple[RowTable | None, RowTable | None]:
        """The answers that count."""
        run_sql(self.connection, "drill_responses")
        return self._rows(RESPONSE_ROWS), self._segments()

    def support(self) -> tuple[RowTable | None, RowTable | None]:
        """Tickets, or the replies that were due."""
        self.connection.execute("create table usage_count (product_id varchar, month integer, unique_users bigint)")
        for product in self.question.products:
            self.connection.execute("insert into usage_count values (?, null, null)", [product])
        parameters.create_working_days(self.connection, self.request.evaluation)
        run_sql(self.connection, "support")
        run_sql(self.connection, "drill_tickets")
        return self._rows(SUPPORT_ROWS[self.question.metric.id]), self._segments()

    def imported(self) -> tuple[RowTable | None, RowTable | None]:
        """Every import of the cell."""
        run_sql(self.connection, "drill_imports")
        return self._rows(IMPORT_ROWS), None

    # Reading

    def _rows(self, plan: RowPlan, where: str = "") -> RowTable:
        """The rows of a plan, the first so many of them, with their number and sums."""
        condition = where or plan.where
        sums = [
            f"sum(cast({sql} as decimal(38, 10)))" if name in plan.sums else "null" for sql, name, _ in plan.columns
        ]
        found, *totals = self.connection.execute(
            f"select count(*), {', '.join(sums)} from {plan.table} where {condition}"
        ).fetchone() or (0,)
        listed = ", ".join(sql for sql, _, _ in plan.columns)
        rows = self.connection.execute(
            f"select {listed} from {plan.table} where {condition} order by {plan.order} limit {self.request.most_rows}"
        ).fetchall()
        columns = tuple(
            Column(name, "" if unit == "month" else unit, plan.rank(name)) for _, name, unit in plan.columns
        )
        if any(unit == "month" for _, _, unit in plan.columns):
            rows = [(Month.from_index(first).label, *rest) for first, *rest in rows]
        return RowTable(
            plan.heading,
            columns,
            tuple(tuple(row) for row in rows),
            int(found),
            tuple(None if total is None else float(total) for total in totals),
            plan.note,
        )

    def _segments(self) -> RowTable | None:
        """The metric by segment; None where customers have none."""
        rows = rows_of(self.connection, "select * from drill_segment order by segment")
        return segment_table(self.question.metric, rows)

    def _strip(self) -> DayStrip | None:
        """The six weeks that end with the month, or with yesterday."""
        if self.query not in _STRIPS:
            return None
        name, heading = _STRIPS[self.query]
        end = min(self.question.month.last_day, self.request.evaluation.as_of - timedelta(days=1))
        days = [end - timedelta(days=back) for back in range(STRIP_DAYS - 1, -1, -1)]
        self.connection.execute("create table drill_day (day date, week integer, from_us bigint, until_us bigint)")
        for place, day in enumerate(days):
            self.connection.execute(
                "insert into drill_day values (?, ?, ?, ?)",
                [day, place // _DAYS_IN_WEEK, self._us(day), self._us(day + timedelta(days=1))],
            )
        rows = run_sql(self.connection, name)
        if not rows:
            return None
        by_day = {row["day"]: int(row["n"]) for row in rows if row["day"] is not None}
        by_week = {row["week"]: int(row["n"]) for row in rows if row["day"] is None}
        return DayStrip(
            heading,
            tuple(days),
            tuple(by_day.get(day, 0) for day in days),
            tuple(by_week.get(week, 0) for week in range(STRIP_DAYS // _DAYS_IN_WEEK)),
        )


_ANSWERS: dict[str, Callable[[_Drill], tuple[RowTable | None, RowTable | None]]] = {
    "revenue": _Drill.revenue,
    "revenue_share": _Drill.revenue_share,
    "refund": _Drill.refund,
    "customers": _Drill.customers,
    "usage": _Drill.usage,
    "activation": _Drill.activation,
    "nps": _Drill.nps,
    "support": _Drill.support,
    "imported": _Drill.imported,
}
