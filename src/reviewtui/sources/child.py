"""The child process: opens the sources, runs one job, sends its result, ends.

Its standard streams belong to the parent: frames come in on one and leave on the other, and anything a library
prints goes to the error stream. It writes nothing, so it may end at any moment, and does when the parent is gone.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import threading
import traceback
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.sources.limits import limit_memory
from reviewtui.sources.wire import Done, Failed, Task, ViewFailed, packed, receive, send
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from reviewtui.sources.session import Session
    from reviewtui.sources.wire import Message


class _Parent:
    """The other end of the pipes."""

    def __init__(self) -> None:
        self._inbox = os.dup(0)
        self._outbox = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        self._sending = threading.Lock()

    def task(self) -> Task:
        """The one task."""
        task = receive(self._inbox)
        if not isinstance(task, Task):
            raise TypeError(f"expected a task, not {type(task).__name__}")
        return task

    def tell(self, message: Message) -> None:
        """Send a message; any thread may."""
        self.send(packed(message))

    def send(self, frame: bytes) -> None:
        """Send a message that is packed already."""
        with self._sending:
            send(self._outbox, frame)

    def watch(self) -> None:
        """From now on end this process as soon as the parent is gone."""
        threading.Thread(target=self._wait, name="parent", daemon=True).start()

    def _wait(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            receive(self._inbox)
        os._exit(1)


def main() -> None:
    """Serve one task and end the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = _Parent()
    try:
        task = parent.task()
        parent.watch()
        parent.send(_outcome(task, parent))
    except (EOFError, BrokenPipeError):
        os._exit(1)
    os._exit(0)


def _outcome(task: Task, parent: _Parent) -> bytes:
    """The packed result or failure; the files are free again when this returns."""
    session: Session | None = None
    try:
        limit_memory(task.request.memory_limit)
        from reviewtui.sources.session import open_session

        session = open_session(task.request, parent.tell)
        module, _, function = task.job.partition(":")
        result = getattr(importlib.import_module(module), function)(session, task.payload)
        return packed(Done(result))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a job raises is told to the parent
        return packed(_failure(error, session))
    finally:
        if session is not None:
            _close(session)


def _close(session: Session) -> None:
    import duckdb

    with contextlib.suppress(duckdb.Error):
        session.close()


def _failure(error: Exception, session: Session | None) -> Failed | ViewFailed:
    if isinstance(error, ModuleNotFoundError) and error.name == "duckdb":
        return Failed("SourceError", "DuckDB is not installed. Install reviewtui again.", _UNREADABLE)
    import duckdb

    from reviewtui.sources.messages import query_failed
    from reviewtui.sources.session import QueryTimeout

    label = ""
    if session is not None and session.failed is not None and session.failed[1] is error:
        label = session.failed[0]
    is_query = isinstance(error, (duckdb.Error, MemoryError))
    if session is not None and label in session.view_labels and (is_query or isinstance(error, QueryTimeout)):
        return ViewFailed(label, error.reason if isinstance(error, QueryTimeout) else query_failed(error))
    if isinstance(error, ReviewError):
        kind = "SourceError" if isinstance(error, QueryTimeout) else type(error).__name__
        return Failed(kind, error.message, error.headline)
    trace = "".join(traceback.format_exception(error))
    if is_query:
        what = f"The table {safe_text(label)}" if label else "The data"
        return Failed("SourceError", f"{what} {query_failed(error)}", _UNREADABLE, trace)
    message = f"Reading the data met an error in the program ({type(error).__name__}). Please report it."
    return Failed("SourceError", message, "Error in the program", trace)


_UNREADABLE = "The data cannot be read"
