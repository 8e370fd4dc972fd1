"""A few sentences where content will stand: what is being done, what is missing, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from reviewtui.widgets.fitting import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDEST = 76
_MARGIN = 2


class Notice(Widget):
    """Centred lines: a headline and plain sentences."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"notice--headline", "notice--text"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        super().__init__(id=id)
        self.headline = ""
        self.sentences: tuple[str, ...] = ()

    def show(self, headline: str, sentences: Sequence[str] = ()) -> None:
        """Say something else."""
        said = (headline, tuple(sentences))
        if said != (self.headline, self.sentences):
            self.headline, self.sentences = said
            self.refresh()

    def lines(self, width: int) -> list[tuple[str, str]]:
        """(text, component) of each line for a widget of `width` cells."""
        room = min(_WIDEST, max(1, width - 2 * _MARGIN))
        lines = [(text, "headline") for text in wrap(self.headline, room)]
        for sentence in self.sentences:
            lines += [(text, "text") for text in wrap(sentence, room)]
        return lines

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width, height = self.size
        lines = self.lines(width)
        at = y - max(0, (height - len(lines)) // 3)
        if not 0 <= at < len(lines):
            return Strip.blank(width, self.rich_style)
        text, part = lines[at]
        margin = max(0, (width - _WIDEST) // 2) if width > _WIDEST + 2 * _MARGIN else _MARGIN
        style = self.get_component_rich_style(f"notice--{part}")
        strip = Strip([Segment(" " * margin, self.rich_style), Segment(text, style)])
        return strip.adjust_cell_length(width, self.rich_style)
