"""Which metrics are made of which, so that one thing that happened is one exception, not ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from reviewtui.metrics.sheet import Metric

_MOVEMENTS = ("new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "fx_effect")
_RATES = ("new_mrr_rate", "expansion_rate", "contraction_rate", "churn_rate")
_SHARE = "revenue_share."

_MADE_OF = {
    "mrr": _MOVEMENTS,
    "arr": ("mrr",),
    "mrr_growth": ("mrr", *_RATES),
    "mrr_growth_3m": ("mrr_growth",),
    "new_mrr_rate": ("new_mrr",),
    "expansion_rate": ("expansion_mrr",),
    "contraction_rate": ("contraction_mrr",),
    "churn_rate": ("churned_mrr",),
    "gross_mrr_churn_rate": ("contraction_rate", "churn_rate"),
    "net_mrr_churn_rate": ("gross_mrr_churn_rate", "expansion_rate"),
    "revenue_retention_rate": ("gross_mrr_churn_rate",),
    "nrr": ("net_mrr_churn_rate",),
    "nrr_rolling_3m": ("nrr",),
    "nrr_12m": ("nrr",),
    "quick_ratio": (*_RATES, "reactivation_mrr"),
    "paying_customers": ("logo_churn_rate",),
    "paying_customers_growth": ("paying_customers",),
    "arpa": ("mrr", "paying_customers"),
    "ltv": ("logo_churn_rate", "arpa"),
    "unique_users": ("users_new", "users_returning", "users_resurrecting"),
    "unique_users_growth": ("unique_users",),
    "unique_orgs_growth": ("unique_orgs",),
    "users_dormant": ("users_returning",),
    "wau_mau": ("unique_users",),
    "activation_rate": ("users_new",),
    "nps_low": ("nps",),
    "nps_high": ("nps",),
    "escalated_sla": ("tickets_escalated",),
    "tickets_per_user": ("tickets_created", "unique_users"),
    "cost_growth": ("total_cost",),
    "cost_per_unit": ("total_cost",),
    "revenue_per_unit": ("mrr",),
    "gross_margin": ("cost_per_unit", "revenue_per_unit"),
}
"""Metric to what it is computed from; what moved there explains what moves here."""


def made_of(metric: Metric) -> tuple[str, ...]:
    """The metrics that `metric` is computed from; of one of people's own, those of its formula."""
    if metric.id in _MADE_OF:
        return _MADE_OF[metric.id]
    if metric.id.startswith(_SHARE):
        return ("mrr",)
    return (metric.growth_of,) if metric.growth_of else _of_formula(metric.formula)


def _of_formula(formula: str) -> tuple[str, ...]:
    """The metric ids of a formula; none of one that is told in words."""
    from reviewtui.metrics.formula import FormulaError, read_formula

    try:
        return tuple(read_formula(formula).metrics) if formula else ()
    except FormulaError:
        return ()


def causes_among(flagged: Container[str], metric: Metric, metrics: Mapping[str, Metric]) -> tuple[str, ...]:
    """The metrics out of `flagged` that `metric` follows from, through any that are ordinary themselves.

    A customer who leaves may show in the churned MRR and in NRR, and in nothing of what lies between the two.
    """
    found: list[str] = []
    seen, ahead = {metric.id}, [*made_of(metric)]
    while ahead:
        name = ahead.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in flagged:
            found.append(name)
        else:
            ahead += made_of(metrics[name]) if name in metrics else _MADE_OF.get(name, ())
    return tuple(found)
