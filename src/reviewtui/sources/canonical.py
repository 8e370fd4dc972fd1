"""The canonical input tables: their columns, types and keys.

A table or view of a source that has one of these names and at least the required columns is used as it is.
Types are what a value is converted to; a value that cannot be converted counts as absent and is reported.
"""

from __future__ import annotations

from dataclasses import dataclass

TEXT = "VARCHAR"
DAY = "DATE"
INSTANT = "TIMESTAMPTZ"
MONEY = "DECIMAL(28,8)"
NUMBER = "DOUBLE"
WHOLE = "BIGINT"
FLAG = "BOOLEAN"
TAGS = "TAGS"
"""A list of texts, JSON, or text split at `;`: left as found."""


@dataclass(frozen=True, slots=True)
class CanonicalTable:
    """One canonical input table."""

    name: str
    columns: tuple[tuple[str, str], ...]
    """(name, type), in order."""
    required: tuple[str, ...]
    key: str = ""
    """The column that is unique, or empty."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of all columns, required or not."""
        return tuple(name for name, _ in self.columns)


def _table(name: str, required: str, optional: str = "", key: str = "") -> CanonicalTable:
    def columns(text: str) -> tuple[tuple[str, str], ...]:
        pairs = (item.rsplit(" ", 1) for item in text.split(", ") if item)
        return tuple((column, _TYPES[kind]) for column, kind in pairs)

    needed = columns(required)
    return CanonicalTable(name, needed + columns(optional), tuple(column for column, _ in needed), key)


_TYPES = {
    "text": TEXT,
    "day": DAY,
    "instant": INSTANT,
    "money": MONEY,
    "number": NUMBER,
    "whole": WHOLE,
    "flag": FLAG,
    "tags": TAGS,
}

CANONICAL_TABLES: tuple[CanonicalTable, ...] = (
    _table(
        "customer",
        "customer_id text",
        "name text, org_id text, created_at instant, segment text, is_internal flag",
        "customer_id",
    ),
    _table(
        "subscription",
        "subscription_id text, customer_id text, product_id text, started_on day",
        "ended_on day, status text, billing_limit money",
        "subscription_id",
    ),
    _table(
        "invoice_line",
        "customer_id text, product_id text, period_start day, period_end day, amount money",
        "line_id text, invoice_id text, subscription_id text, sku text, kind text, currency text, status text,"
        " paid_on day",
        "line_id",
    ),
    _table(
        "refund",
        "product_id text, refunded_on day, amount money",
        "refund_id text, invoice_id text, customer_id text, currency text",
        "refund_id",
    ),
    _table("fx_rate", "month day, currency text, rate_to_base number"),
    _table(
        "subscription_period",
        "customer_id text, product_id text, start_on day, end_on day, monthly_amount money",
        "subscription_id text, currency text",
    ),
    _table("event", "product_id text, event text, user_id text, occurred_at instant", "org_id text"),
    _table("event_month", "product_id text, month day, event text, user_id text", "org_id text, n whole"),
    _table("product_intent", "product_id text, org_id text, first_intent_at instant"),
    _table(
        "survey_response",
        "product_id text, submitted_at instant, score number",
        "response_id text, survey_id text, user_id text, org_id text, comment text",
        "response_id",
    ),
    _table(
        "ticket",
        "ticket_id text, product_id text, created_at instant",
        "org_id text, requester_id text, channel text, priority text, first_reply_at instant, escalated_at instant,"
        " escalation_priority text, escalation_reply_at instant, solved_at instant, status text",
        "ticket_id",
    ),
    _table("ticket_event", "ticket_id text, at instant, kind text", "value text"),
    _table("holiday", "day day", "calendar text"),
    _table(
        "metric_value",
        "product_id text, month day, metric text, value number",
        "n number, source text, imported_at instant",
    ),
    _table(
        "usage_day",
        "product_id text, day day",
        "unit text, volume number, revenue money, customer_id text, region text",
    ),
    _table(
        "cost_line",
        "day day, amount money",
        "line_id text, service text, tags tags, component text, region text, charge_category text, currency text",
        "line_id",
    ),
    _table(
        "query_log",
        "day day, cpu_seconds number",
        "region text, product text, feature text, read_bytes whole, queries whole",
    ),
    _table("cost_week", "product_id text, week day, component text, amount money", "days whole"),
)

TABLES_BY_NAME = {table.name: table for table in CANONICAL_TABLES}
