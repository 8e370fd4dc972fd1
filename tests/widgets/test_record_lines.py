"""A record as lines to read."""

from __future__ import annotations

from datetime import date
from typing import Any

from reviewtui.widgets.record_lines import fact_lines, label, record_lines
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Consent, Interview, Reward
from reviewtui.workspace.kinds.registry import ALL_KINDS


def read(**facts: Any) -> list[str]:
    interview = Interview(id="i-261024-m3fe", topic="Exports", held_on=date(2026, 10, 24), **facts)
    return ["".join(span.text for span in line) for line in record_lines(INTERVIEWS, interview, 60, words={})]


def test_the_name_of_a_fact_never_touches_its_value() -> None:
    for kind in ALL_KINDS:
        for field in kind.fields:
            (name, value), *more = fact_lines(label(field.name), "12 " * 30, 60)
            assert (name.text.rstrip(), value.text[:2]) == (label(field.name), "12")
            assert name.text.endswith(" ")
            assert all(sum(len(span.text) for span in line) <= 60 for line in ((name, value), *more))
            assert {len(line[0].text) for line in more} == {len(name.text)}


def test_a_consent_and_a_reward_say_what_is_known_in_words() -> None:
    consent = Consent(asked=True, given=True, given_on=date(2026, 10, 24), scope=("notes", "quote"))
    lines = read(consent=consent, reward=Reward(kind="merch", amount="40"))
    assert "• asked · given · given on 2026-10-24 · notes, quote" in lines
    assert "• merch · 40" in lines


def test_a_word_that_was_chosen_is_read_without_the_signs_that_join_it_in_a_file() -> None:
    lines = read(channel="usability_test", reward=Reward(kind="open_collective"))
    assert "Channel         usability test" in lines
    assert "• open collective" in lines


def test_what_was_not_given_is_not_said() -> None:
    assert "• asked" in read(consent=Consent(asked=True))
