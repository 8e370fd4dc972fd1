"""Names from data can neither act on the terminal nor on the app, nor stop it."""

from __future__ import annotations

import re

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.widgets import Input

from reviewtui.boundary import ControlFilter
from reviewtui.text import safe_text
from reviewtui.widgets import fitting, grid_rows, lines
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.lines import TitleLine
from tests.screens.conftest import app_of, grid_of, running, screen_of, settled, shown_text
from tests.sheets import hostile_sheet, hostile_strings

RAW_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")


async def test_every_name_is_shown_without_a_raw_control_and_none_acts() -> None:
    async with running(app_of(hostile_sheet()), (120, 40)) as pilot:
        for _ in range(len(hostile_strings()) // 20 + 1):
            assert RAW_CONTROL.search(shown_text(pilot)) is None
            await pilot.press("pagedown")
            await settled(pilot)
        assert pilot.app.is_running


async def test_every_name_can_be_a_product() -> None:
    async with running(app_of(hostile_sheet()), (80, 24)) as pilot:
        screen = screen_of(pilot)
        for number in range(len(hostile_strings())):
            screen.show_product(f"p{number}")
            await pilot.pause(0)
            assert screen.query_one(TitleLine)._parts[0] == shown_name(hostile_strings()[number], f"p{number}")
            assert RAW_CONTROL.search(shown_text(pilot)) is None
        assert pilot.app.is_running


async def test_every_name_can_be_explained_and_listed_as_a_problem() -> None:
    async with running(app_of(hostile_sheet()), (200, 60)) as pilot:
        grid = grid_of(pilot)
        for line in grid.view.stops:  # type: ignore[union-attr]
            grid.move_to(line, 5)
            await pilot.pause(0)
            assert RAW_CONTROL.search(shown_text(pilot)) is None
        await pilot.press("p")
        await settled(pilot)
        for _ in range(20):
            assert RAW_CONTROL.search(shown_text(pilot)) is None
            await pilot.press("pagedown")


@pytest.mark.parametrize("typed", ["Acme", "[", "click", "rm", "\\", "<", "="])
async def test_the_palette_shows_names_as_they_are(typed: str) -> None:
    async with running(app_of(hostile_sheet()), (120, 40)) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = typed
        await pilot.pause(0.4)
        assert RAW_CONTROL.search(shown_text(pilot)) is None
        await pilot.press("down", "down", "escape", "escape")
        assert pilot.app.is_running


async def test_no_cell_of_the_screen_carries_a_link_or_an_action() -> None:
    async with running(app_of(hostile_sheet()), (120, 40)) as pilot:
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip:
                assert segment.style is None or segment.style.link is None
                assert segment.style is None or not any(key.startswith("@") for key in segment.style.meta)


async def test_a_click_on_a_name_that_looks_like_an_action_only_moves_the_cursor() -> None:
    async with running(app_of(), (200, 60)) as pilot:
        grid = grid_of(pilot)
        line = grid.view.line_of_metric("markup")  # type: ignore[union-attr]
        assert line is not None
        await pilot.click(grid, offset=(12, line - grid.top + 1))
        assert pilot.app.is_running
        assert screen_of(pilot).is_current
        assert grid.line == line


async def test_the_filter_alone_keeps_controls_from_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (fitting, grid_rows, lines):
        if hasattr(module, "safe_text"):
            monkeypatch.setattr(module, "safe_text", lambda text, *_: text)
    monkeypatch.setattr(fitting, "cell_len", len)
    monkeypatch.setattr(fitting, "set_cell_size", lambda text, width: text[:width].ljust(width))
    async with running(app_of(hostile_sheet()), (120, 40)) as pilot:
        for _ in range(10):
            assert RAW_CONTROL.search(shown_text(pilot)) is None
            await pilot.press("pagedown")


def test_the_filter_keeps_the_number_of_characters() -> None:
    for text in hostile_strings():
        (segment,) = ControlFilter().apply([Segment(text)], Color(0, 0, 0))
        assert safe_text(segment.text, len(text)) == segment.text
