"""What a product pays for, piece by piece: a component and a service of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.costs.product import ProductCosts
    from reviewtui.months import Month

Place = tuple[str, str]
"""(component, service)."""


class Piece(NamedTuple):
    """The lines of one service in one component."""

    billed: Fraction
    """What the lines cost, whoever pays."""
    cost: Fraction
    """The product's share of it."""


NOTHING = Piece(Fraction(0), Fraction(0))


def pieces(costs: ProductCosts, month: Month) -> dict[Place, Piece]:
    """The pieces of a month, which add up to its total cost; MissingShareError where a share is not known."""
    found: dict[Place, Piece] = {}
    for tally in costs.tallies.get(month.index, ()):
        for (rule_id, component, service), won in tally.services.items():
            billed = Fraction(won)
            cost = billed * costs.allocator.part(tally.versions[rule_id], tally).share
            known = found.get((component, service), NOTHING)
            found[component, service] = Piece(known.billed + billed, known.cost + cost)
    return found
