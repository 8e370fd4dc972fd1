"""Refunds are a memo by the month they are dated in; they never move MRR."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.metrics.worksheets import Company, statuses, value, values

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet

LINES = tuple((f"2025-0{month}-12", f"2025-0{month + 1}-12", 100.0) for month in range(1, 6))


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("refunds"))
    company.bill("a", *LINES)
    company.bill("a", *LINES, product="flags")
    company.add("customer", "customer_id, is_internal", [("staff", True)])
    company.add(
        "refund",
        "product_id, customer_id, refunded_on, amount, currency",
        [
            ("replay", "a", "2025-03-01", 30, "usd"),
            ("replay", "a", "2025-03-31", 12.5, None),
            ("replay", None, "2025-03-15", 7.5, None),
            ("replay", "staff", "2025-03-15", 4000, None),
            ("replay", "a", "2025-04-10", 200, None),  # more than the month's MRR
            ("replay", "a", "2025-06-02", 5, None),
            ("flags", "a", "2025-03-15", 100, "EUR"),
            ("flags", "a", "2025-04-15", 100, "EUR"),
        ],
    )
    company.add("fx_rate", "month, currency, rate_to_base", [("2025-03-01", "EUR", 1.1)])
    return company.sheet("2025-06-10")


def test_refunds_are_summed_by_the_month_of_their_date(sheet: MetricSheet) -> None:
    assert values(sheet, "replay", "refunds", "2025-03", "2025-04") == [50, 200]


def test_a_billed_month_without_refunds_is_a_true_zero(sheet: MetricSheet) -> None:
    assert values(sheet, "replay", "refunds", "2025-02", "2025-05") == [0, 0]


def test_refunds_never_move_mrr(sheet: MetricSheet) -> None:
    assert values(sheet, "replay", "mrr", "2025-03", "2025-04", "2025-05") == [100, 100, 100]
    assert values(sheet, "replay", "churned_mrr", "2025-04", "2025-05") == [0, 0]


def test_a_refund_in_another_currency_needs_a_rate(sheet: MetricSheet) -> None:
    assert values(sheet, "flags", "refunds", "2025-03", "2025-04") == pytest.approx([110, None])
    assert statuses(sheet, "flags", "refunds", "2025-04") == ["na"]


def test_refunds_of_all_products_are_pooled(sheet: MetricSheet) -> None:
    assert value(sheet, "*", "refunds", "2025-03") == pytest.approx(160)
    assert statuses(sheet, "*", "refunds", "2025-04") == ["na"]


def test_the_open_month_shows_refunds_to_date(sheet: MetricSheet) -> None:
    assert value(sheet, "replay", "refunds", "2025-06") == 5
    assert statuses(sheet, "replay", "refunds", "2025-06") == ["partial"]


@pytest.mark.parametrize("amounts", [("0.1", "0.2", "0.3"), ("0.3", "0.2", "0.1"), ("0.2", "0.3", "0.1")])
def test_the_sum_over_products_does_not_depend_on_their_order(tmp_path: Path, amounts: tuple[str, ...]) -> None:
    company = Company(tmp_path)
    refunds = [(f"p{place}", "2025-03-01", amount) for place, amount in enumerate(amounts)]
    company.add("refund", "product_id, refunded_on, amount", list(refunds))
    assert value(company.sheet("2025-06-10"), "*", "refunds", "2025-03") == 0.6
