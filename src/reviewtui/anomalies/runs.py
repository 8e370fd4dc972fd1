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
        sums = (now + np.cumsum(self._before, axis=0)) / np.sqrt(np.arange(2, LONGEST + 1))[:, None]
        fits = (sums * now > 0) & (np.abs(now) > LEAST_LAST)
        sizes = np.where(fits, CALM * np.abs(sums), 0.0)
        best = sizes.argmax(axis=0)
        oldest = np.take_along_axis(self._before, best[None], axis=0)[0]
        rising = (now - oldest) * np.sign(now) > LEAST_LAST
        return sizes.max(axis=0) * np.sign(now), best + 2.0, rising

    def learn(self, distance: Floats, counts: Flags) -> None:
        """Take a month in; one that does not count breaks the run."""
        import numpy as np

        self._before = np.vstack([np.where(counts, distance, 0.0)[None], self._before[:-1]])
        self._before[:, ~counts] = 0.0
