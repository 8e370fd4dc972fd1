"""Where the cursor of a grid stands: plain values for who follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric
    from reviewtui.months import Month


class CellFocus(NamedTuple):
    """It stands on a cell."""

    product: str
    metric: Metric
    month: Month


class SectionFocus(NamedTuple):
    """It stands on the title of a folded section."""

    product: str
    section: str
    month: Month
