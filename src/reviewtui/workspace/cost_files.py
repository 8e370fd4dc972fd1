"""What `products/<slug>/cost.toml` says: every value checked, problems with their line, the rest used."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reviewtui.errors import Problem, Severity
from reviewtui.workspace import schema as check
from reviewtui.workspace.cost_model import (
    COST_BASES,
    DISTRIBUTIONS,
    GIVEN_KINDS,
    PATHS,
    PERIODS,
    RULE_KINDS,
    SHARE_MEASURES,
    SPREAD_TOGGLE,
    WHOLE_KINDS,
    Assumption,
    CostModel,
    MappedService,
    RevenueAdjustment,
    Rule,
)
from reviewtui.workspace.schema import Spot, Unusable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.workspace.schema import Schema

MOST_DRAWS = 1_000_000
_LARGEST = Decimal(10) ** 18
_SMALLEST_DIGIT = -30
_MAX_SEED = 2**63 - 1


def exact_values(raw: bytes) -> dict[str, Any] | None:
    """The values of a TOML text with numbers as they are written, not as floats; None if it is not valid."""
    try:
        return tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def amount(value: object, spot: Spot) -> Decimal:
    """A number exactly as written."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unusable(f"`{check.shown(str(spot.path[-1]))}` is a number, not {_kind_of(value)}.")
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= _LARGEST or int(number.as_tuple().exponent) < _SMALLEST_DIGIT:
        raise Unusable(f"`{check.shown(str(spot.path[-1]))}` is out of range. Write an ordinary number.")
    return number


def share(value: object, spot: Spot) -> Decimal:
    """A part of a whole."""
    number = amount(value, spot)
    if not 0 <= number <= 1:
        raise Unusable(f"`{spot.path[-1]}` is a share from 0 to 1, not {number}. Write 20 % as 0.20.")
    return number


def positive_amount(value: object, spot: Spot) -> Decimal:
    """A number above zero, exactly as written."""
    number = amount(value, spot)
    if number <= 0:
        raise Unusable(f"`{spot.path[-1]}` is more than zero, not {number}.")
    return number


def margin(value: object, spot: Spot) -> Decimal:
    """A margin that can be aimed at: below 1."""
    number = amount(value, spot)
    if number >= 1:
        raise Unusable(f"`{spot.path[-1]}` is a fraction below 1, not {number}. Write 60 % as 0.60.")
    return number


