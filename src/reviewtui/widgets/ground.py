"""What lies behind widgets: one colour, painted without looking at each of its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.geometry import Region


class Ground(Widget):
    """A widget of one colour, without border, padding or content of its own.

    The toolkit asks all that lies behind a change for their lines, however few are seen.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The same line `crop.height` times."""
        line = Strip.blank(crop.width, self.visual_style.rich_style)
        for line_filter in self.get_line_filters():
            line = line.apply_filter(line_filter, self.background_colors[1])
        return [line] * crop.height


class GroundContainer(Ground, Container):
    """Holds widgets."""
