"""Titles, consent, what is owed after a call, and what is shared of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from reviewtui.insights.consent import allows, consent_problem, consequences, expired, withdrawal
from reviewtui.insights.owed import Age, late, owed_after, queue, usual_reward
from reviewtui.insights.sharing import MOST_CHARACTERS, share_text
from reviewtui.months import Month
from reviewtui.workspace.kinds.base import stored_fields
from reviewtui.workspace.kinds.comments import Comment
from reviewtui.workspace.kinds.interview_titles import interview_title, listed_titles
from reviewtui.workspace.kinds.interviews import Interview
from reviewtui.workspace.kinds.todos import Todo
from tests.insights.samples import Consent, Evidence, FollowUp, Quote, Reward, dive, interview, records

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = date(2026, 3, 10)
FULL = Consent(asked=True, given=True, scope=("name", "notes", "quote", "recording"))


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({}, "Web analytics user interview with Joe"),
        ({"first_name": ""}, "Web analytics user interview"),
        ({"first_name": "", "role": "engineer"}, "Web analytics user interview with an engineer"),
        ({"first_name": " ", "role": "designer"}, "Web analytics user interview with a designer"),
        ({"withdrawn_on": DAY}, "Withdrawn interview of 2026-03-10"),
    ],
)
def test_the_title_follows_from_the_facts(values: Mapping[str, Any], title: str) -> None:
    """Topic and first name; nothing else identifies a person."""
    assert interview_title(interview(**values)) == title


def test_titles_that_occur_twice_get_their_day() -> None:
    """Only those."""
    later = interview(2, held_on=date(2026, 3, 12))
    other = interview(3, first_name="Eve")
    assert listed_titles([interview(), later, other]) == {
        "i-260310-0001": "Web analytics user interview with Joe (2026-03-10)",
        "i-260310-0002": "Web analytics user interview with Joe (2026-03-12)",
        "i-260310-0003": "Web analytics user interview with Eve",
    }


@pytest.mark.parametrize(
    ("recording", "consent", "is_problem"),
    [
        ("", None, False),
        (" ", None, False),
        ("https://calls/1", None, True),
        ("https://calls/1", Consent(asked=True, given=False), True),
        ("https://calls/1", Consent(asked=True, given=True), False),
    ],
)
def test_a_recording_needs_consent(recording: str, consent: Consent | None, is_problem: bool) -> None:
    """Asking is not enough."""
    assert bool(consent_problem(recording, consent)) is is_problem


def test_consent_covers_what_was_agreed_until_it_ends() -> None:
    """The last day still counts."""
    held = interview(consent=Consent(asked=True, given=True, scope=("notes",), expires=date(2026, 6, 30)))
    assert allows(held, "notes", date(2026, 6, 30))
    assert not allows(held, "notes", date(2026, 7, 1))
    assert not allows(held, "name", DAY)
    assert not expired(held, date(2026, 6, 30))
    assert expired(held, date(2026, 7, 1))


def test_a_withdrawal_leaves_no_word_of_what_was_said() -> None:
    """Whatever an interview can hold is emptied, but for what does not tell who it was."""
    kept = {"held_on", "interviewer", "products", "channel", "technical", "icp", "first_interview", "minutes"}
    kept |= {"after_call", "reward", "topic", "withdrawn_on"}
    changes = withdrawal(DAY)
    assert {item.name for item in stored_fields(Interview)} == kept | {
        name for name, value in changes.items() if value is None
    }
    assert changes["topic"] == "withdrawn"


def test_a_withdrawal_names_who_has_used_the_interview() -> None:
    """Dives that quote it, to-dos and comments that come from it."""
    held = interview(quotes=(Quote(id="q1", text="Too slow."), Quote(id="q2", text="Too dear.")))
    quoting = dive(evidence=(Evidence(id="e1", kind="interview", ref="i-260310-0001#q1"),))
    todo = Todo(id="t-260311-0001", title="Ask again", created_on=DAY, origin="i-260310-0001")
    comment = Comment(id="c-260311-0001", review=Month(2026, 3), said_on=DAY, text="x", source="i-260310-0001#q2")
    found = consequences(records(held, quoting, dive(2), todo, comment), held)
    assert found.dives == (quoting,)
    assert found.others == (todo, comment)
    assert found.words == (
        "2 quotes, names, links and the summary go for good. d-260402-0001 use it: read what they say."
        " t-260311-0001, c-260311-0001 come from it: read those too."
    )


def test_everything_is_owed_right_after_a_call() -> None:
    """The recording's steps only where there is one; answers, issues and the reward by name."""
    held = interview(
        recording="https://calls/1",
        follow_ups=(
            FollowUp(id="f1", text="How to export?"),
            FollowUp(id="f2", text="Slow list", kind="issue"),
            FollowUp(id="f3", text="Thanks", kind="other", done_on=DAY),
        ),
        reward=Reward(amount="40"),
        after_call=("summary_checked",),
    )
    assert [item.words for item in owed_after(held, DAY)] == [
        "rename the recording",
        "store the notes",
        "post the share text",
        "send an answer: How to export?",
        "open an issue: Slow list",
        "send the reward (40)",
    ]
    assert [item.step for item in owed_after(interview(), DAY)] == ["notes_stored", "share_posted"]
    assert owed_after(interview(withdrawn_on=DAY), DAY) == ()


