"""What is on a screen as tables to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.derived import Values, derived_cell, derived_unit
from reviewtui.metrics.formats import MINUS, format_cell, format_step
from reviewtui.metrics.series import Period, series_of
from reviewtui.metrics.sheet import Unit
from reviewtui.reports.clipboard_table import CopyCell, CopyTable, heads_of, text_cell
from reviewtui.widgets.cell_facts import copy_text
from reviewtui.widgets.change import months_apart
from reviewtui.widgets.row_table import datum_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.metrics.drilldown import Column, Datum, RowTable
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.widgets.sheet_view import SheetView


def grid_table(view: SheetView, lines: Iterable[int], places: Iterable[int]) -> CopyTable:
    """The metrics at `lines` in the columns at `places`, as the view shows them; titles are left out."""
    columns = tuple(places)
    rows = tuple(
        (text_cell(row.title), *(_grid_cell(view, line, place) for place in columns))
        for line in lines
        if (row := view.rows[line]).metric is not None
    )
    return CopyTable((text_cell(view.rows_are), *(_column_head(view, place) for place in columns)), rows)


def cell_to_copy(view: SheetView, line: int, place: int) -> str:
    """A cell as the view shows it, as it pastes well into a spreadsheet or a message; empty where there is none."""
    metric = view.rows[line].metric
    if metric is None:
        return ""
    cell, values = view.texts.cell(metric, place), view.options.values
    if values in (Values.PLAIN, Values.MEAN):
        return copy_text(cell, metric)
    step = format_step(cell.value, Unit(derived_unit(metric.unit, values)), full=True)
    return step.strip().replace(MINUS, "-")


def _column_head(view: SheetView, place: int) -> CopyCell:
    label = view.column_label(place)
    return CopyCell(label, label if view.periods[place].is_quarter else str(view.months[place]))


def _grid_cell(view: SheetView, line: int, place: int) -> CopyCell:
    metric = view.rows[line].metric
    value = view.texts.cell(metric, place).value if metric is not None else None
    return CopyCell(view.cell_text(line, place).text.strip(), value)


def months_table(sheet: MetricSheet, product: str, metric: Metric) -> CopyTable:
    """Every month of a metric, newest first: value, changes, parts, what is to be known of it."""
    series = series_of(sheet, product, metric)
    apart = "QoQ" if months_apart(metric) > 1 else "MoM"
    rows = []
    for month, cell in zip(reversed(sheet.months), reversed(series.cells), strict=True):
        changes = (derived_cell(series, Period.of(month), values) for values in (Values.MOM, Values.YOY))
        unit = Unit(derived_unit(metric.unit, Values.MOM))
        rows.append(
            (
                CopyCell(month.label, str(month)),
                CopyCell(format_cell(cell, metric.unit), cell.value),
                *(CopyCell(format_step(change.value, unit).strip(), change.value) for change in changes),
                *(_part(cell, name) for name in ("numerator", "denominator", "n")),
                text_cell(cell.note),
            )
        )
    return CopyTable(heads_of("Month", "Value", apart, "YoY", "Numerator", "Denominator", "n", "Note"), tuple(rows))


def _part(cell: Cell, name: str) -> CopyCell:
    value: float | None = getattr(cell, name)
    return CopyCell(datum_text(value, Unit.COUNT), value)


def rows_table(table: RowTable, rows: Iterable[tuple[Datum, ...]] | None = None) -> CopyTable:
    """Rows behind a cell, all that were fetched or only `rows` of them."""
    return CopyTable(
        heads_of(*(column.name for column in table.columns)),
        tuple(tuple(map(_datum, row, table.columns)) for row in (table.rows if rows is None else rows)),
    )


def datum_to_copy(value: Datum, column: Column) -> str:
    """One value of a row as it pastes well into a spreadsheet or a message; empty where there is none."""
    return datum_text(value, column.unit).replace(MINUS, "-").replace(" %", "%")


def _datum(value: Datum, column: Column) -> CopyCell:
    return CopyCell(datum_text(value, column.unit), value)
