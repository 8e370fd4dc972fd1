"""Whether we talk to enough users: calls by week and person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from reviewtui.workspace.kinds.interviews import Interview
    from reviewtui.workspace.kinds.people import Person

WEEKS = 13
_DAYS_IN_WEEK = 7
_NOT_CALLS = ("async", "slack")


@dataclass(frozen=True, slots=True)
class Cadence:
    """The calls one person led in the last weeks."""

    who: str
    weeks: tuple[int, ...]
    """Calls by week, oldest first; the last is the week of today."""
    target: float
    """Calls a week."""
    last_on: date | None
    """The day of the last call; None: there was none."""
    gap_days: int | None
    """Days since then."""

    @property
    def average(self) -> float:
        """Calls a week."""
        return sum(self.weeks) / len(self.weeks)

    @property
    def is_short(self) -> bool:
        """Whether the average is below the target."""
        return self.average < self.target


def is_call(interview: Interview) -> bool:
    """Whether somebody talked to somebody: a written answer is welcome, but no call."""
    return interview.channel not in _NOT_CALLS


def monday(day: date) -> date:
    """The first day of the week."""
    return day - timedelta(days=day.weekday())


def cadence(interviews: Iterable[Interview], people: Iterable[Person], today: date) -> tuple[Cadence, ...]:
    """One entry for each PM and for everybody who led a call in the last 13 weeks, by name."""
    known = {person.handle: person for person in people}
    calls: dict[str, list[date]] = {
        handle: [] for handle, person in known.items() if person.role == "pm" and not person.has_left
    }
    for interview in interviews:
        if is_call(interview) and interview.interviewer and interview.held_on <= today:
            calls.setdefault(interview.interviewer, []).append(interview.held_on)
    first = monday(today) - timedelta(weeks=WEEKS - 1)
    entries = (_entry(who, days, first, today, known.get(who)) for who, days in sorted(calls.items()))
    return tuple(
        entry for entry in entries if any(entry.weeks) or (entry.who in known and not known[entry.who].has_left)
    )


def without_a_call(interviews: Iterable[Interview], people: Iterable[Person], today: date) -> tuple[str, ...]:
    """People of the team who were in no call this month: everybody should be in one."""
    present = {
        name
        for interview in interviews
        if is_call(interview) and (interview.held_on.year, interview.held_on.month) == (today.year, today.month)
        for name in (interview.interviewer, *interview.others_present)
    }
    return tuple(sorted(person.handle for person in people if not person.has_left and person.handle not in present))


def _entry(who: str, days: list[date], first: date, today: date, person: Person | None) -> Cadence:
    weeks = [0] * WEEKS
    for day in days:
        place = (monday(day) - first).days // _DAYS_IN_WEEK
        if 0 <= place < WEEKS:
            weeks[place] += 1
    last = max(days, default=None)
    target = person.interviews_a_week if person is not None else 1.0
    return Cadence(who, tuple(weeks), target, last, (today - last).days if last is not None else None)
