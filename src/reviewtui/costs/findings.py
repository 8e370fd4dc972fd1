"""What somebody should know of a product's cost model and its data, apart from the figures: problems and marks."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs import monitoring
from reviewtui.costs.coverage import coverage_drops
from reviewtui.errors import Problem, Severity
from reviewtui.text import counted, safe_text
from reviewtui.workspace.cost_model import GIVEN_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reviewtui.costs.inputs import CostInputs
    from reviewtui.costs.product import ProductCosts
    from reviewtui.costs.tally import Tally
    from reviewtui.months import Month
    from reviewtui.workspace.cost_model import Rule

TOO_MUCH = Fraction(1) + Fraction(1, 10**9)
"""Shares of a pool may add up to this."""
MOST_NAMED = 5


def model_findings(costs: ProductCosts, months: Sequence[Month], last: Month | None) -> Iterator[Problem]:
    """What is to be said of one product's model, from the months that are shown; `last` is the newest of them."""
    if last is None:
        return
    tallies = costs.tallies.get(last.index, ())
    yield from _dead_rules(costs, last, tallies)
    yield from _services(costs, last, tallies)
    yield from _catch_alls(costs, last, tallies)
    if costs.volumes.left_out:
        units = ", ".join(f"`{safe_text(unit, 40)}`" for unit in costs.volumes.other_units)
        message = f"{counted(costs.volumes.left_out, 'row')} of usage_day in another unit ({units}) left out."
        yield _warning(costs, None, f"{message} The volume of this product is counted in `{costs.model.unit}`.")
    if len(months) == 0 and costs.months:
        yield _warning(costs, None, "No complete month has cost lines yet.")


def monitoring_findings(costs: ProductCosts, last: Month | None) -> Iterator[Problem]:
    """What the alerts of the screen say too: tags that were lost, days that all cost the same."""
    for drop in coverage_drops(costs, last) if last is not None else ():
        change = f"from {float(drop.before):.1f} % to {float(drop.now):.1f} % in {last}"
        words = safe_text(f"{drop.words[:1].upper()}{drop.words[1:]}")
        yield _warning(costs, None, f"{words} fell {change}: was a tag dropped?")
    flat = monitoring.flat_days(costs)
    if flat is not None:
        message = f"Every day from {flat[0]} to {flat[1]} cost the same: check the pipeline that brings the costs."
        yield _warning(costs, None, message)


def source_findings(inputs: CostInputs, bases: Iterable[str]) -> Iterator[Problem]:
    """What is to be said of the sources: the cost basis, tags that look alike, lines that were split before."""
    for source in inputs.quality:
        facts = source.facts
        if source.is_focus and "effective" in bases and facts.get("billed_only"):
            message = (
                f"{facts['billed_only']:,f} of {counted(source.lines, 'line')} have a billed cost and no effective "
                f"cost, and {facts['whole_effective']:,f} effective costs are whole numbers (billed "
                f"{facts['billed']:f}, effective {facts['effective']:f} in all). Check `cost_basis` in cost.toml."
            )
            yield Problem(source.place, None, message, Severity.WARNING)
        if facts.get("already_split"):
            message = (
                f"{facts['already_split']:,f} lines were split by the provider already; no rule should split them."
            )
            yield Problem(source.place, None, message, Severity.WARNING)
        if facts.get("corrections"):
            message = f"{facts['corrections']:,f} lines correct earlier charges; they count in the month of the charge."
            yield Problem(source.place, None, message, Severity.WARNING)
    for similar in similar_tags(inputs):
        names = ", ".join(f'"{safe_text(name, 60)}"' for name in similar)
        message = f"Tags that differ only in spaces, case or punctuation: {names}. Rules compare them exactly."
        yield Problem("cost_line", None, message, Severity.WARNING)


def similar_tags(inputs: CostInputs) -> list[tuple[str, ...]]:
    """Tag keys, and tags without a key, that look alike."""
    known: defaultdict[str, set[str]] = defaultdict(set)
    tags = {tag for groups in inputs.groups.values() for group in groups for tag in group.tags}
    for tag in tags:
        name = tag.partition("=")[0]
        known["".join(name.casefold().split()).replace("-", "").replace("_", "")].add(name)
    return sorted(tuple(sorted(names)) for names in known.values() if len(names) > 1)


