"""What moved a metric, as far as other cells of the sheet tell: its operands, or the flows that make up its change.

Pure: nothing is read.
"""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING

from reviewtui.metrics.changes import NOT_IN_ROWS, factor_of, total_of
from reviewtui.metrics.contributions import Amounts, Breakdown, Contribution, Part, add_up, effect, shared_out, weights
from reviewtui.metrics.formula import FormulaError, read_formula
from reviewtui.metrics.sheet import ALL_PRODUCTS, CellSource, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.changes import Change
    from reviewtui.metrics.contributions import Weights
    from reviewtui.metrics.sheet import Metric, MetricSheet

    _Term = tuple[int, str, tuple[float, float]]
    """Sign, metric, values before and now."""

SAME_WITHIN = 1e-6
"""Relative: a sum of cells that is nearer than this to a cell is that cell."""

MOST_OPERANDS = 8
"""Operands of a formula whose every order is looked at."""

_MRR_FLOWS = (
    (1, "new_mrr"), (1, "reactivation_mrr"), (1, "expansion_mrr"), (-1, "contraction_mrr"), (-1, "churned_mrr"),
    (1, "fx_effect"),
)  # fmt: skip
_USER_FLOWS = ((1, "users_new"), (1, "users_resurrecting"), (1, "users_dormant"))
_FLOWS = {
    "mrr": (1.0, _MRR_FLOWS),
    "arr": (12.0, _MRR_FLOWS),
    "unique_users": (1.0, _USER_FLOWS),
}
"""Metric to what a month's flows add to it: a factor, and sign and metric of each."""

_DENOMINATOR = ""
"""Among the terms of a numerator: the denominator itself."""
_LOSSES = ((-1, "contraction_mrr"), (-1, "churned_mrr"))
_TERMS = {
    "mrr_growth": _MRR_FLOWS,
    "unique_users_growth": _USER_FLOWS,
    "gross_mrr_churn_rate": ((1, "contraction_mrr"), (1, "churned_mrr")),
    "net_mrr_churn_rate": ((1, "contraction_mrr"), (1, "churned_mrr"), (-1, "expansion_mrr")),
    "revenue_retention_rate": ((1, _DENOMINATOR), *_LOSSES),
    "nrr": ((1, _DENOMINATOR), (1, "expansion_mrr"), *_LOSSES),
    "quick_ratio": ((1, "new_mrr"), (1, "reactivation_mrr"), (1, "expansion_mrr")),
}
"""Metric to the metrics that its numerator is the sum of."""
_TERMS_BELOW = {"quick_ratio": ((1, "contraction_mrr"), (1, "churned_mrr"))}


def from_cells(sheet: MetricSheet, change: Change) -> tuple[Breakdown, ...]:
    """The breakdowns that need nothing but the sheet; none where there is none."""
    if change.reason:
        return ()
    found = [
        _by_formula(sheet, change),
        _by_flows(sheet, change),
        _by_parts(sheet, change),
        _by_window(sheet, change),
        _by_product(sheet, change),
    ]
    return tuple(item for item in found if item is not None)


# Breakdowns of the sheet


class _Rows:
    """Rows that stand for cells of the sheet, before and now."""

    def __init__(self, sheet: MetricSheet, change: Change) -> None:
        self._sheet = sheet
        self._change = change
        self._known = {metric.id: metric for metric in sheet.metrics}

    def has(self, metric: str) -> bool:
        """Whether the product has this metric."""
        return metric in self._known and (self._change.product, metric) in self._sheet.rows

    def values(self, metric: str) -> tuple[float, float] | None:
        """Its values; None where one is lacking."""
        product, change = self._change.product, self._change
        then, now = (self._sheet.cell(product, metric, month).value for month in (change.before, change.month))
        return None if then is None or now is None else (then, now)

    def row(self, metric: str, before: float | None, now: float | None) -> Contribution:
        """A row for a metric."""
        known = self._known.get(metric)
        if known is None:
            return Contribution(metric, before=before, now=now)
        meaning = self._sheet.meaning(self._change.product, known)
        return Contribution(meaning.name, before=before, now=now, unit=meaning.unit, metric=metric)


