"""How the change of each metric is split: the table of items, what an item adds, the groups that items belong to.

An item is a customer, a user, an organisation, an answer, a ticket or a reply. The tables are those of the drill-down
(`drill_*.sql`), made for the month and, unless an item knows both months itself, for the month before too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reviewtui.metrics.conversions import literal
from reviewtui.metrics.drill_plans import (
    COHORT_ROWS,
    COST_ROWS,
    COUNT,
    MONEY,
    REFUND_ROWS,
    RESPONSE_ROWS,
    REVENUE_ROWS,
    SHARE_ROWS,
    SUPPORT_ROWS,
    TEXT,
    RowPlan,
)
from reviewtui.metrics.drill_tables import in_group

SEPARATOR = "\x1f"
"""Between the parts of a key."""


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """One way to group items."""

    id: str
    heading: str
    key: str
    """SQL for what tells groups apart."""
    name: str
    """SQL for what a group is called."""
    records: RowPlan
    """The records of a group, all of them; the key is added as a condition."""
    detail: str = "''"
    """SQL for what else is said of a group of one item."""
    is_each: bool = False
    """Whether its groups are single items of this month; those of the month before are then one group."""
    is_month: bool = False
    """Whether a group is named after the index of a month."""


@dataclass(frozen=True, slots=True)
class DriverPlan:
    """How a metric's items are read."""

    table: str
    numerator: str
    """SQL for what an item adds to the numerator, or to the value."""
    splits: tuple[SplitPlan, ...]
    denominator: str = "0"
    before: tuple[str, str] | None = None
    """SQL for the same of the month before, where an item knows it; None: the table is made for that month too."""
    where: str = "true"


_NO_SEGMENT = "case when segment = '' then '(no segment)' else segment end"
_NO_ORGANISATION = "case when organisation = '' then '(no organisation)' else organisation end"


def _by_segment(records: RowPlan) -> SplitPlan:
    return SplitPlan("segment", "By customer segment", "segment", _NO_SEGMENT, records)


def _by_organisation(records: RowPlan) -> SplitPlan:
    return SplitPlan("organisation", "By organisation", "organisation", _NO_ORGANISATION, records)


# Revenue

LINE_ROWS = RowPlan(
    "Billing lines of the customer",
    "driver_line",
    (
        ("sku", "SKU", TEXT),
        ("product_id", "Product", TEXT),
        ("first_month", "From", TEXT),
        ("last_month", "To", TEXT),
        ("currency", "Currency", TEXT),
        ("slice", "A month", COUNT),
        ("mrr_before", "MRR before", MONEY),
        ("mrr_now", "MRR now", MONEY),
    ),
    "first_month desc, sku",
    sums=("MRR before", "MRR now"),
    drop=("Currency", "A month", "Product"),
)
_BY_MOVEMENT = SplitPlan("movement", "By movement", "movement", "movement", REVENUE_ROWS["mrr_growth"])
_OWN_PARTS = {
    "quarterly_nrr": ("cohort_closing", "cohort_opening"),
    "nrr_rolling_3m": ("cohort_closing", "cohort_opening"),
    "nrr_12m": ("cohort_closing", "cohort_opening"),
    "quarterly_grr": ("cohort_retained", "cohort_opening"),
}
"""Numerator and denominator where the columns of a customer have other names than the catalogue's."""
_LEVELS = {
    "mrr": "opening_mrr", "arr": "12 * opening_mrr", "paying_customers": "opening_customers", "new_mrr": "",
    "reactivation_mrr": "", "expansion_mrr": "", "contraction_mrr": "", "churned_mrr": "", "fx_effect": "",
}  # fmt: skip
"""Metrics that are sums over customers, and the same sum a month before where a customer's row knows it."""


def _revenue(metric: str, parts: tuple[str, ...]) -> DriverPlan | None:
    rows = REVENUE_ROWS[metric]
    splits: tuple[SplitPlan, ...] = (
        SplitPlan("customer", "By customer", "customer_id", "customer", LINE_ROWS, "movement"),
        _by_segment(rows),
    )
    if metric in _LEVELS:
        before = (_LEVELS[metric], "0") if _LEVELS[metric] else None
        if metric == "paying_customers":
            splits = (replace(_BY_MOVEMENT, records=rows), *splits)
        return DriverPlan("drill_piece", metric, splits, before=before)
    named = _OWN_PARTS.get(metric, parts)
    if metric == "arpa":
        return DriverPlan("drill_piece", "mrr", splits, "paying_customers", ("opening_mrr", "opening_customers"))
    if metric in ("ltv", "mrr_growth_3m", "annualised_nrr") or not named:
        return None
    return DriverPlan("drill_piece", named[0], splits, named[1])


