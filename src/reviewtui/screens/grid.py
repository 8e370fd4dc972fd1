"""The grid screen: one product's metrics by months, and what is known about the cell under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.containers import Container
from textual.screen import Screen

from reviewtui.actions import APP, CELL, GRID_MOVES, GRID_SCREEN, PRODUCT, bindings_of, first_key, remapped
from reviewtui.errors import Problem, Severity
from reviewtui.messages import CellFocused
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.months import Month
from reviewtui.palette import Entry
from reviewtui.paths import styles_dir
from reviewtui.screens.problems import problems_screen
from reviewtui.sheet_state import LoadedSheet, Position, SheetState
from reviewtui.text import safe_text
from reviewtui.widgets.cell_facts import cell_facts, copy_text
from reviewtui.widgets.cell_panel import CellPanel
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.metric_grid import MetricGrid
from reviewtui.widgets.notice import Notice
from reviewtui.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from reviewtui.app import ReviewApp
    from reviewtui.metrics.sheet import MetricSheet, Product

_WIDTHS = [(0, "-narrow"), (100, "-middle"), (160, "-wide")]
_HEIGHTS = [(0, "-flat"), (18, "-short"), (32, "-tall")]
"""From how many columns and lines on a class of the style sheet applies."""

SMALLEST = (40, 10)
"""Columns and lines below which nothing useful fits."""


class GridScreen(Screen[None]):
    """Shows what `ReviewApp.sheet_state` holds; keeps the place across products and reloads."""

    BINDINGS = bindings_of(GRID_SCREEN)
    CSS_PATH: ClassVar = [styles_dir() / "grid.tcss"]
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    def compose(self) -> ComposeResult:
        """Title, grid and panel, or a notice in their place; keys."""
        yield TitleLine(id="title")
        with Container(id="body"):
            yield MetricGrid(id="grid")
            yield CellPanel(more_key=self._key_of("screen.toggle_details"), id="panel")
            yield Notice(id="notice")
        yield Notice(id="banner")
        yield KeyLine((), id="keys")

    def on_mount(self) -> None:
        """Follow what the app has loaded."""
        self._loaded: LoadedSheet | None = None
        self.watch(self.app, "sheet_state", self._show_state)
        self.grid.focus()

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    @property
    def grid(self) -> MetricGrid:
        """The grid widget."""
        return self.query_one(MetricGrid)

    def _key_of(self, action_id: str) -> str:
        """The key that a person has for an action of this screen."""
        return next(first_key(item) for item in remapped(GRID_SCREEN, self.review_app.keymap) if item.id == action_id)

    # What the app has loaded

    def _show_state(self, state: SheetState) -> None:
        if state.loaded is not None and state.loaded is not self._loaded:
            self._loaded = state.loaded
            self._show_product(self.review_app.position.product)
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
        self._show_title(state)

    def _notice(self, state: SheetState) -> tuple[str, tuple[str, ...]] | None:
        """Headline and sentences to show in place of the grid; None where there are numbers."""
        if state.loaded is not None:
            if state.loaded.sheet.rows:
                return None
            if state.loaded.unreadable:
                return "There are no numbers yet.", (state.loaded.unreadable, "Press r to try again, q to leave.")
            return "There are no numbers yet.", (_nothing_found(state.loaded), "Press r to read the files again.")
        if state.failure is not None:
            return state.failure.headline, (state.failure.message, "Press r to try again, q to leave.")
        return "Computing the numbers", (_progress_words(state), "Press q to stop.")

    def _offer_keys(self, *, with_numbers: bool) -> None:
        """Name in the footer only what does something at the moment."""
        actions = remapped((*GRID_SCREEN, *APP), self.review_app.keymap)
        needs_numbers = (PRODUCT, CELL)
        self.query_one(KeyLine).offer([item for item in actions if with_numbers or item.group not in needs_numbers])

    def _show_banner(self, state: SheetState) -> None:
        banner = self.query_one("#banner", Notice)
        words = _banner_words(state)
        if words:
            banner.show(words)
            banner.styles.height = max(1, len(banner.lines(self.size.width)))
        banner.display = bool(words)

    def _show_title(self, state: SheetState) -> None:
        title = self.query_one(TitleLine)
        if state.loaded is None:
            title.show("reviewtui")
            return
        product = self._product()
        words = _progress_words(state) if state.progress is not None else ""
        count = len(state.loaded.problems) + len(self.review_app.own_problems)
        attention = (
            f"{count:,} problem{'' if count == 1 else 's'} · {self._key_of('screen.show_problems')}" if count else ""
        )
        if product is None:
            title.show("reviewtui", state=words, attention=attention)
        else:
            title.show(shown_name(product.name, product.id), self._about(product), words, attention)

    def _about(self, product: Product) -> str:
        products = self._sheet_products()
        parts = [f"{product.stage} stage"] if product.stage else []
        if product.id == ALL_PRODUCTS:
            parts = ["all products together"] if product.name != "All products" else []
        if len(products) > 1:
            parts.append(f"{products.index(product) + 1} of {len(products)}")
        return " · ".join(parts)

    # Products

    @property
    def sheet(self) -> MetricSheet | None:
        """The numbers on the screen."""
        return self._loaded.sheet if self._loaded is not None else None

    def _sheet_products(self) -> tuple[Product, ...]:
        return self.sheet.products if self.sheet is not None else ()

    def _product(self) -> Product | None:
        view = self.grid.view
        return next((item for item in self._sheet_products() if view is not None and item.id == view.product), None)

    def _show_product(self, product_id: str | None) -> None:
        """Show a product, or the first, on the metric and month of the position where they exist."""
        sheet, products = self.sheet, self._sheet_products()
        if sheet is None or not products:
            return
        product = next((item for item in products if item.id == product_id), products[0])
        place = _place_of(sheet, self.review_app.position.month)
        self.review_app.position = Position(product.id, self.review_app.position.metric, self.review_app.position.month)
        self.grid.show(SheetView(sheet, product.id), metric_id=self.review_app.position.metric or "", place=place)
        if not sheet.metrics_of(product.id):
            self.query_one(CellPanel).show(None)
        self._show_title(self.review_app.sheet_state)

    @on(CellFocused)
    def explain_cell(self, message: CellFocused) -> None:
        """Let the panel and the title follow the cursor."""
        if self.sheet is None or self.grid.view is None or message.product != self.grid.view.product:
            return
        self.review_app.position = Position(message.product, message.metric.id, str(message.month))
        self.query_one(CellPanel).show(cell_facts(self.sheet, message.product, message.metric, message.month))

    # Actions

    def action_previous_product(self) -> None:
        """The product before, from the first to the last."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The next product, from the last to the first."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        products, product = self._sheet_products(), self._product()
        if product is None:
            return
        if len(products) == 1:
            self.say("This is the only product.")
            return
        self._show_product(products[(products.index(product) + step) % len(products)].id)

    def action_toggle_details(self) -> None:
        """More about the cell; where all of it fits beside the grid, show or hide it."""
        self.toggle_class("-details")

    def action_copy_value(self) -> None:
        """Send the exact value to the terminal's clipboard and say no more than that."""
        sheet, position = self.sheet, self.review_app.position
        if sheet is None or position.product is None or position.metric is None or position.month is None:
            return
        metric = next((item for item in sheet.metrics if item.id == position.metric), None)
        if metric is None:
            return
        text = copy_text(sheet.cell(position.product, metric.id, Month.parse(position.month)), metric)
        if not text:
            self.say("There is no value to copy in this cell.")
            return
        self.app.copy_to_clipboard(text)
        self.say(f"{text} sent to the terminal's clipboard, if it allows that")

    def action_show_problems(self) -> None:
        """List everything that is wrong."""
        found = self._loaded.problems if self._loaded is not None else ()
        failure = self.review_app.sheet_state.failure
        failed = (Problem("", None, failure.message),) if failure is not None else ()
        problems = (*failed, *self.review_app.own_problems, *found)
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
        """Close what was opened; from the bare grid only say how to leave, as Esc is often pressed once too much."""
        if not self._close_details():
            self.say("Press q to leave.")

    def action_leave(self) -> None:
        """Close what was opened; from the bare grid, leave."""
        if not self._close_details():
            self.app.exit()

    def _close_details(self) -> bool:
        open_below = self.has_class("-details") and not self.has_class("-wide")
        self.remove_class("-details")
        return open_below

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)

    # The palette

    def palette_entries(self) -> Iterator[Entry]:
        """Products, metrics and months of this screen, and what can be done on it."""
        for action in GRID_SCREEN:
            yield Entry(action.does, "action", partial(self.run_action, action.method), offered=True)
        for product in self._sheet_products():
            yield Entry(
                shown_name(product.name, product.id), "show this product", partial(self._show_product, product.id), True
            )
        grid = self.grid
        for action in GRID_MOVES:
            yield Entry(action.does, "action", partial(grid.run_action, action.method))
        if grid.view is None:
            return
        for line in grid.view.metric_lines:
            yield Entry(grid.view.rows[line].title, "go to this metric", partial(self._go, line, None))
        for place, month in enumerate(grid.view.months):
            yield Entry(f"{month.long_label} {month}", "go to this month", partial(self._go, None, place))

    def _go(self, line: int | None, place: int | None) -> None:
        grid = self.grid
        grid.move_to(grid.line if line is None else line, grid.place if place is None else place)


