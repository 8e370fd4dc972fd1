"""Verdicts on all cells of a sheet: the detector's distances against the sensitivity that was asked for."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from reviewtui.anomalies.detector import FIRST_JUDGED, LEAST_VALUES, Batch, find
from reviewtui.anomalies.judgements import KINDS, Judgements, PackedVerdicts
from reviewtui.anomalies.kinds import kind_of_distance, kind_of_run
from reviewtui.anomalies.sensitivity import edge
from reviewtui.anomalies.series import segments
from reviewtui.anomalies.verdicts import MOST_SCORE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewtui.anomalies.detector import Found
    from reviewtui.anomalies.judgements import RowKey
    from reviewtui.anomalies.models import Flags, Floats
    from reviewtui.anomalies.series import Segment
    from reviewtui.metrics.sheet import MetricSheet

FOLLOWING = (2, 4)
"""How many months after a spike must, and may, tell whether it was the beginning of a shift."""
STAYED = 0.5
"""Share of the jump that the following months kept, in their middle, for a shift."""


def judge_sheet(sheet: MetricSheet) -> Judgements:
    """The verdict on every cell of `sheet` that can be judged, at its own sensitivity.

    Takes a third of a millisecond a row, and numpy; nothing of it depends on months to come.
    """
    parts = [part for part in segments(sheet) if _is_long_enough(part)]
    if not parts:
        return Judgements(sheet.months, {})
    batch = _batch(parts, [month.index for month in sheet.months])
    judged = _Judged(parts, batch, find(batch), edge(sheet.false_alarms_per_1000))
    return Judgements(sheet.months, dict(_packed(parts, judged, len(sheet.months))))


def _is_long_enough(part: Segment) -> bool:
    return len(part.values) > FIRST_JUDGED and sum(value == value for value in part.values) > LEAST_VALUES


def _batch(parts: Sequence[Segment], months: Sequence[int]) -> Batch:
    import numpy as np

    length, count = max(len(part.values) for part in parts), len(parts)
    values, floors = np.full((length, count), np.nan), np.zeros((length, count))
    anew = np.zeros((length, count), dtype=bool)
    for place, part in enumerate(parts):
        end = len(part.values)
        values[:end, place], floors[:end, place], anew[:end, place] = part.values, part.floors, part.anew
    firsts = np.array([months[part.start] for part in parts], dtype=float)
    return Batch(values, firsts, floors, anew, np.array([len(part.values) for part in parts]))


def _lacking(parts: Sequence[Segment], length: int) -> Flags:
    import numpy as np

    lacking = np.zeros((length, len(parts)), dtype=bool)
    for place, part in enumerate(parts):
        lacking[: len(part.lacks), place] = part.lacks
    return lacking


class _Judged:
    """What was found on every month of a batch, with the verdicts: arrays of (months, series)."""

    def __init__(self, parts: Sequence[Segment], batch: Batch, found: Found, limit: float) -> None:
        import numpy as np

        self._parts, self._values, self._found, self._limit = parts, batch.values, found, limit
        has_value = ~np.isnan(batch.values)
        lacking = _lacking(parts, len(batch.values)) & ~has_value
        size = np.maximum(np.maximum(np.abs(found.distance), np.abs(found.run)), found.repeat) / limit
        is_judged = ~np.isnan(found.middle) & (has_value | lacking)
        self.score: Floats = np.where(is_judged, np.where(lacking, MOST_SCORE, np.minimum(size, MOST_SCORE)), np.nan)
        self.expected: Floats = np.where(is_judged, found.middle, np.nan)
        self._lowest, self._highest = _before(batch.values, np.fmin), _before(batch.values, np.fmax)
        low = found.middle - limit * found.below
        self.low: Floats = np.where(is_judged, np.where(self._lowest >= 0, np.maximum(low, 0.0), low), np.nan)
        high = found.middle + limit * found.above
        is_share = np.array([part.is_share for part in parts]) & ~(self._highest > 1)
        # A value above 1, which no share should have, is not flagged by this bound.
        high = np.where(is_share, np.clip(high, self.low, np.fmax(batch.values, 1.0)), high)
        self.high: Floats = np.where(is_judged, high, np.nan)
        self.is_above: Flags = is_judged & (batch.values > found.middle)
        self.anomaly, self.became = (np.zeros(size.shape, dtype=np.uint8) for _ in range(2))
        self.months = np.ones(size.shape, dtype=np.uint8)
        for month, series in np.argwhere(self.score > 1):
            self._name(int(month), int(series), is_lacking=bool(lacking[month, series]))

    def _name(self, month: int, series: int, *, is_lacking: bool) -> None:
        """Find the word for one anomaly."""
        found, at = self._found, (month, series)
        value, distance, run = float(self._values[at]), float(found.distance[at]), float(found.run[at])
        if is_lacking:
            kind = Kind.MISSING
        elif abs(distance) > self._limit:
            kind = kind_of_distance(
                value,
                float(found.middle[at]),
                float(found.below[at]),
                float(found.above[at]),
                distance,
                had_both_signs=self._parts[series].is_change or bool(self._lowest[at] < 0 < self._highest[at]),
            )
        elif found.repeat[at] > self._limit:
            kind = Kind.FLATLINE
            self.months[at] = min(int(found.repeats[at]) + 1, 255)
        else:
            kind = kind_of_run(is_above=run > 0, is_rising=bool(found.rising[at]))
            self.months[at] = int(found.run_length[at])
        self.anomaly[at] = KINDS.index(kind) + 1
        if kind in (Kind.SPIKE, Kind.DIP):
            became = became_of(value, float(found.middle[at]), self._values[month + 1 :, series].tolist())
            self.became[at] = KINDS.index(became) + 1 if became else 0


def _before(values: Floats, extreme: object) -> Floats:
    """The lowest or highest value before each month; NaN before the first."""
    import numpy as np

    so_far = getattr(extreme, "accumulate")(values, axis=0)  # noqa: B009 - ufuncs have no common type with it
    return np.vstack([np.full((1, values.shape[1]), np.nan), so_far[:-1]])


def became_of(value: float, expected: float, later: Sequence[float]) -> Kind | None:
    """A shift, where the months after a spike or dip stayed nearer its `value` than what was `expected` of it."""
    following = [after for after in later[: FOLLOWING[1]] if after == after]
    if len(following) < FOLLOWING[0] or value == expected:
        return None
    if (median(following) - expected) / (value - expected) <= STAYED:
        return None
    return Kind.SHIFT_UP if value > expected else Kind.SHIFT_DOWN


def _packed(parts: Sequence[Segment], judged: _Judged, months: int) -> Iterator[tuple[RowKey, PackedVerdicts]]:
    """The rows of the sheet that have a verdict; the segments of a row follow each other."""
    import numpy as np

    rows: dict[RowKey, list[int]] = {}
    for place, part in enumerate(parts):
        rows.setdefault((part.product, part.metric), []).append(place)
    for key, places in rows.items():
        numbers = np.full((4, months), np.nan, dtype="<f8")
        codes = np.zeros((4, months), dtype=np.uint8)
        for place in places:
            start, count = parts[place].start, len(parts[place].values)
            for row, field in enumerate((judged.low, judged.high, judged.expected, judged.score)):
                numbers[row, start : start + count] = field[:count, place]
            for row, code in enumerate((judged.anomaly, judged.months, judged.is_above, judged.became)):
                codes[row, start : start + count] = code[:count, place]
        low, high, expected, score = (line.tobytes() for line in numbers)
        yield key, PackedVerdicts((low, high, expected, score), *(line.tobytes() for line in codes))
