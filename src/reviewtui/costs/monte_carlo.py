"""Thousands of draws of everything that has a range: the distribution of the modelled margin.

The modelled cost is linear in each share and a product of the storage assumptions, so one draw needs no allocation:
only the sums that stand beside each parameter.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt
from typing import TYPE_CHECKING

from reviewtui.costs.sensitivity import parameters
from reviewtui.quick_tuple import NamedTuple
from reviewtui.workspace.cost_model import QUERY_FRACTION, SPREAD_TOGGLE, STORAGE_ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.costs.product import ProductCosts
    from reviewtui.months import Month
    from reviewtui.workspace.cost_model import Assumption

_QUADRATURE_STEPS = 4000
"""Points of the numeric integral over a draw that several regional ranges share."""


class Range(NamedTuple):
    """What a parameter is drawn from."""

    low: float
    base: float
    high: float
    distribution: str = "triangular"

    def quantile(self, chance: float) -> float:
        """The value below which a draw lies with probability `chance`; as `random.triangular` and `uniform` do."""
        if self.distribution == "uniform":
            return self.low + (self.high - self.low) * chance
        if self.high == self.low:
            return self.low
        mode = (self.base - self.low) / (self.high - self.low)
        if chance > mode:
            return self.high + (self.low - self.high) * sqrt((1.0 - chance) * (1.0 - mode))
        return self.low + (self.high - self.low) * sqrt(chance * mode)

    @property
    def mean(self) -> float:
        """The mean of the distribution."""
        return (self.low + self.high) / 2 if self.distribution == "uniform" else (self.low + self.base + self.high) / 3

    @property
    def variance(self) -> float:
        """The variance of the distribution."""
        low, mode, high = self.low, self.base, self.high
        if self.distribution == "uniform":
            return (high - low) ** 2 / 12
        return (low * low + mode * mode + high * high - low * mode - low * high - mode * high) / 18


@dataclass(frozen=True, slots=True)
class Term:
    """A range and the amount that its value is multiplied with."""

    amount: float
    range: Range


@dataclass(frozen=True, slots=True)
class CostFormula:
    """The modelled cost of a month as a function of the parameters."""

    constant: float
    linear: Mapping[str, tuple[Term, ...]]
    """Parameter to its terms: several where regions have ranges of their own; one draw moves them together."""
    storage: Mapping[str, Range]
    storage_constant: float
    """Everything in the storage cost that is not drawn: volume, month length, fixed assumptions."""
    idle: frozenset[str]
    """Parameters that change nothing and still take their draw."""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in the order in which they are drawn."""
        return tuple(sorted({*self.linear, *self.storage, *self.idle}))

    def cost(self, chances: Mapping[str, float]) -> float:
        """The modelled cost where each parameter stands at a probability."""
        total = self.constant
        for name, terms in self.linear.items():
            for term in terms:
                total += term.amount * term.range.quantile(chances[name])
        storage = self.storage_constant
        for name, drawn in self.storage.items():
            storage *= drawn.quantile(chances[name])
        return total + storage

    @property
    def mean(self) -> float:
        """The exact mean, as the draws are independent."""
        total = self.constant + sum(t.amount * t.range.mean for terms in self.linear.values() for t in terms)
        storage = self.storage_constant
        for drawn in self.storage.values():
            storage *= drawn.mean
        return total + storage

    @property
    def variance(self) -> float:
        """The variance; exact but for parameters with several regional ranges, which are integrated numerically."""
        total = sum(_variance(terms) for terms in self.linear.values())
        squares, means = self.storage_constant**2, self.storage_constant**2
        for drawn in self.storage.values():
            squares *= drawn.variance + drawn.mean**2
            means *= drawn.mean**2
        return total + squares - means


@dataclass(frozen=True, slots=True)
class MonteCarlo:
    """The distribution of the modelled margin; margins are fractions, costs money."""

    pools: Mapping[str, Fraction]
    """Rule with a range to the cost it has won."""
    mean_cost: float
    sd_cost: float
    mean_margin: float
    sd_margin: float
    draws: int
    seed: int
    p05: float
    p50: float
    p95: float
    drawn_mean: float
    below_point: float
    """The part of the draws whose margin is below the margin at the base."""


