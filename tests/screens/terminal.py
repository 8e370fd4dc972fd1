"""A real pseudo-terminal around the app: bytes in, bytes out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60.0
QUIET_SECONDS = 0.3
FULL_BYTES = 1024
"""With fewer bytes than this unread, a terminal takes more."""
REPLY_SECONDS = 3.0
"""How long a busy machine may take until a key shows something; only keys that show nothing wait this long."""


class Terminal:
    """The app in a terminal of its own; `screen` bytes are what the terminal would be sent."""

    def __init__(
        self,
        folder: Path,
        how: str,
        size: tuple[int, int] = (160, 45),
        *,
        ignore_hangup: bool = False,
        environment: Mapping[str, str] | None = None,
        module: str = "tests.screens.plain_app",
    ) -> None:
        self.output = b""
        self._is_quiet = False
        """Whether nothing came for a while after the last thing that was done."""
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            if ignore_hangup:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.chdir(REPOSITORY)
            values = {
                "PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8",
                "COLORTERM": "truecolor", "REVIEWTUI_TEST_FOLDER": str(folder), "TZ": "UTC",
                "COLUMNS": str(size[0]), "LINES": str(size[1]), **(environment or {}),
            }  # fmt: skip
            os.execve(sys.executable, [sys.executable, "-m", module, how], values)  # noqa: S606

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        with suppress(OSError):
            os.close(self.handle)

    def hang_up(self) -> None:
        """Close the terminal, as a connection that drops does."""
        os.close(self.handle)

    def read_until(self, wanted: bytes) -> None:
        """Collect output until `wanted` is in it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while wanted not in self.output:
            assert time.monotonic() < deadline, self.output[-2000:]
            self._read(0.1)
        self._is_quiet = False

    def read_until_quiet(self, quiet_seconds: float = QUIET_SECONDS) -> bytes:
        """Collect output until none comes; what came."""
        before = len(self.output)
        while self._read(quiet_seconds):
            pass
        self._is_quiet = True
        return self.output[before:]

    def is_idle_for(self, seconds: float) -> bool:
        """Whether there comes a time of `seconds` in which nothing is sent."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if not self._read(seconds):
                self._is_quiet = True
                return True
        return False

    def press(self, keys: str) -> bytes:
        """Send keys; the output they caused."""
        self.read_until_quiet(0.0 if self._is_quiet else QUIET_SECONDS)
        before = len(self.output)
        os.write(self.handle, keys.encode())
        self._read(REPLY_SECONDS)
        self.read_until_quiet()
        return self.output[before:]

    def wait_until_full(self) -> None:
        """Read nothing until no more of what the app sends fits into the terminal."""
        deadline, before = time.monotonic() + PATIENCE_SECONDS, -1
        while (now := self._unread) != before or now < FULL_BYTES:
            assert time.monotonic() < deadline, now
            before = now
            time.sleep(QUIET_SECONDS)

    @property
    def _unread(self) -> int:
        """How many bytes wait to be read."""
        return int(struct.unpack("i", fcntl.ioctl(self.handle, termios.FIONREAD, struct.pack("i", 0)))[0])

    def wait(self) -> int:
        """Read until the process has ended; its exit code, negative for a signal."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._read(0.1)
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("the process did not end")

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.handle], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.handle, 65536)
        except OSError:
            return False
        self.output += data
        return bool(data)
