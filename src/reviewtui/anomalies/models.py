"""The bank of structural models: level, damped slope and a season of twelve months, each more or less lively.

How strongly a model learns from a month depends on the number of months seen, not on the values. So the gains of all
models are worked out once, by the Kalman recursion for months without gaps, and serve every series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]
    Flags = NDArray[np.bool_]
    Counts = NDArray[np.intp]

YEAR = 12

LEVELS = ((1.0, 0.0), (1.0, 0.02), (1.0, 0.3), (0.05, 1.0))
"""Variance of a month's own noise, and of the step the level takes each month: from fixed to a random walk."""
SLOPES = ((0.0, 0.97), (0.02, 0.9))
"""Variance of the slope's step, as a share of the level's; and what is left of a slope after a month."""
SEASONS = (0.0, 0.3, 3.0, 30.0)
"""How far the months of a year may differ from the start, as a share of the noise: none to strong."""

SEASON_STEP = 0.0005
"""Variance of the season's step each month, as a share of the noise: it hardly changes."""
SMOOTH_SEASON, SEASON_REACH = 0.6, 1.5
"""How much of a season is shared with months nearby, and how many months that reaches."""
VAGUE = 1e6
"""Variance of what is not known at all: the level before the first month."""

STEADY = 120
"""Months after which gains only repeat with the year."""


@dataclass(frozen=True)
class Bank:
    """The models, one a place along the last axis, and what they do in each month of a series."""

    damping: Floats
    """(models,): what is left of the slope after a month."""
    spread: Floats
    """(STEADY, models): variance of a prediction, in units of the noise scale."""
    level_gain: Floats
    """(STEADY, models): share of an error that goes into the level; likewise `slope_gain`."""
    slope_gain: Floats
    season_gain: Floats
    """(STEADY, 12, groups, seasons): share that goes into each month of the year.

    The models come in groups that differ in their season only; the first of a group has none and is left out.
    """


def steady(age: int) -> int:
    """The place of the gains for a month `age` months after the first."""
    return age if age < STEADY else STEADY - YEAR + (age - STEADY) % YEAR


@lru_cache(maxsize=1)
def bank() -> Bank:
    """All models; some milliseconds the first time."""
    import numpy as np

    settings = np.array([(*level, *slope, season) for level, slope, season in product(LEVELS, SLOPES, SEASONS)])
    noise, step, slope_step, damping, season = settings.T
    move = step + 0.05 * noise
    size = 2 + YEAR
    start = np.zeros((len(settings), size, size))
    start[:, 0, 0], start[:, 1, 1] = VAGUE, move
    start[:, 2:, 2:] = (season * (noise + step))[:, None, None] * _season_shape()
    grow = np.zeros_like(start)
    grow[:, 0, 0], grow[:, 1, 1] = step, slope_step * move
    grow[:, 2:, 2:] = ((season > 0) * SEASON_STEP * (noise + step))[:, None, None] * _season_shape()
    advance = np.tile(np.eye(size), (len(settings), 1, 1))
    advance[:, 0, 1] = advance[:, 1, 1] = damping

    spread, gain = np.empty((STEADY, len(settings))), np.empty((STEADY, len(settings), size))
    unsure = start
    for age in range(STEADY):
        if age:
            unsure = advance @ unsure @ advance.transpose(0, 2, 1) + grow
        seen = unsure[:, :, 0] + unsure[:, :, 2 + age % YEAR]
        spread[age] = seen[:, 0] + seen[:, 2 + age % YEAR] + noise
        gain[age] = seen / spread[age][:, None]
        unsure = unsure - gain[age][:, :, None] * seen[:, None, :]
    months = gain[:, :, 2:].transpose(0, 2, 1).reshape(STEADY, YEAR, -1, len(SEASONS))[..., 1:]
    tables = (spread, gain[:, :, 0], gain[:, :, 1], months)
    return Bank(damping.astype(np.float32), *(table.astype(np.float32) for table in tables))


def _season_shape() -> Floats:
    """(12, 12): how the months of a season belong together before any is seen; they add up to nothing."""
    import numpy as np

    apart = np.abs(np.subtract.outer(np.arange(YEAR), np.arange(YEAR)))
    apart = np.minimum(apart, YEAR - apart)
    shared = (1 - SMOOTH_SEASON) * np.eye(YEAR) + SMOOTH_SEASON * np.exp(-((apart / SEASON_REACH) ** 2) / 2)
    centre = np.eye(YEAR) - 1 / YEAR
    shape = centre @ shared @ centre
    scaled: Floats = shape * ((1 - 1 / YEAR) / shape[0, 0])
    return scaled
