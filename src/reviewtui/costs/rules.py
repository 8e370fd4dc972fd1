"""Which rules of a product's model match a cost line, in which version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.costs.inputs import LineGroup
    from reviewtui.workspace.cost_model import CostModel, Rule


@dataclass(frozen=True, slots=True)
class Matches:
    """The rules that match a line, by their order: the first wins."""

    rules: tuple[Rule, ...] = ()
    unknown: Rule | None = None
    """A rule that would match but has no version for the line's region, if it would come first."""

    @property
    def winner(self) -> Rule | None:
        """The rule that the line's cost follows."""
        return self.rules[0] if self.rules else None


class RuleBook:
    """The rules of one model, ready to be asked about lines."""

    def __init__(self, model: CostModel) -> None:
        self.model = model
        self._versions: dict[str, list[Rule]] = {}
        self._of_tag: dict[str, list[str]] = {}
        for rule in model.rules:
            self._versions.setdefault(rule.id, []).append(rule)
            named = self._of_tag.setdefault(rule.tag, [])
            if rule.id not in named:
                named.append(rule.id)
        self._place = {rule_id: place for place, rule_id in enumerate(self._versions)}
        self._known: dict[tuple[object, ...], Matches] = {}
        self._in_force: dict[tuple[str, int, str], tuple[Rule | None, tuple[Rule, ...]]] = {}

    def matches(self, group: LineGroup) -> Matches:
        """The rules that match the lines of `group`."""
        key = (group.tags, group.service, group.month, group.region)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(group)
        return found

    def in_force(self, rule_id: str, month: int, region: str) -> Rule | None:
        """The version of a rule that holds; None where none does."""
        return self._version(rule_id, month, region)[0]

    def rules_in_force(self, month: int, regions: Iterable[str]) -> dict[str, tuple[Rule, ...]]:
        """Rule id to the distinct versions that hold in any of `regions`."""
        found: dict[str, dict[Rule, None]] = {}
        for rule_id in self._versions:
            for region in regions:
                rule = self.in_force(rule_id, month, region)
                if rule is not None:
                    found.setdefault(rule_id, {})[rule] = None
        return {rule_id: tuple(rules) for rule_id, rules in found.items()}

    def _find(self, group: LineGroup) -> Matches:
        named = {rule_id for tag in group.tags for rule_id in self._of_tag.get(tag, ())}
        rules: list[Rule] = []
        unknown: Rule | None = None
        for rule_id in sorted(named, key=self._place.__getitem__):
            rule, elsewhere = self._version(rule_id, group.month, group.region)
            if rule is not None:
                if _admits(rule, group):
                    rules.append(rule)
            elif unknown is None:
                unknown = next((other for other in elsewhere if _admits(other, group)), None)
        return Matches(tuple(rules), unknown)

    def _version(self, rule_id: str, month: int, region: str) -> tuple[Rule | None, tuple[Rule, ...]]:
        """The version in force, and where there is none those that hold for other regions."""
        key = (rule_id, month, region)
        if key not in self._in_force:
            self._in_force[key] = self._choose(rule_id, Month.from_index(month), region)
        return self._in_force[key]

    def _choose(self, rule_id: str, month: Month, region: str) -> tuple[Rule | None, tuple[Rule, ...]]:
        valid = [rule for rule in self._versions[rule_id] if rule.valid_from is None or rule.valid_from <= month]
        chosen = [rule for rule in valid if rule.region == region] or [rule for rule in valid if not rule.region]
        if not chosen:
            return None, tuple(valid)
        return max(chosen, key=lambda rule: -1 if rule.valid_from is None else rule.valid_from.index), ()


def _admits(rule: Rule, group: LineGroup) -> bool:
    return rule.tag in group.tags and (not rule.services or group.service in rule.services)
