"""Targets are held against the value, bands of a stage against the mean of three months; each has its own mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.sheet import Cell, Direction, Status, Target, Unit
from reviewtui.metrics.targets import judged_value, target_mark
from reviewtui.widgets.cell_context import target_sentence
from tests.anomalies.made import NEWEST, cells, metric, sheet

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

GROWTH = metric("mrr_growth", Unit.PERCENT)._replace(direction=Direction.UP)


def growing(target: Target, *values: float | None) -> MetricSheet:
    """A product's growth month by month."""
    return sheet({("replay", "mrr_growth"): cells(values)}, [GROWTH], targets={("replay", "mrr_growth"): target})


@pytest.mark.parametrize(
    ("target", "value", "mark"),
    [
        (Target(0.15, 0.20, "growth"), 0.15, ""),
        (Target(0.16, 0.20, "growth"), 0.15, "▽"),
        (Target(0.15, 0.20), 0.09, "▽"),
        (Target(None, 0.05), 0.09, "△"),
        (Target(0.05, None), 0.09, ""),
    ],
)
def test_a_band_goes_by_three_months_and_a_target_by_one(target: Target, value: float, mark: str) -> None:
    """The mean of 21, 15 and 9 % is 15 %."""
    numbers = growing(target, 0.21, 0.15, 0.09)
    assert judged_value(numbers, "replay", GROWTH, NEWEST) == pytest.approx(value)
    assert target_mark(numbers, "replay", GROWTH, NEWEST) == mark


def test_months_without_a_value_are_left_out_of_the_mean() -> None:
    numbers = growing(Target(0.1, None, "growth"), 0.2, None, 0.1)
    assert judged_value(numbers, "replay", GROWTH, NEWEST) == pytest.approx(0.15)


def test_an_open_month_is_not_held_against_anything() -> None:
    numbers = growing(Target(0.1, None), 0.2, 0.2)
    row = (Cell(0.2, Status.OK), Cell(0.01, Status.PARTIAL))
    numbers = numbers.with_rows({("replay", "mrr_growth"): row})
    assert judged_value(numbers, "replay", GROWTH, NEWEST) is None
    assert target_mark(numbers, "replay", GROWTH, NEWEST) == ""


def test_the_panel_says_what_the_band_was_held_against() -> None:
    numbers = growing(Target(0.16, 0.20, "growth"), 0.21, 0.15, 0.09)
    assert target_sentence(numbers, "replay", GROWTH, NEWEST) == (
        "Target of the growth stage 16.0 % to 20.0 % · below, on the mean of three months: 15.0 %"
    )
