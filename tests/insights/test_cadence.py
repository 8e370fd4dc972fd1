"""Whether we talk to enough users."""

from __future__ import annotations

from datetime import date

from reviewtui.insights.cadence import cadence, without_a_call
from reviewtui.workspace.kinds.people import Person
from tests.insights.samples import interview

TODAY = date(2026, 3, 11)
"""A Wednesday; its week begins on 9 March, the first of 13 weeks on 15 December."""


def person(handle: str, **values: object) -> Person:
    """A PM."""
    return Person(id=f"person/{handle}", handle=handle, **{"role": "pm", **values})  # type: ignore[arg-type]


def test_calls_are_counted_by_week() -> None:
    """Monday begins a week; what lies before the 13 weeks counts for the gap only, a written answer not at all."""
    days = [date(2025, 12, 14), date(2025, 12, 15), date(2026, 3, 8), date(2026, 3, 9), date(2026, 3, 11)]
    held = [interview(place, held_on=day) for place, day in enumerate(days)]
    written = interview(7, held_on=date(2026, 3, 10), channel="async")
    later = interview(8, held_on=date(2026, 3, 12))
    (entry,) = cadence([*held, written, later], [], TODAY)
    assert entry.who == "ann"
    assert entry.weeks == (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2)
    assert entry.average == 4 / 13
    assert (entry.last_on, entry.gap_days) == (TODAY, 0)
    assert entry.is_short


def test_a_pm_who_never_called_anybody_is_listed() -> None:
    """Silence shows; somebody who left is not waited for."""
    (entry,) = cadence([], [person("bob"), person("eve", has_left=True), person("kim", role="lead")], TODAY)
    assert (entry.who, sum(entry.weeks), entry.gap_days, entry.last_on) == ("bob", 0, None, None)


def test_everybody_should_be_in_a_call_once_a_month() -> None:
    """Being present counts; last month's call does not."""
    people = [person("ann"), person("bob"), person("eve", role="engineer"), person("kim", has_left=True)]
    held = [interview(1, others_present=("eve",)), interview(2, interviewer="bob", held_on=date(2026, 2, 27))]
    assert without_a_call(held, people, TODAY) == ("bob",)
