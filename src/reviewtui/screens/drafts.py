"""Words that were typed and not saved: the list of drafts, and the question before they are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from textual.containers import Vertical
from textual.screen import ModalScreen

from reviewtui.actions.action import bindings_of, first_key, remapped
from reviewtui.actions.lists import DRAFTS
from reviewtui.actions.writing import QUIT_QUESTION
from reviewtui.paths import styles_dir
from reviewtui.screens.draft_forms import form_of
from reviewtui.screens.list_screen import ListScreen
from reviewtui.text import counted, safe_text
from reviewtui.widgets.fitting import fit, wrap
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.spans import Span
from reviewtui.widgets.text_lines import Pane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from reviewtui.app import ReviewApp
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.drafts import Draft

_DAMAGED = "damaged:"


class DraftsScreen(ListScreen):
    """Lists drafts; Enter goes on with one in its form."""

    BINDINGS = bindings_of(DRAFTS)
    KEYS_OF = "Drafts"
    ACTIONS = DRAFTS
    HEADING = "Drafts"
    COLUMNS = (
        ListColumn("Typed"),
        ListColumn("Draft of", widest=48),
        ListColumn("Words", is_right=True, rank=2),
        ListColumn("Begins", rank=1, widest=200),
    )
    EMPTY: ClassVar[str] = "Nothing is unsaved. What you type in a form and do not save is kept here."

    def __init__(self) -> None:
        super().__init__()
        self._drafts: dict[str, Draft] = {}
        self._about_to_throw_away = ""

    def rows(self) -> Sequence[ListRow]:
        """The drafts, the newest first, then files that are damaged."""
        journal = self.review_app.journal
        self._drafts = {str(at): draft for at, draft in enumerate(journal.kept())}
        rows = [_row(name, draft) for name, draft in self._drafts.items()]
        damaged = [
            ListRow(f"{_DAMAGED}{at}", ("", "A damaged file", "", problem.message), role="bad")
            for at, problem in enumerate(journal.damaged)
        ]
        return [*rows, *damaged]

    def title_words(self) -> tuple[str, str]:
        """How many there are, and whether they are on disk."""
        count = len(self._drafts)
        return f"{counted(count, 'text')} typed and not saved" if count else "", self.review_app.draft_problem

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """All words of the draft."""
        if row.id.startswith(_DAMAGED):
            problem = self.review_app.journal.damaged[int(row.id.removeprefix(_DAMAGED))]
            return [(Span(text, "note"),) for text in wrap(f"{problem.message} {problem.path}", width)]
        return draft_lines(self._drafts[row.id], width)

    def open_row(self, row: ListRow) -> None:
        """Go on with the draft in its form."""
        draft = self._drafts.get(row.id)
        if draft is None:
            self.say("The file is damaged; its path is in the details.")
            return
        journal = self.review_app.journal
        form = form_of(self.review_app, draft.key)
        if form is None:
            self.say("It cannot be opened from here. Open the form where you wrote it: the words are in it.")
        elif not journal.resume(draft):
            self.say("Another draft of the same form is newer. Save or discard that one first.")
        else:
            self.app.push_screen(form, self._go_on)

    def _go_on(self, saved: object) -> None:
        self.show()
        if saved is not None:
            self.say("Saved.")

    def action_throw_away(self) -> None:
        """At the second press in a row on the same draft, forget it."""
        draft = self._drafts.get(self.row.id) if self.row is not None else None
        if draft is None:
            self.say("The file is damaged; remove it yourself when you need it no more.")
        elif self._about_to_throw_away == str((draft.key, draft.noted_at)):
            self.review_app.journal.discard(draft)
            self.show()
            self.say("The draft is gone.")
        else:
            self._about_to_throw_away = str((draft.key, draft.noted_at))
            action = next(item for item in remapped(DRAFTS, self.review_app.keymap) if item.id == "screen.throw_away")
            self.say(f"Press {first_key(action)} again to throw this draft away.")


class QuitScreen(ModalScreen[None]):
    """Asks whether to quit while words are not saved."""

    BINDINGS = bindings_of(QUIT_QUESTION)
    KEYS_OF = "Quitting with drafts"
    CSS_PATH: ClassVar = [styles_dir() / "record_list.tcss"]

    def compose(self) -> ComposeResult:
        """The question, and its keys."""
        with Vertical(id="question-box"):
            yield TitleLine(id="title")
            yield Pane(self._lines, id="question-text")
            yield KeyLine(remapped(QUIT_QUESTION, self.review_app.keymap), id="keys")

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        return cast("ReviewApp", self.app)

    def on_mount(self) -> None:
        """Name the question."""
        count = len(self.review_app.journal.unsaved)
        self.query_one(TitleLine).show("Quit?", f"{counted(count, 'draft')} not saved")
        self._fit()

    def on_resize(self) -> None:
        """Give the question the lines that it takes."""
        self._fit()

    def _fit(self) -> None:
        lines = len(self._unsaved) + 2 + len(self._kept_words(self.size.width))
        self.query_one(Pane).styles.height = min(12, lines)

    def _kept_words(self, width: int) -> list[str]:
        problem = self.review_app.draft_problem
        kept = "It is" if len(self._unsaved) == 1 else "They are"
        words = problem or f"{kept} kept on this machine, and the next start offers what is there."
        return wrap(words, max(1, width - 4))

    def _lines(self, width: int, height: int) -> Sequence[Line]:
        names = [(Span(f"  {draft.heading or draft.key.kind}"[: max(1, width)], "text"),) for draft in self._unsaved]
        kept = self._kept_words(width)
        most = max(1, height - 1 - len(kept))
        if len(names) > most:
            names = [*names[: most - 1], (Span(f"  and {len(names) - most + 1:,} more", "quiet"),)]
        role = "bad" if self.review_app.draft_problem else "quiet"
        return [*names, (), *((Span(f"  {text}", role),) for text in kept)]

    @property
    def _unsaved(self) -> Sequence[Draft]:
        return self.review_app.journal.unsaved

    def action_quit_now(self) -> None:
        """Quit."""
        self.app.exit()

    def action_stay(self) -> None:
        """Return to where the person was."""
        self.dismiss()


def _row(name: str, draft: Draft) -> ListRow:
    words = " ".join(draft.values.values()).split()
    when = f"{draft.noted_at.astimezone():%d %b %H:%M}"
    heading = draft.heading or draft.key.kind
    return ListRow(name, (when, heading, f"{len(words):,}", " ".join(words[:60])), words=" ".join(words))


def draft_lines(draft: Draft, width: int) -> list[Line]:
    """Every field of a draft with its text: short ones in a line each, then the long ones."""
    names = {key: safe_text(key.replace("_", " ").capitalize()) for key in draft.values}
    label = max((cell_len(name) for name in names.values()), default=0) + 2
    short = {key for key, text in draft.values.items() if "\n" not in text and cell_len(text) <= width - label}
    lines: list[Line] = [
        (Span(fit(names[key], label), "quiet"), Span(safe_text(draft.values[key]), "text"))
        for key in names
        if key in short
    ]
    for key, text in draft.values.items():
        if key not in short:
            lines += [(), (Span(names[key], "heading"),), *markdown_lines(text, width)]
    return lines
