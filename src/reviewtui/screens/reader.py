"""A screen of text to read: a title, lines that scroll, and a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.widgets import Static

from reviewtui.actions.action import bindings_of, remapped
from reviewtui.actions.writing import READER
from reviewtui.paths import styles_dir
from reviewtui.screens.scrolling import ScrollingScreen
from reviewtui.widgets.lines import KeyLine, TitleLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.content import Content


class ReaderScreen(ScrollingScreen):
    """Shows `content` under `heading` until the person goes back."""

    BINDINGS = bindings_of(READER)
    CSS_PATH: ClassVar = [styles_dir() / "reader.tcss"]

    def __init__(self, heading: str, content: Content, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._heading = heading
        self._content = content
        self._footer = [action for action in remapped(READER, keymap) if action.footer]

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        yield TitleLine(id="title")
        with VerticalScroll(id="reading", can_focus=False):
            yield Static(self._content, markup=False, id="text")
        yield KeyLine(self._footer, id="keys")

    def on_mount(self) -> None:
        """Name what is shown."""
        self.query_one(TitleLine).show(self._heading)
