"""The grid of metrics by months: a spreadsheet for reading, painted line by line.

Only what is visible is formatted, and a move of the cursor repaints two cells. Labels, trend, change and the month
header stay in place while months slide by whole quarters and rows by half a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Offset, Region, Size
from textual.scroll_view import ScrollView

from reviewtui.actions.action import bindings_of
from reviewtui.actions.numbers import GRID_MOVES
from reviewtui.messages import SectionPressed
from reviewtui.widgets.cell_focus import CellFocus, SectionFocus
from reviewtui.widgets.grid_layout import CELL_WIDTH, GridLayout, plan_layout
from reviewtui.widgets.grid_moves import GridMoves
from reviewtui.widgets.grid_painter import HEADER_LINES, GridPainter
from reviewtui.widgets.month_window import MonthWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.events import Click, MouseScrollDown, MouseScrollUp
    from textual.strip import Strip

    from reviewtui.months import Month
    from reviewtui.widgets.cell_marks import MarksOf
    from reviewtui.widgets.sheet_view import SheetView

WHEEL_LINES = 3


class MetricGrid(GridMoves, ScrollView, can_focus=True, inherit_bindings=False):
    """Metrics of one product as rows, months as columns, one cell under the cursor."""

    BINDINGS = bindings_of(GRID_MOVES)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"metric-grid--{role}"
        for role in (
            "value", "missing", "unsettled", "tentative", "restated", "cursor", "note", "note-open", "note-earlier",
            "note-said", "anomaly", "anomaly-said", "target",
            "label", "label-cursor", "label-found", "label-quiet", "section", "trend", "good", "bad", "flat", "rule",
            "head", "head-cursor", "head-review",
        )
    }  # fmt: skip

    def __init__(self, follow: Callable[[CellFocus | SectionFocus], None], *, id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        """`follow` is called with every place of the cursor. No message is posted: what follows the cursor would be
        painted a frame after it.
        """
        super().__init__(id=id)
        self._follow = follow
        self.view: SheetView | None = None
        self.layout_plan = GridLayout(0, 0, 0, 0)
        self.window = MonthWindow(0, 0)
        self.top = 0
        """First row below the header."""
        self.line = 0
        """Row of the cursor in `view.rows`."""
        self.place = 0
        """Month of the cursor in `view.months`."""
        self.found: frozenset[int] = frozenset()
        """Rows that are marked as found."""
        self._edge = 0
        """Where the window ended when the cursor last moved: months that a narrow screen hides come back with it."""
        self._painter = GridPainter(self)
        self._fitted_size = Size(0, 0)
        """The size that `layout_plan` was made for."""

    # What is shown

    def show(self, view: SheetView, *, metric_id: str = "", month: Month | None = None) -> None:
        """Show another sheet or product with the cursor on a metric and month where they exist."""
        same_columns = self.view is not None and self.view.periods == view.periods
        self.view = view
        self.found = frozenset()
        self.place = view.place_of(month) if month is not None else view.review_place
        line = view.line_of_metric(metric_id)
        self.line = line if line is not None else (view.nearest_stop(0) or 0)
        if not same_columns:
            self.layout_plan = GridLayout(0, 0, 0, 0)
            self.window = MonthWindow.newest(0, len(view.months))
        self._fit_to_size()
        self.tell_focus()

    def change(self, view: SheetView, line: int) -> None:
        """List the same product in another way, the cursor on `line` in the month it is in and, if it can be, where
        it stands on the screen.
        """
        if self.view is None:
            return
        month = self.view.months[self.place] if self.view.months else None
        self.top = max(0, self.top + line - self.line)
        self.view, self.line, self.found = view, line, frozenset()
        self.place = view.place_of(month) if month is not None else 0
        self._fit_to_size()
        self.tell_focus()

    def start_over(self) -> None:
        """Put rows and months where a start puts them for the same cursor."""
        self.found, self.top, self.layout_plan = frozenset(), 0, GridLayout(0, 0, 0, 0)
        self._fit_to_size()

    def mark(self, lines: Iterable[int]) -> None:
        """Mark rows as found, in place of those marked before."""
        found = frozenset(lines)
        changed = found ^ self.found
        self.found = found
        self._painter.forget_labels(changed)
        rows = [line for line in changed if self.top <= line < self.top + self.page_lines]
        if rows:
            width = self.layout_plan.label
            self.refresh(*(Region(0, HEADER_LINES + line - self.top, width, 1) for line in rows))

    def show_marks(self, marks: MarksOf) -> None:
        """Put other glyphs before the values."""
        self._painter.marks = marks
        self._repaint()

    def _fit_to_size(self) -> None:
        self._fit()
        self._repaint()

    def _fit(self) -> None:
        view = self.view
        if view is None or not self.size.width:
            return
        self._fitted_size = self.size
        plan = plan_layout(self.size.width, view.longest_label, len(view.months))
        first_time = self.layout_plan.months == 0
        self.layout_plan = plan
        total = len(view.months)
        if first_time:
            self.window = MonthWindow.newest(plan.months, total).following(self.place, total)
            self._edge = self.window.end
        else:
            edge = self._edge if plan.months != self.window.size else self.window.end
            wanted = self.window._replace(first=edge - self.window.size)
            self.window = wanted.resized(plan.months, self.place, total)
        self.top = self._top_showing(view, self.line)

    def on_resize(self) -> None:
        """Keep the cursor in view at any size."""
        if self.size != self._fitted_size:
            self._fit_to_size()

    def notify_style_update(self) -> None:
        """Forget painted lines: their colours may have changed."""
        self._painter.forget_styles()
        super().notify_style_update()

    def _repaint(self) -> None:
        self._painter.forget()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        if not self.layout_plan.months:
            # The first frame, painted before the toolkit tells of the size.
            self._fit()
        return self._painter.paint(y)

    # The cursor

    @property
    def page_lines(self) -> int:
        """How many rows fit below the header."""
        return max(1, self.size.height - HEADER_LINES)

    def move_to(self, line: int, place: int) -> None:
        """Put the cursor on a row it can stand on and a column; both are kept inside the sheet."""
        view = self.view
        if view is None or not view.months:
            return
        stop = view.nearest_stop(line)
        if stop is None:
            return
        line = stop
        place = min(max(place, 0), len(view.months) - 1)
        if (line, place) == (self.line, self.place):
            return
        before = self._cursor_regions()
        self.line, self.place = line, place
        window = self.window.following(place, len(view.months))
        top = self._top_showing(view, line)
        slides, scrolls = window != self.window, top != self.top
        self.window, self.top = window, top
        self._edge = window.end
        if slides:
            self._painter.forget_window()
        changed = set(before) ^ set(self._cursor_regions())
        if slides or scrolls:
            changed = self._moved_regions(slides=slides, scrolls=scrolls, labels=changed)
        self.refresh(*changed)
        self.tell_focus()

    def _moved_regions(self, *, slides: bool, scrolls: bool, labels: set[Region]) -> set[Region]:
        """What differs after months have slid or rows have scrolled; `labels` is what the cursor itself changes."""
        width, height = self.size
        frozen = self.layout_plan.frozen
        regions = {region for region in labels if region.y < HEADER_LINES or (region.x == 0 and not scrolls)}
        if scrolls:
            regions |= {Region(0, HEADER_LINES, width, height - HEADER_LINES), Region(0, 0, frozen, HEADER_LINES)}
        if slides:
            regions.add(Region(frozen, 0, width - frozen, height))
        return regions

    def _top_showing(self, view: SheetView, line: int) -> int:
        """The first row for which `line` is visible: unchanged, or moved by half a page or more."""
        page = self.page_lines
        highest = max(0, len(view.rows) - page)
        top = min(self.top, highest)
        # The first metric takes the title of its section along.
        if not view.stops or line <= view.stops[0]:
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
        x = self.column_x(self.place)
        return (
            Region(0, y, self.layout_plan.label, 1),
            Region(x, y, CELL_WIDTH, 1),
            Region(x, 0, CELL_WIDTH, 1),
        )

    def column_x(self, place: int) -> int:
        """Where the column of a month begins."""
        return self.layout_plan.frozen + (place - self.window.first) * CELL_WIDTH

    def tell_focus(self) -> None:
        """Tell where the cursor stands."""
        view = self.view
        if view is None or not view.months or not view.stops:
            return
        row = view.rows[self.line]
        if row.metric is not None:
            self._follow(CellFocus(view.product, row.metric, view.months[self.place]))
        else:
            self._follow(SectionFocus(view.product, row.section, view.months[self.place]))

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse points; the title of a section folds it."""
        section = self.section_at(event.offset)
        if section is not None:
            self.post_message(SectionPressed(section))
            return
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

    def section_at(self, offset: Offset) -> str | None:
        """The section whose title is at a position in the widget."""
        line = self.top + offset.y - HEADER_LINES
        if self.view is None or offset.y < HEADER_LINES or line >= len(self.view.rows):
            return None
        row = self.view.rows[line]
        return row.section if row.metric is None else None

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move down with the wheel."""
        self.step_metrics(WHEEL_LINES)
        event.stop()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move up with the wheel."""
        self.step_metrics(-WHEEL_LINES)
        event.stop()
