"""The grid as a spreadsheet: a sheet a product, metrics as rows, months as columns, and a sheet of definitions.

The id of the product and of each metric stands in the second column, so that the workbook can be read back.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, Any

from reviewtui.metrics.formats import format_cell, section_title
from reviewtui.metrics.sheet import Status
from reviewtui.reports.definitions import write_definitions
from reviewtui.reports.number_formats import number_format
from reviewtui.reports.overview import write_overview
from reviewtui.reports.records import finite
from reviewtui.reports.spreadsheet_text import sheet_names
from reviewtui.reports.workbook import Book, ExactNumber
from reviewtui.sources.state import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from reviewtui.metrics.sheet import Cell, Metric, Product
    from reviewtui.months import Month
    from reviewtui.reports.selection import Selection

OVERVIEW = "Overview"
DEFINITIONS = "Definitions"
NAME_COLUMN, ID_COLUMN, FIRST_MONTH_COLUMN = 0, 1, 2
TITLE_ROW, FACTS_ROW, HEADER_ROW = 0, 1, 3
"""0-based; the row between facts and header says how revenue is attributed."""

_EARLIEST_YEAR = 1900
"""Spreadsheet programs know no dates before; earlier months are written as text."""
_MONTHS_A_PAGE = 24
_WIDTHS = (9, 24)
"""Narrowest and widest column of a month, in characters."""
_NAME_WIDTHS = (24, 48)
_GREY, _SECTION_FILL, _OPEN_FILL = "#7F7F7F", "#DDE6EE", "#F2F2F2"
_ANOMALY_FILLS = {False: "#F8CBAD", True: "#FFF2CC"}
"""Of a cell out of the ordinary, by whether somebody has said why."""
_LEGEND = "Filled cells are out of the ordinary; the darker ones nobody has explained. Their comments say more."
_ATTRIBUTIONS = {
    "period_end": "Invoice lines are spread back from the end of their period.",
    "period_start": "Invoice lines are spread forward from the start of their period.",
    "month_start_snapshot": "MRR is what is subscribed on the first day of the month.",
}
_SETTLED = (Status.OK, Status.RESTATED)


def spreadsheet(
    selection: Selection, workspace: str, on_progress: Callable[[Progress], None]
) -> tuple[bytes, tuple[str, ...]]:
    """The `.xlsx` file, and the names of the texts that had to be shortened to fit their cells."""
    products = [product for product, _ in selection.rows]
    has_overview = len(products) > 1
    taken = (DEFINITIONS, OVERVIEW) if has_overview else (DEFINITIONS,)
    names = sheet_names([product.name or product.id for product in products], taken)
    book = Book(workspace, selection.sheet.as_of)
    if has_overview:
        write_overview(book, book.add_sheet(OVERVIEW), selection, names)
    for place, ((product, metrics), name) in enumerate(zip(selection.rows, names, strict=True)):
        on_progress(Progress("Writing sheets", place, len(products)))
        _ProductSheet(book, book.add_sheet(name), selection, product).write(workspace, metrics)
    write_definitions(book, book.add_sheet(DEFINITIONS), selection)
    on_progress(Progress("Packing the workbook", len(products), len(products)))
    return book.bytes(), tuple(dict.fromkeys(book.cut))


class _ProductSheet:
    """The sheet of one product, written from top to bottom."""

    def __init__(self, book: Book, sheet: Worksheet, selection: Selection, product: Product) -> None:
        self.book = book
        self.sheet = sheet
        self.selection = selection
        self.product = product
        as_of = selection.sheet.as_of
        self.open_columns = {
            FIRST_MONTH_COLUMN + place for place, month in enumerate(selection.months) if not month.is_complete(as_of)
        }
        self.width = _WIDTHS[0]
        self.partial_notes: dict[str, int] = {}
        """Notes of values of the open month, which nearly all of its cells share, with its column."""

    def write(self, workspace: str, metrics: Sequence[Metric]) -> None:
        """Everything on the sheet."""
        self._heading(workspace)
        row = HEADER_ROW
        for section, members in groupby(metrics, key=lambda metric: metric.section):
            row += 1
            self._section(row, section)
            for metric in members:
                row += 1
                self._metric(row, metric)
        for column in sorted(set(self.partial_notes.values())):
            notes = [note for note, place in self.partial_notes.items() if place == column]
            self.book.put_comment(self.sheet, HEADER_ROW, column, "\n".join(notes))
        self._columns(metrics)
        self._view_and_print()

    def _heading(self, workspace: str) -> None:
        selection = self.selection
        self._text(TITLE_ROW, NAME_COLUMN, self.product.name or self.product.id, bold=True, font_size=14)
        self._text(TITLE_ROW, ID_COLUMN, self.product.id, font_color=_GREY)
        facts = f"{workspace}, as of {selection.sheet.as_of}, money in {selection.sheet.currency}"
        self._text(FACTS_ROW, NAME_COLUMN, facts, font_color=_GREY)
        attribution = _ATTRIBUTIONS.get(selection.sheet.attribution, selection.sheet.attribution)
        legend = [_LEGEND] if selection.words.is_settled else []
        self._text(FACTS_ROW + 1, NAME_COLUMN, " ".join((attribution, *legend)), font_color=_GREY)
        self._text(HEADER_ROW, NAME_COLUMN, "Metric", bold=True, bottom=1)
        self._text(HEADER_ROW, ID_COLUMN, "id", font_color=_GREY, bottom=1)
        for column, month in enumerate(selection.months, FIRST_MONTH_COLUMN):
            self._month(column, month)

    def _month(self, column: int, month: Month) -> None:
        style: dict[str, Any] = {"bold": True, "bottom": 1, "align": "right"}
        is_open = column in self.open_columns
        if is_open:
            style |= {"italic": True, "bg_color": _OPEN_FILL}
        if month.year < _EARLIEST_YEAR:
            self._text(HEADER_ROW, column, str(month), **style)
            return
        form = self.book.style(num_format='mmm yy" (partial)"' if is_open else "mmm yy", **style)
        self.sheet.write_datetime(HEADER_ROW, column, datetime(month.year, month.number, 1), form)  # noqa: DTZ001 - a spreadsheet's dates have no time zone

    def _section(self, row: int, section: str) -> None:
        style: dict[str, Any] = {"bold": True, "bg_color": _SECTION_FILL}
        self._text(row, NAME_COLUMN, section_title(section), **style)
        for column in range(ID_COLUMN, FIRST_MONTH_COLUMN + len(self.selection.months)):
            self.sheet.write_blank(row, column, None, self.book.style(**style))

    def _metric(self, row: int, metric: Metric) -> None:
        self._text(row, NAME_COLUMN, metric.name or metric.id, what=f"the name of {metric.id}", indent=1)
        self._text(row, ID_COLUMN, metric.id, font_color=_GREY)
        cells = [cell for _, cell in self.selection.cells(self.product, metric)]
        numbers = [finite(cell.value) for cell in cells]
        form = number_format(metric.unit, [number for number in numbers if number is not None])
        self.width = max(self.width, form.width)
        looks: dict[tuple[Status, bool, bool | None], Format] = {}
        keys = [(self.product.id, metric.id, month) for month in self.selection.months]
        for column, (cell, number) in enumerate(zip(cells, numbers, strict=True), FIRST_MONTH_COLUMN):
            if number is None:
                self._no_value(row, column, cell, metric.unit)
                continue
            is_settled = self.selection.words.is_settled.get(keys[column - FIRST_MONTH_COLUMN])
            key = (cell.status, column in self.open_columns, is_settled)
            if key not in looks:
                worth = self._worth(column, cell.status)
                if is_settled is not None:
                    worth["bg_color"] = _ANOMALY_FILLS[is_settled]
                looks[key] = self.book.style(num_format=form.pattern(cell.status), **worth)
            self.sheet.write_number(row, column, ExactNumber(number), looks[key])
        self._comments(row, cells, [self.selection.words.text(key) for key in keys])

    def _comments(self, row: int, cells: Sequence[Cell], words: Sequence[str]) -> None:
        """Attach what was said, and the notes; a note that several cells share goes to the newest of them."""
        newest_with: dict[str, int] = {}
        for column, cell in enumerate(cells, FIRST_MONTH_COLUMN):
            if cell.note and cell.status is Status.PARTIAL:
                self.partial_notes[cell.note] = column
            elif cell.note:
                newest_with[cell.note] = column
        comments = {column: [text] for column, text in enumerate(words, FIRST_MONTH_COLUMN) if text}
        for note, column in newest_with.items():
            comments.setdefault(column, []).append(note)
        for column in sorted(comments):
            self.book.put_comment(self.sheet, row, column, "\n".join(comments[column]))

    def _no_value(self, row: int, column: int, cell: Cell, unit: str) -> None:
        style = {**self._worth(column, cell.status), "align": "right"}
        text = "" if cell.status in (Status.MISSING, Status.PARTIAL) else format_cell(cell._replace(value=None), unit)
        if text:
            self.sheet.write_string(row, column, text, self.book.style(**style))
        elif column in self.open_columns:
            self.sheet.write_blank(row, column, None, self.book.style(**style))

    def _worth(self, column: int, status: Status) -> dict[str, Any]:
        """How a cell looks that is not simply a number of a complete month."""
        style: dict[str, Any] = {}
        if status not in _SETTLED:
            style |= {"italic": True, "font_color": _GREY}
        if column in self.open_columns:
            style |= {"italic": True, "bg_color": _OPEN_FILL}
        return style

    def _text(self, row: int, column: int, text: str, *, what: str = "", **style: Any) -> None:
        self.book.put_text(self.sheet, row, column, text, what, **style)

    def _columns(self, metrics: Sequence[Metric]) -> None:
        longest = max((len(metric.name) for metric in metrics), default=0) + 3
        self.sheet.set_column(NAME_COLUMN, NAME_COLUMN, min(max(longest, _NAME_WIDTHS[0]), _NAME_WIDTHS[1]))
        self.sheet.set_column(ID_COLUMN, ID_COLUMN, 12)
        width = min(self.width, _WIDTHS[1])
        for column in range(FIRST_MONTH_COLUMN, FIRST_MONTH_COLUMN + len(self.selection.months)):
            self.sheet.set_column(column, column, max(width, 17) if column in self.open_columns else width)

    def _view_and_print(self) -> None:
        sheet, months = self.sheet, len(self.selection.months)
        sheet.freeze_panes(HEADER_ROW + 1, FIRST_MONTH_COLUMN)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(HEADER_ROW)
        sheet.repeat_columns(NAME_COLUMN)
        sheet.fit_to_pages(max(1, ceil(months / _MONTHS_A_PAGE)), 0)
        sheet.set_footer("&L&A&RPage &P of &N")
