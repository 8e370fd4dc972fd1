"""What a person allowed us to keep and to say, and what is left when they take it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewtui.text import counted
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.interviews import RECORDING_WITHOUT_CONSENT
from reviewtui.workspace.kinds.todos import TODOS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from reviewtui.workspace.kinds.base import Record
    from reviewtui.workspace.kinds.interviews import Consent, Interview
    from reviewtui.workspace.record_set import Records

WITHDRAWN_TOPIC = "withdrawn"
HISTORY_WARNING = (
    "The text is gone from the file. If the folder is kept in git, older commits still hold it: whoever is responsible"
    " for the repository has to remove it there."
)


def consent_problem(recording: str, consent: Consent | None) -> str:
    """Why an interview cannot be kept like this, as a sentence; empty where it can."""
    if recording.strip() and not (consent is not None and consent.given):
        return RECORDING_WITHOUT_CONSENT
    return ""


def allows(interview: Interview, what: str, day: date) -> bool:
    """Whether the person allowed `what` (one of `SCOPES`) and still does on `day`."""
    consent = interview.consent
    if consent is None or not consent.given or interview.withdrawn_on is not None:
        return False
    return what in consent.scope and (consent.expires is None or day <= consent.expires)


def expired(interview: Interview, day: date) -> bool:
    """Whether the consent has ended by itself."""
    consent = interview.consent
    return consent is not None and consent.expires is not None and consent.expires < day


def withdrawal(day: date) -> Mapping[str, Any]:
    """What is changed in an interview whose consent is withdrawn on `day`.

    Id, day, interviewer and products stay, so that references still lead somewhere; names, links, tags and every word
    of what was said go.
    """
    emptied = (
        "first_name", "person", "company", "role", "others_present", "recording", "document", "calendar", "tags",
        "metrics", "summary", "corrections", "quotes", "follow_ups", "consent", "recruited_by",
    )  # fmt: skip
    return {"topic": WITHDRAWN_TOPIC, **dict.fromkeys(emptied), "withdrawn_on": day}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a person who withdraws has to know before it is done."""

    quotes: int
    dives: tuple[Record, ...]
    """Deep dives that use the interview as evidence: their own words may repeat it."""
    others: tuple[Record, ...]
    """To-dos and comments that come from it."""

    @property
    def words(self) -> str:
        """The consequences in sentences."""
        dives = f" {_listed(self.dives)} use it: read what they say." if self.dives else ""
        others = f" {_listed(self.others)} come from it: read those too." if self.others else ""
        return f"{counted(self.quotes, 'quote')}, names, links and the summary go for good.{dives}{others}"


def consequences(records: Records, interview: Interview) -> Withdrawal:
    """Who has built on an interview."""
    dives = tuple(
        dive
        for dive in records.of(DIVES)
        if any(evidence.ref.partition("#")[0] == interview.id for evidence in dive.evidence)
    )
    todos = (todo for todo in records.of(TODOS) if todo.origin.partition("#")[0] == interview.id)
    comments = (comment for comment in records.of(COMMENTS) if comment.source.partition("#")[0] == interview.id)
    return Withdrawal(len(interview.quotes), dives, (*todos, *comments))


def _listed(records: tuple[Record, ...]) -> str:
    return ", ".join(record.id for record in records)
