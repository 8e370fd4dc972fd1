"""The share of a product's MRR by named groups of SKUs; the groups and the rest are always the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from reviewtui.workspace.model import ProductConfig
from tests.metrics.worksheets import Company, statuses, value, values

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

JANUARY = ("2024-12-12", "2025-01-12")
FEBRUARY = ("2025-01-12", "2025-02-12")
MARCH = ("2025-02-12", "2025-03-12")
GROUPS = ("cdp", "exports", "unused", "other")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    share = {"cdp": ("cdp",), "exports": ("batch", "batch s3"), "unused": ("no such sku",)}
    product = ProductConfig("replay", "replay", revenue_share=share)
    company = Company(tmp_path_factory.mktemp("share"), products=(product,))
    company.bill("a", (*JANUARY, 30), sku="cdp")
    company.bill("a", (*JANUARY, 20), sku="batch")
    company.bill("b", (*JANUARY, 10), sku="batch s3")
    company.bill("b", (*JANUARY, 15), sku="seats")
    company.bill("b", (*JANUARY, 25))
    company.bill("b", (*JANUARY, 500), sku="cdp", kind="one_off")
    company.bill("a", (*FEBRUARY, 0), sku="cdp")
    # 10 000 yen at 0.01 are 100.
    company.bill("a", (*MARCH, 10000), sku="cdp", currency="JPY")
    company.bill("b", (*MARCH, 300), sku="batch")
    # Owed more than billed: this customer is no MRR at all, so neither is any part of it.
    company.bill("c", (*MARCH, 40), sku="batch")
    company.bill("c", (*MARCH, -90), sku="cdp")
    company.add("fx_rate", "month, currency, rate_to_base", [("2025-03-01", "JPY", 0.01)])
    company.bill("a", (*JANUARY, 8), sku="cdp", product="flags")
    return company.sheet("2025-04-10")


def shares(sheet: MetricSheet, month: str) -> list[float | None]:
    return [value(sheet, "replay", f"revenue_share.{group}", month) for group in GROUPS]


def test_groups_and_the_rest_by_sku(sheet: MetricSheet) -> None:
    assert shares(sheet, "2025-01") == pytest.approx([0.30, 0.30, 0.0, 0.40])


def test_a_share_carries_its_parts(sheet: MetricSheet) -> None:
    cell = sheet.cell("replay", "revenue_share.cdp", Month(2025, 1))
    assert cell.numerator == 30
    assert cell.denominator == cell.n == 100


def test_a_month_without_mrr_has_no_shares(sheet: MetricSheet) -> None:
    assert values(sheet, "replay", "mrr", "2025-02") == [0]
    assert statuses(sheet, "replay", "revenue_share.cdp", "2025-02") == ["na"]


def test_shares_are_the_whole_also_where_a_total_below_zero_counts_as_nothing(sheet: MetricSheet) -> None:
    assert value(sheet, "replay", "mrr", "2025-03") == pytest.approx(400)
    assert shares(sheet, "2025-03") == pytest.approx([0.25, 0.75, 0.0, 0.0])


def test_only_products_that_name_groups_have_shares(sheet: MetricSheet) -> None:
    owners = {product for product, metric in sheet.rows if metric.startswith("revenue_share.")}
    assert owners == {"replay"}
    named = [metric.id for metric in sheet.metrics if metric.id.startswith("revenue_share")]
    assert named == [f"revenue_share.{group}" for group in GROUPS]
