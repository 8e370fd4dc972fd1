"""Several months together: each within what is ordinary, but all off on the same side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.anomalies.models import Flags, Floats

LONGEST = 4
CALM = 0.85
"""Looking at runs of several lengths finds more by chance; their sums count this much."""
MOST_EACH = 3.0
LEAST_LAST = 0.5
"""The newest month must itself be off by this much."""


class Runs:
    """The distances of the last months of each series of a batch."""

    def __init__(self, count: int) -> None:
        import numpy as np

        self._before = np.zeros((LONGEST - 1, count))

    def together(self, distance: Floats) -> tuple[Floats, Floats, Flags]:
        """How far the last months are off together, how many they are, and whether ever further: each (series,)."""
        import numpy as np

        now = np.clip(distance, -MOST_EACH, MOST_EACH)
        is_off, side = np.abs(now) > LEAST_LAST, np.sign(now)
        most, length, oldest = np.zeros(now.shape), np.full(now.shape, 2.0), self._before[0]
        before = np.zeros(now.shape)
        for place, distances in enumerate(self._before):
            before = before + distances
            together = (now + before) / np.sqrt(place + 2)
            size = np.where(is_off & (together * now > 0), CALM * np.abs(together), 0.0)
            is_most = size > most
            most = np.where(is_most, size, most)
            length, oldest = np.where(is_most, place + 2.0, length), np.where(is_most, distances, oldest)
        return most * side, length, (now - oldest) * side > LEAST_LAST

    def learn(self, distance: Floats, counts: Flags) -> None:
        """Take a month in; one that does not count breaks the run."""
        import numpy as np

        self._before = np.vstack([np.where(counts, distance, 0.0)[None], self._before[:-1]])
        self._before[:, ~counts] = 0.0
