"""The deep dives screen, and the way to it from a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.screens.dives import DivesScreen
from reviewtui.screens.grid import GridScreen
from reviewtui.screens.interviews import InterviewsScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.todos import TODOS
from tests.screens.conftest import cursor, running, shown, shown_text
from tests.screens.insighted import ask, insighted, shows
from tests.screens.noted import noted_app, press, workspace, write

if TYPE_CHECKING:
    from pathlib import Path


async def test_dives_are_listed_by_state_with_what_they_rest_on(tmp_path: Path) -> None:
    insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "3")
        lines = shown(pilot)
        assert "1 in progress · 1 done" in lines[0]
        assert "IN PROGRESS  1" in lines[2]
        assert "Why did churn triple?" in lines[3]
        assert "DONE  1" in lines[4]
        await press(pilot, "ctrl+d")
        text = shown_text(pilot)
        assert "✓ Exports." in text
        assert "? The price." in text
        assert "+ interview: Web analytics user interview with Joe: “We leave because exports are slow.”" in text
        assert "Nothing here contradicts: has anybody looked?" in text


async def test_a_cell_starts_a_dive_from_a_template(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "D", "down", "enter")
        assert shows(pilot, RecordForm)
        await press(pilot, "ctrl+s")
        assert shows(pilot, GridScreen)
        assert "The deep dive is proposed; 3 lists them all." in shown_text(pilot)
    (dive,) = store.load().of(DIVES)
    assert dive.question == "Why did so many customers leave or pay less in Oct 2026?"
    assert "churn_rate" in dive.metrics
    assert (str(dive.month), dive.state, dive.proposed_by) == ("2026-10", "proposed", "ada")
    assert [item.state for item in dive.hypotheses] == ["open"] * 4
    assert len({item.id for item in dive.hypotheses}) == 4


@pytest.mark.parametrize("keys", [("D",), ("3", "plus")])
async def test_a_question_that_is_no_template_is_asked_as_it_was_typed(tmp_path: Path, keys: tuple[str, ...]) -> None:
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, *keys)
        await write(pilot, "Do exports keep users?")
        assert "Enter asks it: a question of your own." in shown_text(pilot)
        await press(pilot, "enter")
        await press(pilot, "ctrl+s")
    (dive,) = store.load().of(DIVES)
    assert dive.question == "Do exports keep users?"


async def test_a_cell_shows_what_was_asked_about_its_metric_before(tmp_path: Path) -> None:
    store = insighted(tmp_path / "w")
    (going,) = (dive for dive in store.load().of(DIVES) if dive.state == "in_progress")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "D")
        assert "Earlier: Why did churn triple?" in shown_text(pilot)
        assert "1 asked about this metric before" in shown_text(pilot)
        await write(pilot, "earlier")
        await press(pilot, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, DivesScreen)
        assert screen.dive == going


async def test_done_needs_a_finding(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    ask(store, state="in_progress")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "3", "enter", "down")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        form.row_of("state").set_text("done")
        await press(pilot, "ctrl+s")
        assert "A deep dive that is done says what was found." in shown_text(pilot)
        form.row_of("finding").set_text("Exports were slow.")
        await press(pilot, "ctrl+s")
        assert shows(pilot, DivesScreen)
    (dive,) = store.load().of(DIVES)
    assert (dive.state, dive.finding) == ("done", "Exports were slow.")


async def test_a_fourth_dive_in_progress_is_warned_of(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    for number in range(3):
        ask(store, f"Question {number}?", state="in_progress")
    ask(store, "Question 4?")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "3", "G", "greater_than_sign")
        assert "4 deep dives are in progress; a review has room for a couple." in shown_text(pilot)
        await press(pilot, "greater_than_sign")
        assert "a review has room" not in shown_text(pilot)


async def test_links_lead_to_interviews_cells_and_back(tmp_path: Path) -> None:
    insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w", metric="mrr")) as pilot:
        await press(pilot, "3", "L", "enter")
        assert shows(pilot, InterviewsScreen)
        await press(pilot, "L")
        assert "Why did churn triple?" in shown_text(pilot)
        await press(pilot, "enter")
        assert shows(pilot, DivesScreen)
        await press(pilot, "L", "down", "enter")
        assert shows(pilot, GridScreen)
        assert cursor(pilot) == ("churn_rate", "2026-10")


async def test_evidence_is_added_with_a_stance(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    ask(store)
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "3", "I")
        await write(pilot, "nps@2026-09")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        form.row_of("kind").set_text("cell")
        form.row_of("stance").set_text("contradicts")
        await press(pilot, "ctrl+s")
        assert "− cell: " in shown_text(pilot)
    ((evidence,),) = (dive.evidence for dive in store.load().of(DIVES))
    assert (evidence.kind, evidence.ref, evidence.stance, evidence.author) == (
        "cell", "nps@2026-09", "contradicts", "ada",
    )  # fmt: skip


async def test_a_to_do_follows_from_a_dive(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    dive = ask(store)
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "3", "o")
        await write(pilot, "Ask")
        await press(pilot, "ctrl+s")
        await press(pilot, "L")
        assert "points here" in shown_text(pilot)
    (todo,) = store.load().of(TODOS)
    assert (todo.origin, todo.product) == (dive.id, dive.product)
