"""Events as the usage SQL reads them: when each product's begin and end, and the months as bits of a number.

The months a user was active in are bits of a BIGINT; an `Era` is the run of months that fits into it, and one more bit
says that the user was active before the era. Local months are found by joining quarter hours (`slot`) instead of
converting each timestamp: with tens of millions of events that is what takes the time.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reviewtui.metrics.inputs import EARLIEST, LATEST, literal
from reviewtui.metrics.parameters import DAY_SECONDS, MONTH_OF, local_midnight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.months import Month

ERA_BITS = 62
"""Months in one run of `usage.sql`: five years and the open month take one run."""

BEFORE_ERA = 1 << ERA_BITS
"""The bit of all months before the era; `usage.sql` names its value."""

WARM_UP_MONTHS = 6
"""Months before the reported ones that six-month retention looks back on."""

EVENTS_IN_PORTION = 25_000_000
"""Events for which the users are worked through at once; more events mean more portions, not more memory."""

SLOT_SECONDS = 900
"""Every time zone in use is a multiple of a quarter hour away from UTC."""


class Era(NamedTuple):
    """A run of months whose activity fits into one number."""

    first: int
    """The month of bit 0."""
    reported: int
    """The first month to report; those before it only warm up."""
    last: int


def eras(first: int, last: int) -> Iterator[Era]:
    """Cover the months from `first` to `last` (indexes, both included)."""
    yield Era(first, first, min(last, first + ERA_BITS - 1))
    reported = first + ERA_BITS
    while reported <= last:
        start = reported - WARM_UP_MONTHS
        end = min(last, start + ERA_BITS - 1)
        yield Era(start, reported, end)
        reported = end + 1


def create_events(connection: DuckDBPyConnection, request: EvaluationRequest) -> int:
    """Make `event_span`, `input_event` and `input_event_month`; returns how many events have no usable time.

    `event_span` has one row a product: the first and last event in microseconds, whatever the event is.
    """
    first_us, end_us = (f"epoch_us(timestamp '{day}')" for day in (EARLIEST, LATEST))
    usable = f"occurred_at_us >= {first_us} and occurred_at_us < {end_us}"
    connection.execute(
        f"""create table event_span as
        select product_id, min(occurred_at_us) filter (where {usable}) as first_us,
            max(occurred_at_us) filter (where {usable}) as last_us, count(*) - count(*) filter (where {usable}) as odd
        from raw_event group by product_id"""
    )
    row = connection.execute("select coalesce(sum(odd), 0) from event_span").fetchone()
    connection.execute("delete from event_span where first_us is null")
    connection.execute(
        """create table internal_org as
        select distinct org_id from input_customer where is_internal and org_id is not null"""
    )
    join, is_key = _key_actions(request)
    width = slot_seconds(request.time_zone)
    outside = _without_internal(connection)
    connection.execute(
        f"""create view input_event as
        select e.product_id, e.event, nullif(e.user_id, '') as user_id, nullif(e.org_id, '') as org_id,
            e.occurred_at_us, e.occurred_at_us // {width * 1_000_000} as slot, {is_key} as is_key_action
        from raw_event e {join} where {outside}"""
    )
    connection.execute(
        f"""create view input_event_month as
        select e.product_id, {MONTH_OF.format("e.month")} as month, e.user_id, e.org_id, {is_key} as is_key_action
        from raw_event_month e {join}
        where coalesce(e.n, 1) > 0 and e.product_id not in (select product_id from event_span) and {outside}"""
    )
    return int(row[0]) if row else 0


def _key_actions(request: EvaluationRequest) -> tuple[str, str]:
    """A join, and the condition under which an event `e` is a key action of its product."""
    configured = sorted({product.product_id for product in request.products if product.key_action})
    if not configured:
        return "", "true"
    listed = ", ".join(literal(product) for product in configured)
    join = "left join key_action k on k.product_id = e.product_id and k.event = e.event"
    return join, f"(k.event is not null or e.product_id not in ({listed}))"


def _without_internal(connection: DuckDBPyConnection) -> str:
    """The condition that keeps events of internal organisations out; free where there are none."""
    row = connection.execute("select count(*) from internal_org").fetchone()
    if row is None or not row[0]:
        return "true"
    return "(e.org_id is null or e.org_id not in (select org_id from internal_org))"


def user_portions(connection: DuckDBPyConnection) -> int:
    """In how many portions the users are worked through: memory goes with the users of one."""
    row = connection.execute(
        "select (select count(*) from raw_event) + (select count(*) from raw_event_month)"
    ).fetchone()
    return -(-int(row[0]) // EVENTS_IN_PORTION) if row and row[0] else 1


def choose_users(connection: DuckDBPyConnection, part: int, parts: int) -> None:
    """Make `user_event` and `user_event_month`: the events of the users of portion `part` of `parts`."""
    chosen = "user_id is not null" + (f" and hash(user_id) % {parts} = {part}" if parts > 1 else "")
    for name in ("event", "event_month"):
        connection.execute(f"create or replace view user_{name} as select * from input_{name} where {chosen}")


def create_usage_range(connection: DuckDBPyConnection, zone: str, last: Month) -> tuple[date, date] | None:
    """Make `usage_range`, one row a product with its first and last local month; returns the days to look at.

    None where nothing lies before the end of `last`. Every row of a product counts here, key action or not.
    """
    local_day = f"cast(timezone({literal(zone)}, make_timestamptz({{0}})) as date)"
    connection.execute(
        f"""create or replace table usage_range as
        with span as (
            select product_id, {local_day.format("first_us")} as first_day, {local_day.format("last_us")} as last_day,
                true as has_days
            from event_span
            union all
            select product_id, min(month), max(last_day(month)), false
            from raw_event_month
            where product_id not in (select product_id from event_span)
            group by product_id
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


def create_era(connection: DuckDBPyConnection, era: Era, days: tuple[date, date], zone: str) -> None:
    """Make `slot` for the days from `days[0]` to `days[1]` and `era_month`, with the bits of `era`."""
    width = slot_seconds(zone)
    first_slot = int(local_midnight(days[0], zone).timestamp()) // width
    last_slot = int(local_midnight(days[1] + timedelta(days=1), zone).timestamp()) // width
    inside = f"{{0}} between {era.first} and {era.last}"
    bit = f"case when {inside} then cast(1 as bigint) << ({{0}} - {era.first}) else 0 end"
    known = f"case when {{0}} < {era.first} then {BEFORE_ERA} else {bit} end"
    connection.execute(
        f"""create or replace table slot as
        with placed as (
            select slot, cast(timezone({literal(zone)}, make_timestamptz(slot * {width * 1_000_000})) as date) as day
            from range({first_slot}, {last_slot}) s(slot)
        ),
        dated as (
            select slot, {MONTH_OF.format("day")} as month, date_diff('day', day, last_day(day)) as days_left,
                date_diff('day', day, last_day(cast(last_day(day) + interval 1 day as date))) as days_left_next
            from placed
        )
        select slot, {known.format("month")} as month_bit,
            case when days_left < 7 then {bit.format("month")} else 0 end as last_7_days_bit,
            case when days_left < 30 then {bit.format("month")} else 0 end
                | case when days_left_next < 30 then {bit.format("(month + 1)")} else 0 end as last_30_days_bits
        from dated"""
    )
    connection.execute(
        f"""create or replace table era_month as
        select month, case when month >= {era.first} then cast(month - {era.first} as integer) end as place,
            {known.format("month")} as month_bit, month >= {era.reported} as is_reported
        from month where month <= {era.last}"""
    )
