"""The review screen: what it lists, what each row leads to, and the way to a closed review."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.drilldown import Column, DrillDown, RowTable
from reviewtui.metrics.sheet import Unit
from reviewtui.reviews.restatement import with_restatements
from reviewtui.screens.grid import GridScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.screens.thread import ThreadScreen
from reviewtui.widgets.lines import KeyLine
from reviewtui.workspace.kinds.explanations import EXPLANATIONS
from reviewtui.workspace.kinds.reviews import CHURN_REASONS, GOALS, QUESTIONS
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.load import load_workspace
from tests.screens.conftest import cursor, running, shown, shown_text
from tests.screens.noted import OCTOBER, PRODUCT, noted_app, plan, press, say, told, workspace, write
from tests.screens.reviewed import DAY, explain, ready_to_close, review_of, reviewed
from tests.sheets import HOSTILE, make_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.screens.review import ReviewScreen

LEFT = DrillDown(
    RowTable(
        "Customers who stopped paying",
        (Column("Customer", "text"), Column("Movement", "text"), Column("Change", Unit.MONEY)),
        (("Acme", "churned", -4000.0), ("Beta", "churned", -1796.25)),
        2,
    )
)


async def go_to(pilot: Pilot[None], words: str) -> None:
    """Stand on the row with these words."""
    screen: ReviewScreen = pilot.app.screen  # type: ignore[assignment]
    row = next(row for row in screen.list.all_rows if words in " ".join(row.cells))
    screen.list.go_to(row.id)
    await pilot.pause()


class TestWhatItShows:
    async def test_it_begins_with_last_time_and_goes_on_in_the_order_of_a_review(self, tmp_path: Path) -> None:
        reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w"), (120, 70)) as pilot:
            await press(pilot, "6")
            lines = shown(pilot)
            assert "Session replay · Oct 2026 · review 2 of Q4 2026 · as a meeting" in lines[0]
            assert "▲ late · day 10" in lines[0]
            titles = [line.strip() for line in lines if line.strip()[:1].isupper() and line.isupper()]
            assert [title.rsplit("  ", 1)[0] for title in titles] == [
                "LAST TIME WE SAID",
                "EXCEPTIONS",
                "FOCUS 2 OF Q4 2026: WHAT HAS BEEN LEARNED",
                "QUESTIONS THAT WAIT FOR AN ANSWER",
                "OPEN QUESTIONS",
                "FOR THE REVIEW OF NOV 2026",
                "HOW TO-DOS ARE KEPT",
                "WHY CUSTOMERS LEFT",
                "CHECKLIST: BEFORE",
                "CHECKLIST: IN THE MEETING",
                "CHECKLIST: AFTER",
            ]
            text = shown_text(pilot)
            assert "to dispose of · bob · carried 2×" in text
            assert "partly · Find out why trials end." in text
            assert "since Sep 2026" in text

    async def test_the_details_say_what_stands_against_closing(self, tmp_path: Path) -> None:
        reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w"), (200, 60)) as pilot:
            await press(pilot, "6")
            text = shown_text(pilot)
            assert "1 to-do of earlier reviews waits for a word." in text
            assert "1 anomaly has no explanation." in text
            assert "The summary has not been exported." in text

    async def test_a_line_that_the_list_cuts_is_whole_in_the_details(self, tmp_path: Path) -> None:
        reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w"), (80, 24)) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "Every to-do that was due is done")
            await press(pilot)
            words = "Every to-do that was due is done, carried, dropped or blocked"
            listed, _, details = shown_text(pilot).partition("───")
            assert words not in listed
            assert words in " ".join(details.split())

    async def test_how_people_keep_their_to_dos_is_said_by_group_and_owner(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        plan(store, "One", OCTOBER, state="done", evidence="seen")
        plan(store, "Two", OCTOBER - 1, owner="bob", owner_group="team")
        async with running(noted_app(tmp_path / "w"), (120, 70)) as pilot:
            await press(pilot, "6")
            lines = [line for line in shown(pilot) if "in time" in line]
            assert ["The PM" in line and "1 of 1" in line for line in lines].count(True) == 1
            assert ["The product team" in line and "0 of 1" in line for line in lines].count(True) == 1
            assert ["bob" in line and "median age 7 days" in line for line in lines].count(True) == 1

    async def test_the_first_review_of_a_quarter_says_that_quarterly_numbers_are_final(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w"), (120, 70)) as pilot:
            await press(pilot, "6", "left")
            assert "review 1 of Q4 2026" in shown(pilot)[0]
            assert "The quarterly numbers of Q3 2026 are final" in shown_text(pilot)
            await press(pilot, "right")
            assert "are final" not in shown_text(pilot)

    async def test_whatever_words_records_hold_the_screen_stays_whole(self, tmp_path: Path) -> None:
        store = workspace(tmp_path / "w")
        for item in json.loads(HOSTILE.read_text("utf-8")):
            value = item["value"]
            if value.strip():
                plan(store, value, OCTOBER, owner=value[:80])
                say(store, value, "question", author=value[:80])
                store.create(QUESTIONS, PRODUCT, {"text": value, "asked_on": DAY, "asked_in": OCTOBER}, DAY)
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6")
            for key in ("pagedown", "G", "pageup", "g"):
                await press(pilot, key)
                text = "".join(shown(pilot))
                assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in text)


class TestRows:
    async def test_a_question_of_the_focus_is_answered_where_it_stands(self, tmp_path: Path) -> None:
        store = reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "What has research brought")
            await press(pilot, "enter")
            await write(pilot, "Trials end at the export.")
            await press(pilot, "ctrl+s")
            assert "✓  What has research brought so far?" in shown_text(pilot)
            assert "Trials end at the export." in shown_text(pilot)
        assert [(answer.id, answer.text) for answer in review_of(store).answers] == [
            ("yield", "Trials end at the export.")
        ]

    async def test_the_goal_of_the_quarter_is_written_once_for_its_three_reviews(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "The goal of Q4 2026")
            await press(pilot, "enter")
            await write(pilot, "Why do trials end?")
            await press(pilot, "ctrl+s")
            await press(pilot, "left")
            assert "open · Why do trials end?" in shown_text(pilot)
        (goal,) = store.load().of(GOALS)
        assert (goal.quarter, goal.research_goal) == ("2026-q4", "Why do trials end?")

    async def test_a_line_that_only_a_person_can_know_is_ticked_and_the_others_tick_themselves(
        self, tmp_path: Path
    ) -> None:
        store = reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "Everybody was asked")
            await press(pilot, "space")
            ticked = {item.id: item.done_by for item in review_of(store).checklist if item.done}
            assert ticked == {"comments_invited": "ada"}
            await press(pilot, "space")
            assert not any(item.done for item in review_of(store).checklist)
            await go_to(pilot, "Every anomaly")
            await press(pilot, "space")
            assert "This line ticks itself: 1 to explain." in shown_text(pilot)

    async def test_lines_of_the_checklist_are_added_changed_and_removed_and_the_next_review_has_them(
        self, tmp_path: Path
    ) -> None:
        store = reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "Everybody was asked")
            await press(pilot, "space", "T")
            await write(pilot, "Ask sales")
            await press(pilot, "enter", "ctrl+s")
            before = [item for item in review_of(store).checklist if item.phase == "before"]
            assert [(item.id, item.text, item.done) for item in (before[0], before[-1])] == [
                ("ask-sales", "Ask sales", False),
                ("comments_invited", "Everybody was asked to comment", True),
            ]
            assert len(before) == 7

    async def test_a_to_do_that_is_due_is_disposed_of_with_the_keys_of_the_to_dos(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "greater_than_sign")
            await write(pilot, "ill")
            await press(pilot, "ctrl+s")
            assert "carried on · bob · carried 3×" in shown_text(pilot)
            await press(pilot, "equals_sign")
            await write(pilot, "They told us.")
            await press(pilot, "ctrl+s")
            assert "✓" in next(line for line in shown(pilot) if "Talk to five" in line)
            await press(pilot, "equals_sign", "B")
            await write(pilot, "Eve")
            await press(pilot, "ctrl+s")
            todo = next(item for item in store.load().of(TODOS) if item.title.startswith("Talk"))
            assert (todo.state, todo.blocked_on, len(todo.carried)) == ("blocked", "Eve", 3)
            await go_to(pilot, "The month in one line")
            await press(pilot, "minus")
            assert "There is no to-do under the cursor." in shown_text(pilot)

    async def test_an_open_question_comes_back_until_it_is_answered(self, tmp_path: Path) -> None:
        store = reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "Do exports keep users?")
            await press(pilot, "enter")
            await write(pilot, "They do.")
            await press(pilot, "ctrl+s")
            assert "They do." in next(line for line in shown(pilot) if "Do exports" in line)
            await press(pilot, "left")
            assert "Do exports keep users?" in shown_text(pilot)
        (question,) = store.load().of(QUESTIONS)
        assert (question.answered_in, question.answer) == (OCTOBER, "They do.")

    async def test_a_new_question_is_asked_in_the_review_on_the_screen(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "plus")
            await write(pilot, "Who uses search?")
            await press(pilot, "ctrl+s")
        (question,) = store.load().of(QUESTIONS)
        assert (question.text, question.asked_in, question.author) == ("Who uses search?", OCTOBER, "ada")

    async def test_a_question_on_a_cell_leads_to_what_was_said_there(self, tmp_path: Path) -> None:
        reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "Does the new plan explain it?")
            await press(pilot, "enter")
            assert isinstance(pilot.app.screen, ThreadScreen)

    async def test_verdict_participants_and_form_are_written_at_once(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "e")
            await write(pilot, "Growth held.")
            await pilot.press("tab", "tab", "tab")
            await write(pilot, "lea:lead, bob:team")
            await press(pilot, "ctrl+s")
        record = review_of(store)
        assert (record.verdict, record.mode) == ("Growth held.", "sync")
        assert [(person.id, person.role) for person in record.participants] == [("lea", "lead"), ("bob", "team")]


class TestChurn:
    async def test_those_who_left_are_offered_and_their_mrr_is_taken_from_the_numbers(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        app = noted_app(tmp_path / "w", fetch_rows=lambda _question, _report, _cancel: LEFT)
        async with running(app, (120, 70)) as pilot:
            await press(pilot, "6", "K")
            form = pilot.app.screen
            assert isinstance(form, RecordForm)
            await write(pilot, "price")
            await press(pilot, "ctrl+s")
            assert "1 customer · 4,000.00 USD of MRR · 0 preventable" in shown_text(pilot)
            (reason,) = store.load().of(CHURN_REASONS)
            assert (reason.customer, reason.cause, reason.mrr, str(reason.month)) == (
                "Acme", "price", "4000.00", "2026-10",
            )  # fmt: skip
            await press(pilot, "K")
            assert "Beta" in shown_text(pilot)

    async def test_a_reason_is_changed_from_its_row(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        facts = {"customer": "Acme", "month": OCTOBER, "cause": "price", "said_on": DAY, "mrr": "4000"}
        store.create(CHURN_REASONS, PRODUCT, facts, DAY)
        async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
            await press(pilot, "6")
            await go_to(pilot, "Acme")
            await press(pilot, "enter", "tab")
            await pilot.press(*["backspace"] * 8)
            await write(pilot, "yes")
            await press(pilot, "ctrl+s")
            assert "price · preventable" in shown_text(pilot)
        (reason,) = store.load().of(CHURN_REASONS)
        assert (reason.preventable, reason.mrr) == ("yes", "4000")


class TestWalk:
    async def test_the_walk_goes_through_the_exceptions_and_says_where_it_is(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w", metric="nps")) as pilot:
            await press(pilot, "6", "W")
            assert isinstance(pilot.app.screen, GridScreen)
            assert cursor(pilot) == ("churn_rate", "2026-10")
            assert "1 of 3: Revenue churn rate, to explain" in shown_text(pilot)
            await press(pilot, "tab")
            assert cursor(pilot)[0] == "mrr"
            assert "2 of 3: MRR, noted" in shown_text(pilot)
            await press(pilot, "shift+tab")
            assert cursor(pilot)[0] == "churn_rate"
            await press(pilot, "tab", "tab", "tab")
            assert "That was the last exception. 36 metrics within routine variation, 1 without a value." in shown_text(
                pilot
            )

    async def test_that_nobody_knows_yet_is_a_word_too(self, tmp_path: Path) -> None:
        store = told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "W", "U")
            (said,) = store.load().of(EXPLANATIONS)
            assert (said.metric, said.month, said.verdict, said.author) == ("churn_rate", OCTOBER, "unknown", "ada")
            await press(pilot, "6")
            assert "anomaly has no explanation" not in shown_text(pilot)
            (line,) = [line for line in shown(pilot) if "Revenue churn rate: " in line]
            assert "nobody knows yet" in line

    async def test_the_presenter_layout_shows_only_the_cell(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "W", "V")
            text = shown_text(pilot)
            assert "Unique monthly users" not in text
            assert "Revenue churn rate" in text
            await press(pilot, "V")
            assert "Unique monthly users" in shown_text(pilot)

    @pytest.mark.parametrize("key", ["escape", "q"])
    async def test_going_back_leaves_the_presenter_layout_first(self, tmp_path: Path, key: str) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "V", key)
            assert "Unique monthly users" in shown_text(pilot)
            assert not pilot.app._exit

    async def test_without_a_walk_its_keys_say_where_it_begins(self, tmp_path: Path) -> None:
        told(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "tab")
            assert "The walk begins on the screen of the review (6), with W." in shown_text(pilot)


async def footer(pilot: Pilot[None]) -> str:
    """The keys at the foot, once nothing is said in their place."""
    pilot.app.screen.query_one(KeyLine).say("")
    await pilot.pause()
    return shown(pilot)[-1]


class TestClosing:
    async def test_with_something_missing_it_closes_only_with_a_reason(self, tmp_path: Path) -> None:
        store = reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "X")
            assert "Close nevertheless?" in shown_text(pilot)
            await press(pilot, "ctrl+s")
            assert "Because is needed." in shown_text(pilot)
            await write(pilot, "Bob is ill.")
            await press(pilot, "ctrl+s")
            assert "✓ closed" in shown(pilot)[0]
        record = review_of(store)
        assert record.is_closed
        assert [closing.overrides for closing in record.closings] == ["Bob is ill."]
        assert len(record.closings[0].snapshot) == 64

    async def test_the_next_review_reads_why_it_was_closed_nevertheless(self, tmp_path: Path) -> None:
        store = reviewed(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "left", "X")
            await write(pilot, "Bob is ill.")
            await press(pilot, "ctrl+s", "right")
            assert "Closed with something missing: Bob is ill." in shown_text(pilot)
        assert review_of(store, OCTOBER - 1).is_closed

    async def test_with_nothing_missing_one_key_closes_it_and_another_opens_it_again(self, tmp_path: Path) -> None:
        store = ready_to_close(tmp_path / "w")
        async with running(noted_app(tmp_path / "w"), (200, 60)) as pilot:
            await press(pilot, "6")
            assert "Nothing is missing: X closes it." in shown_text(pilot)
            assert " X close  " in await footer(pilot)
            await press(pilot, "X")
            assert "✓ closed" in shown(pilot)[0]
            frozen = tmp_path / "w" / "products" / "replay" / "reviews" / "2026-10" / "snapshot.toml"
            assert hashlib.sha256(frozen.read_bytes()).hexdigest() == review_of(store).closings[0].snapshot
            await press(pilot, "e")
            assert "This review is closed. X opens it again." in shown_text(pilot)
            assert " X open again  " in await footer(pilot)
            await press(pilot, "X")
            await write(pilot, "A source was late.")
            await press(pilot, "ctrl+s")
            assert "✓ closed" not in shown(pilot)[0]
            assert " X close  " in await footer(pilot)
        record = review_of(store)
        assert not record.is_closed
        assert [closing.reopened_why for closing in record.closings] == ["A source was late."]

    async def test_a_number_that_changes_after_closing_says_from_what_to_what_and_since_when(
        self, tmp_path: Path
    ) -> None:
        root = tmp_path / "w"
        ready_to_close(root)
        async with running(noted_app(root)) as pilot:
            await press(pilot, "6", "X")
            assert "✓ closed" in shown(pilot)[0]
        sheet = make_sheet()
        at, row = sheet.months.index(OCTOBER), sheet.row(PRODUCT, "churn_rate")
        assert f"{row[at].value:.3f}" == "0.038"
        later = sheet.with_rows({(PRODUCT, "churn_rate"): (*row[:at], row[at]._replace(value=0.044), *row[at + 1 :])})
        later = with_restatements(later, load_workspace(root))
        async with running(noted_app(root, sheet=later), (200, 60)) as pilot:
            text = " ".join(shown_text(pilot).split())
            assert "4.4 %±" in text
            assert "was 3.79 % when reviewed on 2026-11-10, now" in text

    async def test_until_the_numbers_are_judged_nothing_counts_as_explained(self, tmp_path: Path) -> None:
        store = ready_to_close(tmp_path / "w")
        app = noted_app(tmp_path / "w")
        async with running(app, (200, 60)) as pilot:
            await press(pilot, "6")
            app.judgements = type(app.judgements)((), {})
            await press(pilot, "X")
            assert "The numbers are still being judged" in shown_text(pilot)
        assert not review_of(store).is_closed


async def test_sentences_of_an_explanation_are_one_line_in_the_review(tmp_path: Path) -> None:
    store = reviewed(tmp_path / "w")
    explain(store, "churn_rate", reason="Acme left.\nBeta was acquired.")
    async with running(noted_app(tmp_path / "w"), (120, 70)) as pilot:
        await press(pilot, "6")
        await go_to(pilot, "Revenue churn rate")
        assert "(explained): Acme left. Beta was acquired." in shown_text(pilot)


class TestWhereItStays:
    async def test_what_is_written_leaves_the_review_of_another_product_than_the_grids_in_front(
        self, tmp_path: Path
    ) -> None:
        workspace(tmp_path / "w")
        async with running(noted_app(tmp_path / "w")) as pilot:
            await press(pilot, "6", "]")
            name = shown(pilot)[0].split(" · ")[0]
            await press(pilot, "e")
            await write(pilot, "Growth is flat")
            await press(pilot, "ctrl+s")
            assert "Session replay" not in name
            assert shown(pilot)[0].split(" · ")[0] == name
