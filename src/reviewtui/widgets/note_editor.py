"""The editor of everything that is written at length: soft wrap, undo, paste of anything.

Control characters and broken characters never get in; what had to be changed is told by a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message
from textual.widgets import TextArea

from reviewtui.text import visible_controls
from reviewtui.typed_text import taken_text
from reviewtui.widgets.form_keys import without_form_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.document._document import EditResult
    from textual.document._edit import Edit
    from textual.strip import Strip

MOST_UNDO_STEPS = 1000
_COUNTED_WORDS_UP_TO = 50_000
"""Characters; counting the words of more at every key would be felt."""


class NoteEditor(TextArea, inherit_bindings=False):
    """Edits one text."""

    BINDINGS = without_form_keys(TextArea.BINDINGS)

    @dataclass
    class Told(Message):
        """Something that came in had to be changed."""

        words: str

    def __init__(
        self,
        text: str = "",
        *,
        edited: Callable[[], object] = lambda: None,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - named as in every widget
    ) -> None:
        """`edited` is called at once whenever the text has become another, before anything is painted."""
        self._told = ""
        self._edited = edited
        super().__init__(
            self._taken(text),
            soft_wrap=True,
            tab_behavior="focus",
            max_checkpoints=MOST_UNDO_STEPS,
            compact=True,
            highlight_cursor_line=False,
            placeholder=placeholder,
            id=id,
        )
        # A cursor that blinks over SSH writes all the time.
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def on_mount(self) -> None:
        """Say what the first text had to lose."""
        self._tell()

    # What comes in

    def edit(self, edit: Edit) -> EditResult:
        """Do an edit, and tell at once."""
        result = super().edit(edit)
        self._edited()
        return result

    def undo(self) -> None:
        """Undo, and tell at once."""
        super().undo()
        self._edited()

    def redo(self) -> None:
        """Redo, and tell at once."""
        super().redo()
        self._edited()

    def on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, as it can be stored."""
        event.stop()
        event.prevent_default()
        self.insert_taken(event.text)

    def insert_taken(self, text: str) -> None:
        """Insert `text`, as it can be stored, in place of what is selected."""
        if not self.read_only:
            start, end = self.selection
            self.replace(self._taken(text), start, end, maintain_selection_offset=False)
            self.scroll_cursor_visible()
            self._tell()

    def replace_all(self, text: str) -> None:
        """Make `text` the whole text; undo brings the old one back."""
        taken = self._taken(text)
        if taken != self.text:
            self.replace(taken, (0, 0), self.document.end, maintain_selection_offset=False)
        self._tell()

    def _taken(self, text: str) -> str:
        taken = taken_text(text)
        self._told = taken.told
        return taken.text

    def _tell(self) -> None:
        if self._told:
            self.post_message(self.Told(self._told))
            self._told = ""

    # What is shown

    @property
    def size_words(self) -> str:
        """How long the text is: `123 words`, for a long one `120,000 characters`."""
        text = self.text
        if len(text) > _COUNTED_WORDS_UP_TO:
            return f"{len(text):,} characters"
        words = len(text.split())
        return f"{words:,} word{'' if words == 1 else 's'}" if words else ""

    def get_line(self, line_index: int) -> Text:
        """A line as it is painted: one visible sign for each character that could act on the terminal."""
        return Text(visible_controls(self.document.get_line(line_index)), end="", no_wrap=True)

    def render_line(self, y: int) -> Strip:
        """Paint a line; signs for characters that take no room may make it longer than it was laid out."""
        return super().render_line(y).crop(0, self.size.width)
