"""The part of the app that knows what git says: asked in the background, never needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.reactive import var

from reviewtui.records_app import RecordsApp

if TYPE_CHECKING:
    from reviewtui.workspace.conflicts import Conflict
    from reviewtui.workspace.git import GitState

GIT_SECONDS = 60.0
"""How often git is asked while nobody writes."""


@dataclass(eq=False, repr=False)
class GitRead(Message):
    """What git said."""

    state: GitState | None
    conflicts: tuple[Conflict, ...]
    me: str
    """Who works here, as the workspace knows it."""


class GitApp(RecordsApp):
    """`git_state` and `unmerged` are what screens watch; None and empty without git or a repository."""

    git_state: var[GitState | None] = var(None, init=False)
    unmerged: var[tuple[Conflict, ...]] = var((), init=False)
    """Records that a merge has left open."""
    me = ""
    """Who works here; empty until it was read, and where nobody said."""
    _is_asking = False
    _is_wanted = False

    def follow_git(self) -> None:
        """Ask git now, with every change of the records, and from time to time."""
        self.watch(self, "records", self._ask_again, init=False)
        self.set_interval(GIT_SECONDS, self.read_git)
        self.read_git()

    def _ask_again(self) -> None:
        self.read_git()

    def read_git(self) -> None:
        """Ask git; a question that comes while it is asked waits for the answer."""
        self._is_wanted = True
        if not self._is_asking:
            self._is_wanted, self._is_asking = False, True
            self._read_git()

    @work(thread=True, exit_on_error=False, group="git")
    def _read_git(self) -> None:
        from reviewtui.workspace.git import git_state
        from reviewtui.workspace.unmerged import unmerged_conflicts

        state: GitState | None = None
        conflicts: tuple[Conflict, ...] = ()
        me = ""
        try:
            me = self.store.me
            state = git_state(self.workspace_root)
            conflicts = unmerged_conflicts(self.workspace_root) if state is not None and state.unmerged else ()
        except Exception as error:  # noqa: BLE001 - git is never needed: the app goes on without it
            self.keep_fault(error)
        self.post_message(GitRead(state, conflicts, me))

    def action_show_conflicts(self) -> None:
        """What two people changed at once, field by field."""
        from reviewtui.screens.conflicts import ConflictsScreen

        if not isinstance(self.screen, ConflictsScreen):
            self.push_screen(ConflictsScreen())

    @on(GitRead)
    def take_git(self, message: GitRead) -> None:
        """Show the newest."""
        self.me = message.me
        self.git_state = message.state
        self.unmerged = message.conflicts
        self._is_asking = False
        if self._is_wanted:
            self.read_git()


def leaving_sentence(app: GitApp) -> str:
    """What to say after the app has closed: records that only this machine has; empty without a repository."""
    if app.git_state is None:
        return ""
    from reviewtui.workspace.git import git_state
    from reviewtui.workspace.git_words import leaving_words

    return leaving_words(git_state(app.workspace_root))
