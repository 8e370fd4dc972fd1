"""What stands behind a row of the Costs screen, as lines. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.alerts import alerts_of
from reviewtui.costs.exact import number_text
from reviewtui.metrics.formats import MINUS, format_cell
from reviewtui.text import safe_text
from reviewtui.widgets.alert_lines import alert_id, alert_lines, note_on
from reviewtui.widgets.cost_rows import CostsView, component_facts
from reviewtui.widgets.cost_texts import money, percent_text, step
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.record_lines import fact_lines
from reviewtui.widgets.spans import Line, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.metrics.sheet import MetricSheet

EVENT_METRICS = (("mrr", "MRR"), ("activation_rate", "Activation"), ("churn_rate", "Churn"))
NAME_WIDTH = 11
MONTHS_AROUND = 3
"""Months shown before and after a change of price."""


def detail_lines(view: CostsView, row_id: str, width: int, sheet: MetricSheet | None) -> list[Line]:
    """The lines about one row, by its id."""
    kind, _, name = row_id.partition(":")
    if kind == "component":
        return _component(view, name, width)
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
        return [*_words(problem.message, width), *fact_lines("Where", safe_text(place), width)]
    return []


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
    lines: list[Line] = [(Span(safe_text(name), "title"),)]
    assumed = model.assumptions.get(name)
    if assumed is not None:
        ends = f"{number_text(assumed.low)} to {number_text(assumed.high)}" if assumed.low is not None else ""
        facts = {"Value": f"{number_text(assumed.value)} {assumed.unit}", "Range": ends, "Drawn": assumed.distribution}
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
    before, now = view.before.units, view.now.units
    if view.changes:
        lines.append((Span("With the changes of this scenario", "heading"),))
        lines += _facts({"Unit cost": f"{money(before.cost_per_unit)} → {money(now.cost_per_unit)}"}, width)
        lines += _facts({"Margin": f"{percent_text(before.margin)} → {percent_text(now.margin)}"}, width)
        modelled = f"{percent_text(before.modelled_margin)} → {percent_text(now.modelled_margin)}"
        lines += _facts({"Modelled": modelled}, width)
    return lines


def _change(view: CostsView, width: int) -> list[Line]:
    """What the change from the month before is made of."""
    review, now = view.now.review, view.now.units
    beside = "beside the month before" if review.before is not None else "beside no other month"
    lines: list[Line] = [(Span(f"{view.month.long_label} {beside}", "heading"),)]
    facts: dict[str, str] = {}
    if review.before is not None:
        facts = {
            "Cost": step(review.cost_change_percent),
            "Volume": f"{step(review.volume_change_percent)} to {money(now.volume)} {view.base.model.unit}".strip(),
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
