"""What of the cost belongs to a product: shares applied to what its rules have won, and the identity that must hold.

total + elsewhere + unallocated = in scope        exactly, for every month and region
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from reviewtui.costs.inputs import UNTAGGED
from reviewtui.costs.rules import RuleBook
from reviewtui.workspace.cost_model import QUERY_FRACTION, SPREAD_TOGGLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from reviewtui.costs.inputs import QueryUse
    from reviewtui.costs.tally import Tally
    from reviewtui.workspace.cost_model import CostModel, Rule

ALWAYS_SHOWN = ("direct", "network", "shared", "querylog")
KINDS = (*ALWAYS_SHOWN, "fixed", "even")

End = Literal["low", "high"]
Setting = Mapping[str, End]
"""Parameter name to the end of its range that it stands at; others are at their base."""

BASE: Setting = {}


class NotConservedError(AssertionError):
    """The parts of an allocation do not add up to what was allocated: a mistake of this program."""


class MissingShareError(Exception):
    """A share is not known; the text says of what, and where."""

    def __init__(self, rule: Rule, reason: str) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason


@dataclass(frozen=True, slots=True)
class QueryShare:
    """A product's part of the queries of a month and region, by one measure."""

    own: Fraction
    tagged: Fraction
    untagged: Fraction

    @property
    def all(self) -> Fraction:
        """Everything, tagged or not."""
        return self.tagged + self.untagged

    @property
    def kept(self) -> Fraction | None:
        """The share where untagged use stays unallocated; None without any use."""
        return self.own / self.all if self.all else None

    @property
    def spread(self) -> Fraction | None:
        """The share where untagged use is spread over the tagged; None without tagged use."""
        return self.own / self.tagged if self.tagged else None

    @property
    def coverage(self) -> Fraction | None:
        """The part of the use that is tagged."""
        return self.tagged / self.all if self.all else None


class QueryShares:
    """The shares of one product in the query log."""

    def __init__(self, queries: Iterable[QueryUse], product: str) -> None:
        self._uses: defaultdict[tuple[int, str, str], list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 3)
        for use in queries:
            place = 0 if use.product == product else 2 if use.product == UNTAGGED else 1
            for measure, amount in (("cpu_seconds", use.cpu_seconds), ("read_bytes", use.read_bytes)):
                self._uses[use.month, use.region, measure][place] += Fraction(amount)

    def share(self, month: int, region: str, measure: str = "cpu_seconds") -> QueryShare | None:
        """The product's part; None where the log has nothing of that month and region."""
        found = self._uses.get((month, region, measure))
        if found is None:
            return None
        own, others, untagged = found
        return QueryShare(own, own + others, untagged)


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one rule's pool."""

    share: Fraction
    unallocated: Fraction
    """The part of the pool that is nobody's yet."""


@dataclass(frozen=True, slots=True)
class Allocated:
    """The cost of a product in one month and region, or in several together."""

    kinds: Mapping[str, Fraction]
    components: Mapping[str, Fraction]
    in_scope: Fraction
    elsewhere: Fraction
    unallocated: Fraction
    naive: Fraction
    overlapping: Fraction
    excluded: Mapping[str, Fraction] = field(default_factory=dict)
    gross: Fraction = Fraction(0)
    gross_tagged: Fraction = Fraction(0)

    @property
    def total(self) -> Fraction:
        """What the product costs."""
        return sum(self.kinds.values(), Fraction(0))

    @property
    def double_count(self) -> Fraction:
        """What adding up tags would have counted twice."""
        return self.naive - self.total


