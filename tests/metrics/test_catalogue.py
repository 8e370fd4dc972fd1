"""The catalogue is complete and says what each metric is."""

from __future__ import annotations

import pytest

from reviewtui.metrics.catalogue import load_catalogue

CONTRACT_IDS = [
    "mrr",
    "arr",
    "mrr_growth",
    "mrr_growth_3m",
    "new_mrr",
    "new_mrr_rate",
    "reactivation_mrr",
    "expansion_mrr",
    "expansion_rate",
    "contraction_mrr",
    "contraction_rate",
    "churned_mrr",
    "churn_rate",
    "gross_mrr_churn_rate",
    "net_mrr_churn_rate",
    "revenue_retention_rate",
    "nrr",
    "quarterly_nrr",
    "quarterly_grr",
    "nrr_rolling_3m",
    "annualised_nrr",
    "nrr_12m",
    "paying_customers",
    "paying_customers_growth",
    "logo_churn_rate",
    "revenue_share",
    "arpa",
    "ltv",
    "quick_ratio",
    "fx_effect",
    "refunds",
    "unique_users",
    "unique_users_growth",
    "unique_orgs",
    "unique_orgs_growth",
    "activation_rate",
    "retention_1m",
    "retention_3m",
    "retention_6m",
    "users_new",
    "users_returning",
    "users_resurrecting",
    "users_dormant",
    "wau_mau",
    "nps",
    "nps_responses",
    "nps_low",
    "nps_high",
    "tickets_created",
    "tickets_escalated",
    "escalated_sla",
    "sla",
    "tickets_per_user",
    "total_cost",
    "cost_per_unit",
    "revenue_per_unit",
    "gross_margin",
    "cost_growth",
]


def test_the_catalogue_has_every_promised_metric_in_order() -> None:
    assert [metric.id for metric in load_catalogue()] == CONTRACT_IDS


@pytest.mark.parametrize("metric", load_catalogue(), ids=lambda metric: metric.id)
def test_every_metric_is_defined_in_words(metric) -> None:  # type: ignore[no-untyped-def]
    assert metric.definition.endswith(".")
    assert metric.formula
    assert metric.needs
    assert bool(metric.parts) == bool(metric.numerator and metric.denominator)
