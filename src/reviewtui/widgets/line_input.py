"""The one-line input of forms: like the toolkit's, but a paste of several lines loses none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

from reviewtui.typed_text import taken_line
from reviewtui.widgets.form_keys import without_form_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events


class LineInput(Input, inherit_bindings=False):
    """Edits one line."""

    BINDINGS = without_form_keys(Input.BINDINGS)

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
        select_on_focus: bool = False,
        id: str | None = None,  # noqa: A002 - named as in every widget
    ) -> None:
        """`edited` is called at once whenever the text has become another, before anything is painted."""
        super().__init__(
            taken_line(text).text, placeholder=placeholder, compact=True, select_on_focus=select_on_focus, id=id
        )
        self.cursor_blink = False
        self._edited = edited

    def watch_value(self) -> None:
        """Tell that the text is another one."""
        if self.is_mounted:
            self._edited()

    def on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted as one line."""
        event.stop()
        event.prevent_default()
        taken = taken_line(event.text)
        if self.selection.is_empty:
            self.insert_text_at_cursor(taken.text)
        else:
            self.replace(taken.text, *self.selection)
        if taken.told:
            self.post_message(self.Told(taken.told))
