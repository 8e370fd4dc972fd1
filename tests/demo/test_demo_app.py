"""What the app says of the demo company, whose products differ in what they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from tests.demo.conftest import AS_OF
from tests.screens.conftest import running, settled, shown_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


async def text_after(root: Path, state: Path, *keys: str) -> str:
    async with running(ReviewApp(root, AS_OF, state_folder=state), (120, 40)) as pilot:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        await settled(pilot)
        return shown_text(pilot)


async def test_the_costs_of_another_product_are_not_shown_without_a_word(demo_root: Path, tmp_path: Path) -> None:
    words = "Quillmoor Assist has no cost model: these are the costs of Quillmoor Flows."
    assert words in await text_after(demo_root, tmp_path, "5")
    assert "has no cost model" not in await text_after(demo_root, tmp_path / "other", "]", "5")


async def test_months_without_events_are_not_called_ordinary(demo_root: Path, tmp_path: Path) -> None:
    assert "without a value." in await text_after(demo_root, tmp_path, "]", "]", "]", "6")
