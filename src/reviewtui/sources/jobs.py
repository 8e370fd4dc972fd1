"""Run one job on the sources in a child process, and turn whatever happens to it into a result or a sentence.

A new process for each job bounds its memory, can be killed at any moment, and leaves the files free for their writer.
Nothing of the parent changes when a job fails, so the numbers it had stay usable.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui import errors
from reviewtui.errors import Cancelled, ReviewError, SourceError
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.state import Progress
from reviewtui.sources.wire import Done, Entered, Failed, Inbox, Left, Part, Stuck, Task, ViewFailed, packed, send
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

__all__ = ["SourceRequest", "run_job"]

MAX_EXCLUDED_VIEWS = 4
"""A job is repeated without a view that made it fail, at most this often."""

_POLL_SECONDS = 0.05
_EXIT_SECONDS = 2.0
_CHUNK = 1 << 20
_MAX_LAST_WORDS = 4096
_BOOTSTRAP = "import sys; sys.path[:] = sys.argv[1:]; from reviewtui.sources.child import main; main()"
"""The child finds modules where this process does, however it was installed."""


def run_job(
    request: SourceRequest,
    job: str,
    payload: object = None,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    on_part: Callable[[object], None] | None = None,
) -> object:
    """Run `job` (`package.module:function`, called with a Session and `payload`) and return its picklable result.

    Raises Cancelled once `cancel` is set, SourceError if the job cannot be done, or the ReviewError the job raised.
    Files are closed again when this returns or raises. `on_progress`, and `on_part` for pieces of the
    result, are called in this thread.
    """
    for _ in range(MAX_EXCLUDED_VIEWS + 1):
        outcome = _Attempt(Task(request, job, payload), on_progress, cancel, on_part).run()
        if isinstance(outcome, Done):
            return outcome.result
        request = request.without_view(outcome.label, outcome.reason)
    names = ", ".join(problem.message for problem in request.view_problems)
    raise SourceError(f"Too many views cannot be read. {names}", "Views cannot be read")


class _Attempt:
    """One child process and what is known about it."""

    def __init__(
        self,
        task: Task,
        on_progress: Callable[[Progress], None] | None,
        cancel: threading.Event | None,
        on_part: Callable[[object], None] | None,
    ) -> None:
        self._task = task
        self._on_progress = on_progress
        self._on_part = on_part
        self._cancel = cancel
        self._stage = "Starting"
        self._work: list[Entered] = []
        """What the child is inside of, outermost first."""
        self._last_words = b""

    def run(self) -> Done | ViewFailed:
        """Start the child and listen until it has ended."""
        self._stop_if_asked()
        process = _start_child()
        assert process.stdin is not None  # noqa: S101 - all three are pipes
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        keeper = threading.Thread(target=self._keep_last_words, args=(process.stderr,), daemon=True)
        keeper.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                send(process.stdin.fileno(), packed(self._task))
            outcome = self._listen(process.stdout.fileno())
            if outcome is not None:
                _wait(process)
                return outcome
            code = _wait(process)
            keeper.join(_EXIT_SECONDS)
            return self._crashed(code)
        finally:
            process.kill()
            _wait(process)
            keeper.join(_EXIT_SECONDS)
            for stream in (process.stdin, process.stdout, process.stderr):
                with contextlib.suppress(OSError):
                    stream.close()

    def _listen(self, handle: int) -> Done | ViewFailed | None:
        """Follow the child's messages to the last one; nothing if it ended without one."""
        inbox = Inbox()
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            while True:
                self._stop_if_asked()
                if not selector.select(_POLL_SECONDS):
                    continue
                chunk = os.read(handle, _CHUNK)
                if not chunk:
                    return None
                inbox.feed(chunk)
                while inbox.has_message:
                    outcome = self._heard(inbox.take())
                    if outcome is not None:
                        return outcome

    def _stop_if_asked(self) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled

    def _heard(self, message: object) -> Done | ViewFailed | None:
        match message:
            case Progress():
                self._stage = message.stage
                if self._on_progress is not None:
                    self._on_progress(message)
            case Part():
                if self._on_part is not None:
                    self._on_part(message.value)
            case Entered():
                self._work.append(message)
            case Left():
                self._work.pop()
            case Done() | ViewFailed():
                return message
            case Stuck():
                return self._stuck(message)
            case Failed():
                raise _error(message)
        return None

    def _stuck(self, message: Stuck) -> ViewFailed:
        reason = f"did not finish within {message.seconds:g} s and could not be interrupted. Make it return less."
        if message.is_view:
            return ViewFailed(message.label, reason)
        raise SourceError(f"Reading {safe_text(message.label)} {reason}", "Took too long")

    def _crashed(self, code: int | None) -> ViewFailed:
        """The child ended by itself: blame the view it was reading, else say what it was doing."""
        how = self._manner(code)
        for work in reversed(self._work):
            if work.is_view:
                return ViewFailed(work.label, f"ended the program that reads the data ({how}). Make it return less.")
        doing = f"{self._stage}, reading {self._work[-1].label}" if self._work else self._stage
        raise SourceError(
            f"The program that reads the data ended by itself at: {safe_text(doing)} ({how}). Try again;"
            " if it happens again, use a smaller extract.",
            "Reading stopped",
        )

    def _manner(self, code: int | None) -> str:
        if code is None:
            return "it does not answer"
        if code == -signal.SIGKILL:
            return "killed by the system, most likely for lack of memory"
        if code < 0:
            return f"signal {-code}"
        words = self._last_words.decode("utf-8", "replace").strip().splitlines()
        return f"exit code {code}" + (f": {safe_text(words[-1], 200)}" if words else "")

    def _keep_last_words(self, stream: IO[bytes]) -> None:
        """Read the error stream to its end, so that the child never waits, and keep its tail."""
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(stream.fileno(), _MAX_LAST_WORDS):
                self._last_words = (self._last_words + chunk)[-_MAX_LAST_WORDS:]


def _start_child() -> subprocess.Popen[bytes]:
    paths = [path for path in sys.path if isinstance(path, str)]
    try:
        return subprocess.Popen(
            [_interpreter(), "-P", "-c", _BOOTSTRAP, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise SourceError(
            f"The program that reads the data cannot be started ({safe_text(str(error))})."
            " Close other programs, or install reviewtui again.",
            "Reading cannot start",
        ) from error


def _interpreter() -> str:
    """The Python that runs this program, also where it was started under another name."""
    folder = Path(sys.prefix) / "bin"
    for candidate in (sys.executable, str(folder / "python3"), str(folder / "python")):
        if candidate and Path(candidate).is_file():
            return candidate
    raise SourceError(
        "The Python that runs this program cannot be found. Install reviewtui again.", "Reading cannot start"
    )


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """The exit code; nothing if the process does not end in time."""
    try:
        return process.wait(_EXIT_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _error(message: Failed) -> ReviewError:
    """The error the child reported; where it was a mistake of the program, its trace is a note for a log."""
    kind = getattr(errors, message.kind, SourceError)
    if message.kind == Cancelled.__name__:
        return Cancelled()
    error: ReviewError = kind(message.message, message.headline)
    if message.trace:
        error.add_note(message.trace)
    return error
