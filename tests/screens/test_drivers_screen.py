"""What moved a cell, on the screen: read in the background, exact, opened down to the records."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from reviewtui.errors import SourceError
from reviewtui.screens.drivers import DriversScreen, RecordsBehind
from reviewtui.screens.metric import MetricScreen
from tests.anomalies.made import cells, noisy, sheet
from tests.screens.conftest import running, shown, shown_text
from tests.screens.noted import press
from tests.screens.odd import METRICS, odd_app, odd_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.metrics.drivers import Drivers


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def screen_of(pilot: Pilot[None]) -> DriversScreen:
    screen = pilot.app.screen
    assert isinstance(screen, DriversScreen)
    return screen


@pytest.mark.parametrize("keys", [("d",), ("enter", "d"), ("2", "j", "d")], ids=["grid", "metric", "anomalies"])
async def test_d_lists_what_moved_the_cell(tmp_path: Path, keys: tuple[str, ...]) -> None:
    odd_workspace(tmp_path / "w")
    async with running(odd_app(tmp_path / "w")) as pilot:
        await press(pilot, *keys)
        text = shown_text(pilot)
        assert "MRR · Oct 2026 · Replay" in text
        assert "BY CUSTOMER" in text
        rows = {row.cells[0]: row.cells[1:] for row in screen_of(pilot).list.rows}
        assert rows["Beta"][:4] == ("churned [/oops]", "10", "0", "−10")
        assert "Not found in the rows" in rows
        assert rows["The whole change"][3].startswith("+")


async def test_names_of_customers_are_shown_and_never_act(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")
    async with running(odd_app(tmp_path / "w")) as pilot:
        await press(pilot, "d")
        assert "[@click=app.quit]Acme␛[2J" in shown_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, RecordsBehind)
        assert "acme [@click=app.quit]Acme␛[2J" in shown_text(pilot)
        assert "Billing lines" in shown(pilot)[0]
        await press(pilot, "escape", "escape")
        assert pilot.app.is_running


async def test_the_month_before_and_the_metric_are_a_key_away(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")
    async with running(odd_app(tmp_path / "w")) as pilot:
        await press(pilot, "d", "h")
        assert "MRR · Sep 2026 · Replay" in shown(pilot)[0]
        await press(pilot, "l", "l")
        assert "There are no numbers of that month." in shown_text(pilot)
        await press(pilot, "m")
        assert isinstance(pilot.app.screen, MetricScreen)


async def test_reading_can_be_stopped_and_begun_again(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")
    asked = threading.Event()

    def slow(_question: object, _report: object, cancel: threading.Event) -> Drivers:
        asked.set()
        cancel.wait(30)
        raise SourceError("stopped", "Stopped")

    async with running(odd_app(tmp_path / "w", fetch=slow)) as pilot:
        await pilot.press("d")
        for _ in range(200):
            if asked.is_set():
                break
            await pilot.pause(0.02)
        assert "Reading what moved" in shown_text(pilot)
        await press(pilot, "escape")
        assert "Stopped. r reads again." in shown_text(pilot)
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, DriversScreen)


async def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")

    def locked(*_: Any) -> Drivers:
        raise SourceError("acme.duckdb is locked. Close it there.", "A file is locked")

    async with running(odd_app(tmp_path / "w", fetch=locked)) as pilot:
        await press(pilot, "d")
        assert "acme.duckdb is locked." in shown_text(pilot)


async def test_the_inbox_tells_the_drivers_once_they_were_read(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")
    async with running(odd_app(tmp_path / "w")) as pilot:
        await press(pilot, "2", "j", "d")
        await press(pilot, "escape")
        assert "By customer: [@click=app.quit]Acme␛[2J +60, Beta −10" in shown_text(pilot)


async def test_what_moved_before_it_is_said_honestly(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")
    async with running(odd_app(tmp_path / "w")) as pilot:
        await press(pilot, "d", "G")
        text = shown_text(pilot)
        assert "WHAT MOVED BEFORE IT" in text
        assert "2 inputs compared, at 1 to 6 months" in text


async def test_a_history_that_is_too_short_is_said_and_nothing_is_guessed(tmp_path: Path) -> None:
    odd_workspace(tmp_path / "w")
    rows = {("replay", item.id): cells([*noisy(20, seed=place)]) for place, item in enumerate(METRICS)}
    async with running(odd_app(tmp_path / "w", made=sheet(rows, METRICS))) as pilot:
        await press(pilot, "d", "G")
        text = shown_text(pilot)
        assert "Not enough history: 20 months in common with an input, 29 are needed" in " ".join(text.split())
