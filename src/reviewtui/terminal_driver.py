"""The toolkit's driver for terminals, made to wait: it wakes up for input and for its end, and for nothing else.

The stock one looks ten times a second whether it should end and waits two tenths for it, ends the app at a byte that is
not UTF-8 (a paste from an old file has them), and reads on for ever from a terminal that is gone.
"""

from __future__ import annotations

import os
import selectors
import signal
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from reviewtui.waking_event import WakingEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import App
    from textual.message import Message

    from reviewtui.first_frame import FirstFrame

_ENTER = "\x1b[?1049h"
_MOST_BYTES = 4096
_SECONDS_FOR_ESCAPE = constants.ESCAPE_DELAY + 0.01
"""After that, what began like the sequence of a key was the Escape key."""


class TerminalDriver(LinuxDriver):
    """Takes over a screen that shows a first frame already, if there is one."""

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.exit_event = self._ending = WakingEvent()
        self._is_entered = False
        self._pressed = b""
        """What was pressed while a first frame was shown."""

    def start_application_mode(self) -> None:
        """Turn the terminal into a screen, unless a first frame has."""
        frame: FirstFrame | None = getattr(self._app, "first_frame", None)
        self._is_entered = frame is not None and not frame.is_handed_over
        if frame is not None and self._is_entered:
            self._pressed = frame.stop_watching()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # the toolkit says nothing of it
        if frame is not None and self._is_entered:
            self.attrs_before = frame.hand_over()
        self._is_entered = False

    def write(self, data: str) -> None:
        """Send `data`; entering a screen again would clear it."""
        if not (self._is_entered and data == _ENTER):
            super().write(data)

    def run_input_thread(self) -> None:
        """Hand on what comes from the terminal until the end is asked for or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        data: bytes | None
        pressed, self._pressed = self._pressed, b""
        patience = 0.0 if pressed else None
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ending.reader, selectors.EVENT_READ)
            while not self._ending.is_set():
                ready = [key.fd for key, _ in selector.select(patience)]
                data, pressed = pressed or (self._read() if self.fileno in ready else None), b""
                patience = None
                if data == b"":
                    # As if the connection had been closed: whoever handles that saves and leaves.
                    os.kill(os.getpid(), signal.SIGHUP)
                    return
                if data is not None:
                    text = decode(data)
                    # An empty text, as of half a character, would be the end to the parser.
                    self._process(parser.feed(text) if text else ())
                    patience = _SECONDS_FOR_ESCAPE
                self._process(parser.tick())

    def _read(self) -> bytes | None:
        """What is there; None where it was gone before it could be read, no bytes where the terminal is gone."""
        try:
            return os.read(self.fileno, _MOST_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
