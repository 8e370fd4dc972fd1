"""The places a person has been to, to go back and forward through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.sheet_state import Place

MOST_KEPT = 100


class Trail:
    """Places that were left, newest last, and those that were gone back from."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def leave(self, place: Place) -> None:
        """Remember a place that is left for a new one; what lay ahead is forgotten."""
        self._ahead.clear()
        if not self._behind or self._behind[-1] != place:
            self._behind.append(place)
            del self._behind[:-MOST_KEPT]

    def back(self, here: Place) -> Place | None:
        """The place before `here`; None where there is none."""
        return _taken(self._behind, self._ahead, here)

    def forward(self, here: Place) -> Place | None:
        """The place that was gone back from; None where there is none."""
        return _taken(self._ahead, self._behind, here)


def _taken(places: list[Place], others: list[Place], here: Place) -> Place | None:
    while places:
        place = places.pop()
        if place != here:
            others.append(here)
            return place
    return None
