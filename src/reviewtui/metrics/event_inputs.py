"""Events as the usage SQL reads them: when each product's begin and end, and the months as bits of a number.

The months a user was active in are bits of a BIGINT; an `Era` is the run of months that fits into it, and one more bit
says that the user was active before the era. Local months are found by joining quarter hours (`slot`) instead of
converting each timestamp: with tens of millions of events that is what takes the time.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from reviewtui.metrics.conversions import EARLIEST, LATEST, ZONED, literal
from reviewtui.metrics.parameters import DAY_SECONDS, MONTH_OF, local_midnight, local_midnight_us
from reviewtui.months import Month
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.request import EvaluationRequest

ERA_BITS = 62
"""Months in one run of `usage.sql`: five years and the open month take one run."""

BEFORE_ERA = 1 << ERA_BITS
"""The bit of all months before the era; `usage.sql` names its value."""

WARM_UP_MONTHS = (1, 3, 6)
"""How many months before a reported one retention looks back; 30 days reach into the month before."""

EVENTS_IN_PORTION = 100_000_000
"""Events for which the users are worked through at once; more events mean more portions, not more memory."""

FEW_INTERNAL = 50
"""So many internal organisations can be named in a condition; more are looked up."""

SLOT_SECONDS = 900
"""Every time zone in use is a multiple of a quarter hour away from UTC."""


class Era(NamedTuple):
    """A run of months whose activity fits into one number."""

    first: int
    """The month of bit 0."""
    reported: int
    """The first month to report; those before it only warm up."""
    last: int

    def is_needed(self, month: int) -> bool:
        """Whether the activity of `month` itself decides a reported month; of others it matters that there was any."""
        return self.first <= month <= self.last and any(
            month + back >= self.reported and month + back <= self.last for back in (0, *WARM_UP_MONTHS)
        )


def eras(first: int, last: int, since: int) -> Iterator[Era]:
    """Cover the months from `since` to `last` (indexes, both included) of data that begin in `first`."""
    reported = max(first, since)
    while reported <= last:
        start = max(first, reported - max(WARM_UP_MONTHS))
        end = min(last, start + ERA_BITS - 1)
        yield Era(start, reported, end)
        reported = end + 1


def name_events(connection: DuckDBPyConnection) -> None:
    """Make `named_event`: every event that occurs, how often, and between which instants."""
    connection.execute(
        """create table named_event as
        select product_id, event, count(*) as events, min(occurred_at_us) as first_us, max(occurred_at_us) as last_us,
            cast(0 as bigint) as odd
        from raw_event group by product_id, event"""
    )


def create_events(connection: DuckDBPyConnection, request: EvaluationRequest) -> int:
    """Make `event_kind`, `event_span`, `input_event` and `input_event_month`; returns how many events have no time.

    Reads `named_event`, see `name_events`.
    `event_kind` numbers the events of each product by name, so that names are compared once for each event;
    `event_span` has one row a product: the first and last event in microseconds, whatever the event is.
    """
    configured = sorted({product.product_id for product in request.products if product.key_action})
    is_key = (
        f"k.event is not null or e.product_id not in ({', '.join(map(literal, configured))})" if configured else "true"
    )
    join = "left join key_action k on k.product_id = e.product_id and k.event = e.event"
    _leave_out_odd_times(connection)
    connection.execute(
        f"""create table event_kind as
        select e.*, cast(row_number() over (order by e.product_id, e.event) as integer) as kind,
            {is_key} as is_key_action
        from named_event e {join}"""
    )
    connection.execute(
        """create table event_span as
        select product_id, min(first_us) as first_us, max(last_us) as last_us from event_kind
        where first_us is not null group by product_id"""
    )
    row = connection.execute("select coalesce(sum(odd), 0) from event_kind").fetchone()
    _create_event_views(connection, request, is_key, join)
    return int(row[0]) if row else 0


def event_count(connection: DuckDBPyConnection) -> int:
    """How many events there are, with and without a usable time."""
    row = connection.execute("select coalesce(sum(events), 0) from event_kind").fetchone()
    return int(row[0]) if row else 0


def _leave_out_odd_times(connection: DuckDBPyConnection) -> None:
    """Where some instant is outside the accepted years, find the span of the others and count it in `odd`."""
    first_us, end_us = (f"epoch_us(timestamp '{day}')" for day in (EARLIEST, LATEST))
    row = connection.execute(
        f"select count(*) from named_event where first_us < {first_us} or last_us >= {end_us}"
    ).fetchone()
    if row is None or not row[0]:
        return
    usable = f"occurred_at_us >= {first_us} and occurred_at_us < {end_us}"
    connection.execute(
        f"""create or replace table named_event as
        select product_id, event, count(*) as events, min(occurred_at_us) filter (where {usable}) as first_us,
            max(occurred_at_us) filter (where {usable}) as last_us, count(*) filter (where not ({usable})) as odd
        from raw_event group by product_id, event"""
    )


def _create_event_views(connection: DuckDBPyConnection, request: EvaluationRequest, is_key: str, join: str) -> None:
    connection.execute(
        """create table internal_org as
        select distinct org_id from input_customer where is_internal and org_id is not null"""
    )
    outside = _without_internal(connection)
    slot = f"e.occurred_at_us // {slot_seconds(request.time_zone) * 1_000_000}"
    connection.execute(
        f"""create view input_event as
        select n.product_id, n.event, nullif(e.user_id, '') as user_id, nullif(e.org_id, '') as org_id, n.kind,
            e.occurred_at_us, e.instant, {slot} as slot, n.is_key_action
        from raw_event e join event_kind n on n.product_id = e.product_id and n.event = e.event where {outside}"""
    )
    connection.execute(
        f"""create view input_event_month as
        select e.product_id, {MONTH_OF.format("e.month")} as month, e.user_id, e.org_id,
            {is_key} as is_key_action
        from raw_event_month e {join}
        where coalesce(e.n, 1) > 0 and e.product_id not in (select product_id from event_span) and {outside}"""
    )


def _without_internal(connection: DuckDBPyConnection) -> str:
    """The condition that keeps events of internal organisations out; free where there are none, cheap for a few."""
    rows = connection.execute(f"select org_id from internal_org limit {FEW_INTERNAL + 1}").fetchall()
    if not rows:
        return "true"
    few = ", ".join(literal(org) for (org,) in rows) if len(rows) <= FEW_INTERNAL else "select org_id from internal_org"
    return f"(e.org_id is null or e.org_id not in ({few}))"


def create_intents(connection: DuckDBPyConnection) -> None:
    """Make `outside_intent`: the intents of organisations that are not internal."""
    connection.execute(
        """create view outside_intent as
        select product_id, org_id, first_intent_at, first_intent_at_us
        from input_product_intent where org_id is not null and org_id not in (select org_id from internal_org)"""
    )


def user_portions(events: int) -> int:
    """In how many portions the users are worked through: memory goes with the users of one."""
    return -(-events // EVENTS_IN_PORTION) or 1


def choose_users(connection: DuckDBPyConnection, part: int, parts: int) -> None:
    """Make `user_event`, `earlier_user_event` and `user_event_month`: the users of portion `part` of `parts`."""
    chosen = "user_id is not null" + (f" and hash(user_id) % {parts} = {part}" if parts > 1 else "")
    for view, events in (
        ("user_event", "needed_event"),
        ("earlier_user_event", "earlier_event"),
        ("user_event_month", "input_event_month"),
    ):
        connection.execute(f"create or replace view {view} as select * from {events} where {chosen}")


def create_usage_range(connection: DuckDBPyConnection, zone: str, last: Month) -> tuple[date, date] | None:
    """Make `usage_range`, one row a product with its first and last local month; returns the days to look at.

    None where nothing lies before the end of `last`. Every row of a product counts here, key action or not.
    """
    local_day = f"cast(timezone({literal(zone)}, make_timestamptz({{0}})) as date)"
    connection.execute(
        """create or replace table event_month_span as
        select product_id, min(month) as first_month, max(month) as last_month
        from raw_event_month group by product_id"""
    )
    connection.execute(
        f"""create or replace table usage_range as
        with span as (
            select product_id, {local_day.format("first_us")} as first_day, {local_day.format("last_us")} as last_day,
                true as has_days
            from event_span
            union all
            select product_id, first_month, last_day(last_month), false
            from event_month_span
            where product_id not in (select product_id from event_span)
        )
        select product_id, first_day, least(last_day, date '{last.last_day}') as last_day,
            {MONTH_OF.format("first_day")} as first_month,
            least({MONTH_OF.format("last_day")}, {last.index}) as last_month, has_days
        from span where first_day <= date '{last.last_day}'"""
    )
    row = connection.execute("select min(first_day), max(last_day) from usage_range").fetchone()
    if row is None or row[0] is None:
        return None
    return row[0], row[1]


def slot_seconds(zone: str) -> int:
    """The width of a slot: whole days for UTC, quarter hours elsewhere."""
    return DAY_SECONDS if zone in ("UTC", "Etc/UTC") else SLOT_SECONDS


def create_era(connection: DuckDBPyConnection, era: Era, days: tuple[date, date], zone: str, instant_type: str) -> None:
    """Make `slot` for the days from `days[0]` to `days[1]`, `era_month` with the bits of `era`, and views of events.

    `instant_type` is `InputTables.instant_type`.
    `needed_event` has the months that are needed by themselves, `earlier_event` those that only tell who is not new,
    `reported_event` those to report.
    """
    needed = [month for month in range(era.first, era.last + 1) if era.is_needed(month)]
    listed = ", ".join(str(month) for month in needed)
    inside = f"{{0}} in ({listed})"
    bit = f"case when {inside} then cast(1 as bigint) << ({{0}} - {era.first}) else 0 end"
    known = f"case when not {inside} and {{0}} < {era.reported} then {BEFORE_ERA} else {bit} end"
    _create_dated_slots(connection, days, zone)
    connection.execute(
        f"""create or replace table slot as
        select slot, {bit.format("month")} as month_bit,
            case when days_left < 7 then {bit.format("month")} else 0 end as last_7_days_bit,
            case when days_left < 30 then {bit.format("month")} else 0 end
                | case when days_left_next < 30 then {bit.format("(month + 1)")} else 0 end as last_30_days_bits
        from dated_slot where {inside.format("month")}"""
    )
    connection.execute(
        f"""create or replace table era_month as
        select month, case when month >= {era.first} then cast(month - {era.first} as integer) end as place,
            {known.format("month")} as month_bit, month >= {era.reported} as is_reported
        from month where month <= {era.last}"""
    )
    _create_era_views(connection, era, needed, zone, instant_type)


def _create_era_views(
    connection: DuckDBPyConnection, era: Era, needed: Sequence[int], zone: str, instant_type: str
) -> None:
    starts = [month for month in needed if month - 1 not in needed]
    ends = [month + 1 for month in needed if month + 1 not in needed]
    spans: dict[str, list[tuple[int | None, int | None]]] = {
        "needed_event": list(zip(starts, ends, strict=True)),
        "earlier_event": [(None, starts[0]), *zip(ends[:-1], starts[1:], strict=True)],
        "reported_event": [(era.reported, era.last + 1)],
    }
    for view, parts in spans.items():
        inside = within_any(parts, zone, instant_type)
        connection.execute(f"create or replace view {view} as select * from input_event where {inside}")


def within(span: tuple[int | None, int | None], zone: str, instant_type: str) -> str:
    """The condition that an event lies in the months from `span[0]` to before `span[1]`; None is no bound."""
    return within_any([span], zone, instant_type)


def within_any(spans: Sequence[tuple[int | None, int | None]], zone: str, instant_type: str) -> str:
    """The condition that an event lies in one of the spans of months, see `within`.

    The instant as it is stored is compared, where that can be done: blocks of events outside need not be read then.
    """
    return " or ".join(f"({_inside(span, zone, instant_type)})" for span in spans)


def _inside(span: tuple[int | None, int | None], zone: str, instant_type: str) -> str:
    conditions = []
    for month, sign in zip(span, (">=", "<"), strict=True):
        if month is not None:
            day = Month.from_index(month).first_day
            if instant_type:
                at = f"{local_midnight(day, zone).astimezone(UTC):%Y-%m-%d %H:%M:%S}"
                conditions.append(f"instant {sign} {instant_type} '{at}{'+00' if instant_type == ZONED else ''}'")
            if not instant_type or span[1] is None:
                # An instant without end is later than any, but has no time.
                conditions.append(f"occurred_at_us {sign} {local_midnight_us(day, zone)}")
    return " and ".join(conditions)


def _create_dated_slots(connection: DuckDBPyConnection, days: tuple[date, date], zone: str) -> None:
    width = slot_seconds(zone)
    first_slot = int(local_midnight(days[0], zone).timestamp()) // width
    last_slot = int(local_midnight(days[1] + timedelta(days=1), zone).timestamp()) // width
    connection.execute(
        f"""create or replace table dated_slot as
        with placed as (
            select slot, cast(timezone({literal(zone)}, make_timestamptz(slot * {width * 1_000_000})) as date) as day
            from range({first_slot}, {last_slot}) s(slot)
        )
        select slot, {MONTH_OF.format("day")} as month, date_diff('day', day, last_day(day)) as days_left,
            date_diff('day', day, last_day(cast(last_day(day) + interval 1 day as date))) as days_left_next
        from placed"""
    )
