"""The models at work on a batch of series: what each expects of a month, and what it learns from one.

Arrays have the axes (scale, model, series); the series are last, so that every operation runs over many of them, and
no number of a series depends on which others are in the batch. Single precision is enough, as everything is counted in
units of a series' own noise, and takes two thirds of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.anomalies.models import SEASONS, YEAR, bank, steady
from reviewtui.anomalies.scales import RAW
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.anomalies.models import Counts, Flags, Floats
    from reviewtui.anomalies.scales import Scaled

FIRST_WEIGHT = 2.0
"""Months that the first guess of the noise counts for."""
MEMORY = 60.0
"""Months that the noise is learnt from."""
MOST_NOISE = 2.5
"""An error counts at most this many times the noise, so that an odd month does not widen the range."""
FORGETTING = 0.985
"""How much of the evidence for a model is left after a month."""
WORST_EVIDENCE = -6.0
"""A month tells against a model at most this much, against the best one."""
FAR_OUT = 16.0
"""Squared error beyond which a month is no worse evidence."""
BOLDNESS = 0.8
"""How much the evidence decides; below one, models share more than it says."""
STAYING = 0.5
"""Share of an odd month's jump that must remain in the next month to be taken for a new level."""
LEARN_FROM = 2
"""The first month that is evidence; the ones before only say where the series begins."""
_NEVER = -1e9
_TINY, _UNBOUNDED = 1e-30, 1e15


@dataclass(frozen=True)
class Expected:
    """What the models together expect of a month, scale by scale."""

    share: Floats
    """(scales, series): how much each scale counts; they add up to one."""
    centre: Floats
    """(scales, series): the expected place on the scale."""
    spread: Floats
    """(scales, series): its standard deviation."""
    jump: Floats
    """(scales, series): what an odd month before would add if it stays."""

    def stayed(self, lanes: Counts) -> Expected:
        """What is expected of some series if the odd month before was the beginning of a new level."""
        return Expected(
            self.share[:, lanes],
            self.centre[:, lanes] + self.jump[:, lanes],
            self.spread[:, lanes],
            self.jump[:, lanes],
        )


class Ways(NamedTuple):
    """The series from which a month is learnt in a way of its own, each (series,)."""

    odd: Flags
    """The month is far out: it waits for the next one to tell what it was."""
    usual: Flags
    """Odd months have become usual: the error counts in full towards the noise."""
    yearly: Flags
    """The month was odd in the same way a year ago: it goes into the season as a whole."""
    anew: Flags
    """Something known happened: the level starts from the month's value."""


