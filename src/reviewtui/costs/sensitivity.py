"""How much a product's margin depends on what is only assumed: one parameter at a time, and all at their ends."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.workspace.cost_model import QUERY_FRACTION, SPREAD_TOGGLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.costs.allocation import End, Setting
    from reviewtui.costs.economics import Units
    from reviewtui.costs.product import ProductCosts
    from reviewtui.months import Month

ENDS: tuple[End, End] = ("low", "high")


@dataclass(frozen=True, slots=True)
class Swing:
    """What one parameter does to the modelled margin, from the low end of its range to the high one."""

    name: str
    cost_at_low: Fraction
    cost_at_high: Fraction
    margin_at_low: Fraction
    margin_at_high: Fraction

    @property
    def points(self) -> Fraction:
        """The width of the bar, as a fraction."""
        return abs(self.margin_at_high - self.margin_at_low)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Everything one-at-a-time about one month."""

    cost: Fraction
    margin: Fraction
    swings: tuple[Swing, ...]
    """The widest first."""
    best: Fraction
    """The margin with every parameter at its cheaper end: improbable."""
    worst: Fraction

    @property
    def single_range(self) -> tuple[Fraction, Fraction]:
        """The least and the greatest margin that one parameter alone can bring."""
        ends = [end for swing in self.swings for end in (swing.margin_at_low, swing.margin_at_high)]
        return min(ends, default=self.margin), max(ends, default=self.margin)


def parameters(costs: ProductCosts, month: Month) -> tuple[str, ...]:
    """Everything that has a range in a month, by name; the toggle of untagged queries is always among them."""
    model = costs.model
    names = {name for name, item in model.assumptions.items() if item.low is not None and item.high is not None}
    regions = [tally.region for tally in costs.tallies.get(month.index, ())]
    for rule_id, versions in costs.sorter.book.rules_in_force(month.index, regions).items():
        if any(version.has_range for version in versions):
            names.add(rule_id)
    return tuple(sorted({*names, SPREAD_TOGGLE}))


def single_settings(names: tuple[str, ...]) -> Iterator[Setting]:
    """Each parameter at each end of its range, one at a time."""
    for name in names:
        for end in ENDS:
            yield {name: end}


def sensitivity(costs: ProductCosts, month: Month) -> Sensitivity | None:
    """The sensitivity of a month's modelled margin; None without storage assumptions, volume or revenue."""
    base = costs.costs(month).all
    names = parameters(costs, month)
    if base.modelled_cost is None or base.modelled_margin is None:
        return None
    swings = []
    for name in names:
        ends = [_modelled(costs.units(month, {name: end})) for end in ENDS]
        if None in ends:
            continue
        (low_cost, low_margin), (high_cost, high_margin) = [end for end in ends if end is not None]
        swings.append(Swing(name, low_cost, high_cost, low_margin, high_margin))
    swings.sort(key=lambda swing: (-swing.points, swing.name))
    best, worst = (_corner(costs, month, swings, cheaper=cheaper) for cheaper in (True, False))
    return Sensitivity(base.modelled_cost, base.modelled_margin, tuple(swings), best, worst)


def _modelled(units: Units) -> tuple[Fraction, Fraction] | None:
    cost, margin = units.modelled_cost, units.modelled_margin
    return None if cost is None or margin is None else (cost, margin)


def _corner(costs: ProductCosts, month: Month, swings: list[Swing], *, cheaper: bool) -> Fraction:
    """The margin with every parameter at the end that makes the product cheaper, or dearer."""
    setting: dict[str, End] = {}
    for swing in swings:
        low_is_cheaper = swing.cost_at_low <= swing.cost_at_high
        setting[swing.name] = "low" if low_is_cheaper == cheaper else "high"
    margin = costs.units(month, setting).modelled_margin
    return Fraction(0) if margin is None else margin


def cost_range(costs: ProductCosts, month: Month) -> tuple[Fraction, Fraction]:
    """The least and the greatest billed cost that one parameter alone can bring in a month.

    Only what a parameter touches is added up again, so that many months can be looked at.
    """
    base = costs.costs(month).all.total
    totals = [base]
    for end in ENDS:
        moves: dict[str, Fraction] = {}
        for tally in costs.tallies[month.index]:
            for rule_id, rule in tally.versions.items():
                edge = rule.low if end == "low" else rule.high
                if rule.has_range and rule.share is not None and edge is not None:
                    move = Fraction(tally.pool(rule_id)) * (Fraction(edge) - Fraction(rule.share))
                    moves[rule_id] = moves.get(rule_id, Fraction(0)) + move
        totals += [base + move for move in moves.values()]
    if any(rule.kind == "querylog" for rule in costs.model.rules):
        totals += [costs.units(month, {name: end}).total for name in (SPREAD_TOGGLE, QUERY_FRACTION) for end in ENDS]
    return min(totals), max(totals)
