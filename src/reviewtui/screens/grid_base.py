"""What the parts of the grid screen share: its widgets, what is loaded, and the view options of the person."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from reviewtui.actions.action import first_key, remapped
from reviewtui.actions.numbers import GRID_SCREEN, STEPS
from reviewtui.metrics.derived import Values
from reviewtui.sheet_state import Place, Position
from reviewtui.trail import Trail
from reviewtui.widgets.lines import KeyLine, ViewLine
from reviewtui.widgets.metric_grid import MetricGrid
from reviewtui.widgets.view_words import cell_words, view_words

if TYPE_CHECKING:
    from reviewtui.actions.action import Action
    from reviewtui.app import ReviewApp
    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.metrics.sheet import MetricSheet, Product
    from reviewtui.months import Month
    from reviewtui.sheet_state import ViewOptions


class GridBase(Screen[None]):
    """The grid screen without its actions."""

    _loaded: LoadedSheet | None = None

    def __init__(self) -> None:
        super().__init__()
        self.trail = Trail()
        self._has_said = False
        """Whether the action that runs has said something itself."""
        self._outcome = ""
        """What the action that runs has led to, in a few words."""
        self._stood = (0, 0)
        """Row and column of the cursor before the action that runs."""
        self._was_at_end = False
        """Whether the last action was a step that led nowhere."""

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    @property
    def grid(self) -> MetricGrid:
        """The grid widget."""
        return self.query_one(MetricGrid)

    @property
    def sheet(self) -> MetricSheet | None:
        """The numbers on the screen."""
        return self._loaded.sheet if self._loaded is not None else None

    @property
    def products(self) -> tuple[Product, ...]:
        """The products of the sheet, in the order to show."""
        return self.sheet.products if self.sheet is not None else ()

    @property
    def product(self) -> Product | None:
        """The product on the screen."""
        view = self.grid.view
        return next((item for item in self.products if view is not None and item.id == view.product), None)

    def show_product(self, product_id: str | None) -> None:
        """Show a product, or the first, on the metric and month of the position where they exist."""
        raise NotImplementedError

    # What is said at the foot

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self._has_said = True
        self.query_one(KeyLine).say(message)

    def say_view(self, words: str) -> None:
        """Confirm how the numbers are looked at now, beside the key that did it."""
        self._outcome = words

    def begin_action(self, action: Action) -> None:
        """Forget what the action before had to say, and remember the place if this one leads away from it."""
        self._has_said, self._outcome = False, ""
        self._stood = self.grid.line, self.grid.place
        if action.is_jump:
            self.leave_place()

    def echo(self, action: Action) -> None:
        """Name an action that was done and its key for a while, so that it is learned; a step only at its end."""
        is_step, leads_nowhere = action.id in STEPS, self._stood == (self.grid.line, self.grid.place)
        if action.owner != "app" and not (is_step and not leads_nowhere):
            known = remapped([action], self.review_app.keymap)[0]
            words = "" if self._has_said else self._outcome or STEPS.get(action.id, known.does)
            self.query_one(KeyLine).echo(first_key(known), words)
        elif is_step and self._was_at_end:
            self.query_one(KeyLine).fall_silent()
        self._was_at_end = is_step and leads_nowhere

    def key_of(self, action_id: str) -> str:
        """The key that a person has for an action of this screen."""
        return next(first_key(item) for item in remapped(GRID_SCREEN, self.review_app.keymap) if item.id == action_id)

    @cached_property
    def _back_key(self) -> str:
        return self.key_of("screen.back")

    # The view

    @property
    def options(self) -> ViewOptions:
        """How the person looks at the numbers."""
        return self.review_app.view_options

    def has_targets(self, product_id: str) -> bool:
        """Whether a product has targets to be measured against."""
        return self.sheet is not None and any(product == product_id for product, _ in self.sheet.targets)

    def show_view_words(self) -> None:
        """Name the view above the grid where it is not the usual one, and what the cell under the cursor says."""
        grid = self.grid
        line = self.query_one(ViewLine)
        if grid.view is None:
            line.show("", "")
        else:
            words = view_words(grid.view.options, self._back_key)
            line.show(words, cell_words(grid.view, grid.line, grid.place) if words else "")

    # Places

    @property
    def place(self) -> Place:
        """Where the person is."""
        options = self.options
        return Place(self.review_app.position, options.values, options.quarters, options.rows, options.section)

    def leave_place(self) -> None:
        """Remember this place before going to another."""
        if self.grid.view is not None:
            self.trail.leave(self.place)

    def go_to(self, metric_id: str | None, month: Month | None) -> None:
        """Put the cursor on a metric and a month, whatever it takes to list them."""
        raise NotImplementedError


def shown_options(options: ViewOptions, *, has_targets: bool) -> ViewOptions:
    """The options as they apply to a product: without targets there is no distance from them."""
    if options.values is Values.TARGET and not has_targets:
        options = options._replace(values=Values.PLAIN)
    return options


def position_with(position: Position, *, metric: str | None = None, month: Month | None = None) -> Position:
    """The same position on another metric or month."""
    return Position(position.product, metric or position.metric, str(month) if month is not None else position.month)
