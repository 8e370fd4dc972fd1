"""A file of 50 million events in order of time: 400 thousand users, 60 months, 4 products, 2 million invoice lines.

The usual shape of an extract, while the demo's events have many more users and its lines many more currencies.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = 50_000_000
USERS = 400_000
MONTHS = 60
FIRST_MONTH = "2021-11-01"


def tables(events: int) -> tuple[str, ...]:
    """The statements that make the tables with so many events."""
    return (
        f"""create table event as
        with drawn as (
            select i, hash(i) as a, hash(i + {events}) % 1000003 / 1000003.0 as share from range({events}) t(i)
        ),
        placed as (select *, cast(floor({USERS} * pow(share, 1.7)) as integer) as person from drawn)
        select 'product_' || a % 4 as product_id, 'event_' || (a >> 8) % 6 as event, 'user_' || person as user_id,
            'org_' || person % 30000 as org_id,
            timestamptz '{FIRST_MONTH} 00:00:00+00' + to_microseconds(cast(i * (1826 * 86400e6 / {events}) as bigint))
                as occurred_at
        from placed""",
        f"""create table invoice_line as
        select i::varchar as line_id, 'c' || who % 40000 as customer_id, 's' || who % 40000 as subscription_id,
            'product_' || who % 4 as product_id, 'sku' as sku, 'recurring' as kind,
            (date '2021-10-15' + to_months((i % {MONTHS})::integer))::date as period_start,
            (date '2021-11-15' + to_months((i % {MONTHS})::integer))::date as period_end,
            (50 + hash(i) % 1000 / 10.0)::decimal(18, 4) as amount,
            case when who % 10 = 0 then 'EUR' else 'USD' end as currency, 'paid' as status
        from (select i, hash(i // {MONTHS}) as who from range({events // 25}) t(i))""",
        """create table fx_rate as
        select (date '2021-11-01' + to_months(i::integer))::date as month, 'EUR' as currency,
            1.1 + i % 7 / 100.0 as rate_to_base
        from range(70) t(i)""",
        f"""create table product_intent as
        select 'product_' || i % 4 as product_id, 'org_' || i // 4 as org_id,
            timestamptz '{FIRST_MONTH} 00:00:00+00' + to_days((hash(i) % 1800)::integer) as first_intent_at
        from range(100000) t(i)""",
    )


TABLES = tables(EVENTS)


def plain_workspace(root: Path) -> Path:
    """The workspace over such a file, made once."""
    data = root / "data" / "events.duckdb"
    if not data.exists():
        import duckdb

        print(f"making {data} …", file=sys.stderr)
        data.parent.mkdir(parents=True, exist_ok=True)
        partial = data.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with duckdb.connect(str(partial), config={"threads": "2", "memory_limit": "2GB"}) as connection:
            connection.execute("set timezone = 'UTC'")
            for table in TABLES:
                connection.execute(table)
        partial.rename(data)
        (root / "reviewtui.toml").write_text('schema = 1\n[[source]]\npath = "data/events.duckdb"\n', "utf-8")
    return root
