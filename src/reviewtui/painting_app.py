"""The part of the app between the screen and the terminal: what is sent, when, and what a start may show first."""

from __future__ import annotations

import asyncio
import os
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import constants, work
from textual.drivers.linux_driver import LinuxDriver
from textual.events import MouseEvent

from reviewtui.boundary import ControlFilter
from reviewtui.first_frame import SECONDS_BETWEEN_TURNS, sent_for
from reviewtui.key_order import KeyOrderApp
from reviewtui.lean_output import is_known_textual, lean_output, picture_of, step_from
from reviewtui.terminal_driver import TerminalDriver

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.events import Event
    from textual.filter import LineFilter
    from textual.screen import Screen

    from reviewtui.first_frame import FirstFrame, Picture

_SECONDS_BETWEEN_LOOKS, _MOST_LOOKS = 0.01, 100
"""How often, and how many times at most, it is looked whether all is there that the first frame shows."""
_WAITING = "first frame"


class PaintingApp(KeyOrderApp):
    """Sends what the terminal does not show yet; nothing while the first frame shows as much."""

    def __init__(self, first_frame: FirstFrame | None = None) -> None:
        """`first_frame` is what the terminal showed before there was an app."""
        super().__init__()
        self._lean_output = lean_output(os.environ)
        if first_frame is not None and (self._lean_output is None or self.driver_class is not TerminalDriver):
            # The toolkit turns the terminal into a screen itself.
            first_frame.take_back()
            first_frame = None
        self.first_frame = first_frame
        self.is_holding = first_frame is not None
        """Whether the grid paints nothing for the time being: what is shown is as good, or nobody looks any more."""
        self._has_taken_step = False
        """Whether the step that the first frame shows has come to the app."""
        self.last_picture: Picture | None = None
        """What was on the screen in the end, where the next start may show it."""
        self._control_filter = ControlFilter()
        if first_frame is not None and self._lean_output is not None:
            self._lean_output.start_from(lambda: first_frame.shown)

    def get_driver_class(self) -> type[Driver]:
        """Ours, unless the toolkit is not the one that it was made for or was told otherwise."""
        usual = super().get_driver_class()
        is_free = constants.DRIVER is None and usual is LinuxDriver
        return TerminalDriver if is_free and is_known_textual() else usual

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The toolkit's filters, after control characters have been made visible."""
        return (self._control_filter, *super().get_line_filters())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send an update to the terminal: only what it does not show yet."""
        if self._lean_output is not None:
            renderable = self._lean_output.lean(renderable)
        super()._display(screen, renderable)

    def action_repaint(self) -> None:
        """Send the whole screen: the terminal may show anything."""
        if self._lean_output is not None:
            self._lean_output.forget()
        self.screen.refresh()

    async def on_event(self, event: Event) -> None:
        """Show what the mouse does at once."""
        if isinstance(event, MouseEvent):
            self._paint()
        await super().on_event(event)

    def passing_on(self) -> None:
        """Show what a key does at once; of the first one, what it does may be on the screen."""
        if self.first_frame is not None and self.first_frame.shows_step and not self._has_taken_step:
            self._has_taken_step = True
        else:
            self._paint()

    @work(exclusive=True, group=_WAITING)
    async def paint_when_at_rest(self) -> None:
        """Paint once all is there that the first frame shows."""
        turned = 0.0
        for _ in range(_MOST_LOOKS):
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            if self.is_holding and self.first_frame is not None and monotonic() - turned > SECONDS_BETWEEN_TURNS:
                self.first_frame.turn()
                turned = monotonic()
            if not any(worker.is_running and worker.group != _WAITING for worker in self.workers):
                break
        self._paint()

    def _paint(self) -> None:
        """End with the first frame: send what differs."""
        if self.is_holding:
            self.is_holding = False
            self.screen.refresh()

    @property
    def can_keep_picture(self) -> bool:
        """Whether there is a terminal whose cells are known, and whose driver can take over a first frame."""
        return self._lean_output is not None and self.driver_class is TerminalDriver and not self.is_headless

    def keep_picture(self, screen: Screen[Any], ways: Iterable[Iterable[str]]) -> None:
        """Take what `screen` has to show as the last picture; it is not painted any more.

        `ways` lets the screen show what is one key away, and gives these keys.
        """
        self.is_holding = True
        picture = picture_of(screen, self.console)
        steps = []
        for keys in ways:
            sent = tuple(text for key in keys for text in sent_for(key))
            steps.append(step_from(picture, sent, screen, self.console))
        self.last_picture = picture._replace(steps=tuple(steps))
