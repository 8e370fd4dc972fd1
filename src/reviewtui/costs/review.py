"""A month beside the one before it: what the change is made of, and whether the margin moved for sure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.exact import change_percent
from reviewtui.costs.sensitivity import parameters, single_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.costs.economics import Units
    from reviewtui.costs.product import ProductCosts
    from reviewtui.months import Month

IMPROVING, STABLE, DECLINING = "improving", "stable", "declining"


@dataclass(frozen=True, slots=True)
class Delta:
    """The change of a margin from one month to the next, as a fraction, over every setting of the parameters."""

    base: Fraction
    least: Fraction
    most: Fraction
    verdict: str
    is_robust: bool
    """Whether every setting gives the same verdict."""


@dataclass(frozen=True, slots=True)
class MonthReview:
    """Everything about the change from the month before; None where it cannot be told."""

    month: Month
    before: Units | None
    now: Units
    billed: Delta | None
    modelled: Delta | None

    @property
    def cost_change_percent(self) -> Fraction | None:
        """Change of total cost."""
        return None if self.before is None else change_percent(self.before.total, self.now.total)

    @property
    def volume_change_percent(self) -> Fraction | None:
        """Change of volume."""
        return None if self.before is None else change_percent(self.before.volume, self.now.volume)

    @property
    def unit_cost_change_percent(self) -> Fraction | None:
        """Change of the cost of a unit."""
        return None if self.before is None else change_percent(self.before.cost_per_unit, self.now.cost_per_unit)

    @property
    def volume_effect(self) -> Fraction | None:
        """What the change of volume alone would have added to the cost."""
        if self.before is None or self.before.cost_per_unit is None:
            return None
        if self.before.volume is None or self.now.volume is None:
            return None
        return (self.now.volume - self.before.volume) * self.before.cost_per_unit

    @property
    def unit_cost_effect(self) -> Fraction | None:
        """What the change of the unit's cost has added."""
        if self.before is None or self.before.cost_per_unit is None or self.now.cost_per_unit is None:
            return None
        return (self.now.cost_per_unit - self.before.cost_per_unit) * (self.now.volume or 0)

    @property
    def elasticity(self) -> Fraction | None:
        """Change of cost over change of volume: above 1, costs outgrow volume."""
        cost, volume = self.cost_change_percent, self.volume_change_percent
        return None if cost is None or not volume else cost / volume


def verdict_of(delta: Fraction, band_points: Fraction) -> str:
    """The verdict on a change of margin; `band_points` is the least change that counts, in percent points."""
    if delta * 100 >= band_points:
        return IMPROVING
    return DECLINING if delta * 100 <= -band_points else STABLE


def month_review(costs: ProductCosts, month: Month, *, is_over: bool = True) -> MonthReview:
    """The month beside the calendar month before it; a month that is not over is compared with none."""
    now = costs.costs(month).all
    earlier = month - 1
    if not is_over or earlier.index not in costs.tallies or costs.missing_share(earlier) is not None:
        return MonthReview(month, None, now, None, None)
    before = costs.costs(earlier).all
    billed = _delta(costs, month, lambda units: units.margin)
    modelled = _delta(costs, month, lambda units: units.modelled_margin)
    return MonthReview(month, before, now, billed, modelled)


def _delta(costs: ProductCosts, month: Month, margin_of: Callable[[Units], Fraction | None]) -> Delta | None:
    """The change with the same setting in both months: what both assume cancels out."""
    earlier = month - 1
    before, now = margin_of(costs.units(earlier)), margin_of(costs.units(month))
    if before is None or now is None:
        return None
    names = tuple(sorted({*parameters(costs, earlier), *parameters(costs, month)}))
    deltas = [now - before]
    for setting in single_settings(names):
        first, second = margin_of(costs.units(earlier, setting)), margin_of(costs.units(month, setting))
        if first is not None and second is not None:
            deltas.append(second - first)
    band = Fraction(costs.model.verdict_band_pp)
    verdicts = {verdict_of(delta, band) for delta in deltas}
    return Delta(deltas[0], min(deltas), max(deltas), verdict_of(deltas[0], band), len(verdicts) == 1)
