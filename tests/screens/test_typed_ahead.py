"""Keys that come faster than screens open reach what the keys before them opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.containers import Vertical
from textual.events import Key, Paste
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from reviewtui.key_order import KeyOrderApp
from reviewtui.screens.grid import GridScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.screens.thread import ThreadScreen
from reviewtui.widgets.prompt_line import PromptLine
from reviewtui.workspace.kinds.comments import COMMENTS
from tests.screens.conftest import running, settled
from tests.screens.noted import noted_app, plan, press, say, workspace

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.pilot import Pilot

NAMED = {"?": "question_mark", "/": "slash", "+": "plus", "^s": "ctrl+s", "^q": "ctrl+q", "esc": "escape"}


async def typed_at_once(pilot: Pilot[None], *keys: str) -> None:
    """Give the app all keys before it can look at the first, as a slow link does."""
    for key in keys:
        pilot.app.post_message(Key(NAMED.get(key, key), key if len(key) == 1 else None))
    for _ in range(3 + len(keys) // 10):
        await settled(pilot)


async def test_words_typed_right_after_the_key_for_a_comment_are_in_its_form(tmp_path: Path) -> None:
    workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await typed_at_once(pilot, "c", *"Wq?h]Q")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        assert form.changed == {"text": "Wq?h]Q"}


async def test_a_comment_is_written_and_saved_in_one_go(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await typed_at_once(pilot, "c", *"Why", "^s")
        assert isinstance(pilot.app.screen, GridScreen)
        assert [item.text for item in store.load().of(COMMENTS)] == ["Why"]


async def test_a_form_opened_from_a_list_gets_the_words_too(tmp_path: Path) -> None:
    say(workspace(tmp_path / "w"), "There already.")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await typed_at_once(pilot, "c", "+", *"oq")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        assert form.changed == {"text": "oq"}


async def test_what_is_pasted_right_after_the_key_is_in_the_form(tmp_path: Path) -> None:
    workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        pilot.app.post_message(Key("c", "c"))
        pilot.app.post_message(Paste("from elsewhere"))
        await typed_at_once(pilot, "!")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        assert form.changed == {"text": "from elsewhere!"}


@pytest.mark.parametrize("screen", ["1", "2", "7", "8", "9"])
async def test_words_typed_right_after_the_key_for_a_search_are_searched(tmp_path: Path, screen: str) -> None:
    plan(workspace(tmp_path / "w"), "Ask them")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, screen)
        await typed_at_once(pilot, "/", *"uqs")
        assert pilot.app.screen.query_one(PromptLine).query_one(Input).value == "uqs"


async def test_a_screen_that_is_left_before_it_could_be_seen_does_no_harm(tmp_path: Path) -> None:
    say(workspace(tmp_path / "w"), "There already.")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await typed_at_once(pilot, "?", "q", "c", "q", "c", "+", "esc", "?", "?", "9", "q", "c")
        assert isinstance(pilot.app.screen, ThreadScreen)


class Leaving(Widget, can_focus=True):
    """Takes its screen away at any key, and so never says that it has done with it."""

    def on_key(self) -> None:
        self.screen.dismiss()


class Asking(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        with Vertical():
            yield Leaving()


class Listening(KeyOrderApp):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def on_key(self, event: Key) -> None:
        self.heard.append(event.key)


async def test_a_key_pressed_later_does_not_wait_for_one_that_nobody_answers() -> None:
    app = Listening()
    async with app.run_test() as pilot:
        await app.push_screen(Asking())
        app.screen.query_one(Leaving).focus()
        await pilot.press("x")
        await pilot.pause()
        # As if more than the second had gone by that a key waits at most.
        app._begun_to_wait -= 2
        app.heard.clear()
        app.post_message(Key("z", "z"))
        await pilot.pause()
        assert app.heard == ["z"]
        assert not app.holds_keys
