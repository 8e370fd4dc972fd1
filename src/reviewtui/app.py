"""The app: screens, themes, and the boundary that no fault crosses."""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.keys import key_to_character

from reviewtui.actions.action import bindings_of, first_key, key_sign, remapped
from reviewtui.actions.numbers import APP
from reviewtui.actions.reviews import TOUR
from reviewtui.cell_rows import CellRows, workspace_drivers, workspace_rows
from reviewtui.drafting import DraftingApp
from reviewtui.faults import write_fault
from reviewtui.git_app import GitApp
from reviewtui.insight_app import InsightApp
from reviewtui.judging_app import JudgingApp
from reviewtui.keymap import load_keymap
from reviewtui.loading import compute_newest_first
from reviewtui.loading_app import LoadingApp
from reviewtui.months import Month
from reviewtui.painting_app import PaintingApp
from reviewtui.palette import Entry, Finder
from reviewtui.paths import styles_dir
from reviewtui.screens.grid import GridScreen
from reviewtui.screens.grid_base import GridBase
from reviewtui.screens.known_actions import known_action
from reviewtui.sheet_state import Position, SheetState, ViewOptions
from reviewtui.text import safe_text
from reviewtui.themes import DARK, OWN_THEMES, THEME_NAMES, VARIABLE_DEFAULTS
from reviewtui.tour_app import TourApp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from rich.console import RenderableType
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.screen import Screen

    from reviewtui.cell_rows import FetchDrivers, FetchRows
    from reviewtui.costs_reading import CostsRead
    from reviewtui.errors import Problem
    from reviewtui.first_frame import FirstFrame
    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.loading import LoadSheet
    from reviewtui.widgets.comparison_view import CompareOptions


SECONDS_FOR_KEYS = 0.1
"""How long what was pressed before there was an app, and not answered, has it for itself."""

FRESHNESS_SECONDS = 5.0
"""How often the files are looked at for a change."""

_HELP = "app.help"


