"""Read what moved a cell from the sources; runs in the child process.

The tables are those of the drill-down, so that what is added up is what the cell was computed from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewtui.errors import SourceError
from reviewtui.metrics.contributions import Amounts, weights
from reviewtui.metrics.conversions import literal
from reviewtui.metrics.drill_tables import DrillTables, months_back, read_rows
from reviewtui.metrics.drilldown import MOST_ROWS
from reviewtui.metrics.driver_plans import USER_ROWS, DriverPlan, SplitPlan, plan_of
from reviewtui.metrics.drivers import Drivers, Group, Split
from reviewtui.metrics.sql_files import rows_of, run_sql, run_steps
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reviewtui.metrics.drivers import DriverRequest
    from reviewtui.sources.session import Session

_NO_PLAN = "What is behind this metric does not add up to it, so its change cannot be split by records."
_NO_RATE = "There is no value in both months, so there is no change to explain."


def drive(session: Session, request: Any) -> Drivers:
    """The job that `fetch_drivers` runs in the child process; `request` is a DriverRequest."""
    return _Driving(session, request).run()


class _Driving(DrillTables):
    """One question about one change."""

    def __init__(self, session: Session, request: DriverRequest) -> None:
        self.request = request
        self.question = request.question
        self.cell = request.question.cell
        super().__init__(session, request.evaluation, self.cell.metric.query)

    def run(self) -> Drivers:
        """Split the change, or read the records of one group."""
        metric = self.cell.metric
        plan = plan_of(metric.id, self.query, metric.parts)
        if plan is None:
            return Drivers(reason=_NO_PLAN)
        reason = self.behind.reason_in(self.question.before, months_back(self.query, metric.id))
        if reason:
            return Drivers(reason=reason)
        self.session.progress("Reading what moved")
        self.prepare()
        if self.question.split:
            return self._records(plan)
        if plan.before is None:
            self._make(plan, self.question.before)
            self.connection.execute(f"create table driver_then as select * from {plan.table}")
        self._make(plan, self.cell.month)
        splits = [self._split(plan, split) for split in plan.splits]
        if all(split is None for split in splits):
            self._require_sources()
            return Drivers(reason=_NO_RATE)
        return Drivers(tuple(split for split in splits if split is not None and _says_something(split)))

    def _require_sources(self) -> None:
        """Raise SourceError where rows may be missing because a source could not be read."""
        reason = next((state.problem for state in self.session.states if state.problem), "")
        if reason:
            raise SourceError(reason, "A source could not be read")

    def _make(self, plan: DriverPlan, month: Month) -> None:
        """The tables of a month."""
        self.ask(self.cell.product, self.cell.metric.id, month)
        _MAKERS[self.query, plan.table == "drill_cohort"](self)
        if plan.table == USER_ROWS.table:
            run_sql(self.connection, "driver_users")

    # Splitting

    def _split(self, plan: DriverPlan, split: SplitPlan) -> Split | None:
        """The change by one kind of group; None where there is no value in both months."""
        self.connection.execute("drop table if exists driver_item")
        self.connection.execute(f"create table driver_item as {_items(plan, split)}")
        (found,) = run_sql(self.connection, "driver_groups")
        if not found["items"]:
            return None
        total = _amounts(found)
        if self.question.denominators is not None:
            before, now = self.question.denominators
            total = total._replace(denominator_before=before, denominator_now=now)
        weight = weights(total)
        if weight is None:
            return None
        self.connection.execute("drop table if exists driver_weight")
        self.connection.execute("create table driver_weight (numerator double, denominator double, most integer)")
        self.connection.execute("insert into driver_weight values (?, ?, ?)", [*weight, self.request.most])
        rows = rows_of(self.connection, run_steps(self.connection, "driver_ranked"))
        groups = tuple(_group(row) for row in rows if row["place"] is not None)
        if split.is_month:
            groups = tuple(group._replace(name=Month.from_index(int(group.name)).long_label) for group in groups)
        rest = next((_group(row) for row in rows if row["place"] is None), None)
        return Split(split.id, split.heading, groups, total, rest, is_moved=plan.before is not None)

    # Records

    def _records(self, plan: DriverPlan) -> Drivers:
        split = next((item for item in plan.splits if item.id == self.question.split), None)
        if split is None:
            return Drivers(reason=_NO_PLAN)
        self._make(plan, self.cell.month)
        if split.records.table == "driver_line":
            self.connection.execute("create table driver_before (month integer)")
            self.connection.execute("insert into driver_before values (?)", [self.question.before.index])
            run_sql(self.connection, "driver_lines")
        where = f"({split.records.where}) and {split.key} = {literal(self.question.key)}"
        rows = read_rows(self.connection, split.records, MOST_ROWS, where)
        return Drivers(records=rows)


def _items(plan: DriverPlan, split: SplitPlan) -> str:
    """The SQL for one row an item with what it adds in each month."""

    def select(is_now: int, key: str, amounts: tuple[str, str, str, str], table: str) -> str:
        names = ("numerator_before", "numerator_now", "denominator_before", "denominator_now")
        summed = ", ".join(
            f"cast(coalesce({sql}, 0) as double) as {name}" for sql, name in zip(amounts, names, strict=True)
        )
        return (
            f"select {is_now} as is_now, cast({key} as varchar) as item_key, cast({split.name} as varchar) as name,"
            f" cast({split.detail} as varchar) as detail, {summed} from {table} where {plan.where}"
        )

    if plan.before is not None:
        numerator, denominator = plan.before
        return select(1, split.key, (numerator, plan.numerator, denominator, plan.denominator), plan.table)
    now = select(1, split.key, ("0", plan.numerator, "0", plan.denominator), plan.table)
    key = "null" if split.is_each else split.key
    then = select(0, key, (plan.numerator, "0", plan.denominator, "0"), "driver_then")
    return f"{now} union all {then}"


def _amounts(row: Mapping[str, Any]) -> Amounts:
    return Amounts(*(float(row[name] or 0) for name in Amounts._fields))


def _group(row: Mapping[str, Any]) -> Group:
    return Group(
        row["item_key"],
        str(row["name"] or ""),
        str(row["detail"] or ""),
        _amounts(row),
        float(row["gained"] or 0),
        float(row["lost"] or 0),
        int(row["items"]),
    )


def _says_something(split: Split) -> bool:
    """Whether there is more than one group without a name."""
    return len(split.groups) != 1 or not split.groups[0].name.startswith("(no ")


_MAKERS: dict[tuple[str, bool], Callable[[_Driving], None]] = {
    ("revenue", False): DrillTables.make_customers,
    ("revenue_share", False): DrillTables.make_shares,
    ("refund", False): DrillTables.make_refunds,
    ("usage", False): DrillTables.make_users,
    ("usage", True): DrillTables.make_cohorts,
    ("activation", False): DrillTables.make_activated,
    ("nps", False): DrillTables.make_responses,
    ("costs", False): DrillTables.make_costs,
    ("support", False): lambda job: job.make_tickets(job.cell.products),
}
"""By query of the catalogue, and whether cohorts are looked at."""
