"""What a review asks for, whether it is a meeting, and its checklist."""

from __future__ import annotations

from datetime import date
from typing import Any

from reviewtui.months import FiscalCalendar, Month
from reviewtui.reviews.checklist import DEFAULT_CHECKLIST, Facts, checklist_of, items_of, ticked
from reviewtui.reviews.focus import focus_of, lacks, questions_for
from reviewtui.reviews.meeting import propose_mode
from reviewtui.workspace.kinds.reviews import FocusAnswer, Goal, OpenQuestion, Participant, Review

CALENDAR_YEAR = FiscalCalendar(1)
NOTHING_LEFT = Facts(
    unreadable_sources=0,
    changed_sources=0,
    unexplained=0,
    undisposed=0,
    dives_without_finding=0,
    new_todos=1,
    new_todos_without_owner=0,
    todos_without_due=0,
)


def review(month: Month, **facts: Any) -> Review:
    return Review(id=f"replay/{month}", product="replay", review=month, **facts)


def question(name: str, asked_in: Month, answered_in: Month | None = None) -> OpenQuestion:
    return OpenQuestion(
        id=name,
        product="replay",
        asked_on=date(2026, 11, 3),
        asked_in=asked_in,
        text=f"Why {name}?",
        answered_in=answered_in,
    )


def history(*modes: str) -> list[Review]:
    """Reviews of the months before October 2026, the last for September."""
    first = Month(2026, 10) - len(modes)
    return [review(first + at, mode=mode) for at, mode in enumerate(modes)]


def proposed(reviews: list[Review], requested_by: str = "") -> tuple[str, str]:
    found = propose_mode(reviews, "replay", Month(2026, 10), CALENDAR_YEAR, requested_by)
    return found.mode, found.reason


def test_a_quarter_without_a_meeting_so_far_gets_one() -> None:
    assert proposed(history("async", "sync", "async")) == ("sync", "There has been no meeting in Q4 2026 yet.")


def test_after_the_meeting_of_the_quarter_the_next_reviews_are_written() -> None:
    # The review of September is held in October, so it is of the fourth quarter.
    assert proposed(history("async", "async", "sync")) == ("async", "There was a meeting in Q4 2026 already.")


def test_the_first_three_reviews_of_a_new_product_are_meetings() -> None:
    assert proposed([])[0] == "sync"
    assert proposed(history("sync", "sync")) == (
        "sync",
        "The product is new here: its first 3 reviews are meetings.",
    )
    assert proposed(history("sync", "sync", "sync")) == ("async", "There was a meeting in Q4 2026 already.")


def test_a_new_pm_has_three_meetings_in_a_row() -> None:
    with_new_pm = review(Month(2026, 10), participants=(Participant(id="ada", role="pm", is_new=True),))
    assert proposed([*history("async", "sync", "sync"), with_new_pm]) == (
        "sync",
        "The PM is new: the first 3 reviews are meetings.",
    )


def test_whoever_asks_for_a_meeting_is_named() -> None:
    assert proposed(history("async", "async", "sync"), "Eve") == ("sync", "Eve asked for a meeting.")


def test_an_issue_makes_a_meeting() -> None:
    with_issue = review(Month(2026, 10), issue="Churn doubled.")
    assert proposed([*history("async", "async", "sync"), with_issue])[0] == "sync"


def test_the_first_review_of_a_quarter_asks_for_goal_and_answers() -> None:
    focus, month = focus_of(1), Month(2026, 9)
    answered = review(month, answers=(FocusAnswer(id="goal", text="Half way."), FocusAnswer(id="second", text="No.")))
    goal = Goal(id="replay/2026-q4", product="replay", quarter="2026-q4", research_goal="Why do users stay?")
    assert lacks(focus, month, answered, goal, ()) == ("Has the biggest unknown of the product been answered?",)
    assert "The quarter has no goal yet." in lacks(focus, month, answered, None, ())


def test_the_second_review_asks_for_open_questions() -> None:
    month = Month(2026, 10)
    assert lacks(focus_of(2), month, None, None, ())[-1] == "No question for the reviews to come has been written down."
    assert "No question for the reviews to come has been written down." not in lacks(
        focus_of(2), month, None, None, [question("churn", month)]
    )


def test_the_third_review_asks_whether_growth_was_healthy() -> None:
    month = Month(2026, 11)
    assert lacks(focus_of(3), month, review(month), None, ())[-1] == "Nobody has said whether growth was healthy."
    assert len(lacks(focus_of(3), month, review(month, health="healthy"), None, ())) == 3


def test_questions_come_back_until_a_review_has_answered_them() -> None:
    asked = [
        question("later", Month(2026, 12)),
        question("open", Month(2026, 8)),
        question("done", Month(2026, 7), Month(2026, 9)),
        question("now", Month(2026, 7), Month(2026, 10)),
    ]
    assert [item.id for item in questions_for(asked, "replay", Month(2026, 10))] == ["now", "open"]


def test_a_written_review_has_no_lines_about_a_meeting() -> None:
    phases = {item.item.phase for item in checklist_of(None, None, "async", NOTHING_LEFT)}
    assert phases == {"before", "after"}
    assert len(checklist_of(None, None, "sync", NOTHING_LEFT)) == len(DEFAULT_CHECKLIST)


def test_what_the_program_knows_is_ticked_whatever_people_ticked() -> None:
    left = Facts(
        unreadable_sources=0,
        changed_sources=1,
        unexplained=2,
        undisposed=0,
        dives_without_finding=0,
        new_todos=0,
        new_todos_without_owner=0,
        todos_without_due=0,
    )
    items = ticked(DEFAULT_CHECKLIST, "anomalies_explained", done=True, by="ada")
    lines = {item.item.id: item for item in checklist_of(review(Month(2026, 10), checklist=items), None, "async", left)}
    assert not lines["anomalies_explained"].done
    assert lines["anomalies_explained"].known is not None
    assert lines["anomalies_explained"].known.why == "2 to explain"
    assert not lines["data_fresh"].done
    assert lines["todos_disposed"].done
    assert lines["comments_invited"].known is None


def test_a_person_ticks_what_only_a_person_can_know() -> None:
    items = ticked(DEFAULT_CHECKLIST, "comments_invited", done=True, by="ada")
    lines = checklist_of(review(Month(2026, 10), checklist=items), None, "async", NOTHING_LEFT)
    invited = next(line for line in lines if line.item.id == "comments_invited")
    assert invited.done
    assert invited.item.done_by == "ada"


def test_a_review_takes_the_changed_list_of_the_one_before_without_its_ticks() -> None:
    own = ticked(DEFAULT_CHECKLIST[:2], "data_fresh", done=True, by="ada")
    items = items_of(None, review(Month(2026, 9), checklist=own))
    assert [item.id for item in items] == ["data_fresh", "anomalies_explained"]
    assert not any(item.done for item in items)