def _by_flows(sheet: MetricSheet, change: Change) -> Breakdown | None:
    """What the flows of the month added to a level."""
    known = _FLOWS.get(change.metric.id)
    if known is None or change.cell.source is not CellSource.COMPUTED:
        return None
    factor, terms = known
    rows = _Rows(sheet, change)
    values = [sheet.cell(change.product, metric, change.month).value for _, metric in terms]
    flows = [factor * sign * (value or 0.0) for (sign, _), value in zip(terms, values, strict=True)]
    before, now = change.values
    if any(value is None for value in values) or not _is_same(before + sum(flows), now, max(abs(before), abs(now))):
        return None
    parts = [
        Part(rows.row(metric, None, value), flow) for (_, metric), value, flow in zip(terms, values, flows, strict=True)
    ]
    return add_up("flows", "What came and went", parts, change.values, NOT_IN_ROWS)


def _by_parts(sheet: MetricSheet, change: Change) -> Breakdown | None:
    """What numerator and denominator of a quotient did."""
    total, factor = total_of(change), factor_of(change.metric)
    weight = weights(total, factor) if total is not None and change.cell.source is CellSource.COMPUTED else None
    if total is None or weight is None or not total.denominator_now:
        return None
    values = [factor * total.numerator_before / total.denominator_before]
    values.append(factor * total.numerator_now / total.denominator_now)
    if not all(_is_same(made, value, abs(value)) for made, value in zip(values, change.values, strict=True)):
        return None
    rows = _Rows(sheet, change)
    above = _terms(rows, _TERMS.get(change.metric.id, ()), total, (total.numerator_before, total.numerator_now))
    parts = [_term(rows, change.metric, total, weight, term) for term in above] or [
        _numerator(rows, change.metric, total, weight)
    ]
    if not any(name == _DENOMINATOR for _, name, _ in above):
        parts += _below(rows, change.metric, total, weight)
    return add_up("parts", "Numerator and denominator", parts, change.values, NOT_IN_ROWS)


def _term(rows: _Rows, metric: Metric, total: Amounts, weight: Weights, term: _Term) -> Part:
    """One term of a numerator."""
    sign, name, (before, now) = term
    own = weight.numerator * sign * (now - before)
    if name == _DENOMINATOR:
        return Part(_denominator_row(rows, metric, total), own + _of_below(total, weight))
    return Part(rows.row(name, before, now), own)


def _numerator(rows: _Rows, metric: Metric, total: Amounts, weight: Weights) -> Part:
    before, now = total.numerator_before, total.numerator_now
    name = metric.parts[0] if metric.parts else ""
    row = rows.row(name, before, now) if rows.has(name) else _plain(metric.numerator or "Numerator", before, now)
    return Part(row, effect(Amounts(before, now), weight))


def _below(rows: _Rows, metric: Metric, total: Amounts, weight: Weights) -> list[Part]:
    """The denominator, in as many parts as there are cells for."""
    wanted = (total.denominator_before, total.denominator_now)
    below = _terms(rows, _TERMS_BELOW.get(metric.id, ()), total, wanted)
    if below:
        return [
            Part(rows.row(name, *values), weight.denominator * sign * (values[1] - values[0]))
            for sign, name, values in below
        ]
    return [Part(_denominator_row(rows, metric, total), _of_below(total, weight))]


def _of_below(total: Amounts, weight: Weights) -> float:
    return weight.denominator * (total.denominator_now - total.denominator_before)


