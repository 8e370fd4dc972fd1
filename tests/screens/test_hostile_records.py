"""Every hostile string in every type of record, on every screen that shows records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from reviewtui.workspace.kinds.registry import ALL_KINDS
from tests.screens.conftest import running, shown_text
from tests.screens.noted import noted_app, press
from tests.workspace.hostile_records import RECORDS, TEXTS, hostile_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that a terminal obeys, or that turn the text around them."""
MOST_PAGES = 6
SCREENS = {
    "grid": (),
    "comments": ("c",),
    "what users said": ("u",),
    "dives on the cell": ("D",),
    "metric": ("enter",),
    "anomalies": ("2",),
    "deep dives": ("3",),
    "interviews": ("4",),
    "owed": ("4", "tab"),
    "cadence": ("4", "tab", "tab"),
    "recruiting": ("4", "tab", "tab", "tab"),
    "visits": ("4", "tab", "tab", "tab", "tab"),
    "tags": ("4", "shift+tab"),
    "costs": ("5",),
    "review": ("6",),
    "summary": ("6", "v"),
    "summary for Slack": ("6", "v", "tab"),
    "summary as HTML": ("6", "v", "tab", "tab"),
    "to-dos": ("9",),
    "problems": ("p",),
}
FORMS = ("comments", "deep dives", "interviews", "visits", "recruiting", "to-dos", "tags", "review")
"""Screens whose first record is opened as a form."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile") / "w"
    hostile_workspace(root)
    return root


def test_the_workspace_has_every_type_of_record() -> None:
    assert set(RECORDS) == {kind.name for kind in ALL_KINDS}


async def assert_harmless(pilot: Pilot[None]) -> None:
    """Nothing on the screen acts, on this page and those below."""
    before = ""
    for _ in range(MOST_PAGES):
        text = shown_text(pilot)
        assert not ACTS.search(text.replace("\n", "")), repr(text)
        if text == before:
            return
        before = text
        await press(pilot, "pagedown")


@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_shows_hostile_records_as_texts(root: Path, name: str) -> None:
    async with running(noted_app(root)) as pilot:
        await press(pilot, *SCREENS[name])
        await assert_harmless(pilot)
        if name in FORMS:
            await press(pilot, "g", "enter")
            await assert_harmless(pilot)
        assert pilot.app.is_running


async def test_each_string_can_be_looked_for(root: Path) -> None:
    async with running(noted_app(root)) as pilot:
        await press(pilot, "ctrl+f")
        for text in TEXTS[::12]:
            await press(pilot, "ctrl+a", "delete")
            pilot.app.screen.query_one(Input).value = text.replace("\n", " ")
            await press(pilot, "down")
            assert not ACTS.search(shown_text(pilot).replace("\n", ""))
        assert pilot.app.is_running
