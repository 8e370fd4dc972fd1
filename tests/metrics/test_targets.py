"""Targets, stage bands, and which metrics a product shows in which order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Severity
from reviewtui.metrics.presentation import present
from reviewtui.metrics.sheet import Cell, Direction, Metric, MetricSheet, Product, Status, Target, Unit
from reviewtui.metrics.targets import target_words
from reviewtui.months import Month
from tests.workspace.conftest import SOURCE, Folder

if TYPE_CHECKING:
    from pathlib import Path

METRICS = (
    Metric("mrr", "MRR", "revenue", Unit.MONEY, Direction.UP),
    Metric("mrr_growth_3m", "Growth", "revenue", Unit.PERCENT, Direction.UP),
    Metric("churn_rate", "Churn", "revenue", Unit.PERCENT, Direction.DOWN),
    Metric("unique_users", "Users", "usage", Unit.COUNT, Direction.UP),
    Metric("fx_effect", "FX", "usage", Unit.MONEY),
)
SHEET = MetricSheet(
    date(2026, 6, 10),
    (Month(2026, 5),),
    (Product("flows", "Flows", "growth"),),
    METRICS,
    {("flows", metric.id): (Cell(1.0, Status.OK),) for metric in METRICS},
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def shown(folder: Folder, product: str, workspace: str = "") -> MetricSheet:
    folder.write("products/flows/product.toml", product)
    loaded = folder.load(SOURCE + workspace)
    assert loaded.problems == ()
    return present(SHEET, loaded)


class TestTargets:
    def test_a_single_number_is_the_worse_end(self, folder: Folder) -> None:
        sheet = shown(folder, "[target]\nmrr = 100\nchurn_rate = 0.02\nfx_effect = 5\nunique_users = [3, 9]")
        assert sheet.targets == {
            ("flows", "mrr"): Target(100.0, None),
            ("flows", "churn_rate"): Target(None, 0.02),
            ("flows", "fx_effect"): Target(5.0, None),
            ("flows", "unique_users"): Target(3.0, 9.0),
        }

    def test_the_band_of_the_stage_holds_until_the_product_sets_its_own(self, folder: Folder) -> None:
        bands = "[stage.growth]\nmrr = 50\n"
        sheet = shown(folder, 'stage = "growth"\n[target]\nmrr = 100', bands)
        assert sheet.targets["flows", "mrr"] == Target(100.0, None)
        assert sheet.targets["flows", "mrr_growth_3m"] == Target(0.15, 0.20, "growth")

    @pytest.mark.parametrize(
        ("target", "value", "unit", "words"),
        [
            (Target(0.09, None), 0.1, Unit.PERCENT, "Target at least 9.0 % · met"),
            (Target(0.09, None), 0.09, Unit.PERCENT, "Target at least 9.0 % · met"),
            (Target(0.09, None), 0.08, Unit.PERCENT, "Target at least 9.0 % · below"),
            (Target(None, 2500.0), 2600.0, Unit.MONEY, "Target at most 2,500 · above"),
            (Target(30.0, 40.0), 35.0, Unit.SCORE, "Target 30.0 to 40.0 · met"),
            (Target(30.0, 40.0), None, Unit.SCORE, "Target 30.0 to 40.0"),
            (Target(0.0, 5.0, "mature"), 6.0, "GB", "Target of the mature stage 0 GB to 5 GB · above"),
            (Target(-0.05, None), -0.1, Unit.PERCENT_POINTS, "Target at least −5.0 pp · below"),
        ],
    )
    def test_a_target_is_said_in_words(self, target: Target, value: float | None, unit: str, words: str) -> None:
        assert target_words(target, value, unit) == words


class TestLayout:
    def test_hidden_metrics_are_not_shown_and_the_chosen_ones_come_first(self, folder: Folder) -> None:
        sheet = shown(folder, 'hidden_metrics = ["mrr"]\nmetric_order = ["fx_effect", "churn_rate"]')
        assert [metric.id for metric in sheet.metrics_of("flows")] == [
            "churn_rate",
            "mrr_growth_3m",
            "fx_effect",
            "unique_users",
        ]
        assert "mrr" in [metric.id for metric in sheet.metrics_of("flows", hidden=True)]


class TestUnknownIds:
    def test_each_is_told_where_it_is_written(self, folder: Folder) -> None:
        text = (
            'name = "Flows"\nhidden_metrics = ["mrrr"]\nmetric_order = ["売上"]\n[target]\nmrr = 1\nchurn_rat = 0.1\n'
        )
        sheet = shown(folder, text, "[stage.beta]\nunique_user = 3\n")
        assert [(problem.path, problem.line, problem.severity) for problem in sheet.problems] == [
            ("products/flows/product.toml", 6, Severity.WARNING),
            ("products/flows/product.toml", 2, Severity.WARNING),
            ("products/flows/product.toml", 3, Severity.WARNING),
            ("reviewtui.toml", 4, Severity.WARNING),
        ]
        assert "Did you mean `churn_rate`?" in sheet.problems[0].message
        assert "Did you mean `mrr`?" in sheet.problems[1].message

    def test_metrics_of_the_catalogue_may_be_named_without_data(self, folder: Folder) -> None:
        sheet = shown(folder, 'hidden_metrics = ["ltv", "revenue_share.web"]\n[target]\nnps = 30')
        assert sheet.problems == ()
