"""What stands behind a row of the Costs screen, as lines. Pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.alerts import alerts_of
from reviewtui.costs.allocation import MissingShareError
from reviewtui.costs.exact import number_text
from reviewtui.costs.scenario import base_value, changed_costs
from reviewtui.metrics.formats import MINUS, format_cell
from reviewtui.text import safe_text
from reviewtui.widgets.alert_lines import alert_id, alert_lines, note_on
from reviewtui.widgets.cost_rows import CostsView, change_words, component_facts
from reviewtui.widgets.cost_texts import money, moved, percent_text, plain_words, step
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.record_lines import fact_lines
from reviewtui.widgets.spans import Line, Span
from reviewtui.workspace.cost_model import STORAGE_ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewtui.costs.economics import Units
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.workspace.kinds.costs import Scenario

EVENT_METRICS = (("mrr", "MRR"), ("activation_rate", "Activation"), ("churn_rate", "Churn"))
NAME_WIDTH = 11
MONTHS_AROUND = 3
"""Months shown before and after a change of price."""


def detail_lines(view: CostsView, row_id: str, width: int, sheet: MetricSheet | None) -> list[Line]:
    """The lines about one row, by its id."""
    kind, _, name = row_id.partition(":")
    if kind == "component":
        return _component(view, name, width)
    if kind == "modelled":
        return _modelled(view, name, width)
    if kind == "what":
        return _parameter(view, name, width)
    if kind == "unit":
        lines = _change(view, width)
        return [*lines, *_price_events(view, sheet, width)] if name == "revenue" else lines
    if kind == "service":
        return _service(view, name.partition(":")[2], width)
    if kind == "alert":
        found = next((alert for alert in alerts_of(view.base, view.as_of) if alert_id(alert) == row_id), None)
        return alert_lines(found, note_on(found, view.notes), width, view.as_of) if found is not None else []
    if kind == "finding":
        problem = view.findings[int(name)]
        place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
        return [*_words(plain_words(problem.message), width), *fact_lines("Where", safe_text(place), width)]
    scenario = next((item for item in view.scenarios if item.id == row_id), None)
    return _scenario(view, scenario, width) if scenario is not None else []


def _words(text: str, width: int, role: str = "text") -> list[Line]:
    return [(Span(line, role),) for line in wrap(safe_text(text, 2000), width)]


def _facts(facts: dict[str, str], width: int) -> list[Line]:
    return [line for name, text in facts.items() if text for line in fact_lines(name, safe_text(text), width)]


def _component(view: CostsView, name: str, width: int) -> list[Line]:
    lines: list[Line] = [(Span(f"{safe_text(name)}: services, then the rules that bring the cost", "heading"),)]
    room = max(12, width // 2)
    for label, text in component_facts(view, name):
        label = safe_text(label)
        lines.append((Span(f"{label:<{room}}"[:room], "quiet"), Span(safe_text(text), "text")))
    return lines


def _parameter(view: CostsView, name: str, width: int) -> list[Line]:
    model = view.base.model
    lines: list[Line] = [(Span(safe_text(name), "title"),), *_changed(view, name, width)]
    assumed = model.assumptions.get(name)
    if assumed is not None:
        ends = f"{number_text(assumed.low)} to {number_text(assumed.high)}" if assumed.low is not None else ""
        value = "" if name in view.changes else f"{number_text(assumed.value)} {assumed.unit}"
        facts = {"Value": value, "Range": ends, "Drawn": assumed.distribution}
        facts |= {"Source": assumed.source, "Reason": assumed.reason, "Owner": assumed.owner}
        facts |= {"Review by": str(assumed.review_by or "")}
        lines += _facts(facts, width)
    for rule in (rule for rule in model.rules if rule.id == name):
        since = f"from {rule.valid_from}" if rule.valid_from is not None else "from the beginning"
        ends = f", {number_text(rule.low)} to {number_text(rule.high)}" if rule.has_range else ""
        lines += _facts(
            {since: f"{number_text(rule.share)}{ends} {rule.region}", "Proxy": rule.proxy, "Why": rule.why}, width
        )
    swing = (
        next((item for item in view.now.sensitivity.swings if item.name == name), None)
        if view.now.sensitivity
        else None
    )
    if swing is not None:
        low, high = percent_text(swing.margin_at_low), percent_text(swing.margin_at_high)
        lines += _facts({"At low": f"margin {low}, cost {money(swing.cost_at_low)}"}, width)
        lines += _facts({"At high": f"margin {high}, cost {money(swing.cost_at_high)}"}, width)
    return lines if name in view.changes else [*lines, *_effect(view, width)]


def _changed(view: CostsView, name: str, width: int) -> list[Line]:
    """What the scenario takes a parameter to be, what the model says, and what follows; nothing if it is unchanged."""
    value = view.changes.get(name)
    if value is None:
        return []
    assumed, base = view.base.model.assumptions.get(name), base_value(view.base, view.month, name)
    unit = f" {assumed.unit}" if assumed is not None and assumed.unit else ""
    known = "by region" if base is None else f"{number_text(base)}{unit}"
    return [*_facts({"Scenario": f"{number_text(value)}{unit}", "Model": known}, width), *_effect(view, width)]


def _effect(view: CostsView, width: int) -> list[Line]:
    """What the changes of the scenario do to cost and margin, modelled and as billed."""
    if not view.changes:
        return []
    before, now = view.before.units, view.now.units
    facts = {
        "Margin": _both(before, now, ("modelled_margin", "margin"), percent_text),
        "Unit cost": _both(before, now, ("modelled_cost_per_unit", "cost_per_unit"), money),
        "Total cost": _both(before, now, ("modelled_cost", "total"), money),
    }
    return [(Span("With the changes of this scenario", "heading"),), *_facts(facts, width)]


def _both(before: Units, now: Units, names: tuple[str, str], shown: Callable[[Fraction | None], str]) -> str:
    """A figure with modelled storage, where there is one, and as billed; `names` are its two attributes."""
    modelled, billed = (moved(shown(getattr(before, name)), shown(getattr(now, name))) for name in names)
    return f"{billed} billed" if now.modelled_cost is None else f"{modelled} modelled, {billed} billed"


def _modelled(view: CostsView, name: str, width: int) -> list[Line]:
    """A component as its assumptions have it, in place of its bill."""
    before, now = view.before.units, view.now.units
    facts = {
        "Modelled": moved(money(before.storage_modelled), money(now.storage_modelled)),
        "Billed": moved(money(before.billed_storage), money(now.billed_storage)),
        "Made of": f"{', '.join(STORAGE_ASSUMPTIONS)}, and the volume",
    }
    return [(Span(f"{safe_text(name)} by its assumptions", "title"),), *_facts(facts, width)]


def _scenario(view: CostsView, scenario: Scenario, width: int) -> list[Line]:
    """A saved scenario: what it changes, what margin it gives, who wrote it down and why."""
    facts = {
        "State": scenario.state,
        "Month": scenario.month.long_label,
        "Author": " · ".join(part for part in (scenario.author, scenario.created_on.isoformat()) if part),
    }
    lines: list[Line] = [(Span(safe_text(scenario.title), "title"),)]
    lines += [line for words in change_words(view, scenario) for line in fact_lines("Change", safe_text(words), width)]
    lines += _facts({"Margin": _scenario_margin(view, scenario), **facts}, width)
    for heading, text in (("Note", scenario.note), ("Reason", scenario.reason)):
        if text:
            lines += [(), (Span(heading, "heading"),), *markdown_lines(text, width)]
    return lines


def _scenario_margin(view: CostsView, scenario: Scenario) -> str:
    """The margin of the scenario's month as the files say and as it would be; else why it is not known."""
    month = scenario.month
    if month not in view.base.months:
        return f"no cost lines in {month.long_label}"
    changes = {change.id: Decimal(change.value) for change in scenario.changes}
    try:
        before, now = (costs.costs(month).all for costs in (view.base, changed_costs(view.base, month, changes)))
    except MissingShareError as error:
        return f"the rule {error.rule.id} {error.reason} in {month}"
    return _both(before, now, ("modelled_margin", "margin"), percent_text)


