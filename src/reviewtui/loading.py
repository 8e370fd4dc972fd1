"""Getting the numbers of a workspace, from before the first thing of the screen is imported.

Most of a start goes into importing the toolkit. The numbers of unchanged files are read from the cache in a thread
meanwhile, so that the first frame shows them.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from reviewtui.sheet_state import LoadedSheet
    from reviewtui.sources.state import Progress

    LoadSheet = Callable[[Callable[[Progress], None], threading.Event], LoadedSheet]

POLL_SECONDS = 0.05


def open_numbers(
    root: Path, as_of: date, on_progress: Callable[[Progress], None], cancel: threading.Event
) -> LoadedSheet:
    """The numbers shown last where no file has changed, else as `compute_workspace`."""
    from reviewtui.ready_sheet import FilesMark, ready_sheet
    from reviewtui.workspace.own_files import own_files

    files = own_files(root)
    ready = ready_sheet(FilesMark(root, as_of), root)
    return replace(ready, files=files) if ready is not None else compute_workspace(root, as_of, on_progress, cancel)


def compute_workspace(
    root: Path, as_of: date, on_progress: Callable[[Progress], None], cancel: threading.Event
) -> LoadedSheet:
    """Load the workspace and get its numbers, from a child process where they were not kept; raises `ReviewError`.

    They are kept, so that the next start has them ready.
    """
    from datetime import UTC, datetime

    from reviewtui.numbers import load_numbers
    from reviewtui.ready_sheet import FilesMark, keep_ready
    from reviewtui.sheet_state import LoadedSheet
    from reviewtui.workspace.atomic import sweep_stale_temps
    from reviewtui.workspace.load import load_workspace
    from reviewtui.workspace.own_files import own_files

    sweep_stale_temps(root, datetime.now(UTC))
    files, mark = own_files(root), FilesMark(root, as_of)
    workspace = load_workspace(root)
    sheet = load_numbers(workspace, as_of, on_progress=on_progress, cancel=cancel)
    loaded = LoadedSheet(sheet, workspace.problems, files)
    keep_ready(mark, root, as_of, loaded)
    return loaded


class EarlyLoad:
    """A load that is under way; `load` takes it up where it is and, called again, loads anew by `again`."""

    def __init__(self, first: LoadSheet, again: LoadSheet) -> None:
        self._first = first
        self._again = again
        self._cancel = threading.Event()
        self._has_news = threading.Event()
        """Set with the first progress and with the end."""
        self._result: Future[LoadedSheet] = Future()
        self._progress: Progress | None = None
        self._listener: Callable[[Progress], None] | None = None
        self._is_taken = False
        threading.Thread(target=self._run, name="early-load", daemon=True).start()

    def ready_within(self, seconds: float) -> LoadedSheet | None:
        """The numbers, if they are there in time; None at once where they must be computed or could not be had."""
        self._has_news.wait(seconds)
        if not self._result.done() or self._result.exception() is not None:
            return None
        self._is_taken = True
        return self._result.result()

    def load(self, on_progress: Callable[[Progress], None], cancel: threading.Event) -> LoadedSheet:
        """As a `LoadSheet`: the first time wait for what is under way, from then on load again."""
        if self._is_taken:
            return self._again(on_progress, cancel)
        self._is_taken = True
        self._listener = on_progress
        if self._progress is not None:
            on_progress(self._progress)
        while not self._result.done():
            with suppress(TimeoutError):
                return self._result.result(POLL_SECONDS)
            if cancel.is_set():
                self._cancel.set()
        return self._result.result()

    def _run(self) -> None:
        try:
            self._result.set_result(self._first(self._show_progress, self._cancel))
        except BaseException as error:  # noqa: BLE001 - raised again where the numbers are waited for
            self._result.set_exception(error)
        finally:
            self._has_news.set()

    def _show_progress(self, progress: Progress) -> None:
        self._progress = progress
        self._has_news.set()
        if self._listener is not None:
            self._listener(progress)
