"""The base of every screen that lists records: title, list, details below or beside it, keys.

A screen of its own says what the rows are (`rows`), what is told about one (`detail`), and what Enter does
(`open_row`); it calls `show` when its records have changed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.containers import Container
from textual.screen import Screen

from reviewtui.actions.action import Action, bindings_of, first_key, remapped, with_footer
from reviewtui.actions.lists import LIST
from reviewtui.actions.numbers import APP
from reviewtui.palette import Entry
from reviewtui.paths import styles_dir
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.record_list import ListColumn, ListRow, RecordList
from reviewtui.widgets.scrolled_lines import ScrolledLines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from reviewtui.app import ReviewApp
    from reviewtui.widgets.prompt_line import Question
    from reviewtui.widgets.spans import Line

BESIDE_FROM_COLUMNS = 140
"""From this width on the details stand beside the list."""

FLAT_BELOW_LINES = 20
"""Below this height there is no room for details."""

_LINES_AROUND = 2
"""Title and keys."""
_LEAST_DETAIL = 40
"""Per cent of the lines that details below a long list have."""


class ListScreen(Screen[None]):
    """Lists records; its subclasses say which."""

    BINDINGS = bindings_of(LIST)
    KEYS_OF = "Drafts"
    """Whose keys the help lists: a key of `actions.SCREENS`."""
    CSS_PATH: ClassVar = [styles_dir() / "record_list.tcss"]

    ACTIONS: ClassVar[tuple[Action, ...]] = LIST
    """What can be done here; the footer and the palette are made from it, `BINDINGS` likewise."""
    HEADING: ClassVar[str] = ""
    COLUMNS: ClassVar[tuple[ListColumn, ...]] = ()
    EMPTY: ClassVar[str] = "There is nothing here yet."
    """What is said instead of rows: what would be here, and which key makes the first."""

    def __init__(self) -> None:
        super().__init__()
        self._filter = ""

    # What a screen of its own says

    def rows(self) -> Sequence[ListRow]:
        """The rows, in their order; those of a section together."""
        raise NotImplementedError

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:  # noqa: ARG002 - for subclasses
        """What is told about the row under the cursor; nothing: there is no such part."""
        return ()

    def open_row(self, row: ListRow) -> None:
        """Enter was pressed on a row."""
        raise NotImplementedError

    def enter_word(self, row: ListRow) -> str:  # noqa: ARG002 - for subclasses
        """What Enter does on this row, for the foot of the screen; empty: what it does on most."""
        return ""

    def empty_words(self) -> str:
        """What is said instead of rows."""
        return self.EMPTY

    def title_words(self) -> tuple[str, str]:
        """What stands beside the heading, and what needs attention, at the right."""
        return "", ""

    def offered(self) -> list[Action]:
        """What the keys at the foot do."""
        return [action for action in remapped((*self.ACTIONS, *APP), self.review_app.keymap) if action.footer]

    # The parts

    def compose(self) -> ComposeResult:
        """Title, list, details, keys."""
        yield TitleLine(id="title")
        with Container(id="body"):
            yield RecordList(self.COLUMNS, id="list")
            yield ScrolledLines(self._detail_lines, id="detail")
        yield KeyLine(self.offered(), id="keys")

    def on_mount(self) -> None:
        """Show the rows."""
        self.show()

    def on_resize(self) -> None:
        """Place the details where there is room."""
        self.set_class(self.size.width >= BESIDE_FROM_COLUMNS, "-wide")
        self.set_class(self.size.height < FLAT_BELOW_LINES, "-flat")
        self._share_lines()

    def _share_lines(self) -> None:
        """Where the details lie below, give them the lines that the list does not need."""
        detail, body = self.query_one(ScrolledLines), self.size.height - _LINES_AROUND
        if self.has_class("-wide") or body <= 0:
            detail.styles.clear_rule("height")
        else:
            detail.styles.height = max(body * _LEAST_DETAIL // 100, body - self.list.whole_height)

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    @property
    def list(self) -> RecordList:
        """The list."""
        return self.query_one(RecordList)

    @property
    def row(self) -> ListRow | None:
        """The row under the cursor."""
        return self.list.row

    def show(self) -> None:
        """Show the rows as they are now."""
        self.list_rows(self.rows(), self.empty_words())
        self.show_title()
        self.show_detail()

    def list_rows(self, rows: Sequence[ListRow], empty: str) -> None:
        """List `rows`, or say `empty` where there is none, in as many lines as that needs."""
        self.list.show(rows, empty=empty)
        self._share_lines()

    def show_title(self) -> None:
        """Name what is listed, and by which words it is narrowed."""
        about, attention = self.title_words()
        state = f"only: {self._filter}" if self._filter else ""
        self.query_one(TitleLine).show(self.HEADING, about, state, attention)

    def show_detail(self) -> None:
        """Tell about the row under the cursor, and what Enter does there."""
        self.query_one(ScrolledLines).lay_out(from_top=True)
        word = self.enter_word(self.row) if self.row is not None else ""
        offered = self.offered()
        self.query_one(KeyLine).offer(with_footer(offered, "open_row", word) if word else offered)

    def _detail_lines(self, width: int) -> Sequence[Line]:
        row = self.row
        return self.detail(row, width) if row is not None else ()

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)

    def ask(self, question: Question) -> None:
        """Ask at the foot of the screen."""
        from reviewtui.widgets.prompt_line import PromptLine

        self.mount(PromptLine(question, give_back_keys=partial(self.set_focus, None)))

    @on(RecordList.Focused)
    def _tell_about_row(self) -> None:
        self.show_detail()

    @on(RecordList.Opened)
    def _open_pressed(self, message: RecordList.Opened) -> None:
        self.open_row(message.row)

    # Moving

    def action_previous_row(self) -> None:
        """One row up."""
        self.list.move(-1)

    def action_next_row(self) -> None:
        """One row down."""
        self.list.move(1)

    def action_page_up(self) -> None:
        """One page up."""
        self.list.move_lines(-self.list.page)

    def action_page_down(self) -> None:
        """One page down."""
        self.list.move_lines(self.list.page)

    def action_first_row(self) -> None:
        """The first row."""
        self.list.move_to_end(is_last=False)

    def action_last_row(self) -> None:
        """The last row."""
        self.list.move_to_end(is_last=True)

    def action_detail_down(self) -> None:
        """Half a page of the details on."""
        detail = self.query_one(ScrolledLines)
        detail.scroll_relative(y=max(1, detail.size.height // 2), animate=False)

    def action_detail_up(self) -> None:
        """Half a page of the details back."""
        detail = self.query_one(ScrolledLines)
        detail.scroll_relative(y=-max(1, detail.size.height // 2), animate=False)

    # Finding

    def action_find(self) -> None:
        """Ask for words; the cursor goes to the first row that has them while they are typed."""
        from reviewtui.widgets.prompt_line import Question

        start = self.row.id if self.row is not None else None

        def typed(text: str) -> str:
            return self.list.search(text, start=start)

        def moved(step: int) -> str:
            self.list.step_found(step)
            return self.list.found_words if self.list.is_searching else ""

        def left() -> None:
            self.list.search("")
            if start is not None:
                self.list.go_to(start)

        self.ask(Question("Find", lambda _: "", typed, moved, left))

    def action_next_found(self) -> None:
        """The next row found, from the last to the first."""
        self._step_found(1)

    def action_previous_found(self) -> None:
        """The row found before."""
        self._step_found(-1)

    def _step_found(self, step: int) -> None:
        self.list.step_found(step)
        self.say(self.list.found_words if self.list.is_searching else "Nothing is looked for.")

    def action_filter(self) -> None:
        """Ask for words; only rows that have them all are listed while they are typed."""
        from reviewtui.widgets.prompt_line import Question

        def typed(text: str) -> str:
            self._filter = text.strip()
            count = self.list.narrow(text)
            self.show_title()
            return f"{count:,} of {len(self.list.all_rows):,}"

        self.ask(Question("Only rows with", lambda _: "", typed, None, self.clear_filter))

    def clear_filter(self) -> None:
        """List all rows again."""
        self._filter = ""
        self.list.narrow("")
        self.show_title()

    # Doing

    def action_open_row(self) -> None:
        """What Enter does with the row under the cursor."""
        if self.row is not None:
            self.open_row(self.row)

    def action_back(self) -> None:
        """List all rows again; else return to where it was opened."""
        if self._filter:
            self.clear_filter()
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Return to where it was opened."""
        self.dismiss()

    def palette_entries(self) -> Iterator[Entry]:
        """What can be done here."""
        for action in remapped(self.ACTIONS, self.review_app.keymap):
            yield Entry(action.does, "action", partial(self.run_action, action.method), True, first_key(action))