def monte_carlo(costs: ProductCosts, month: Month) -> MonteCarlo | None:
    """The draws of a month; None without storage assumptions, volume or revenue."""
    base = costs.costs(month).all
    if base.modelled_margin is None or not base.revenue:
        return None
    model, revenue = costs.model, float(base.revenue)
    formula = cost_formula(costs, month)
    seed = model.monte_carlo_seed
    if seed is None:
        seed = int(month.first_day.strftime("%Y%m%d"))
    margins = sorted(1 - cost / revenue for cost in draw_costs(formula, model.monte_carlo_draws, seed))
    point = float(base.modelled_margin)
    mean, deviation = formula.mean, sqrt(max(formula.variance, 0.0))
    return MonteCarlo(
        pools=_pools(costs, month),
        mean_cost=mean,
        sd_cost=deviation,
        mean_margin=1 - mean / revenue,
        sd_margin=deviation / abs(revenue),
        draws=len(margins),
        seed=seed,
        p05=percentile(margins, 0.05),
        p50=percentile(margins, 0.50),
        p95=percentile(margins, 0.95),
        drawn_mean=sum(margins) / len(margins),
        below_point=sum(margin < point for margin in margins) / len(margins),
    )


def draw_costs(formula: CostFormula, draws: int, seed: int) -> list[float]:
    """The modelled cost of each draw; one random number a parameter, in the order of the names."""
    chance = random.Random(seed).random  # noqa: S311 - a repeatable experiment, not a secret
    names = formula.names
    return [formula.cost({name: chance() for name in names}) for _ in range(draws)]


def percentile(ordered: Sequence[float], part: float) -> float:
    """The value at `part` of an ordered list, between neighbours by a straight line."""
    place = part * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def cost_formula(costs: ProductCosts, month: Month) -> CostFormula:
    """The modelled cost of a month, taken apart by what it depends on."""
    model = costs.model
    constant = Fraction(0)
    linear: dict[str, dict[Range, Fraction]] = {}
    assumed = model.assumptions.get(QUERY_FRACTION)
    drawn_fraction = _range(assumed) if assumed is not None and assumed.has_range else None
    for tally in costs.tallies[month.index]:
        for (rule_id, component), cost in tally.won.items():
            if component == model.storage_component:
                continue
            rule = tally.versions[rule_id]
            if rule.has_range and rule.share is not None:
                spread = Range(float(rule.low or 0), float(rule.share), float(rule.high or 0))
                terms = linear.setdefault(rule_id, {})
                terms[spread] = terms.get(spread, Fraction(0)) + Fraction(cost)
            elif rule.kind == "querylog" and drawn_fraction is not None:
                terms = linear.setdefault(QUERY_FRACTION, {})
                whole = Fraction(cost) * costs.allocator.query_share(rule, tally)
                terms[drawn_fraction] = terms.get(drawn_fraction, Fraction(0)) + whole
            else:
                constant += Fraction(cost) * costs.allocator.part(rule, tally).share
    storage = {
        name: _range(model.assumptions[name]) for name in STORAGE_ASSUMPTIONS if model.assumptions[name].has_range
    }
    fixed = (costs.costs(month).all.volume or Fraction(0)) / Fraction(model.days_per_month)
    for name in STORAGE_ASSUMPTIONS:
        if name not in storage:
            fixed *= Fraction(model.assumptions[name].value)
    terms_of = {
        name: tuple(Term(float(amount), drawn) for drawn, amount in terms.items()) for name, terms in linear.items()
    }
    return CostFormula(float(constant), terms_of, storage, float(fixed), _idle(costs, month, {*terms_of, *storage}))


def _idle(costs: ProductCosts, month: Month, used: set[str]) -> frozenset[str]:
    """The names of ranges of a month that nothing depends on."""
    toggles = {name for name, item in costs.model.assumptions.items() if not item.has_range}
    return frozenset(parameters(costs, month)) - used - toggles - {SPREAD_TOGGLE}


def _pools(costs: ProductCosts, month: Month) -> dict[str, Fraction]:
    pools: dict[str, Fraction] = {}
    for tally in costs.tallies[month.index]:
        for rule_id, rule in tally.versions.items():
            if rule.has_range:
                pools[rule_id] = pools.get(rule_id, Fraction(0)) + Fraction(tally.pool(rule_id))
    return dict(sorted(pools.items()))


def _range(assumed: Assumption) -> Range:
    return Range(float(assumed.low or 0), float(assumed.value), float(assumed.high or 0), assumed.distribution)


def _variance(terms: Sequence[Term]) -> float:
    """The variance of terms that one draw moves together."""
    if len(terms) == 1:
        return terms[0].amount ** 2 * terms[0].range.variance
    points = [(step + 0.5) / _QUADRATURE_STEPS for step in range(_QUADRATURE_STEPS)]
    values = [sum(term.amount * term.range.quantile(point) for term in terms) for point in points]
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / len(values)
