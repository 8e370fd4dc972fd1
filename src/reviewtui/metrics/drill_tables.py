"""The tables behind a month of a metric, made in the child process with the inputs and rules of the metrics themselves.

`ask` says which month is asked about, a `make_…` method makes its tables; another month can be asked about after it.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.metrics import event_inputs, parameters
from reviewtui.metrics.conversions import EARLIEST, literal
from reviewtui.metrics.cost_inputs import COST_TABLES
from reviewtui.metrics.drill_plans import LAGS, NEEDS_ALL_EVENTS, REVENUE_TABLES, USAGE_ROWS, USAGE_TABLES, RowPlan
from reviewtui.metrics.drilldown import Column, RowTable
from reviewtui.metrics.evaluate import Evaluation
from reviewtui.metrics.inputs import READ_BY_METRICS
from reviewtui.metrics.pulled_rows import rows_behind
from reviewtui.metrics.sql_files import run_sql
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.drill_costs import CostTables
    from reviewtui.metrics.request import EvaluationRequest
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
    "costs": (*COST_TABLES, *REVENUE_TABLES),
}
"""What each query of the catalogue reads."""

DAYS_IN_WEEK = 7
POOLED_COHORTS = 3
"""Retention is of so many cohorts together."""


def months_back(query: str, metric: str) -> int:
    """How many months before its own the rows of a metric have to reach, of tables that come month by month."""
    if query != "usage":
        return 0
    return 1 if metric in USAGE_ROWS else LAGS[metric] + POOLED_COHORTS - 1


class DrillTables:
    """The tables of one query of the catalogue."""

    def __init__(self, session: Session, evaluation: EvaluationRequest, query: str) -> None:
        self.session = session
        self.query = query
        self.request_of_numbers = evaluation
        needed = ("metric_value",) if query == "imported" else _TABLES.get(query, ())
        self.behind = rows_behind(session, evaluation, query, needed)
        session.found = self.behind.found
        evaluated = Evaluation(session, evaluation)
        self.connection = evaluated.connection
        self.inputs = evaluated.inputs
        self._made: set[str] = set()
        """What holds for every month and is there already."""
        self._costs: CostTables | None = None

    def prepare(self) -> None:
        """Make the inputs."""
        evaluation = self.request_of_numbers
        parameters.create_parameters(self.connection, evaluation)
        for name in READ_BY_METRICS:
            self.inputs.create(name)
        parameters.create_fx_rates(self.connection)
        event_inputs.name_events(self.connection)
        event_inputs.create_events(self.connection, evaluation)

    def ask(self, product: str, metric: str, month: Month) -> None:
        """Make `drill`, which says what is asked."""
        self.product, self.metric, self.month = product, metric, month
        end = month.last_day + timedelta(days=1)
        before = self.us((month - 1).first_day)
        last_30 = self.us(end - timedelta(days=30))
        self.connection.execute("drop table if exists drill")
        self.connection.execute(
            """create table drill (
                product_id varchar, metric varchar, month integer, lag integer, first_day date, last_day date,
                from_us bigint, before_us bigint, month_us bigint, until_us bigint, last_7_us bigint, last_30_us bigint
            )"""
        )
        self.connection.execute(
            "insert into drill values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                product,
                metric,
                month.index,
                LAGS.get(metric, 1),
                month.first_day,
                month.last_day,
                0 if metric in NEEDS_ALL_EVENTS else min(before, last_30),
                before,
                self.us(month.first_day),
                self.us(end),
                self.us(end - timedelta(days=DAYS_IN_WEEK)),
                last_30,
            ],
        )

    def look_at_events(self, first: Month | None, last: Month | None) -> None:
        """Make `drill_event`: the events from the month `first` to `last`; None is no bound."""
        span = (first.index if first is not None else None, last.index + 1 if last is not None else None)
        condition = event_inputs.within(span, self.request_of_numbers.time_zone, self.inputs.instant_type)
        condition += f" and occurred_at_us >= {self.us(date.fromisoformat(EARLIEST))}"
        self.connection.execute(f"create or replace view drill_event as select * from input_event where {condition}")

    def us(self, day: date) -> int:
        """00:00 of a day in microseconds."""
        return parameters.local_midnight_us(day, self.request_of_numbers.time_zone)

    def _is_first(self, what: str) -> bool:
        """Whether `what` is not made yet; it is from now on."""
        is_first = what not in self._made
        self._made.add(what)
        return is_first

    def _bill(self) -> None:
        if self._is_first("billing"):
            run_sql(self.connection, "billing")

    # Each query of the catalogue

    def make_customers(self) -> None:
        """`drill_customer`: what each customer pays, and how they moved."""
        self._bill()
        run_sql(self.connection, "drill_customers")

    def make_shares(self) -> None:
        """`drill_share`: what each customer pays for each SKU."""
        self.make_customers()
        run_sql(self.connection, "drill_shares")

    def make_refunds(self) -> None:
        """`drill_refund`."""
        self._bill()
        run_sql(self.connection, "drill_refunds")

    def make_users(self) -> None:
        """`drill_user`, `drill_member` and `drill_org`: who was active in the month, the month before, earlier."""
        self.look_at_events(None if self.metric in NEEDS_ALL_EVENTS else self.month - 1, self.month)
        run_sql(self.connection, "drill_users")

    def make_cohorts(self) -> None:
        """`drill_cohort`: the cohorts that the metric's retention pools."""
        lag, month = LAGS.get(self.metric, 1), self.month
        self.connection.execute("drop table if exists drill_bounds")
        self.connection.execute("create table drill_bounds (month integer, from_us bigint, until_us bigint)")
        cohorts = [month - lag - back for back in range(POOLED_COHORTS)]
        for item in sorted({*cohorts, *(cohort + lag for cohort in cohorts)}):
            bounds = [item.index, self.us(item.first_day), self.us(item.last_day + timedelta(days=1))]
            self.connection.execute("insert into drill_bounds values (?, ?, ?)", bounds)
        self.look_at_events(min(cohorts), max(cohorts) + lag)
        run_sql(self.connection, "drill_cohorts")

    def make_activated(self) -> None:
        """`drill_activated`: the organisations of the month's cohort."""
        if self._is_first("activation"):
            parameters.create_default_activation(self.connection, self.request_of_numbers)
        self.look_at_events(self.month, None)
        run_sql(self.connection, "drill_activation")

    def make_responses(self) -> None:
        """`drill_response`: the survey answers that count."""
        run_sql(self.connection, "drill_responses")

    def make_tickets(self, products: Sequence[str]) -> None:
        """`drill_ticket` and `drill_reply`; `products` are all there are, as calendars are named after them."""
        if self._is_first("support"):
            self.connection.execute("create table usage_count (product_id varchar, month integer, unique_users bigint)")
            for product in products:
                self.connection.execute("insert into usage_count values (?, null, null)", [product])
            parameters.create_working_days(self.connection, self.request_of_numbers)
            run_sql(self.connection, "support")
        run_sql(self.connection, "drill_tickets")

    def make_costs(self) -> None:
        """`drill_cost` and `drill_cost_region`: what the product pays for, and what it is set against."""
        from reviewtui.metrics.drill_costs import CostTables

        if self._costs is None:
            self._costs = CostTables(self.session, self.request_of_numbers, self.inputs)
        self._costs.make(self.connection, self.product, self.month, self._mrr)

    def _mrr(self) -> Fraction:
        self.make_customers()
        row = self.connection.execute("select sum(cast(mrr_now as decimal(38, 10))) from drill_customer").fetchone()
        return Fraction(row[0] or 0) if row is not None else Fraction(0)


def in_group(metric: str) -> str:
    """The SQL condition on `drill_share` for what `revenue_share.<group>` counts."""
    return f"group_name = {literal(metric.partition('.')[2])}"


def read_rows(connection: DuckDBPyConnection, plan: RowPlan, most_rows: int, where: str = "") -> RowTable:
    """The rows of a plan, the first so many of them, with their number and sums; `where` replaces the plan's."""
    condition = where or plan.where
    sums = [f"sum(cast({sql} as decimal(38, 10)))" if name in plan.sums else "null" for sql, name, _ in plan.columns]
    found, *totals = connection.execute(
        f"select count(*), {', '.join(sums)} from {plan.table} where {condition}"
    ).fetchone() or (0,)
    listed = ", ".join(sql for sql, _, _ in plan.columns)
    rows = connection.execute(
        f"select {listed} from {plan.table} where {condition} order by {plan.order} limit {most_rows}"
    ).fetchall()
    columns = tuple(Column(name, "" if unit == "month" else unit, plan.rank(name)) for _, name, unit in plan.columns)
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
