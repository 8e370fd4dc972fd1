"""The to-dos screen: what it lists, and the ways to dispose of a to-do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reviewtui.screens.grid import GridScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.workspace.kinds.todos import TODOS, Todo
from tests.screens.conftest import cursor, running, shown, shown_text
from tests.screens.noted import noted_app, plan, press, told, workspace, write
from tests.sheets import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.store import RecordStore


def only(store: RecordStore) -> Todo:
    (todo,) = store.load().of(TODOS)
    return todo


class TestList:
    async def test_what_is_due_comes_first_and_what_was_carried_twice_stands_out(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "9")
            lines = shown(pilot)
            assert "3 open" in lines[0]
            assert "2 due" in lines[0]
            assert "‼ 1 carried twice" in lines[0]
            assert "DUE AT THE REVIEW OF OCT 2026  2" in lines[2]
            assert "‼ open" in lines[3]
            assert "2×" in lines[3]
            assert "■ blocked" in lines[4]
            assert "ada (team)" in lines[4]
            assert "DUE AT THE REVIEW OF NOV 2026  1" in lines[5]
            assert "Fix the activation event" not in shown_text(pilot)
            await press(pilot, "v")
            assert "✓ done" in shown_text(pilot)
            await press(pilot, "s")
            titles = [line.strip() for line in shown(pilot)[2:] if line.isupper()]
            assert titles == [
                "ADA · 1 OF 1 DONE BY THE REVIEW THEY WERE DUE AT · MEDIAN AGE 7 DAYS  2",
                "BOB · 0 OF 1 DONE BY THE REVIEW THEY WERE DUE AT · MEDIAN AGE 100 DAYS · CARRIED 2×  1",
                "DONE AND DROPPED  1",
            ]
            await press(pilot, "s")
            assert "SESSION REPLAY · 0 OF 1 DONE" in shown_text(pilot)

    async def test_whatever_words_they_hold_the_list_stays_whole(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        for item in json.loads(HOSTILE.read_text("utf-8")):
            value = item["value"]
            if value.strip():
                plan(store, value, owner=value[:100], origin=value, note=value, done_when=value)
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "9", "s")
            for key in ("G", "pageup", "g"):
                await press(pilot, key)
                text = "".join(shown(pilot))
                assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in text)

    async def test_it_leads_to_the_cell_that_a_to_do_comes_from(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w", metric="mrr")) as pilot:
            await press(pilot, "9", "G", "l")
            assert isinstance(pilot.app.screen, GridScreen)
            assert cursor(pilot) == ("churn_rate", "2026-10")
            await press(pilot, "9", "g", "l")
            assert "It comes from no cell." in shown_text(pilot)


class TestDisposing:
    async def test_a_cell_makes_a_to_do_that_is_due_at_the_next_review(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "9")
            assert "There is nothing to be done." in shown_text(pilot)
            await press(pilot, "escape", "o")
            await write(pilot, "Ask them")
            await press(pilot, "ctrl+s")
        todo = only(store)
        assert (todo.title, todo.origin, str(todo.due), todo.state) == (
            "Ask them", "cell:churn_rate@2026-10", "2026-11", "open",
        )  # fmt: skip
        assert (todo.author, todo.owner, todo.created_on.isoformat()) == ("ada", "ada", "2026-11-10")

    async def test_done_asks_for_evidence_and_can_be_taken_back(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        plan(store, "Ask")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "9", "equals_sign", "ctrl+s")
            assert "Evidence is needed." in shown_text(pilot)
            await write(pilot, "seen")
            await press(pilot, "ctrl+s")
            assert (only(store).state, only(store).evidence) == ("done", "seen")
            await press(pilot, "v", "equals_sign")
            assert (only(store).state, only(store).evidence) == ("open", "seen")

    async def test_carrying_asks_why_and_counts(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        plan(store, "Ask")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "9", "greater_than_sign", "ctrl+s")
            assert "Why is needed." in shown_text(pilot)
            await write(pilot, "ill")
            await press(pilot, "ctrl+s")
        todo = only(store)
        assert [(str(carry.review), carry.reason) for carry in todo.carried] == [("2026-10", "ill")]
        assert (str(todo.due), todo.state) == ("2026-11", "open")

    async def test_dropping_asks_why_and_blocking_on_whom(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        plan(store, "Ask")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "9", "B", "ctrl+s")
            assert "Blocked on is needed." in shown_text(pilot)
            await write(pilot, "Eve")
            await press(pilot, "ctrl+s")
            assert (only(store).state, only(store).blocked_on) == ("blocked", "Eve")
            await press(pilot, "minus")
            await write(pilot, "sold")
            await press(pilot, "ctrl+s")
            assert (only(store).state, only(store).reason) == ("dropped", "sold")
            await press(pilot, "v", "minus")
            assert "= opens it again" in shown_text(pilot)

    async def test_a_state_that_lacks_its_words_is_not_saved_from_the_full_form_either(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        plan(store, "Ask")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "9", "enter")
            await press(pilot, *["tab"] * 4, *["backspace"] * 4, *"done", "ctrl+s")
            assert isinstance(pilot.app.screen, RecordForm)
            assert "nothing says how one can see that" in shown_text(pilot)
        assert only(store).state == "open"
