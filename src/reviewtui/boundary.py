"""What stands between the app and the terminal: no control characters get out, and no broken terminal is left."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual.filter import LineFilter

from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from textual.color import Color

MOST_SECONDS_TO_LEAVE = 2

_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)
_KEYBOARD_SIGNALS = (signal.SIGINT, signal.SIGQUIT)

_LEAVE_TERMINAL = (
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # mouse
    b"\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[?2026l"  # paste, focus, resize reports, held output
    b"\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"  # keyboard, wrapping, colours, main screen, text cursor
)


@lru_cache(maxsize=4096)
def _safe(text: str) -> str:
    return safe_text(text, len(text))


class ControlFilter(LineFilter):
    """The last net: characters that could act on the terminal become visible, wherever they come from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - given to every filter
        """The same segments with safe text; lengths in characters stay the same."""
        return [
            segment
            if segment.text.isascii() and segment.text.isprintable()
            else Segment(_safe(segment.text), segment.style, segment.control)
            for segment in segments
        ]


def leave_on_hangup(before_leaving: Callable[[], None]) -> None:
    """On a signal that ends programs: `before_leaving`, restore the terminal, end the process.

    The handler does not need the event loop, which a stalled connection may hold up.
    """
    import termios

    try:
        attributes = termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ is not None else None
    except (OSError, ValueError, termios.error):
        attributes = None

    def leave(number: int, _frame: FrameType | None) -> None:
        # Whatever hangs from here on, a disk or the terminal, the process is gone in time.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(MOST_SECONDS_TO_LEAVE)
        _restore_terminal(attributes)
        try:
            before_leaving()
        finally:
            # What was still waiting to be painted may have come after the first time.
            _restore_terminal(attributes)
            os._exit(128 + number)

    for number in _ENDING_SIGNALS:
        signal.signal(number, leave)


@contextmanager
def keyboard_signals_are_for_others() -> Iterator[None]:
    """While another program has the terminal, keys such as Ctrl+C mean that program, though both are told."""
    # A handler that does nothing, as an ignored signal would be ignored by the other program too.
    before = {number: signal.signal(number, lambda *_: None) for number in _KEYBOARD_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _restore_terminal(attributes: list[Any] | None) -> None:
    """Undo what the app asked of the terminal, without waiting for a terminal that does not read."""
    import termios

    stdin, stderr = sys.__stdin__, sys.__stderr__
    if stderr is not None:
        with suppress(OSError, ValueError):
            os.set_blocking(stderr.fileno(), False)
            os.write(stderr.fileno(), _LEAVE_TERMINAL)
            os.set_blocking(stderr.fileno(), True)
    if attributes is not None and stdin is not None:
        with suppress(OSError, ValueError, termios.error):
            termios.tcsetattr(stdin.fileno(), termios.TCSANOW, attributes)
