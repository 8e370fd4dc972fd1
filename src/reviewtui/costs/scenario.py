"""What if: a model with some of its numbers changed, without looking at a cost line again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.monte_carlo import monte_carlo
from reviewtui.costs.product import ProductCosts
from reviewtui.costs.review import month_review
from reviewtui.costs.sensitivity import sensitivity
from reviewtui.workspace.cost_model import SPREAD_TOGGLE, Assumption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.costs.economics import Units
    from reviewtui.costs.monte_carlo import MonteCarlo
    from reviewtui.costs.review import MonthReview
    from reviewtui.costs.sensitivity import Sensitivity
    from reviewtui.months import Month
    from reviewtui.workspace.cost_model import CostModel, Rule

PRICE = "price"
"""Stands for the price of a unit, as a factor: 1 is today's; volume is taken to stay."""

Changes = dict[str, Decimal]
"""Rule, assumption or `PRICE` to what it is taken to be."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a month, as they are or as they would be."""

    units: Units
    review: MonthReview
    sensitivity: Sensitivity | None
    drawn: MonteCarlo | None


def outcome(costs: ProductCosts, month: Month, *, is_over: bool = True) -> Outcome:
    """Everything that a change of an assumption moves; `is_over` says whether the month is."""
    review = month_review(costs, month, is_over=is_over)
    return Outcome(review.now, review, sensitivity(costs, month), monte_carlo(costs, month))


def changed_costs(costs: ProductCosts, month: Month, changes: Mapping[str, Decimal]) -> ProductCosts:
    """The same lines under another model; a share is changed in the versions that hold in `month`."""
    if not changes:
        return costs
    model = changed_model(costs, month, changes)
    versions = {old: new for old, new in zip(costs.model.rules, model.rules, strict=True) if old != new}
    others = [model if other is costs.model else other for other in costs.models]
    changed = ProductCosts(model, others, costs.inputs, volumes=costs.volumes.at_price(_price(changes)))
    changed.use_tallies(costs.tallies, versions)
    return changed


def changed_model(costs: ProductCosts, month: Month, changes: Mapping[str, Decimal]) -> CostModel:
    """The model with the changes in it; a range is widened where the new value lies outside."""
    regions = [tally.region for tally in costs.tallies.get(month.index, ())]
    in_force = costs.sorter.book.rules_in_force(month.index, regions)
    rules = tuple(
        _with_share(rule, changes[rule.id]) if rule.id in changes and rule in in_force.get(rule.id, ()) else rule
        for rule in costs.model.rules
    )
    assumptions = dict(costs.model.assumptions)
    for name, value in changes.items():
        known = assumptions.get(name)
        if known is not None:
            low, high = _widened(known.low, known.high, value)
            assumptions[name] = replace(known, value=value, low=low, high=high)
        elif name == SPREAD_TOGGLE:
            assumptions[name] = Assumption(name, value, distribution="toggle")
    return replace(costs.model, rules=rules, assumptions=assumptions)


def base_value(costs: ProductCosts, month: Month, name: str) -> Decimal | None:
    """What a parameter is in a month; None where regions differ or there is no such parameter."""
    if name == PRICE:
        return Decimal(1)
    known = costs.model.assumptions.get(name)
    if known is not None:
        return known.value
    if name == SPREAD_TOGGLE:
        return Decimal(0)
    regions = [tally.region for tally in costs.tallies.get(month.index, ())]
    shares = {rule.share for rule in costs.sorter.book.rules_in_force(month.index, regions).get(name, ())}
    return shares.pop() if len(shares) == 1 else None


def allowed(costs: ProductCosts, name: str, value: Decimal) -> str:
    """Why a parameter cannot be `value`; empty where it can."""
    if name == SPREAD_TOGGLE:
        return "" if value in (0, 1) else "Write 0 to keep untagged queries apart, or 1 to spread them."
    if name in costs.model.rule_ids or name == "query_fraction":
        return "" if 0 <= value <= 1 else "A share lies between 0 and 1: write 20 % as 0.20."
    return "" if value >= 0 else "Write a number from 0 on."


def _price(changes: Mapping[str, Decimal]) -> Fraction:
    return Fraction(changes.get(PRICE, Decimal(1)))


def _with_share(rule: Rule, share: Decimal) -> Rule:
    low, high = _widened(rule.low, rule.high, share)
    return replace(rule, share=share, low=low, high=high)


def _widened(low: Decimal | None, high: Decimal | None, value: Decimal) -> tuple[Decimal | None, Decimal | None]:
    return (None if low is None else min(low, value)), (None if high is None else max(high, value))
