"""Change a product's `cost.toml` from the program: comments, order and everything else in it stay."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.toml_file import edit_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tomlkit import TOMLDocument

    from reviewtui.months import Month
    from reviewtui.workspace.cost_model import CostModel


def adopt(path: Path, model: CostModel, month: Month, changes: Mapping[str, Decimal], reason: str) -> bool:
    """Write `changes` into the file, each with its reason; False if they change nothing.

    A share gets a new version from `month` on, so that earlier months stay as they were; an assumption is changed in
    place. ReviewError, and the old file stays, as `edit_toml` raises it.
    """

    def change(document: TOMLDocument) -> None:
        for name, value in changes.items():
            if name in model.assumptions:
                _set_assumption(document["assumption"][name], value, reason)
            elif name in model.rule_ids:
                _set_share(document, name, month, value, reason)

    return edit_toml(path, change)


def _set_assumption(table: Any, value: Decimal, reason: str) -> None:
    import tomlkit

    table["value"] = _number(value)
    _widen(table, value)
    table["reason"] = tomlkit.string(reason)


def _set_share(document: TOMLDocument, rule_id: str, month: Month, share: Decimal, reason: str) -> None:
    """Give the versions that hold in `month` a successor from then on, or change those that begin then."""
    import tomlkit

    rules: Any = document["rule"]
    versions = [(place, rule) for place, rule in enumerate(rules) if rule.get("id") == rule_id]
    for region in dict.fromkeys(str(rule.get("region", "")) for _, rule in versions):
        valid = [
            (str(rule.get("valid_from", "")), place)
            for place, rule in versions
            if str(rule.get("region", "")) == region and str(rule.get("valid_from", "")) <= str(month)
        ]
        if not valid:
            continue
        begins, place = max(valid)
        if begins == str(month):
            changed = rules[place]
        else:
            changed = tomlkit.table()
            for key, item in rules[place].items():
                changed.add(key, item)
            changed["valid_from"] = str(month)
            changed.add(tomlkit.nl())
            rules.append(changed)
        changed["share"] = _number(share)
        _widen(changed, share)
        changed["why"] = tomlkit.string(reason)


def _widen(table: Any, value: Decimal) -> None:
    """Let the range hold the new value."""
    if "low" in table and value < _decimal(table["low"]):
        table["low"] = _number(value)
    if "high" in table and value > _decimal(table["high"]):
        table["high"] = _number(value)


def _decimal(item: Any) -> Decimal:
    return Decimal(item.as_string())


def _number(value: Decimal) -> Any:
    """A TOML number with exactly the digits of `value`."""
    import tomlkit

    return tomlkit.parse(f"value = {value:f}")["value"]
