"""How the grid looks: its header, sections and metrics line by line, and what is remembered of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from reviewtui.widgets.cell_marks import marked
from reviewtui.widgets.change import TONE_MARKS
from reviewtui.widgets.fitting import fit, fit_right
from reviewtui.widgets.grid_layout import CELL_WIDTH, DELTA_WIDTH
from reviewtui.widgets.grid_rows import empty_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.style import Style

    from reviewtui.widgets.cell_marks import MarksOf
    from reviewtui.widgets.metric_grid import MetricGrid
    from reviewtui.widgets.sheet_view import SheetView
    from reviewtui.widgets.spans import Span

HEADER_LINES = 1
HEAD_WIDTH = 6
"""A month's name above its column."""
MOST_CELLS = 20_000
"""Painted cells that are remembered."""
FOUND_MARK = "›"
"""Beside the name of a row that was found, so that colour is not its only sign."""


class GridPainter:
    """Paints the lines of `grid`, each as rarely as can be."""

    def __init__(self, grid: MetricGrid) -> None:
        self._grid = grid
        self.marks: MarksOf | None = None
        """The glyphs before the values."""
        self._strips: dict[int, Strip] = {}
        """Rows as they are painted with the months of the window."""
        self._frozen: dict[int, list[Segment]] = {}
        """The part of rows that stays while months slide."""
        self._cells: dict[tuple[int, int], list[Segment]] = {}
        """Cells by row and column: a month that slid out of the window slides back in as it was."""
        self._styles: dict[str, Style] = {}

    def forget(self) -> None:
        """What is shown has changed."""
        self._strips.clear()
        self._frozen.clear()
        self._cells.clear()

    def forget_styles(self) -> None:
        """Colours have changed."""
        self.forget()
        self._styles.clear()

    def forget_labels(self, lines: Iterable[int]) -> None:
        """The names of these rows look different."""
        for line in lines:
            self._strips.pop(line, None)
            self._frozen.pop(line, None)

    def forget_window(self) -> None:
        """Other months are in the window."""
        self._strips.clear()

    def paint(self, y: int) -> Strip:
        """One line: the header, a section title, a metric, or nothing."""
        grid, view = self._grid, self._grid.view
        if view is None or not grid.layout_plan.months:
            return Strip.blank(grid.size.width, grid.rich_style)
        if y < HEADER_LINES:
            return self._header(view)
        line = grid.top + y - HEADER_LINES
        if line >= len(view.rows):
            text = empty_words(view.options) if not view.rows and y == HEADER_LINES + 1 else ""
            return self._finished([Segment(fit(f" {text}", grid.size.width), self._style("missing"))])
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = self._row(view, line)
        return self._with_cursor(view, strip) if line == grid.line and view.rows[line].is_stop else strip

    def _style(self, role: str) -> Style:
        """The style of a component class; of the widget itself without a role."""
        style = self._styles.get(role)
        if style is None:
            grid = self._grid
            style = grid.get_component_rich_style(f"metric-grid--{role}") if role else grid.rich_style
            self._styles[role] = style
        return style

    def _finished(self, segments: list[Segment]) -> Strip:
        return Strip(segments).adjust_cell_length(self._grid.size.width, self._style("")).simplify()

    def _row(self, view: SheetView, line: int) -> Strip:
        plan = self._grid.layout_plan
        row = view.rows[line]
        if row.metric is None:
            title = fit(row.text, plan.frozen - 1)
            return self._finished([Segment(title, self._style("section")), Segment("│", self._style("rule"))])
        frozen = self._frozen.get(line)
        if frozen is None:
            frozen = self._frozen[line] = self._frozen_part(view, line)
        segments = list(frozen)
        if len(self._cells) > MOST_CELLS:
            self._cells.clear()
        for place in range(self._grid.window.first, self._grid.window.end):
            cell = self._cells.get((line, place))
            if cell is None:
                spans = self._cell(view, line, place)
                cell = self._cells[line, place] = [Segment(span.text, self._style(span.role)) for span in spans]
            segments += cell
        # Of a known length: measuring the text again would take half of the time.
        length = plan.frozen + self._grid.window.size * CELL_WIDTH
        if length < self._grid.size.width:
            segments.append(Segment(" " * (self._grid.size.width - length), self._style("")))
        return Strip(segments, max(length, self._grid.size.width)).simplify()

    def _frozen_part(self, view: SheetView, line: int) -> list[Segment]:
        """Label, trend and change of a metric."""
        plan = self._grid.layout_plan
        segments = [self._label(view, line)]
        if plan.trend:
            segments.append(Segment(view.trend(line, plan.trend_months) + " ", self._style("trend")))
        if plan.delta:
            change = view.review_change(line)
            text = fit_right(change.text, DELTA_WIDTH - 1) + TONE_MARKS[change.tone]
            segments.append(Segment(text, self._style(change.tone.value)))
        segments.append(Segment("│", self._style("rule")))
        return segments

    def _cell(self, view: SheetView, line: int, place: int) -> tuple[Span, ...]:
        """A cell with its glyphs."""
        cell, metric = view.cell_text(line, place), view.rows[line].metric
        marks = () if self.marks is None or metric is None else self.marks(metric.id, view.periods[place])
        return marked(cell.text, cell.role, marks)

    def _label(self, view: SheetView, line: int, *, under_cursor: bool = False) -> Segment:
        """The name of a row, in the width of the label column."""
        row = view.rows[line]
        width = self._grid.layout_plan.label
        is_found = line in self._grid.found
        if row.metric is None:
            # The title runs on over the columns beside it.
            text = set_cell_size(fit(row.text, self._grid.layout_plan.frozen - 1), width)
        else:
            text = fit(f"{FOUND_MARK if is_found else ' '}{row.title}", width - 1) + " "
        usual = "label-quiet" if row.is_quiet else "label"
        role = "label-cursor" if under_cursor else "label-found" if is_found else usual
        return Segment(text, self._style(role))

    def _with_cursor(self, view: SheetView, strip: Strip) -> Strip:
        label = self._grid.layout_plan.label
        x = self._grid.column_x(self._grid.place)
        cell = "".join(span.text for span in self._cell(view, self._grid.line, self._grid.place))
        pieces = [
            Strip([self._label(view, self._grid.line, under_cursor=True)], label),
            strip.crop(label, x),
            Strip([Segment(cell, self._style("cursor"))], CELL_WIDTH),
            strip.crop(x + CELL_WIDTH),
        ]
        return Strip.join(pieces)

    def _header(self, view: SheetView) -> Strip:
        plan = self._grid.layout_plan
        head = self._style("head")
        hidden_section = view.section_of(self._grid.top) if self._grid.top else ""
        segments = [Segment(fit(f" {hidden_section or view.rows_are}", plan.label), head)]
        if plan.trend:
            segments.append(Segment(fit_right(f"{plan.trend_months} months", plan.trend_months) + " ", head))
        if plan.delta:
            segments.append(Segment(fit_right(f"Δ {view.review_label}", DELTA_WIDTH - 1) + " ", head))
        segments.append(Segment("│", head))
        segments += [self._month_head(view, place) for place in range(self._grid.window.first, self._grid.window.end)]
        return Strip(segments).adjust_cell_length(self._grid.size.width, head).simplify()

    def _month_head(self, view: SheetView, place: int) -> Segment:
        label = f"{view.column_label(place):>{HEAD_WIDTH}}"
        if place == view.review_place:
            text, role = f" ▐{label}▌", "head-review"
        else:
            text, role = f"  {label}{'…' if view.is_open(place) else ' '}", "head"
        return Segment(text, self._style("head-cursor" if place == self._grid.place else role))