# Usage

USER_ROWS = RowPlan(
    "Users",
    "driver_user",
    (
        ("user_id", "User", TEXT),
        ("organisation", "Organisation", TEXT),
        ("segment", "Segment", TEXT),
        ("case when is_before = 1 then 'active' else '' end", "Month before", TEXT),
        ("case when is_now = 1 then 'active' else '' end", "This month", TEXT),
    ),
    "case when is_now = is_before then 1 else 0 end, is_now desc, user_id",
    "is_now = 1 or is_before = 1",
    drop=("Segment", "Organisation"),
)
_ORG_ROWS = RowPlan(
    "Organisations",
    "drill_org",
    (
        (_NO_ORGANISATION, "Organisation", TEXT),
        ("segment", "Segment", TEXT),
        ("users_before", "Users before", COUNT),
        ("users", "Users", COUNT),
    ),
    "abs(users - users_before) desc, organisation",
    "orgs = 1 or orgs_before = 1",
    ("Users before", "Users"),
    drop=("Segment",),
)
_BY_USERS_ORG = SplitPlan("organisation", "By organisation", "org_key", "organisation", USER_ROWS)
_OF_USERS = (_by_segment(USER_ROWS), _BY_USERS_ORG)
_OF_ORGS = (_by_segment(_ORG_ROWS), _by_organisation(_ORG_ROWS))


def _users(numerator: str, denominator: str = "0", before: tuple[str, str] | None = None) -> DriverPlan:
    return DriverPlan("driver_user", numerator, _OF_USERS, denominator, before)


_COHORT = DriverPlan(
    "drill_cohort",
    "users_again",
    (SplitPlan("cohort", "By cohort", "cast(month as varchar)", "month", COHORT_ROWS, is_month=True),),
    "users",
)
_ACTIVATED_ROWS = RowPlan(
    "Organisations of the cohort",
    "drill_activated",
    (
        (_NO_ORGANISATION, "Organisation", TEXT),
        ("segment", "Segment", TEXT),
        ("met", "Criteria met", COUNT),
        ("needed", "Of", COUNT),
        ("outcome", "Outcome", TEXT),
    ),
    "activated, met, organisation",
    drop=("Segment",),
)

_USAGE = {
    "unique_users": _users("is_now", before=("is_before", "0")),
    "unique_users_growth": _users("is_now - is_before", "is_before"),
    "unique_orgs": DriverPlan("drill_org", "orgs", _OF_ORGS, before=("orgs_before", "0")),
    "unique_orgs_growth": DriverPlan("drill_org", "orgs - orgs_before", _OF_ORGS, "orgs_before"),
    "users_new": _users("is_new"),
    "users_returning": _users("is_returning"),
    "users_resurrecting": _users("is_resurrecting"),
    "users_dormant": _users("-is_dormant"),
    "wau_mau": _users("is_last_7", "is_last_30"),
    "retention_1m": _COHORT,
    "retention_3m": _COHORT,
    "retention_6m": _COHORT,
}
_ACTIVATION = DriverPlan(
    "drill_activated",
    "activated",
    (
        _by_segment(_ACTIVATED_ROWS),
        SplitPlan("organisation", "By organisation", "org_id", "organisation", _ACTIVATED_ROWS, "outcome", True),
    ),
    "cohort",
    where="cohort = 1",
)

# NPS

_NET = "case when score >= 9 then 1 when score <= 6 then -1 else 0 end"
_ANSWER_KEY = "coalesce(nullif(response_id, ''), user_id || ' ' || cast(submitted_at as varchar))"
_BY_KIND = SplitPlan("kind", "By kind of answer", "kind", "kind || 's'", RESPONSE_ROWS)
_NPS = {
    "nps": DriverPlan(
        "drill_response",
        _NET,
        (
            _BY_KIND,
            SplitPlan(
                "answer",
                "By answer",
                _ANSWER_KEY,
                "cast(score as varchar) || ' ' || case when organisation <> '' then organisation else user_id end",
                RESPONSE_ROWS,
                "comment",
                is_each=True,
            ),
            _by_segment(RESPONSE_ROWS),
        ),
        "1",
    ),
    "nps_responses": DriverPlan(
        "drill_response", "1", (_BY_KIND, _by_segment(RESPONSE_ROWS), _by_organisation(RESPONSE_ROWS))
    ),
}

