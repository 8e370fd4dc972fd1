"""The tour of the program for somebody new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.actions.screens import SCREENS
from reviewtui.tour import STEPS, step_words
from reviewtui.tour_app import DEMO_SIGN, OFFERED_FILE
from tests.screens.conftest import running, shown, shown_text
from tests.screens.noted import noted_app, press, told

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "screen.next_product": "right_square_bracket",
    "screen.next_anomaly": "a",
    "screen.open_metric": "enter",
    "app.show_anomalies": "2",
    "app.show_dives": "3",
    "app.show_interviews": "4",
    "app.show_costs": "5",
    "app.show_todos": "9",
    "app.show_review": "6",
    "screen.next_row": "j",
    "screen.show_summary": "v",
    "screen.next_form": "tab",
    "screen.close": "q",
}


def as_demo(root: Path) -> None:
    settings = root / "reviewtui.toml"
    settings.write_bytes(DEMO_SIGN + b"\n" + settings.read_bytes())


def test_each_step_asks_for_the_key_of_the_screen_it_is_pressed_on() -> None:
    (step,) = [place for place, step in enumerate(STEPS) if step.action == "screen.next_row"]
    assert "Press ↓ to go down" in step_words(step, {})[1]


def test_each_step_names_an_action_that_there_is() -> None:
    known = {action.id for actions in SCREENS.values() for action in actions}
    assert {step.action for step in STEPS} <= known
    assert 12 <= len(STEPS) <= 14


async def test_it_goes_on_with_each_key_it_asks_for_and_ends_after_the_last(tmp_path: Path) -> None:
    told(tmp_path / "w")
    app = noted_app(tmp_path / "w")
    async with running(app) as pilot:
        await press(pilot, "f2")
        for place, step in enumerate(STEPS):
            assert app.tour_step == place
            assert f"{place + 1}/{len(STEPS)}" in shown_text(pilot)
            await press(pilot, KEYS[step.action])
        assert app.tour_step is None
        assert "Esc leaves the tour" not in shown_text(pilot)


async def test_another_key_does_what_it_does_and_the_step_stays(tmp_path: Path) -> None:
    told(tmp_path / "w")
    app = noted_app(tmp_path / "w")
    async with running(app) as pilot:
        await press(pilot, "f2", "j", "9")
        assert app.tour_step == 0
        assert "1/" in shown_text(pilot)
        assert "To-dos" in shown_text(pilot)


async def test_escape_leaves_it_and_is_itself_again(tmp_path: Path) -> None:
    told(tmp_path / "w")
    app = noted_app(tmp_path / "w")
    async with running(app) as pilot:
        await press(pilot, "9", "f2", "9", "escape")
        assert app.tour_step is None
        assert "Esc leaves the tour" not in shown_text(pilot)
        assert "To-dos" in shown(pilot)[0]
        await press(pilot, "escape")
        assert "To-dos" not in shown(pilot)[0]


async def test_the_demo_offers_it_once(tmp_path: Path) -> None:
    told(tmp_path / "w")
    as_demo(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        assert "New here? F2 shows you around" in shown_text(pilot)
    assert (tmp_path / "state" / OFFERED_FILE).exists()
    async with running(noted_app(tmp_path / "w")) as pilot:
        assert "New here?" not in shown_text(pilot)


@pytest.mark.parametrize("is_demo", [True, False], ids=["demo", "own"])
async def test_it_is_not_offered_elsewhere_or_where_that_cannot_be_remembered(tmp_path: Path, is_demo: bool) -> None:
    told(tmp_path / "w")
    if is_demo:
        as_demo(tmp_path / "w")
        (tmp_path / "state").write_text("a file where a folder should be", "utf-8")
    async with running(noted_app(tmp_path / "w")) as pilot:
        assert "New here?" not in shown_text(pilot)
