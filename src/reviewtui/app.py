"""The app: modes, themes, loading in the background, and the boundary that no fault crosses."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import App
from textual.reactive import var

from reviewtui.actions import APP, bindings_of
from reviewtui.boundary import ControlFilter, leave_on_hangup
from reviewtui.errors import Cancelled, Problem, ReviewError
from reviewtui.faults import fault_sentence, write_fault
from reviewtui.keymap import KEYS_FILE, load_keymap
from reviewtui.messages import SheetLoaded, SheetProgress, SheetUnavailable, SourcesChanged
from reviewtui.months import Month, latest_complete_month
from reviewtui.palette import Entry, Finder
from reviewtui.paths import config_dir, state_dir, styles_dir
from reviewtui.screens.grid import GridScreen
from reviewtui.screens.help import help_screen
from reviewtui.screens.reader import ReaderScreen
from reviewtui.sheet_state import Failure, LoadedSheet, Position, SheetState
from reviewtui.sources.state import Progress
from reviewtui.themes import DARK, OWN_THEMES, THEME_NAMES, VARIABLE_DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from rich.console import RenderableType
    from textual.filter import LineFilter
    from textual.message import Message

    from reviewtui.settings import SessionState

    LoadSheet = Callable[[Callable[[Progress], None], threading.Event], LoadedSheet]


NEWEST_KEY = "newest_complete_month"
"""What the session file remembers, to know a new month when it comes."""

FRESHNESS_SECONDS = 5.0
"""How often the files are looked at for a change."""


class ReviewApp(App[None]):
    """Shows one workspace; `sheet_state` is what the screens follow."""

    TITLE = "reviewtui"
    CSS_PATH: ClassVar = [styles_dir() / "app.tcss"]
    MODES: ClassVar = {"grid": GridScreen}
    DEFAULT_MODE = "grid"
    BINDINGS = bindings_of(APP)
    COMMANDS: ClassVar = {Finder}
    ALLOW_SELECT = False

    sheet_state: var[SheetState] = var(SheetState, init=False)

    def __init__(
        self,
        workspace_root: Path,
        as_of: date,
        *,
        load_sheet: LoadSheet | None = None,
        position: Position | None = None,
        theme: str = DARK.name,
        keys_file: Path | None = None,
        state_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self.workspace_root = workspace_root
        self.as_of = as_of
        self.position = position or Position()
        """Where the cursor stands, or will stand once there are numbers."""
        self.state_folder = state_folder
        self.fault_log: Path | None = None
        self.keymap: dict[str, str] = {}
        self.own_problems: tuple[Problem, ...] = ()
        """What is wrong in files of this person, outside the workspace."""
        self._load_sheet = load_sheet or partial(compute_workspace, workspace_root, as_of)
        self._cancel = threading.Event()
        self._control_filter = ControlFilter()
        self.animation_level = "none"
        for own in OWN_THEMES:
            self.register_theme(own)
        self.theme = theme if theme in self.available_themes else DARK.name
        if keys_file is not None:
            self.keymap, self.own_problems = load_keymap(keys_file)
            self.set_keymap(self.keymap)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of our own names for themes that are not ours."""
        return VARIABLE_DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The toolkit's filters, after control characters have been made visible."""
        return (self._control_filter, *super().get_line_filters())

    def on_mount(self) -> None:
        """Start to compute at once."""
        self.load()
        self.set_interval(FRESHNESS_SECONDS, self.look_at_files)

    # Loading

    def load(self) -> None:
        """Read the files and compute again; numbers that are there stay until new ones come."""
        self._cancel.set()
        self._cancel = threading.Event()
        self.sheet_state = replace(self.sheet_state, progress=Progress("Reading the files"), failure=None)
        self._compute(self._cancel)

    @work(thread=True, exclusive=True, exit_on_error=False, group="sheet")
    def _compute(self, cancel: threading.Event) -> None:
        def post(fact: Message) -> None:
            if not cancel.is_set():
                self.post_message(fact)

        try:
            loaded = self._load_sheet(lambda progress: post(SheetProgress(progress)), cancel)
        except Cancelled:
            # Asked for elsewhere while this computation is still wanted: say so rather than wait for ever.
            post(SheetUnavailable(Failure("Stopped", "The computation was stopped.")))
        except ReviewError as error:
            post(SheetUnavailable(Failure(error.headline, error.message)))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the old numbers stay usable
            log = self._keep_fault(error)
            where = f" Where it happened is written in {log}." if log is not None else ""
            post(SheetUnavailable(Failure("A fault in the program", f"The numbers could not be computed.{where}")))
        else:
            post(SheetLoaded(loaded))

    @on(SheetProgress)
    def show_progress(self, message: SheetProgress) -> None:
        """Say how far it is."""
        self.sheet_state = replace(self.sheet_state, progress=message.progress)

    @on(SheetLoaded)
    def show_numbers(self, message: SheetLoaded) -> None:
        """Replace the numbers, unless they are fewer only because a source cannot be read at the moment."""
        before, lost = self.sheet_state.loaded, message.loaded.lost_since(self.sheet_state.loaded)
        if lost and before is not None:
            self.sheet_state = SheetState(before, failure=Failure("A source could not be read", lost))
        else:
            self.sheet_state = SheetState(message.loaded)

    @on(SheetUnavailable)
    def show_failure(self, message: SheetUnavailable) -> None:
        """Keep the old numbers and say why there are no new ones."""
        self.sheet_state = SheetState(self.sheet_state.loaded, failure=message.failure)

    @work(thread=True, exclusive=True, exit_on_error=False, group="freshness")
    def look_at_files(self) -> None:
        """See whether the numbers on the screen are still those of the files; a slow disk holds up nobody."""
        from reviewtui.sources.freshness import changed_sources

        state = self.sheet_state
        if state.loaded is None or state.progress is not None:
            return
        names = tuple(source.name for source in changed_sources(state.loaded.sheet.sources))
        if names != state.changed:
            self.post_message(SourcesChanged(names))

    @on(SourcesChanged)
    def show_changed(self, message: SourcesChanged) -> None:
        """Say that newer numbers could be had."""
        if self.sheet_state.progress is None:
            self.sheet_state = replace(self.sheet_state, changed=message.names)

    # Actions

    def action_show_grid(self) -> None:
        """Close whatever lies over the grid."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_help(self) -> None:
        """List the keys; a second time: go back."""
        if isinstance(self.screen, ReaderScreen):
            self.screen.dismiss()
        else:
            self.push_screen(help_screen(self.keymap))

    def action_help_quit(self) -> None:
        """Ctrl+C is pressed by habit: say which key leaves."""
        if isinstance(self.screen, GridScreen):
            self.screen.say("Press q to leave.")

    def palette_entries(self) -> Iterator[Entry]:
        """Actions of the app, and its themes."""
        for action in APP:
            if action.method != "command_palette":
                yield Entry(action.does, "action", partial(self.run_action, action.method), offered=True)
        for name in THEME_NAMES:
            yield Entry(f"Use theme {name}", "change the colours", partial(setattr, self, "theme", name))

    # Leaving

    @property
    def failed(self) -> bool:
        """Whether a fault of the program ended it."""
        return self._exception is not None

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Stop computing and leave."""
        self._cancel.set()
        super().exit(result, return_code, message)

    def stop_computing(self) -> None:
        """Ask the computation to end; returns at once."""
        self._cancel.set()

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002 - not shown on purpose
        """Leave without showing what failed: it may hold data."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        """Leave after a fault, with a report that holds no data."""
        self._cancel.set()
        self._return_code = 1
        if self.fault_log is None and self._exception is not None:
            self.fault_log = self._keep_fault(self._exception)
        self._close_messages_no_wait()

    def _keep_fault(self, error: BaseException) -> Path | None:
        return write_fault(error, self.state_folder) if self.state_folder is not None else None


def run_app(root: Path, as_of: date) -> int:
    """Open the app on the workspace `root`; the exit code. Remembers the place for the next time."""
    from reviewtui.settings import load_session, save_session

    session = load_session(root)
    app = ReviewApp(
        root,
        as_of,
        position=remembered_position(session, as_of),
        theme=session.theme,
        keys_file=config_dir() / KEYS_FILE,
        state_folder=state_dir(root),
    )

    return run(app, remember=lambda: save_session(root, replace(session, **_remembered(app, session.other))))


def remembered_position(session: SessionState, as_of: date) -> Position:
    """Where to stand: within a month where it was left, in a new month on the newest complete one."""
    is_same_month = session.other.get(NEWEST_KEY) == str(latest_complete_month(as_of))
    month = str(session.month) if session.month is not None and is_same_month else None
    return Position(session.product or None, session.metric or None, month)


def run(app: ReviewApp, remember: Callable[[], object]) -> int:
    """Show `app` until the person leaves, a signal ends it or it fails; `remember` is called unless it failed."""

    def before_leaving() -> None:
        app.stop_computing()
        remember()

    leave_on_hangup(before_leaving)
    app.run(mouse="SSH_CONNECTION" not in os.environ)
    if app.failed:
        sys.stderr.write(fault_sentence(app.fault_log) + "\n")
        return 1
    remember()
    return app.return_code or 0


def _remembered(app: ReviewApp, other: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the session that the app knows."""
    place = app.position
    return {
        "product": place.product or "",
        "metric": place.metric or "",
        "month": Month.parse(place.month) if place.month is not None else None,
        "theme": app.theme,
        "other": {**other, NEWEST_KEY: str(latest_complete_month(app.as_of))},
    }


def compute_workspace(
    root: Path, as_of: date, on_progress: Callable[[Progress], None], cancel: threading.Event
) -> LoadedSheet:
    """Load the workspace and compute its numbers in a child process; raises `ReviewError`."""
    from datetime import UTC, datetime

    from reviewtui.numbers import load_numbers
    from reviewtui.workspace.atomic import sweep_stale_temps
    from reviewtui.workspace.load import load_workspace

    sweep_stale_temps(root, datetime.now(UTC))
    workspace = load_workspace(root)
    sheet = load_numbers(workspace, as_of, on_progress=on_progress, cancel=cancel)
    return LoadedSheet(sheet, workspace.problems)
