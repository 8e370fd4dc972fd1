"""The reference of the large run: one scan of the columns that the metrics read, nothing else.

`python -m benchmarks.scan FILE`. Every value is looked at (a filter that no statistics can answer), two threads.
"""

from __future__ import annotations

import sys

import duckdb

EVENTS = """
select count(*) filter (where product_id = '-'), count(*) filter (where event = '-'),
    count(*) filter (where user_id = '-'), count(*) filter (where org_id = '-'), bit_xor(epoch_us(occurred_at))
from event
"""

INVOICE_LINES = """
select count(*) filter (where product_id = '-'), count(*) filter (where customer_id = '-'),
    count(*) filter (where subscription_id = '-'), count(*) filter (where sku = '-'),
    count(*) filter (where kind = '-'), count(*) filter (where currency = '-'), count(*) filter (where status = '-'),
    bit_xor(date_diff('day', date '1970-01-01', period_start)),
    bit_xor(date_diff('day', date '1970-01-01', period_end)), sum(amount)
from invoice_line
"""


USAGE_DAYS = """
select count(*) filter (where product_id = '-'), count(*) filter (where customer_id = '-'),
    bit_xor(date_diff('day', date '1970-01-01', day)), sum(revenue)
from usage_day
"""

INTENTS = """
select count(*) filter (where product_id = '-'), count(*) filter (where org_id = '-'),
    bit_xor(epoch_us(first_intent_at))
from product_intent
"""

SUBSCRIPTIONS = """
select count(*) filter (where subscription_id = '-'), count(*) filter (where customer_id = '-'),
    count(*) filter (where product_id = '-'), bit_xor(date_diff('day', date '1970-01-01', started_on)),
    bit_xor(date_diff('day', date '1970-01-01', ended_on)), sum(billing_limit)
from subscription
"""

SCANS = {
    "event": EVENTS,
    "invoice_line": INVOICE_LINES,
    "usage_day": USAGE_DAYS,
    "product_intent": INTENTS,
    "subscription": SUBSCRIPTIONS,
}
"""The tables with more than a few rows."""


def main() -> None:
    """Scan the file named on the command line once."""
    with duckdb.connect(sys.argv[1], read_only=True, config={"threads": "2"}) as connection:
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        for table, scan in SCANS.items():
            if table in tables:
                connection.execute(scan).fetchall()


if __name__ == "__main__":
    main()
