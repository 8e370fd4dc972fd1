"""What every screen of text to read does: scroll it, and go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

if TYPE_CHECKING:
    from textual.widget import Widget


class ScrollingScreen(Screen[None]):
    """Scrolls its widget `#reading`; its bindings are those of `actions.READER` or made from them."""

    @property
    def _reading(self) -> Widget:
        return self.query_one("#reading")

    def action_close(self) -> None:
        """Return to the screen below."""
        self.dismiss()

    def action_scroll_down(self) -> None:
        """One line on."""
        self._reading.scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        """One line back."""
        self._reading.scroll_up(animate=False)

    def action_page_down(self) -> None:
        """One page on."""
        self._reading.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """One page back."""
        self._reading.scroll_page_up(animate=False)

    def action_scroll_home(self) -> None:
        """To the beginning."""
        self._reading.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        """To the end."""
        self._reading.scroll_end(animate=False)
