"""A split that was read from the sources, as contributions to the change of the metric. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.changes import NOT_IN_ROWS, denominators_of, factor_of
from reviewtui.metrics.contributions import Breakdown, Contribution, Part, add_up, effect, weights
from reviewtui.metrics.formats import MINUS, format_value
from reviewtui.metrics.sheet import Unit

if TYPE_CHECKING:
    from reviewtui.metrics.changes import Change
    from reviewtui.metrics.drivers import Group, Split
    from reviewtui.metrics.sheet import Metric

_CUSTOMERS_COUNTED = ("logo_churn_rate", "paying_customers_growth")


def from_split(split: Split, change: Change) -> Breakdown | None:
    """The groups of a split with what each contributed; None where the metric has no value in both months."""
    weight = weights(split.total, factor_of(change.metric))
    if weight is None:
        return None
    is_level = not split.total.denominator_now
    unit = change.metric.unit if is_level else _unit_above(change.metric)
    parts = [Part(_row(group, split, change, unit), effect(group.amounts, weight)) for group in split.groups]
    if split.rest is not None:
        amounts = split.rest.amounts
        name = f"Everything else: {split.rest.items:,} more"
        rest = Contribution(name, before=amounts.numerator_before, now=amounts.numerator_now, unit=unit, is_rest=True)
        parts.append(Part(rest, effect(amounts, weight)))
    below = denominators_of(change)
    if below is not None:
        name = change.metric.denominator or "denominator"
        row = Contribution(name[:1].upper() + name[1:], before=below[0], now=below[1], unit=Unit.COUNT)
        parts.append(Part(row, weight.denominator * (below[1] - below[0])))
    heading = (
        split.heading if is_level or not change.metric.numerator else f"{split.heading}: {change.metric.numerator}"
    )
    return add_up(split.id, heading, parts, change.values, NOT_IN_ROWS)


def _row(group: Group, split: Split, change: Change, unit: str) -> Contribution:
    if group.key is None:
        return Contribution(f"What counted in {change.before.long_label} and counts no longer: {group.items:,}")
    amounts = group.amounts
    before, now = amounts.numerator_before, amounts.numerator_now
    if change.metric.section == "cost" and not group.key and not before and not now:
        # The volume that costs are divided by: it adds nothing to them.
        before, now, unit = amounts.denominator_before, amounts.denominator_now, Unit.COUNT
    return Contribution(
        group.name,
        detail=_detail(group, split, unit),
        before=before,
        now=now,
        unit=unit,
        key=group.key,
    )


def _detail(group: Group, split: Split, unit: str) -> str:
    """How much rose and how much fell in a group, or what is said of its one item."""
    if group.items == 1 or not split.is_moved or not (group.gained or group.lost):
        return group.detail
    return f"+{format_value(group.gained, unit)} {MINUS}{format_value(group.lost, unit)}"


def _unit_above(metric: Metric) -> str:
    """What the numerator of a quotient is counted in."""
    is_money = metric.section in ("revenue", "cost") and metric.id not in _CUSTOMERS_COUNTED
    return Unit.MONEY if is_money else Unit.COUNT
