"""One product's part of a sheet as the grid shows it: rows and columns in order, and the texts of its cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.metrics.series import period_label
from reviewtui.months import latest_complete_month
from reviewtui.sheet_state import ViewOptions
from reviewtui.widgets.cell_texts import BLANK_CELL, CellText, CellTexts
from reviewtui.widgets.change import NO_CHANGE, Change
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.grid_rows import grid_rows

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.months import Month


class SheetView:
    """The rows and columns of one product under `options`."""

    rows_are = "Metric"
    """What stands above the labels."""

    def __init__(
        self,
        sheet: MetricSheet,
        product: str,
        options: ViewOptions | None = None,
        texts: CellTexts | None = None,
        noted: frozenset[str] = frozenset(),
    ) -> None:
        """`noted` are the ids of metrics that have comments."""
        self.sheet = sheet
        self.product = product
        self.options = options or ViewOptions()
        self.texts = texts or CellTexts(sheet, product, self.options.values, quarters=self.options.quarters)
        self.periods = self.texts.periods
        self.months = tuple(period.last for period in self.periods)
        """The month of each column; of a quarter its last."""
        metrics = sheet.metrics_of(product)
        self.noted = noted
        """Decides what is listed under the filter for them."""
        self.rows = grid_rows(metrics, self.options, noted)
        self.stops = tuple(line for line, row in enumerate(self.rows) if row.is_stop)
        """Lines a cursor can stand on, from top to bottom: metrics, and titles of folded sections."""
        self.section_starts = tuple(
            line + (0 if row.folded else 1) for line, row in enumerate(self.rows) if row.metric is None
        )
        """The first stop of each section."""
        self.title_lines = tuple(line for line, row in enumerate(self.rows) if row.metric is None)
        self.longest_label = max((cell_len(shown_name(metric.name, metric.id)) for metric in metrics), default=0)
        """Of all metrics, listed or not, so that columns stay where they are under every filter."""
        newest = latest_complete_month(sheet.as_of)
        self.review_place = max(0, bisect_right(self.months, newest) - 1)
        """Column of the newest complete month, or of the last month before it; 0 without months."""
        self._review_month = max(0, bisect_right(sheet.months, newest) - 1)
        """The same month among the sheet's own."""

    def under(self, options: ViewOptions, noted: frozenset[str] | None = None) -> SheetView:
        """The same product under other options; texts are kept where they stay the same."""
        same = (options.values, options.quarters) == (self.options.values, self.options.quarters)
        noted = self.noted if noted is None else noted
        return SheetView(self.sheet, self.product, options, self.texts if same else None, noted)

    def cell_text(self, line: int, place: int) -> CellText:
        """The cell of the metric at `line` in the column at `place`."""
        metric = self.rows[line].metric
        return self.texts.text(metric, place) if metric is not None else BLANK_CELL

    def trend(self, line: int, width: int) -> str:
        """The `width` months up to the review month as a sparkline."""
        metric = self.rows[line].metric
        return self.texts.trend(metric, self._review_month, width) if metric is not None else ""

    def review_change(self, line: int) -> Change:
        """The change of the metric at `line` in the review month."""
        metric = self.rows[line].metric
        return self.texts.change(metric, self._review_month) if metric is not None else NO_CHANGE

    @property
    def review_label(self) -> str:
        """The month whose changes stand beside the labels; empty without months."""
        return self.sheet.months[self._review_month].label if self.sheet.months else ""

    def column_label(self, place: int) -> str:
        """What the head of a column says: `Oct 26`, `Q3 26`."""
        return period_label(self.periods[place], self.sheet.fiscal_year_start)

    def section_of(self, line: int) -> str:
        """Title of the section that `line` belongs to; empty before the first."""
        above = bisect_right(self.title_lines, line) - 1
        return self.rows[self.title_lines[above]].title if above >= 0 else ""

    def line_of_metric(self, metric_id: str) -> int | None:
        """Where a metric is, or the folded section it is in; None where it is not listed."""
        for line in self.stops:
            row = self.rows[line]
            metrics = (row.metric,) if row.metric is not None else row.folded
            if any(metric.id == metric_id for metric in metrics):
                return line
        return None

    def line_of_section(self, section: str) -> int | None:
        """The title of a section; None where it is not listed."""
        return next((line for line in self.title_lines if self.rows[line].section == section), None)

    def nearest_stop(self, line: int) -> int | None:
        """The line itself if a cursor can stand there, else the next one below, else the last; None without any."""
        if not self.stops:
            return None
        return self.stops[min(bisect_left(self.stops, line), len(self.stops) - 1)]

    def line_after(self, metric: Metric) -> int | None:
        """Where to stand when `metric` is no longer listed: at what follows it in the order of the product."""
        listed = {row.metric.id: line for line, row in enumerate(self.rows) if row.metric is not None}
        order = [item.id for item in self.sheet.metrics_of(self.product)]
        place = order.index(metric.id) if metric.id in order else 0
        found = next((listed[item] for item in order[place:] if item in listed), None)
        return found if found is not None else self.nearest_stop(len(self.rows))

    def place_of(self, month: Month) -> int:
        """The column that a month is in; the nearest where it is in none."""
        return min(bisect_left(self.months, month), max(0, len(self.months) - 1))

    def is_open(self, place: int) -> bool:
        """Whether the column at `place` is not over yet."""
        return not self.months[place].is_complete(self.sheet.as_of)
