"""The detector: one pass over the months of many series, every month judged from the ones before it.

It uses nothing that comes later and nothing of other series: cutting the future off, or leaving series out, changes no
number. How it works is told for readers in `docs/anomalies.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.anomalies.filters import Filters, Ways
from reviewtui.anomalies.models import YEAR
from reviewtui.anomalies.repeats import Repeats
from reviewtui.anomalies.runs import Runs
from reviewtui.anomalies.scales import ALL, HEAD, scaled, smallest_steps
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.anomalies.filters import Expected
    from reviewtui.anomalies.models import Counts, Flags, Floats
    from reviewtui.anomalies.scales import Scaled

FIRST_JUDGED = HEAD
"""Months of history before the first verdict."""
LEAST_VALUES = 8
"""Values among them that there must be."""
ODD = 2.8
"""Errors, in standard deviations, beyond which a month is not learnt from until the next one tells what it was."""
WILD_START, SETTLING = 5.0, 4
"""The same for the months before the first verdict; the very first ones are taken as they come."""
FAR = 5.0
"""A month this far out, in the same month of the year as one before, tells of a season."""
LATELY, MANY = 0.8, 2.4
"""An odd month counts less with every month after it; from this sum on, odd months are what is usual.
The first move of a series that never moved says how much it moves, too."""
EDGE = 2.0
"""Where, in standard deviations, the two sides of a range are measured."""
LANES = 768
"""Series worked on at once: with fewer, calls take the time, with more, fetching arrays from memory."""
FEWEST_LANES = 8
"""Fewer are filled up with empty ones: sums over the models are then added in the same order, to the last bit."""
_TINY = 1e-300


class Range(NamedTuple):
    """What is expected of a month, each (series,): the middle, and one standard deviation down and up as lengths."""

    middle: Floats
    below: Floats
    above: Floats


@dataclass(frozen=True)
class Found:
    """What was expected of each month and how far off it was, all (months, series); NaN where not judged.

    Distances are in standard deviations of what was expected, with a sign.
    """

    middle: Floats
    below: Floats
    """One standard deviation below the middle, as a length; likewise `above`: the range may be lopsided."""
    above: Floats
    distance: Floats
    run: Floats
    """How far several months together are off; `run_length` of them."""
    run_length: Floats
    rising: Floats
    """Whether the months of the run are further off one after the other."""
    repeat: Floats
    """How unlikely it is that the value is exactly the same again, as if it were a distance."""
    repeats: Floats
    """How many months in a row have had the value of the month before."""

    def of_first(self, count: int) -> Found:
        """What was found on the first `count` series."""
        return Found(**{name: values[:, :count] for name, values in vars(self).items()})


@dataclass(frozen=True)
class Batch:
    """Series side by side, each from its own first month on."""

    values: Floats
    """(months, series); NaN where there is no value."""
    first_months: Floats
    """(series,): the month index of the first row."""
    floors: Floats
    """(months, series): the least standard deviation a value can have, from its sample; 0 where not known."""
    anew: Flags
    """(months, series): where something known happened, and the level is not what it was."""
    lengths: Counts
    """(series,): how many months each has; nothing is said about the rows after them."""

    def of(self, lanes: Counts) -> Batch:
        """Some of the series, as far as the longest of them goes."""
        last = int(self.lengths[lanes].max())
        return Batch(
            self.values[:last, lanes],
            self.first_months[lanes],
            self.floors[:last, lanes],
            self.anew[:last, lanes],
            self.lengths[lanes],
        )

    def filled_up(self, count: int) -> Batch:
        """With empty series up to `count` of them."""
        import numpy as np

        more = ((0, 0), (0, count - self.values.shape[1]))
        return Batch(
            np.pad(self.values, more, constant_values=np.nan),
            np.pad(self.first_months, more[1], mode="constant"),
            np.pad(self.floors, more),
            np.pad(self.anew, more),
            np.pad(self.lengths, more[1]),
        )


def find(batch: Batch) -> Found:
    """Judge every month of every series."""
    import numpy as np

    months, count = batch.values.shape
    if months <= FIRST_JUDGED:
        return Found(*(np.full(batch.values.shape, np.nan) for _ in Found.__dataclass_fields__))
    if count < FEWEST_LANES:
        return find(batch.filled_up(FEWEST_LANES)).of_first(count)
    found = {name: np.full((months, count), np.nan) for name in Found.__dataclass_fields__}
    order = np.argsort(batch.lengths, kind="stable")
    for start in range(0, count, LANES):
        lanes = order[min(start, max(count - FEWEST_LANES, 0)) : start + LANES]
        part = batch.of(lanes)
        last = len(part.values)
        beyond = np.arange(last)[:, None] >= part.lengths
        for name, values in vars(_find(part)).items():
            found[name][:last, lanes] = np.where(beyond, np.nan, values)
    return Found(**found)


def _find(batch: Batch) -> Found:
    """Judge series of about the same length."""
    import numpy as np

    watch = _Watch(batch)
    found = {name: np.full(batch.values.shape, np.nan) for name in Found.__dataclass_fields__}
    for month in range(len(batch.values)):
        for name, values in watch.take(month).items():
            found[name][month] = values
    return Found(**found)


class _Watch:
    """What is known of a batch of series up to a month."""

    def __init__(self, batch: Batch) -> None:
        import numpy as np

        count = batch.values.shape[1]
        steps = smallest_steps(batch.values)
        self._batch = batch
        self._series = scaled(batch.values, batch.first_months, steps)
        self._filters, self._repeats, self._runs = Filters(self._series), Repeats(count, steps), Runs(count)
        self._was_odd, self._waits = np.zeros(count, bool), np.zeros(count, bool)
        self._seen, self._lately = np.zeros(count), np.zeros(count)
        self._odd_side = np.zeros((YEAR, count))
        """The side on which each month of the year was odd last; 0 where it was not."""

    def take(self, month: int) -> dict[str, Floats]:
        """Judge `month`, then learn from it: the fields of `Found`; none while there is too little to judge by."""
        import numpy as np

        values = self._batch.values[month]
        live = ~np.isnan(values)
        self._waits |= self._batch.anew[month]
        anew = self._waits & live
        self._filters.advance(month)
        found: dict[str, Floats] = {}
        odd = far = np.zeros(len(values), bool)
        if month >= FIRST_JUDGED:
            found, odd = self._judge(month, values, live & ~anew)
            far = np.abs(found["distance"]) > FAR
        elif month > SETTLING:
            odd = far = self._filters.is_wild(WILD_START) & live & ~anew
        self._lately = np.where(live, LATELY * self._lately + odd, self._lately)
        self._filters.learn(month, self._ways(month, live, odd, far, anew))
        self._repeats.learn(values, live)
        self._seen += live
        self._waits &= ~live
        return found

    def _ways(self, month: int, live: Flags, odd: Flags, far: Flags, anew: Flags) -> Ways:
        """How to learn from the month."""
        import numpy as np

        many = self._lately > MANY
        side, year_ago = np.where(odd & far, self._filters.side, 0.0), self._odd_side[month % YEAR]
        yearly = (side != 0) & (side == year_ago)
        self._odd_side[month % YEAR] = np.where(live, side, year_ago)
        return Ways(odd & ~many & ~yearly, odd & (many | self._repeats.never_moved), yearly, anew)

    def _judge(self, month: int, values: Floats, counts: Flags) -> tuple[dict[str, Floats], Flags]:
        """The fields of `Found`, and which of the months that count are odd."""
        import numpy as np

        expected, floor = self._filters.expected(), self._batch.floors[month]
        weight = self._filters.weight
        range_ = _range(self._series, expected, weight, floor, month)
        distance, at_new_level = _distance(values, range_), np.zeros(len(values), dtype=bool)
        lanes = np.flatnonzero(self._was_odd)
        stayed = _range(self._series, expected.stayed(lanes), weight[lanes], floor[lanes], month, lanes)
        new = _distance(values[lanes], stayed)
        is_nearer = np.abs(new) < np.abs(distance[lanes])
        moved = lanes[is_nearer]
        at_new_level[moved], distance[moved] = True, new[is_nearer]
        for side, new_side in zip(range_, stayed, strict=True):
            side[moved] = new_side[is_nearer]
        together = self._runs.together(distance)
        repeat = self._repeats.surprise(values, (range_.below + range_.above) / 2)
        odd = counts & (np.abs(distance) > ODD)
        self._runs.learn(distance, counts & ~odd & ~at_new_level)
        self._was_odd = np.where(np.isnan(values), self._was_odd, odd)
        is_judged = ~self._waits & (self._seen >= LEAST_VALUES)
        fields = (*range_, distance, *together, repeat, self._repeats.length + 1.0)
        names = Found.__dataclass_fields__
        return {name: np.where(is_judged, field, np.nan) for name, field in zip(names, fields, strict=True)}, odd


def _range(
    series: Scaled, expected: Expected, weight: Floats, floor: Floats, month: int, lanes: Counts | slice = ALL
) -> Range:
    """What is expected of `lanes`, in values; the fewer months of noise are known (`weight`), the heavier the tails."""
    import numpy as np

    reach = EDGE * (1 + (EDGE**2 + 1) / (4 * weight)) * expected.spread
    places = (expected.centre, expected.centre - reach, expected.centre + reach)
    middle, low, high = (_added_up(expected.share * series.as_value(place, month, lanes)) for place in places)
    least = np.maximum(floor, _TINY)
    return Range(middle, np.maximum((middle - low) / EDGE, least), np.maximum((high - middle) / EDGE, least))


def _added_up(by_scale: Floats) -> Floats:
    """(series,): the sum over the scales, always in the same order, however few series there are."""
    first, *others = by_scale
    total: Floats = first.copy()
    for other in others:
        total += other
    return total


def _distance(values: Floats, range_: Range) -> Floats:
    """How many standard deviations `values` are off; 0 for missing ones."""
    import numpy as np

    off = values - range_.middle
    return np.where(np.isnan(off), 0.0, off / np.where(off >= 0, range_.above, range_.below))
