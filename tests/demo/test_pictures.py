"""The pictures of the guides show what the program shows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.screens.pictures import FOLDER, PICTURES, picture, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _same_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_every_picture_is_one_that_is_made() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(PICTURES)


@pytest.mark.parametrize("name", sorted(PICTURES))
async def test_a_picture_is_as_the_screen(demo_root: Path, name: str) -> None:
    kept = (FOLDER / f"{name}.svg").read_text("utf-8")
    assert words_of(kept) == words_of(await picture(demo_root, name)), "python -m tests.screens.pictures"
