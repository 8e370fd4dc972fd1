"""The grid screen: one product's metrics by months, and what is known about the cell under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from reviewtui.actions.action import CELL, FIND, PRODUCT, VIEW, bindings_of, remapped
from reviewtui.actions.numbers import APP, GRID_MOVES, GRID_SCREEN, STEPS
from reviewtui.errors import Problem
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.months import Month
from reviewtui.paths import styles_dir
from reviewtui.screens.grid_anomalies import GridAnomalies
from reviewtui.screens.grid_base import shown_options
from reviewtui.screens.grid_copy import GridCopy
from reviewtui.screens.grid_palette import grid_entries
from reviewtui.screens.grid_words import banner_words, nothing_found, progress_words
from reviewtui.sheet_state import Position, SheetState
from reviewtui.widgets.cell_facts import cell_facts
from reviewtui.widgets.cell_focus import CellFocus
from reviewtui.widgets.cell_panel import CellPanel
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.ground import Ground, GroundContainer
from reviewtui.widgets.lines import KeyLine, TitleLine, ViewLine
from reviewtui.widgets.metric_grid import MetricGrid
from reviewtui.widgets.notice import Notice
from reviewtui.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from reviewtui.metrics.sheet import MetricSheet, Product
    from reviewtui.palette import Entry
    from reviewtui.widgets.cell_facts import CellFacts
    from reviewtui.widgets.cell_focus import SectionFocus

_WIDTHS = [(0, "-narrow"), (100, "-middle"), (160, "-wide")]
_HEIGHTS = [(0, "-flat"), (18, "-short"), (32, "-tall")]
"""From how many columns and lines on a class of the style sheet applies."""

SMALLEST = (40, 10)
"""Columns and lines below which nothing useful fits."""


class GridScreen(Ground, GridAnomalies, GridCopy):
    """Shows what `ReviewApp.sheet_state` holds; keeps the place across products and reloads."""

    BINDINGS = bindings_of(GRID_SCREEN)
    CSS_PATH: ClassVar = [styles_dir() / "grid.tcss"]
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    _left_at: Position | None = None
    """Where another screen was opened; None while none is."""

    def compose(self) -> ComposeResult:
        """Title, grid and panel, or a notice in their place; keys."""
        # The toolkit sets these after it has laid everything out, which would be done twice.
        self.add_class(*_size_classes(*self.app.size))
        yield TitleLine(id="title")
        yield ViewLine(id="view")
        with GroundContainer(id="body"):
            yield MetricGrid(self._follow_cursor, id="grid")
            yield CellPanel(more_key=self.key_of("screen.open_metric"), id="panel")
            yield Notice(id="notice")
        yield Notice(id="banner")
        yield KeyLine((), id="keys")

    def on_mount(self) -> None:
        """Follow what the app has loaded."""
        self.watch(self.app, "sheet_state", self._show_state)
        self.follow_records()
        self.follow_judgements()
        self.follow_git()
        self.grid.focus()

    def _compositor_refresh(self) -> None:
        """Paint what has changed; nothing while what the terminal shows is as good."""
        if self.review_app.is_holding:
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()

    # What the app has loaded

    def _show_state(self, state: SheetState) -> None:
        if state.loaded is not None and state.loaded is not self._loaded:
            self._loaded = state.loaded
            here = self.review_app.position
            self.show_product(here.product)
            if state.is_begun:
                self.review_app.place_given = (here, self.review_app.position)
            if self.app.screen is not self:
                # The place is that of the screen in front.
                self.review_app.position = here
        self._arrange()

    def on_resize(self) -> None:
        """Say so where nothing useful fits."""
        self._arrange()

    def _arrange(self) -> None:
        """Decide what stands where: numbers, or a notice in their place."""
        state, (width, height) = self.review_app.sheet_state, self.size
        notice = self._notice(state)
        if width < SMALLEST[0] or height < SMALLEST[1]:
            notice = (
                "The terminal is too small.",
                (f"It is {width}x{height}; {SMALLEST[0]}x{SMALLEST[1]} will do.",),
            )
        place = self.query_one("#notice", Notice)
        if notice is not None:
            place.show(*notice)
        place.display = notice is not None
        self._offer_keys(with_numbers=notice is None)
        self._show_banner(state)
        self.show_title()

    def _notice(self, state: SheetState) -> tuple[str, tuple[str, ...]] | None:
        """Headline and sentences to show in place of the grid; None where there are numbers."""
        if state.loaded is not None:
            if state.loaded.sheet.rows:
                return None
            if state.loaded.unreadable:
                return "There are no numbers yet.", (state.loaded.unreadable, "Press r to try again, q to leave.")
            return "There are no numbers yet.", (nothing_found(state.loaded), "Press r to read the files again.")
        if state.failure is not None:
            return state.failure.headline, (state.failure.message, "Press r to try again, q to leave.")
        return "Computing the numbers", (progress_words(state), "Press q to stop.")

    def start_over(self) -> bool:
        """Show what a start shows for the same place; False where that has to be laid out anew."""
        line = self.query_one(KeyLine)
        if line.size.height != 1 or self.has_class("-details") or self.has_class("-presenter"):
            return False
        line.fall_silent()
        self.grid.start_over()
        return True

    def ways(self) -> Iterator[list[str]]:
        """Take one step each way as from a start, giving the keys that lead there; in the end all is as it was."""
        grid, position = self.grid, self.review_app.position
        here, part = (grid.line, grid.place), (grid.top, grid.window)
        for action in remapped(GRID_MOVES, self.review_app.keymap):
            if action.id in STEPS:
                self.begin_action(action)
                getattr(grid, f"action_{action.method}")()
                self.echo(action)
                yield action.keys.split(",")
                grid.move_to(*here)
                if (grid.top, grid.window) != part:
                    grid.start_over()
        self.query_one(KeyLine).fall_silent()
        self.review_app.position = position

    def _offer_keys(self, *, with_numbers: bool) -> None:
        """Name in the footer only what does something at the moment."""
        actions = remapped((*GRID_SCREEN, *APP), self.review_app.keymap)
        needs_numbers = (PRODUCT, CELL, FIND, VIEW)
        self.query_one(KeyLine).offer([item for item in actions if with_numbers or item.group not in needs_numbers])

    def _show_banner(self, state: SheetState) -> None:
        banner = self.query_one("#banner", Notice)
        words = banner_words(state)
        if words:
            banner.show(words)
            banner.styles.height = max(1, len(banner.lines(self.size.width)))
        banner.display = bool(words)

    def show_title(self) -> None:
        """Name the product and the state of things."""
        title, state = self.query_one(TitleLine), self.review_app.sheet_state
        if state.loaded is None:
            title.show("reviewtui")
            return
        product = self.product
        words = progress_words(state) if state.progress is not None else ""
        count = len({*state.loaded.problems, *self.review_app.own_problems, *self.review_app.record_problems})
        attention = (
            f"{count:,} problem{'' if count == 1 else 's'} · {self.key_of('screen.show_problems')}" if count else ""
        )
        if product is None:
            title.show("reviewtui", state=words, attention=attention)
        else:
            attention = " · ".join(part for part in (self.to_explain_words, attention) if part)
            title.show(shown_name(product.name, product.id), self._about(product), words or self.git_words, attention)

    def _about(self, product: Product) -> str:
        products = self.products
        parts = [f"{product.stage} stage"] if product.stage else []
        if product.id == ALL_PRODUCTS:
            parts = ["all products together"] if product.name != "All products" else []
        if len(products) > 1:
            parts.append(f"{products.index(product) + 1} of {len(products)}")
        return " · ".join(parts)

    # Products

    def show_product(self, product_id: str | None) -> None:
        """Show a product, or the first, on the metric and month of the position where they exist."""
        sheet, products = self.sheet, self.products
        if sheet is None or not products:
            return
        product = next((item for item in products if item.id == product_id), products[0])
        place = self.review_app.position
        self.review_app.position = Position(product.id, place.metric, place.month)
        options = shown_options(self.options, has_targets=self.has_targets(product.id))
        view = SheetView(sheet, product.id, options, noted=self.listed_metrics(product.id))
        self.grid.show(view, metric_id=place.metric or "", month=_month_of(place.month))
        self.show_marks()
        if not view.stops:
            self.show_no_cell()
        self.show_view_words()
        self.show_title()

    def show_no_cell(self) -> None:
        """Explain nothing: no metric is under the cursor."""
        self.query_one(CellPanel).show(None)

    def _follow_cursor(self, place: CellFocus | SectionFocus) -> None:
        if isinstance(place, CellFocus):
            self.explain_cell(place)
        else:
            self.explain_section(place)

    def explain_cell(self, cell: CellFocus) -> None:
        """Let the panel and the title follow the cursor."""
        if self.sheet is None:
            return
        self.review_app.position = Position(cell.product, cell.metric.id, str(cell.month))
        self.query_one(CellPanel).show(partial(self._facts, self.sheet, cell))
        self.show_view_words()

    def _facts(self, sheet: MetricSheet, cell: CellFocus) -> CellFacts:
        facts = cell_facts(sheet, cell.product, cell.metric, cell.month)
        facts = self.with_notes(facts, cell.product, cell.metric.id, cell.month)
        return self.with_verdict(facts, cell.product, cell.metric, cell.month)

    def explain_section(self, section: SectionFocus) -> None:
        """Say what is folded; the place is that of the metric left in it, or of its first."""
        self.review_app.position = Position(section.product, self.metric_left_in() or None, str(section.month))
        if self._row is not None and self._row.folded:
            self.query_one(CellPanel).show_folded(self._row, self.key_of("screen.open_metric"))
        self.show_view_words()

    # Actions

    def action_previous_product(self) -> None:
        """The product before, from the first to the last."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The next product, from the last to the first."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        products, product = self.products, self.product
        if product is None:
            return
        if len(products) == 1:
            self.say("This is the only product.")
            return
        self.show_product(products[(products.index(product) + step) % len(products)].id)

    def action_open_metric(self) -> None:
        """The full view of the metric under the cursor."""
        from reviewtui.screens.metric import MetricScreen

        if self.unfold_here():
            return
        if not self.has_metric:
            self.say("There is no metric under the cursor.")
        else:
            self.remember_leaving()
            self.app.push_screen(MetricScreen())

    def remember_leaving(self) -> None:
        """Another screen is about to open, which may move the place."""
        self._left_at = self.review_app.position

    def on_screen_resume(self) -> None:
        """Back from another screen: stand where it stood."""
        if self._left_at not in (None, self.review_app.position):
            self.show_product(self.review_app.position.product)
        self._left_at = None

    def action_toggle_details(self) -> None:
        """More about the cell; where all of it fits beside the grid, show or hide it."""
        self.toggle_class("-details")

    def action_show_problems(self) -> None:
        """List everything that is wrong."""
        from reviewtui.screens.problems import problems_screen

        found = self._loaded.problems if self._loaded is not None else ()
        failure = self.review_app.sheet_state.failure
        failed = (Problem("", None, failure.message),) if failure is not None else ()
        problems = tuple(
            dict.fromkeys((*failed, *self.review_app.own_problems, *found, *self.review_app.record_problems))
        )
        if not problems and self._loaded is None:
            self.say("The files are still being read.")
        elif problems:
            self.app.push_screen(problems_screen(problems, self.review_app.workspace_root, self.review_app.keymap))
        else:
            self.say("No problems were found in files or data.")

    def action_reload(self) -> None:
        """Compute again; the old numbers stay until the new ones are there."""
        self.review_app.load()

    def action_back(self) -> None:
        """Close what was opened, then list all metrics; from the bare grid only say how to leave.

        Esc is often pressed once too much.
        """
        if not (self.leave_presenter() or self._close_details() or self.clear_found() or self.clear_filter()):
            self.say("Press q to leave.")

    def action_leave(self) -> None:
        """Close what was opened; from the bare grid, leave."""
        if not (self.leave_presenter() or self._close_details()):
            self.review_app.leave()

    def _close_details(self) -> bool:
        open_below = self.has_class("-details") and not self.has_class("-wide")
        self.remove_class("-details")
        return open_below

    # The palette

    def palette_entries(self) -> Iterator[Entry]:
        """What can be done on this screen, and what can be gone to."""
        return grid_entries(self)


def _month_of(text: str | None) -> Month | None:
    """The month of an earlier session; None where there is none."""
    try:
        return Month.parse(text or "")
    except ValueError:
        return None


def _size_classes(width: int, height: int) -> tuple[str, str]:
    """The classes that the breakpoints give a screen of this size."""
    return (
        next(name for least, name in reversed(_WIDTHS) if width >= least),
        next(name for least, name in reversed(_HEIGHTS) if height >= least),
    )
