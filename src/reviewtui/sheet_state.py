"""What the screens have to show, as plain values that never change."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from reviewtui.metrics.derived import Values
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.sources.state import Progress


class Failure(NamedTuple):
    """Why there are no new numbers, in words for the person."""

    headline: str
    message: str


class SheetState(NamedTuple):
    """What there is to show: old numbers stay while new ones are computed or could not be had."""

    loaded: LoadedSheet | None = None
    progress: Progress | None = None
    """None while nothing is being computed."""
    failure: Failure | None = None
    changed: tuple[str, ...] = ()
    """Sources, and files of the workspace, that are not any more what the numbers were computed from."""
    is_earlier: bool = False
    """Whether the numbers are those of the last start, shown until the first of this one are computed."""
    is_begun: bool = False
    """Whether the numbers are those of the newest months, shown until the others are computed."""


class Position(NamedTuple):
    """Where a person stands, in names that outlast a change of the data; None: nowhere in particular yet."""

    product: str | None = None
    metric: str | None = None
    month: str | None = None
    """As `YYYY-MM`."""


class RowFilter(StrEnum):
    """Which metrics are listed."""

    ALL = "all"
    PINNED = "pinned"
    SECTION = "section"
    """Those of one section."""
    INPUT = "input"
    OUTPUT = "output"
    NOTED = "noted"
    """Those that somebody wrote a comment about."""
    ANOMALOUS = "anomalous"
    """Those that are out of the ordinary in the newest complete month."""


PINNED_SECTION = "*"
"""Stands for the pinned metrics among the sections that are folded."""


class ViewOptions(NamedTuple):
    """How a person looks at the numbers; the same for every product."""

    values: Values = Values.PLAIN
    quarters: bool = False
    """Closed quarters as one column each."""
    rows: RowFilter = RowFilter.ALL
    section: str = ""
    """Which section `RowFilter.SECTION` lists."""
    pins: tuple[str, ...] = ()
    """Metric ids that stand on top, in this order."""
    folded: tuple[str, ...] = ()
    """Sections whose metrics are folded away."""


class Place(NamedTuple):
    """Where a person was and how they looked at it, to go back there."""

    position: Position
    values: Values
    quarters: bool
    rows: RowFilter
    section: str
