"""What every command says and how: results to stdout, messages to stderr, progress on one line of a terminal."""

from __future__ import annotations

import codecs
import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING

from reviewtui.errors import Severity
from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType
    from typing import TextIO

    from reviewtui.errors import Problem
    from reviewtui.sources.state import Progress

OK = 0
PROBLEMS = 1
WRONG_USAGE = 2
SIGNAL_CODES = 128
"""A command that a signal ended returns this plus the signal's number."""
INTERRUPTED = SIGNAL_CODES + signal.SIGINT

MESSAGE_LIMIT = 2000
"""Longest message that is printed on one line."""

_PLAIN_FORMS = str.maketrans(
    {
        "−": "-",
        "…": ":",
        "·": ".",
        "°": "o",
        "±": "+",
        "—": "-",
        "–": "-",
        "─": "-",
        "✓": "+",
        "✗": "x",
        "→": ">",
        "▲": "^",
        "▼": "v",
        "↳": ">",
        "×": "x",
    }
)
"""Stand-ins, each one character, where the output's encoding lacks the character itself."""


def _plain_form(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    plain = lacking.translate(_PLAIN_FORMS)
    return "".join(character if character.isascii() else "?" for character in plain), error.end


def prepare_streams() -> None:
    """Let stdout and stderr write any text: what their encoding lacks becomes a plain stand-in.

    Where the process was started without one of them, what is written there goes nowhere.
    """
    codecs.register_error("reviewtui-plain", _plain_form)
    sys.stdout = StringIO() if sys.stdout is None else sys.stdout
    sys.stderr = StringIO() if sys.stderr is None else sys.stderr
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="reviewtui-plain")


def write_utf8() -> None:
    """Write stdout as UTF-8 with bare line feeds: for output that other programs read."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def say(text: str = "") -> None:
    """Print a line of the result; `text` is already safe."""
    print(text)


def tell(text: str) -> None:
    """Print one message line to stderr; anything in `text` that could act on the terminal is made visible."""
    print(safe_text(text, MESSAGE_LIMIT), file=sys.stderr)


def problem_line(problem: Problem) -> str:
    """`file:line: message`, with `warning:` before the message where nothing is lost."""
    place = problem.path if problem.line is None else f"{problem.path}:{problem.line}"
    kind = "" if problem.severity is Severity.ERROR else "warning: "
    return safe_text(f"{place}: {kind}{problem.message}" if place else f"{kind}{problem.message}", MESSAGE_LIMIT)


def unique_problems(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    """Every problem of the groups once, in order."""
    return tuple(dict.fromkeys(problem for group in groups for problem in group))


def exit_code(problems: Iterable[Problem]) -> int:
    """`PROBLEMS` if something could not be used; warnings alone are no failure."""
    return PROBLEMS if any(problem.severity is Severity.ERROR for problem in problems) else OK


def plural(count: int, noun: str) -> str:
    """`1 table`, `2 tables`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


class ProgressLine:
    """One line on stderr that overwrites itself and is gone at the end; silent where stderr is no terminal."""

    def __init__(self, stream: TextIO | None = None, width: int | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._width = _terminal_width() if width is None else width
        self._visible = self._stream.isatty()
        self._shown = 0

    def __call__(self, progress: Progress) -> None:
        """Show how far the work is."""
        if not self._visible:
            return
        text = progress_text(progress)[: max(self._width - 1, 0)]
        self._stream.write("\r" + text.ljust(self._shown) + "\r")
        self._stream.flush()
        self._shown = len(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._visible and self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0


def progress_text(progress: Progress) -> str:
    """`Reading events  3 of 12`."""
    stage = safe_text(progress.stage, 200)
    return f"{stage}  {progress.done:,} of {progress.total:,}" if progress.total else stage


def _terminal_width() -> int:
    for stream in (sys.__stderr__, sys.__stdout__):
        with suppress(OSError, ValueError, AttributeError):
            if stream is not None and (columns := os.get_terminal_size(stream.fileno()).columns):
                return columns
    return 80


@contextmanager
def progress_line() -> Iterator[ProgressLine]:
    """A `ProgressLine` that is cleaned up however the work ends."""
    line = ProgressLine()
    try:
        yield line
    finally:
        line.clear()


class Interrupted(Exception):  # noqa: N818 - a decision of the person, not an error
    """A signal asked the work to stop; `code` is the exit code that says which."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def interruptible(*, at_once: bool = False) -> Iterator[threading.Event]:
    """An event that Ctrl+C or a request to terminate sets, so that work can end in order; then `Interrupted`.

    Work that does not look at the event is broken off: `at_once`, else at the second Ctrl+C.
    """
    cancel = threading.Event()
    received: list[int] = []

    def ask_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the form of a signal handler
        received.append(number)
        cancel.set()
        if at_once or len(received) > 1:
            raise KeyboardInterrupt

    previous = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    except (Exception, KeyboardInterrupt):  # libraries turn the interrupt into errors of their own
        if not received:
            raise
        raise Interrupted(SIGNAL_CODES + received[0]) from None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if received:
        raise Interrupted(SIGNAL_CODES + received[0])
