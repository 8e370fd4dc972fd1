"""The small tables that carry the settings, the calendar and the products' definitions into the metric SQL.

Months are integers (year * 12 + month - 1).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.conversions import EARLIEST
from reviewtui.metrics.sql_files import insert_rows
from reviewtui.months import Month
from reviewtui.workspace.model import ActivationVersion, Criterion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.workspace.model import ProductConfig

ROWS_IN_PORTION = 3_000_000
"""Customer-months for which the customers are worked through at once; more mean more portions, not more memory."""

LONGEST_LINE_MONTHS = 600
"""An invoice line over more months than this is a typing error."""

DAY_SECONDS = 86_400
DEFAULT_WINDOW_DAYS = 14
"""Days an organisation has to be activated in, where a product says nothing of it."""

MONTH_OF = "cast(extract(year from {0}) * 12 + extract(month from {0}) - 1 as integer)"


def local_midnight(day: date, zone: str) -> datetime:
    """00:00 of `day` in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def local_midnight_us(day: date, zone: str) -> int:
    """00:00 of `day` in `zone` in microseconds since 1970."""
    return round(local_midnight(day, zone).timestamp()) * 1_000_000


def fill(connection: DuckDBPyConnection, table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    connection.execute(f"create table {table} ({columns})")
    insert_rows(connection, table, rows)


def create_parameters(connection: DuckDBPyConnection, request: EvaluationRequest) -> None:
    """Make `setting`, `month`, `number`, the tables of definitions, and empty ones for the months to compute."""
    connection.execute("create table wanted_month (month integer)")
    connection.execute("create table revenue_begin (month integer)")
    connection.execute("create table activation_begin (month integer)")
    _create_settings(connection, request)
    _create_calendar(connection, request)
    _create_definitions(connection, request)
    _create_targets(connection, request)


def _create_settings(connection: DuckDBPyConnection, request: EvaluationRequest) -> None:
    midnight = local_midnight(request.as_of, request.time_zone)
    row = (
        request.as_of,
        midnight.replace(tzinfo=None),
        round(midnight.timestamp() * 1e6),
        Month.of(request.as_of).index,
        request.base_currency.upper(),
        request.attribution,
        request.period_end_is_exclusive,
        request.reactivation_window_days,
    )
    columns = (
        "as_of_day date, as_of_local timestamp, as_of_us bigint, current_month integer, base_currency varchar, "
        "attribution varchar, period_end_is_exclusive boolean, reactivation_window_days integer"
    )
    fill(connection, "setting", columns, [row])


def _create_calendar(connection: DuckDBPyConnection, request: EvaluationRequest) -> None:
    first = Month.of(date.fromisoformat(EARLIEST))
    count = Month.of(request.as_of).index - first.index + 1
    connection.execute(
        f"""create table month as
        select {first.index} + k as month, first_day, last_day(first_day) as last_day,
            (extract(month from first_day) - {request.fiscal.first_month} + 12) % 3 = 2 as closes_quarter
        from (select k, cast(date '{first.first_day}' + k * interval 1 month as date) as first_day
            from range({max(count, 0)}) span(k))"""
    )
    connection.execute(f"create table number as select cast(k as integer) as k from range({LONGEST_LINE_MONTHS}) n(k)")


def _create_definitions(connection: DuckDBPyConnection, request: EvaluationRequest) -> None:
    products = request.products
    key_actions = dict.fromkeys((p.product_id, event) for p in products for event in p.key_action)
    fill(connection, "key_action", "product_id varchar, event varchar", key_actions)
    groups = {(p.product_id, sku): name for p in products for name, skus in p.revenue_share.items() for sku in skus}
    fill(
        connection,
        "share_group",
        "product_id varchar, sku varchar, group_name varchar",
        ((product, sku, name) for (product, sku), name in groups.items()),
    )
    fill(connection, "definition_change", "product_id varchar, month integer, metric varchar", _redefined(request))
    versions = [
        (
            p.product_id,
            v.valid_from.index if v.valid_from else 0,
            v.window_days * DAY_SECONDS * 1_000_000,
            v.criteria,
        )
        for p in products
        for v in p.activation
    ]
    fill(
        connection,
        "activation_version",
        "product_id varchar, valid_from integer, window_us bigint",
        ((product, start, window) for product, start, window, _ in versions),
    )
    fill(
        connection,
        "activation_criterion",
        "product_id varchar, valid_from integer, criterion integer, event varchar, event_count integer",
        (
            (product, start, place, criterion.event, criterion.count)
            for product, start, _, criteria in versions
            for place, criterion in enumerate(criteria)
        ),
    )


def _redefined(request: EvaluationRequest) -> set[tuple[object, ...]]:
    """(product, month, metric) where a definition changed, by the metric whose growth is not computed then."""
    grows_from = {metric.id: metric.growth_of for metric in load_catalogue() if metric.growth_of}
    changes: set[tuple[object, ...]] = set()
    for event in request.events:
        if event.kind == "definition":
            named = {grows_from.get(metric, metric) for metric in event.metrics} or set(grows_from.values())
            changes |= {(event.product_id, event.month.index, metric) for metric in named}
    return changes


def _create_targets(connection: DuckDBPyConnection, request: EvaluationRequest) -> None:
    support = request.support
    clock = "calendar" if support.hours_mode == "calendar" else "business"
    first = [("first", p.lower(), clock, round(h * 3600)) for p, h in support.first_reply_hours.items()]
    following = [("next", priority, clock, 2 * seconds) for _, priority, _, seconds in first]
    escalated = [
        ("escalated", p.lower(), "business", round(d * DAY_SECONDS)) for p, d in support.escalated_business_days.items()
    ]
    columns = "kind varchar, priority varchar, clock varchar, target_seconds bigint"
    fill(connection, "reply_target", columns, (*first, *following, *escalated))


def create_fx_rates(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    """Make `input_fx_rate`; returns (month, currency) of rates that are given twice with different values."""
    month = MONTH_OF.format("month")
    connection.execute(
        f"""create table input_fx_rate as
        select {month} as month, currency, min(rate_to_base) as rate_to_base, count(distinct rate_to_base) as rates
        from raw_fx_rate where rate_to_base > 0 and rate_to_base < 1e9 group by 1, 2"""
    )
    doubtful = connection.execute("select month, currency from input_fx_rate where rates > 1 order by 1, 2").fetchall()
    connection.execute("delete from input_fx_rate where rates > 1")
    return [(str(Month.from_index(index)), currency) for index, currency in doubtful]


def create_working_days(connection: DuckDBPyConnection, request: EvaluationRequest) -> None:
    """Make `working_day`: each product's days on the line of business seconds, and on the plain one.

    Reads `usage_count` to know the products that have no tickets: a holiday calendar of their name is theirs alone.
    """
    configured = ((product.product_id,) for product in request.products)
    fill(connection, "configured_product", "product_id varchar", configured)
    connection.execute(
        """create table ticket_span as
        select product_id, min(cast(created_at as date)) as first_day from input_ticket group by product_id"""
    )
    connection.execute(
        """create table billed_product as
        select product_id from input_invoice_line union select product_id from input_subscription_period"""
    )
    connection.execute("create table holiday_day as select day, calendar from input_holiday")
    connection.execute(
        """create table working_day as
        with bounds as (select min(first_day) as first_day from ticket_span),
        product as (select product_id from ticket_span),
        known_product as (
            select product_id from product
            union select product_id from configured_product
            union select product_id from usage_count
            union select product_id from billed_product
        ),
        day as (
            select cast(b.first_day + k * interval 1 day as date) as day
            from bounds b cross join setting s,
                range(0, greatest(0, date_diff('day', b.first_day, s.as_of_day)) + 200) span(k)
        ),
        free as (
            select p.product_id, h.day
            from product p
            join holiday_day h on h.calendar = p.product_id
                or h.calendar is null or h.calendar not in (select product_id from known_product)
            group by p.product_id, h.day
        ),
        judged as (
            select p.product_id, d.day, isodow(d.day) < 6 and f.day is null as is_working
            from product p cross join day d
            left join free f on f.product_id = p.product_id and f.day = d.day
        )
        select product_id, 'business' as clock, day, is_working,
            86400 * (count(*) filter (where is_working) over (partition by product_id order by day)
                - case when is_working then 1 else 0 end) as position
        from judged
        union all
        select product_id, 'calendar', day, true,
            86400 * (row_number() over (partition by product_id order by day) - 1)
        from judged"""
    )


def default_activation(product: ProductConfig) -> tuple[ActivationVersion, ...]:
    """Of a product without criteria: its first key action, once; empty where any event will do, once."""
    return tuple(ActivationVersion((Criterion(event),), DEFAULT_WINDOW_DAYS) for event in product.key_action[:1])


def create_default_activation(connection: DuckDBPyConnection, request: EvaluationRequest) -> None:
    """Give products without activation criteria the default: their first key action, once, in 14 days."""
    first_action = [
        (product.product_id, version.criteria[0].event)
        for product in request.products
        if not product.activation
        for version in default_activation(product)
    ]
    fill(connection, "first_key_action", "product_id varchar, event varchar", first_action)
    connection.execute(
        """create table unconfigured as
        select distinct product_id from input_product_intent
        where product_id not in (select product_id from activation_version)"""
    )
    connection.execute(
        f"""insert into activation_version
        select product_id, 0, {DEFAULT_WINDOW_DAYS * DAY_SECONDS * 1_000_000} from unconfigured"""
    )
    connection.execute(
        """insert into activation_criterion
        select u.product_id, 0, 0, f.event, 1
        from unconfigured u left join first_key_action f on f.product_id = u.product_id"""
    )


def choose_portion(connection: DuckDBPyConnection, part: int, parts: int) -> None:
    """Make `portion`: which of how many portions of the customers or organisations is worked through."""
    connection.execute(f"create or replace table portion as select {part} as part, {parts} as parts")
