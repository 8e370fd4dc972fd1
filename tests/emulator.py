"""A terminal in memory: what a person would see of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from pyte.screens import Char


class Emulator:
    """Takes what is sent to a terminal of `width` by `height`; lines do not wrap, as in the app."""

    def __init__(self, width: int, height: int) -> None:
        self._screen = pyte.Screen(width, height)
        self._screen.set_mode(pyte.modes.LNM)
        self._screen.reset_mode(pyte.modes.DECAWM)
        self._stream = pyte.Stream(self._screen)

    def feed(self, sent: str) -> None:
        """Show what was sent."""
        self._stream.feed(sent)

    def line(self, y: int) -> list[Char]:
        """Character, colours and attributes of every cell of a line."""
        return [self._screen.buffer[y][x] for x in range(self._screen.columns)]

    def text(self) -> list[str]:
        """The lines without their colours."""
        return ["".join(cell.data for cell in self.line(y)) for y in range(self._screen.lines)]

    def take_painted(self) -> set[int]:
        """The lines that were painted since this was asked for last."""
        painted = set(self._screen.dirty)
        self._screen.dirty.clear()
        return painted


def differences(one: Emulator, other: Emulator) -> list[tuple[int, int, Char, Char]]:
    """Line, column and both sides of cells that differ, in lines painted since the last comparison."""
    painted = one.take_painted() | other.take_painted()
    return [
        (y, x, left, right)
        for y in sorted(painted)
        for x, (left, right) in enumerate(zip(one.line(y), other.line(y), strict=True))
        if left != right
    ]