def _progress_words(state: SheetState) -> str:
    progress = state.progress
    if progress is None:
        return "Starting …"
    stage = safe_text(progress.stage)
    return f"{stage} {progress.done:,} of {progress.total:,}" if progress.total else f"{stage} …"


def _banner_words(state: SheetState) -> str:
    """What to say above the keys about numbers that are not the newest; empty where they are."""
    if state.loaded is None or not state.loaded.sheet.products:
        return ""
    if state.failure is not None:
        return f"These are the numbers from before. {state.failure.message} Press r to try again."
    if state.changed:
        names = ", ".join(safe_text(name) for name in state.changed)
        return f"Changed on disk since these numbers were read: {names}. Press r to read again."
    return ""


def _nothing_found(loaded: LoadedSheet) -> str:
    worst = next((problem for problem in loaded.problems if problem.severity == Severity.ERROR), None)
    if worst is not None:
        return f"{safe_text(str(worst))} Press p for all problems; `reviewtui check` lists them too."
    tables = ", ".join(dict.fromkeys(table for state in loaded.sheet.sources for table in state.tables))
    if tables:
        return f"The tables that were found have no usable rows: {safe_text(tables)}."
    names = ", ".join(safe_text(state.name) for state in loaded.sheet.sources)
    where = f"Nothing in {names} is named like a table this program knows" if names else "No source could be read"
    return f"{where}: `reviewtui check` lists what was found and what each metric needs. Press p for the problems."


def _place_of(sheet: MetricSheet, month: str | None) -> int | None:
    """Where a month of an earlier session is now; None where it is not in the sheet."""
    if month is None:
        return None
    try:
        return sheet.months.index(Month.parse(month))
    except ValueError:
        return None
