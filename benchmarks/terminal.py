"""A program in a pseudo-terminal, timed from the terminal's side.

The clock is the arrival of output: a key's paint is the last output it causes before the program falls silent.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from tests.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIZE = (160, 45)
QUIET_SECONDS = 0.08
START_QUIET_SECONDS = 0.4
SILENT_SECONDS = 0.5
"""A key that has had no output for so long has none."""
PATIENCE_SECONDS = 20.0
_TICKS = os.sysconf("SC_CLK_TCK")
_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


class Answer(NamedTuple):
    """What came of a key or a start."""

    seconds: float
    """Until the last output."""
    sent: int
    """Bytes to the terminal."""


class Held(NamedTuple):
    """What came of a key held down."""

    keys: int
    frames: int
    """Groups of output."""
    cpu_share: float
    seconds_behind: float
    """From the last key to the last output."""
    sent: int


class TerminalProgram:
    """Runs `command` in a terminal of `SIZE` until the end of the `with` block."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.output = bytearray()
        self._pieces: list[tuple[float, int]] = []
        """When output came, and how much there was by then."""
        self.started = time.perf_counter()
        self._last = self.started
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
            os.execvpe(command[0], list(command), {**kept, **_ENVIRONMENT, **environment})  # noqa: S606
        fcntl.ioctl(self._handle, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        with suppress(OSError):
            while self._read(0.5):
                pass
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._handle)

    def wait_for(self, marker: bytes) -> Answer:
        """From the start until `marker` has come."""
        deadline = self.started + PATIENCE_SECONDS
        while marker not in self.output:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{marker!r} did not come: {bytes(self.output[-500:])!r}")
            self._read(0.1)
        return Answer(self._last - self.started, len(self.output))

    def settle(self, quiet_seconds: float = START_QUIET_SECONDS) -> Answer:
        """From the start until nothing more comes."""
        while self._read(quiet_seconds):
            pass
        return Answer(self._last - self.started, len(self.output))

    def press(self, key: str, quiet_seconds: float = QUIET_SECONDS) -> Answer:
        """From a key until nothing more comes."""
        before, pressed = len(self.output), time.perf_counter()
        self._last = pressed
        os.write(self._handle, key.encode())
        # A slow program takes longer to its first output than a quick one is silent between two.
        self._read(SILENT_SECONDS)
        while self._read(quiet_seconds):
            pass
        return Answer(self._last - pressed, len(self.output) - before)

    def shows(self, text: str) -> float:
        """Seconds from the start until `text` was on the screen, of the output so far."""
        screen, decode = Emulator(*SIZE), codecs.getincrementaldecoder("utf-8")("replace").decode
        begun = 0
        for moment, end in self._pieces:
            screen.feed(decode(bytes(self.output[begun:end])))
            begun = end
            if any(text in line for line in screen.text()):
                return moment - self.started
        raise TimeoutError(f"{text!r} was never shown")

    def has_shown(self, text: str) -> bool:
        """Whether `text` was on the screen at any time."""
        with suppress(TimeoutError):
            return self.shows(text) >= 0
        return False

    def leave(self, key: str) -> None:
        """Press the key that ends the program."""
        os.write(self._handle, key.encode())
        with suppress(OSError):
            while self._read(PATIENCE_SECONDS):
                pass

    def hold(self, round_trip: Sequence[str], seconds: float, rate: float) -> Held:
        """Press the keys of `round_trip` over and over, `rate` a second, for a while."""
        before, cpu, begun = len(self.output), self.cpu_seconds(), time.perf_counter()
        keys = frames = 0
        while keys < seconds * rate:
            wait = begun + keys / rate - time.perf_counter()
            if wait > 0:
                frames += self._read(wait)
                continue
            os.write(self._handle, round_trip[keys % len(round_trip)].encode())
            keys += 1
        pressed = self._last = time.perf_counter()
        while self._read(QUIET_SECONDS):
            frames += 1
        share = (self.cpu_seconds() - cpu) / (pressed - begun)
        return Held(keys, frames, share, max(0.0, self._last - pressed), len(self.output) - before)

    def idle(self, seconds: float) -> Held:
        """Leave it alone for a while."""
        before, cpu, begun = len(self.output), self.cpu_seconds(), time.perf_counter()
        frames = 0
        while (left := begun + seconds - time.perf_counter()) > 0:
            frames += self._read(left)
        return Held(0, frames, (self.cpu_seconds() - cpu) / seconds, 0.0, len(self.output) - before)

    def cpu_seconds(self) -> float:
        """Processor time of the process so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def peak_mb(self) -> float:
        """The most memory the process has held."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        match = re.search(r"VmHWM:\s+(\d+)", status)
        return int(match[1]) / 1024 if match else 0.0

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._handle], [], [], max(0.0, seconds))
        if not ready:
            return False
        data = os.read(self._handle, 65536)
        self._last = time.perf_counter()
        self.output += data
        self._pieces.append((self._last, len(self.output)))
        return bool(data)
