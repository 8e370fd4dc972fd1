"""The inbox of anomalies, its forms and the drivers as they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.workspace.kinds.explanations import EXPLANATIONS
from tests.anomalies.made import NEWEST
from tests.screens.conftest import settled
from tests.screens.odd import odd_app, odd_workspace
from tests.thoroughness import some_or_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

SIZES = [(80, 24), (120, 40), (200, 60)]
VIEWS = {"inbox": ("2", "v", "G", "l"), "drivers": ("d",)}
ONCE = {"explaining": ("2", "G", "e"), "snoozing": ("2", "z"), "months": ("2", "m"), "event": ("2", "E")}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Wait for the numbers, then press keys, and wait for what they ask for."""

    async def prepare(pilot: Pilot[None]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        # Details that turn out to be longer than their place are laid out once more, beside a scroll bar.
        for _ in range(3):
            await settled(pilot)

    return prepare


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", VIEWS.values(), ids=VIEWS)
def test_anomalies(
    snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    store = odd_workspace(tmp_path / "w")
    said = {"metric": "tickets_created", "month": NEWEST, "verdict": "explained", "value": "175.0", "author": "bob"}
    day = NEWEST.last_day
    facts = {**said, "said_on": day, "reason": "A release broke the import. It is mended."}
    store.create(EXPLANATIONS, "flags", facts, day, review=NEWEST)
    assert snap_compare(odd_app(tmp_path / "w"), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("name", some_or_all(("explaining",), ONCE))
def test_other_anomalies(snap_compare: Callable[..., bool], tmp_path: Path, name: str) -> None:
    odd_workspace(tmp_path / "w")
    assert snap_compare(odd_app(tmp_path / "w"), terminal_size=(80, 24), run_before=pressing(*ONCE[name]))
