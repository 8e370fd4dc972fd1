"""The panel that explains the cell under the cursor; it reads only the sheet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reviewtui.widgets.braille import draws_braille
from reviewtui.widgets.panel_text import folded_lines, panel_lines
from reviewtui.widgets.text_lines import TextLines

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.widgets.cell_facts import CellFacts
    from reviewtui.widgets.grid_rows import GridRow


class CellPanel(TextLines):
    """Chart and words about one cell; only lines that differ from the cell before are repainted."""

    def __init__(self, *, more_key: str = "", id: str | None = None) -> None:  # noqa: A002 - named as in every widget
        super().__init__(id=id)
        self.more_key = more_key
        """The key that shows more, named where something is cut; empty where no key does."""
        self._make: Callable[[], CellFacts] | None = None
        self._facts: CellFacts | None = None
        self._folded: tuple[GridRow, str] | None = None
        """The title of a folded section, and the key that opens it."""
        self._braille = draws_braille(os.environ)

    def show(self, facts: Callable[[], CellFacts] | None) -> None:
        """Explain another cell; `facts` is asked for what there is to say only where the panel can be seen."""
        self._make, self._facts, self._folded = facts, None, None
        self._lay_out()

    def show_folded(self, row: GridRow, key: str) -> None:
        """Say what the title of a folded section stands for; `key` opens it."""
        self._make, self._facts, self._folded = None, None, (row, key)
        self._lay_out()

    def on_resize(self) -> None:
        """Lay the same facts out anew."""
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        width, height = self.size
        if self._make is not None and width and height:
            self._facts = self._make()
            self._make = None
        if self._facts is not None:
            self.show_lines(panel_lines(self._facts, width, height, more_key=self.more_key, braille=self._braille))
        else:
            self.show_lines(folded_lines(*self._folded, width, height) if self._folded is not None else ())
