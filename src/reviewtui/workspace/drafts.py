"""The journal of drafts: what a person is typing is on disk soon, whatever the rest of the program does.

One file a draft, in a folder of this machine that only its owner can read. A thread of the journal's own writes it, so
that a stalled terminal holds up nothing. `flush` may be called from a signal handler: the state it reads is replaced
as a whole, never changed in place, and guarded by no lock.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, ReviewError
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.draft_files import Draft, DraftFiles, DraftKey, draft_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Draft", "DraftJournal", "DraftKey"]

BATCH_SECONDS = 0.5
"""What is typed in this time is written at once."""

RETRY_SECONDS = 2.0
"""How long to wait after a failure, as of a full disk, before trying again."""

CLOSE_SECONDS = 2.0
"""How long leaving waits for the disk."""

_OWNER_ONLY = 0o600
_NOWHERE = Path(os.devnull)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What should be on disk for a key."""

    serial: int
    draft: Draft
    replaces: tuple[Path, ...] = ()
    """Files of earlier runs that hold nothing more once this is written."""


class DraftJournal:
    """Keeps drafts in memory and in `folder`; `note`, `drop` and the rest belong to one thread, the screen's.

    Without a folder they are in memory only.

    `told` is called from the journal's thread with a sentence when drafts cannot be written, and with an empty text
    once they can be again.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        told: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.problem = ""
        """Why drafts are not on disk at the moment; empty while they are."""
        self._files = DraftFiles(folder or _NOWHERE)
        self._is_on_disk = folder is not None
        self._now = now
        self._told = told
        self._serial = 0
        self._wanted: dict[DraftKey, _Wanted] = {}
        self._unwanted: tuple[Path, ...] = ()
        self._found: tuple[Draft, ...] = ()
        self._written: dict[DraftKey, int] = {}
        self._flushed: frozenset[DraftKey] = frozenset()
        self._news = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    # What the screen says

    def note(
        self,
        key: DraftKey,
        values: Mapping[str, str],
        base: Mapping[str, str] | None = None,
        *,
        heading: str = "",
        editing: str = "",
    ) -> None:
        """Keep `values`, the texts of the fields that were changed; `base` is what those fields said before.

        `heading` is what the form is called, `editing` the field that a program outside edits in `outside_file`.
        """
        draft = Draft(key, dict(values), dict(base or {}), self._now(), editing, heading)
        before = self._wanted.get(key)
        if before is None or not before.draft.same_words(draft):
            self._want(draft, before.replaces if before is not None else ())

    def resume(self, draft: Draft) -> bool:
        """Go on with a draft that was found, as one of this run; False where this run has another of its key."""
        if draft.key in self._wanted:
            return not draft.files
        self._found = tuple(other for other in self._found if other is not draft)
        self._want(replace(draft, files=()), draft.files)
        return True

    def drop(self, key: DraftKey) -> None:
        """Forget this run's draft of `key`: its words are saved elsewhere, or the person wants them gone."""
        before = self._wanted.get(key)
        if before is not None:
            self._wanted = {other: wanted for other, wanted in self._wanted.items() if other != key}
            self._remove(before.replaces)

    def discard(self, draft: Draft) -> None:
        """Forget a draft of this run, or one that was found."""
        self._found = tuple(other for other in self._found if other is not draft)
        if draft.files:
            self._remove(draft.files)
        else:
            self.drop(draft.key)

    def latest(self, key: DraftKey) -> Draft | None:
        """The draft of `key`: of this run, or the newest of those found; None: there is none."""
        wanted = self._wanted.get(key)
        if wanted is not None:
            return wanted.draft
        return max((draft for draft in self._found if draft.key == key), key=lambda draft: draft.noted_at, default=None)

    def kept(self) -> tuple[Draft, ...]:
        """Every draft there is, of this run and found, the newest first."""
        drafts = (*(wanted.draft for wanted in self._wanted.values()), *self._found)
        return tuple(sorted(drafts, key=lambda draft: draft.noted_at, reverse=True))

    @property
    def unsaved(self) -> tuple[Draft, ...]:
        """The drafts of this run."""
        return tuple(wanted.draft for wanted in self._wanted.values())

    def look(self) -> tuple[Draft, ...]:
        """Read the drafts that earlier runs left; those of a run that is still going are its own. May block.

        Belongs to any thread; `offer` makes them known.
        """
        return self._files.found()

    def offer(self, drafts: tuple[Draft, ...]) -> None:
        """Count `drafts`, which `look` has found, among those that are kept."""
        resumed = {path for wanted in self._wanted.values() for path in wanted.replaces}
        self._found = tuple(draft for draft in drafts if draft.files[0] not in resumed)

    def found(self) -> tuple[Draft, ...]:
        """`look` and `offer` in one."""
        self.offer(self.look())
        return self._found

    @property
    def damaged(self) -> tuple[Problem, ...]:
        """Files among those that were found that are not whole; they are left as they are."""
        return self._files.damaged

    def outside_file(self, key: DraftKey) -> Path:
        """Where a program outside edits a field of this draft; goes with the draft."""
        return self._files.outside_file(key)

    # Leaving

    def flush(self) -> None:
        """Write what is not on disk yet, now. Never raises; may be called from a signal handler."""
        for key, wanted in self._wanted.items() if self._is_on_disk else ():
            if self._written.get(key) != wanted.serial:
                # A name of its own: the thread may be writing an older text under the usual one.
                with suppress(Exception):
                    self._write(self._files.last_words(key), wanted)
                self._flushed = self._flushed | {key}

    def close(self) -> None:
        """Write everything and end the thread; returns after some seconds whatever the disk does."""
        self._closing.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)
        self.flush()
        if not self._wanted:
            self._files.leave()

    # The thread

    def _remove(self, paths: tuple[Path, ...]) -> None:
        self._unwanted = (*self._unwanted, *paths)
        self._wake()

    def _want(self, draft: Draft, replaces: tuple[Path, ...]) -> None:
        self._serial += 1
        self._wanted = {**self._wanted, draft.key: _Wanted(self._serial, draft, replaces)}
        self._wake()

    def _wake(self) -> None:
        if self._thread is None and self._is_on_disk and not self._closing.is_set():
            self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
            self._thread.start()
        self._news.set()

    def _run(self) -> None:
        while True:
            self._news.wait(RETRY_SECONDS if self.problem else None)
            is_last = self._closing.wait(BATCH_SECONDS)
            self._news.clear()
            try:
                self._write_everything()
            except (ReviewError, OSError, ValueError) as error:
                words = error.message if isinstance(error, ReviewError) else str(error)
                self._say(f"What you type is not on disk: {words} It is kept in memory and tried again.")
            else:
                self._say("")
            if is_last:
                return

    def _say(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self._told(problem)

    def _write_everything(self) -> None:
        wanted_now, unwanted = self._wanted, self._unwanted
        for key, wanted in wanted_now.items():
            if self._written.get(key) != wanted.serial:
                self._files.hold()
                self._write(self._files.usual(key), wanted)
                self._written[key] = wanted.serial
                self._files.remove((self._files.last_words(key), *wanted.replaces))
        for key in {*self._written, *self._flushed}.difference(wanted_now):
            self._files.remove((self._files.usual(key), self._files.last_words(key), self._files.outside_file(key)))
            self._written.pop(key, None)
        self._files.remove(unwanted)

    def _write(self, path: Path, wanted: _Wanted) -> None:
        make_folders(path.parent)
        atomic_write(path, draft_bytes(wanted.draft, wanted.serial), new_mode=_OWNER_ONLY)
