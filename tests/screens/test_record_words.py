"""What the ids in a record are called where it is read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.interviews import INTERVIEWS
from reviewtui.workspace.kinds.people import PEOPLE
from tests.screens.conftest import running, shown, shown_text
from tests.screens.noted import OCTOBER, PRODUCT, noted_app, plan, press, workspace

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 3)


async def test_a_to_do_of_a_review_says_which_number_it_comes_from(tmp_path: Path) -> None:
    plan(workspace(tmp_path / "w"), "Ask billing", OCTOBER, origin="cell:churn_rate@2026-10")
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "6")
        assert "Origin          Revenue churn rate · Oct 2026" in shown_text(pilot)


async def test_a_to_do_says_which_deep_dive_it_comes_from(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    dive = store.create(DIVES, PRODUCT, {"question": "Why did they leave?", "proposed_on": DAY}, DAY)
    plan(store, "Ask billing", OCTOBER, origin=dive.id)
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "9")
        assert "Origin          deep dive: Why did they leave?" in shown_text(pilot)


async def test_the_metrics_of_a_deep_dive_are_told_apart(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    values = {"question": "Why?", "proposed_on": DAY, "metrics": ("mrr", "churn_rate")}
    store.create(DIVES, PRODUCT, values, DAY)
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "3")
        assert "Metrics         Revenue churn rate · MRR" in shown_text(pilot)


async def test_an_interview_names_its_products_and_metrics(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    values = {"topic": "Exports", "held_on": DAY, "products": (PRODUCT,), "metrics": ("churn_rate",)}
    store.create(INTERVIEWS, "", values, DAY)
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "4")
        text = shown_text(pilot)
        assert "Products        Session replay" in text
        assert "Metrics         Revenue churn rate" in text


async def test_at_80_columns_questions_and_titles_are_read_before_what_stands_beside_them(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    question = "Do blueprints keep people, or start them?"
    store.create(DIVES, PRODUCT, {"question": question, "proposed_on": DAY, "metrics": ("mrr", "churn_rate")}, DAY)
    facts = {"company": "Brackenhall Assurance", "first_name": "Maren", "tags": ("theme/data-residency",)}
    store.create(INTERVIEWS, "", {"topic": "Residency", "held_on": DAY, **facts}, DAY)
    async with running(noted_app(tmp_path / "w"), (80, 24)) as pilot:
        await press(pilot, "3")
        assert any(question in line and "Session replay" in line for line in shown(pilot)[:6])
        await press(pilot, "4")
        title = "Residency user interview with Maren"
        assert any(title in line and "Brackenhall Assurance" in line for line in shown(pilot)[:6])


async def test_people_are_called_by_their_names_where_these_are_known(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    store.create(PEOPLE, "", {"handle": "ines", "name": "Ines Halvorsen"}, DAY)
    values = {"topic": "Exports", "held_on": DAY, "interviewer": "ines", "others_present": ("guest", "ines")}
    store.create(INTERVIEWS, "", values, DAY)
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "4")
        text = shown_text(pilot)
        assert "Interviewer     Ines Halvorsen" in text
        assert "Others present  guest · Ines Halvorsen" in text
