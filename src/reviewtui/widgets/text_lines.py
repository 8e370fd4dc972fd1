"""A widget of laid-out lines that repaints only those that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewtui.widgets.spans import Line

ROLES = (
    "title", "value", "text", "note", "quiet", "heading", "formula", "good", "bad", "flat", "chosen",
    "line", "before", "mark", "target", "event", "axis", "unsettled",
    "anomaly", "anomaly-said", "band",
)  # fmt: skip
"""What a span may be; each has its style in `app.tcss`."""


class TextLines(Widget):
    """Shows lines of spans; what lies beyond the size is cut."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"text-lines--{role}" for role in ROLES}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        super().__init__(id=id)
        self._lines: list[Line] = []
        self._styles: dict[str, Style] = {}

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        before, self._lines = self._lines, list(lines)
        height = max(len(before), len(self._lines))
        old = before + [()] * (height - len(before))
        new = self._lines + [()] * (height - len(self._lines))
        changed = [
            Region(0, y, self.size.width, 1) for y, (was, line) in enumerate(zip(old, new, strict=True)) if was != line
        ]
        if changed:
            self.refresh(*changed)

    def notify_style_update(self) -> None:
        """Colours changed: look them up anew."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Paint one line of text."""
        segments: list[Segment] = []
        style = self._style("")
        for text, role, ground in self._lines[y] if y < len(self._lines) else ():
            # Empty space takes the style of what is before it: one change of style less to send.
            style = self._style(role) if role else style
            segments.append(self._shaded(text, role, ground, style) if ground else Segment(text, style))
        return Strip(segments).adjust_cell_length(self.size.width, style).simplify()

    def _shaded(self, text: str, role: str, ground: str, style: Style) -> Segment:
        band = self._style("band")
        if self.app.no_color or self.app.native_ansi_color:
            return Segment(text, style) if role else Segment(ground * len(text), band)
        return Segment(text, style + Style(bgcolor=band.color))

    def _style(self, role: str) -> Style:
        style = self._styles.get(role)
        if style is None:
            style = self.get_component_rich_style(f"text-lines--{role}") if role else self.rich_style
            self._styles[role] = style
        return style


class Pane(TextLines):
    """Lines that are laid out anew for every size."""

    def __init__(self, lines: Callable[[int, int], Sequence[Line]], *, id: str | None = None) -> None:  # noqa: A002 - as above
        """`lines` gives what to show in so many columns and lines."""
        super().__init__(id=id)
        self._laid_out = lines

    def lay_out(self) -> None:
        """Show what there is now."""
        self.show_lines(self._laid_out(*self.size))

    def on_resize(self) -> None:
        """Show it in the new size."""
        self.lay_out()
        self.refresh()
