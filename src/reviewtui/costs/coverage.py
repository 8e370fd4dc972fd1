"""How much of the cost and of the queries is tagged, and where that has fallen: a dropped tag hides a cost."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.exact import percent
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.costs.product import ProductCosts
    from reviewtui.months import Month

COVERAGE_POINTS = 5
"""A fall of so many points, or more, is a drop."""
TAGGED_COST, TAGGED_QUERIES = "tagged cost", "tagged queries"


class Drop(NamedTuple):
    """Less of something is tagged than the month before."""

    what: str
    region: str
    """Empty: all regions together."""
    before: Fraction
    now: Fraction
    """Both in per cent."""

    @property
    def words(self) -> str:
        """What it is that fell."""
        return f"{self.what} in {self.region}" if self.region else self.what


def tag_coverage(costs: ProductCosts, month: Month) -> Fraction | None:
    """Tagged cost in per cent of positive cost in scope; None where there is none."""
    tallies = costs.tallies.get(month.index, ())
    tagged = sum((Fraction(tally.gross_tagged) for tally in tallies), Fraction(0))
    return percent(tagged, sum((Fraction(tally.gross) for tally in tallies), Fraction(0)))


def coverage_drops(costs: ProductCosts, month: Month) -> Iterator[Drop]:
    """What fewer costs or queries carry than the month before."""
    now, before = (tag_coverage(costs, item) for item in (month, month - 1))
    if now is not None and before is not None and before - now >= COVERAGE_POINTS:
        yield Drop(TAGGED_COST, "", before, now)
    measures = {rule.share_by for rule in costs.model.rules if rule.kind == "querylog"}
    for tally in costs.tallies.get(month.index, ()):
        for measure in sorted(measures):
            shares = [costs.queries.share(item, tally.region, measure) for item in (month.index - 1, month.index)]
            earlier, later = (share.coverage if share is not None else None for share in shares)
            if earlier is not None and later is not None and (earlier - later) * 100 >= COVERAGE_POINTS:
                yield Drop(TAGGED_QUERIES, tally.region, earlier * 100, later * 100)
