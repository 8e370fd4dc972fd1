"""Which metrics are made of which, so that one thing that happened is one exception, not ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric

_MOVEMENTS = ("new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "fx_effect")
_LOSSES = ("contraction_mrr", "churned_mrr")
_KEPT = ("expansion_mrr", *_LOSSES)

_MADE_OF = {
    "mrr": _MOVEMENTS,
    "arr": ("mrr",),
    "mrr_growth": ("mrr",),
    "mrr_growth_3m": ("mrr",),
    "new_mrr_rate": ("new_mrr",),
    "expansion_rate": ("expansion_mrr",),
    "contraction_rate": ("contraction_mrr",),
    "churn_rate": ("churned_mrr",),
    "gross_mrr_churn_rate": _LOSSES,
    "net_mrr_churn_rate": _KEPT,
    "revenue_retention_rate": _LOSSES,
    "nrr": _KEPT,
    "nrr_rolling_3m": _KEPT,
    "nrr_12m": _KEPT,
    "quick_ratio": _MOVEMENTS,
    "paying_customers_growth": ("paying_customers",),
    "arpa": ("mrr", "paying_customers"),
    "ltv": ("logo_churn_rate", "arpa"),
    "unique_users": ("users_new", "users_returning", "users_resurrecting"),
    "unique_users_growth": ("unique_users",),
    "unique_orgs_growth": ("unique_orgs",),
    "users_dormant": ("users_returning",),
    "nps_low": ("nps",),
    "nps_high": ("nps",),
    "tickets_per_user": ("tickets_created", "unique_users"),
    "cost_growth": ("total_cost",),
    "cost_per_unit": ("total_cost",),
    "revenue_per_unit": ("mrr",),
    "gross_margin": ("total_cost", "mrr"),
}
"""Metric to what it is computed from; what moved there explains what moves here."""


def made_of(metric: Metric) -> tuple[str, ...]:
    """The metrics that `metric` follows from; of metrics of people's own only growth is known."""
    return _MADE_OF.get(metric.id, (metric.growth_of,) if metric.growth_of else ())
