"""The one number of sensitivity: how many of 1,000 ordinary metric-months may be flagged."""

from __future__ import annotations

from itertools import pairwise
from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_FALSE_ALARMS = 25.0
FEWEST, MOST = 1.0, 100.0

_EDGES = (
    (1.0, 4.33),
    (2.0, 3.82),
    (3.0, 3.57),
    (5.0, 3.28),
    (7.0, 3.11),
    (10.0, 2.94),
    (17.0, 2.71),
    (25.0, 2.52),
    (35.0, 2.39),
    (50.0, 2.23),
    (75.0, 2.05),
    (100.0, 1.90),
)
"""False alarms per 1,000, and the distance in standard deviations that so many ordinary months of real series pass.

Counted on months of real and simulated series in which nothing is known to have happened; see `docs/anomalies.md`.
"""


def edge(false_alarms: float) -> float:
    """The distance from which a month is an anomaly, for so many false alarms per 1,000 (1 to 100)."""
    wanted = min(max(false_alarms, FEWEST), MOST)
    return _between([(log(rate), distance) for rate, distance in _EDGES], log(wanted))


def rarity(distance: float) -> int:
    """Of how many ordinary months one is this far out; 1,000 for any that is rarer, 10 for any that is not."""
    far = [(-edge_, log(rate)) for rate, edge_ in reversed(_EDGES)]
    rate = exp(_between(sorted(far), -abs(distance)))
    return round(1000 / rate)


def _between(points: Sequence[tuple[float, float]], place: float) -> float:
    """The value at `place` on the line through `points`, which are in order; beyond the ends that of the end."""
    if place <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if place <= right:
            return low + (high - low) * (place - left) / (right - left)
    return points[-1][1]
