"""Search while typing, and go where the record is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.screens.dives import DivesScreen
from reviewtui.screens.grid import GridScreen
from reviewtui.screens.interviews import InterviewsScreen
from reviewtui.screens.search import SEARCH_AFTER_SECONDS, SearchScreen
from tests.screens.conftest import cursor, running, settled, shown, shown_text
from tests.screens.insighted import insighted, shows, talk
from tests.screens.noted import noted_app, press, say, workspace
from tests.sheets import hostile_strings

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


async def look_for(pilot: Pilot[None], words: str) -> None:
    """Type words, and wait for what they find."""
    screen = pilot.app.screen
    assert isinstance(screen, SearchScreen)
    screen.query_one("#words").value = words  # type: ignore[attr-defined]
    while words.strip() and screen.answered != words:
        await pilot.pause(SEARCH_AFTER_SECONDS)
    await settled(pilot)


async def test_words_find_records_and_enter_opens_them(tmp_path: Path) -> None:
    insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "ctrl+f")
        assert "has:followup" in shown_text(pilot)
        await look_for(pilot, "slow export")
        assert "1 record found" in shown(pilot)[0]
        await press(pilot, "enter")
        assert shows(pilot, InterviewsScreen)
        await press(pilot, "escape")
        await look_for(pilot, "type:dive")
        assert "2 records found" in shown(pilot)[0]
        await press(pilot, "down", "enter")
        assert shows(pilot, DivesScreen)
        await press(pilot, "escape")
        await look_for(pilot, "nowhere")
        assert "Nothing is found." in shown_text(pilot)
        await press(pilot, "escape")
        assert shows(pilot, GridScreen)


async def test_a_comment_opens_its_cell(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    say(store, "Credit notes were late.", metric="mrr")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "ctrl+f")
        await look_for(pilot, "credit")
        await press(pilot, "enter")
        assert shows(pilot, GridScreen)
        assert cursor(pilot) == ("mrr", "2026-10")


async def test_an_edit_outside_is_found_while_the_screen_is_open(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    interview = talk(store, summary="Before.")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "ctrl+f")
        await look_for(pilot, "zebra")
        assert "Nothing is found." in shown_text(pilot)
        path = tmp_path / "w" / interview.file.path
        path.write_text(path.read_text("utf-8").replace("Before.", "A zebra."), "utf-8")
        await look_for(pilot, "zebra ")
        assert "1 record found" in shown(pilot)[0]


async def test_hostile_words_and_hostile_records_do_no_harm(tmp_path: Path) -> None:
    """Each string once as a record's text, and once as what is looked for; each is listed on its screen."""
    store = workspace(tmp_path / "w")
    for text in hostile_strings()[:40]:
        talk(
            store, topic=text.replace("\n", " ").strip() or "x", summary=text, company=text, tags=(text.strip() or "x",)
        )
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "ctrl+f")
        for text in hostile_strings()[::10]:
            await look_for(pilot, text.replace("\n", " "))
            assert "\x1b" not in shown_text(pilot)
        await press(pilot, "escape", "4")
        for _ in range(6):
            for _ in range(3):
                await press(pilot, "pagedown")
                assert "\x1b" not in shown_text(pilot)
            await press(pilot, "tab")
        assert pilot.app.is_running
