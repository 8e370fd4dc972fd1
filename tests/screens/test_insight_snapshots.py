"""Deep dives, interviews, search and SQL as they look, at the three sizes that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.screens.search import SearchScreen
from tests.screens.conftest import settled
from tests.screens.insighted import insighted
from tests.screens.noted import noted_app

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

SIZES = [(80, 24), (120, 40), (200, 60)]
VIEWS = {
    "deep-dives": ("3",),
    "interviews": ("4",),
    "owed": ("4", "tab"),
    "tags": ("4", "shift+tab"),
    "said": ("u",),
    "search": ("ctrl+f", *"slow"),
}
ONCE = {
    "starting-a-dive": (("D",), (80, 24)),
    "logging-an-interview": (("4", "plus", *"Exports"), (80, 24)),
    "withdrawing": (("4", "minus"), (80, 24)),
    "cadence": (("4", "tab", "tab"), (80, 24)),
    "visits": (("4", "shift+tab", "shift+tab"), (120, 40)),
    "sql": (("x", *"select"), (80, 24)),
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
        screen = pilot.app.screen
        while isinstance(screen, SearchScreen) and screen.answered != "slow":
            await pilot.pause(0.05)
        await settled(pilot)

    return prepare


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", VIEWS.values(), ids=VIEWS)
def test_insights(
    snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    insighted(tmp_path / "w")
    assert snap_compare(noted_app(tmp_path / "w"), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize(("keys", "size"), ONCE.values(), ids=ONCE)
def test_other_insights(
    snap_compare: Callable[..., bool], tmp_path: Path, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    insighted(tmp_path / "w")
    assert snap_compare(noted_app(tmp_path / "w"), terminal_size=size, run_before=pressing(*keys))
