"""A load that begins before the first thing of the screen is imported.

Most of a start goes into importing the toolkit. The numbers of unchanged files are read from the cache in a thread
meanwhile, so that the app's first frame shows them.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.loading import LoadSheet, Report
    from reviewtui.ready_sheet import KeptNumbers
    from reviewtui.sources.state import Progress

    FindNumbers = Callable[[], KeptNumbers | None]

POLL_SECONDS = 0.05


class EarlyLoad:
    """A load that is under way; `load` takes it up where it is and, called again, loads anew.

    Nothing but the look for numbers that are ready is done before somebody asks for them or says that it may go on.
    """

    def __init__(self, find: FindNumbers, load: LoadSheet) -> None:
        """`load` is called unless `find` gives numbers that are ready."""
        self.earlier: LoadedSheet | None = None
        """The numbers shown last, while others are being computed; known once `ready_within` has returned in time."""
        self._find = find
        self._load = load
        self._cancel = threading.Event()
        self._has_news = threading.Event()
        """Set with the first progress and with the end."""
        self._is_known = threading.Event()
        """Set as soon as it is known whether numbers are ready."""
        self._may_load = threading.Event()
        self._result: Future[LoadedSheet] = Future()
        self._progress: Progress | None = None
        self._newest: LoadedSheet | None = None
        self._listener: Report | None = None
        self._is_taken = False
        threading.Thread(target=self._run, name="early-load", daemon=True).start()

    def ready_within(self, seconds: float) -> LoadedSheet | None:
        """The numbers, if they are there in time; None at once where they must be computed or could not be had."""
        self.go_on()
        self._has_news.wait(seconds)
        if not self._result.done() or self._result.exception() is not None:
            return None
        self._is_taken = True
        return self._result.result()

    def knows_ready_within(self, seconds: float) -> bool:
        """Whether it is known in time that the numbers need not be computed."""
        self._is_known.wait(seconds)
        return self._result.done() and self._result.exception() is None

    def go_on(self) -> None:
        """Compute the numbers if they are not ready, with all that has to be imported for it."""
        self._may_load.set()

    def load(self, report: Report, cancel: threading.Event) -> LoadedSheet:
        """As a `LoadSheet`: the first time wait for what is under way, from then on load again."""
        self.go_on()
        if self._is_taken:
            return self._load(report, cancel)
        self._is_taken = True
        self._listener = report
        if self._progress is not None:
            report(self._progress, self._newest)
        while not self._result.done():
            with suppress(TimeoutError):
                return self._result.result(POLL_SECONDS)
            if cancel.is_set():
                self._cancel.set()
        return self._result.result()

    def _run(self) -> None:
        try:
            self._result.set_result(self._numbers())
        except BaseException as error:  # noqa: BLE001 - raised again where the numbers are waited for
            self._result.set_exception(error)
        finally:
            self._is_known.set()
            self._has_news.set()

    def _numbers(self) -> LoadedSheet:
        kept = self._find()
        if kept is not None and kept.is_ready:
            return kept.loaded
        self.earlier = kept.loaded if kept is not None else None
        self._is_known.set()
        self._may_load.wait()
        return self._load(self._report, self._cancel)

    def _report(self, progress: Progress, newest: LoadedSheet | None = None) -> None:
        self._progress, self._newest = progress, newest or self._newest
        self._has_news.set()
        if self._listener is not None:
            self._listener(progress, newest)
