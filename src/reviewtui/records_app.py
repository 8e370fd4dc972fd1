"""The part of the app that keeps the records: read in the background, followed by the screens, saved by workers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.app import App
from textual.message import Message
from textual.reactive import var

from reviewtui.errors import ReviewError
from reviewtui.workspace.record_set import Records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reviewtui.errors import Problem
    from reviewtui.workspace.store import RecordStore

_READING = "records"


@dataclass(eq=False, repr=False)
class RecordsRead(Message):
    """The records are different from before."""

    records: Records


@dataclass(eq=False, repr=False)
class SaveDone(Message):
    """A save ended well."""

    result: Any
    then: Callable[[Any], object] | None


@dataclass(eq=False, repr=False)
class SaveFailed(Message):
    """A save did not happen; `words` say why."""

    words: str


class RecordsApp(App[None]):
    """`records` is what screens watch: empty until the first reading, then renewed with every change on disk."""

    records: var[Records] = var(Records, init=False)

    workspace_root: Path

    @cached_property
    def store(self) -> RecordStore:
        """Where records are read and saved; its methods block, so they are called in thread workers only."""
        from reviewtui.workspace.store import RecordStore

        return RecordStore(self.workspace_root, on_change=lambda records: self.post_message(RecordsRead(records)))

    def read_records(self) -> None:
        """Read what changed on disk, unless that is being done; a slow disk holds up nobody."""
        if not any(worker.group == _READING and worker.is_running for worker in self.workers):
            self._read_records()

    @work(thread=True, exit_on_error=False, group=_READING)
    def _read_records(self) -> None:
        try:
            self.store.load()
        except Exception as error:  # noqa: BLE001 - a fault here must not end the app: the numbers stay usable
            self.keep_fault(error)

    @on(RecordsRead)
    def take_records(self, message: RecordsRead) -> None:
        """Show the newest; messages of two threads may overtake each other."""
        if message.records.stamp > self.records.stamp:
            reason, before = message.records.read_only, self.records.read_only
            self.records = message.records
            if reason and reason != before:
                self.say_on_screen(f"Read-only. {reason}")

    @property
    def record_problems(self) -> tuple[Problem, ...]:
        """What is wrong with records, and what waits for a decision."""
        if not self.records.conflicts:
            return self.records.problems
        from reviewtui.workspace.record_check import conflict_problems

        return (*self.records.problems, *conflict_problems(self.records, "Show the conflicts and choose."))

    def save_record(self, do: Callable[[RecordStore], Any], then: Callable[[Any], object] | None = None) -> None:
        """Run `do` with the store in the background, then `then` with its result; a failure is said below the screen.

        What `do` changes is in `records` before `then` is called.
        """
        self._save_record(do, then)

    @work(thread=True, exit_on_error=False, group="save")
    def _save_record(self, do: Callable[[RecordStore], Any], then: Callable[[Any], object] | None) -> None:
        try:
            result = do(self.store)
        except ReviewError as error:
            self.post_message(SaveFailed(error.message))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the app goes on
            self.keep_fault(error)
            self.post_message(SaveFailed("A fault in the program: it was not saved."))
        else:
            self.post_message(SaveDone(result, then))

    @on(SaveDone)
    def go_on(self, message: SaveDone) -> None:
        """Do what was to follow the save."""
        if message.then is not None:
            message.then(message.result)

    @on(SaveFailed)
    def say_failure(self, message: SaveFailed) -> None:
        """Say why nothing was saved."""
        self.say_on_screen(message.words)

    def say_on_screen(self, words: str) -> None:
        """Say something on whatever screen is open."""
        say = getattr(self.screen, "say", None)
        if callable(say):
            say(words)
        else:
            self.notify(words, markup=False)

    def keep_fault(self, error: BaseException) -> Path | None:
        """Write where the program failed, without data; where that is."""
        raise NotImplementedError
