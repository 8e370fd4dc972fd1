"""From cost lines to what each rule of a model has won: the one pass over the lines, in exact decimals.

Everything after it works on these sums, so that a share can be changed without looking at a line again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from reviewtui.costs.exact import add
from reviewtui.costs.rules import RuleBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reviewtui.costs.inputs import LineGroup
    from reviewtui.workspace.cost_model import CostModel, Rule

Key = TypeVar("Key")

ZERO = Decimal(0)
NETWORK_COMPONENT = "network"
NO_SERVICE = "no service"


@dataclass(slots=True)
class Overlap:
    """Lines that two rules match."""

    winner: str
    other: str
    lines: int = 0
    cost: Decimal = ZERO


@dataclass(slots=True)
class Tally:
    """The lines of one month and region, by what happens to them."""

    month: int
    region: str
    in_scope: Decimal = ZERO
    excluded: dict[str, Decimal] = field(default_factory=dict)
    """Charge category to the cost that the model leaves out."""
    won: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    """(rule id, component) to the cost of the lines the rule has won."""
    matched: dict[str, Decimal] = field(default_factory=dict)
    """Rule id to the cost of every line it matches, won or not."""
    versions: dict[str, Rule] = field(default_factory=dict)
    """The versions of the rules that matched."""
    others: Decimal = ZERO
    """Lines under a registered tag that no rule of this product has won."""
    unallocated: Decimal = ZERO
    """Lines without a tag, or with tags that nobody has registered."""
    overlapping: Decimal = ZERO
    overlaps: dict[tuple[str, str], Overlap] = field(default_factory=dict)
    gross: Decimal = ZERO
    """The positive costs."""
    gross_tagged: Decimal = ZERO
    services: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)
    """(rule id, component, service) to the cost won."""
    lines_won: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    unknown: Rule | None = None
    """A rule that has no version for this region though a line asks for one."""

    def pool(self, rule_id: str) -> Decimal:
        """The cost that a rule has won, before its share."""
        total = ZERO
        for (owner, _), cost in self.won.items():
            if owner == rule_id:
                total = add(total, cost)
        return total


def registered_tags(models: Iterable[CostModel]) -> frozenset[str]:
    """Every tag that any product's model names."""
    return frozenset(tag for model in models for tag in model.tags)


class Sorter:
    """Sorts the lines of one product's model."""

    def __init__(self, model: CostModel, registered: frozenset[str]) -> None:
        self.model = model
        self.book = RuleBook(model)
        self._registered = registered
        self._excluded = {category.casefold() for category in model.exclude_charge_category}
        self._components = {service.name: service.component for service in model.services}

    def by_month(self, groups: Iterable[LineGroup]) -> dict[tuple[int, str], Tally]:
        """(month, region) to its tally."""
        return self._sorted(groups, lambda group: (group.month, group.region))

    def by_day(self, groups: Iterable[LineGroup]) -> dict[tuple[int, int, str], Tally]:
        """(day, month, region) to its tally, for the groups that have a day."""
        dated = (group for group in groups if group.day)
        return self._sorted(dated, lambda group: (group.day, group.month, group.region))

    def is_excluded(self, group: LineGroup) -> bool:
        """Whether the model leaves the lines out for their charge category."""
        return group.category.casefold() in self._excluded

    def component(self, group: LineGroup, rule: Rule) -> str:
        """The component whose cost the lines are, where `rule` has won them."""
        if rule.kind == "network":
            return NETWORK_COMPONENT
        return self._components.get(group.service) or group.component or group.service or NO_SERVICE

    def _sorted(self, groups: Iterable[LineGroup], key_of: Callable[[LineGroup], Key]) -> dict[Key, Tally]:
        tallies: dict[Key, Tally] = {}
        for group in groups:
            key = key_of(group)
            tally = tallies.get(key)
            if tally is None:
                tally = tallies[key] = Tally(group.month, group.region)
            if self.is_excluded(group):
                _grow(tally.excluded, group.category, group.cost)
            else:
                self._count(tally, group)
        return tallies

    def _count(self, tally: Tally, group: LineGroup) -> None:
        cost = group.cost
        tally.in_scope = add(tally.in_scope, cost)
        tally.gross = add(tally.gross, group.gross)
        tally.lines += group.lines
        if group.is_tagged:
            tally.gross_tagged = add(tally.gross_tagged, group.gross)
        matches = self.book.matches(group)
        tally.unknown = tally.unknown or matches.unknown
        winner = matches.winner
        if winner is None:
            if self._registered.isdisjoint(group.tags):
                tally.unallocated = add(tally.unallocated, cost)
            else:
                tally.others = add(tally.others, cost)
            return
        component = self.component(group, winner)
        _grow(tally.won, (winner.id, component), cost)
        _grow(tally.services, (winner.id, component, group.service), cost)
        tally.lines_won[winner.id] = tally.lines_won.get(winner.id, 0) + group.lines
        for rule in matches.rules:
            tally.versions[rule.id] = rule
            _grow(tally.matched, rule.id, cost)
        if len(matches.rules) > 1:
            self._overlap(tally, group, matches.rules)

    @staticmethod
    def _overlap(tally: Tally, group: LineGroup, rules: tuple[Rule, ...]) -> None:
        tally.overlapping = add(tally.overlapping, group.cost)
        winner = rules[0].id
        for other in rules[1:]:
            pair = tally.overlaps.setdefault((winner, other.id), Overlap(winner, other.id))
            pair.lines += group.lines
            pair.cost = add(pair.cost, group.cost)


def _grow(sums: dict[Key, Decimal], key: Key, cost: Decimal) -> None:
    known = sums.get(key)
    sums[key] = cost if known is None else add(known, cost)


def tallies_of_month(tallies: Mapping[tuple[int, str], Tally]) -> dict[int, tuple[Tally, ...]]:
    """Month to the tallies of its regions, the region with the largest cost in scope first."""
    by_month: defaultdict[int, list[Tally]] = defaultdict(list)
    for tally in tallies.values():
        by_month[tally.month].append(tally)
    return {
        month: tuple(sorted(found, key=lambda tally: (-tally.in_scope, tally.region)))
        for month, found in sorted(by_month.items())
    }
