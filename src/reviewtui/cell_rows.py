"""What lies behind cells as the app keeps it: fetched when asked for, remembered while the numbers are the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Hashable
    from datetime import date
    from pathlib import Path

    from reviewtui.metrics.drilldown import CellQuestion, DrillDown
    from reviewtui.metrics.drivers import DriverQuestion, Drivers
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress

    FetchRows = Callable[[CellQuestion, Callable[[Progress], None], threading.Event], DrillDown]
    FetchDrivers = Callable[[DriverQuestion, Callable[[Progress], None], threading.Event], Drivers]

MOST_REMEMBERED = 60

Asked = TypeVar("Asked")
Found = TypeVar("Found")


class CellKey(NamedTuple):
    """Which cell rows belong to."""

    product: str
    metric: str
    month: str


class CellRows(Generic[Asked, Found]):
    """What was found behind the cells of one sheet; another sheet begins anew."""

    def __init__(self, fetch: Callable[[Asked, Callable[[Progress], None], threading.Event], Found]) -> None:
        self.fetch = fetch
        """Answers one question; raises ReviewError. May be called in any thread."""
        self._sheet: MetricSheet | None = None
        self._found: dict[Hashable, Found] = {}

    def known(self, sheet: MetricSheet, key: Hashable) -> Found | None:
        """What was found before for a cell of `sheet`."""
        return self._found.get(key) if sheet is self._sheet else None

    def keep(self, sheet: MetricSheet, key: Hashable, found: Found) -> None:
        """Remember it, and forget the oldest where there are too many."""
        if sheet is not self._sheet:
            self._sheet, self._found = sheet, {}
        self._found.pop(key, None)
        self._found[key] = found
        while len(self._found) > MOST_REMEMBERED:
            self._found.pop(next(iter(self._found)))


def workspace_rows(root: Path, as_of: date) -> FetchRows:
    """Reads rows from the sources of the workspace `root`."""
    return partial(_fetch, root, as_of)


def _fetch(
    root: Path, as_of: date, question: CellQuestion, on_progress: Callable[[Progress], None], cancel: threading.Event
) -> DrillDown:
    from reviewtui.metrics.drilldown import fetch_rows
    from reviewtui.workspace.load import load_workspace

    return fetch_rows(load_workspace(root), as_of, question, on_progress=on_progress, cancel=cancel)


def workspace_drivers(root: Path, as_of: date) -> FetchDrivers:
    """Reads what moved a cell from the sources of the workspace `root`."""
    return partial(_fetch_drivers, root, as_of)


def _fetch_drivers(
    root: Path, as_of: date, question: DriverQuestion, on_progress: Callable[[Progress], None], cancel: threading.Event
) -> Drivers:
    from reviewtui.metrics.drivers import fetch_drivers
    from reviewtui.workspace.load import load_workspace

    return fetch_drivers(load_workspace(root), as_of, question, on_progress=on_progress, cancel=cancel)