def pool_findings(products: Mapping[str, ProductCosts], months: Sequence[Month]) -> Iterator[Problem]:
    """Pools of which more than the whole is given away, and pools of which a part belongs to nobody."""
    if not months:
        return
    told: set[str] = set()
    claims: dict[tuple[int, str, str], list[tuple[ProductCosts, Rule]]] = defaultdict(list)
    for costs in products.values():
        for month in months:
            for tally in costs.tallies.get(month.index, ()):
                for rule_id in costs.model.rule_ids:
                    rule = costs.sorter.book.in_force(rule_id, month.index, tally.region)
                    if rule is not None and rule.kind in GIVEN_KINDS and rule.share is not None:
                        claims[month.index, tally.region, rule.tag].append((costs, rule))
    newest = months[-1].index
    for (month_index, region, tag), found in sorted(claims.items(), key=lambda item: (-item[0][0], item[0][1:])):
        share = sum((Fraction(rule.share or 0) for _, rule in found), Fraction(0))
        costs, rule = found[-1]
        if tag in told or (month_index != newest and share <= 1):
            continue
        shown = f"{float(share * 100):.4g} %"
        if share > TOO_MUCH:
            month = next(month for month in months if month.index == month_index)
            message = f"The shares of the pool `{safe_text(tag, 60)}` add up to {shown} in {month}, region {region}"
            yield Problem(costs.model.path, rule.line, f"{message}: more than there is. Lower one of them.")
            told.add(tag)
        elif share < 1:
            message = f"{float((1 - share) * 100):.4g} % of the pool `{safe_text(tag, 60)}` is claimed by no product."
            yield Problem(costs.model.path, rule.line, message, Severity.WARNING)
            told.add(tag)


def _warning(costs: ProductCosts, line: int | None, message: str) -> Problem:
    return Problem(costs.model.path, line, message, Severity.WARNING)


def _dead_rules(costs: ProductCosts, last: Month, tallies: Sequence[Tally]) -> Iterator[Problem]:
    regions = [tally.region for tally in tallies]
    matched = {rule_id for tally in tallies for rule_id in tally.matched}
    won = {rule_id for tally in tallies for rule_id in tally.lines_won}
    for rule_id, versions in costs.sorter.book.rules_in_force(last.index, regions).items():
        name = safe_text(rule_id, 60)
        if rule_id not in matched:
            yield _warning(costs, versions[0].line, f"The rule `{name}` matches no cost line in {last}.")
        elif rule_id not in won:
            message = f"Every line that the rule `{name}` matches in {last} is won by an earlier rule."
            yield _warning(costs, versions[0].line, message)


def _services(costs: ProductCosts, last: Month, tallies: Sequence[Tally]) -> Iterator[Problem]:
    """Services of the map without a cost, and services with a cost that the map does not know."""
    mapped = {service.name: service for service in costs.model.services}
    if not mapped:
        return
    seen = costs.services_seen(last)
    for name, service in mapped.items():
        if name not in seen:
            message = f"The service `{safe_text(name, 60)}` has no cost line in {last}: is its cost tagged?"
            yield _warning(costs, service.line, message)
    won = {service for tally in tallies for _, _, service in tally.services if service}
    unmapped = sorted(won - mapped.keys())
    if unmapped:
        names = ", ".join(f"`{safe_text(name, 60)}`" for name in unmapped[:MOST_NAMED])
        more = f" and {len(unmapped) - MOST_NAMED} more" if len(unmapped) > MOST_NAMED else ""
        yield _warning(costs, None, f"Services with a cost in {last} that are not in the map: {names}{more}.")
    if not any("read" in service.paths for service in mapped.values()):
        yield _warning(costs, None, "No service of the map is on the read path: is something missing?")


def _catch_alls(costs: ProductCosts, last: Month, tallies: Sequence[Tally]) -> Iterator[Problem]:
    """A rule that takes every line hides what nobody has allocated."""
    lines = sum(tally.lines for tally in tallies)
    for rule_id in costs.model.rule_ids:
        if lines > 1 and sum(tally.lines_won.get(rule_id, 0) for tally in tallies) == lines:
            rule = next(rule for rule in costs.model.rules if rule.id == rule_id)
            message = f"The rule `{safe_text(rule_id, 60)}` wins every cost line of {last}: nothing can be unallocated."
            yield _warning(costs, rule.line, message)
