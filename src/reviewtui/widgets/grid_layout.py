"""How the width of the grid is divided between its columns."""

from __future__ import annotations

from reviewtui.quick_tuple import NamedTuple

VALUE_WIDTH = 7
"""The longest value as `formats` writes it."""

CELL_WIDTH = VALUE_WIDTH + 2
"""A gap, the value, its status mark."""

DELTA_WIDTH = 9
"""A gap, the change, its mark."""

RULE_WIDTH = 1
"""The line between the frozen columns and the months."""

_SHORT_TREND, _LONG_TREND = 12, 24
_TREND_FROM, _LONG_TREND_FROM, _DELTA_FROM = 100, 132, 56
_SMALLEST_LABEL, _WIDEST_LABEL = 14, 33
_LABEL_MARGIN = 2


class GridLayout(NamedTuple):
    """Widths in terminal cells; a width of 0 hides the column."""

    label: int
    trend_months: int
    """One character of the sparkline is one month."""
    delta: int
    months: int
    """How many month columns fit."""

    @property
    def trend(self) -> int:
        """Width of the trend column with its gap."""
        return self.trend_months + 1 if self.trend_months else 0

    @property
    def frozen(self) -> int:
        """Where the first month column starts."""
        return self.label + self.trend + self.delta + RULE_WIDTH

    @property
    def width(self) -> int:
        """The width that is painted; what lies beyond is empty."""
        return self.frozen + self.months * CELL_WIDTH


def plan_layout(width: int, longest_label: int, month_count: int) -> GridLayout:
    """Divide `width` cells: the label gets what it needs or a third, the trend comes where there is room."""
    trend_months = 0
    if width >= _TREND_FROM:
        trend_months = _LONG_TREND if width >= _LONG_TREND_FROM else _SHORT_TREND
    delta = DELTA_WIDTH if width >= _DELTA_FROM else 0
    beside = (trend_months + 1 if trend_months else 0) + delta + RULE_WIDTH
    wanted = min(max(longest_label + _LABEL_MARGIN, _SMALLEST_LABEL), _WIDEST_LABEL)
    least = min(wanted, max(_SMALLEST_LABEL, width * 3 // 10))
    months = min(month_count, max(1, (width - beside - least) // CELL_WIDTH))
    label = min(wanted, max(least, width - beside - months * CELL_WIDTH))
    return GridLayout(label, trend_months, delta, months)
