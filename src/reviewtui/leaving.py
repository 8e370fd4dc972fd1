"""A terminal is left as it was found, whatever ends the program."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

MOST_SECONDS_TO_LEAVE = 2
_SECONDS_FOR_ROOM, _SECONDS_BETWEEN_TRIES = 1.0, 0.01
"""How long a terminal that is full has until it takes what restores it, and how often it is asked."""

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)
_KEYBOARD_SIGNALS = (signal.SIGINT, signal.SIGQUIT)

_LEAVE_TERMINAL = (
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # mouse
    b"\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[?2026l"  # paste, focus, resize reports, held output
    b"\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"  # keyboard, wrapping, colours, main screen, text cursor
)

Attributes = list[Any]
"""What the system keeps about a terminal, see `termios.tcgetattr`."""


def terminal_attributes() -> Attributes | None:
    """Those of the terminal that input comes from; None where there is none."""
    import termios

    try:
        return termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ is not None else None
    except (OSError, ValueError, termios.error):
        return None


def set_terminal_attributes(attributes: Attributes) -> None:
    """Give the terminal that input comes from these, at once; nothing happens where there is none."""
    import termios

    if sys.__stdin__ is not None:
        with suppress(OSError, ValueError, termios.error):
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, attributes)


def leave_on_hangup(before_leaving: Callable[[], None], attributes: Attributes | None) -> None:
    """On a signal that ends programs: `before_leaving`, restore the terminal, end the process.

    The handler does not need the event loop, which a stalled connection may hold up. `attributes` are those that the
    terminal had before the program changed any.
    """

    def leave(number: int, _frame: FrameType | None) -> None:
        # Whatever hangs from here on, a disk or the terminal, the process is gone in time.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(MOST_SECONDS_TO_LEAVE)
        terminal = _taken_terminal()
        _restore_terminal(terminal, attributes)
        try:
            before_leaving()
        finally:
            # What was being painted may have come after the first time, or have left no room for it.
            _restore_terminal(terminal, attributes, _SECONDS_FOR_ROOM)
            os._exit(128 + number)

    for number in ENDING_SIGNALS:
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


def _taken_terminal() -> int | None:
    """The terminal, which nothing else in this process can paint on from here on; None where there is none."""
    if sys.__stderr__ is None:
        return None
    with suppress(OSError, ValueError):
        painted = sys.__stderr__.fileno()
        terminal = os.dup(painted)
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, painted)
        return terminal
    return None


def _restore_terminal(terminal: int | None, attributes: Attributes | None, seconds: float = 0.0) -> None:
    """Undo what the app asked of the terminal; one that does not read is waited for no longer than `seconds`."""
    left = _LEAVE_TERMINAL if terminal is not None else b""
    deadline = time.monotonic() + seconds
    while left and terminal is not None:
        try:
            left = left[_write_without_waiting(terminal, left) :]
        except BlockingIOError:
            if time.monotonic() >= deadline:
                break
            time.sleep(_SECONDS_BETWEEN_TRIES)
        except OSError:
            break
    if attributes is not None:
        set_terminal_attributes(attributes)


def _write_without_waiting(terminal: int, data: bytes) -> int:
    os.set_blocking(terminal, False)
    try:
        return os.write(terminal, data)
    finally:
        os.set_blocking(terminal, True)
