"""The monthly review itself: its record, the goals of the quarter, open questions, and why customers left."""

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
)

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.months import Month

MODES = ("async", "sync")
PHASES = ("before", "during", "after")
ROLES = ("pm", "lead", "exec", "team")
GOAL_STATES = ("open", "partly", "answered")
HEALTH = ("healthy", "issues")
CHURN_CAUSES = ("bugs", "missing_feature", "price", "value_not_proven", "out_of_business", "other")
PREVENTABLE = ("yes", "no", "unknown")
_SHORT_ID = "A few characters that tell it from the others."


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """Somebody who takes part in a review."""

    id: str = stored(check.filled_text, "The name, or a short form of it.")
    role: str = stored(check.one_of(ROLES), "pm, lead, exec or team.", default="team")
    is_new: bool = stored(check.flag, "Whether a PM is new to the product.", default=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecklistItem:
    """One line of a review's checklist."""

    id: str = stored(check.filled_text, "What the program calls it, or " + _SHORT_ID[:1].lower() + _SHORT_ID[1:])
    phase: str = stored(check.one_of(PHASES), "before, during or after the review.")
    done: bool = stored(check.flag, "Whether somebody ticked it.", default=False, changes=True)
    text: str = stored(check.filled_text, "What is to be done.")
    done_by: str = stored(check.text, "Who ticked it.", default="", changes=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class FocusAnswer:
    """What was answered to one of the questions that the place in the quarter asks."""

    id: str = stored(check.filled_text, "The question, as the program calls it.")
    text: str = stored(filled_prose, "The answer, as Markdown.", shape=Shape.PROSE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """One time the review was closed, and perhaps opened again."""

    id: str = stored(check.filled_text, _SHORT_ID)
    closed_on: date = stored(day, "The day it was closed.")
    by: str = stored(check.text, "Who closed it.", default="")
    reopened_on: date | None = stored(day, "The day it was opened again.", default=None, changes=True)
    overrides: str = stored(prose, "Why it was closed with something missing.", default="", shape=Shape.PROSE)
    reopened_by: str = stored(check.text, "Who opened it again.", default="", changes=True)
    snapshot: str = stored(check.text, "The SHA-256 of the numbers it froze.", default="")
    reopened_why: str = stored(prose, "Why it was opened again.", default="", shape=Shape.PROSE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Review(Record):
    """The review of one product's month."""

    review: Month
    """The month that is reviewed: the folder it lies in."""
    held_on: date | None = stored(day, "The day it was held.", default=None, changes=True)
    summary_exported: tuple[str, ...] = stored(
        name_set, "The forms in which the summary went out.", default=(), shape=Shape.SET
    )
    mode: str = stored(check.one_of(MODES), "async or sync.", default="async", changes=True)
    requested_by: str = stored(check.text, "The lead or exec who asked for a meeting.", default="")
    health: str = stored(
        check.one_of(HEALTH), "How growth was in the quarter: healthy or issues.", default="", changes=True
    )
    mode_reason: str = stored(check.text, "Why in this form.", default="")
    shared_with: tuple[str, ...] = stored(name_set, "Whom the pre-read went to.", default=(), shape=Shape.SET)
    issue: str = stored(
        prose, "What the PM wants to talk about in a meeting.", default="", shape=Shape.PROSE, changes=True
    )
    links: tuple[str, ...] = stored(name_set, "Addresses that belong to it.", default=(), shape=Shape.SET)
    verdict: str = stored(prose, "The month in one line.", default="", shape=Shape.PROSE, changes=True)
    discussed: str = stored(
        prose, "What was said and what came of it, as Markdown.", default="", shape=Shape.PROSE, changes=True
    )
    participants: tuple[Participant, ...] = stored_rows(Participant, "Who takes part.")
    answers: tuple[FocusAnswer, ...] = stored_rows(FocusAnswer, "The answers to the questions of the quarter.")
    checklist: tuple[ChecklistItem, ...] = stored_rows(ChecklistItem, "Its checklist, once somebody changed it.")
    closings: tuple[Closing, ...] = stored_rows(Closing, "The times it was closed.")

    @property
    def is_closed(self) -> bool:
        """Whether it is closed at the moment."""
        return bool(self.closings) and newest_closing(self.closings).reopened_on is None


def newest_closing(closings: tuple[Closing, ...]) -> Closing:
    """The last of them; on one day one that is still in force comes last."""
    return max(closings, key=lambda item: (item.closed_on, item.reopened_on is None, item.id))


REVIEWS: RecordKind[Review] = RecordKind(
    name="review",
    plural="reviews",
    record=Review,
    place="products/{product}/reviews/{review}/review.toml",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal(Record):
    """What a product wants to find out in a fiscal quarter."""

    quarter: str
    """As `2026-q4`: the name of the file; the fiscal year is that in which it ends."""
    research_goal: str = stored(
        prose, "What research is planned in the quarter.", default="", shape=Shape.PROSE, changes=True
    )
    owner: str = stored(check.text, "Who answers for it.", default="")
    status: str = stored(check.one_of(GOAL_STATES), "open, partly or answered.", default="open", changes=True)
    links: tuple[str, ...] = stored(name_set, "Where the findings are.", default=(), shape=Shape.SET)
    biggest_unknown: str = stored(
        prose, "What nobody knows and matters most.", default="", shape=Shape.PROSE, changes=True
    )
    finding: str = stored(prose, "What was found.", default="", shape=Shape.PROSE, changes=True)


GOALS: RecordKind[Goal] = RecordKind(
    name="goal", plural="goals", record=Goal, place="products/{product}/goals/{quarter}.toml"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenQuestion(Record):
    """A question that comes back in later reviews until it is answered."""

    asked_on: date = stored(day, "The day it was written down.")
    asked_in: Month = stored(check.month, "The review that it was asked in.")
    text: str = stored(filled_prose, "The question.", shape=Shape.PROSE, changes=True)
    author: str = stored(check.text, "Who asked it.", default="")
    answered_in: Month | None = stored(check.month, "The review that answered it.", default=None, changes=True)
    links: tuple[str, ...] = stored(name_set, "Addresses and records that belong to it.", default=(), shape=Shape.SET)
    answer: str = stored(prose, "The answer.", default="", shape=Shape.PROSE, changes=True)


QUESTIONS: RecordKind[OpenQuestion] = RecordKind(
    name="question",
    plural="questions",
    record=OpenQuestion,
    place="products/{product}/questions/{id}.toml",
    letter="q",
    named_after="text",
    removable=True,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChurnReason(Record):
    """Why a customer stopped paying."""

    customer: str = stored(check.filled_text, "The customer, as the Customers screen names it.")
    month: Month = stored(check.month, "The first month without revenue.")
    cause: str = stored(
        check.one_of(CHURN_CAUSES),
        "bugs, missing_feature, price, value_not_proven, out_of_business or other.",
        changes=True,
    )
    said_on: date = stored(day, "The day it was written down.")
    preventable: str = stored(check.one_of(PREVENTABLE), "yes, no or unknown.", default="unknown", changes=True)
    author: str = stored(check.text, "Who wrote it down.", default="")
    mrr: str = stored(decimal_text, "The MRR that was lost, digit by digit.", default="", changes=True)
    links: tuple[str, ...] = stored(name_set, "Addresses and records that belong to it.", default=(), shape=Shape.SET)
    note: str = stored(prose, "What is known, as Markdown.", default="", shape=Shape.PROSE, changes=True)


CHURN_REASONS: RecordKind[ChurnReason] = RecordKind(
    name="churn reason",
    plural="churn reasons",
    record=ChurnReason,
    place="products/{product}/churn/{id}.toml",
    letter="k",
    named_after="customer",
    removable=True,
)
