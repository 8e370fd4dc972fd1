"""The texts of one product's cells, formatted once and only on demand, whatever rows are listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewtui.metrics.derived import Values, derived_cell, derived_unit, misses_target
from reviewtui.metrics.formats import STATUS_MARKS, compact, format_cell, format_step
from reviewtui.metrics.quarters import period_cell
from reviewtui.metrics.series import Period, periods_of, series_of
from reviewtui.metrics.sheet import Status, Unit
from reviewtui.quick_tuple import NamedTuple
from reviewtui.widgets.change import NO_CHANGE, TENTATIVE, TONE_MARKS, Change, Tone, change_between, months_apart
from reviewtui.widgets.change import step_tone as tone_of
from reviewtui.widgets.grid_layout import CELL_WIDTH, VALUE_WIDTH
from reviewtui.widgets.sparkline import sparkline

if TYPE_CHECKING:
    from reviewtui.metrics.series import Series
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet

MOST_KEPT = 50_000
"""Texts are forgotten beyond this many; more than fifty large screens."""

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


BLANK_CELL = CellText(" " * CELL_WIDTH, "value")


class CellTexts:
    """What the cells of a product show in one view of the values; metrics are decoded when they are asked for."""

    def __init__(self, sheet: MetricSheet, product: str, values: Values, *, quarters: bool) -> None:
        self.sheet = sheet
        self.product = product
        self.values = values
        self.quarters = quarters
        self.periods: tuple[Period, ...] = periods_of(sheet, quarters=quarters)
        """The columns, oldest first."""
        self._series: dict[str, Series] = {}
        self._texts: dict[tuple[str, int], CellText] = {}
        self._trends: dict[tuple[str, int, int], str] = {}
        self._changes: dict[tuple[str, int], Change] = {}

    def series(self, metric: Metric) -> Series:
        """The numbers of a metric."""
        found = self._series.get(metric.id)
        if found is None:
            found = self._series[metric.id] = series_of(self.sheet, self.product, metric)
        return found

    def cell(self, metric: Metric, place: int) -> Cell:
        """What the cell in the column at `place` shows."""
        return derived_cell(self.series(metric), self.periods[place], self.values)

    def text(self, metric: Metric, place: int) -> CellText:
        """The cell in the column at `place`, formatted."""
        key = (metric.id, place)
        text = self._texts.get(key)
        if text is None:
            if len(self._texts) >= MOST_KEPT:
                self._texts.clear()
            text = self._texts[key] = self._formatted(metric, place)
        return text

    def _formatted(self, metric: Metric, place: int) -> CellText:
        cell = self.cell(metric, place)
        if self.values in (Values.PLAIN, Values.MEAN) or cell.value is None:
            return value_text(cell, metric.unit)
        return _step_text(cell, derived_unit(metric.unit, self.values), self._tone(metric, cell, place))

    def _tone(self, metric: Metric, cell: Cell, place: int) -> Tone:
        if cell.status in TENTATIVE or cell.value is None:
            return Tone.FLAT
        if self.values is not Values.TARGET:
            return tone_of(cell.value, metric)
        series = self.series(metric)
        value = period_cell(series, self.periods[place]).value
        if series.target is None or value is None:
            return Tone.FLAT
        return Tone.BAD if misses_target(value, series.target, metric) else Tone.GOOD

    def trend(self, metric: Metric, last: int, width: int) -> str:
        """The `width` months up to the sheet's month at `last` as a sparkline."""
        key = (metric.id, last, width)
        text = self._trends.get(key)
        if text is None:
            cells = self.series(metric).cells[max(0, last + 1 - width) : last + 1]
            values = [None if cell.status in _NOT_IN_TREND else cell.value for cell in cells]
            text = self._trends[key] = sparkline(values, width)
        return text

    def change(self, metric: Metric, place: int) -> Change:
        """The change in the sheet's month at `place` from the value before."""
        key = (metric.id, place)
        change = self._changes.get(key)
        if change is None:
            change = self._changes[key] = self._change_at(metric, place)
        return change

    def _change_at(self, metric: Metric, place: int) -> Change:
        before, series, months = place - months_apart(metric), self.series(metric), self.sheet.months
        if not 0 <= before < place < len(series.cells) or not series.is_comparable(months[before], months[place]):
            return NO_CHANGE
        return change_between(series.cells[before], series.cells[place], metric)


def value_text(cell: Cell, unit: str) -> CellText:
    """A value with the mark of its status."""
    text = format_cell(cell, unit)
    # A number is never cut: what does not fit is written shorter.
    if len(text) > VALUE_WIDTH and cell.value is not None:
        text = _shorter(text, cell.value, unit)
    mark = STATUS_MARKS.get(cell.status, "") if cell.value is not None else ""
    return CellText(f" {text:>{VALUE_WIDTH}}{mark or ' '}"[:CELL_WIDTH], _ROLES[cell.status])


def _step_text(cell: Cell, unit: str, tone: Tone) -> CellText:
    """A change with the mark of a bad one, or else of its status."""
    text = format_step(cell.value, Unit(unit))
    if len(text) > VALUE_WIDTH:
        text = re.sub(r"\.\d", "", text)
    status = _ROLES[cell.status]
    mark = TONE_MARKS[tone].strip() or STATUS_MARKS.get(cell.status, " ")
    return CellText(f" {text:>{VALUE_WIDTH}}{mark}", tone.value if status == "value" else status)


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
