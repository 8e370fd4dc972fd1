"""The part of the app that loads the numbers in the background, and sees when the files have newer ones."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual import on, work
from textual.reactive import var

from reviewtui.errors import Cancelled, ReviewError
from reviewtui.messages import SheetLoaded, SheetProgress, SheetUnavailable, SourcesChanged
from reviewtui.records_app import RecordsApp
from reviewtui.sheet_state import Failure, Position, SheetState
from reviewtui.sources.state import Progress

if TYPE_CHECKING:
    from textual.message import Message

    from reviewtui.loading import LoadSheet


class LoadingApp(RecordsApp):
    """`sheet_state` is what screens watch: the numbers, how far a computation is, and what kept it from an end."""

    sheet_state: var[SheetState] = var(SheetState, init=False)

    position: Position
    """Where the cursor stands, or will stand once there are numbers."""
    place_given: tuple[Position, Position] | None = None
    """Where the person stood when the newest months came, and where those put them."""
    _load_sheet: LoadSheet

    def __init__(self) -> None:
        super().__init__()
        self._cancel = threading.Event()

    def load(self) -> None:
        """Read the files and compute again; numbers that are there stay until new ones come."""
        self._cancel.set()
        self._cancel = threading.Event()
        self.sheet_state = self.sheet_state._replace(progress=Progress("Reading the files"), failure=None)
        self._compute(self._cancel)

    @work(thread=True, exclusive=True, exit_on_error=False, group="sheet")
    def _compute(self, cancel: threading.Event) -> None:
        def post(fact: Message) -> None:
            if not cancel.is_set():
                self.post_message(fact)

        try:
            loaded = self._load_sheet(lambda progress, newest=None: post(SheetProgress(progress, newest)), cancel)
        except Cancelled:
            # Asked for elsewhere while this computation is still wanted: say so rather than wait for ever.
            post(SheetUnavailable(Failure("Stopped", "The computation was stopped.")))
        except ReviewError as error:
            post(SheetUnavailable(Failure(error.headline, error.message)))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the old numbers stay usable
            log = self.keep_fault(error)
            where = f" Where it happened is written in {log}." if log is not None else ""
            post(SheetUnavailable(Failure("A fault in the program", f"The numbers could not be computed.{where}")))
        else:
            post(SheetLoaded(loaded))

    @on(SheetProgress)
    def show_progress(self, message: SheetProgress) -> None:
        """Say how far it is; the newest months are shown where there is nothing else."""
        state = self.sheet_state._replace(progress=message.progress)
        if message.newest is not None and state.loaded is None:
            state = state._replace(loaded=message.newest, is_begun=True)
        self.sheet_state = state

    @on(SheetLoaded)
    def show_numbers(self, message: SheetLoaded) -> None:
        """Replace the numbers, unless they are fewer only because a source cannot be read at the moment."""
        state, lost = self.sheet_state, message.loaded.lost_since(self.sheet_state.loaded)
        if lost and state.loaded is not None and not state.is_begun:
            self.sheet_state = SheetState(state.loaded, failure=Failure("A source could not be read", lost))
        else:
            self.position = self.place_to_keep
            self.sheet_state = SheetState(message.loaded)

    @on(SheetUnavailable)
    def show_failure(self, message: SheetUnavailable) -> None:
        """Keep the old numbers and say why there are no new ones."""
        state = self.sheet_state
        self.sheet_state = SheetState(state.loaded, failure=message.failure, is_begun=state.is_begun)

    @work(thread=True, exclusive=True, exit_on_error=False, group="freshness")
    def look_at_files(self) -> None:
        """See whether the numbers on the screen are still those of the files; a slow disk holds up nobody."""
        from reviewtui.sources.freshness import changed_sources
        from reviewtui.workspace.own_files import changed_files, own_files

        state = self.sheet_state
        if state.loaded is None or state.progress is not None:
            return
        names = tuple(source.name for source in changed_sources(state.loaded.sheet.sources))
        if state.loaded.files is not None:
            now, made = own_files(self.workspace_root), self.store.made_files
            # What this program made for a record, as it made it, changes no number.
            names += tuple(name for name in changed_files(state.loaded.files, now) if made.get(name) != now.get(name))
        if names != state.changed:
            self.post_message(SourcesChanged(names))

    @on(SourcesChanged)
    def show_changed(self, message: SourcesChanged) -> None:
        """Say that newer numbers could be had."""
        if self.sheet_state.progress is None:
            self.sheet_state = self.sheet_state._replace(changed=message.names)

    @property
    def place_to_keep(self) -> Position:
        """Where the person stands; while the newest months alone are there, where they were unless they moved."""
        if not self.sheet_state.is_begun or self.place_given is None:
            return self.position
        wanted, given = self.place_given
        return wanted if self.position == given else self.position

    def stop_computing(self) -> None:
        """Ask the computation to end; returns at once."""
        self._cancel.set()
