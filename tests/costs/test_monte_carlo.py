"""The draws: the digits of the standard library's generator, and the closed form beside them."""

from __future__ import annotations

import random
from statistics import fmean, pvariance

import pytest

from reviewtui.costs.monte_carlo import CostFormula, Range, Term, draw_costs, percentile

TRIANGLE = Range(0.15, 0.2, 0.4)
EVEN = Range(10.0, 20.0, 30.0, "uniform")


def test_draws_are_those_of_the_standard_library_in_the_order_of_names() -> None:
    formula = CostFormula(5.0, {"b": (Term(100.0, TRIANGLE),)}, {"a": EVEN}, 2.0, frozenset({"c"}))
    chance = random.Random(42)
    expected = []
    for _ in range(5):
        days = chance.uniform(10.0, 30.0)
        share = chance.triangular(0.15, 0.4, 0.2)
        chance.random()
        expected.append(5.0 + 100.0 * share + 2.0 * days)
    assert draw_costs(formula, 5, 42) == pytest.approx(expected, rel=1e-14)


def test_mean_and_variance_agree_with_many_draws() -> None:
    formula = CostFormula(
        0.0, {"share": (Term(300.0, TRIANGLE),)}, {"days": EVEN, "rate": Range(1.0, 2.0, 2.5)}, 3.0, frozenset()
    )
    drawn = draw_costs(formula, 40_000, 7)
    assert fmean(drawn) == pytest.approx(formula.mean, rel=0.005)
    assert pvariance(drawn) == pytest.approx(formula.variance, rel=0.03)


def test_regions_with_ranges_of_their_own_move_together() -> None:
    other = Range(0.0, 0.5, 1.0)
    formula = CostFormula(0.0, {"share": (Term(10.0, TRIANGLE), Term(20.0, other))}, {}, 0.0, frozenset())
    apart = CostFormula(0.0, {"a": (Term(10.0, TRIANGLE),), "b": (Term(20.0, other),)}, {}, 0.0, frozenset())
    assert formula.mean == pytest.approx(apart.mean)
    assert formula.variance > apart.variance
    assert pvariance(draw_costs(formula, 40_000, 3)) == pytest.approx(formula.variance, rel=0.03)


def test_a_range_of_one_value_is_that_value() -> None:
    assert Range(3.0, 3.0, 3.0).quantile(0.7) == 3.0


def test_percentiles_lie_on_a_straight_line_between_neighbours() -> None:
    assert [percentile([1.0, 2.0, 4.0], part) for part in (0.0, 0.5, 0.75, 1.0)] == [1.0, 2.0, 3.0, 4.0]
