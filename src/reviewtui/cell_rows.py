"""The rows behind cells as the app keeps them: fetched when asked for, remembered while the numbers are the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from reviewtui.metrics.drilldown import CellQuestion, DrillDown
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress

    FetchRows = Callable[[CellQuestion, Callable[[Progress], None], threading.Event], DrillDown]

MOST_REMEMBERED = 60


class CellKey(NamedTuple):
    """Which cell rows belong to."""

    product: str
    metric: str
    month: str


class CellRows:
    """What was found behind the cells of one sheet; another sheet begins anew."""

    def __init__(self, fetch: FetchRows) -> None:
        self.fetch = fetch
        """Reads the rows of one cell; raises ReviewError. May be called in any thread."""
        self._sheet: MetricSheet | None = None
        self._found: dict[CellKey, DrillDown] = {}

    def known(self, sheet: MetricSheet, key: CellKey) -> DrillDown | None:
        """What was found before for a cell of `sheet`."""
        return self._found.get(key) if sheet is self._sheet else None

    def keep(self, sheet: MetricSheet, key: CellKey, found: DrillDown) -> None:
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