class Filters:
    """All models on all scales for one batch."""

    def __init__(self, series: Scaled) -> None:
        import numpy as np

        self._bank = bank()
        self._series = series
        _, scales, count = series.values.shape
        shape, kind = (scales, len(self._bank.damping), count), np.float32
        self._level, self._slope, self._jump = (np.zeros(shape, kind) for _ in range(3))
        self._season, self._learnt = (np.zeros((YEAR, *_seasonal(self._level).shape), kind) for _ in range(2))
        """By month of the year: what it differs by, as of when it last came; and what was learnt from it since."""
        self._weight = np.full(count, FIRST_WEIGHT, kind)
        self._noise = np.ones(shape, kind) / self._bank.spread[-1][:, None]
        self._out = ~series.usable[:, None]
        """(scales, 1, series): the scales that cannot hold a series."""
        self._evidence = np.where(self._out, kind(_NEVER), np.zeros(shape, kind))
        self._waits = np.zeros(count, dtype=bool)
        """(series,): whether the last month was odd, and this one tells what it was."""
        self._since = np.full(count, np.inf, kind)
        self._mean, self._spread, self._error, self._off = (np.empty(shape, kind) for _ in range(4))
        self._lacks = np.zeros((scales, 1, count), dtype=bool)

    def advance(self, month: int) -> None:
        """Go on to `month`: what every model expects, and by how much the month is off."""
        import numpy as np

        if month:
            self._level += self._bank.damping[:, None] * self._slope
            self._slope *= self._bank.damping[:, None]
        np.copyto(self._mean, self._level)
        seasonal = _seasonal(self._mean)
        seasonal += self._brought_up(month)
        unsure = self._bank.spread[steady(month)][:, None] * (1 + 1 / np.maximum(self._since, 1))
        np.sqrt(self._noise * unsure, out=self._spread)
        np.subtract(self._series.values[month][:, None], self._mean, out=self._error)
        self._lacks = np.isnan(self._series.values[month])[:, None]
        if self._lacks.any():
            np.copyto(self._error, 0.0, where=self._lacks)
        np.divide(self._error, self._spread, out=self._off)

    def _brought_up(self, month: int) -> Floats:
        """What the month of the year differs by, with all that was learnt since it last came.

        A scale at a time stays in the nearest cache, and a month of the year is only worked on when it comes.
        """
        import numpy as np

        place = month % YEAR
        season: Floats = self._season[place]
        part = np.empty_like(season[0])
        since = range(max(month - YEAR, 0), month)
        gains = [self._bank.season_gain[steady(before), place][:, :, None] for before in since]
        for scale, differs in enumerate(season):
            for before, gain in zip(since, gains, strict=True):
                np.multiply(gain, self._learnt[before % YEAR, scale], out=part)
                differs += part
        return season

    @property
    def weight(self) -> Floats:
        """(series,): months that the noise was learnt from."""
        return self._weight.astype(float)

    def expected(self) -> Expected:
        """The models' mixture for the month that was advanced to."""
        import numpy as np

        weights = np.exp(BOLDNESS * (self._evidence - self._evidence.max(axis=(0, 1))))
        weights /= weights.sum(axis=(0, 1))
        share = weights.sum(axis=1)
        weights /= np.maximum(share[:, None], _TINY)
        centre = (weights * self._mean).sum(axis=1)
        variance = (weights * (self._spread**2 + (self._mean - centre[:, None]) ** 2)).sum(axis=1)
        return Expected(share, centre, np.sqrt(variance), (weights * self._jump).sum(axis=1))

    def is_wild(self, bound: float) -> Flags:
        """(series,): whether no model comes nearer the month than `bound` times its spread, on the raw scale."""
        import numpy as np

        nearest: Flags = np.abs(self._off[RAW]).min(axis=0) > bound
        return nearest

    @property
    def side(self) -> Floats:
        """(series,): 1 where the month is above what the models expected, -1 where it is below."""
        import numpy as np

        side: Floats = np.sign(self._error[RAW].mean(axis=0))
        return side

    def learn(self, month: int, ways: Ways) -> None:
        """Take `month` in, of each series in its own way; a missing month changes nothing but the time."""
        live = ~self._lacks[0, 0]
        waited = self._waited(ways.anew)
        if month >= LEARN_FROM:
            self._weigh(month, live & ~ways.odd & ~ways.anew & ~ways.yearly)
            self._learn_noise(live & ~ways.anew, ways.usual, waited)
        used = self._used(live, ways.odd, waited)
        self._learn_place(month, live, ways, used, waited)

    def _weigh(self, month: int, taken: Flags) -> None:
        """Let the month speak for and against the models."""
        import numpy as np

        self._out |= self._lacks & taken
        said = np.minimum(np.square(self._off), FAR_OUT)
        said /= self._weight
        np.log1p(said, out=said)
        said *= (self._weight + 1) / -2
        said -= np.log(self._spread)
        said += self._series.log_density[month][:, None]
        if self._out.any():
            said += np.where(self._out, np.float32(_NEVER), np.float32(0))
        said -= said.max(axis=(0, 1))
        np.maximum(said, WORST_EVIDENCE, out=said)
        said += FORGETTING * self._evidence
        _take_over(self._evidence, said, taken)
        if self._out.any():
            np.copyto(self._evidence, _NEVER, where=self._out)

    def _waited(self, anew: Flags) -> _Waited:
        """The part of each odd month's jump that is still there in this one."""
        import numpy as np

        lanes = np.flatnonzero(self._waits)
        jump, error = self._jump[:, :, lanes], self._error[:, :, lanes]
        size, left = np.abs(jump), np.abs(error)
        stays = (error * jump > 0) & (left > STAYING * size) & ~anew[lanes]
        return _Waited(lanes, np.where(stays, np.sign(jump) * np.minimum(size, left), 0.0))

    def _learn_noise(self, taken: Flags, usual: Flags, waited: _Waited) -> None:
        import numpy as np

        keep = np.minimum(self._weight, MEMORY)
        most = np.where(usual, np.float32(_UNBOUNDED), np.float32(MOST_NOISE))
        grown = np.square(np.minimum(np.abs(self._off), most))
        grown += keep
        grown *= self._noise
        grown /= keep + 1
        grown[:, :, waited.lanes] = np.where(
            waited.step == 0, grown[:, :, waited.lanes], self._noise[:, :, waited.lanes]
        )
        _take_over(self._noise, grown, taken & ~self._lacks)
        self._weight = np.where(taken, keep + 1, self._weight)

    def _used(self, live: Flags, odd: Flags, waited: _Waited) -> Floats:
        """What of the error is learnt from now; the rest waits in `_jump`."""
        import numpy as np

        lanes, step = waited
        error, again = self._error[:, :, lanes], odd[lanes] & (step == 0)
        used = self._error.copy()
        used[:, :, odd] = 0.0
        used[:, :, lanes] = np.where(again, 0.0, error - step)
        self._jump[:, :, odd] = self._error[:, :, odd]
        self._jump[:, :, lanes] = np.where(live[lanes], np.where(again, error, 0.0), self._jump[:, :, lanes])
        self._waits = np.where(live, odd, self._waits)
        return used

    def _learn_place(self, month: int, live: Flags, ways: Ways, used: Floats, waited: _Waited) -> None:
        import numpy as np

        place = steady(month)
        if ways.yearly.any():
            self._season[month % YEAR] += np.where(ways.yearly, _seasonal(used), 0.0)
            used[:, :, ways.yearly] = 0.0
        self._since[ways.anew] = 0.0
        share = np.maximum(self._bank.level_gain[place][:, None], 1 / (self._since + 1))
        self._level += share * used
        self._level[:, :, waited.lanes] += waited.step
        used[:, :, ways.anew] = 0.0
        self._slope += self._bank.slope_gain[place][:, None] * used
        self._learnt[month % YEAR] = _seasonal(used)
        self._since += live


class _Waited(NamedTuple):
    """Series whose last month was odd, and what this month says about it."""

    lanes: Counts
    """Their places."""
    step: Floats
    """(scales, models, those series): the part of the jump that is still there."""


def _seasonal(values: Floats) -> Floats:
    """The part of `values` (…, models, series) that belongs to models with a season, as (…, groups, seasons, series).

    A view: what is written into it is written into `values`.
    """
    seasonal: Floats = values.reshape(*values.shape[:-2], -1, len(SEASONS), values.shape[-1])[..., 1:, :]
    return seasonal


def _take_over(old: Floats, new: Floats, where: Flags) -> None:
    """Copy `new` into `old` for the series where that is so; all at once when it is so for all."""
    import numpy as np

    if where.all():
        np.copyto(old, new)
    else:
        np.copyto(old, new, where=where)