class Allocator:
    """Applies the shares of one model."""

    def __init__(self, model: CostModel, queries: QueryShares, even: Mapping[str, Iterable[RuleBook]]) -> None:
        """`even` says for each tag which models have a rule of that kind on it."""
        self.model = model
        self.queries = queries
        self._even = even

    def allocate(self, tally: Tally, setting: Setting = BASE) -> Allocated:
        """The product's cost of one month and region; MissingShareError where a share is not known."""
        if tally.unknown is not None:
            raise MissingShareError(tally.unknown, f"has no share for the region {tally.region}")
        kinds: dict[str, Fraction] = {kind: Fraction(0) for kind in ALWAYS_SHOWN}
        components: dict[str, Fraction] = {}
        parts = {rule_id: self.part(rule, tally, setting) for rule_id, rule in tally.versions.items()}
        elsewhere, unallocated = Fraction(tally.others), Fraction(tally.unallocated)
        for (rule_id, component), won in tally.won.items():
            cost, part, kind = Fraction(won), parts[rule_id], tally.versions[rule_id].kind
            mine = cost if part.share == 1 else cost * part.share
            kinds[kind] = kinds.get(kind, Fraction(0)) + mine
            components[component] = components.get(component, Fraction(0)) + mine
            if part.share != 1:
                nobodys = cost * part.unallocated if part.unallocated else 0
                unallocated += nobodys
                elsewhere += cost - mine - nobodys
        naive = sum((Fraction(cost) * parts[rule_id].share for rule_id, cost in tally.matched.items()), Fraction(0))
        allocated = Allocated(
            kinds=kinds,
            components=components,
            in_scope=Fraction(tally.in_scope),
            elsewhere=elsewhere,
            unallocated=unallocated,
            naive=naive,
            overlapping=Fraction(tally.overlapping),
            excluded={category: Fraction(cost) for category, cost in tally.excluded.items()},
            gross=Fraction(tally.gross),
            gross_tagged=Fraction(tally.gross_tagged),
        )
        check_conserved(allocated)
        return allocated

    def needs_all(self, setting: Setting) -> bool:
        """Whether a setting moves the shares of query pools, which are not moved one by one."""
        moves_queries = SPREAD_TOGGLE in setting or QUERY_FRACTION in setting
        return moves_queries and any(rule.kind == "querylog" for rule in self.model.rules)

    def moved(self, base: Allocated, tallies: Iterable[Tally], setting: Setting) -> Allocated:
        """`base`, the cost of `tallies` together, with the rules that `setting` names at the ends of their ranges.

        Only what those rules have won is looked at. Not for settings of which `needs_all` is true.
        """
        kinds, components = dict(base.kinds), dict(base.components)
        moved, naive = Fraction(0), base.naive
        for tally in tallies:
            steps = {}
            for rule_id in setting.keys() & tally.versions.keys():
                rule = tally.versions[rule_id]
                if rule.has_range and rule.share is not None:
                    steps[rule_id] = self.part(rule, tally, setting).share - Fraction(rule.share)
            for rule_id, step in steps.items():
                naive += Fraction(tally.matched[rule_id]) * step
            for (rule_id, component), cost in tally.won.items() if steps else ():
                if rule_id in steps:
                    change = Fraction(cost) * steps[rule_id]
                    kinds[tally.versions[rule_id].kind] += change
                    components[component] += change
                    moved += change
        changed = replace(base, kinds=kinds, components=components, elsewhere=base.elsewhere - moved, naive=naive)
        check_conserved(changed)
        return changed

    def part(self, rule: Rule, tally: Tally, setting: Setting = BASE) -> Part:
        """What the rule does with its pool; MissingShareError where that is not known."""
        if rule.kind == "querylog":
            return self._query_part(rule, tally, setting)
        if rule.kind == "even":
            return Part(Fraction(1, self._even_count(rule, tally)), Fraction(0))
        share = self._at(setting, rule.id, rule.share, rule.low, rule.high)
        if share is None:
            raise MissingShareError(rule, f"has no share for the region {tally.region}")
        return Part(share, Fraction(0))

    def query_share(self, rule: Rule, tally: Tally, setting: Setting = BASE) -> Fraction:
        """The product's share of the queries, whatever part of the pool they explain."""
        use = self._use(rule, tally)
        share = use.spread if self.is_spread(setting) else use.kept
        if share is None:
            raise MissingShareError(rule, f"has no share for the region {tally.region}: no query there is tagged")
        return share

    def _query_part(self, rule: Rule, tally: Tally, setting: Setting) -> Part:
        fraction, share = self.query_fraction(setting), self.query_share(rule, tally, setting)
        if self.is_spread(setting):
            return Part(fraction * share, 1 - fraction)
        use = self._use(rule, tally)
        return Part(fraction * share, 1 - fraction + fraction * use.untagged / use.all)

    def _use(self, rule: Rule, tally: Tally) -> QueryShare:
        use = self.queries.share(tally.month, tally.region, rule.share_by)
        if use is None or not use.all:
            raise MissingShareError(
                rule, f"has no share for the region {tally.region}: the query log has nothing of it"
            )
        return use

    def query_fraction(self, setting: Setting = BASE) -> Fraction:
        """The part of a pool that the query log explains."""
        assumed = self.model.assumptions.get(QUERY_FRACTION)
        if assumed is None:
            return Fraction(1)
        found = self._at(setting, QUERY_FRACTION, assumed.value, assumed.low, assumed.high)
        return Fraction(1) if found is None else found

    def is_spread(self, setting: Setting = BASE) -> bool:
        """Whether untagged query cost is spread over the tagged."""
        if SPREAD_TOGGLE in setting:
            return setting[SPREAD_TOGGLE] == "high"
        declared = self.model.assumptions.get(SPREAD_TOGGLE)
        return declared is not None and declared.value == 1

    @staticmethod
    def _at(
        setting: Setting, name: str, base: Decimal | None, low: Decimal | None, high: Decimal | None
    ) -> Fraction | None:
        chosen = base
        if name in setting and low is not None and high is not None:
            chosen = low if setting[name] == "low" else high
        return None if chosen is None else Fraction(chosen)

    def _even_count(self, rule: Rule, tally: Tally) -> int:
        count = 0
        for book in self._even.get(rule.tag, ()):
            versions = (book.in_force(rule_id, tally.month, tally.region) for rule_id in book.model.rule_ids)
            count += any(found is not None and found.kind == "even" and found.tag == rule.tag for found in versions)
        return max(1, count)


