"""The panel that explains the cell under the cursor; it reads only the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from reviewtui.widgets.panel_text import Line, panel_lines

if TYPE_CHECKING:
    from reviewtui.widgets.cell_facts import CellFacts


class CellPanel(Widget):
    """Lines about one cell; only lines that differ from the cell before are repainted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"cell-panel--{role}"
        for role in ("title", "value", "text", "note", "quiet", "formula", "good", "bad", "flat")
    }  # fmt: skip

    def __init__(self, *, more_key: str = "", id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        super().__init__(id=id)
        self.more_key = more_key
        """The key that shows more, named where something is cut; empty where no key does."""
        self._facts: CellFacts | None = None
        self._lines: list[Line] = []

    def show(self, facts: CellFacts | None) -> None:
        """Explain another cell."""
        self._facts = facts
        before, self._lines = self._lines, self._laid_out()
        height = max(len(before), len(self._lines))
        old = before + [()] * (height - len(before))
        new = self._lines + [()] * (height - len(self._lines))
        changed = [
            Region(0, y, self.size.width, 1) for y, (was, line) in enumerate(zip(old, new, strict=True)) if was != line
        ]
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Lay the same facts out anew."""
        self._lines = self._laid_out()
        self.refresh()

    def _laid_out(self) -> list[Line]:
        if self._facts is None:
            return []
        return panel_lines(self._facts, self.size.width, self.size.height, more_key=self.more_key)

    def render_line(self, y: int) -> Strip:
        """Paint one line of text."""
        line = self._lines[y] if y < len(self._lines) else ()
        segments = [Segment(span.text, self.get_component_rich_style(f"cell-panel--{span.role}")) for span in line]
        # The rest of the line takes the style of its last words: one change of style less to send.
        rest = segments[-1].style if segments else self.rich_style
        return Strip(segments).adjust_cell_length(self.size.width, rest).simplify()
