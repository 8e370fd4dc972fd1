"""The interviews screen and its parts; what users said, seen from a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.screens.grid import GridScreen
from reviewtui.screens.interviews import InterviewsScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.screens.said import SaidScreen
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.interviews import INTERVIEWS
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.recruiting import RECRUITING
from reviewtui.workspace.kinds.tags import TAG_REGISTRY
from reviewtui.workspace.kinds.visits import VISITS
from tests.screens.conftest import grid_of, running, shown, shown_text
from tests.screens.insighted import insighted, shows, talk
from tests.screens.noted import noted_app, press, workspace

if TYPE_CHECKING:
    from pathlib import Path

LOG_AN_INTERVIEW = (
    "4", "plus", *"Exports", "tab", *"Joe", "tab", *"Acme", "tab", *"CTO", "tab", *"Too", "space", *"slow.", "tab",
    *"theme/export", "ctrl+s",
)  # fmt: skip
"""What is pressed to log an interview: 2 keys to begin, 6 to move and save, the rest is what it says."""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


async def test_an_interview_is_logged_by_keyboard_alone(tmp_path: Path) -> None:
    """The script that docs/interviews.md counts."""
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, *LOG_AN_INTERVIEW[:2])
        await press(pilot, *LOG_AN_INTERVIEW[2:])
        assert shows(pilot, InterviewsScreen)
        assert "Exports user interview with Joe" in shown_text(pilot)
    (interview,) = store.load().of(INTERVIEWS)
    assert (interview.topic, interview.first_name, interview.company, interview.role) == (
        "Exports", "Joe", "Acme", "CTO",
    )  # fmt: skip
    assert (interview.summary, interview.tags, interview.products) == ("Too slow.", ("theme/export",), ("replay",))
    assert (interview.interviewer, interview.held_on.isoformat(), interview.channel) == ("ada", "2026-11-10", "call")
    assert len(LOG_AN_INTERVIEW) == 46


async def test_a_recording_without_consent_is_refused(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "plus", *"Exports")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        form.row_of("recording").set_text("https://calls/1")
        await press(pilot, "ctrl+s")
        assert "Not saved yet: 1 field to mend." in shown_text(pilot)
        assert "There is a recording, but no consent" in " ".join(shown_text(pilot).split())
        assert store.load().of(INTERVIEWS) == ()
        form.row_of("consent").set_text("notes, quotes, recording")
        await press(pilot, "ctrl+s")
    (interview,) = store.load().of(INTERVIEWS)
    assert interview.consent is not None
    assert (interview.consent.given, interview.consent.scope) == (True, ("notes", "quote", "recording"))
    assert str(interview.consent.given_on) == "2026-11-10"


async def test_a_first_interview_asks_who_it_is(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "plus", *"Exports")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        form.row_of("first_interview").set_text("yes")
        await press(pilot, "ctrl+s")
        assert "Not saved yet: 3 fields to mend." in shown_text(pilot)
    assert store.load().of(INTERVIEWS) == ()


async def test_editing_keeps_what_the_form_does_not_show(tmp_path: Path) -> None:
    """Opening and saving an interview again changes nothing in its file."""
    store = insighted(tmp_path / "w")
    (joe,) = (item for item in store.load().of(INTERVIEWS) if item.first_name == "Joe")
    before = (tmp_path / "w" / joe.file.path).read_bytes()
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "enter", "ctrl+s")
        assert shows(pilot, InterviewsScreen)
    assert (tmp_path / "w" / joe.file.path).read_bytes() == before


async def test_withdrawing_removes_every_word_and_says_what_stays(tmp_path: Path) -> None:
    store = insighted(tmp_path / "w")
    (joe,) = (item for item in store.load().of(INTERVIEWS) if item.first_name == "Joe")
    (dive,) = (item for item in store.load().of(DIVES) if item.state == "in_progress")
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "ctrl+f", *"monday")
        await press(pilot, "escape", "4", "minus")
        words = " ".join(shown_text(pilot).split())
        assert "1 quote, names, links and the summary go for good." in words
        assert dive.id in words
        await press(pilot, *"no", "ctrl+s")
        assert "Type yes, or press Esc to leave it." in shown_text(pilot)
        await press(pilot, "backspace", "backspace", *"yes", "ctrl+s")
        assert "older commits still hold it" in shown_text(pilot)
        assert "Withdrawn interview of 2026-11-02" in shown_text(pilot)
    text = (tmp_path / "w" / joe.file.path).read_text("utf-8")
    for word in ("Joe", "Acme", "export", "Monday", "Slow"):
        assert word not in text
    assert store.load().by_id(joe.id) is not None
    for path in (tmp_path / "cache").rglob("*"):
        assert not path.is_file() or b"monday" not in path.read_bytes()


async def test_tab_leads_through_all_parts(tmp_path: Path) -> None:
    insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4")
        seen = {}
        for part in ("Interviews", "Owed", "Cadence", "Recruiting", "Visits", "Tags"):
            assert f"[{part}]" in shown(pilot)[0]
            seen[part] = shown_text(pilot)
            await press(pilot, "tab")
        assert "[Interviews]" in shown(pilot)[0]
        await press(pilot, "shift+tab")
        assert "[Tags]" in shown(pilot)[0]
    assert "A WEEK AND LONGER" in seen["Owed"]
    assert "TWO WEEKS AND LONGER" in seen["Owed"]
    assert "send the reward (40)" in seen["Owed"]
    assert "never" in seen["Cadence"]
    assert "120 invited, 18 replied (15 %)" in seen["Recruiting"]
    assert "Look for 11 more accounts" in seen["Visits"]
    assert "1 written in several ways" in seen["Tags"]
    assert "Getting data out" in seen["Tags"]


async def test_debts_are_ticked_off(tmp_path: Path) -> None:
    store = insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "tab")
        before = shown_text(pilot).count("Web analytics user interview with Joe")
        for _ in range(6):
            await press(pilot, "g", "equals_sign")
        assert "Nothing is owed to anybody." in shown_text(pilot)
    assert before >= 4
    (joe,) = (item for item in store.load().of(INTERVIEWS) if item.first_name == "Joe")
    assert joe.after_call == ("notes_stored", "share_posted")
    assert joe.reward is not None
    assert str(joe.reward.sent_on) == "2026-11-10"
    assert [str(item.done_on) for item in joe.follow_ups] == ["2026-11-10"]


async def test_renaming_a_tag_to_another_merges_both_everywhere(tmp_path: Path) -> None:
    store = insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "shift+tab", "enter")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        form.row_of("id").set_text("theme/data-out")
        await press(pilot, "ctrl+s")
        assert "1 records were changed with it." in shown_text(pilot)
        assert "theme/data-out" in shown_text(pilot)
    records = store.load()
    (registry,) = records.of(TAG_REGISTRY)
    assert [(tag.id, tag.description, tag.aliases) for tag in registry.tags] == [
        ("theme/data-out", "Getting data out", ("theme/export",))
    ]
    (joe,) = (item for item in records.of(INTERVIEWS) if item.first_name == "Joe")
    assert (joe.tags, joe.quotes[0].tags, joe.quotes[0].id) == (("theme/data-out",), ("theme/data-out",), "q1")


async def test_people_rounds_and_journeys_are_written_down(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "tab", "tab", "plus", *"bob", "ctrl+s")
        await press(pilot, "tab", "plus", "down", "enter")
        assert shows(pilot, RecordForm)
        await press(pilot, "ctrl+s")
        await press(pilot, "tab", "plus", *"Berlin")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        form.row_of("accounts").set_text("Acme (eve)\nmet: Beta")
        await press(pilot, "ctrl+s")
        assert "Berlin" in shown_text(pilot)
    records = store.load()
    assert [person.handle for person in records.of(PEOPLE)] == ["bob"]
    (round_,) = records.of(RECRUITING)
    assert (round_.cohort, round_.wait_days) == ("top users", 14)
    assert "{first_name}" in round_.template
    (visit,) = records.of(VISITS)
    assert [(item.company, item.state, item.account_owner) for item in visit.accounts] == [
        ("Acme", "researched", "eve"),
        ("Beta", "met", ""),
    ]


async def test_the_share_text_is_copied_without_a_name(tmp_path: Path) -> None:
    insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "y")
        assert "Joe" not in pilot.app.clipboard
        assert pilot.app.clipboard.startswith("Web analytics user interview with a Head of Engineering\n")


async def test_a_cell_tells_what_users_said_about_it(tmp_path: Path) -> None:
    insighted(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        grid = grid_of(pilot)
        assert "»" in shown_text(pilot)
        assert grid.view is not None
        await press(pilot, "u")
        assert shows(pilot, SaidScreen)
        assert "We leave because exports are slow." in shown_text(pilot)
        assert "1 said something" in shown(pilot)[0]
        await press(pilot, "escape")
        assert shows(pilot, GridScreen)
        await press(pilot, "up", "u")
        assert "No interview speaks to this metric" in shown_text(pilot)


async def test_two_hundred_thousand_characters_are_a_summary_too(tmp_path: Path) -> None:
    """Pasted, saved, listed and searched."""
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "plus", *"Exports")
        form = pilot.app.screen
        assert isinstance(form, RecordForm)
        form.row_of("summary").set_text("word needle " * 17_000)
        await press(pilot, "ctrl+s")
        assert shows(pilot, InterviewsScreen)
    (interview,) = store.load().of(INTERVIEWS)
    assert len(interview.summary) > 200_000


async def test_a_withdrawn_interview_cannot_be_opened(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    interview = talk(store)
    store.save(interview, {"withdrawn_on": interview.held_on})
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "4", "enter")
        assert "there is nothing left to change" in shown_text(pilot)
        await press(pilot, "minus")
        assert "withdrawn on 2026-11-02 already" in shown_text(pilot)
