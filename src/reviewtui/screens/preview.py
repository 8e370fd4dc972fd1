"""A text as its Markdown looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.screen import ModalScreen

from reviewtui.actions.action import bindings_of, remapped
from reviewtui.actions.writing import PREVIEW
from reviewtui.paths import styles_dir
from reviewtui.screens.scrolling import ScrollingScreen
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.scrolled_lines import ScrolledLines
from reviewtui.widgets.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from reviewtui.widgets.spans import Line

MOST_COLUMNS = 100
"""Longer lines are hard to read."""


class PreviewScreen(ScrollingScreen, ModalScreen[None]):
    """Shows `text` under `heading` until the person goes back."""

    BINDINGS = bindings_of(PREVIEW)
    CSS_PATH: ClassVar = [styles_dir() / "record_form.tcss"]

    def __init__(self, heading: str, text: str, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._heading = heading
        self._text = text
        self._footer = [action for action in remapped(PREVIEW, keymap) if action.footer]

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        yield TitleLine(id="title")
        yield ScrolledLines(self._lines, id="reading")
        yield KeyLine(self._footer, id="keys")

    def on_mount(self) -> None:
        """Name what is shown."""
        self.query_one(TitleLine).show(self._heading)

    def _lines(self, width: int) -> list[Line]:
        lines = markdown_lines(self._text, min(width, MOST_COLUMNS))
        return lines or [(Span("There is nothing written yet.", "quiet"),)]
