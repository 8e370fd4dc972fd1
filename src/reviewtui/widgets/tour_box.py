"""The box that shows a step of the tour, above whatever screen it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from reviewtui.text import safe_text

if TYPE_CHECKING:
    from textual.visual import VisualType


class TourBox(Static):
    """What is to be seen, and below it the key to press."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._words = ("", "")

    def show(self, words: tuple[str, str]) -> None:
        """Show another step."""
        self._words = words
        self.update(self._content())

    def _content(self) -> VisualType:
        says, asks = (safe_text(text) for text in self._words)
        return Content.assemble(says, "\n", (asks, "bold"))
