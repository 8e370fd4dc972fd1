"""Which rows explain which metric: the SQL that finds them, the columns to show, what to add up.

A `RowPlan` reads one table that a `drill_*.sql` file has made.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewtui.metrics.sheet import Unit

MONEY, COUNT, TEXT = Unit.MONEY, Unit.COUNT, ""

REVENUE_TABLES = ("customer", "invoice_line", "subscription_period", "fx_rate")
USAGE_TABLES = ("customer", "event", "event_month")


@dataclass(frozen=True, slots=True)
class RowPlan:
    """How the rows behind a metric are read."""

    heading: str
    table: str
    columns: tuple[tuple[str, str, str], ...]
    """(SQL expression, heading, unit)."""
    order: str
    where: str = "true"
    sums: tuple[str, ...] = ()
    """Headings of the columns that add up."""
    note: str = ""
    drop: tuple[str, ...] = ()
    """Headings of the columns that can be left out where there is no room, in this order."""

    def rank(self, heading: str) -> int:
        """How early a column is left out: the highest first, 0 never."""
        return len(self.drop) - self.drop.index(heading) if heading in self.drop else 0


_CUSTOMER_COLUMNS = (
    ("customer", "Customer", TEXT),
    ("segment", "Segment", TEXT),
    ("movement", "Movement", TEXT),
    ("before_then", "MRR before", MONEY),
    ("fx", "FX", MONEY),
    ("change", "Change", MONEY),
    ("mrr_now", "MRR now", MONEY),
)
_CUSTOMER_SUMS = ("MRR before", "FX", "Change", "MRR now")
_CUSTOMER_DROP = ("FX", "Segment", "MRR before", "Movement")


def _moved(heading: str, *movements: str) -> RowPlan:
    listed = ", ".join(f"'{movement}'" for movement in movements)
    return RowPlan(
        heading,
        "drill_customer",
        _CUSTOMER_COLUMNS,
        "abs(change) desc, customer, customer_id",
        f"movement in ({listed})",
        _CUSTOMER_SUMS,
        drop=_CUSTOMER_DROP,
    )


_PAYING = RowPlan(
    "Customers who pay",
    "drill_customer",
    _CUSTOMER_COLUMNS,
    "mrr_now desc, customer, customer_id",
    "mrr_now > 0",
    _CUSTOMER_SUMS,
    drop=_CUSTOMER_DROP,
)
_ALL_MOVED = RowPlan(
    "Customers by how much they changed",
    "drill_customer",
    _CUSTOMER_COLUMNS,
    "abs(mrr_now - before_then) desc, customer, customer_id",
    "true",
    _CUSTOMER_SUMS,
    drop=_CUSTOMER_DROP,
)
_LOST = ("churned", "contraction")
_GAINED = ("new", "reactivated", "expansion")
_CHURNED = _moved("Customers who stopped paying", "churned")
_KEPT = _moved("Customers who stopped, or pay less or more", *_LOST, "expansion")

_COHORT = RowPlan(
    "Customers of the opening month",
    "drill_customer",
    (
        ("customer", "Customer", TEXT),
        ("segment", "Segment", TEXT),
        ("opening", "Opening", MONEY),
        ("mrr_now", "Closing", MONEY),
        ("mrr_now - opening", "Change", MONEY),
        ("least(opening, mrr_now)", "Retained", MONEY),
    ),
    "abs(mrr_now - opening) desc, customer, customer_id",
    "opening > 0",
    ("Opening", "Closing", "Change", "Retained"),
    drop=("Segment", "Retained", "Opening"),
)

REVENUE_ROWS = {
    "mrr": _PAYING,
    "arr": _PAYING,
    "arpa": _PAYING,
    "ltv": _PAYING,
    "paying_customers": _PAYING,
    "mrr_growth": _ALL_MOVED,
    "mrr_growth_3m": _ALL_MOVED,
    "paying_customers_growth": _moved("Customers who came or stopped", "new", "reactivated", "churned"),
    "new_mrr": _moved("New customers", "new"),
    "new_mrr_rate": _moved("New customers", "new"),
    "reactivation_mrr": _moved("Customers who pay again", "reactivated"),
    "expansion_mrr": _moved("Customers who pay more", "expansion"),
    "expansion_rate": _moved("Customers who pay more", "expansion"),
    "contraction_mrr": _moved("Customers who pay less", "contraction"),
    "contraction_rate": _moved("Customers who pay less", "contraction"),
    "churned_mrr": _CHURNED,
    "churn_rate": _CHURNED,
    "logo_churn_rate": _CHURNED,
    "gross_mrr_churn_rate": _moved("Customers who stopped or pay less", *_LOST),
    "net_mrr_churn_rate": _KEPT,
    "revenue_retention_rate": _moved("Customers who stopped or pay less", *_LOST),
    "nrr": _KEPT,
    "quick_ratio": _moved("Customers who came, stopped, pay less or more", *_LOST, *_GAINED),
    "fx_effect": RowPlan(
        "Customers by the effect of exchange rates",
        "drill_customer",
        _CUSTOMER_COLUMNS,
        "abs(fx) desc, customer, customer_id",
        "fx <> 0",
        _CUSTOMER_SUMS,
        drop=_CUSTOMER_DROP,
    ),
    "quarterly_nrr": _COHORT,
    "quarterly_grr": _COHORT,
    "nrr_rolling_3m": _COHORT,
    "annualised_nrr": _COHORT,
    "nrr_12m": _COHORT,
}

LAGS = {
    "quarterly_nrr": 3,
    "quarterly_grr": 3,
    "nrr_rolling_3m": 3,
    "annualised_nrr": 3,
    "nrr_12m": 12,
    "retention_1m": 1,
    "retention_3m": 3,
    "retention_6m": 6,
}
"""Months between opening and closing; 1 for every other metric."""

SHARE_ROWS = RowPlan(
    "What customers pay for the SKUs of the group",
    "drill_share",
    (
        ("customer", "Customer", TEXT),
        ("segment", "Segment", TEXT),
        ("sku", "SKU", TEXT),
        ("mrr", "MRR", MONEY),
    ),
    "mrr desc, customer, sku",
    sums=("MRR",),
    drop=("Segment",),
)

REFUND_ROWS = RowPlan(
    "Refunds",
    "drill_refund",
    (
        ("refunded_on", "Day", TEXT),
        ("customer", "Customer", TEXT),
        ("segment", "Segment", TEXT),
        ("invoice_id", "Invoice", TEXT),
        ("currency", "Currency", TEXT),
        ("native", "Amount", COUNT),
        ("refunds", "In base currency", MONEY),
    ),
    "refunds desc, refunded_on, customer",
    sums=("In base currency",),
    drop=("Segment", "Invoice", "Currency", "Amount"),
)

_SEVERAL_ORGS = "A user of several organisations counts in each of them here, and once in the cell."


def _organisations(heading: str, *columns: tuple[str, str]) -> RowPlan:
    first = columns[0][0]
    return RowPlan(
        heading,
        "drill_org",
        (
            ("case when organisation = '' then '(no organisation)' else organisation end", "Organisation", TEXT),
            ("segment", "Segment", TEXT),
            *((name, shown, COUNT) for name, shown in columns),
        ),
        f"{first} desc, organisation",
        " + ".join(name for name, _ in columns) + " > 0",
        tuple(shown for _, shown in columns),
        _SEVERAL_ORGS,
        ("Segment",),
    )


_ACTIVE = _organisations(
    "Organisations by active users", ("users", "Users"), ("users_before", "Month before"), ("users_gone", "Stayed away")
)
USAGE_ROWS = {
    "unique_users": _ACTIVE,
    "unique_users_growth": _ACTIVE,
    "unique_orgs": _ACTIVE,
    "unique_orgs_growth": _ACTIVE,
    "users_new": _organisations("Organisations by new users", ("users_new", "New"), ("users", "Users")),
    "users_returning": _organisations(
        "Organisations by returning users", ("users_returning", "Returning"), ("users", "Users")
    ),
    "users_resurrecting": _organisations(
        "Organisations by users who came back", ("users_resurrecting", "Resurrecting"), ("users", "Users")
    ),
    "users_dormant": _organisations(
        "Organisations by users who stayed away", ("users_gone", "Dormant"), ("users_before", "Month before")
    ),
    "wau_mau": _organisations(
        "Organisations by users of the last days", ("users_30_days", "30 days"), ("users_7_days", "7 days")
    ),
}
NEEDS_ALL_EVENTS = ("users_new", "users_resurrecting")
"""Whether a user is new depends on every event before."""

COHORT_ROWS = RowPlan(
    "Cohorts that mature in the quarter",
    "drill_cohort",
    (("month", "Cohort", "month"), ("users", "Users", COUNT), ("users_again", "Active again", COUNT)),
    "month",
    sums=("Users", "Active again"),
)

CRITERION_ROWS = RowPlan(
    "Organisations of the cohort by criterion",
    "drill_criterion",
    (
        ("case when event_count > 1 then event || ' x ' || event_count else event end", "Criterion", TEXT),
        ("organisations", "Met it", COUNT),
        ("cohort", "Of", COUNT),
    ),
    "criterion",
)

RESPONSE_ID = "Answer"
"""The column that tells answers apart."""

RESPONSE_ROWS = RowPlan(
    "Answers, detractors first",
    "drill_response",
    (
        ("submitted_at", "Time", TEXT),
        ("score", "Score", COUNT),
        ("kind", "Kind", TEXT),
        ("case when organisation = '' then user_id else organisation end", "From", TEXT),
        ("segment", "Segment", TEXT),
        ("response_id", RESPONSE_ID, TEXT),
        ("comment", "Comment", TEXT),
    ),
    "case when comment = '' then 1 else 0 end, score, submitted_at desc, user_id",
    drop=(RESPONSE_ID, "Segment", "Kind", "Time", "From"),
)

_TICKET_COLUMNS = (
    ("ticket_id", "Ticket", TEXT),
    ("created_at", "Created", TEXT),
    ("organisation", "Organisation", TEXT),
    ("priority", "Priority", TEXT),
    ("status", "Status", TEXT),
    ("first_reply_at", "First reply", TEXT),
    ("escalated_at", "Escalated", TEXT),
)
_TICKET_DROP = ("Escalated", "First reply", "Status", "Priority")
_REPLY_COLUMNS = (
    ("ticket_id", "Ticket", TEXT),
    ("kind", "Reply", TEXT),
    ("verdict", "Verdict", TEXT),
    ("due_day", "Due", TEXT),
    ("ended_at", "Replied", TEXT),
    ("priority", "Priority", TEXT),
    ("organisation", "Organisation", TEXT),
)
_REPLY_DROP = ("Organisation", "Replied", "Priority", "Due")


def _tickets(heading: str, where: str, order: str) -> RowPlan:
    return RowPlan(heading, "drill_ticket", _TICKET_COLUMNS, f"{order} desc, ticket_id", where, drop=_TICKET_DROP)


def _replies(heading: str, where: str) -> RowPlan:
    order = "is_met, due_day, ticket_id, started_at"
    return RowPlan(heading, "drill_reply", _REPLY_COLUMNS, order, where, drop=_REPLY_DROP)


SUPPORT_ROWS = {
    "tickets_created": _tickets("Tickets created", "is_created = 1", "created_at"),
    "tickets_per_user": _tickets("Tickets created", "is_created = 1", "created_at"),
    "tickets_escalated": _tickets("Tickets escalated", "is_escalated = 1", "escalated_at"),
    "escalated_sla": _replies("Replies to escalations, late ones first", "kind = 'escalated'"),
    "sla": _replies("Replies, late ones first", "kind <> 'escalated'"),
}

_COST_COLUMNS = (
    ("component", "Component", TEXT),
    ("service", "Service", TEXT),
    ("billed", "All lines", MONEY),
    ("cost_before", "Month before", MONEY),
    ("cost - cost_before", "Change", MONEY),
    ("cost", "Cost", MONEY),
)
_COST_SUMS = ("All lines", "Month before", "Change", "Cost")
_COST_NOTE = "All lines is what they cost whoever pays; Cost is the share of this product."


def _costs(heading: str, order: str) -> RowPlan:
    by_name = f"{order}, component, service"
    drop = ("All lines", "Month before", "Service")
    return RowPlan(heading, "drill_cost", _COST_COLUMNS, by_name, "component <> ''", _COST_SUMS, _COST_NOTE, drop)


COST_ROWS = {
    **dict.fromkeys(("total_cost", "cost_per_unit", "gross_margin"), _costs("Components and services", "cost desc")),
    "cost_growth": _costs("Components and services by how much they changed", "abs(cost - cost_before) desc"),
    "revenue_per_unit": RowPlan(
        "Usage and revenue by region",
        "drill_cost_region",
        (("region", "Region", TEXT), ("volume", "Volume", COUNT), ("revenue", "Revenue", MONEY)),
        "revenue desc, region",
        sums=("Volume", "Revenue"),
    ),
}

IMPORT_ROWS = RowPlan(
    "Imported values of this cell, the newest first",
    "drill_import",
    (
        ("value", "Value", COUNT),
        ("n", "n", COUNT),
        ("source", "Source", TEXT),
        ("imported_at", "Imported", TEXT),
    ),
    "imported_at desc nulls last, value desc",
    drop=("Imported", "n"),
)

_CHANGE_IS_VALUE = ("new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr")
_CHANGE_IS_NUMERATOR = (
    "new_mrr_rate", "expansion_rate", "contraction_rate", "churn_rate", "gross_mrr_churn_rate", "net_mrr_churn_rate",
)  # fmt: skip
ROW_COUNT = ""
"""In place of a heading: the number of rows."""

ADDS_UP_TO: dict[str, tuple[str, str]] = {
    "mrr": ("MRR now", "value"),
    "arpa": ("MRR now", "numerator"),
    "paying_customers": (ROW_COUNT, "value"),
    "logo_churn_rate": (ROW_COUNT, "numerator"),
    "fx_effect": ("FX", "value"),
    **dict.fromkeys(_CHANGE_IS_VALUE, ("Change", "value")),
    **dict.fromkeys(_CHANGE_IS_NUMERATOR, ("Change", "numerator")),
    **dict.fromkeys(("quarterly_nrr", "nrr_rolling_3m", "nrr_12m"), ("Closing", "numerator")),
    "quarterly_grr": ("Retained", "numerator"),
    "refunds": ("In base currency", "value"),
    **dict.fromkeys(("retention_1m", "retention_3m", "retention_6m"), ("Active again", "numerator")),
    "nps": (ROW_COUNT, "denominator"),
    "nps_responses": (ROW_COUNT, "value"),
    "tickets_created": (ROW_COUNT, "value"),
    "tickets_per_user": (ROW_COUNT, "numerator"),
    "tickets_escalated": (ROW_COUNT, "value"),
    "escalated_sla": (ROW_COUNT, "denominator"),
    "sla": (ROW_COUNT, "denominator"),
    "total_cost": ("Cost", "value"),
    "cost_per_unit": ("Cost", "numerator"),
    "cost_growth": ("Change", "numerator"),
    "revenue_per_unit": ("Revenue", "numerator"),
}
"""Metric to the column whose sum, but for its sign, is the cell's value, numerator or denominator."""