def _change(view: CostsView, width: int) -> list[Line]:
    """What the change from the month before is made of."""
    review, now = view.now.review, view.now.units
    beside = "beside the month before" if review.before is not None else "beside no other month"
    lines: list[Line] = [(Span(f"{view.month.long_label} {beside}", "heading"),)]
    facts: dict[str, str] = {}
    if review.before is not None:
        facts = {
            "Cost": step(review.cost_change_percent),
            "Volume": f"{step(review.volume_change_percent)} to {money(now.volume)} × {view.base.model.unit or 'unit'}",
            "Of volume": f"{money(review.volume_effect)} of the change of cost",
            "Of unit cost": f"{money(review.unit_cost_effect)} of it",
        }
    if review.elasticity is not None:
        facts["Elasticity"] = f"{float(review.elasticity):.2f} (above 1: costs outgrow volume)"
    for name, delta in (("As billed", review.billed), ("Modelled", review.modelled)):
        if delta is not None:
            least, most, base = (_points(value) for value in (delta.least, delta.most, delta.base))
            facts[name] = f"{base} pp, {least} to {most} in every setting: {delta.verdict}"
    if review.billed is not None and review.modelled is not None and review.billed.verdict != review.modelled.verdict:
        facts["Disagree"] = "the two bases give different verdicts: modelled storage and the bill moved apart"
    drawn = view.now.drawn
    if drawn is not None:
        low, high = f"{drawn.p05 * 100:.1f}", f"{drawn.p95 * 100:.1f}"
        below = f"{drawn.below_point * 100:.0f} % below the modelled margin"
        facts["Draws"] = f"9 of 10 give a margin of {low} to {high} %; {below}"
    found = view.now.sensitivity
    if found is not None:
        facts["Corners"] = f"{percent_text(found.worst)} to {percent_text(found.best)}, all at once: improbable"
    if now.storage_gap_percent is not None:
        facts["Storage"] = f"modelled is {step(now.storage_gap_percent)} beside the bill"
    return [*lines, *_facts(facts, width)]


