"""Where each movement key takes the grid's cursor."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from reviewtui.months import MONTHS_PER_QUARTER, MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from reviewtui.widgets.sheet_view import SheetView


class GridMoves:
    """The movement actions of a grid that can `move_to` a row and a month."""

    view: SheetView | None
    line: int
    place: int

    @property
    def page_lines(self) -> int:
        """How many rows fit on the screen."""
        raise NotImplementedError

    def move_to(self, line: int, place: int) -> None:
        """Put the cursor on a row it can stand on and a column."""
        raise NotImplementedError

    def step_columns(self, columns: int) -> None:
        """Move by columns, stopping at the first and the last."""
        self.move_to(self.line, self.place + columns)

    def step_months(self, months: int) -> None:
        """Move to the column of the month so many months away, by one column at least."""
        view = self.view
        if view is None or not view.months:
            return
        index = view.months[self.place].index + months
        first, last = view.months[0].index, view.months[-1].index
        place = view.place_of(Month.from_index(min(max(index, first), last)))
        step = 1 if months > 0 else -1
        self.move_to(self.line, place if (place - self.place) * step > 0 else self.place + step)

    def step_metrics(self, metrics: int) -> None:
        """Move by metrics, passing over open sections' titles, stopping at the ends."""
        if self.view is None or not self.view.stops:
            return
        lines = self.view.stops
        rank = bisect_left(lines, self.line) + metrics
        self.move_to(lines[min(max(rank, 0), len(lines) - 1)], self.place)

    def action_previous_month(self) -> None:
        """One column back."""
        self.step_columns(-1)

    def action_next_month(self) -> None:
        """One column on."""
        self.step_columns(1)

    def action_previous_quarter(self) -> None:
        """Three months back."""
        self.step_months(-MONTHS_PER_QUARTER)

    def action_next_quarter(self) -> None:
        """Three months on."""
        self.step_months(MONTHS_PER_QUARTER)

    def action_previous_year(self) -> None:
        """The same month a year before."""
        self.step_months(-MONTHS_PER_YEAR)

    def action_next_year(self) -> None:
        """The same month a year later."""
        self.step_months(MONTHS_PER_YEAR)

    def action_first_month(self) -> None:
        """The oldest month."""
        self.move_to(self.line, 0)

    def action_latest_month(self) -> None:
        """The newest complete month; from there or later the newest month of all."""
        if self.view is not None:
            last = len(self.view.months) - 1
            self.move_to(self.line, self.view.review_place if self.place < self.view.review_place else last)

    def action_previous_metric(self) -> None:
        """One row up."""
        self.step_metrics(-1)

    def action_next_metric(self) -> None:
        """One row down."""
        self.step_metrics(1)

    def action_first_metric(self) -> None:
        """The top of the list."""
        self.move_to(0, self.place)

    def action_last_metric(self) -> None:
        """The end of the list."""
        if self.view is not None:
            self.move_to(len(self.view.rows), self.place)

    def action_previous_section(self) -> None:
        """The first metric of this section, or of the one before."""
        starts = self.view.section_starts if self.view is not None else ()
        above = bisect_left(starts, self.line) - 1
        if starts:
            self.move_to(starts[max(0, above)], self.place)

    def action_next_section(self) -> None:
        """The first metric of the next section; the last metric where there is none."""
        starts = self.view.section_starts if self.view is not None else ()
        below = bisect_right(starts, self.line)
        if starts:
            self.move_to(starts[below], self.place) if below < len(starts) else self.action_last_metric()

    def action_page_up(self) -> None:
        """One screen up."""
        self.step_metrics(-self.page_lines)

    def action_page_down(self) -> None:
        """One screen down."""
        self.step_metrics(self.page_lines)

    def action_half_page_up(self) -> None:
        """Half a screen up."""
        self.step_metrics(-max(1, self.page_lines // 2))

    def action_half_page_down(self) -> None:
        """Half a screen down."""
        self.step_metrics(max(1, self.page_lines // 2))
