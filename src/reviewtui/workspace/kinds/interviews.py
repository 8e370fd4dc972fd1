"""Interviews: what a user told us, what they allowed us to keep, and what we owe them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import (
    Record,
    RecordKind,
    Shape,
    day,
    decimal_text,
    filled_prose,
    name_set,
    prose,
    stored,
    stored_rows,
    stored_table,
)
from reviewtui.workspace.kinds.dives import STANCES

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.months import Month
    from reviewtui.workspace.schema import Spot

CHANNELS = ("call", "usability_test", "async", "visit", "slack")
KNOWN = ("yes", "no", "unknown")
SCOPES = ("notes", "recording", "quote", "name")
"""What a person may allow: to keep notes, to record, to quote inside the company, to be named when it is shared."""
AFTER_CALL_STEPS = ("recording_renamed", "summary_checked", "notes_stored", "share_posted")
"""What is done after a call besides follow-ups and the reward."""
FOLLOW_UP_KINDS = ("answer", "issue", "other")
REWARD_KINDS = ("merch", "open_collective", "other")
MOST_MINUTES = 24 * 60


def _steps(value: object, spot: Spot) -> tuple[str, ...]:
    return _words(value, spot, AFTER_CALL_STEPS)


def _scopes(value: object, spot: Spot) -> tuple[str, ...]:
    return _words(value, spot, SCOPES)


def _words(value: object, spot: Spot, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Of a set of words those that are known; the others are reported."""
    found = []
    for word in name_set(value, spot):
        try:
            found.append(check.one_of(allowed)(word, spot))
        except check.Unusable as error:
            spot.report(str(error))
    return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What the person allowed."""

    asked: bool = stored(check.flag, "Whether they were asked.", default=False)
    given: bool = stored(check.flag, "Whether they agreed.", default=False, changes=True)
    given_by: str = stored(check.text, "Who agreed, where it was somebody else.", default="")
    given_on: date | None = stored(day, "When they agreed.", default=None)
    scope: tuple[str, ...] = stored(
        _scopes, "What they allowed: notes, recording, quote (inside the company), name.", default=(), shape=Shape.SET
    )
    expires: date | None = stored(day, "The day it ends.", default=None, changes=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """What they said, word for word."""

    id: str = stored(check.filled_text, "A few characters that tell it from the others.")
    text: str = stored(filled_prose, "Their words.", shape=Shape.PROSE)
    tags: tuple[str, ...] = stored(name_set, "Tags of this quote.", default=(), shape=Shape.SET)
    metrics: tuple[str, ...] = stored(name_set, "The metrics it speaks to.", default=(), shape=Shape.SET)
    stance: str = stored(check.one_of(STANCES), "supports, contradicts or context.", default="context")
    month: Month | None = stored(check.month, "The month it is about, where that is not the call's.", default=None)
    until: Month | None = stored(check.month, "The last month it is about, where it is several.", default=None)
    refs: tuple[str, ...] = stored(
        name_set, "What else it speaks to: ids of records, `cost:` and an assumption.", default=(), shape=Shape.SET
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """Something that is owed after a call."""

    id: str = stored(check.filled_text, "A few characters that tell it from the others.")
    text: str = stored(check.filled_text, "What is owed.")
    kind: str = stored(check.one_of(FOLLOW_UP_KINDS), "answer, issue or other.", default="answer")
    assignee: str = stored(check.text, "Who does it.", default="", changes=True)
    link: str = stored(check.text, "The issue or the answer.", default="")
    done_on: date | None = stored(day, "The day it was done.", default=None, changes=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reward:
    """The thanks for their time."""

    kind: str = stored(check.one_of(REWARD_KINDS), "merch, open_collective or other.", default="merch")
    amount: str = stored(decimal_text, 'The amount, in quotes: "40".', default="")
    code_ref: str = stored(check.text, "Where the code can be found; never the code itself.", default="")
    sent_on: date | None = stored(day, "The day it was sent.", default=None, changes=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Interview(Record):
    """One conversation with a user; its title is derived from topic and first name."""

    topic: str = stored(check.filled_text, "What it was about.")
    held_on: date = stored(day, "The day it was held.")
    interviewer: str = stored(check.text, "Who led it.", default="")
    products: tuple[str, ...] = stored(name_set, "The ids of the products.", default=(), shape=Shape.SET)
    channel: str = stored(check.one_of(CHANNELS), "call, usability_test, async, visit or slack.", default="call")
    first_name: str = stored(check.text, "Their first name; no surname is kept.", default="")
    person: str = stored(check.text, "A link to their profile.", default="")
    company: str = stored(check.text, "Where they work, as the customer is called in the data.", default="")
    role: str = stored(check.text, "What they do there.", default="")
    technical: str = stored(check.one_of(KNOWN), "yes, no or unknown.", default="unknown")
    icp: str = stored(
        check.one_of(KNOWN), "Whether they are who the product is for: yes, no, unknown.", default="unknown"
    )
    first_interview: bool = stored(check.flag, "Whether it was the first with this person.", default=False)
    others_present: tuple[str, ...] = stored(name_set, "Who else was there.", default=(), shape=Shape.SET)
    minutes: int | None = stored(check.whole(1, MOST_MINUTES), "How long it took.", default=None)
    recruited_by: str = stored(check.text, "How they were found: survey, Slack, e-mail.", default="")
    recording: str = stored(check.text, "A link to the recording; needs consent.", default="")
    document: str = stored(check.text, "A link to notes elsewhere.", default="")
    calendar: str = stored(check.text, "A link to the appointment.", default="")
    tags: tuple[str, ...] = stored(name_set, "What it touched, such as `theme/export`.", default=(), shape=Shape.SET)
    metrics: tuple[str, ...] = stored(name_set, "The metrics it speaks to.", default=(), shape=Shape.SET)
    after_call: tuple[str, ...] = stored(
        _steps, "What is done: " + ", ".join(AFTER_CALL_STEPS) + ".", default=(), shape=Shape.SET
    )
    withdrawn_on: date | None = stored(day, "The day the consent was withdrawn; what was said is gone.", default=None)
    summary: str = stored(prose, "What was learned.", default="", shape=Shape.PROSE, changes=True)
    corrections: str = stored(
        prose, "Additions and corrections to an automatic summary.", default="", shape=Shape.PROSE, changes=True
    )
    consent: Consent | None = stored_table(Consent, "What the person allowed.")
    reward: Reward | None = stored_table(Reward, "The thanks for their time.")
    quotes: tuple[Quote, ...] = stored_rows(Quote, "What they said, word for word.")
    follow_ups: tuple[FollowUp, ...] = stored_rows(FollowUp, "What is owed after the call.")


RECORDING_WITHOUT_CONSENT = (
    "There is a recording, but no consent is noted. Ask, then note `consent.given = true`, or remove the recording."
)
CONTEXT_MISSING = "A first interview says where the person works, what they do and whether they are technical."


def _check_interview(interview: Interview, spot: Spot) -> None:
    if interview.recording and not (interview.consent is not None and interview.consent.given):
        spot.inside("recording").report(RECORDING_WITHOUT_CONSENT)


INTERVIEWS: RecordKind[Interview] = RecordKind(
    name="interview",
    plural="interviews",
    record=Interview,
    place="interviews/{year}/{id}.toml",
    letter="i",
    named_after="topic",
    whole=_check_interview,
)
