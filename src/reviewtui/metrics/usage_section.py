"""The usage section and activation: everything that is made of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.errors import Severity
from reviewtui.metrics import event_inputs, parameters
from reviewtui.metrics.change_marks import meaning_of, month_marks, table_mark
from reviewtui.metrics.event_names import marks_of_events
from reviewtui.metrics.kept import EVERYTHING
from reviewtui.metrics.parameters import MONTH_OF
from reviewtui.metrics.seen_users import SeenUsers
from reviewtui.metrics.sql_files import Row, insert_rows, run_sql
from reviewtui.months import Month, latest_complete_month

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from reviewtui.metrics.assemble import SheetBuilder
    from reviewtui.metrics.kept import Marks
    from reviewtui.metrics.work import Work

USAGE = "usage"
ACTIVATION = "activation"

_SUMS = {
    "user_part": """select p.product_id, u.* exclude (code) from (
            select code, month, sum(unique_users), sum(users_new), sum(users_7_days), sum(users_30_days),
                sum(cohort_1), sum(back_1), sum(cohort_3), sum(back_3), sum(cohort_6), sum(back_6)
            from user_part group by code, month
        ) u join usage_product p on p.code = u.code""",
    "org_part": """select p.product_id, o.month, o.unique_orgs
        from org_part o join usage_product p on p.code = o.code""",
}
_MONTH_PLACE = 1
_SEEN = "first_seen"
"""The kept users, see `SeenUsers`."""

_COHORT = ("product_id", "month", "cohort", "activated", "immature", "activation_rate")
"""The columns of `activation.sql`."""
_SHORTEST_MONTH = 28
_MONTHS_READ_FOR_ONE = 3
"""Where at least this share of the months is new, reading single months saves nothing."""


def _event_marks(work: Work) -> Mapping[str, Marks]:
    """The marks of the events by month, if somebody will go on from them."""
    return {"event": {} if work.keeps is None else marks_of_events(work).months}


def _meaning(work: Work, *facts: object) -> str:
    if work.keeps is None:
        return ""
    actions = [(product.product_id, product.key_action) for product in work.request.products if product.key_action]
    internal = table_mark(work.connection, work.hashed("org_id", "org_id"), "internal_org")
    return meaning_of(work.request.time_zone, actions, internal, *facts)


def add_usage(work: Work, builder: SheetBuilder) -> None:
    """Users and organisations by month, their growth, coming and going."""
    days = event_inputs.create_usage_range(work.connection, work.request.time_zone, work.current)
    run_sql(work.connection, "usage_begin")
    if days is not None:
        _sum_events(work, days)
    rows = run_sql(work.connection, "usage")
    builder.add_query(USAGE, rows)
    _report(work, rows, days)


def _sum_events(work: Work, days: tuple[date, date]) -> None:
    """Fill `user_part` and `org_part`, from the events of as few months as possible."""
    marks: dict[str, Marks] = {**_event_marks(work), "event_month": {}}
    if work.keeps is not None:
        columns = work.hashed("product_id, month, event, user_id, org_id, n", "user_id", "org_id")
        marks["event_month"] = month_marks(work.connection, "raw_event_month", MONTH_OF.format("month"), columns)
    meaning = _meaning(work)
    changed = work.since(USAGE, meaning, marks)
    ends = work.connection.execute("select product_id, last_month from usage_product").fetchall()
    since = work.since_ends(USAGE, "user_part", _MONTH_PLACE, changed, {str(name): int(end) for name, end in ends})
    first, last = (Month.of(day).index for day in days)
    if (last - since + 1) * _MONTHS_READ_FOR_ONE >= last - first + 1:
        since = EVERYTHING
    events = event_inputs.event_count(work.connection)
    seen = SeenUsers(work.kept_sums(USAGE, _SEEN, 0, since))
    work.in_portions(event_inputs.user_portions(events), lambda parts: _sum_portions(work, days, since, parts, seen))
    rows = work.connection.execute("select product_id, code from usage_product").fetchall()
    codes = {str(product): int(code) for product, code in rows}
    for table in _SUMS:
        work.restore(USAGE, table, _MONTH_PLACE, since, codes)
    work.keep(USAGE, meaning, marks, _SUMS, {_SEEN: seen.keep(since)} if work.keeps is not None else {})


def _sum_portions(work: Work, days: tuple[date, date], since: int, parts: int, seen: SeenUsers) -> None:
    run_sql(work.connection, "usage_begin")
    seen.found.clear()
    first, last = (Month.of(day).index for day in days)
    eras = list(event_inputs.eras(first, last, since))
    for turn, era in enumerate(eras):
        event_inputs.create_era(work.connection, era, days, work.request.time_zone, work.inputs.instant_type)
        for part in range(parts):
            work.progress("Reading events", turn * parts + part, len(eras) * parts)
            event_inputs.choose_users(work.connection, part, parts)
            run_sql(work.connection, "usage_activity")
            if era.reported > first and not seen.is_known:
                run_sql(work.connection, "usage_earlier")
            run_sql(work.connection, "usage_pairs")
            if seen.is_known:
                seen.mark_earlier(work.connection, era.reported)
            if work.keeps is not None and work.keeps_users:
                seen.note(work.connection)
            run_sql(work.connection, "usage_users")
        run_sql(work.connection, "usage_orgs")


def _report(work: Work, rows: list[Row], days: tuple[date, date] | None) -> None:
    users: dict[str, int] = {}
    for row in rows:
        users[row["product_id"]] = users.get(row["product_id"], 0) + row["unique_users"]
    for product in work.request.products:
        if product.key_action and users.get(product.product_id) == 0:
            listed = ", ".join(product.key_action)
            message = f"no event of this product is one of its key actions ({listed}), so nobody counts as active."
            work.report(f"products/{product.slug}/product.toml", message)
    closed = latest_complete_month(work.request.as_of)
    if days is not None and Month.of(days[1]) == closed and days[1] < closed.last_day:
        message = f"the newest event is of {days[1]}: {closed} is over, but its events are not complete."
        work.report("event", message, Severity.WARNING)


def add_activation(work: Work, builder: SheetBuilder) -> None:
    """The share of organisations that met the activation criteria, by month of their intent."""
    if not (work.inputs.has("product_intent") and work.inputs.has("event")):
        return
    parameters.create_default_activation(work.connection, work.request)
    event_inputs.create_intents(work.connection)
    marks: dict[str, Marks] = {**_event_marks(work), "product_intent": {}}
    if work.keeps is not None:
        columns = work.hashed("product_id, org_id, first_intent_at_us", "org_id")
        month = MONTH_OF.format("first_intent_at")
        marks["product_intent"] = month_marks(work.connection, "outside_intent", month, columns)
    versions = [(product.product_id, product.activation) for product in work.request.products]
    meaning = _meaning(work, versions)
    spans = run_sql(work.connection, "activation_first")
    ends = {str(row["product_id"]): min(int(row["last_month"]), work.current.index) for row in spans}
    begin = _first_cohort(work, meaning, marks, ends)
    insert_rows(work.connection, "activation_begin", [(begin,)])
    zone = work.request.time_zone
    span = "true" if begin == EVERYTHING else event_inputs.within((begin, None), zone, work.inputs.instant_type)
    work.connection.execute(f"create view intent_event as select * from input_event where {span}")
    run_sql(work.connection, "activation_intent")
    work.in_portions(1, lambda parts: _meet_criteria(work, parts))
    kept = [Row(zip(_COHORT, row, strict=True)) for row in work.kept_sums(ACTIVATION, ACTIVATION, _MONTH_PLACE, begin)]
    rows = [*kept, *run_sql(work.connection, ACTIVATION)]
    builder.add_query(ACTIVATION, rows)
    work.leave(ACTIVATION, meaning, marks, {ACTIVATION: tuple(tuple(row[name] for name in _COHORT) for row in rows)})


def _meet_criteria(work: Work, parts: int) -> None:
    work.connection.execute("delete from criterion_met")
    for part in range(parts):
        work.progress("Computing activation", part, parts)
        parameters.choose_portion(work.connection, part, parts)
        run_sql(work.connection, "activation_portion")


def _first_cohort(work: Work, meaning: str, marks: Mapping[str, Marks], ends: Mapping[str, int]) -> int:
    """The first month of intents to judge: those whose window reaches into a changed month, or was open last time.

    `ends` has the last month of each product.
    """
    changed = work.since_ends(ACTIVATION, ACTIVATION, _MONTH_PLACE, work.since(ACTIVATION, meaning, marks), ends)
    if changed == EVERYTHING:
        return EVERYTHING
    windows = [version.window_days for product in work.request.products for version in product.activation]
    reach = max([parameters.DEFAULT_WINDOW_DAYS, *windows]) // _SHORTEST_MONTH + 1
    immature = _COHORT.index("immature")
    kept = work.kept_sums(ACTIVATION, ACTIVATION, _MONTH_PLACE, changed)
    return min([changed - reach, *(int(str(row[_MONTH_PLACE])) for row in kept if row[immature])])
