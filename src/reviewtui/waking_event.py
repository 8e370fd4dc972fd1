"""An event that wakes who waits for a terminal."""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Event

_MOST_BYTES = 4096


class WakingEvent(Event):
    """An event that can be waited for like a file."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self._writer = os.pipe()
        os.set_blocking(self.reader, False)

    def set(self) -> None:
        """Wake who waits."""
        super().set()
        os.write(self._writer, b"!")

    def clear(self) -> None:
        """Forget that it was set."""
        super().clear()
        with suppress(BlockingIOError):
            os.read(self.reader, _MOST_BYTES)
