"""What a cell's value has to be seen against, in words: its target, its interval, what happened in its month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import format_value
from reviewtui.metrics.intervals import PROPORTIONS, wilson_interval
from reviewtui.metrics.sheet import Unit
from reviewtui.metrics.targets import judged_value, target_words
from reviewtui.text import safe_text
from reviewtui.widgets.trend import event_words, events_of

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.months import Month

_NPS, _NPS_LOW, _NPS_HIGH = "nps", "nps_low", "nps_high"


def target_sentence(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> str:
    """What people want of the metric and whether it keeps to it; empty where nothing is set."""
    target = sheet.targets.get((product, metric.id))
    if target is None or (target.low is None and target.high is None):
        return ""
    judged = judged_value(sheet, product, metric, month)
    words = safe_text(target_words(target, judged, metric.unit))
    if judged is not None and judged != sheet.cell(product, metric.id, month).value:
        words += f", on the mean of three months: {format_value(judged, metric.unit)}"
    return words[:1].upper() + words[1:]


def interval_words(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> str:
    """The 95 % interval of a score or of a share that was counted; empty for everything else."""
    if metric.id == _NPS:
        low = sheet.cell(product, _NPS_LOW, month).value
        high = sheet.cell(product, _NPS_HIGH, month).value
        ends = None if low is None or high is None else (low, high)
    else:
        ends = _share_interval(metric, sheet.cell(product, metric.id, month))
    if ends is None:
        return ""
    low_text, high_text = (format_value(end, metric.unit) for end in ends)
    return f"95 % interval {low_text} to {high_text}"


def _share_interval(metric: Metric, cell: Cell) -> tuple[float, float] | None:
    if metric.id not in PROPORTIONS or metric.unit != Unit.PERCENT:
        return None
    if cell.value is None or cell.numerator is None or cell.denominator is None:
        return None
    return wilson_interval(cell.numerator, cell.denominator)


def month_events(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> tuple[str, ...]:
    """What is known to have happened to the metric in the month."""
    return tuple(event_words(event) for event in events_of(sheet, product, metric.id) if event.month == month)
