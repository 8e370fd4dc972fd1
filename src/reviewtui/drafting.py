"""The part of the app that keeps unsaved words: the journal of drafts, what earlier runs left, and leaving."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import App
from textual.message import Message
from textual.reactive import var

from reviewtui.workspace.place import DRAFTS_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.drafts import Draft, DraftJournal


@dataclass(eq=False, repr=False)
class DraftsTold(Message):
    """Drafts cannot be written, as `words` say; with an empty text: they can be again."""

    words: str


@dataclass(eq=False, repr=False)
class DraftsFound(Message):
    """Earlier runs left words that were not saved."""

    drafts: tuple[Draft, ...]


class DraftingApp(App[None]):
    """Keeps what is typed until it is saved."""

    draft_problem: var[str] = var("", init=False)
    """Why what is typed is not on disk at the moment; empty while it is."""

    state_folder: Path | None = None
    """Where this machine keeps what belongs to the workspace; None: nowhere."""

    @cached_property
    def journal(self) -> DraftJournal:
        """The drafts of this run, and those found."""
        from reviewtui.workspace.drafts import DraftJournal

        folder = self.state_folder / DRAFTS_FOLDER if self.state_folder is not None else None
        return DraftJournal(folder, told=lambda words: self.post_message(DraftsTold(words)))

    @on(DraftsTold)
    def _tell_of_drafts(self, message: DraftsTold) -> None:
        self.draft_problem = message.words

    # What earlier runs left

    def on_ready(self) -> None:
        """Look for drafts once there is something on the screen."""
        self.app_suspend_signal.subscribe(self, lambda _app: self.flush_drafts(), immediate=True)
        if self.state_folder is not None:
            self._look_for_drafts(self.state_folder / DRAFTS_FOLDER)

    @work(thread=True, exit_on_error=False, group="drafts")
    def _look_for_drafts(self, folder: Path) -> None:
        if folder.is_dir():
            found = self.journal.look()
            if found or self.journal.damaged:
                self.post_message(DraftsFound(found))

    @on(DraftsFound)
    def _offer_drafts(self, message: DraftsFound) -> None:
        self.journal.offer(message.drafts)
        self.action_show_drafts()

    def action_show_drafts(self) -> None:
        """List what was typed and not saved."""
        from reviewtui.screens.drafts import DraftsScreen

        if not isinstance(self.screen, DraftsScreen):
            self.push_screen(DraftsScreen())

    # Leaving

    def leave(self) -> None:
        """Quit, after a question where words are not saved."""
        from reviewtui.screens.drafts import QuitScreen

        if "journal" in self.__dict__ and self.journal.unsaved:
            if not isinstance(self.screen, QuitScreen):
                self.push_screen(QuitScreen())
        else:
            self.exit()

    async def action_quit(self) -> None:
        """Quit, after a question where words are not saved."""
        self.leave()

    def flush_drafts(self) -> None:
        """Write what is not on disk yet; may be called from a signal handler."""
        if "journal" in self.__dict__:
            self.journal.flush()

    def close_drafts(self) -> None:
        """Write everything; the program ends."""
        if "journal" in self.__dict__:
            self.journal.close()
