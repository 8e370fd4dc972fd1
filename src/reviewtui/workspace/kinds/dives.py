"""Deep dives: a question, what might be the answer, what was found, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, day, name_set, prose, stored, stored_rows

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.months import Month
    from reviewtui.workspace.schema import Spot

DIVE_STATES = ("proposed", "in_progress", "done", "dropped")
HYPOTHESIS_STATES = ("open", "supported", "rejected")
EVIDENCE_KINDS = ("cell", "query", "interview", "to-do", "cost", "chart", "issue", "link")
STANCES = ("supports", "contradicts", "context")
CONFIDENCES = ("", "low", "medium", "high")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypothesis:
    """One thing that might be the answer."""

    id: str = stored(check.filled_text, "A few characters that tell it from the others.")
    text: str = stored(check.filled_text, "What might be the case.")
    state: str = stored(check.one_of(HYPOTHESIS_STATES), "open, supported or rejected.", default="open", changes=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One thing that speaks for or against."""

    id: str = stored(check.filled_text, "A few characters that tell it from the others.")
    kind: str = stored(check.one_of(EVIDENCE_KINDS), "What it is: " + ", ".join(EVIDENCE_KINDS) + ".")
    ref: str = stored(
        check.text,
        "What it points to: `metric@month`, an interview's id (with `#` and a quote's), a to-do's id, or an address.",
        default="",
    )
    stance: str = stored(check.one_of(STANCES), "supports, contradicts or context.", default="context", changes=True)
    added_on: date | None = stored(day, "The day it was added.", default=None)
    author: str = stored(check.text, "Who added it.", default="")
    note: str = stored(prose, "What it shows.", default="", shape=Shape.PROSE, changes=True)
    statement: str = stored(prose, "The SQL of a query.", default="", shape=Shape.PROSE)
    figures: str = stored(prose, "The result of the query when it was added, as TSV.", default="", shape=Shape.PROSE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dive(Record):
    """A deep dive."""

    question: str = stored(check.filled_text, "What is asked.", changes=True)
    proposed_on: date = stored(day, "The day it was proposed.")
    state: str = stored(
        check.one_of(DIVE_STATES), "proposed, in_progress, done or dropped.", default="proposed", changes=True
    )
    proposed_by: str = stored(check.text, "Who proposed it.", default="")
    target_review: Month | None = stored(check.month, "The review that is to see it.", default=None, changes=True)
    proposed_in: Month | None = stored(check.month, "The review it was proposed in.", default=None)
    confidence: str = stored(check.one_of(CONFIDENCES), "low, medium or high.", default="", changes=True)
    metrics: tuple[str, ...] = stored(name_set, "The metrics it is about.", default=(), shape=Shape.SET)
    month: Month | None = stored(check.month, "The first month it is about.", default=None)
    until: Month | None = stored(check.month, "The last month it is about, where it is several.", default=None)
    tags: tuple[str, ...] = stored(name_set, "Tags, as those of interviews.", default=(), shape=Shape.SET)
    why_now: str = stored(prose, "Why it is asked now.", default="", shape=Shape.PROSE, changes=True)
    finding: str = stored(prose, "What was found.", default="", shape=Shape.PROSE, changes=True)
    decision: str = stored(prose, "What was decided.", default="", shape=Shape.PROSE, changes=True)
    next: str = stored(prose, "What comes next.", default="", shape=Shape.PROSE, changes=True)
    reason: str = stored(prose, "Why it was dropped.", default="", shape=Shape.PROSE, changes=True)
    hypotheses: tuple[Hypothesis, ...] = stored_rows(Hypothesis, "What might be the answer.")
    evidence: tuple[Evidence, ...] = stored_rows(Evidence, "What speaks for or against.")


def missing_for_state(state: str, finding: str, reason: str) -> str:
    """What the state of a dive needs and nobody has written, as a sentence; empty where nothing is missing."""
    if state == "done" and not finding.strip():
        return "A deep dive that is done says what was found. Fill in the finding, or leave it in progress."
    if state == "dropped" and not reason.strip():
        return "A deep dive that is dropped says why. Fill in the reason."
    return ""


def _check_state(dive: Dive, spot: Spot) -> None:
    lacking = missing_for_state(dive.state, dive.finding, dive.reason)
    if lacking:
        spot.inside("state").report(lacking)


DIVES: RecordKind[Dive] = RecordKind(
    name="deep dive",
    plural="deep dives",
    record=Dive,
    place="products/{product}/dives/{id}.toml",
    letter="d",
    named_after="question",
    whole=_check_state,
)
