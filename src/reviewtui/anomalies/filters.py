"""The models at work on a batch of series: what each expects of a month, and what it learns from one.

Arrays have the axes (scale, model, series); the series are last, so that every operation runs over many of them, and
no number of a series depends on which others are in the batch. Single precision is enough, as everything is counted in
units of a series' own noise, and takes two thirds of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reviewtui.anomalies.models import YEAR, bank, steady
from reviewtui.anomalies.scales import RAW

if TYPE_CHECKING:
    from reviewtui.anomalies.models import Flags, Floats
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
        self._season = np.zeros((YEAR, scales, len(self._bank.seasonal), count), kind)
        self.weight = np.full(count, FIRST_WEIGHT, kind)
        """(series,): months that the noise was learnt from."""
        self._noise = np.ones(shape, kind) / self._bank.spread[-1][:, None]
        self._evidence = np.where(series.usable[:, None], np.zeros(shape, kind), kind(_NEVER))
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
        self._mean[:, self._bank.seasonal] += self._season[month % YEAR]
        unsure = self._bank.spread[steady(month)][:, None] * (1 + 1 / np.maximum(self._since, 1))
        np.sqrt(self._noise * unsure, out=self._spread)
        np.subtract(self._series.values[month][:, None], self._mean, out=self._error)
        self._lacks = np.isnan(self._series.values[month])[:, None]
        np.copyto(self._error, 0.0, where=self._lacks)
        np.divide(self._error, self._spread, out=self._off)

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
        step = self._lasting_step(ways.anew)
        if month >= LEARN_FROM:
            self._weigh(month, live & ~ways.odd & ~ways.anew & ~ways.yearly)
            self._learn_noise(live & ~ways.anew, ways.usual, step)
        used = self._used(live, ways.odd, step)
        self._learn_place(month, live, ways, used, step)

    def _weigh(self, month: int, taken: Flags) -> None:
        """Let the month speak for and against the models."""
        import numpy as np

        said = np.minimum(np.square(self._off), FAR_OUT)
        said /= self.weight
        np.log1p(said, out=said)
        said *= (self.weight + 1) / -2
        said -= np.log(self._spread)
        said += self._series.log_density[month][:, None]
        self._evidence[np.broadcast_to(self._lacks & taken, said.shape)] = _NEVER
        out = self._evidence <= _NEVER
        np.copyto(said, _NEVER, where=out)
        said -= said.max(axis=(0, 1))
        np.maximum(said, WORST_EVIDENCE, out=said)
        said += FORGETTING * self._evidence
        np.copyto(self._evidence, said, where=taken & ~out)

    def _lasting_step(self, anew: Flags) -> Floats | None:
        """The part of an odd month's jump that is still there in this one; None where no month was odd."""
        import numpy as np

        if not self._jump.any():
            return None
        size, left = np.abs(self._jump), np.abs(self._error)
        stays = (self._error * self._jump > 0) & (left > STAYING * size) & ~anew
        step: Floats = np.where(stays, np.sign(self._jump) * np.minimum(size, left), 0.0)
        return step

    def _learn_noise(self, taken: Flags, usual: Flags, step: Floats | None) -> None:
        import numpy as np

        keep = np.where(self.weight > MEMORY, MEMORY / (MEMORY + 1), 1.0) * self.weight
        most = np.where(usual, np.float32(_UNBOUNDED), np.float32(MOST_NOISE))
        grown = np.square(np.minimum(np.abs(self._off), most))
        grown += keep
        grown *= self._noise
        grown /= keep + 1
        learns = taken & ~self._lacks
        np.copyto(self._noise, grown, where=learns if step is None else learns & (step == 0))
        self.weight = np.where(taken, keep + 1, self.weight)

    def _used(self, live: Flags, odd: Flags, step: Floats | None) -> Floats:
        """What of the error is learnt from now; the rest waits in `_jump`."""
        import numpy as np

        if step is None:
            used = self._error.copy()
            used[:, :, odd] = 0.0
        else:
            used = np.where(odd & (step == 0), 0.0, self._error - step)
        if step is not None or odd.any():
            rest = self._error - used if step is None else self._error - step - used
            np.copyto(self._jump, rest, where=live)
        return used

    def _learn_place(self, month: int, live: Flags, ways: Ways, used: Floats, step: Floats | None) -> None:
        import numpy as np

        place = steady(month)
        if ways.yearly.any():
            self._season[month % YEAR] += np.where(ways.yearly, used[:, self._bank.seasonal], 0.0)
            used[:, :, ways.yearly] = 0.0
        self._since[ways.anew] = 0.0
        share = np.maximum(self._bank.level_gain[place][:, None], 1 / (self._since + 1))
        self._level += share * used
        if step is not None:
            self._level += step
        used[:, :, ways.anew] = 0.0
        self._slope += self._bank.slope_gain[place][:, None] * used
        seasonal = used[:, self._bank.seasonal]
        part = np.empty_like(seasonal)
        for month_of_year, gain in enumerate(self._bank.season_gain[place]):
            np.multiply(gain[:, None], seasonal, out=part)
            self._season[month_of_year] += part
        self._since += live