def _points(value: Fraction) -> str:
    return f"{float(value) * 100:+.2f}".replace("-", MINUS)


def _price_events(view: CostsView, sheet: MetricSheet | None, width: int) -> Iterator[Line]:
    """Three months before and after each change of price, as the numbers have it."""
    product = view.base.model.product_id
    events = [event for event in sheet.events if event.kind == "price" and event.product_id == product] if sheet else []
    for event in events:
        assert sheet is not None  # noqa: S101 - there are events only with numbers
        yield (Span(safe_text(f"Price of {event.month.long_label}: {event.note}")[:width], "heading"),)
        months = [event.month + away for away in range(-MONTHS_AROUND, MONTHS_AROUND + 1)]
        room = min(9, max(7, (width - NAME_WIDTH) // len(months)))
        yield (Span(" " * NAME_WIDTH + "".join(f"{month.label:>{room}}" for month in months), "quiet"),)
        units = {metric.id: metric.unit for metric in sheet.metrics}
        for metric, title in EVENT_METRICS:
            cells = [format_cell(sheet.cell(product, metric, month), units.get(metric, "")) for month in months]
            yield (Span(f"{title:<{NAME_WIDTH}}" + "".join(f"{cell:>{room}}" for cell in cells), "text"),)


def _service(view: CostsView, name: str, width: int) -> list[Line]:
    found = next((item for item in view.base.model.services if item.name == name), None)
    if found is None:
        return []
    total = Fraction(0)
    facts = {"Paths": ", ".join(found.paths), "Component": found.component, "Kind": found.kind, "Owner": found.owner}
    for tally in view.costs.tallies[view.month.index]:
        for (rule_id, _, service), cost in tally.services.items():
            if service == name:
                share = view.costs.allocator.part(tally.versions[rule_id], tally).share
                total += Fraction(cost) * share
                facts[tally.region] = f"{money(Fraction(cost))} × {float(share):.4g} by the rule {rule_id}"
    model = view.base.model
    stamp = f"{model.validated_by} {model.validated_on or ''}".strip()
    facts |= {"Cost": money(total), "Note": found.note, "Map checked": stamp or "by nobody yet"}
    return [(Span(safe_text(name), "title"),), *_facts(facts, width)]
