"""The change of one cell from the month before: whether there is one, and what may explain it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.contributions import Amounts
from reviewtui.metrics.formula import FormulaError, read_formula
from reviewtui.metrics.sheet import CellSource
from reviewtui.months import MONTHS_PER_QUARTER
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.months import Month

NOT_IN_ROWS = "Not found in the rows"
"""What the number has and its rows have not: the files may have changed since it was computed."""

_IN_HUNDREDS = ("nps",)
_END_OF_NPS = "This is an end of the interval around NPS: what moved NPS moved it."
_NO_ROWS = {
    "nps_low": _END_OF_NPS,
    "nps_high": _END_OF_NPS,
    "annualised_nrr": "This is quarterly NRR to the power of four: what moved that moved it.",
    "ltv": "This is a quotient of two metrics: open one of them to see what moved it.",
    "mrr_growth_3m": "This is the mean of three months: open the month that came in to see what moved it.",
}
"""Why records do not add up to a metric."""
_OTHER_ROWS_BELOW = ("tickets_per_user",)
"""Metrics whose denominator has other rows than their numerator."""


class Change(NamedTuple):
    """The change of one cell."""

    product: str
    metric: Metric
    before: Month
    month: Month
    cell_before: Cell
    cell: Cell
    reason: str = ""
    """Why there is none to explain; a sentence, or empty."""

    @property
    def values(self) -> tuple[float, float]:
        """Before and now."""
        return self.cell_before.value or 0.0, self.cell.value or 0.0


def change_of(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> Change:
    """The change of a cell, or why there is none."""
    before = month - (MONTHS_PER_QUARTER if metric.cadence == "quarterly" else 1)
    then, now = sheet.cell(product, metric.id, before), sheet.cell(product, metric.id, month)
    change = Change(product, metric, before, month, then, now)
    if now.value is None:
        return change._replace(reason=f"There is no value in {month.long_label}, so nothing to explain.")
    if then.value is None:
        return change._replace(reason=f"There is no value in {before.long_label} to compare with.")
    if not sheet.is_comparable(product, metric.id, before, month):
        return change._replace(reason=f"The metric means something else since {month.long_label}: no change is shown.")
    return change


def factor_of(metric: Metric) -> float:
    """By how much numerator over denominator is multiplied to give the metric."""
    return 100.0 if metric.id in _IN_HUNDREDS else 1.0


def total_of(change: Change) -> Amounts | None:
    """Numerator and denominator, before and now; None where the cells have none."""
    cells = (change.cell_before, change.cell)
    above, below = [cell.numerator for cell in cells], [cell.denominator for cell in cells]
    if None in above or None in below:
        return None
    return Amounts(*(float(value or 0.0) for value in (*above, *below)))


def denominators_of(change: Change) -> tuple[float, float] | None:
    """The denominator before and now, of a metric whose denominator has other rows than its numerator."""
    total = total_of(change)
    if change.metric.id not in _OTHER_ROWS_BELOW or total is None:
        return None
    return total.denominator_before, total.denominator_now


def _has_operands(text: str) -> bool:
    """Whether `text` is a formula over other metrics; that of SQL says where the SQL is."""
    try:
        return bool(read_formula(text).metrics)
    except FormulaError:
        return False


def needs_rows(change: Change) -> str:
    """Why nothing more can be found in the records; empty where it can."""
    if change.reason:
        return change.reason
    sources = {change.cell.source, change.cell_before.source}
    if CellSource.IMPORTED in sources:
        return "The value is imported: there are no records behind it that could be split."
    if CellSource.CUSTOM in sources:
        if _has_operands(change.metric.defined_in(change.month).formula):
            return "A formula computes this metric: its operands are what moved it. Open one to see what moved that."
        return "SQL of your own computes this metric: it gives one value a month, and nothing to split it by."
    return _NO_ROWS.get(change.metric.id, "")
