"""Alerts of costs among the anomalies: listed until somebody explains or mutes them; components drive a cost cell."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from reviewtui.screens.anomalies import AnomaliesScreen
from reviewtui.screens.costs import CostsScreen
from reviewtui.screens.drivers import DriversScreen, RecordsBehind
from reviewtui.screens.metric import MetricScreen
from reviewtui.workspace.kinds.costs import ALERT_NOTES
from tests.commands.support import run
from tests.costs.worked_example import AS_OF, write_example
from tests.screens.conftest import running, settled, shown, shown_text
from tests.screens.noted import press

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.workspace.kinds.costs import AlertNote

CACHE = "cache: suspect tagging"
"""In the week that ends on 3 May, three days before the day the example is read on."""


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return write_example(tmp_path / "reviews")


def app_of(root: Path, day: str = AS_OF) -> ReviewApp:
    return ReviewApp(root, date.fromisoformat(day))


def alerts(pilot: Pilot[None]) -> dict[str, str]:
    """Alert to the section that it stands in."""
    screen = pilot.app.screen
    assert isinstance(screen, AnomaliesScreen)
    return {row.cells[0]: row.section for row in screen.list.rows if "$" in row.cells[0]}


async def open_inbox(pilot: Pilot[None]) -> None:
    await press(pilot, "2")
    await settled(pilot)
    await settled(pilot)


async def go_to(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *words, "enter")
    await settled(pilot)


def notes(pilot: Pilot[None]) -> tuple[AlertNote, ...]:
    app = pilot.app
    assert isinstance(app, ReviewApp)
    return app.records.of(ALERT_NOTES)


async def test_every_open_alert_is_listed_and_counted(example: Path) -> None:
    async with running(app_of(example), (160, 50)) as pilot:
        await open_inbox(pilot)
        found = alerts(pilot)
        assert found
        assert set(found.values()) == {"Cost alerts to explain"}
        assert any(name.startswith("$ cache: suspect tagging") for name in found)
        assert f"{len(found)} cost alerts" in shown(pilot)[0]


async def test_an_explained_alert_leaves_the_list_and_a_key_shows_it_again(example: Path) -> None:
    async with running(app_of(example), (160, 50)) as pilot:
        await open_inbox(pilot)
        before = alerts(pilot)
        await go_to(pilot, "cache: suspect")
        await press(pilot, "e", *"Moved to the shared pool", "ctrl+s")
        await settled(pilot)
        (note,) = notes(pilot)
        assert (note.subject, note.state, note.note) == ("cache", "explained", "Moved to the shared pool")
        assert set(before) - set(alerts(pilot)) == {f"$ {CACHE}, maybe incomplete"}
        await press(pilot, "v")
        assert alerts(pilot)[f"✎ $ {CACHE}, maybe incomplete"] == "Cost alerts, explained"


async def test_what_was_said_about_an_alert_stands_in_the_summary_of_its_month(example: Path) -> None:
    async with running(app_of(example), (160, 50)) as pilot:
        await open_inbox(pilot)
        await go_to(pilot, "total cost of a week")
        await press(pilot, "e", *"The price of storage rose", "ctrl+s")
        await settled(pilot)
    printed = run(example.parent, "--workspace", example, "--as-of", AS_OF, "report", "--month", "2026-04")
    assert "- Alert on the total cost of a week, 2026-04-20: The price of storage rose" in printed.out


async def test_a_muted_alert_comes_back_after_its_day(example: Path) -> None:
    async with running(app_of(example), (160, 50)) as pilot:
        await open_inbox(pilot)
        await go_to(pilot, "cache: suspect")
        await press(pilot, "z", *"Known", "ctrl+s")
        await settled(pilot)
        assert notes(pilot) == ()
        assert "Until when is it to be quiet?" in shown_text(pilot)
        await press(pilot, *"2026-05-20", "ctrl+s")
        await settled(pilot)
        (note,) = notes(pilot)
        assert (note.state, note.muted_until) == ("muted", date(2026, 5, 20))
        assert not [name for name in alerts(pilot) if CACHE in name]
    async with running(app_of(example, "2026-05-20"), (160, 50)) as pilot:
        await open_inbox(pilot)
        assert not [name for name in alerts(pilot) if CACHE in name]
    async with running(app_of(example, "2026-05-21"), (160, 50)) as pilot:
        await open_inbox(pilot)
        assert alerts(pilot)[f"$ {CACHE}"] == "Cost alerts to explain"


async def test_the_components_that_moved_a_week_are_named_and_enter_goes_to_the_costs(example: Path) -> None:
    async with running(app_of(example), (160, 50)) as pilot:
        await open_inbox(pilot)
        await go_to(pilot, "total cost of a week: alert")
        assert "Moved by" in shown_text(pilot)
        assert "Enter costs" in shown(pilot)[-1]
        await press(pilot, "enter")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, CostsScreen)
        assert screen.row is not None
        assert screen.row.cells[0].startswith("Total cost of a week: alert")


async def test_components_drive_a_cost_cell_and_open_into_services(example: Path) -> None:
    """April costs 20,770 after 18,289.10, a change of 2,480.90."""
    async with running(app_of(example), (160, 50)) as pilot:
        await go_to(pilot, "total cost")
        await press(pilot, "d")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, DriversScreen)
        text = shown_text(pilot)
        assert "BY COMPONENT  8" in text
        assert "Not found in the rows" not in text
        await go_to(pilot, "storage")
        await press(pilot, "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, RecordsBehind)
        assert "Components and services" in shown_text(pilot)


async def test_the_metric_screen_lists_the_components_behind_a_cost(example: Path) -> None:
    async with running(app_of(example), (160, 60)) as pilot:
        await go_to(pilot, "total cost")
        await press(pilot, "enter")
        await settled(pilot)
        assert isinstance(pilot.app.screen, MetricScreen)
        assert "Components and services" in shown_text(pilot)
