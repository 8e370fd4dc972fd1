"""What the Costs screen lists, as rows: margin, components, assumptions, alerts, coverage, the map. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.alerts import Standing, alerts_of
from reviewtui.costs.coverage import tag_coverage
from reviewtui.costs.exact import change_percent, number_text
from reviewtui.costs.pieces import pieces
from reviewtui.costs.scenario import PRICE, base_value
from reviewtui.text import safe_text
from reviewtui.widgets.alert_lines import alert_id, alert_name, amounts, note_on, note_words, standing
from reviewtui.widgets.cost_texts import money, moved, percent_text, plain_words, step
from reviewtui.widgets.list_layout import ListRow
from reviewtui.widgets.sparkline import sparkline
from reviewtui.workspace.cost_model import PATHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from reviewtui.costs.alerts import CostAlert
    from reviewtui.costs.economics import Units
    from reviewtui.costs.product import ProductCosts
    from reviewtui.costs.scenario import Changes, Outcome
    from reviewtui.errors import Problem
    from reviewtui.months import Month
    from reviewtui.workspace.cost_model import MappedService
    from reviewtui.workspace.kinds.costs import AlertNote, Scenario

TREND_MONTHS = 24
BAR = 20
"""Cells of the widest bar of the tornado."""

ECONOMICS, COMPONENTS, ASSUMPTIONS = "Unit economics", "Components", "What if an assumption is wrong?"
ALERTS, COVERAGE, MAP, SCENARIOS = "Alerts and findings", "Coverage", "Architecture", "Scenarios"


@dataclass(frozen=True)
class CostsView:
    """Everything that the rows are made of."""

    base: ProductCosts
    """As the files say."""
    costs: ProductCosts
    """With the changes of the scenario."""
    month: Month
    before: Outcome
    now: Outcome
    changes: Changes
    as_of: date
    findings: tuple[Problem, ...] = ()
    notes: tuple[AlertNote, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    history: Mapping[Month, Units] = field(default_factory=dict)
    """The complete months up to this one whose figures are known, as the files say."""

    @property
    def is_over(self) -> bool:
        """Whether all of the month is behind."""
        return self.month.is_complete(self.as_of)


def cost_rows(view: CostsView) -> tuple[ListRow, ...]:
    """Every row, section by section."""
    return (
        *_economics(view),
        *_components(view),
        *_assumptions(view),
        *_alerts(view),
        *_coverage(view),
        *_map(view),
        *_scenarios(view),
    )


def _was(before: str, now: str) -> str:
    """The value now, with the one before a change of the scenario beside it."""
    return now if before == now else f"{now} (was {before})"


def storage_moved(view: CostsView) -> bool:
    """Whether the scenario changes what storage should cost: the bill stays, so modelled figures stand beside it."""
    return view.now.units.storage_modelled != view.before.units.storage_modelled


def _economics(view: CostsView) -> Iterator[ListRow]:
    now, before, last = view.now.units, view.before.units, view.now.review.before
    months = list(view.history.values())[-TREND_MONTHS:]

    def row(name: str, title: str, of: str, note: str = "") -> ListRow:
        shown = percent_text if of.endswith("margin") else money
        value, old = getattr(now, of), getattr(before, of)
        earlier = getattr(last, of) if last is not None else None
        if of.endswith("margin"):
            change = step((value - earlier) * 100, "pp") if value is not None and earlier is not None else ""
        else:
            change = step(change_percent(earlier, value))
        trend = sparkline([_float(getattr(units, of)) for units in months], len(months))
        return ListRow(f"unit:{name}", (title, _was(shown(old), shown(value)), change, trend, note), ECONOMICS)

    per_unit = f"Cost per {safe_text(view.base.model.unit or 'unit', 24)}"
    is_moved = storage_moved(view)
    billed = ", billed" if is_moved else ""
    yield row("margin", "Gross margin, billed", "margin", _verdict(view))
    yield row("modelled", "Gross margin, modelled", "modelled_margin", _drawn(view))
    yield row("total", f"Total cost{billed}", "total")
    if is_moved:
        yield row("modelled_total", "Total cost, modelled", "modelled_cost")
    yield row("cost", f"{per_unit}{billed}", "cost_per_unit")
    if is_moved:
        yield row("modelled_cost", f"{per_unit}, modelled", "modelled_cost_per_unit")
    yield row("revenue", per_unit.replace("Cost", "Revenue", 1), "revenue_per_unit", _floor(view))


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _verdict(view: CostsView) -> str:
    delta = view.now.review.billed
    if delta is None:
        return "no complete month before to compare with" if view.is_over else "not over: compared with no other month"
    sure = "in every setting" if delta.is_robust else "not in every setting"
    return f"{delta.verdict}, {sure}"


def _drawn(view: CostsView) -> str:
    drawn = view.now.drawn
    if drawn is None:
        return "needs the three storage assumptions" if view.now.units.storage_per_unit is None else ""
    low, high = f"{drawn.p05 * 100:.1f}", f"{drawn.p95 * 100:.1f}"
    return f"9 of 10 in {low}–{high} %"


def _floor(view: CostsView) -> str:
    target = view.base.model.target_margin
    if target is None:
        return ""
    cut = view.now.units.max_price_cut(Fraction(target))
    floor = money(view.now.units.price_floor(Fraction(target)))
    return f"floor {floor} for {number_text(target * 100)} %: {step(-cut * 100)}" if cut is not None else ""


def _components(view: CostsView) -> Iterator[ListRow]:
    now = view.now.units.allocated.components
    before, last = view.before.units.allocated.components, view.now.review.before
    total = view.now.units.total
    months = list(view.history.values())[-TREND_MONTHS:]
    for name, cost in sorted(now.items(), key=lambda item: (-item[1], item[0])):
        earlier = last.allocated.components.get(name) if last is not None else None
        trend = sparkline([float(units.allocated.components.get(name, 0)) for units in months], len(months))
        part = f"{float(cost / total) * 100:.1f} % of cost" if total else ""
        cells = (
            safe_text(name),
            _was(money(before.get(name)), money(cost)),
            step(change_percent(earlier, cost)),
            trend,
        )
        yield ListRow(f"component:{name}", (*cells, part), COMPONENTS)
        if name == view.base.model.storage_component and storage_moved(view):
            value = _was(money(view.before.units.storage_modelled), money(view.now.units.storage_modelled))
            cells = (f"{safe_text(name)}, modelled", value, "", "")
            yield ListRow(f"modelled:{name}", (*cells, "in place of the bill"), COMPONENTS)


def _assumptions(view: CostsView) -> Iterator[ListRow]:
    found = view.now.sensitivity
    swings = found.swings if found is not None else ()
    widest = max((swing.points for swing in swings), default=Fraction(0))
    for swing in swings:
        value = parameter_text(view, swing.name)
        bar = (
            tornado_bar(float(swing.margin_at_low), float(swing.margin_at_high), float(found.margin), float(widest))
            if found
            else ""
        )
        ends = sorted((swing.margin_at_low, swing.margin_at_high))
        note = f"margin {percent_text(ends[0])} to {percent_text(ends[1])}"
        role = "note" if swing.name in view.changes else "text"
        yield ListRow(
            f"what:{swing.name}",
            (swing.name, value, f"{float(swing.points * 100):.2f} pp", bar, note),
            ASSUMPTIONS,
            role,
        )
    shown = {swing.name for swing in swings}
    for name in (*view.base.model.rule_ids, *view.base.model.assumptions, PRICE):
        if name not in shown and base_value(view.base, view.month, name) is not None:
            role = "note" if name in view.changes else "quiet"
            note = "a factor on revenue; volume stays" if name == PRICE else "no range"
            yield ListRow(f"what:{name}", (name, parameter_text(view, name), "", "", note), ASSUMPTIONS, role)


def parameter_text(view: CostsView, name: str) -> str:
    """What a parameter is, and what it was before the scenario changed it."""
    base = base_value(view.base, view.month, name)
    known = "by region" if base is None else number_text(base)
    return _was(known, number_text(view.changes[name])) if name in view.changes else known


def tornado_bar(low: float, high: float, base: float, widest: float) -> str:
    """A bar from the base outwards: what lies below it to the left of the middle, what lies above to the right."""
    half = BAR // 2
    if widest <= 0:
        return f"{' ' * half}│{' ' * half}"
    left, right = (_cells(abs(end - base) / widest * half) for end in (min(low, high, base), max(low, high, base)))
    return (
        f"{'▐' * (left % 2)}{'█' * (left // 2)}".rjust(half)
        + "│"
        + f"{'█' * (right // 2)}{'▌' * (right % 2)}".ljust(half)
    )


def _cells(length: float) -> int:
    """Half cells of a bar; the shortest bar that is there has one."""
    return max(1, round(length * 2)) if length > 0 else 0


def _alerts(view: CostsView) -> Iterator[ListRow]:
    alerts = alerts_of(view.base, view.as_of)
    for alert in alerts:
        note = note_on(alert, view.notes)
        state, role = note_words(note, view.as_of)
        cells = (alert_name(alert), amounts(alert), step(alert.change_percent), _when(alert), state)
        yield ListRow(alert_id(alert), cells, ALERTS, role)
    if not alerts:
        yield ListRow(
            "quiet:alerts",
            ("Nothing moved out of the ordinary, and the data is fresh.",),
            ALERTS,
            "quiet",
            is_sentence=True,
        )
    for place, problem in enumerate(view.findings):
        words = safe_text(plain_words(problem.message), 400)
        yield ListRow(f"finding:{place}", (words, "", "", "", ""), ALERTS, "note", words, is_sentence=True)


def open_alerts(view: CostsView) -> int:
    """How many alerts wait for a word."""
    alerts = alerts_of(view.base, view.as_of)
    return sum(standing(note_on(alert, view.notes), view.as_of) is Standing.OPEN for alert in alerts)


def _when(alert: CostAlert) -> str:
    return f"week of {alert.day}" if alert.now is not None else ""


def _coverage(view: CostsView) -> Iterator[ListRow]:
    part = view.now.units.allocated
    complete = 1 - part.unallocated / part.in_scope if part.in_scope > 0 else None
    rows = [
        (
            "complete",
            "Allocated or elsewhere",
            percent_text(complete),
            "80–90 % is usual for a first model",
        ),
        ("scope", "Cost in scope", money(part.in_scope), f"elsewhere {money(part.elsewhere)}"),
        ("unallocated", "Unallocated", money(part.unallocated), "no tag, or tags that no rule names"),
        ("overlap", "Double count of tags", money(part.double_count), _overlap_words(view)),
    ]
    coverage = tag_coverage(view.base, view.month)
    rows.append(("tags", "Tagged cost", percent_text(None if coverage is None else coverage / 100), "of positive cost"))
    network = view.now.units.network_percent
    hint = "" if network is not None and 5 <= network <= 10 else "often 5–10 %: is something missing?"
    rows.append(("network", "Network", percent_text(None if network is None else network / 100), hint))
    for name, title, value, note in rows:
        yield ListRow(f"coverage:{name}", (title, value, "", "", note), COVERAGE)


def _overlap_words(view: CostsView) -> str:
    pairs = {pair for tally in view.base.tallies[view.month.index] for pair in tally.overlaps}
    return ", ".join(f"{winner} before {other}" for winner, other in sorted(pairs)[:3])


def _map(view: CostsView) -> Iterator[ListRow]:
    costs = service_costs(view.costs, view.month)
    for path in (*PATHS, ""):
        for service in view.base.model.services:
            if path in service.paths or (not path and not service.paths):
                cost = costs.get(service.name)
                cells = (f"{path or 'no path'}: {service.name}", "no cost" if cost is None else money(cost), "", "")
                role = "note" if cost is None else "text"
                section = f"{MAP}, {path} path" if path else MAP
                yield ListRow(f"service:{path}:{service.name}", (*cells, _part_of(service)), section, role)


def _part_of(service: MappedService) -> str:
    return " · ".join(part for part in (service.component, service.owner) if part)


def service_costs(costs: ProductCosts, month: Month, component: str | None = None) -> dict[str, Fraction]:
    """Service to what the product pays for it, of one component or of all."""
    found: dict[str, Fraction] = {}
    for (name, service), piece in pieces(costs, month).items():
        if component in (None, name):
            found[service] = found.get(service, Fraction(0)) + piece.cost
    return found


def _scenarios(view: CostsView) -> Iterator[ListRow]:
    for scenario in view.scenarios:
        what = ", ".join(change_words(view, scenario))
        role = "quiet" if scenario.state != "open" else "text"
        cells = (scenario.title, scenario.state, "", scenario.month.label, safe_text(what))
        yield ListRow(scenario.id, cells, SCENARIOS, role, scenario.note)


def change_words(view: CostsView, scenario: Scenario) -> list[str]:
    """What a saved scenario changes: each name with the value of the model and its own."""
    bases = [base_value(view.base, scenario.month, change.id) for change in scenario.changes]
    return [
        f"{change.id} {change.value if base is None else moved(number_text(base), change.value)}"
        for change, base in zip(scenario.changes, bases, strict=True)
    ]


def moved_most(view: CostsView) -> tuple[str, str]:
    """The component whose cost moved most from the month before, and what is to be asked about it."""
    now, last = view.before.units.allocated.components, view.before.review.before
    before = last.allocated.components if last is not None else {}
    moves = {name: now.get(name, Fraction(0)) - before.get(name, Fraction(0)) for name in {**before, **now}}
    name = max(moves, key=lambda item: (abs(moves[item]), item), default="")
    ends = f"from {money(before.get(name, Fraction(0)))} to {money(now.get(name, Fraction(0)))}"
    return name, f"Why did the cost of {safe_text(name)} go {ends} in {view.month.long_label}?"


def component_facts(view: CostsView, component: str) -> Sequence[tuple[str, str]]:
    """What stands behind a component: its services, and the rules that bring it."""
    services = sorted(service_costs(view.costs, view.month, component).items(), key=lambda item: -item[1])
    facts = [(f"  {name or 'no service'}", money(cost)) for name, cost in services]
    for tally in view.costs.tallies[view.month.index]:
        for (rule_id, name), cost in tally.won.items():
            if name == component:
                rule = tally.versions[rule_id]
                share = view.costs.allocator.part(rule, tally).share
                words = f"{money(Fraction(cost))} × {float(share):.4g}, {rule.kind} by tag {rule.tag}"
                facts.append((f"{tally.region}: rule {rule_id}", words))
    return facts
