"""The scales on which a series may be regular: as it is, by its root, by its logarithm, by that per working day.

On the raw scale a month moves by so many units, on the others by so many per cent, or in between, as counts do. Which
one fits is not decided beforehand: every model runs on every scale that can hold the values, and evidence weighs them.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from functools import cache
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.anomalies.models import Counts, Flags, Floats

HEAD = 12
"""Months from which a series' scales, its first noise and its steps are read; none of them is judged."""

ALL = slice(None)
RAW, ROOT, LOG, PER_WORKING_DAY = range(4)
SCALES = 4

LARGEST = 1e150
"""Numbers beyond it are treated as no numbers."""
FARTHEST = 1e12
"""Values further from the first one, in units of its first noise, are no further: nothing follows from how far."""
_LOG_BOUND = 600.0
_NO_NOISE = 1e-9
"""The first noise of a series of zeros."""
_NOISE = 1.05
"""A normal error is rarely off by more than a median step of a random walk; times this it is the first noise scale."""


@dataclass(frozen=True)
class Scaled:
    """A batch of series on every scale, in units of its first noise and counted from its first value."""

    values: Floats
    """(months, scales, series); NaN where there is no value, or the scale cannot hold it."""
    usable: Flags
    """(scales, series): whether the first months can be held."""
    log_density: Floats
    """(months, scales, series): logarithm of how a step of the value stretches on the scale."""
    origin: Floats
    """(scales, series): what zero stands for."""
    unit: Floats
    """(scales, series): what one stands for."""
    work: Floats
    """(months, series): logarithm of a month's working days against those of the series' first month."""
    lift: Floats
    """(series,): what is added before the root is taken."""

    def as_value(self, place: Floats, month: int, lanes: Counts | slice = ALL) -> Floats:
        """The values of `place` (scales, series) in `month`; the series are those of `lanes`."""
        import numpy as np

        found = place * self.unit[:, lanes] + self.origin[:, lanes]
        found[ROOT] = np.maximum(found[ROOT], 0.0) ** 2 / 4 - self.lift[lanes]
        found[PER_WORKING_DAY] += self.work[month, lanes]
        found[LOG:] = np.exp(np.clip(found[LOG:], -_LOG_BOUND, _LOG_BOUND))
        return found


def scaled(values: Floats, first_months: Floats, steps: Floats) -> Scaled:
    """`values` (months, series) on every scale; `first_months` are month indices, `steps` from `smallest_steps`."""
    import numpy as np

    series = values.shape[1]
    starts, place = np.unique(first_months.astype(int), return_inverse=True)
    works = [[_work(start + month) - _work(start) for start in starts.tolist()] for month in range(len(values))]
    work = np.array(works).reshape(len(values), -1)[:, place]
    lift = 0.375 * steps
    with np.errstate(all="ignore"):
        positive = np.where(values > 0, values, np.nan)
        logs = np.log(positive)
        lifted = np.where(values >= 0, values, np.nan) + lift
        held = np.stack([values, 2 * np.sqrt(lifted), logs, logs - work], axis=1)
        density = np.stack([np.zeros_like(values), -np.log(lifted) / 2, -logs, -logs], axis=1)
        density = np.where(np.isfinite(density), density, 0.0)
    head = values[:HEAD]
    present = ~np.isnan(head)
    first = present.argmax(axis=0)
    origin = held[first, :, np.arange(series)].T
    usable = ((~np.isnan(held[:HEAD])) | ~present[:, None]).all(axis=0) & present.any(axis=0)
    usable[RAW] = True
    origin = np.where(usable & np.isfinite(origin), origin, 0.0)
    unit = _first_noise(held[:HEAD], origin)
    with np.errstate(invalid="ignore"):
        placed = np.clip((held - origin) / unit, -FARTHEST, FARTHEST).astype(np.float32)
    return Scaled(placed, usable, (density - np.log(unit)).astype(np.float32), origin, unit, work, lift)


def _first_noise(head: Floats, origin: Floats) -> Floats:
    """The median step of the first months; half the mean one where most are none; never zero."""
    import numpy as np

    moves = np.sort(np.abs(np.diff(head, axis=0)), axis=0)
    count = np.maximum((~np.isnan(moves)).sum(axis=0), 1)
    low, high = (np.take_along_axis(moves, place[None], axis=0)[0] for place in ((count - 1) // 2, count // 2))
    typical, mean = (low + high) / 2, np.nansum(moves, axis=0) / count
    noise = np.where(typical > 0, typical, mean / 2)
    least = 1e-6 * np.abs(origin)
    noise = np.where(np.isfinite(noise) & (noise > least * 1e-3), noise, least)
    return np.where(noise > 0, noise, _NO_NOISE) * _NOISE


def smallest_steps(values: Floats) -> Floats:
    """(series,): the power of ten that all of the first months are multiples of; 0 where there is none."""
    import numpy as np

    head = values[:HEAD]
    steps = np.zeros(values.shape[1])
    known = np.where(np.isnan(head), 0.0, np.abs(head))
    for exponent in range(-9, 4):
        step = 10.0**exponent
        parts = known / step
        off = np.abs(parts - np.round(parts))
        fits = (off < 1e-6 * np.clip(parts, 1, 1e3)).all(axis=0) & (known.max(axis=0) >= step)
        steps = np.where(fits, step, steps)
    return steps


@cache
def _work(month: int) -> float:
    """Logarithm of the weekdays of a month (an index: year times twelve plus month)."""
    weekday, days = monthrange(month // 12, month % 12 + 1)
    return log(sum((weekday + day) % 7 < 5 for day in range(days)))
