"""How the numbers are looked at, in words: for the line above the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.derived import MEAN_MONTHS, Values, derived_unit
from reviewtui.metrics.formats import format_cell, format_step, format_value
from reviewtui.metrics.sheet import Unit
from reviewtui.metrics.targets import target_words
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.grid_rows import filter_words

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell
    from reviewtui.sheet_state import ViewOptions
    from reviewtui.widgets.sheet_view import SheetView

VALUES_WORDS = {
    Values.PLAIN: "values",
    Values.MOM: "MoM",
    Values.YOY: "YoY",
    Values.MEAN: f"{MEAN_MONTHS}-month mean",
    Values.TARGET: "gap to target",
}


def view_words(options: ViewOptions, clear_key: str) -> str:
    """What differs from all metrics by months with their values; empty where nothing does."""
    parts = [VALUES_WORDS[options.values]] if options.values is not Values.PLAIN else []
    if options.quarters:
        parts.append("closed quarters")
    listed = filter_words(options)
    if listed:
        parts.append(f"{listed} ({clear_key}: all)")
    return safe_text(" · ".join(parts))


def cell_words(view: SheetView, line: int, place: int) -> str:
    """What the cell says that is not the plain value of a month; empty where it is."""
    if not view.rows or not view.periods:
        return ""
    metric, period, values = view.rows[line].metric, view.periods[place], view.options.values
    if metric is None or (values is Values.PLAIN and not period.is_quarter):
        return ""
    cell = view.texts.cell(metric, place)
    text = value_words(cell, metric.unit, values)
    target = view.texts.series(metric).target if values is Values.TARGET else None
    aim = f" · {target_words(target, None, metric.unit)}" if target is not None else ""
    note = f", {cell.note}" if cell.note else ""
    return safe_text(f"{shown_name(metric.name, metric.id)} {_period(view, place)}: {text}{note}{aim}")


def value_words(cell: Cell, unit: str, values: Values) -> str:
    """A cell of a view in full, or the sign of why it has no value; `unit` is that of the metric itself."""
    if cell.value is None:
        return format_cell(cell, unit)
    if values in (Values.PLAIN, Values.MEAN):
        return format_value(cell.value, unit, full=True)
    return format_step(cell.value, Unit(derived_unit(unit, values)), full=True).strip()


def _period(view: SheetView, place: int) -> str:
    period, label = view.periods[place], view.column_label(place)
    return f"{label} ({period.first.label} to {period.last.label})" if period.is_quarter else label
