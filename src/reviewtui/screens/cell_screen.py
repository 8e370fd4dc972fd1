"""What every screen with a cursor on cells offers to the parts that it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

if TYPE_CHECKING:
    from reviewtui.app import ReviewApp
    from reviewtui.cell_rows import CellKey


class CellScreen(Screen[None]):
    """Has a cell under the cursor, and says short messages."""

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        raise NotImplementedError

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        raise NotImplementedError

    def cell_key(self) -> CellKey | None:
        """The cell under the cursor; None where there is none."""
        raise NotImplementedError
