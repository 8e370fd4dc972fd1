"""How the grid is looked at: what cells show, which metrics are listed, what is pinned and folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from reviewtui.messages import SectionPressed
from reviewtui.metrics.derived import Values
from reviewtui.screens.grid_base import GridBase, shown_options
from reviewtui.sheet_state import Place, RowFilter
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.grid_rows import filter_words
from reviewtui.widgets.view_words import VALUES_WORDS

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric
    from reviewtui.months import Month
    from reviewtui.sheet_state import ViewOptions
    from reviewtui.widgets.grid_rows import GridRow
    from reviewtui.widgets.sheet_view import SheetView


class GridViews(GridBase):
    """The actions that change `ViewOptions`; the cursor stays on its metric as long as that is listed."""

    def set_options(self, options: ViewOptions, metric_id: str = "") -> None:
        """Look at the numbers in another way, the cursor on a metric, or else where it is."""
        grid = self.grid
        self.review_app.view_options = options
        if grid.view is None:
            return
        row = grid.view.rows[grid.line] if grid.view.rows else None
        view = grid.view.under(shown_options(options, has_targets=self.has_targets(grid.view.product)))
        line = view.line_of_metric(metric_id) if metric_id else None
        grid.change(view, _line_for(view, row) if line is None else line)
        self.show_view_words()
        if not view.stops:
            self.show_no_cell()

    def show_no_cell(self) -> None:
        """Explain nothing: no metric is under the cursor."""
        raise NotImplementedError

    @property
    def _row(self) -> GridRow | None:
        view = self.grid.view
        return view.rows[self.grid.line] if view is not None and view.stops else None

    @property
    def has_metric(self) -> bool:
        """Whether the cursor stands on a metric."""
        return self._row is not None and self._row.metric is not None

    # What cells show

    def action_next_values(self) -> None:
        """The next view of the values."""
        self._step_values(1)

    def action_previous_values(self) -> None:
        """The view before."""
        self._step_values(-1)

    def _step_values(self, step: int) -> None:
        view = self.grid.view
        if view is None:
            return
        offered = [item for item in Values if item is not Values.TARGET or self.has_targets(view.product)]
        values = offered[(offered.index(view.options.values) + step) % len(offered)]
        self.set_options(self.options._replace(values=values))
        self.say_view(VALUES_WORDS[values])

    def action_toggle_quarters(self) -> None:
        """Closed quarters as columns, or months."""
        quarters = not self.options.quarters
        self.set_options(self.options._replace(quarters=quarters))
        self.say_view("closed quarters, then months" if quarters else "months")

    # Which metrics are listed

    def action_next_filter(self) -> None:
        """The next filter."""
        self._step_filter(1)

    def action_previous_filter(self) -> None:
        """The filter before."""
        self._step_filter(-1)

    def _step_filter(self, step: int) -> None:
        filters = tuple(RowFilter)
        self.filter_rows(filters[(filters.index(self.options.rows) + step) % len(filters)])

    def filter_rows(self, rows: RowFilter, section: str | None = None) -> None:
        """List only some metrics; of a section if that is asked for, else of the one the cursor was in last."""
        metric = self._metric_here()
        if section is None:
            section = metric.section if metric is not None else self.options.section
        self.set_options(self.options._replace(rows=rows, section=section), metric.id if metric is not None else "")
        self.say_view(filter_words(self.options) or "all metrics")

    def _metric_here(self) -> Metric | None:
        """The metric of the cursor, or the one it stood on last."""
        row = self._row
        if row is not None:
            return row.metric or row.folded[0]
        return self._metric_called(self.review_app.position.metric)

    def _metric_called(self, metric_id: str | None) -> Metric | None:
        """What the shown product has under an id, listed or not."""
        sheet, view = self.sheet, self.grid.view
        metric = next((item for item in sheet.metrics if item.id == metric_id), None) if sheet is not None else None
        if sheet is None or metric is None or view is None:
            return metric
        return sheet.meaning(view.product, metric)

    def clear_filter(self) -> bool:
        """List all metrics again; whether some were left out."""
        if self.options.rows is RowFilter.ALL:
            return False
        self.leave_place()
        self.filter_rows(RowFilter.ALL)
        return True

    # Pins and folded sections

    def action_toggle_pin(self) -> None:
        """Put the metric on top, or back into its section."""
        row = self._row
        if row is None or row.metric is None:
            self.say("A metric can be pinned, a section cannot.")
            return
        metric, pins = row.metric, self.options.pins
        is_pinned = metric.id in pins
        pins = tuple(pin for pin in pins if pin != metric.id) if is_pinned else (*pins, metric.id)
        self.set_options(self.options._replace(pins=pins), metric.id)
        name = shown_name(metric.name, metric.id)
        self.say(f"{name} is no longer pinned." if is_pinned else f"{name} is pinned to the top.")

    def action_toggle_section(self) -> None:
        """Fold the section of the cursor, or unfold it."""
        if self._row is not None:
            self.fold_section(self._row.section)

    def unfold_here(self) -> bool:
        """Unfold the section whose title the cursor stands on; whether it stands on one."""
        row = self._row
        if row is None or row.metric is not None:
            return False
        self.fold_section(row.section)
        return True

    @on(SectionPressed)
    def fold_pressed(self, message: SectionPressed) -> None:
        """A title was pressed."""
        self.fold_section(message.section)

    def fold_section(self, section: str) -> None:
        """Fold a section, or unfold it, the cursor on the metric where it was."""
        folded = self.options.folded
        is_folded = section in folded
        folded = tuple(item for item in folded if item != section) if is_folded else (*folded, section)
        self.set_options(self.options._replace(folded=folded), self.metric_left_in())

    def action_toggle_sections(self) -> None:
        """Fold all sections, or unfold all."""
        view = self.grid.view
        if view is None:
            return
        sections = [row.section for row in view.rows if row.metric is None]
        is_open = any(section not in self.options.folded for section in sections)
        folded = tuple(dict.fromkeys((*self.options.folded, *sections))) if is_open else ()
        self.set_options(self.options._replace(folded=folded), self.metric_left_in())

    def metric_left_in(self) -> str:
        """The metric under the cursor, or of a folded section the one it stood on last, or the first; empty: none."""
        row, was_on = self._row, self.review_app.position.metric
        if row is None:
            return ""
        metrics = (row.metric,) if row.metric is not None else row.folded
        return next((metric.id for metric in metrics if metric.id == was_on), metrics[0].id)

    # Places

    def action_previous_place(self) -> None:
        """Where the person was before."""
        self._return_to(self.trail.back(self.place), "This is the first place.")

    def action_next_place(self) -> None:
        """Where the person went back from."""
        self._return_to(self.trail.forward(self.place), "This is the newest place.")

    def _return_to(self, place: Place | None, nowhere: str) -> None:
        if place is None:
            self.say(nowhere)
            return
        self.review_app.position = place.position
        self.review_app.view_options = self.options._replace(
            values=place.values, quarters=place.quarters, rows=place.rows, section=place.section
        )
        self.show_product(place.position.product)

    def go_to(self, metric_id: str | None, month: Month | None) -> None:
        """Put the cursor on a metric and a month, whatever it takes to list them."""
        grid = self.grid
        self.leave_place()
        if metric_id is not None and grid.view is not None:
            metric = self._metric_called(metric_id)
            if metric is not None:
                self._list_metric(metric)
        if grid.view is None:
            return
        line = grid.view.line_of_metric(metric_id) if metric_id is not None else None
        place = grid.view.place_of(month) if month is not None else grid.place
        grid.move_to(grid.line if line is None else line, place)

    def _list_metric(self, metric: Metric) -> None:
        """Unfold and list as much as it takes to show a metric."""
        view = self.grid.view
        line = view.line_of_metric(metric.id) if view is not None else None
        if view is None or (line is not None and view.rows[line].metric is not None):
            return
        options = self.options if line is not None else self.options._replace(rows=RowFilter.ALL)
        hidden_in = view.rows[line].section if line is not None else metric.section
        folded = tuple(section for section in options.folded if section != hidden_in)
        self.set_options(options._replace(folded=folded), metric.id)


def _line_for(view: SheetView, row: GridRow | None) -> int:
    """Where the cursor of `row` stands in a new list: on the same metric, what follows it, or its section."""
    line: int | None = None
    if row is not None and row.metric is not None:
        line = view.line_of_metric(row.metric.id)
        line = view.line_after(row.metric) if line is None else line
    elif row is not None:
        title = view.line_of_section(row.section)
        line = view.nearest_stop(title) if title is not None else None
    if line is None:
        line = view.nearest_stop(0)
    return line or 0
