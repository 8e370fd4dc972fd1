"""The one form in which everything is written: fields, drafts, saving in the background.

What is typed goes to the journal of drafts with every change. A save that fails leaves the form as it is and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.cells import cell_len
from textual import on, work
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from reviewtui.actions.action import bindings_of, first_key, remapped
from reviewtui.actions.writing import FORM
from reviewtui.errors import ReviewError
from reviewtui.form_fields import FieldError, FieldValue, FormField, field_text, read_field
from reviewtui.paths import styles_dir
from reviewtui.text import counted
from reviewtui.widgets.field_row import FieldRow, keys_done
from reviewtui.widgets.fitting import shorten, wrap
from reviewtui.widgets.line_input import LineInput
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.note_editor import NoteEditor
from reviewtui.workspace.drafts import DraftKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.events import Key, Paste

    from reviewtui.app import ReviewApp
    from reviewtui.workspace.drafts import Draft, DraftJournal

__all__ = ["DraftKey", "FormField", "RecordForm"]

SaveRecord = Callable[[Mapping[str, Any], Any], object]
"""Takes the values by key and the store; returns the record. Runs in a thread, may raise ReviewError."""

CheckValues = Callable[[Mapping[str, Any]], Mapping[str, str]]
"""Takes the values by key; returns a message for each field that does not go with the others."""

_LEAST_TEXT_LINES, _MOST_TEXT_LINES = 4, 14
_WIDEST_LABEL = 24
_LINES_AROUND = 3
"""Border, title and keys."""
_MOST_SAID = 300


@dataclass(eq=False, repr=False)
class RecordSaved(Message):
    """A save ended well."""

    record: object


@dataclass(eq=False, repr=False)
class RecordNotSaved(Message):
    """A save failed; `words` say why."""

    words: str


class RecordForm(ModalScreen[Any]):
    """Edits `values`; is dismissed with the saved record, or None where nothing was saved."""

    BINDINGS = bindings_of(FORM)
    KEYS_OF = "Form"
    """Whose keys the help lists."""
    CSS_PATH: ClassVar = [styles_dir() / "record_form.tcss"]
    AUTO_FOCUS = ""

    def __init__(
        self,
        heading: str,
        fields: Sequence[FormField],
        values: Mapping[str, Any],
        draft: DraftKey,
        save: SaveRecord,
        *,
        check: CheckValues | None = None,
        first: str = "",
    ) -> None:
        """`first` is the key of the field where the cursor starts; else the first that is empty and needed."""
        super().__init__()
        self._heading = heading
        self._fields = tuple(fields)
        self._values = dict(values)
        self._key = draft
        self._save_record = save
        self._check = check
        self._first = first
        self._initial = {field.key: field_text(field, values.get(field.key)) for field in self._fields}
        self._texts = dict(self._initial)
        self._is_saving = False
        self._is_locked = False
        """Whether the form is only to be read; keys lead nowhere then, not even to the screen below."""
        self._is_about_to_throw_away = False
        self._trouble = ""
        """Why words are not saved, in the lines that show it."""
        self._editing = ""
        """The field that a program outside is editing."""
        self._unknown: dict[str, str] = {}
        """Words of a draft for fields that the form has not."""
        self._draft: Draft | None = None
        """The draft that was taken up when the form opened."""

    def compose(self) -> ComposeResult:
        """Title, fields, keys."""
        self._take_up_draft()
        today = self.review_app.as_of
        with Vertical(id="form"):
            yield TitleLine(id="title")
            with VerticalScroll(id="fields", can_focus=False):
                for field in self._fields:
                    yield FieldRow(field, self._texts[field.key], today, self._edited)
            yield Static("", markup=False, id="trouble")
            yield KeyLine([action for action in self._actions if action.footer], id="keys")

    def on_mount(self) -> None:
        """Line up the labels, and put the cursor where writing starts, unless nothing can be saved."""
        width = max((cell_len(field.label) for field in self._fields), default=0) + 4
        for row in self._rows:
            row.line_up(min(width, _WIDEST_LABEL))
        self._tell_of_draft()
        self._show_title()
        reason = self.review_app.records.read_only
        if reason:
            self._is_locked = self.query_one("#fields").disabled = True
            self.show_trouble(f"Nothing can be written here. {reason}")
            return
        self.watch(self.app, "draft_problem", self._show_title, init=False)
        self.row_of(self._first_field).take_keys()

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    @property
    def journal(self) -> DraftJournal:
        """Where drafts are kept."""
        return self.review_app.journal

    @property
    def _actions(self) -> tuple[Any, ...]:
        return remapped(FORM, self.review_app.keymap)

    @property
    def _rows(self) -> list[FieldRow]:
        return list(self.query(FieldRow))

    def row_of(self, key: str) -> FieldRow:
        """The row of a field."""
        return next(row for row in self._rows if row.field.key == key)

    @cached_property
    def _first_field(self) -> str:
        if self._first:
            return self._first
        needed = (field.key for field in self._fields if field.required and not self._texts[field.key])
        return next(needed, self._fields[0].key)

    def on_resize(self) -> None:
        """Share the lines among the fields for long texts; whatever they say, title and keys stay in sight."""
        around = _LINES_AROUND + len(self._trouble.splitlines())
        self.query_one("#fields").styles.max_height = max(1, self.size.height - around)
        long = [row for row in self._rows if row.field.kind == "text"]
        if long:
            room = self.size.height - around - 2 - (len(self._rows) - len(long)) - len(long)
            height = min(_MOST_TEXT_LINES, max(_LEAST_TEXT_LINES, room // len(long)))
            for row in long:
                row.query_one(NoteEditor).styles.height = height

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)

    def show_trouble(self, words: str) -> None:
        """Say in full, until it is over, why words are not saved; an empty text: it is over."""
        lines = wrap(words, max(1, self.size.width - 4))
        self._trouble = "\n".join(lines)
        below = self.query_one("#trouble", Static)
        below.update(self._trouble)
        below.display = bool(lines)
        self.on_resize()

    # Drafts

    @property
    def changed(self) -> dict[str, str]:
        """Texts of the fields that say something else than at first."""
        return {key: text for key, text in self._texts.items() if text != self._initial[key]}

    def _take_up_draft(self) -> None:
        """Put the words of an earlier draft into the fields."""
        draft = self.journal.latest(self._key)
        if draft is None:
            return
        self._draft = draft
        self.journal.resume(draft)
        self._texts.update({key: text for key, text in draft.values.items() if key in self._texts})
        self._unknown = {key: text for key, text in draft.values.items() if key not in self._texts}

    def _tell_of_draft(self) -> None:
        """Say at each field what has changed since its draft was begun."""
        for key, before in self._draft.base.items() if self._draft is not None else ():
            if key in self._initial and self._initial[key] != before and self._texts[key] != self._initial[key]:
                now = shorten(" ".join(self._initial[key].split()), _MOST_SAID) or "nothing"
                self.row_of(key).say(f"Changed since your draft was begun. It now says: {now}", is_wrong=False)

    def _edited(self, field: FormField, text: str) -> None:
        """Keep every change before anything else happens with it."""
        self._texts[field.key] = text
        self._is_about_to_throw_away = False
        self._keep()
        if self.is_mounted:
            self.row_of(field.key).say("")
            self._show_title()

    def _keep(self) -> None:
        changed = self.changed
        if changed or self._unknown or self._editing:
            base = {key: self._initial[key] for key in changed}
            self.journal.note(
                self._key, {**changed, **self._unknown}, base, heading=self._heading, editing=self._editing
            )
        else:
            self.journal.drop(self._key)

    def _show_title(self, *_: object) -> None:
        problem = self.review_app.draft_problem
        row = self._note_row
        size = row.note_editor.size_words if row is not None and row.note_editor is not None else ""
        state = " · ".join(part for part in ("changed" if self.changed else "", size) if part)
        if problem:
            self.query_one(TitleLine).show(self._heading, "", state, "✗ not on disk")
            self.show_trouble(problem)
            return
        is_drafts = self._draft is not None and self.changed
        when = f"your draft of {self._draft.noted_at.astimezone():%d %b, %H:%M}" if self._draft and is_drafts else ""
        self.query_one(TitleLine).show(self._heading, "", state, when)

    # Saving

    def read_values(self) -> tuple[dict[str, FieldValue], dict[str, str]]:
        """The values of all fields, unchanged ones as they came; and a message for each that cannot be read."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for field in self._fields:
            text = self._texts[field.key]
            if text == self._initial[field.key] and field.key in self._values and (text or not field.required):
                values[field.key] = self._values[field.key]
                continue
            try:
                values[field.key] = read_field(field, text, self.review_app.as_of)
            except FieldError as error:
                wrong[field.key] = str(error)
        if not wrong and self._check is not None:
            wrong = dict(self._check(values))
        return values, wrong

    def action_save(self) -> None:
        """Check the fields; save in the background."""
        if self._is_saving or self._is_locked:
            return
        values, wrong = self.read_values()
        for row in self._rows:
            row.say(wrong.get(row.field.key, ""))
        if wrong:
            self.row_of(next(iter(wrong))).take_keys()
            self.say(f"Not saved yet: {counted(len(wrong), 'field')} to mend.")
            return
        self._is_saving = True
        self.query_one("#fields").disabled = True
        self.show_trouble("")
        self.say("Saving …")
        self._save(values)

    @work(thread=True, exit_on_error=False, group="save")
    def _save(self, values: Mapping[str, Any]) -> None:
        try:
            record = self._save_record(values, self.review_app.store)
        except ReviewError as error:
            self.post_message(RecordNotSaved(error.message))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the words stay in the form
            self.review_app.keep_fault(error)
            self.post_message(
                RecordNotSaved("A fault in the program: it was not saved. Your words are kept as a draft.")
            )
        else:
            self.post_message(RecordSaved(record))

    @on(RecordSaved)
    def leave_saved(self, message: RecordSaved) -> None:
        """Forget the draft, and go back."""
        self.journal.drop(self._key)
        self.dismiss(message.record)

    @on(RecordNotSaved)
    def stay(self, message: RecordNotSaved) -> None:
        """Go on with the form as it is."""
        self._is_saving = False
        fields = self.query_one("#fields")
        fields.disabled = False
        self.row_of(self._first_field).take_keys()
        self.say("Not saved.")
        self.show_trouble(message.words)

    @on(NoteEditor.Told)
    @on(LineInput.Told)
    def tell(self, message: NoteEditor.Told | LineInput.Told) -> None:
        """Say what was changed in what came in."""
        self.say(message.words)

    # Leaving

    def action_keep_draft(self) -> None:
        """Go back; what was typed stays a draft."""
        if self._is_saving:
            self.say("Still saving.")
            return
        if self.changed:
            kept = "Kept as a draft" if not self.review_app.draft_problem else "Kept only until you quit"
            self._say_below(f"{kept}: {self._heading}. It is here again when you come back.")
        self.dismiss(None)

    def action_throw_away(self) -> None:
        """At the second press in a row, forget what was typed and go back."""
        if self._is_saving:
            return
        if not self.changed:
            self.dismiss(None)
        elif self._is_about_to_throw_away:
            self.journal.drop(self._key)
            self._say_below("What was typed is gone.")
            self.dismiss(None)
        else:
            self._is_about_to_throw_away = True
            key = next(first_key(action) for action in self._actions if action.id == "screen.throw_away")
            self.say(f"Press {key} again to throw away what you typed, or go on writing.")

    def _say_below(self, words: str) -> None:
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        say = getattr(below, "say", None)
        if callable(say):
            say(words)

    async def action_quit_app(self) -> None:
        """Ask, and leave the program."""
        await self.app.action_quit()

    def action_show_keys(self) -> None:
        """List the keys."""
        self.app.action_help()  # type: ignore[attr-defined]

    # Fields and texts

    async def action_next_field(self) -> None:
        """One field on."""
        await keys_done(self.focused)
        self.focus_next()

    async def action_previous_field(self) -> None:
        """One field back."""
        await keys_done(self.focused)
        self.focus_previous()

    def on_key(self, event: Key) -> None:
        """Take keys that were typed ahead, before any field had the cursor."""
        if event.character is not None and event.is_printable and not self._is_saving:
            event.stop()
            if not self._is_locked:
                self.row_of(self._first_field).insert(event.character)

    def on_paste(self, event: Paste) -> None:
        """Take what was pasted before any field had the cursor."""
        if not self._is_saving:
            event.stop()
            if not self._is_locked:
                self.row_of(self._first_field).take_pasted(event)

    @property
    def _note_row(self) -> FieldRow | None:
        """The field for a long text that has the cursor, or the first there is."""
        long = [row for row in self._rows if row.note_editor is not None]
        return next((row for row in long if row.has_class("-here")), long[0] if long else None)

    def action_preview(self) -> None:
        """Show the text as its Markdown will look."""
        from reviewtui.screens.preview import PreviewScreen

        row = self._note_row
        if row is None:
            self.say("This form has no long text to preview.")
        else:
            self.app.push_screen(PreviewScreen(f"{row.field.label} · preview", row.text, self.review_app.keymap))

    def action_edit_outside(self) -> None:
        """Edit the text in the person's own editor."""
        from reviewtui.screens.outside_editor import edit_outside

        row = self._note_row
        if row is None or self._is_saving or self._is_locked:
            self.say("There is no long text to edit.")
            return
        self._editing = row.field.key
        self._keep()
        try:
            edited = edit_outside(self.app, row.text, self.journal.outside_file(self._key))
        finally:
            self._editing = ""
        if edited.text is not None:
            row.set_text(edited.text)
        self._keep()
        if edited.told:
            self.say(edited.told)