def test_a_follow_up_is_owed_by_the_one_it_was_given_to_and_the_rest_by_who_led_the_call() -> None:
    follow_ups = (FollowUp(id="f1", text="Slow list", assignee="bob"), FollowUp(id="f2", text="How to export?"))
    owed = owed_after(interview(follow_ups=follow_ups, after_call=("share_posted",)), DAY)
    assert [(item.words, item.who) for item in owed] == [
        ("store the notes", "ann"),
        ("send an answer: Slow list", "bob"),
        ("send an answer: How to export?", "ann"),
    ]


@pytest.mark.parametrize(
    ("days", "age"), [(0, Age.FRESH), (6, Age.FRESH), (7, Age.AMBER), (13, Age.AMBER), (14, Age.RED), (400, Age.RED)]
)
def test_what_is_owed_gets_urgent_with_the_days(days: int, age: Age) -> None:
    """Amber after a week, red after two."""
    held = interview(after_call=("notes_stored",))
    (owed,) = owed_after(held, DAY + timedelta(days=days))
    assert (owed.days, owed.age) == (days, age)


def test_the_oldest_debt_comes_first_and_late_ones_are_counted() -> None:
    """A review counts what is a week old and older."""
    old = interview(1, held_on=date(2026, 3, 1), after_call=("notes_stored",))
    new = interview(2, held_on=date(2026, 3, 9), after_call=("notes_stored",))
    assert [item.interview for item in queue([new, old], DAY)] == [old, new]
    assert late([new, old], DAY) == 1


def test_rewards_follow_the_kind_of_conversation() -> None:
    """A call 40, a written answer 20, a chat nothing."""
    assert [usual_reward(channel) for channel in ("call", "visit", "async", "slack")] == ["40", "40", "20", ""]


def test_an_amount_that_was_changed_is_the_usual_one_from_then_on() -> None:
    """For conversations of its kind only."""
    older = interview(1, held_on=date(2026, 3, 1), channel="call", reward=Reward(amount="60"))
    newer = interview(2, held_on=date(2026, 3, 9), channel="call", reward=Reward(amount="45"))
    assert [usual_reward(channel, (newer, older)) for channel in ("call", "async")] == ["45", "20"]


def test_what_is_shared_names_nobody_without_their_consent() -> None:
    """Three lines; name and company only where the person allows it."""
    held = interview(role="engineer", technical="yes", tags=("theme/export",), summary="Exports are slow.\nThey wait.")
    assert share_text(held, DAY) == (
        "Web analytics user interview with an engineer\n"
        "engineer · technical · call · 2026-03-10 · theme/export\n"
        "Exports are slow. They wait."
    )
    named = interview(role="engineer", consent=FULL, recording="https://calls/1", summary="Exports are slow.")
    assert share_text(named, DAY) == (
        "Web analytics user interview with Joe\n"
        "engineer at Acme · call · 2026-03-10\n"
        "Exports are slow.\n"
        "https://calls/1"
    )


def test_what_is_shared_is_short_and_calls_nobody() -> None:
    """Whole sentences as far as they fit; marks of a chat are only text."""
    text = share_text(interview(summary="<!channel> @here & co. " + "More words. " * 40), DAY)
    assert "&lt;!channel&gt; @\u200bhere &amp; co. More words." in text
    assert len(text.split("\n")[2]) <= MOST_CHARACTERS + 20
    assert text.endswith("More words.")
    assert share_text(interview(summary="x" * 500), DAY).endswith("x…")
