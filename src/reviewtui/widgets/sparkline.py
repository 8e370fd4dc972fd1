"""A row of block characters that shows how a value moved: one character a month."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
_MIDDLE = BLOCKS[3]


def sparkline(values: Sequence[float | None], width: int) -> str:
    """The last `width` values from lowest to highest block; a space where there is none."""
    shown = [value if value is not None and isfinite(value) else None for value in values[-width:]]
    known = [value for value in shown if value is not None]
    if not known:
        return " " * width
    low, high = min(known), max(known)
    text = "".join(" " if value is None else _block(value, low, high) for value in shown)
    return text.rjust(width)


def _block(value: float, low: float, high: float) -> str:
    # Halved before subtracting: the difference of two huge values may not be a finite number.
    span = high / 2 - low / 2
    if span <= 0:
        return _MIDDLE
    return BLOCKS[min(len(BLOCKS) - 1, int((value / 2 - low / 2) / span * len(BLOCKS)))]
