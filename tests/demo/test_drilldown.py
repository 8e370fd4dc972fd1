"""On the demo, the rows behind a cell add up to the cell, metric by metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.customers import customers_question
from reviewtui.metrics.drill_job import drill
from reviewtui.metrics.drill_plans import ADDS_UP_TO
from reviewtui.metrics.drilldown import CellQuestion, DrillRequest
from reviewtui.metrics.evaluate import evaluate
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.months import Month
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import open_session
from reviewtui.widgets.metric_sections import sum_check
from reviewtui.workspace.load import load_workspace
from tests.demo.conftest import AS_OF

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.drilldown import DrillDown
    from reviewtui.metrics.sheet import MetricSheet

MONTH = Month(2026, 9)
ALIKE = {
    "arpa", "nrr_rolling_3m", "nps_responses", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr",
    "contraction_rate", "gross_mrr_churn_rate", "retention_1m", "retention_6m", "tickets_per_user",
}  # fmt: skip
"""Metrics whose rows are those of another that is tried."""


class Demo:
    """The demo's numbers, and what lies behind them."""

    def __init__(self, root: Path) -> None:
        self.workspace = load_workspace(root)
        self.request = EvaluationRequest.of(self.workspace, AS_OF)
        session = open_session(SourceRequest(self.workspace.sources), lambda _: None)
        try:
            self.sheet: MetricSheet = evaluate(session, self.request)
        finally:
            session.close()

    def behind(self, product: str, metric_id: str, month: Month = MONTH) -> DrillDown:
        """What lies behind a cell."""
        metric = next(item for item in self.sheet.metrics if item.id == metric_id)
        products = tuple(item.id for item in self.sheet.products)
        session = open_session(SourceRequest(self.workspace.sources), lambda _: None)
        try:
            return drill(session, DrillRequest(CellQuestion(product, metric, month, products=products), self.request))
        finally:
            session.close()


@pytest.fixture(scope="module")
def demo(demo_root: Path) -> Demo:
    return Demo(demo_root)


@pytest.mark.parametrize(
    ("product", "metric_id"),
    [
        *(("forms", metric) for metric in sorted({*ADDS_UP_TO} - ALIKE)),
        *(("*", metric) for metric in ("mrr", "churn_rate", "nrr_12m", "nps", "sla", "refunds")),
    ],
)
def test_the_rows_give_the_cell(demo: Demo, product: str, metric_id: str) -> None:
    cell = demo.sheet.cell(product, metric_id, MONTH)
    metric = next(item for item in demo.sheet.metrics if item.id == metric_id)
    assert cell.value is not None
    rows = demo.behind(product, metric_id).rows
    assert rows is not None
    words, agrees = sum_check(rows, metric, cell)
    assert agrees
    assert words.startswith("They give the cell's")


@pytest.mark.parametrize("product", ["forms", "flows", "*"])
def test_the_customers_give_the_mrr(demo: Demo, product: str) -> None:
    question = customers_question(product, MONTH)
    session = open_session(SourceRequest(demo.workspace.sources), lambda _: None)
    try:
        rows = drill(session, DrillRequest(question, demo.request)).rows
    finally:
        session.close()
    assert rows is not None
    metric = next(item for item in demo.sheet.metrics if item.id == "mrr")
    words, agrees = sum_check(rows, metric, demo.sheet.cell(product, "mrr", MONTH))
    assert agrees
    assert words.startswith("They give the cell's")
    assert len(rows.rows) == min(rows.found, 500)


@pytest.mark.parametrize(
    "metric_id", ["mrr", "paying_customers", "churned_mrr", "users_new", "users_dormant", "tickets_created"]
)
def test_the_segments_give_the_cell(demo: Demo, metric_id: str) -> None:
    segments = demo.behind("forms", metric_id).segments
    assert segments is not None
    assert len(segments.rows) > 1
    added = sum(float(str(row[1])) for row in segments.rows)
    assert added == pytest.approx(demo.sheet.cell("forms", metric_id, MONTH).value)


def test_the_users_of_a_month_are_those_of_its_organisations(demo: Demo) -> None:
    rows = demo.behind("forms", "unique_orgs").rows
    assert rows is not None
    active = sum(1 for row in rows.rows if row[2] and row[0] != "(no organisation)")
    assert active == demo.sheet.cell("forms", "unique_orgs", MONTH).value


def test_the_activated_are_those_who_met_all_criteria(demo: Demo) -> None:
    rows = demo.behind("forms", "activation_rate").rows
    assert rows is not None
    cell = demo.sheet.cell("forms", "activation_rate", MONTH)
    assert rows.rows[-1] == ("all criteria: activated", cell.numerator, cell.denominator)
