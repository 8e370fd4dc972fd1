"""Read the rows behind one cell; runs in the child process.

Only the tables that the cell is made of are looked at, with the same inputs and rules as the metrics themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from reviewtui.errors import SourceError
from reviewtui.metrics.customers import customer_rows
from reviewtui.metrics.drill_plans import (
    COHORT_ROWS,
    COST_ROWS,
    CRITERION_ROWS,
    IMPORT_ROWS,
    REFUND_ROWS,
    RESPONSE_ROWS,
    REVENUE_ROWS,
    SHARE_ROWS,
    SUPPORT_ROWS,
    USAGE_ROWS,
    RowPlan,
)
from reviewtui.metrics.drill_segments import segment_table
from reviewtui.metrics.drill_tables import DAYS_IN_WEEK, DrillTables, in_group, months_back, read_rows
from reviewtui.metrics.drilldown import STRIP_DAYS, DayStrip, DrillDown, RowTable
from reviewtui.metrics.sql_files import rows_of, run_sql
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.metrics.drilldown import DrillRequest
    from reviewtui.sources.session import Session

_STRIPS = {
    "revenue": ("drill_days_invoices", "Recurring invoice lines paid"),
    "usage": ("drill_days_users", "Active users"),
    "nps": ("drill_days_responses", "Survey answers"),
    "support": ("drill_days_tickets", "Tickets created"),
}


def drill(session: Session, request: Any) -> DrillDown:
    """The job that `fetch_rows` runs in the child process; `request` is a DrillRequest."""
    return _Drill(session, request).run()


class _Drill(DrillTables):
    """One question: its inputs, then its rows."""

    def __init__(self, session: Session, request: DrillRequest) -> None:
        self.request = request
        question = request.question
        super().__init__(session, request.evaluation, "imported" if question.is_imported else question.metric.query)
        self.question = question

    def run(self) -> DrillDown:
        """Read everything about the cell."""
        answer = _ANSWERS.get(self.query)
        if answer is None:
            return DrillDown(reason="There are no rows to show for a metric of this kind.")
        reason = self.behind.reason_in(self.question.month, months_back(self.query, self.question.metric.id))
        if reason:
            return DrillDown(reason=reason)
        self.session.progress("Reading the rows behind the cell")
        self.prepare()
        self.ask(self.question.product, self.question.metric.id, self.question.month)
        rows, segments = answer(self)
        if rows is None or not rows.found:
            self._require_sources()
        return DrillDown(rows, segments, self._strip())

    def _require_sources(self) -> None:
        """Raise SourceError where rows may be missing because a source could not be read."""
        reason = next((state.problem for state in self.session.states if state.problem), "")
        if reason:
            raise SourceError(reason, "A source could not be read")

    # Each kind of metric

    def revenue(self) -> tuple[RowTable | None, RowTable | None]:
        """Customers and how they moved."""
        self.make_customers()
        return self._rows(REVENUE_ROWS[self.question.metric.id]), self._segments()

    def revenue_share(self) -> tuple[RowTable | None, RowTable | None]:
        """What customers pay for the SKUs of the group."""
        self.make_shares()
        return self._rows(SHARE_ROWS, in_group(self.question.metric.id)), None

    def refund(self) -> tuple[RowTable | None, RowTable | None]:
        """The refunds of the month."""
        self.make_refunds()
        return self._rows(REFUND_ROWS), self._segments()

    def customers(self) -> tuple[RowTable | None, RowTable | None]:
        """The biggest customers with what else is known of them."""
        self.make_customers()
        self.connection.execute("create table drill_most as select ? as listed", [self.request.most_rows])
        run_sql(self.connection, "drill_customer_list")
        return self._rows(customer_rows(self.session.found)), None

    def usage(self) -> tuple[RowTable | None, RowTable | None]:
        """Organisations by users; for retention the cohorts."""
        metric = self.question.metric.id
        if metric in USAGE_ROWS:
            self.make_users()
            return self._rows(USAGE_ROWS[metric]), self._segments()
        self.make_cohorts()
        return self._rows(COHORT_ROWS), None

    def activation(self) -> tuple[RowTable | None, RowTable | None]:
        """The cohort by criterion."""
        self.make_activated()
        return self._rows(CRITERION_ROWS), self._segments()

    def nps(self) -> tuple[RowTable | None, RowTable | None]:
        """The answers that count."""
        self.make_responses()
        return self._rows(RESPONSE_ROWS), self._segments()

    def support(self) -> tuple[RowTable | None, RowTable | None]:
        """Tickets, or the replies that were due."""
        self.make_tickets(self.question.products)
        return self._rows(SUPPORT_ROWS[self.question.metric.id]), self._segments()

    def costs(self) -> tuple[RowTable | None, RowTable | None]:
        """Components and services; of revenue, the regions."""
        self.make_costs()
        return self._rows(COST_ROWS[self.question.metric.id]), None

    def imported(self) -> tuple[RowTable | None, RowTable | None]:
        """Every import of the cell."""
        run_sql(self.connection, "drill_imports")
        return self._rows(IMPORT_ROWS), None

    # Reading

    def _rows(self, plan: RowPlan, where: str = "") -> RowTable:
        table = read_rows(self.connection, plan, self.request.most_rows, where)
        return replace(table, note=" ".join(filter(None, (table.note, self.behind.note))))

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
        if self.behind.reason_in(Month.of(days[0])):
            return None
        self.connection.execute("create table drill_day (day date, week integer, from_us bigint, until_us bigint)")
        for place, day in enumerate(days):
            self.connection.execute(
                "insert into drill_day values (?, ?, ?, ?)",
                [day, place // DAYS_IN_WEEK, self.us(day), self.us(day + timedelta(days=1))],
            )
        self.look_at_events(Month.of(days[0]), Month.of(end))
        rows = run_sql(self.connection, name)
        if not rows:
            return None
        by_day = {row["day"]: int(row["n"]) for row in rows if row["day"] is not None}
        by_week = {row["week"]: int(row["n"]) for row in rows if row["day"] is None}
        return DayStrip(
            heading,
            tuple(days),
            tuple(by_day.get(day, 0) for day in days),
            tuple(by_week.get(week, 0) for week in range(STRIP_DAYS // DAYS_IN_WEEK)),
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
    "costs": _Drill.costs,
    "imported": _Drill.imported,
}
