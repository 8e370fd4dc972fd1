"""One read-only statement on the sources: typed, run in the child process, its rows shown as they come."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.message import Message
from textual.screen import Screen
from textual.widgets import TextArea

from reviewtui.actions.action import bindings_of, remapped
from reviewtui.actions.writing import SQL_PANE
from reviewtui.errors import Cancelled, ReviewError
from reviewtui.insights.dives import LISTED_STATES, STATE_WORDS, by_state
from reviewtui.insights.query_evidence import cannot_keep, figures_text
from reviewtui.paths import styles_dir
from reviewtui.sources.query import QueryHead, QueryPage
from reviewtui.sql_completion import complete
from reviewtui.sql_history import load_history, save_history, with_statement
from reviewtui.text import counted
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.query_lines import result_lines, table_lines
from reviewtui.widgets.spans import Span
from reviewtui.widgets.text_lines import Pane
from reviewtui.workspace.kinds.dives import DIVES, Dive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from reviewtui.app import ReviewApp
    from reviewtui.sources.query import QueryColumn, QueryEnd, Row, TableNames
    from reviewtui.sources.state import Progress
    from reviewtui.widgets.spans import Line


@dataclass(eq=False, repr=False)
class PartArrived(Message):
    """A piece of the result of run `number`, or how it ended."""

    number: int
    part: QueryHead | QueryPage | QueryEnd | Progress | str


@dataclass(eq=False, repr=False)
class NamesKnown(Message):
    """What can be completed."""

    names: tuple[TableNames, ...]


class SqlPane(Screen[None]):
    """A statement above, its result below."""

    BINDINGS = bindings_of(SQL_PANE)
    KEYS_OF = "SQL"
    """Whose keys the help lists."""
    CSS_PATH: ClassVar = [styles_dir() / "sql_pane.tcss"]
    AUTO_FOCUS = "#statement"

    def __init__(self, statement: str = "") -> None:
        super().__init__()
        self._begun_with = statement
        self._number = 0
        self._cancel = threading.Event()
        self._is_running = False
        self._ran = ""
        """The statement whose result is shown."""
        self._columns: tuple[QueryColumn, ...] = ()
        self._more_columns = 0
        self._rows: list[Row] = []
        self._words = "F5 runs the statement. One SELECT; nothing it does can change the data."
        self._cut = ""
        self._first = (0, 0)
        self._names: tuple[TableNames, ...] = ()
        self._history: tuple[str, ...] = ()
        self._place_in_history = 0
        self._offers: tuple[int, int, tuple[str, ...], int] | None = None
        """Start and end of the word that was completed, the offers, and which is in its place."""

    def compose(self) -> ComposeResult:
        """Title, statement, result, keys."""
        yield TitleLine(id="title")
        yield TextArea(self._begun_with, soft_wrap=True, tab_behavior="focus", compact=True, id="statement")
        yield Pane(self._result_lines, id="result")
        footer = remapped(SQL_PANE, self.review_app.keymap)
        yield KeyLine([action for action in footer if action.footer], id="keys")

    def on_mount(self) -> None:
        """Read the history, and ask in the background what can be completed."""
        self._history = load_history(self.review_app.state_folder)
        self._place_in_history = len(self._history)
        self._editor.cursor_blink = False
        self._show()
        self._read_names()

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._cancel.set()

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    @property
    def _editor(self) -> TextArea:
        return self.query_one("#statement", TextArea)

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)

    # Running

    def action_run_statement(self) -> None:
        """Run it in place of what runs now."""
        statement = self._editor.text
        if not statement.strip():
            self.say("There is no statement to run.")
            return
        self._cancel.set()
        self._cancel = threading.Event()
        self._number += 1
        self._is_running, self._ran, self._words, self._cut = True, statement, "Starting …", ""
        self._columns, self._rows, self._first, self._more_columns = (), [], (0, 0), 0
        self._history = with_statement(self._history, statement)
        self._place_in_history = len(self._history)
        self._show()
        self._run_statement(statement, self._number, self._cancel, self._history)

    @work(thread=True, exit_on_error=False, group="statement")
    def _run_statement(self, statement: str, number: int, cancel: threading.Event, history: tuple[str, ...]) -> None:
        from reviewtui.metrics.compute import source_request
        from reviewtui.sources.query import run_query
        from reviewtui.workspace.load import load_workspace

        def post(part: QueryHead | QueryPage | QueryEnd | Progress | str) -> None:
            if not cancel.is_set():
                self.post_message(PartArrived(number, part))

        save_history(self.review_app.state_folder, history)
        try:
            request = source_request(load_workspace(self.review_app.workspace_root))
            post(run_query(request, statement, post, on_progress=post, cancel=cancel))
        except Cancelled:
            return
        except ReviewError as error:
            post(error.message)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the app goes on
            self.review_app.keep_fault(error)
            post("The statement could not be run: a fault in the program.")

    @on(PartArrived)
    def _take_part(self, message: PartArrived) -> None:
        if message.number != self._number:
            return
        part = message.part
        if isinstance(part, QueryHead):
            self._columns, self._rows, self._more_columns = part.columns, [], part.found - len(part.columns)
        elif isinstance(part, QueryPage):
            self._rows += part.rows
        elif isinstance(part, str):
            self._is_running, self._words = False, part
        elif hasattr(part, "stage"):
            self._words = f"{part.stage} …"
        else:
            self._end(part)
        self._show()

    def _end(self, end: QueryEnd) -> None:
        self._is_running, self._cut = False, end.cut
        words = [f"{counted(end.rows, 'row')} in {end.seconds:.1f} s."]
        if end.cut:
            words.append(end.cut)
        if self._more_columns:
            words.append(f"{counted(self._more_columns, 'column')} more are not shown.")
        self._words = " ".join((*words, *end.problems))

    def _show(self) -> None:
        state = "running" if self._is_running else ""
        rows = counted(len(self._rows), "row") if self._rows else ""
        self.query_one(TitleLine).show("SQL", "read-only, on the sources", state, rows)
        self.query_one("#result", Pane).lay_out()

    def _result_lines(self, width: int, height: int) -> Sequence[Line]:
        from reviewtui.widgets.fitting import wrap

        words: list[Line] = [(Span(line, "note" if self._cut else "text"),) for line in wrap(self._words, width)]
        if not self._columns:
            return [*words, (), *table_lines(self._names, width, height - len(words) - 1)]
        return [*words, (), *result_lines(self._columns, self._rows, width, height - len(words) - 1, self._first)]

    # Moving in the result

    def action_rows_down(self) -> None:
        """The next rows."""
        self._scroll(self._page, 0)

    def action_rows_up(self) -> None:
        """The rows before."""
        self._scroll(-self._page, 0)

    def action_columns_right(self) -> None:
        """The next column."""
        self._scroll(0, 1)

    def action_columns_left(self) -> None:
        """The column before."""
        self._scroll(0, -1)

    @property
    def _page(self) -> int:
        return max(1, self.query_one("#result", Pane).size.height - 4)

    def _scroll(self, rows: int, columns: int) -> None:
        top = max(0, min(self._first[0] + rows, len(self._rows) - self._page))
        left = max(0, min(self._first[1] + columns, len(self._columns) - 1))
        self._first = (top, left)
        self._show()

    # History and completion

    def action_earlier_statement(self) -> None:
        """The statement that was run before."""
        self._step_history(-1)

    def action_later_statement(self) -> None:
        """The statement that was run after it."""
        self._step_history(1)

    def _step_history(self, step: int) -> None:
        if not self._history:
            self.say("No statement was run here yet.")
            return
        self._place_in_history = max(0, min(self._place_in_history + step, len(self._history)))
        newest = self._place_in_history == len(self._history)
        self._editor.text = "" if newest else self._history[self._place_in_history]
        self._editor.move_cursor(self._editor.document.end)

    @work(thread=True, exit_on_error=False, group="names")
    def _read_names(self) -> None:
        from reviewtui.metrics.compute import source_request
        from reviewtui.sources.query import table_names
        from reviewtui.workspace.load import load_workspace

        try:
            request = source_request(load_workspace(self.review_app.workspace_root))
            self.post_message(NamesKnown(table_names(request, cancel=self._cancel)))
        except ReviewError:
            return

    @on(NamesKnown)
    def _take_names(self, message: NamesKnown) -> None:
        self._names = message.names
        self._show()

    def action_complete(self) -> None:
        """Complete the word before the cursor; again: the next offer."""
        editor = self._editor
        lines = editor.text.split("\n")
        row, column = editor.cursor_location
        cursor = sum(len(line) + 1 for line in lines[:row]) + column
        if self._offers is not None and self._offers[1] == cursor:
            start, end, offers, at = self._offers
            at = (at + 1) % len(offers)
        else:
            found = complete(editor.text, cursor, self._names)
            if not found.offers:
                self.say("Nothing is called that." if self._names else "The names of the tables are not known yet.")
                return
            start, end, offers, at = found.start, cursor, found.offers, 0
        editor.replace(offers[at], (row, column - (end - start)), (row, column))
        self._offers = (start, start + len(offers[at]), offers, at)
        self.say(f"{at + 1} of {len(offers)}: {'  '.join(offers[at : at + 6])}")

    # Evidence

    def action_attach(self) -> None:
        """Keep statement and result with a deep dive."""
        from reviewtui.widgets.prompt_line import Choice, PromptLine, Question

        figures = figures_text([column.name for column in self._columns], self._rows)
        why_not = cannot_keep(len(self._rows), figures, self._cut)
        if self._is_running or not self._columns or self._more_columns:
            why_not = "There is no whole result yet that could be attached."
        if why_not:
            self.say(why_not)
            return
        listed = by_state(self.review_app.records.of(DIVES))
        choices = [
            Choice(dive.question, STATE_WORDS[state].lower(), dive.id)
            for state in LISTED_STATES
            for dive in listed[state]
        ]
        if not choices:
            self.say("There is no deep dive yet that it could be attached to; D on a cell starts one.")
            return
        question = Question("Attach to", partial(self._attach_to, figures), choices=choices)
        self.mount(PromptLine(question, give_back_keys=self._editor.focus))

    def _attach_to(self, figures: str, dive_id: str) -> str:
        from reviewtui.screens.dive_forms import add_evidence

        dive = self.review_app.records.by_id(dive_id)
        if not isinstance(dive, Dive):
            return "That deep dive is gone."
        given = {"kind": "query", "day": self.review_app.as_of, "statement": self._ran.strip(), "figures": figures}
        # By the screen: the prompt that asked is gone by the time the form is done.
        self.call_next(self.app.push_screen, add_evidence(dive, given), self._told)
        return ""

    def _told(self, result: object) -> None:
        if result is not None:
            self.say("Attached; on the deep dive X runs it again.")

    # Leaving

    def action_back(self) -> None:
        """Stop what runs; else return to where it was opened."""
        if not self._is_running:
            self.dismiss()
            return
        self._cancel.set()
        self._number += 1
        self._is_running, self._words, self._cut = False, "Stopped.", "Stopped before it was done."
        self._show()
