"""Search every record while the words are typed; what is found opens where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from reviewtui.actions.action import bindings_of, remapped
from reviewtui.actions.writing import SEARCH
from reviewtui.errors import ReviewError
from reviewtui.paths import styles_dir
from reviewtui.text import counted, safe_text
from reviewtui.widgets.fitting import shorten, wrap
from reviewtui.widgets.line_input import LineInput
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.scrolled_lines import ScrolledLines
from reviewtui.widgets.spans import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from reviewtui.app import ReviewApp
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.search import Found, Hit

SEARCH_AFTER_SECONDS = 0.12
"""How long nothing is typed before it is searched."""

_HINT = (
    'All words have to be there; each may be the beginning of one. "Two words" stand just so. These narrow the search:'
    " product: tag: after: before: type: role: icp: has:followup author: company: metric:"
)
_LINES_OF_A_HIT = 3


@dataclass(eq=False, repr=False)
class SearchDone(Message):
    """What was found, or why nothing could be."""

    words: str
    found: Found | None
    problem: str = ""


class SearchScreen(Screen[None]):
    """One line to type in, and what it finds."""

    BINDINGS = bindings_of(SEARCH)
    KEYS_OF = "Search"
    """Whose keys the help lists."""
    CSS_PATH: ClassVar = [styles_dir() / "search.tcss"]
    AUTO_FOCUS = "#words"

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self._begun_with = words
        self._words = ""
        self._found: Found | None = None
        self._at = 0
        self.answered = ""
        """The words that what is listed was found for."""

    def compose(self) -> ComposeResult:
        """Title, the words, hits, keys."""
        yield TitleLine(id="title")
        yield LineInput(self._begun_with, id="words")
        yield ScrolledLines(self._lines, id="hits")
        footer = remapped(SEARCH, self.review_app.keymap)
        yield KeyLine([action for action in footer if action.footer], id="keys")

    def on_mount(self) -> None:
        """Search anew when a record changes on disk."""
        self.query_one(TitleLine).show("Search")
        self.watch(self.app, "records", self._search_soon, init=False)

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)

    # Searching

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._words, self._at = event.value, 0
        self._search_soon()

    def _search_soon(self) -> None:
        words = self._words
        if not words.strip():
            self._found = None
            self._show()
        else:
            self.set_timer(SEARCH_AFTER_SECONDS, lambda: self._search(words) if words == self._words else None)

    @work(thread=True, exit_on_error=False, group="search")
    def _search(self, words: str) -> None:
        if words != self._words:
            return
        try:
            found = self.review_app.library.search(words)
        except ReviewError as error:
            self.post_message(SearchDone(words, None, error.message))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the app goes on
            self.review_app.keep_fault(error)
            self.post_message(SearchDone(words, None, "A fault in the program: nothing could be searched."))
        else:
            self.post_message(SearchDone(words, found))

    @on(SearchDone)
    def _take(self, message: SearchDone) -> None:
        if message.words != self._words:
            return
        self._found, self.answered = message.found, message.words
        if message.problem:
            self.say(message.problem)
        self._show()

    def _show(self) -> None:
        found = self._found
        about = f"{counted(found.total, 'record')} found" if found is not None else ""
        attention = f"{len(found.unread)} not searched" if found is not None and found.unread else ""
        self.query_one(TitleLine).show("Search", about, "", attention)
        self._at = max(0, min(self._at, len(found.hits) - 1)) if found is not None else 0
        self.query_one(ScrolledLines).lay_out()
        self._scroll()

    # What is shown

    def _lines(self, width: int) -> Sequence[Line]:
        found = self._found
        if found is None:
            return [(), *((Span(f"  {line}", "quiet"),) for line in wrap(_HINT, width - 4))]
        lines: list[Line] = []
        for place, hit in enumerate(found.hits):
            lines += _hit_lines(hit, width, is_here=place == self._at)
        if not found.hits:
            lines += [(), (Span("  Nothing is found.", "quiet"),)]
        for note in (*found.notes, *found.unread_words):
            lines += [(Span(f"  {line}", "note"),) for line in wrap(note, width - 4)]
        if found.total > len(found.hits):
            lines.append((Span(f"  The first {len(found.hits)} are listed; another word narrows them.", "quiet"),))
        return lines

    def _scroll(self) -> None:
        hits = self.query_one(ScrolledLines)
        top = self._at * _LINES_OF_A_HIT
        if top < hits.scroll_offset.y:
            hits.scroll_to(y=top, animate=False)
        elif top + _LINES_OF_A_HIT > hits.scroll_offset.y + hits.size.height:
            hits.scroll_to(y=top + _LINES_OF_A_HIT - hits.size.height, animate=False)

    # Actions

    def action_previous_hit(self) -> None:
        """The hit above."""
        self._step(-1)

    def action_next_hit(self) -> None:
        """The hit below."""
        self._step(1)

    def action_page_up(self) -> None:
        """A page of hits up."""
        self._step(-max(1, self.query_one(ScrolledLines).size.height // _LINES_OF_A_HIT))

    def action_page_down(self) -> None:
        """A page of hits down."""
        self._step(max(1, self.query_one(ScrolledLines).size.height // _LINES_OF_A_HIT))

    def _step(self, step: int) -> None:
        if self._found is not None and self._found.hits:
            self._at = max(0, min(len(self._found.hits) - 1, self._at + step))
            self.query_one(ScrolledLines).lay_out()
            self._scroll()

    def action_open_hit(self) -> None:
        """Show the record where it belongs."""
        if self._found is not None and self._found.hits:
            document = self._found.hits[self._at].document
            self.review_app.show_target(document.id)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter opens the hit."""
        event.stop()
        self.action_open_hit()

    def action_close(self) -> None:
        """Return to where it was opened."""
        self.dismiss()


def _hit_lines(hit: Hit, width: int, *, is_here: bool) -> list[Line]:
    document = hit.document
    sign, role = ("›", "chosen") if is_here else (" ", "value")
    facts = " · ".join(part for part in (document.kind, document.day, hit.product) if part)
    title = shorten(document.title, max(10, width - len(facts) - 6))
    spans: list[Span] = [Span("    ", "")]
    room = width - 4
    for run in hit.snippet:
        text = safe_text(run.text)[: max(0, room)]
        room -= len(text)
        if text:
            spans.append(Span(text, "target" if run.is_hit else "text"))
    return [(Span(f"{sign} {title}", role), Span(f"  {safe_text(facts)}", "quiet")), tuple(spans), ()]
