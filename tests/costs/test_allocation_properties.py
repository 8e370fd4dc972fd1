"""What must hold for any rules and any lines."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reviewtui.costs.allocation import Allocated, Allocator, QueryShares, even_rules
from reviewtui.costs.inputs import LineGroup, QueryUse
from reviewtui.costs.tally import Sorter, Tally, registered_tags
from reviewtui.workspace.cost_model import Assumption, CostModel, Rule

MONTH = 2026 * 12 + 3
TAGS = ("replay", "ingress", "queue", "warehouse", "other", "stray")
SERVICES = ("api", "proxy", "")
QUERIES = [
    QueryUse(MONTH, "us", "replay", Decimal(7), Decimal(0)),
    QueryUse(MONTH, "us", "flags", Decimal(20), Decimal(0)),
    QueryUse(MONTH, "us", "", Decimal(3), Decimal(0)),
]

amounts = st.decimals(-(10**9), 10**9, places=11)
shares = st.decimals(0, 1, places=4)


@st.composite
def groups(draw: st.DrawFn, costs: st.SearchStrategy[Decimal] = amounts) -> LineGroup:
    cost = draw(costs)
    tags = tuple(draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=3)))
    service = draw(st.sampled_from(SERVICES))
    category = draw(st.sampled_from(("Usage", "Tax", "Credit")))
    return LineGroup(MONTH, 0, "us", service, tags, bool(tags), "", category, cost, max(cost, Decimal(0)), 1)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from(("direct", "network", "shared", "querylog", "fixed", "even")))
    share = draw(shares) if kind in ("shared", "fixed") else Decimal(1) if kind in ("direct", "network") else None
    services = tuple(draw(st.lists(st.sampled_from(("api", "proxy")), max_size=1)))
    return Rule(draw(st.sampled_from("abcdef")), draw(st.sampled_from(TAGS[:4])), kind, services, share=share)


def distinct(found: list[Rule]) -> tuple[Rule, ...]:
    return tuple({rule.id: rule for rule in found}.values())


def model_of(found: tuple[Rule, ...]) -> CostModel:
    fraction = {"query_fraction": Assumption("query_fraction", Decimal("0.8"))}
    return CostModel("replay", "cost.toml", rules=found, other_tags=("other",), assumptions=fraction)


def tally_of(model: CostModel, lines: list[LineGroup]) -> Tally | None:
    return Sorter(model, registered_tags([model])).by_month(lines).get((MONTH, "us"))


def allocated(model: CostModel, lines: list[LineGroup]) -> Allocated | None:
    tally = tally_of(model, lines)
    allocator = Allocator(model, QueryShares(QUERIES, "replay"), even_rules([model]))
    return None if tally is None else allocator.allocate(tally)


rule_sets = st.lists(rules(), max_size=6).map(distinct)


@given(rule_sets, st.lists(groups(), min_size=1, max_size=20))
def test_every_amount_in_scope_is_somewhere_exactly(found: tuple[Rule, ...], lines: list[LineGroup]) -> None:
    result = allocated(model_of(found), lines)
    assert result is not None
    in_scope = sum((Fraction(line.cost) for line in lines if line.category != "Tax"), Fraction(0))
    assert result.in_scope == in_scope
    assert result.total + result.elsewhere + result.unallocated == in_scope
    assert sum(result.components.values(), Fraction(0)) == result.total
    left_out = sum(result.excluded.values(), Fraction(0))
    assert left_out + in_scope == sum((Fraction(line.cost) for line in lines), Fraction(0))


@given(rule_sets, st.lists(groups(), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(found: tuple[Rule, ...], lines: list[LineGroup], chance: object) -> None:
    mixed = list(lines)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    assert allocated(model_of(found), mixed) == allocated(model_of(found), lines)


@given(rule_sets, rules(), st.lists(groups(), min_size=1, max_size=20))
def test_a_rule_put_last_changes_no_line_that_was_matched(
    found: tuple[Rule, ...], last: Rule, lines: list[LineGroup]
) -> None:
    more = Rule("last", last.tag, last.kind, last.services, share=last.share)
    before, after = (tally_of(model_of(each), lines) for each in (found, (*found, more)))
    assert before is not None
    assert after is not None
    assert {key: cost for key, cost in after.won.items() if key[0] != "last"} == before.won


@given(rule_sets, st.lists(groups(st.decimals(0, 10**6, places=4)), min_size=1, max_size=20))
def test_adding_up_tags_never_gives_less(found: tuple[Rule, ...], lines: list[LineGroup]) -> None:
    result = allocated(model_of(found), lines)
    assert result is not None
    assert result.naive >= result.total
