"""What a metric of the user's own was computed from: the values of its formula's metrics in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.drilldown import Column, DrillDown, RowTable
from reviewtui.metrics.formats import format_cell
from reviewtui.metrics.formula import FormulaError, read_formula

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.months import Month


def operands(sheet: MetricSheet, product: str, metric: Metric, month: Month) -> DrillDown:
    """The values that the formula of `metric` used; without rows where it is not a formula."""
    formula = metric.defined_in(month).formula
    try:
        names = read_formula(formula).metrics if formula else ()
    except FormulaError:
        names = ()
    if not names:
        return DrillDown(reason="SQL of your own computes this metric: it gives one value a month, and no rows.")
    known = {item.id: sheet.meaning(product, item) for item in sheet.metrics}
    rows = []
    for name in names:
        cell = sheet.cell(product, name, month)
        item = known.get(name)
        rows.append((item.name if item else name, format_cell(cell, item.unit if item else "", full=True), cell.note))
    columns = (Column("Metric"), Column("Value", "shown"), Column("Note"))
    return DrillDown(RowTable(f"The metrics of {formula}", columns, tuple(rows), len(rows)))
