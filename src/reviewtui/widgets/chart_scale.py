"""The scale of a chart: which values its lines stand for, and the round values to name beside it. Pure."""

from __future__ import annotations

import re
from math import floor, isfinite, log10
from typing import TYPE_CHECKING

from reviewtui.metrics.formats import compact, format_value
from reviewtui.metrics.sheet import Unit
from reviewtui.months import MONTHS_PER_YEAR
from reviewtui.quick_tuple import NamedTuple
from reviewtui.widgets.braille import DOTS_DOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewtui.widgets.trend import Trend

_LARGEST = 1e300
_SMALLEST = 1e-300
"""Values beyond these are drawn at these, so that no difference overflows or vanishes."""
_NEAR_ZERO = 0.4
"""A series whose lowest value is below this share of its highest starts at zero."""
_FAR_TARGET = 1.0
"""A target further away than this many times the series' own range is named at the edge, not drawn to scale."""
_LINES_A_TICK = 3
_LONGEST_LABEL = 10
_TRAILING_ZEROS = re.compile(r"\.0+(?=\D|$)")


class Scale(NamedTuple):
    """Which values the lowest and the highest line of the plot stand for."""

    bottom: float
    top: float

    def height_of(self, value: float, steps: int) -> int:
        """How many of `steps` steps below the top a value lies; inside the plot wherever it is."""
        share = (self.top - drawable(value)) / (self.top - self.bottom)
        return round(min(1.0, max(0.0, share)) * (steps - 1)) if steps > 1 else 0


def drawable(value: float) -> float:
    """`value`, or the nearest that can be drawn to scale."""
    if abs(value) < _SMALLEST:
        return 0.0
    return min(_LARGEST, max(-_LARGEST, value))


def finite(values: Iterable[float | None]) -> Iterator[float]:
    """The values that there are, as they can be drawn."""
    return (drawable(value) for value in values if value is not None and isfinite(value))


def scale_of(trend: Trend) -> Scale:
    """A scale that shows every value and the year before, and a target that is not too far away."""
    finished = [value for place, value in enumerate(trend.values) if place not in trend.partial]
    values = [*finite(finished), *finite(trend.year_before[-MONTHS_PER_YEAR:]), *finite(trend.beside)]
    values = values or list(finite(trend.values))
    targets = list(finite((trend.low, trend.high)))
    if not values:
        values = targets or [0.0, 1.0]
    low, high = min(values), max(values)
    reach = max(high - low, 0.1 * max(abs(low), abs(high)))
    near = [target for target in targets if low - _FAR_TARGET * reach <= target <= high + _FAR_TARGET * reach]
    low, high = min([low, *near]), max([high, *near])
    if low == high:
        around = abs(low) / 2 or 1.0
        return Scale(low - around, high + around)
    if 0 < low <= _NEAR_ZERO * high:
        low = 0.0
    if 0 > high >= _NEAR_ZERO * low:
        high = 0.0
    if high - low <= abs(high) * 1e-12:
        return Scale(low - abs(low) / 2, high + abs(high) / 2)
    return Scale(low, high)


def axis_labels(scale: Scale, unit: str, height: int, dots_down: int = DOTS_DOWN) -> dict[int, str]:
    """Round values of the scale by the line they belong to."""
    least = (scale.top - scale.bottom) / max(1, height / _LINES_A_TICK)
    found: dict[int, float] = {}
    for step in _round_steps(least):
        found = _ticks(scale, step, height, dots_down)
        if len(found) > 1:
            break
    texts = {line: _axis_text(value, unit) for line, value in found.items()}
    if texts and all(_TRAILING_ZEROS.search(text) or not text.strip("0 %") for text in texts.values()):
        return {line: _TRAILING_ZEROS.sub("", text) for line, text in texts.items()}
    return texts


def _axis_text(value: float, unit: str) -> str:
    text = format_value(value, unit)
    if len(text) <= _LONGEST_LABEL:
        return text
    # Only a rate beyond all measure is longer.
    return compact(max(-_LARGEST, min(_LARGEST, value * 100))) + (" %" if unit == Unit.PERCENT else "")


def _round_steps(least: float) -> list[float]:
    """1, 2 or 5 times a power of ten: the smallest that is not below `least`, then the two below it."""
    power = 10.0 ** floor(log10(least))
    rising = [factor * power for factor in (0.2, 0.5, 1, 2, 5, 10)]
    at = next((place for place, step in enumerate(rising) if step >= least), len(rising) - 1)
    return rising[at : max(0, at - 3) : -1]


def _ticks(scale: Scale, step: float, height: int, dots_down: int) -> dict[int, float]:
    """The multiples of `step` within the scale by their line."""
    first, last = floor(scale.bottom / step), floor(scale.top / step)
    found: dict[int, float] = {}
    for number in range(first, min(last, first + 4 * height) + 1):
        value = number * step
        if scale.bottom <= value <= scale.top:
            found.setdefault(scale.height_of(value, height * dots_down) // dots_down, value)
    return found
