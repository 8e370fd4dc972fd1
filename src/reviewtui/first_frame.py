"""The frame that a start shows before anything else: what the app will paint, half a second earlier.

It was painted at the end of the session before and is shown only while nothing that it depends on has changed: the
numbers, the place, the keys, the terminal and its size. Keys pressed meanwhile are the app's. If the first of them is a
step, what it leads to is known as well, and shown at once.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from reviewtui.leaving import ENDING_SIGNALS, set_terminal_attributes, terminal_attributes
from reviewtui.paths import cache_dir, keys_file, session_file
from reviewtui.plain_file import read_plain, write_plain
from reviewtui.quick_tuple import NamedTuple
from reviewtui.ready_sheet import READY_FILE
from reviewtui.waking_event import WakingEvent
from reviewtui.workspace.file_facts import file_facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from reviewtui.leaving import Attributes
    from reviewtui.screen_cells import ScreenCells

FRAME_FILE = "frame"

_VARIABLES = (
    "TERM", "COLORTERM", "NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "LANG", "LC_ALL", "LC_CTYPE",
    "REVIEWTUI_OUTPUT",
)  # fmt: skip
"""What decides how the same screen is painted."""

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J", b"\x1b[0m\x1b[?1049l\x1b[?25h"
"""Another screen without a text cursor, and back."""

_LOCAL, _INPUT, _CHARACTERS = 3, 0, 6
"""Places in the attributes of a terminal."""

SECONDS_BETWEEN_TURNS = 0.12
_TURNING = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
"""In the upper right corner as long as the program is being loaded: all but the first step waits for it."""

_MOST_BYTES = 4096
_SECONDS_TO_STOP = 1.0
_ARROWS = {"up": "A", "down": "B", "right": "C", "left": "D"}


class Step(NamedTuple):
    """Another screen, one key away."""

    keys: tuple[str, ...]
    """What terminals send for the keys that lead there."""
    text: str
    """What turns the one screen into the other."""
    cells: ScreenCells
    """Of the other screen, only lines that differ."""


class Picture(NamedTuple):
    """A whole screen."""

    size: tuple[int, int]
    """Columns and lines."""
    text: str
    """What shows it on an empty screen."""
    cells: ScreenCells
    steps: tuple[Step, ...] = ()

    def after(self, step: Step) -> Picture:
        """The screen that `step` leads to."""
        return Picture(self.size, "", self.cells.changed_by(step.cells))

    def without_corner(self) -> Picture:
        """The screen of which nobody knows what the upper right corner shows."""
        return self._replace(text="", cells=self.cells.up_to(0, self.size[0] - 1))


class FirstFrame:
    """A picture that is on the screen while the app is still being loaded."""

    def __init__(self, picture: Picture, attributes: Attributes) -> None:
        """Show `picture`; OSError where that fails. `attributes` are those of the terminal before."""
        self.picture = picture
        self.attributes = attributes
        self.is_handed_over = False
        self.shows_step = False
        """Whether the first key was a step, and the picture is that of where it leads."""
        self._turns = 0
        self._pressed = b""
        self._terminal = sys.stdin.fileno()
        self._ending = WakingEvent()
        self._watcher = Thread(target=self._answer, daemon=True)
        self._handlers = {number: signal.signal(number, _end) for number in ENDING_SIGNALS}
        # Stopped now, it would leave the shell a screen that is not the shell's.
        self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        try:
            _take_keys(attributes)
            _send((_ENTER + picture.text).encode())
            self._watcher.start()
        except BaseException:
            self.take_back()
            raise

    def _answer(self) -> None:
        """Wait for the first key, and show where it leads if that was kept; show that all others wait."""
        sources = [self._ending.reader, self._terminal]
        with suppress(OSError):
            while not self._ending.is_set():
                ready, _, _ = select.select(sources, (), (), SECONDS_BETWEEN_TURNS)
                if not ready:
                    self.turn()
                elif self._terminal in ready and not self._ending.is_set():
                    sources.remove(self._terminal)
                    self._take(os.read(self._terminal, _MOST_BYTES))

    def _take(self, pressed: bytes) -> None:
        self._pressed, text = pressed, pressed.decode(errors="replace")
        step = next((step for step in self.picture.steps if text in step.keys), None)
        if step is not None:
            self.picture, self.shows_step = self.picture.after(step), True
            _send(step.text.encode())

    def turn(self) -> None:
        """Show in the corner that the program is being loaded."""
        with suppress(OSError):
            sign = _TURNING[self._turns % len(_TURNING)]
            colors = ";".join(("0", *self.picture.cells.colors_at_end(0)))
            _send(f"\x1b[1;{self.picture.size[0]}H\x1b[{colors}m{sign}\x1b[m".encode())
            self._turns += 1

    @property
    def shown(self) -> Picture:
        """What is on the screen."""
        return self.picture.without_corner() if self._turns else self.picture

    @property
    def owes_answer(self) -> bool:
        """Whether something was pressed that only the app can answer."""
        return bool(self._pressed) and not self.shows_step

    def stop_watching(self) -> bytes:
        """Leave further keys and the corner to the app; what was pressed so far."""
        if self._watcher.is_alive():
            self._ending.set()
            self._watcher.join(_SECONDS_TO_STOP)
        return self._pressed

    def hand_over(self) -> Attributes:
        """From here on the app looks after the terminal; the attributes to restore in the end."""
        self.is_handed_over = True
        return self.attributes

    def take_back(self) -> None:
        """Leave the terminal as it was, unless the app looks after it."""
        if self.is_handed_over:
            return
        self.is_handed_over = True
        self.stop_watching()
        with suppress(OSError):
            _send(_LEAVE)
        set_terminal_attributes(self.attributes)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)


def keep_frame(root: Path, picture: Picture) -> None:
    """Keep what the next start may show; what cannot be kept is not."""
    with suppress(OSError):
        write_plain(cache_dir(root) / FRAME_FILE, (_surroundings(root, picture.size), picture))


def kept_picture(root: Path) -> Picture | None:
    """The picture that was kept, if it would be painted the same now and the numbers in it are known to be ready."""
    match read_plain(cache_dir(root) / FRAME_FILE):
        case (tuple() as surroundings, Picture() as picture):
            size = picture.size
            return picture if size == shutil.get_terminal_size() and surroundings == _surroundings(root, size) else None
    return None


def sent_for(key: str) -> tuple[str, ...]:
    """What terminals send for a key as the toolkit names it; nothing for those whose names are longer."""
    if key in _ARROWS:
        return f"\x1b[{_ARROWS[key]}", f"\x1bO{_ARROWS[key]}"
    return (key,) if len(key) == 1 else ()


@contextmanager
def shown_first(picture: Picture | None) -> Iterator[FirstFrame | None]:
    """Show `picture`, and leave the terminal as it was if nobody takes it over; None where nothing is shown."""
    attributes = terminal_attributes()
    frame = None
    if picture is not None and attributes is not None:
        with suppress(OSError):
            frame = FirstFrame(picture, attributes)
    try:
        yield frame
    finally:
        if frame is not None:
            frame.take_back()


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _take_keys(attributes: Attributes) -> None:
    """Let keys wait unseen, each as it came; those that end a program still do."""
    import termios

    changed: Any = [*attributes[:_CHARACTERS], list(attributes[_CHARACTERS])]
    changed[_LOCAL] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    changed[_INPUT] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    changed[_CHARACTERS][termios.VMIN] = 1
    set_terminal_attributes(changed)


def _send(data: bytes) -> None:
    """Where the app will paint."""
    if sys.__stderr__ is not None:
        while data:
            data = data[os.write(sys.__stderr__.fileno(), data) :]


def _surroundings(root: Path, size: tuple[int, ...]) -> tuple[object, ...]:
    """All that the picture depends on: the same for the same."""
    files = (cache_dir(root) / READY_FILE, session_file(root), keys_file())
    return (tuple(size), *map(file_facts, files), *map(os.environ.get, _VARIABLES))
