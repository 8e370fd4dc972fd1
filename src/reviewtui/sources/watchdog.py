"""Stop a statement that runs too long, by asking first and then by ending the process."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

GRACE_SECONDS = 2.0
"""How long an interrupted statement may take to notice."""
_REPEAT_SECONDS = 0.05


class Watchdog:
    """Interrupts one piece of work after `seconds`; calls `on_stuck` if it goes on for `GRACE_SECONDS` more.

    The interrupt is repeated, because it is lost when it falls between two statements, and never sent once `finish`
    has returned.
    """

    def __init__(self, seconds: float, interrupt: Callable[[], None], on_stuck: Callable[[], None]) -> None:
        self.expired = False
        self._seconds = seconds
        self._interrupt = interrupt
        self._on_stuck = on_stuck
        self._finished = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Start the clock."""
        self._thread.start()

    def finish(self) -> None:
        """The work is over; nothing is interrupted from here on."""
        with self._lock:
            self._finished.set()

    def _watch(self) -> None:
        if self._finished.wait(self._seconds):
            return
        give_up_at = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < give_up_at:
            with self._lock:
                if self._finished.is_set():
                    return
                self.expired = True
                self._interrupt()
            if self._finished.wait(_REPEAT_SECONDS):
                return
        self._on_stuck()
