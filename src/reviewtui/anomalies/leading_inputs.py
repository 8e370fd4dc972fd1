"""Which metrics of a product moved before an output metric, as sentences that say how likely chance is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.anomalies.series import ORDINARY
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.leading import Lead, Search
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.months import Month

OUTPUT = "output"

_OVER_SEVERAL_MONTHS = ("mrr_growth_3m", "ltv", "nrr_rolling_3m", "nrr_12m")
"""Metrics that hold earlier months themselves: what moved then moved before them, as a matter of arithmetic."""


class Leading(NamedTuple):
    """What moved before a metric."""

    found: tuple[tuple[Metric, Lead], ...] = ()
    summary: str = ""
    """What was compared, or why nothing was; a sentence. Empty where the question makes no sense."""


def leading_inputs(sheet: MetricSheet, product: str, metric: Metric, newest: Month) -> Leading:
    """The inputs of `product` that moved before `metric`, judged from its months up to `newest`."""
    if metric.kind != OUTPUT:
        return Leading()
    if metric.id in _OVER_SEVERAL_MONTHS:
        return Leading(summary="It is a figure over several months, so whatever moved in them moved before it.")
    from reviewtui.anomalies.leading import leads

    inputs = {item.id: item for item in sheet.metrics_of(product, hidden=True) if item.kind != OUTPUT}
    search = leads(
        _values(sheet, product, metric.id, newest),
        {name: _values(sheet, product, name, newest) for name in inputs},
    )
    return Leading(tuple((inputs[lead.metric], lead) for lead in search.found), _summary(search))


def _values(sheet: MetricSheet, product: str, metric: str, newest: Month) -> Sequence[float | None]:
    """The values that count, from the month on in which the metric means what it means now."""
    row = sheet.row(product, metric)
    begun = max(
        (
            item.month
            for item in sheet.redefinitions
            if item.product == product and item.month <= newest and (not item.metrics or metric in item.metrics)
        ),
        default=None,
    )
    return [
        cell.value if cell.status in ORDINARY and month <= newest and (begun is None or month >= begun) else None
        for month, cell in zip(sheet.months, row, strict=True)
    ]


def _summary(search: Search) -> str:
    from reviewtui.anomalies.leading import LAGS, LEAST_MONTHS, MOST_CHANCE

    if not search.compared:
        if not search.too_short:
            return "There are no input metrics to compare it with."
        return (
            f"Not enough history: {counted(search.most_months, 'month')} in common with an input,"
            f" {LEAST_MONTHS} are needed to tell a lead from chance."
        )
    words = f"{counted(search.compared, 'input')} compared, at 1 to {LAGS[-1]} months"
    short = f"; {search.too_short:,} more had not enough history" if search.too_short else ""
    if not search.found:
        return f"{words}: none moved before it by more than chance would show{short}."
    return f"{words}: of finds like these at most {MOST_CHANCE:.0%} are chance{short}. It is no proof of a cause."


def lead_words(lead: Lead) -> str:
    """`2 months before, the other way; strength 0.61 over 40 months; chance 1 %`."""
    way = "the same way" if lead.strength > 0 else "the other way"
    chance = "under 0.1 %" if lead.chance < 0.001 else f"{lead.chance * 100:.1f} %"
    return (
        f"{counted(lead.lag, 'month')} before, {way}; strength {abs(lead.strength):.2f}"
        f" over {lead.pairs} months; chance {chance}"
    )