class ReviewApp(PaintingApp, DraftingApp, GitApp, InsightApp, LoadingApp, JudgingApp, TourApp):
    """Shows one workspace; `sheet_state` is what the screens follow."""

    TITLE = "reviewtui"
    CSS_PATH: ClassVar = [styles_dir() / "app.tcss", *GridScreen.CSS_PATH]
    """With the first screen's, so that the style sheets are put together once."""
    BINDINGS = bindings_of((*APP, *TOUR))
    COMMANDS: ClassVar = {Finder}
    ALLOW_SELECT = False

    def __init__(
        self,
        workspace_root: Path,
        as_of: date,
        *,
        load_sheet: LoadSheet | None = None,
        loaded: LoadedSheet | None = None,
        earlier: LoadedSheet | None = None,
        fetch_rows: FetchRows | None = None,
        fetch_drivers: FetchDrivers | None = None,
        position: Position | None = None,
        view_options: ViewOptions | None = None,
        theme: str = DARK.name,
        keys_file: Path | None = None,
        state_folder: Path | None = None,
        first_frame: FirstFrame | None = None,
    ) -> None:
        super().__init__(first_frame)
        self.workspace_root = workspace_root
        self.as_of = as_of
        self.position = position or Position()
        self.view_options = view_options or ViewOptions()
        """How the person looks at the numbers."""
        self.costs_read: CostsRead | None = None
        """The costs that were read last; None: nobody has asked yet."""
        self.compare_options: CompareOptions | None = None
        """How the person compares products; None: they have not yet."""
        self.compared_before: object = None
        """How they did in the session before, as it was written down."""
        self.state_folder = state_folder
        self.fault_log: Path | None = None
        self._has_panicked = False
        self.keymap: dict[str, str] = {}
        self.own_problems: tuple[Problem, ...] = ()
        """What is wrong in files of this person, outside the workspace."""
        self._load_sheet = load_sheet or partial(compute_newest_first, workspace_root, as_of)
        self.cell_rows = CellRows(fetch_rows or workspace_rows(workspace_root, as_of))
        """What lies behind the cells that were looked at."""
        self.cell_drivers = CellRows(fetch_drivers or workspace_drivers(workspace_root, as_of))
        """What moved the cells that were looked at."""
        if loaded is not None:
            self.set_reactive(ReviewApp.sheet_state, SheetState(loaded))
        elif earlier is not None:
            self.set_reactive(ReviewApp.sheet_state, SheetState(earlier, is_earlier=True))
        self.animation_level = "none"
        for own in OWN_THEMES:
            self.register_theme(own)
        # No watcher yet: the toolkit calls it when it starts.
        self.set_reactive(App.theme, theme if theme in self.available_themes else DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())
        if keys_file is not None:
            self.keymap, self.own_problems = load_keymap(keys_file)
            self.set_keymap(self.keymap)

    def get_default_screen(self) -> Screen[Any]:
        """The grid; as the screen of a mode it would have all style sheets parsed twice."""
        return GridScreen()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of our own names for themes that are not ours."""
        return VARIABLE_DEFAULTS

    def on_mount(self) -> None:
        """Start to compute at once, unless the numbers are there."""
        # Textual paints nothing when a stopped process goes on; the terminal is empty then.
        self.app_resume_signal.subscribe(self, lambda _app: self.action_repaint())
        if self.sheet_state.loaded is None or self.sheet_state.is_earlier:
            self.load()
        self.set_interval(FRESHNESS_SECONDS, self.look_at_files)
        self.set_interval(FRESHNESS_SECONDS, self.read_records)

    def on_ready(self) -> None:
        """Begin with all the rest; collect garbage again where a start did without: what is there by now stays."""
        if self.first_frame is not None and self.first_frame.owes_answer:
            self.set_timer(SECONDS_FOR_KEYS, self._begin)
        else:
            self._begin()
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def _begin(self) -> None:
        """Read and judge what the numbers alone do not tell."""
        self.read_records()
        self.follow_git()
        self.follow_sheet()
        self.offer_tour()
        if self.is_holding:
            self.paint_when_at_rest()

    # Actions

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or the palette asks for, and name its key so that it is learned."""
        stack = self.screen_stack if self._running else []
        screen = next((item for item in reversed(stack) if isinstance(item, GridBase)), None)
        known = known_action(action, default_namespace) if screen is not None else None
        if screen is not None and known is not None:
            screen.begin_action(known)
        done = await super().run_action(action, default_namespace, namespaces)
        if screen is not None and known is not None and screen.is_current:
            screen.echo(known)
        return done

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Act on a key; a character that nothing on the screen answers to says so, and where the keys are listed."""
        is_done = await super()._check_bindings(key, priority)
        if not is_done and not priority:
            self._say_unanswered(key)
        return is_done

    def _say_unanswered(self, key: str) -> None:
        character, say = key_to_character(key) or "", getattr(self.screen, "say", None)
        if character.isprintable() and not character.isspace() and callable(say) and character:
            active = self.screen.active_bindings.items()
            listed = next((f" {key_sign(help_)} lists the keys." for help_, to in active if to.binding.id == _HELP), "")
            say(f"{safe_text(character)} does nothing here.{listed}")

    def action_next_theme(self) -> None:
        """The next of the themes."""
        names = list(THEME_NAMES)
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]
        if isinstance(self.screen, GridBase):
            self.screen.say(f"Theme: {self.theme}")

    def action_show_grid(self) -> None:
        """Close whatever lies over the grid."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_show_compare(self) -> None:
        """One metric over all products, in place of what lies over the grid."""
        from reviewtui.screens.compare import CompareScreen

        self.show_over_grid(CompareScreen)

    def action_show_customers(self) -> None:
        """Who pays for the product, in place of what lies over the grid."""
        from reviewtui.screens.customers import CustomersScreen

        self.show_over_grid(CustomersScreen)

    def action_show_costs(self) -> None:
        """What a unit costs, in place of what lies over the grid."""
        from reviewtui.screens.costs import CostsScreen

        self.show_over_grid(CostsScreen)

    def show_alert(self, row: str) -> None:
        """Show the alert of costs in a row of the Costs screen."""
        from reviewtui.screens.costs import CostsScreen

        self.action_show_grid()
        self.show_over_grid(lambda: CostsScreen(row))

    def action_show_review(self) -> None:
        """The review of the month, in place of what lies over the grid."""
        from reviewtui.screens.review import ReviewScreen

        self.show_over_grid(ReviewScreen)

    def action_show_todos(self) -> None:
        """The to-dos of all products, in place of what lies over the grid."""
        from reviewtui.screens.todos import TodosScreen

        self.show_over_grid(TodosScreen)

    def show_over_grid(self, kind: Callable[[], Screen[None]]) -> None:
        """Open a screen over the grid, in place of any other."""
        grid, *over = self.screen_stack
        for _ in over[1:]:
            self.pop_screen()
        if isinstance(grid, GridScreen) and not over:
            grid.remember_leaving()
            self.push_screen(kind())
        elif self.screen.__class__ is not kind:
            self.switch_screen(kind())

    def show_place(self, place: Position) -> None:
        """Show a cell on the grid, whatever it takes to list it."""
        self.action_show_grid()
        grid = self.screen
        if isinstance(grid, GridScreen) and place.product is not None:
            grid.leave_place()
            self.position = place
            grid.show_product(place.product)
            grid.go_to(place.metric, Month.parse(place.month) if place.month is not None else None)

    def action_help(self) -> None:
        """List the keys; a second time: go back."""
        from reviewtui.screens.help import help_screen
        from reviewtui.screens.reader import ReaderScreen

        if isinstance(self.screen, ReaderScreen):
            self.screen.dismiss()
        else:
            self.push_screen(help_screen(self.keymap, getattr(self.screen, "KEYS_OF", "Grid")))

    def action_help_quit(self) -> None:
        """Ctrl+C is pressed by habit: say which key leaves."""
        if isinstance(self.screen, GridBase):
            self.screen.say("Press q to leave.")

    def action_command_palette(self) -> None:
        """Find by name, and say what can be found."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder="Metric, month, product or action …", id="--command-palette"))

    def palette_entries(self) -> Iterator[Entry]:
        """Actions of the app, and its themes."""
        for action in APP:
            if action.method != "command_palette":
                key = first_key(remapped([action], self.keymap)[0])
                yield Entry(action.does, "action", partial(self.run_action, action.method), offered=True, key=key)
        for name in THEME_NAMES:
            yield Entry(f"Use theme {name}", "change the colours", partial(setattr, self, "theme", name))

    # Leaving

    @property
    def failed(self) -> bool:
        """Whether a fault of the program ended it."""
        return self._exception is not None or self._has_panicked

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Stop computing and leave."""
        self.stop_computing()
        screen, state = self.screen_stack[-1] if self.is_running else None, self.sheet_state
        is_usual = self.can_keep_picture and state.loaded is not None and state == SheetState(state.loaded)
        if is_usual and type(screen) is GridScreen and screen.start_over():
            self.keep_picture(screen, screen.ways())
        super().exit(result, return_code, message)

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002 - not shown on purpose
        """Leave without showing what failed: it may hold data."""
        self._has_panicked = True
        self._fatal_error()

    def _fatal_error(self) -> None:
        """Leave after a fault, with a report that holds no data."""
        self.stop_computing()
        self._return_code = 1
        if self.fault_log is None and self._exception is not None:
            self.fault_log = self.keep_fault(self._exception)
        self._close_messages_no_wait()

    def keep_fault(self, error: BaseException) -> Path | None:
        """Write where the program failed, without data; where that is."""
        return write_fault(error, self.state_folder) if self.state_folder is not None else None
