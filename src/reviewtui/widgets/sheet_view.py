"""One product's part of a sheet as the grid shows it: rows in order, texts formatted once and only on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from reviewtui.metrics.formats import STATUS_MARKS, compact, format_cell
from reviewtui.metrics.sheet import Status, Unit
from reviewtui.months import latest_complete_month
from reviewtui.text import safe_text
from reviewtui.widgets.change import NO_CHANGE, Change, change_between, months_apart
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.grid_layout import CELL_WIDTH, VALUE_WIDTH
from reviewtui.widgets.sparkline import sparkline

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet

SECTION_TITLES = {"nps": "NPS"}

_ROLES = {
    Status.MISSING: "missing",
    Status.NA: "missing",
    Status.FORECAST: "unsettled",
    Status.PARTIAL: "unsettled",
    Status.IMMATURE: "tentative",
    Status.LOW_N: "tentative",
    Status.RESTATED: "restated",
    Status.OK: "value",
}
_NOT_IN_TREND = (Status.PARTIAL, Status.FORECAST)


class CellText(NamedTuple):
    """A cell ready to paint."""

    text: str
    """Exactly `CELL_WIDTH` cells wide."""
    role: str
    """Name of the component class."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of the grid: a metric, or the title of a section."""

    title: str
    """Safe to paint."""
    metric: Metric | None = None
    """None for the title of a section."""


class SheetView:
    """The rows of one product; texts of cells are kept once they have been asked for."""

    def __init__(self, sheet: MetricSheet, product: str) -> None:
        self.sheet = sheet
        self.product = product
        self.months = sheet.months
        self.rows = _grid_rows(sheet.metrics_of(product))
        self.metric_lines = tuple(line for line, row in enumerate(self.rows) if row.metric is not None)
        """Lines a cursor can stand on, from top to bottom."""
        self.longest_label = max((cell_len(row.title) for row in self.rows), default=0)
        self.review_place = _review_place(sheet)
        """Place of the newest complete month, or of the last month before it; 0 without months."""
        self._cells: dict[tuple[int, int], CellText] = {}
        self._trends: dict[tuple[int, int], str] = {}
        self._changes: dict[int, Change] = {}

    def cells_of(self, line: int) -> tuple[Cell, ...]:
        """Every month's cell of the metric at `line`; empty for a section title."""
        metric = self.rows[line].metric
        return self.sheet.row(self.product, metric.id) if metric is not None else ()

    def cell_text(self, line: int, place: int) -> CellText:
        """The cell of the metric at `line` in the month at `place`."""
        key = (line, place)
        text = self._cells.get(key)
        if text is None:
            metric = self.rows[line].metric
            text = BLANK_CELL if metric is None else _cell_text(self.cells_of(line)[place], metric.unit)
            self._cells[key] = text
        return text

    def trend(self, line: int, width: int) -> str:
        """The `width` months up to the review month as a sparkline."""
        key = (line, width)
        text = self._trends.get(key)
        if text is None:
            cells = self.cells_of(line)[max(0, self.review_place + 1 - width) : self.review_place + 1]
            values = [None if cell.status in _NOT_IN_TREND else cell.value for cell in cells]
            text = self._trends[key] = sparkline(values, width)
        return text

    def review_change(self, line: int) -> Change:
        """The change of the metric at `line` in the review month."""
        change = self._changes.get(line)
        if change is None:
            metric = self.rows[line].metric
            change = NO_CHANGE if metric is None else self._change_at(line, metric, self.review_place)
            self._changes[line] = change
        return change

    def _change_at(self, line: int, metric: Metric, place: int) -> Change:
        before = place - months_apart(metric)
        cells = self.cells_of(line)
        if not 0 <= before < place < len(cells):
            return NO_CHANGE
        if not self.sheet.is_comparable(self.product, metric.id, self.months[before], self.months[place]):
            return NO_CHANGE
        return change_between(cells[before], cells[place], metric)

    def section_of(self, line: int) -> str:
        """Title of the section that `line` belongs to; empty before the first."""
        for above in range(line, -1, -1):
            if self.rows[above].metric is None:
                return self.rows[above].title
        return ""

    def line_of_metric(self, metric_id: str) -> int | None:
        """Where a metric is, or None where this product has no such row."""
        for line in self.metric_lines:
            metric = self.rows[line].metric
            if metric is not None and metric.id == metric_id:
                return line
        return None

    def is_open(self, place: int) -> bool:
        """Whether the month at `place` is not over yet."""
        return not self.months[place].is_complete(self.sheet.as_of)


BLANK_CELL = CellText(" " * CELL_WIDTH, "value")


def section_title(section: str) -> str:
    """A section's name as its title row shows it: `REVENUE`."""
    return safe_text(SECTION_TITLES.get(section, section).upper()) or "OTHER"


def _grid_rows(metrics: tuple[Metric, ...]) -> tuple[GridRow, ...]:
    rows: list[GridRow] = []
    section: str | None = None
    for metric in metrics:
        if metric.section != section:
            section = metric.section
            rows.append(GridRow(section_title(section)))
        rows.append(GridRow(shown_name(metric.name, metric.id), metric))
    return tuple(rows)


def _review_place(sheet: MetricSheet) -> int:
    newest = latest_complete_month(sheet.as_of)
    complete = [place for place, month in enumerate(sheet.months) if month <= newest]
    return complete[-1] if complete else 0


def _cell_text(cell: Cell, unit: str) -> CellText:
    text = format_cell(cell, unit)
    # A number is never cut: what does not fit is written shorter.
    if len(text) > VALUE_WIDTH and cell.value is not None:
        text = _shorter(text, cell.value, unit)
    mark = STATUS_MARKS.get(cell.status, "") if cell.value is not None else ""
    return CellText(f" {text:>{VALUE_WIDTH}}{mark or ' '}"[:CELL_WIDTH], _ROLES[cell.status])


def _shorter(text: str, value: float, unit: str) -> str:
    tight = text.replace(" ", "")
    if len(tight) <= VALUE_WIDTH:
        return tight
    if unit in (Unit.PERCENT, Unit.PERCENT_POINTS):
        return _within(compact(value * 100), "%" if unit == Unit.PERCENT else "pp")
    return _within(compact(value), "")


def _within(number: str, suffix: str) -> str:
    both = number + suffix
    return both if len(both) <= VALUE_WIDTH else "#" * VALUE_WIDTH
