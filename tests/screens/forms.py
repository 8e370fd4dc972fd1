"""Forms as the screens open them, over an app with a plain sheet; what is saved goes into a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from reviewtui.app import ReviewApp
from reviewtui.errors import ReviewError
from reviewtui.form_fields import FormField
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.screens.draft_forms import FORMS
from reviewtui.screens.record_form import RecordForm
from reviewtui.widgets.lines import KeyLine
from reviewtui.workspace.drafts import DraftKey
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.app import ComposeResult

KEY = DraftKey("todo", place="replay/mrr@2026-10")
FIELDS = (
    FormField("title", "Title", required=True, hint="What is to be done"),
    FormField("owner", "Owner", suggestions=("Ada", "Grace", "Grete", "Linus")),
    FormField("state", "State", "choice", choices=(("open", "open"), ("done", "done"), ("blocked", "blocked"))),
    FormField("due", "Due", "month", required=True, is_ahead=True, hint="The review it is due at"),
    FormField("seen_on", "Seen on", "date"),
    FormField("tags", "Tags", "tags", suggestions=("churn", "pricing", "onboarding")),
    FormField("urgent", "Urgent", "flag"),
    FormField("amount", "Amount", "number"),
    FormField("note", "Note", "text", hint="Why, and how one can tell that it is done. Markdown works."),
)


class Below(Screen[None]):
    """An empty screen below the form."""

    def compose(self) -> ComposeResult:
        """Keys."""
        yield KeyLine((), id="keys")

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)


class FormApp(ReviewApp):
    """Opens the form with `F9` and keeps what is saved."""

    def __init__(
        self, root: Path, *, values: Mapping[str, Any] | None = None, is_bare: bool = False, **options: Any
    ) -> None:
        super().__init__(root, AS_OF, loaded=LoadedSheet(make_sheet()), **options)
        self.is_bare = is_bare
        self.values = values or {"state": "open"}
        self.saved: list[Mapping[str, Any]] = []
        self.why_not = ""
        """What a save fails with."""

    def get_default_screen(self) -> Screen[Any]:
        """The grid takes long to start; most tests need it not."""
        return Below() if self.is_bare else super().get_default_screen()

    def make_form(self) -> RecordForm:
        """The form, as at its first opening."""
        return RecordForm("New to-do · MRR · Oct 2026", FIELDS, self.values, KEY, self._save)

    def _save(self, values: Mapping[str, Any], _store: object) -> object:
        if self.why_not:
            raise ReviewError(self.why_not)
        self.saved.append(values)
        return values

    def key_f9(self) -> None:
        """Open the form."""
        self.push_screen(self.make_form())


def form_of(app: ReviewApp, _key: DraftKey) -> RecordForm:
    """What the list of drafts opens."""
    assert isinstance(app, FormApp)
    return app.make_form()


def register() -> None:
    """Let the list of drafts know the form."""
    FORMS.setdefault("todo", form_of)  # type: ignore[attr-defined]
