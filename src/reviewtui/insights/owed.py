"""What is still owed after a call, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewtui.workspace.kinds.interviews import AFTER_CALL_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from reviewtui.workspace.kinds.interviews import Interview

AMBER_DAYS, RED_DAYS = 7, 14
CALL_REWARD, ASYNC_REWARD = "40", "20"
"""What people get for their time where nothing else is set, in the workspace's currency."""

STEP_WORDS = {
    "recording_renamed": "rename the recording",
    "summary_checked": "check the automatic summary",
    "notes_stored": "store the notes",
    "share_posted": "post the share text",
    "reward_sent": "send the reward",
}
_OF_RECORDING = ("recording_renamed", "summary_checked")


class Age(StrEnum):
    """How urgent something is by its age."""

    FRESH = "fresh"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is not done yet."""

    interview: Interview
    step: str
    """A step of `AFTER_CALL_STEPS`, `reward_sent`, or `follow_up:` and its id."""
    words: str
    days: int
    """Since the call."""

    @property
    def who(self) -> str:
        """Who does it: the one a follow-up is given to, else who led the call."""
        followed = (item.assignee for item in self.interview.follow_ups if self.step == f"follow_up:{item.id}")
        return next(followed, "") or self.interview.interviewer

    @property
    def age(self) -> Age:
        """How urgent it is."""
        return Age.RED if self.days >= RED_DAYS else Age.AMBER if self.days >= AMBER_DAYS else Age.FRESH


def owed_after(interview: Interview, day: date) -> tuple[Owed, ...]:
    """What is not done yet on `day`, in the order of the checklist; nothing of a withdrawn interview."""
    if interview.withdrawn_on is not None:
        return ()
    days = max(0, (day - interview.held_on).days)
    return tuple(Owed(interview, step, words, days) for step, words in _open_steps(interview))


def queue(interviews: Iterable[Interview], day: date) -> tuple[Owed, ...]:
    """Everything that is owed, the oldest first."""
    owed = (item for interview in interviews for item in owed_after(interview, day))
    return tuple(sorted(owed, key=lambda item: (-item.days, item.interview.id)))


def late(interviews: Iterable[Interview], day: date) -> int:
    """How many things are owed for a week and longer: what a monthly review counts."""
    return sum(item.age is not Age.FRESH for item in queue(interviews, day))


def usual_reward(channel: str, interviews: Iterable[Interview] = ()) -> str:
    """What is given for a conversation of this kind: as last time, else a fixed amount; empty: nothing."""
    given = [item for item in interviews if item.channel == channel and item.reward is not None and item.reward.amount]
    if given:
        newest = max(given, key=lambda item: (item.held_on, item.id))
        return newest.reward.amount if newest.reward is not None else ""
    return {"async": ASYNC_REWARD, "slack": ""}.get(channel, CALL_REWARD)


def _open_steps(interview: Interview) -> Iterator[tuple[str, str]]:
    for step in AFTER_CALL_STEPS:
        if step not in interview.after_call and (interview.recording or step not in _OF_RECORDING):
            yield step, STEP_WORDS[step]
    for follow_up in interview.follow_ups:
        if follow_up.done_on is None:
            what = {"issue": "open an issue: ", "answer": "send an answer: "}.get(follow_up.kind, "")
            yield f"follow_up:{follow_up.id}", f"{what}{follow_up.text}"
    if interview.reward is not None and interview.reward.sent_on is None:
        yield "reward_sent", f"{STEP_WORDS['reward_sent']} ({interview.reward.amount or 'no amount'})"
