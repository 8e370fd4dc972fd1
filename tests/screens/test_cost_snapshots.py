"""The Costs screen, and alerts of costs among the anomalies, as they look at the three sizes that matter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from tests.costs.worked_example import AS_OF, write_example
from tests.screens.conftest import settled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

SIZES = [(80, 24), (120, 40), (200, 60)]
VIEWS = {
    "costs": ("5",),
    "what-if": ("5", "slash", *"retention", "enter", "enter", *"60", "enter"),
    "alerts": ("2", "slash", *"total cost of", "enter"),
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Wait for the numbers, then press keys."""

    async def prepare(pilot: Pilot[None]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        await settled(pilot)

    return prepare


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", VIEWS.values(), ids=VIEWS)
def test_costs(snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    root = write_example(tmp_path / "reviews")
    app = ReviewApp(root, date.fromisoformat(AS_OF))
    assert snap_compare(app, terminal_size=size, run_before=pressing(*keys))