# Support

_NO_PRIORITY = "case when priority = '' then '(no priority)' else priority end"


def _support(metric: str) -> DriverPlan:
    rows = SUPPORT_ROWS[metric]
    splits: tuple[SplitPlan, ...] = (
        _by_organisation(rows),
        _by_segment(rows),
        SplitPlan("priority", "By priority", "coalesce(priority, '')", f"coalesce({_NO_PRIORITY}, '')", rows),
    )
    if rows.table == "drill_ticket":
        flag = "is_escalated" if metric == "tickets_escalated" else "is_created"
        return DriverPlan("drill_ticket", flag, splits)
    reply = SplitPlan(
        "reply",
        "By reply",
        "ticket_id || ' ' || cast(started_at as varchar)",
        "ticket_id || ' ' || verdict",
        rows,
        "case when organisation = '' then kind else organisation || ', ' || kind end",
        is_each=True,
    )
    return DriverPlan("drill_reply", "is_met", (reply, *splits), "1", where=rows.where)


# Costs

_SERVICE = "case when service in ('', component) then component else component || ': ' || service end"


def _costs(numerator: str, denominator: str = "0", beside: str = "") -> DriverPlan:
    """The change by component and by service; `beside` is what the row without a component is called."""
    rows = COST_ROWS["total_cost"]
    names = [f"case when component = '' then {literal(beside)} else {name} end" for name in ("component", _SERVICE)]
    service = f"case when component = '' then '' else component || '{SEPARATOR}' || service end"
    splits = (
        SplitPlan("component", "By component", "component", names[0], rows),
        SplitPlan("service", "By component and service", service, names[1], rows),
    )
    where = "true" if beside else "component <> ''"
    return DriverPlan("drill_cost", numerator, splits, denominator, where=where)


_BY_REGION = SplitPlan("region", "By region", "region", "region", COST_ROWS["revenue_per_unit"])
_COSTS = {
    "total_cost": _costs("cost"),
    "cost_growth": _costs("cost - cost_before", "cost_before"),
    "cost_per_unit": _costs("cost", "volume", "Volume"),
    "gross_margin": _costs("revenue - cost", "revenue", "Revenue"),
    "revenue_per_unit": DriverPlan("drill_cost_region", "revenue", (_BY_REGION,), "volume"),
}

# All of them

_REFUNDS = DriverPlan(
    "drill_refund",
    "refunds",
    (SplitPlan("customer", "By customer", "customer", "customer", REFUND_ROWS), _by_segment(REFUND_ROWS)),
)

_OTHERS = {
    "refunds": ("refund", _REFUNDS),
    "activation_rate": ("activation", _ACTIVATION),
    **{metric: ("usage", plan) for metric, plan in _USAGE.items()},
    **{metric: ("nps", plan) for metric, plan in _NPS.items()},
    **{metric: ("costs", plan) for metric, plan in _COSTS.items()},
}
"""Metric to the query that computes it and its plan."""


def plan_of(metric: str, query: str, parts: tuple[str, ...]) -> DriverPlan | None:
    """How the change of a computed metric is split; None where its rows do not add up to it."""
    if query == "revenue" and metric in REVENUE_ROWS:
        return _revenue(metric, parts)
    if query == "revenue_share":
        splits = (
            SplitPlan("sku", "By SKU", "sku", "case when sku = '' then '(no SKU)' else sku end", SHARE_ROWS),
            SplitPlan("customer", "By customer", "customer_id", "customer", SHARE_ROWS),
            _by_segment(SHARE_ROWS),
        )
        return DriverPlan("drill_share", f"case when {in_group(metric)} then mrr else 0 end", splits, "mrr")
    if query == "support" and metric in SUPPORT_ROWS:
        return _support(metric)
    if metric in _OTHERS and _OTHERS[metric][0] == query:
        return _OTHERS[metric][1]
    return None
