"""Which metrics are made of which, so that one thing that happened is one exception, not ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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

_LOWERS = frozenset(
    {
        ("mrr", "contraction_mrr"),
        ("mrr", "churned_mrr"),
        ("mrr_growth", "contraction_rate"),
        ("mrr_growth", "churn_rate"),
        ("net_mrr_churn_rate", "expansion_rate"),
        ("revenue_retention_rate", "gross_mrr_churn_rate"),
        ("nrr", "net_mrr_churn_rate"),
        ("quick_ratio", "contraction_rate"),
        ("quick_ratio", "churn_rate"),
        ("paying_customers", "logo_churn_rate"),
        ("arpa", "paying_customers"),
        ("ltv", "logo_churn_rate"),
        ("tickets_per_user", "unique_users"),
        ("gross_margin", "cost_per_unit"),
    }
)
"""A metric and what lowers it when it rises."""
_EITHER_WAY = frozenset(
    {("users_dormant", "users_returning"), ("activation_rate", "users_new"), ("escalated_sla", "tickets_escalated")}
)
"""A metric and what may move it in either direction, as one group's MRR may a share of revenue."""


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


def _sign(metric: str, part: str) -> int:
    """1: `metric` rises with `part`; -1: it falls; 0: that cannot be told, as of a formula of people's own."""
    if metric not in _MADE_OF or (metric, part) in _EITHER_WAY:
        return 0
    return -1 if (metric, part) in _LOWERS else 1


class _Path(NamedTuple):
    """A way from a metric to one that it is computed from."""

    end: str
    sign: int
    """As of `_sign`, over all steps."""
    is_direct: bool = True
    is_ordinary: bool = True
    """Whether everything between the two was judged and found ordinary."""


def causes_among(
    flagged: Mapping[str, bool], metric: Metric, metrics: Mapping[str, Metric], is_ordinary: Callable[[str], bool]
) -> tuple[str, ...]:
    """The metrics out of `flagged` that `metric` follows from, through any that are not flagged themselves.

    A customer who leaves may show in the churned MRR and in NRR, and in nothing of what lies between the two. Through
    metrics that were all judged ordinary a cause has to explain the direction too: churn does not raise the LTV.
    `flagged` says of each metric, `metric` among them, whether it is above what was expected of it.
    """
    found: dict[str, None] = {}
    seen: set[_Path] = set()
    ahead = [_Path(part, _sign(metric.id, part)) for part in made_of(metric)]
    while ahead:
        path = ahead.pop(0)
        if path in seen or path.end == metric.id:
            continue
        seen.add(path)
        if path.end in flagged:
            agrees = path.sign == (1 if flagged[path.end] == flagged[metric.id] else -1)
            if agrees or path.is_direct or not path.is_ordinary:
                found[path.end] = None
            continue
        parts = made_of(metrics[path.end]) if path.end in metrics else _MADE_OF.get(path.end, ())
        was_ordinary = path.is_ordinary and is_ordinary(path.end)
        ahead += [_Path(part, path.sign * _sign(path.end, part), False, was_ordinary) for part in parts]
    return tuple(found)
