"""A widget of laid-out lines that may be longer than the screen: scrolls, and paints only what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from reviewtui.widgets.text_lines import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.events import Resize

    from reviewtui.widgets.spans import Line


class ScrolledLines(ScrollView, can_focus=False):
    """Shows what `lines` gives for a width; a span's role is one of those of `TextLines`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"text-lines--{role}" for role in ROLES}

    def __init__(self, lines: Callable[[int], Sequence[Line]], *, id: str | None = None) -> None:  # noqa: A002 - as in every widget
        super().__init__(id=id)
        self._lines_of = lines
        self._lines: Sequence[Line] = ()

    def lay_out(self, *, from_top: bool = False) -> None:
        """Show what there is now."""
        room = self.outer_size - self.styles.gutter.totals
        width = max(1, room.width)
        self._lines = self._lines_of(width)
        if len(self._lines) > room.height:
            width = max(1, width - self.styles.scrollbar_size_vertical)
            self._lines = self._lines_of(width)
        self.virtual_size = Size(width, len(self._lines))
        if from_top:
            self.scroll_home(animate=False)
        self.refresh()

    def on_resize(self, _event: Resize) -> None:
        """Show it in the new size."""
        self.lay_out()

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        at = y + self.scroll_offset.y
        style = self.rich_style
        segments = []
        for text, role, _ in self._lines[at] if at < len(self._lines) else ():
            style = self.get_component_rich_style(f"text-lines--{role}") if role else style
            segments.append(Segment(text, style))
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style).simplify()
