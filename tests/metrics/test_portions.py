"""However many portions customers and users are worked through in, the numbers are the same."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import duckdb
import pytest

from reviewtui.metrics import event_inputs, parameters, revenue_section, sql_files, usage_section
from reviewtui.workspace.model import ProductConfig
from tests.metrics.worksheets import Company, Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reviewtui.metrics.assemble import Row
    from reviewtui.metrics.sheet import MetricSheet

PRODUCTS = ("flags", "replay")


def busy_company(folder: Path) -> Company:
    """Forty customers and users with gaps, two currencies, SKU groups and two products."""
    dice = random.Random(7)
    company = Company(folder, products=(ProductConfig("replay", "replay", revenue_share={"mobile": ("m",)}),))
    lines: Rows = []
    events: Rows = []
    for person in range(40):
        for month in range(1, 9):
            for product in PRODUCTS:
                if dice.random() < 0.6:
                    amount, currency, sku = dice.randint(-5, 90), dice.choice(("USD", "EUR")), dice.choice("mx")
                    start, end = f"2025-{month:02d}-05", f"2025-{month + 1:02d}-05"
                    lines.append((f"c{person}", product, "s", "recurring", start, end, amount, currency, sku))
                if dice.random() < 0.5:
                    at = f"2025-{month:02d}-{dice.randint(1, 28):02d} 12:00:00+00"
                    events.append((product, "seen", f"u{person}", f"o{person % 9}", at))
    columns = "customer_id, product_id, subscription_id, kind, period_start, period_end, amount, currency, sku"
    company.add("invoice_line", columns, lines)
    company.add("event", "product_id, event, user_id, org_id, occurred_at", events)
    intents: Rows = [("replay", f"o{org}", f"2025-0{org % 6 + 1}-02 08:00:00+00") for org in range(9)]
    company.add("product_intent", "product_id, org_id, first_intent_at", intents)
    rates: Rows = [(f"2025-{month:02d}-01", "EUR", 1 + month / 50) for month in range(1, 11)]
    return company.add("fx_rate", "month, currency, rate_to_base", rates)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return busy_company(tmp_path_factory.mktemp("portions"))


@pytest.fixture(scope="module")
def whole(company: Company) -> MetricSheet:
    return company.sheet("2025-10-10")


def test_the_company_is_busy_enough_to_tell(whole: MetricSheet) -> None:
    assert ("replay", "revenue_share.mobile") in whole.rows
    assert sum(cell.value is not None for row in whole.rows.values() for cell in row) > 500


def test_small_portions_add_up_to_the_same_sheet(
    company: Company, whole: MetricSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameters, "ROWS_IN_PORTION", 60)
    monkeypatch.setattr(event_inputs, "EVENTS_IN_PORTION", 50)
    assert company.sheet("2025-10-10").rows == whole.rows


@pytest.mark.parametrize("step", ["revenue_portion", "usage_users", "activation_portion"])
def test_what_does_not_fit_into_memory_is_tried_again_in_smaller_portions(
    company: Company, whole: MetricSheet, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    run: Callable[..., list[Row]] = sql_files.run_sql
    tried: list[str] = []

    def short_of_memory(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
        rows = run(connection, name)
        tried.append(name)
        # First the whole does not fit, then the second of its two halves.
        if name == step and tried.count(step) in (1, 3):
            raise duckdb.OutOfMemoryException("Out of Memory Error")
        return rows

    for module in (revenue_section, usage_section):
        monkeypatch.setattr(module, "run_sql", short_of_memory)
    assert company.sheet("2025-10-10").rows == whole.rows
    assert tried.count(step) > 3