def even_rules(models: Iterable[CostModel]) -> dict[str, list[RuleBook]]:
    """Tag to the rules of the models that split it evenly."""
    found: defaultdict[str, list[RuleBook]] = defaultdict(list)
    for model in models:
        for tag in {rule.tag for rule in model.rules if rule.kind == "even"}:
            found[tag].append(RuleBook(model))
    return dict(found)


def check_conserved(allocated: Allocated) -> None:
    """Raise NotConservedError unless every amount in scope is somewhere."""
    if allocated.total + allocated.elsewhere + allocated.unallocated != allocated.in_scope:
        raise NotConservedError("an allocation does not add up to what was allocated")
    if sum(allocated.components.values(), Fraction(0)) != allocated.total:
        raise NotConservedError("the components of an allocation do not add up to its total")


def together(parts: Iterable[Allocated]) -> Allocated:
    """Several regions as one."""
    nothing = Fraction(0)
    result = Allocated({}, {}, nothing, nothing, nothing, nothing, nothing)
    for part in parts:
        result = replace(
            result,
            kinds=_merged(result.kinds, part.kinds),
            components=_merged(result.components, part.components),
            in_scope=result.in_scope + part.in_scope,
            elsewhere=result.elsewhere + part.elsewhere,
            unallocated=result.unallocated + part.unallocated,
            naive=result.naive + part.naive,
            overlapping=result.overlapping + part.overlapping,
            excluded=_merged(result.excluded, part.excluded),
            gross=result.gross + part.gross,
            gross_tagged=result.gross_tagged + part.gross_tagged,
        )
    return result


def _merged(first: Mapping[str, Fraction], second: Mapping[str, Fraction]) -> dict[str, Fraction]:
    merged = dict(first)
    for key, amount in second.items():
        merged[key] = merged.get(key, Fraction(0)) + amount
    return merged