def day(value: object, spot: Spot) -> date:
    """A calendar day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Unusable(f"`{spot.path[-1]}` is a day written as 2026-01-20 without quotes, not {_kind_of(value)}.")


def _paths(value: object, spot: Spot) -> tuple[str, ...]:
    words = (value,) if isinstance(value, str) else check.texts(value, spot)
    read = check.one_of(PATHS)
    return tuple(dict.fromkeys(read(word, spot) for word in words))


def _kind_of(value: object) -> str:
    return "a number" if isinstance(value, Decimal) else check.kind_of(value)


_SERVICE: Schema = {
    "name": check.filled_text,
    "path": _paths,
    "component": check.text,
    "kind": check.text,
    "owner": check.text,
    "note": check.text,
}
_RULE: Schema = {
    "id": check.filled_text,
    "tag": check.filled_text,
    "kind": check.one_of(RULE_KINDS),
    "services": check.texts,
    "proxy": check.text,
    "why": check.text,
    "valid_from": check.month,
    "region": check.text,
    "share": share,
    "low": share,
    "high": share,
    "share_by": check.one_of(SHARE_MEASURES),
}
_ASSUMPTION: Schema = {
    "value": amount,
    "low": amount,
    "high": amount,
    "unit": check.text,
    "distribution": check.one_of(DISTRIBUTIONS),
    "source": check.text,
    "reason": check.text,
    "owner": check.text,
    "decided_on": day,
    "review_by": day,
}


def _service(value: object, spot: Spot) -> MappedService:
    entry = check.read_table(value, spot, _SERVICE)
    if "name" not in entry:
        raise Unusable("This service has no `name`.")
    return MappedService(paths=entry.pop("path", ()), line=spot.line, **entry)


def _rule(value: object, spot: Spot) -> Rule:
    entry = check.read_table(value, spot, _RULE)
    lacking = [key for key in ("id", "tag", "kind") if key not in entry]
    if lacking:
        raise Unusable(f"This rule is not used: it has no usable {', '.join(f'`{key}`' for key in lacking)}.")
    written = value if isinstance(value, dict) else {}
    for key in ("valid_from", "services", "region"):
        if key in written and key not in entry:
            raise Unusable(f"This rule is not used, because its `{key}` cannot be read.")
    rule = Rule(line=spot.line, **entry)
    if rule.kind == "shared":
        for key in ("proxy", "why"):
            if not str(entry.get(key, "")).strip():
                spot.report(f"The shared rule `{check.shown(rule.id)}` does not say its `{key}`.", Severity.WARNING)
    if rule.kind in GIVEN_KINDS and "share" not in written:
        spot.report(f"The rule `{check.shown(rule.id)}` has no `share`. A share that is missing is not taken as 0.")
    if rule.kind in WHOLE_KINDS and "share" not in written:
        rule = replace(rule, share=Decimal(1))
    if rule.tag == "*":
        spot.report("`*` is a tag like any other, and no rule catches every line.", Severity.WARNING)
    return _ranged(rule, spot)


def _ranged(rule: Rule, spot: Spot) -> Rule:
    """The rule with a range that holds its share, or without one."""
    if rule.low is None and rule.high is None:
        return rule
    reason = ""
    if rule.kind in ("querylog", "even"):
        reason = f"a rule of kind {rule.kind} computes its share"
    elif rule.low is None or rule.high is None:
        reason = "a range has both `low` and `high`"
    elif rule.share is None or not rule.low <= rule.share <= rule.high:
        reason = "`share` lies between `low` and `high`"
    if not reason:
        return rule
    spot.report(f"The range of the rule `{check.shown(rule.id)}` is not used: {reason}.")
    return replace(rule, low=None, high=None)


def _assumption(value: object, spot: Spot) -> Assumption:
    entry = check.read_table(value, spot, _ASSUMPTION)
    name = str(spot.path[-1])
    if "value" not in entry:
        raise Unusable(f"The assumption `{check.shown(name)}` has no usable `value` and is not used.")
    low, high = entry.get("low"), entry.get("high")
    if low is not None or high is not None:
        reason = ""
        if low is None or high is None:
            reason = "a range has both `low` and `high`"
        elif not low <= entry["value"] <= high:
            reason = "`value` lies between `low` and `high`"
        if reason:
            spot.report(f"The range of the assumption `{check.shown(name)}` is not used: {reason}.")
            entry["low"] = entry["high"] = None
    return Assumption(name=name, line=spot.line, **entry)


def _adjustment(value: object, spot: Spot) -> RevenueAdjustment:
    entry = check.read_table(value, spot, {"month": check.month, "amount": amount, "why": check.text})
    if not {"month", "amount"} <= entry.keys():
        raise Unusable("A revenue adjustment has a `month` and an `amount`.")
    return RevenueAdjustment(**entry)


COST_SCHEMA: Schema = {
    "schema": check.whole(1, 9999),
    "unit": check.text,
    "cost_basis": check.one_of(COST_BASES),
    "period": check.one_of(PERIODS),
    "exclude_charge_category": check.texts,
    "days_per_month": positive_amount,
    "storage_component": check.text,
    "verdict_band_pp": amount,
    "target_margin": margin,
    "model_last_reviewed": day,
    "latest_data_day": day,
    "monte_carlo_draws": check.whole(1, MOST_DRAWS),
    "monte_carlo_seed": check.whole(0, _MAX_SEED),
    "alert_floor": amount,
    "other_tags": check.texts,
    "service": check.tables(_service),
    "rule": check.tables(_rule),
    "assumption": check.entries(_assumption),
    "revenue_adjustment": check.tables(_adjustment),
    "direct_means": check.text,
    "volume_means": check.text,
    "not_included": check.text,
    "validated_by": check.text,
    "validated_on": day,
}
_RENAMED = {"service": "services", "rule": "rules", "assumption": "assumptions", "revenue_adjustment": "adjustments"}


def cost_model_of(data: object, spot: Spot, product_id: str) -> CostModel:
    """The model of one `cost.toml`."""
    values = check.read_table(data, spot, COST_SCHEMA)
    values.pop("schema", None)
    for written, name in _RENAMED.items():
        if written in values:
            values[name] = values.pop(written)
    values["services"] = _unique_services(values.get("services", ()), spot)
    values["rules"] = _unique_versions(values.get("rules", ()), spot)
    model = CostModel(product_id=product_id, path=spot.file.label, **values)
    for name in sorted({*model.rule_ids} & {*model.assumptions, SPREAD_TOGGLE}):
        spot.inside("rule").report(
            f"A rule and an assumption are both called `{check.shown(name)}`. Give the rule another id."
        )
    return model


def _unique_services(services: Iterable[MappedService], spot: Spot) -> tuple[MappedService, ...]:
    found: dict[str, MappedService] = {}
    for service in services:
        if found.setdefault(service.name, service) is not service:
            _report_at(spot, service.line, f"The service `{check.shown(service.name)}` is in the map already.")
    return tuple(found.values())


def _unique_versions(rules: Iterable[Rule], spot: Spot) -> tuple[Rule, ...]:
    """The rules without versions that hold for the same months and regions; the first of such is kept."""
    found: dict[tuple[object, ...], Rule] = {}
    for rule in rules:
        key = (rule.id, rule.valid_from, rule.region)
        if found.setdefault(key, rule) is not rule:
            _report_at(
                spot,
                rule.line,
                f"The rule `{check.shown(rule.id)}` has two versions from the same month on; the first is used."
                " Change one `valid_from` or `region`.",
            )
    return tuple(found.values())


def _report_at(spot: Spot, line: int | None, message: str) -> None:
    spot.problems.append(Problem(spot.file.label, line, message))
