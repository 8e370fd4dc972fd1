"""Apps over a sheet made as plain data, driven by keys."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.worker import WorkerCancelled

from reviewtui.app import ReviewApp
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.screens.grid import GridScreen
from reviewtui.widgets import lines
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    import threading
    from collections.abc import AsyncIterator, Callable, Iterator

    from textual.pilot import Pilot

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sheet_state import Position
    from reviewtui.sources.state import Progress
    from reviewtui.widgets.metric_grid import MetricGrid

    Load = Callable[[Callable[[Progress], None], threading.Event], LoadedSheet]

ROOT = Path("/reviews")
_MOST_WAVES = 500


@pytest.fixture(autouse=True)
def _same_clock_and_colours_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(lines, "MESSAGE_SECONDS", 3600.0)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def app_of(
    sheet: MetricSheet | None = None, *, position: Position | None = None, theme: str = "reviewtui-dark"
) -> ReviewApp:
    """An app that shows `sheet`."""
    loaded = LoadedSheet(sheet if sheet is not None else make_sheet())
    return ReviewApp(ROOT, AS_OF, load_sheet=lambda _report, _cancel: loaded, position=position, theme=theme)


@asynccontextmanager
async def running(app: ReviewApp, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    """The app with its numbers on the screen."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is being computed or painted, nor is what that has set going."""
    for _ in range(_MOST_WAVES):
        with suppress(WorkerCancelled):  # Another question took its place; the next wave waits for that one.
            await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()
        if getattr(pilot.app.screen, "is_reading", False) or getattr(pilot.app, "holds_keys", False):
            await pilot.pause(0.02)
        elif all(worker.is_finished for worker in pilot.app.workers):
            return


def screen_of(pilot: Pilot[None]) -> GridScreen:
    """The grid screen, also when another lies over it."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, GridScreen)
    return screen


def grid_of(pilot: Pilot[None]) -> MetricGrid:
    """The grid widget."""
    return screen_of(pilot).grid


def cursor(pilot: Pilot[None]) -> tuple[str, str]:
    """Metric id and month under the cursor."""
    grid = grid_of(pilot)
    assert grid.view is not None
    metric = grid.view.rows[grid.line].metric
    assert metric is not None
    return metric.id, str(grid.view.months[grid.place])


def shown(pilot: Pilot[None]) -> list[str]:
    """The lines of the screen as text."""
    width, height = pilot.app.size
    strips = pilot.app.screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    assert len(lines) <= height
    return [line[:width] for line in lines]


def shown_text(pilot: Pilot[None]) -> str:
    """The whole screen as one text."""
    return "\n".join(shown(pilot))
