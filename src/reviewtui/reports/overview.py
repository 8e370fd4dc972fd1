"""The first sheet of a workbook of several products: the newest complete month of a few metrics side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import format_cell
from reviewtui.reports.number_formats import number_format
from reviewtui.reports.records import finite
from reviewtui.reports.workbook import ExactNumber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from reviewtui.metrics.sheet import Cell, Metric
    from reviewtui.months import Month
    from reviewtui.reports.selection import Selection
    from reviewtui.reports.workbook import Book

KEY_METRICS = (
    "mrr",
    "mrr_growth",
    "churn_rate",
    "paying_customers",
    "unique_users",
    "activation_rate",
    "nps",
    "gross_margin",
)
"""The metrics that are shown, as far as the selection has them."""

_HEADER_ROW = 2


def write_overview(book: Book, sheet: Worksheet, selection: Selection, sheet_names: Sequence[str]) -> None:
    """A row for each product: its name, the name of its sheet, id, stage, and the key metrics."""
    as_of = selection.sheet.as_of
    complete = [month for month in selection.months if month.is_complete(as_of)]
    month = complete[-1] if complete else None
    title = "Overview" if month is None else f"Overview, {month.long_label}"
    book.put_text(sheet, 0, 0, title, bold=True, font_size=14)
    for column, name in enumerate(("Product", "id", "Stage", "Sheet")):
        book.put_text(sheet, _HEADER_ROW, column, name, bold=True, bottom=1)
    for row, ((product, _), sheet_name) in enumerate(zip(selection.rows, sheet_names, strict=True), _HEADER_ROW + 1):
        for column, text in enumerate((product.name or product.id, product.id, product.stage, sheet_name)):
            book.put_text(sheet, row, column, text)
    if month is not None:
        for column, metric in enumerate(_key_metrics(selection), 4):
            _write_metric(book, sheet, column, metric, _cells(selection, metric, month))
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 3, 16)
    sheet.set_column(4, 4 + len(KEY_METRICS), 18)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _key_metrics(selection: Selection) -> list[Metric]:
    chosen = {metric.id: metric for _, metrics in selection.rows for metric in metrics}
    return [chosen[metric] for metric in KEY_METRICS if metric in chosen]


def _cells(selection: Selection, metric: Metric, month: Month) -> list[Cell | None]:
    """The metric's cell of each product; None where the product does not have the metric."""
    return [
        selection.sheet.cell(product.id, metric.id, month) if metric in metrics else None
        for product, metrics in selection.rows
    ]


def _write_metric(book: Book, sheet: Worksheet, column: int, metric: Metric, cells: Sequence[Cell | None]) -> None:
    book.put_text(sheet, _HEADER_ROW, column, metric.name, bold=True, bottom=1, align="right")
    numbers = [None if cell is None else finite(cell.value) for cell in cells]
    form = number_format(metric.unit, [number for number in numbers if number is not None])
    for row, (cell, number) in enumerate(zip(cells, numbers, strict=True), _HEADER_ROW + 1):
        if cell is not None and number is not None:
            sheet.write_number(row, column, ExactNumber(number), book.style(num_format=form.pattern(cell.status)))
        elif cell is not None:
            book.put_text(sheet, row, column, format_cell(cell._replace(value=None), metric.unit), align="right")
