"""The grid of metrics by months: a spreadsheet for reading, painted line by line.

Only what is visible is formatted, and a move of the cursor repaints two cells. Labels, trend, change and the month
header stay in place while months slide by whole quarters and rows by half a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Offset, Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from reviewtui.actions import GRID_MOVES, bindings_of
from reviewtui.messages import CellFocused
from reviewtui.widgets.change import TONE_MARKS
from reviewtui.widgets.fitting import fit, fit_right
from reviewtui.widgets.grid_layout import CELL_WIDTH, DELTA_WIDTH, GridLayout, plan_layout
from reviewtui.widgets.grid_moves import GridMoves
from reviewtui.widgets.month_window import MonthWindow

if TYPE_CHECKING:
    from rich.style import Style
    from textual.events import Click, MouseScrollDown, MouseScrollUp

    from reviewtui.widgets.sheet_view import SheetView

HEADER_LINES = 1
WHEEL_LINES = 3
NO_ROWS = "No numbers for this product yet."


class MetricGrid(GridMoves, ScrollView, can_focus=True, inherit_bindings=False):
    """Metrics of one product as rows, months as columns, one cell under the cursor."""

    BINDINGS = bindings_of(GRID_MOVES)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"metric-grid--{role}"
        for role in (
            "value", "missing", "unsettled", "tentative", "restated", "cursor",
            "label", "label-cursor", "section", "trend", "good", "bad", "flat", "rule",
            "head", "head-cursor", "head-review",
        )
    }  # fmt: skip

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        super().__init__(id=id)
        self.view: SheetView | None = None
        self.layout_plan = GridLayout(0, 0, 0, 0)
        self.window = MonthWindow(0, 0)
        self.top = 0
        """First row below the header."""
        self.line = 0
        """Row of the cursor in `view.rows`."""
        self.place = 0
        """Month of the cursor in `view.months`."""
        self._strips: dict[int, Strip] = {}

    # What is shown

    def show(self, view: SheetView, *, metric_id: str = "", place: int | None = None) -> None:
        """Show another sheet or product with the cursor on a metric and month where they exist."""
        self.view = view
        newest = max(0, len(view.months) - 1)
        self.place = min(max(0, view.review_place if place is None else place), newest)
        line = view.line_of_metric(metric_id)
        self.line = line if line is not None else (view.metric_lines[0] if view.metric_lines else 0)
        self.layout_plan = GridLayout(0, 0, 0, 0)
        self.window = MonthWindow.newest(0, len(view.months))
        self._fit_to_size()
        self._tell_focus()

    def _fit_to_size(self) -> None:
        view = self.view
        if view is None or not self.size.width:
            return
        plan = plan_layout(self.size.width, view.longest_label, len(view.months))
        first_time = self.layout_plan.months == 0
        self.layout_plan = plan
        total = len(view.months)
        if first_time:
            self.window = MonthWindow.newest(plan.months, total).following(self.place, total)
        else:
            self.window = self.window.resized(plan.months, self.place, total)
        self.top = self._top_showing(view, self.line)
        self._repaint()

    def on_resize(self) -> None:
        """Keep the cursor in view at any size."""
        self._fit_to_size()

    def notify_style_update(self) -> None:
        """Forget painted lines: their colours may have changed."""
        self._strips.clear()
        super().notify_style_update()

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    # The cursor

    @property
    def page_lines(self) -> int:
        """How many rows fit below the header."""
        return max(1, self.size.height - HEADER_LINES)

    def move_to(self, line: int, place: int) -> None:
        """Put the cursor on a metric's row and a month; both are kept inside the sheet."""
        view = self.view
        if view is None or not view.metric_lines or not view.months:
            return
        line = min(max(line, view.metric_lines[0]), view.metric_lines[-1])
        place = min(max(place, 0), len(view.months) - 1)
        if (line, place) == (self.line, self.place):
            return
        before = self._cursor_regions()
        self.line, self.place = line, place
        window = self.window.following(place, len(view.months))
        top = self._top_showing(view, line)
        if window != self.window:
            self.window = window
            self.top = top
            self._repaint()
        elif top != self.top:
            self.top = top
            self.refresh()
        else:
            changed = set(before) ^ set(self._cursor_regions())
            self.refresh(*changed)
        self._tell_focus()

    def _top_showing(self, view: SheetView, line: int) -> int:
        """The first row for which `line` is visible: unchanged, or moved by half a page or more."""
        page = self.page_lines
        highest = max(0, len(view.rows) - page)
        top = min(self.top, highest)
        # The first metric takes the title of its section along.
        if not view.metric_lines or line <= view.metric_lines[0]:
            return 0
        half = max(1, page // 2)
        if line < top:
            return max(0, min(top - half, line))
        if line >= top + page:
            return min(highest, max(top + half, line - page + 1))
        return top

    def _cursor_regions(self) -> tuple[Region, ...]:
        """The cursor's cell, its row's label and its month in the header."""
        y = HEADER_LINES + self.line - self.top
        x = self._column_x(self.place)
        return (
            Region(0, y, self.layout_plan.label, 1),
            Region(x, y, CELL_WIDTH, 1),
            Region(x, 0, CELL_WIDTH, 1),
        )

    def _column_x(self, place: int) -> int:
        return self.layout_plan.frozen + (place - self.window.first) * CELL_WIDTH

    def _tell_focus(self) -> None:
        if self.view is None or not self.view.metric_lines or not self.view.months:
            return
        metric = self.view.rows[self.line].metric
        if metric is not None:
            self.post_message(CellFocused(self.view.product, metric, self.view.months[self.place]))

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse points."""
        target = self.cell_at(event.offset)
        if target is not None:
            self.move_to(*target)

    def cell_at(self, offset: Offset) -> tuple[int, int] | None:
        """Row and month under a position in the widget; the cursor's month where a label is pointed at."""
        if self.view is None or offset.y < HEADER_LINES:
            return None
        line = self.top + offset.y - HEADER_LINES
        if line >= len(self.view.rows) or self.view.rows[line].metric is None:
            return None
        column = (offset.x - self.layout_plan.frozen) // CELL_WIDTH
        return line, self.window.first + column if 0 <= column < self.window.size else self.place

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move down with the wheel."""
        self.step_metrics(WHEEL_LINES)
        event.stop()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move up with the wheel."""
        self.step_metrics(-WHEEL_LINES)
        event.stop()

    # Painting

    def role_style(self, role: str) -> Style:
        """The style of a component class."""
        return self.get_component_rich_style(f"metric-grid--{role}")

    def render_line(self, y: int) -> Strip:
        """Paint one line: the header, a section title, a metric, or nothing."""
        view = self.view
        if view is None or not self.layout_plan.months:
            return Strip.blank(self.size.width, self.rich_style)
        if y < HEADER_LINES:
            return self._header(view)
        line = self.top + y - HEADER_LINES
        if line >= len(view.rows):
            text = NO_ROWS if not view.rows and y == HEADER_LINES + 1 else ""
            return self._finished([Segment(fit(f" {text}", self.size.width), self.role_style("missing"))])
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = self._row(view, line)
        return self._with_cursor(view, strip) if line == self.line and view.rows[line].metric else strip

    def _finished(self, segments: list[Segment]) -> Strip:
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style).simplify()

    def _row(self, view: SheetView, line: int) -> Strip:
        plan = self.layout_plan
        row = view.rows[line]
        if row.metric is None:
            head = [Segment(fit(f" {row.title}", plan.frozen - 1), self.role_style("section"))]
            return self._finished([*head, Segment("│", self.role_style("rule"))])
        segments = [Segment(fit(f" {row.title}", plan.label - 1) + " ", self.role_style("label"))]
        if plan.trend:
            segments.append(Segment(view.trend(line, plan.trend_months) + " ", self.role_style("trend")))
        if plan.delta:
            change = view.review_change(line)
            text = fit_right(change.text, DELTA_WIDTH - 1) + TONE_MARKS[change.tone]
            segments.append(Segment(text, self.role_style(change.tone.value)))
        segments.append(Segment("│", self.role_style("rule")))
        for place in range(self.window.first, self.window.end):
            cell = view.cell_text(line, place)
            segments.append(Segment(cell.text, self.role_style(cell.role)))
        return self._finished(segments)

    def _with_cursor(self, view: SheetView, strip: Strip) -> Strip:
        label = self.layout_plan.label
        x = self._column_x(self.place)
        title = fit(f" {view.rows[self.line].title}", label - 1) + " "
        cell = view.cell_text(self.line, self.place)
        pieces = [
            Strip([Segment(title, self.role_style("label-cursor"))], label),
            strip.crop(label, x),
            Strip([Segment(cell.text, self.role_style("cursor"))], CELL_WIDTH),
            strip.crop(x + CELL_WIDTH),
        ]
        return Strip.join(pieces)

    def _header(self, view: SheetView) -> Strip:
        plan = self.layout_plan
        head = self.role_style("head")
        hidden_section = view.section_of(self.top) if self.top else ""
        segments = [Segment(fit(f" {hidden_section or 'Metric'}", plan.label), head)]
        if plan.trend:
            segments.append(Segment(fit_right(f"{plan.trend_months} months", plan.trend_months) + " ", head))
        if plan.delta:
            month = view.months[view.review_place].label if view.months else ""
            segments.append(Segment(fit_right(f"Δ {month}", DELTA_WIDTH - 1) + " ", head))
        segments.append(Segment("│", head))
        segments += [self._month_head(view, place) for place in range(self.window.first, self.window.end)]
        return Strip(segments).adjust_cell_length(self.size.width, head).simplify()

    def _month_head(self, view: SheetView, place: int) -> Segment:
        label = view.months[place].label
        if place == view.review_place:
            text, role = f" ▐{label}▌", "head-review"
        else:
            text, role = f"  {label}{'…' if view.is_open(place) else ' '}", "head"
        return Segment(text, self.role_style("head-cursor" if place == self.place else role))
