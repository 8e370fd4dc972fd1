"""What a job works with inside the child process: the locked connection and what was found in it.

The connection belongs to one thread. Anything that reads other people's SQL runs inside `deadline` or `reading`, so
that a view that never ends, or eats the memory, is known by name.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

import duckdb

from reviewtui.errors import SourceError
from reviewtui.sources.discovery import find_tables
from reviewtui.sources.focus_search import find_focus
from reviewtui.sources.lockdown import open_sources
from reviewtui.sources.state import Progress
from reviewtui.sources.views import create_views
from reviewtui.sources.watchdog import Watchdog
from reviewtui.sources.wire import Entered, Left, Part, Stuck
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reviewtui.errors import Problem
    from reviewtui.sources.focus import FocusTable
    from reviewtui.sources.request import SourceRequest
    from reviewtui.sources.state import FoundTable, SourceState
    from reviewtui.sources.wire import Message

_PROGRESS_SECONDS = 0.05
STUCK_EXIT_CODE = 70
_PASSING = (MemoryError, duckdb.OutOfMemoryException, duckdb.IOException)
"""Failures that the same data need not meet again."""


class QueryTimeout(SourceError):  # noqa: N818 - reads as what happened
    """A piece of work was interrupted because its time was up."""

    def __init__(self, label: str, seconds: float) -> None:
        self.label = label
        self.reason = f"did not finish within {seconds:g} s. Make it return less, or check it for an endless loop."
        super().__init__(f"Reading {label} {self.reason}", "Took too long")


class Session:
    """The sources of a workspace, opened; made by `open_session`."""

    def __init__(self, request: SourceRequest, send: Callable[[Message], None]) -> None:
        self.request = request
        self.problems: list[Problem] = list(request.view_problems)
        self.states: tuple[SourceState, ...] = ()
        self.found: tuple[FoundTable, ...] = ()
        self.focus: tuple[FocusTable, ...] = ()
        """The FOCUS exports: tables that are read as `cost_line`."""
        self.missing: Mapping[str, str] = {}
        self.view_labels: set[str] = set()
        """Labels of work that can be left out if it fails."""
        self.failed: tuple[str, BaseException] | None = None
        """The label of the innermost work that an exception has left last, and that exception."""
        self.is_cut_short = bool(request.view_problems)
        """Whether any work was given up though the same data may do better another time."""
        self._send = send
        self._last_progress = ("", 0.0)
        opened = open_sources(request, lambda source: self.progress(f"Opening {safe_text(source.name)}"))
        self.connection: duckdb.DuckDBPyConnection = opened.connection
        self.states = opened.states
        self.problems += opened.problems

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Tell the person how far the job is; frequent calls within one stage are thinned out."""
        last_stage, last_time = self._last_progress
        now = time.monotonic()
        if stage != last_stage or now - last_time >= _PROGRESS_SECONDS or done == total > 0:
            self._last_progress = (stage, now)
            self._send(Progress(stage, done, total))

    def send_part(self, value: object) -> None:
        """Send a piece of the result at once; the caller of `run_job` gets it while the job goes on."""
        self._send(Part(value))

    @contextlib.contextmanager
    def deadline(self, label: str, seconds: float | None) -> Iterator[None]:
        """Name a piece of work; interrupt it after `seconds` (None: never) and raise QueryTimeout.

        Work that ignores the interrupt ends the process; the job is then repeated without it if it is a view.
        """
        is_view = label in self.view_labels
        self._send(Entered(label, is_view))
        limit = seconds or 0.0
        watchdog = Watchdog(limit, self.connection.interrupt, lambda: self._exit_stuck(label, is_view, limit))
        if seconds is not None:
            watchdog.start()
        try:
            yield
        except Exception as error:
            watchdog.finish()
            if watchdog.expired:
                raise self._timeout(label, limit) from error
            self.note_failure(error)
            if self.failed is None or self.failed[1] is not error:
                self.failed = (label, error)
            raise
        finally:
            watchdog.finish()
            self._send(Left())
        if watchdog.expired:
            raise self._timeout(label, limit)

    def reading(self, found: FoundTable) -> contextlib.AbstractContextManager[None]:
        """Name the reading of `found`; under the request's deadline where its rows come from SQL that may not end."""
        return self.deadline(found.relation, self.request.view_seconds if found.is_view else None)

    def note_failure(self, error: BaseException) -> None:
        """Remember that work failed with `error`: of the same data another time it need not."""
        self.is_cut_short |= isinstance(error, _PASSING)

    def close(self) -> None:
        """Let go of the files."""
        self.connection.close()

    def _timeout(self, label: str, seconds: float) -> QueryTimeout:
        timeout = QueryTimeout(label, seconds)
        self.is_cut_short = True
        self.failed = (label, timeout)
        return timeout

    def _exit_stuck(self, label: str, is_view: bool, seconds: float) -> None:
        """End the process: a statement that ignores the interrupt leaves no other way."""
        with contextlib.suppress(OSError):
            self._send(Stuck(label, is_view, seconds))
        os._exit(STUCK_EXIT_CODE)


def open_session(request: SourceRequest, send: Callable[[Message], None]) -> Session:
    """Open the sources, create the views and find the canonical tables; problems are collected, not raised."""
    session = Session(request, send)
    session.progress("Looking for tables")
    views = create_views(session)
    find_tables(session, views)
    find_focus(session)
    return session
