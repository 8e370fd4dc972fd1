"""One field of a form: its label, what is typed, what that is taken for, what is offered, and what is wrong with it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.actions import SkipAction
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from reviewtui.actions.action import bindings_of
from reviewtui.actions.writing import FIELD
from reviewtui.form_fields import Option, offered, understood, with_option
from reviewtui.text import safe_lines, safe_text
from reviewtui.widgets.line_input import LineInput
from reviewtui.widgets.note_editor import NoteEditor
from reviewtui.widgets.prompt_line import Choice, ChoiceList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from textual.app import ComposeResult
    from textual.events import Paste
    from textual.widget import Widget

    from reviewtui.form_fields import FormField

MOST_OFFERS = 6
"""Choices that are visible at once."""

MOST_SECONDS_FOR_KEYS = 1.0
"""How long a key that leads elsewhere waits for those before it."""

_REQUIRED = "*"


class Offers(ChoiceList):
    """What can be taken in place of what is typed."""

    def __init__(self) -> None:
        super().__init__(())
        self._options: tuple[Option, ...] = ()
        self.display = False

    @property
    def option(self) -> Option | None:
        """The one that Enter takes."""
        return self._options[self._at] if 0 <= self._at < len(self._options) else None

    @property
    def has_options(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self._options)

    def step(self, step: int) -> None:
        """Choose a neighbour; from none the first or the last."""
        if self._options:
            self._at = (max(self._at, -1 if step > 0 else 0) + step) % len(self._options)
            self.refresh()

    def offer(self, options: Sequence[Option], *, chosen: int) -> None:
        """List other options, with one of them chosen; -1: none."""
        self._options = tuple(options)
        self._listed = tuple(Choice(option.name, "", option.value) for option in options)
        self._at = chosen
        self.styles.height = max(1, min(MOST_OFFERS, len(options)))
        self.refresh()


class FieldRow(Vertical):
    """Shows and edits one field; `edited` is called at once with each new text."""

    BINDINGS = bindings_of(FIELD)

    def __init__(self, field: FormField, text: str, today: date, edited: Callable[[FormField, str], object]) -> None:
        super().__init__(classes=f"-{field.kind}")
        self.field = field
        self._today = today
        self._edited = edited
        self._editor: NoteEditor | LineInput
        if field.kind == "text":
            self._editor = NoteEditor(text, edited=self._tell, placeholder=safe_text(field.hint))
        else:
            is_closed = field.kind in ("choice", "flag")
            hint = "" if is_closed else safe_text(field.hint)
            self._editor = LineInput(text, edited=self._tell, placeholder=hint, select_on_focus=is_closed)
        self._offers = Offers()
        self._is_typed_in = False
        """Whether something was typed since the person came to the field."""

    def compose(self) -> ComposeResult:
        """The line of the field, and what comes below it."""
        with Horizontal(classes="line"):
            yield Static(self._label(" "), markup=False, classes="label")
            yield self._editor
            yield Static("", markup=False, classes="aside")
        yield self._offers
        yield Static("", markup=False, classes="message")

    def on_mount(self) -> None:
        """Say what the first text is taken for."""
        self._show_aside()

    @property
    def text(self) -> str:
        """What is typed."""
        return self._editor.text if isinstance(self._editor, NoteEditor) else self._editor.value

    @property
    def note_editor(self) -> NoteEditor | None:
        """The editor of a field for long texts."""
        return self._editor if isinstance(self._editor, NoteEditor) else None

    @property
    def message(self) -> str:
        """What is wrong with the field, as it is shown."""
        return str(self.query_one(".message", Static).content)

    def line_up(self, width: int) -> None:
        """Give the label so many cells."""
        self.query_one(".label").styles.width = width
        self._offers.styles.margin = (0, 0, 0, width)
        self.query_one(".message").styles.padding = (0, 0, 0, width - 2)

    def take_keys(self) -> None:
        """Put the cursor here."""
        self._editor.focus()

    def set_text(self, text: str) -> None:
        """Make `text` what is typed."""
        if isinstance(self._editor, NoteEditor):
            self._editor.replace_all(text)
        else:
            self._editor.value = text
            self._editor.cursor_position = len(text)

    def say(self, message: str, *, is_wrong: bool = True) -> None:
        """Say something about the field below it; nothing: an empty text."""
        below = self.query_one(".message", Static)
        sign = "✗ " if is_wrong else "! "
        below.update(sign + safe_lines(message) if message else "")
        below.set_class(bool(message), "-shown")
        below.set_class(not is_wrong, "-hint")

    # While it is typed in

    def _tell(self) -> None:
        self._is_typed_in = True
        self._edited(self.field, self.text)
        if self.is_mounted:
            self._show_aside()
            self._offer()

    def _show_aside(self) -> None:
        aside = self.query_one(".aside", Static)
        if self._editor.has_focus and not self.text and self.field.kind in ("choice", "flag"):
            words = self.field.hint
        else:
            words = understood(self.field, self.text, self._today)
        aside.update(f"  {safe_text(words)}" if words else "")

    def on_descendant_focus(self, event: Any) -> None:  # noqa: ARG002 - one editor is all there is
        """Offer what there is to choose from."""
        self.add_class("-here")
        self.query_one(".label", Static).update(self._label("›"))
        self._offer()

    def on_descendant_blur(self, event: Any) -> None:  # noqa: ARG002 - as above
        """Complete what was begun, and offer nothing any more."""
        self.remove_class("-here")
        self.query_one(".label", Static).update(self._label(" "))
        self._take_option()
        self._is_typed_in = False

    def _label(self, sign: str) -> str:
        return f"{sign} {safe_text(self.field.label)}{_REQUIRED if self.field.required else ' '}"

    def _offer(self) -> None:
        """List what can be taken; all choices while nothing was typed since the person came here."""
        if not self._editor.has_focus or isinstance(self._editor, NoteEditor):
            return
        is_closed = self.field.kind in ("choice", "flag")
        options = offered(self.field, self.text if self._is_typed_in or not is_closed else "")
        names = [option.name for option in options]
        chosen = names.index(self.text) if self.text in names else 0 if is_closed and self.text else -1
        self._offers.offer(options, chosen=chosen if options else -1)
        self._offers.display = bool(options) or (is_closed and bool(self.text))

    async def action_previous_offer(self) -> None:
        """One up; without a list the field above."""
        await self._step(-1)

    async def action_next_offer(self) -> None:
        """One down; without a list the field below."""
        await self._step(1)

    async def _step(self, step: int) -> None:
        if isinstance(self._editor, NoteEditor):
            raise SkipAction
        await keys_done(self._editor)
        if self._offers.display and self._offers.has_options:
            self._offers.step(step)
        elif step > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    async def action_take(self) -> None:
        """Go on to the next field with what is chosen in the list; a tag is only put among the others."""
        if isinstance(self._editor, NoteEditor):
            raise SkipAction
        await keys_done(self._editor)
        if not (self._take_option() and self.field.kind == "tags"):
            self.screen.focus_next()

    def _take_option(self) -> bool:
        """Put what is chosen in the list in place of what is typed; whether anything was."""
        option = self._offers.option if self._offers.display else None
        self._offers.display = False
        if option is None or option.name == self.text:
            return False
        self.set_text(with_option(self.field, self.text, option))
        return True

    def insert(self, text: str) -> None:
        """Type `text` where the cursor of the field is."""
        if isinstance(self._editor, NoteEditor):
            self._editor.insert_taken(text)
        else:
            self._editor.insert_text_at_cursor(text)

    def take_pasted(self, event: Paste) -> None:
        """Do as if `event` had come to the editor."""
        self._editor.on_paste(event)


async def keys_done(widget: Widget | None) -> None:
    """Wait until `widget` has taken the keys that were pressed before, which it does on its own."""
    if widget is None:
        return
    done = asyncio.Event()
    if widget.call_later(done.set):
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), MOST_SECONDS_FOR_KEYS)
