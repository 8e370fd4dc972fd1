"""Exact repeats: how unlikely it is that a value comes again to the last digit.

Zero is left out: nothing happening again is no sign of a fault, and where it is too little, zero is far out itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.anomalies.models import Flags, Floats

DOUBT = 0.25
"""Repeats that are allowed for before any was seen."""
LEAST_CHANCE = 0.004
FIRST_REPEAT_AT_MOST = 2.4
"""A value that comes a second time is a coincidence more often than a fault."""


class Repeats:
    """How often each series of a batch has repeated its last value."""

    def __init__(self, count: int, steps: Floats) -> None:
        import numpy as np

        self._steps = steps
        self._last = np.full(count, np.nan)
        self._seen, self._compared = np.zeros(count), np.zeros(count)
        self.length = np.zeros(count)
        """(series,): months in a row with the value of the month before."""

    @property
    def never_moved(self) -> Flags:
        """(series,): whether all values so far are the same."""
        same: Flags = self._seen == self._compared
        return same

    def surprise(self, values: Floats, spread: Floats) -> Floats:
        """(series,): how unlikely the repeats up to these values are, as a distance in standard deviations.

        `spread` is the standard deviation that is expected: values on a coarse grid repeat easily.
        """
        import numpy as np

        length = np.where((values == self._last) & (values != 0), self.length + 1, 0)
        by_grid = np.minimum(1, self._steps / (2.5 * np.maximum(spread, 1e-300)))
        chance = np.maximum((self._seen + DOUBT) / (self._compared + 2), by_grid) + LEAST_CHANCE
        distance = np.sqrt(np.maximum(0, -2 * length * np.log(np.minimum(chance, 0.999)) - 1.5))
        surprise: Floats = np.where(length >= 2, distance, np.minimum(distance, FIRST_REPEAT_AT_MOST))
        return surprise

    def learn(self, values: Floats, live: Flags) -> None:
        """Take the values of a month in."""
        import numpy as np

        same = values == self._last
        self._seen += same
        self._compared += live & ~np.isnan(self._last)
        self.length = np.where(same, self.length + 1, np.where(live, 0, self.length))
        self._last = np.where(live, values, self._last)
