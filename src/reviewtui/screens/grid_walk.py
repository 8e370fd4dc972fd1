"""The walk of a review over the grid: from exception to exception, a key each for what is to be said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.screens.grid_notes import GridNotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.sheet_state import Position


class GridWalk(GridNotes):
    """Leads through the stops of a walk; the review says which and in which order."""

    _stops: tuple[tuple[Position, str], ...] = ()
    """Each place of the walk, and why it is one."""
    _at = 0
    _routine = ""

    def begin_walk(self, stops: Sequence[tuple[Position, str]], routine: str) -> None:
        """Stand at the first of `stops`; `routine` is the line about everything else, for the end."""
        self._stops, self._at, self._routine = tuple(stops), 0, routine
        self._show_stop()

    def action_next_stop(self) -> None:
        """The next exception of the walk."""
        if not self._stops:
            self.say("The walk begins on the screen of the review (6), with W.")
        elif self._at + 1 >= len(self._stops):
            self.say(f"That was the last exception. {self._routine} 6 goes back to the review.")
        else:
            self._at += 1
            self._show_stop()

    def action_previous_stop(self) -> None:
        """The exception before."""
        if self._stops and self._at:
            self._at -= 1
            self._show_stop()
        else:
            self.say("This is the first exception." if self._stops else "No walk is under way.")

    def _show_stop(self) -> None:
        place, why = self._stops[self._at]
        self.review_app.show_place(place)
        self.say(f"{self._at + 1} of {len(self._stops)}: {why}")

    def action_toggle_presenter(self) -> None:
        """Give the cell under the cursor the whole screen, for others to read along; or the grid back."""
        self.toggle_class("-presenter")
        self.say("Only the cell; V brings the grid back." if self.has_class("-presenter") else "The grid and the cell.")

    def leave_presenter(self) -> bool:
        """Bring the grid back; whether it was away."""
        was_away = self.has_class("-presenter")
        if was_away:
            self.action_toggle_presenter()
        return was_away
