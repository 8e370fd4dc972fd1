"""Comments on cells: on the grid, in the panel, in their threads, and from survey answers."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

from reviewtui.metrics.drill_plans import RESPONSE_ROWS
from reviewtui.metrics.drilldown import Column, DrillDown, RowTable
from reviewtui.screens.metric import MetricScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.screens.thread import ThreadScreen
from reviewtui.sheet_state import RowFilter
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.todos import TODOS
from tests.screens.conftest import grid_of, running, settled, shown, shown_text
from tests.screens.noted import PRODUCT, noted_app, press, say, told, workspace, write
from tests.sheets import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot


def line_with(pilot: Pilot[None], text: str) -> str:
    return next(line for line in shown(pilot) if text in line)


class TestGrid:
    async def test_cells_with_notes_have_a_sign_that_tells_open_and_earlier_apart(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            churn, mrr = line_with(pilot, "Revenue churn rate"), line_with(pilot, " MRR  ")
            assert "✎" in churn
            assert "¿" in mrr
            assert '"' in mrr
            assert "✎" not in mrr
            await press(pilot, "]")
            assert not any(sign in line for line in shown(pilot)[2:20] for sign in "✎¿")

    async def test_the_panel_shows_what_was_said_open_questions_first(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        say(store, "And who is next?", "question")
        async with running(noted_app(tmp_path / "w"), (200, 60)) as pilot:
            text = shown_text(pilot)
            assert text.index("¿ ada, 03 Nov (open question)") < text.index("✎ ada, 05 Nov (decision)")
            assert "1 more note" in text

    async def test_a_note_that_somebody_else_saves_appears_without_a_key(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            assert "✎" not in line_with(pilot, "Revenue churn rate")
            say(store, "From another window.")
            pilot.app.read_records()  # type: ignore[attr-defined]
            await settled(pilot)
            assert "✎" in line_with(pilot, "Revenue churn rate")
            assert "From another window." in shown_text(pilot)

    async def test_the_filter_lists_the_metrics_with_notes(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            screen = pilot.app.screen
            screen.filter_rows(RowFilter.NOTED)  # type: ignore[attr-defined]
            await settled(pilot)
            view = grid_of(pilot).view
            assert view is not None
            assert [row.metric.id for row in view.rows if row.metric is not None] == ["mrr", "churn_rate"]
            await press(pilot, "]")
            assert "No metric of this product has comments." in shown_text(pilot)


class TestThread:
    async def test_a_question_is_written_answered_and_settled_with_keys(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        async with running(noted_app(tmp_path / "w", metric="mrr")) as pilot:
            await press(pilot, "c")
            assert isinstance(pilot.app.screen, RecordForm)
            await write(pilot, "Why")
            await press(pilot, "ctrl+s")
            await press(pilot, "c")
            assert isinstance(pilot.app.screen, ThreadScreen)
            await press(pilot, "enter")
            await press(pilot, "shift+tab")
            await press(pilot, *["backspace"] * 7, *"question", "ctrl+s")
            (asked,) = store.load().of(COMMENTS)
            assert (asked.kind, asked.text, asked.author, asked.metric, str(asked.month)) == (
                "question", "Why", "ada", "mrr", "2026-10",
            )  # fmt: skip
            assert "1 open question" in shown(pilot)[0]
            await press(pilot, "R")
            await write(pilot, "Because")
            await press(pilot, "ctrl+s")
            answer = next(item for item in store.load().of(COMMENTS) if item.kind == "answer")
            assert (answer.answers, answer.text, str(answer.review)) == (asked.id, "Because", "2026-10")
            assert "answered" in shown_text(pilot)
            await press(pilot, "equals_sign")
            assert "settled" in line_with(pilot, "question")
            await press(pilot, "equals_sign")
            assert "answered" in line_with(pilot, "question")

    async def test_nobody_else_can_change_what_somebody_said(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        theirs = say(store, "Bob's.", author="bob")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "c", "enter")
            await write(pilot, "Mine")
            await press(pilot, "ctrl+s")
        texts = {item.id: item.text for item in store.load().of(COMMENTS)}
        assert texts.pop(theirs.id) == "Bob's."
        assert list(texts.values()) == ["Mine"]

    async def test_an_own_comment_goes_at_the_second_press(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        first, second = say(store, "Typed in the wrong cell."), say(store, "Stays.")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "c", "g", "minus")
            assert "Press - again to remove your comment." in shown_text(pilot)
            await press(pilot, "j", "k", "minus")
            assert {item.id for item in store.load().of(COMMENTS)} == {first.id, second.id}
            gone = pilot.app.screen.row.id  # type: ignore[attr-defined]
            await press(pilot, "minus")
            await settled(pilot)
            assert "The comment is gone." in shown_text(pilot)
            assert {item.id for item in store.load().of(COMMENTS)} == {first.id, second.id} - {gone}

    async def test_what_others_wrote_or_build_on_is_not_removed(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        asked = say(store, "Why?", "question")
        say(store, "Because.", "answer", answers=asked.id, author="bob", day=date(2026, 11, 4))
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "c", "g", "minus")
            assert "Others build on this comment" in shown_text(pilot)
            await press(pilot, "minus", "j", "minus")
            assert "Only who wrote a comment removes it." in shown_text(pilot)
            await press(pilot, "minus")
        assert len(store.load().of(COMMENTS)) == 2

    async def test_a_to_do_knows_the_comment_it_follows_from(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        asked = say(store, "Why?", "question")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "c", "o")
            await write(pilot, "Ask them")
            await press(pilot, "ctrl+s")
        (todo,) = store.load().of(TODOS)
        assert (todo.title, todo.origin, str(todo.due), todo.owner) == ("Ask them", asked.id, "2026-11", "ada")

    async def test_earlier_reviews_stand_apart(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w", metric="mrr")) as pilot:
            await press(pilot, "h", "c")
            assert "EARLIER REVIEWS" in shown_text(pilot)
            assert "REVIEW OF OCT" not in shown_text(pilot)

    async def test_whatever_text_it_is_the_screen_stays_whole(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        strings = [item["value"] for item in json.loads(HOSTILE.read_text("utf-8"))]
        for at, text in enumerate(strings):
            if text.strip():
                say(store, text, "question" if at % 2 else "comment", author=text[:200])
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "c")
            for _ in strings[::7]:
                await pilot.press("pagedown")
            await settled(pilot)
            assert all(len(line) == 120 or not line.isascii() for line in shown(pilot))
            assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in "".join(shown(pilot)))


class TestSurvey:
    TABLE = RowTable(
        RESPONSE_ROWS.heading,
        tuple(Column(heading, unit) for _, heading, unit in RESPONSE_ROWS.columns),
        (
            (datetime(2026, 10, 12, 9, 30), 3, "detractor", "Acme", "large", "r-77", "Too slow.\n# And ugly"),  # noqa: DTZ001 - as the sources give it
            (datetime(2026, 10, 9, 9, 30), 9, "promoter", "Beta", "", "r-12", ""),  # noqa: DTZ001
        ),
        2,
    )

    async def test_one_key_makes_an_answer_a_comment_on_nps_with_its_source(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        app = noted_app(tmp_path / "w", metric="nps_responses", fetch_rows=lambda *_: DrillDown(rows=self.TABLE))
        async with running(app) as pilot:
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, MetricScreen)
            await pilot.pause(0.4)
            await settled(pilot)
            await press(pilot, "i")
            (note,) = store.load().of(COMMENTS)
            assert (note.metric, str(note.month), note.product) == ("nps", "2026-10", PRODUCT)
            assert note.source == "survey:r-77"
            assert note.text == (
                "Survey answer: score 3, detractor, Acme, large, 2026-10-12.\n\n> Too slow.\n> # And ugly"
            )
            await press(pilot, "i")
            assert "a comment already" in shown_text(pilot)
            await press(pilot, "J", "i")
            assert {item.source for item in store.load().of(COMMENTS)} == {"survey:r-77", "survey:r-12"}

    async def test_other_rows_do_not_become_comments(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        table = RowTable("Customers", (Column("Customer"),), (("Acme",),), 1)
        app = noted_app(tmp_path / "w", fetch_rows=lambda *_: DrillDown(rows=table))
        async with running(app) as pilot:
            await press(pilot, "enter")
            await pilot.pause(0.4)
            await settled(pilot)
            await press(pilot, "i")
            assert "Only a survey answer" in shown_text(pilot)
        assert store.load().of(COMMENTS) == ()