def _terms(rows: _Rows, terms: Sequence[tuple[int, str]], total: Amounts, wanted: tuple[float, float]) -> list[_Term]:
    """Sign, name and values of the terms of a sum; none where they are not there or make another sum."""
    found = []
    for sign, name in terms:
        below = (total.denominator_before, total.denominator_now)
        values = below if name == _DENOMINATOR else rows.values(name)
        if values is None:
            return []
        found.append((sign, name, values))
    sums = [sum(sign * values[at] for sign, _, values in found) for at in (0, 1)]
    scale = max((abs(value) for _, _, values in found for value in values), default=0.0)
    return found if all(_is_same(made, value, scale) for made, value in zip(sums, wanted, strict=True)) else []


def _denominator_row(rows: _Rows, metric: Metric, total: Amounts) -> Contribution:
    name = metric.parts[1] if len(metric.parts) > 1 else ""
    before, now = total.denominator_before, total.denominator_now
    if rows.has(name):
        return rows.row(name, before, now)
    return _plain(metric.denominator or "Denominator", before, now)


def _plain(name: str, before: float, now: float) -> Contribution:
    return Contribution(name[:1].upper() + name[1:], before=before, now=now)


def _by_window(sheet: MetricSheet, change: Change) -> Breakdown | None:
    """What came into a mean over three months, and what left it."""
    if change.metric.id != "mrr_growth_3m" or change.cell.source is not CellSource.COMPUTED:
        return None
    months = [change.month - back for back in range(4)]
    growth = [sheet.cell(change.product, "mrr_growth", month).value for month in months]
    if any(value is None for value in growth):
        return None
    came, went = growth[0] or 0.0, growth[3] or 0.0
    entered = Contribution(f"{months[0].long_label} came in", now=came, unit=Unit.PERCENT, metric="mrr_growth")
    left = Contribution(f"{months[3].long_label} went out", before=went, unit=Unit.PERCENT)
    parts = [Part(entered, came / 3), Part(left, -went / 3)]
    return add_up("window", "The three months", parts, change.values, NOT_IN_ROWS)


def _by_product(sheet: MetricSheet, change: Change) -> Breakdown | None:
    """What each product did, of a level or a sum of all products together."""
    if change.product != ALL_PRODUCTS or change.metric.unit not in (Unit.MONEY, Unit.COUNT) or change.metric.parts:
        return None
    parts = []
    for product in sheet.products:
        if product.id == ALL_PRODUCTS or (product.id, change.metric.id) not in sheet.rows:
            continue
        then, now = (
            sheet.cell(product.id, change.metric.id, month).value or 0.0 for month in (change.before, change.month)
        )
        if then or now:
            name = product.name if product.name.strip() else product.id
            row = Contribution(name, before=then, now=now, unit=change.metric.unit, key=product.id)
            parts.append(Part(row, now - then))
    if not parts:
        return None
    return add_up("product", "By product", parts, change.values, "Counted in several products")


def _by_formula(sheet: MetricSheet, change: Change) -> Breakdown | None:
    """What each operand of a formula did."""
    text = change.metric.defined_in(change.month).formula
    if change.cell.source is not CellSource.CUSTOM or not text:
        return None
    try:
        formula = read_formula(text)
    except FormulaError:
        return None
    rows, names = _Rows(sheet, change), formula.metrics
    values = [rows.values(name) for name in names]
    known = [pair for pair in values if pair is not None]
    if not names or len(known) < len(names) or len(names) > MOST_OPERANDS:
        return None
    effects = shared_out(
        [pair[0] for pair in known],
        [pair[1] for pair in known],
        lambda mixed: formula.work_out(dict(zip(names, mixed, strict=True))).value,
    )
    if effects is None:
        return None
    parts = [Part(rows.row(name, *pair), part) for name, pair, part in zip(names, known, effects, strict=True)]
    return add_up("operands", f"The operands of {text}", parts, change.values, NOT_IN_ROWS)


def _is_same(one: float, other: float, scale: float) -> bool:
    return isclose(one, other, rel_tol=SAME_WITHIN, abs_tol=SAME_WITHIN * scale)
