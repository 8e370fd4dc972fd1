"""Deep dives as a review sees them: by state, not too many at once, never the same question twice."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewtui.text import searchable
from reviewtui.workspace.kinds.dives import DIVES, Dive, missing_for_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewtui.months import Month
    from reviewtui.workspace.record_set import Records

PROPOSED, IN_PROGRESS, DONE, DROPPED = "proposed", "in_progress", "done", "dropped"
LISTED_STATES = (IN_PROGRESS, PROPOSED, DONE, DROPPED)
"""In the order of a list: what is worked on first."""
STATE_WORDS: Mapping[str, str] = {
    IN_PROGRESS: "In progress",
    PROPOSED: "Proposed",
    DONE: "Done",
    DROPPED: "Dropped",
}
_LONG_WORD = re.compile(r"\w{4,}")
MOST_IN_PROGRESS = 3
"""A review has room for a couple; above this a person is told."""


@dataclass(frozen=True, slots=True)
class Template:
    """A question that is asked again and again, with what usually is the answer."""

    name: str
    question: str
    """May hold `{month}` and `{metric}`."""
    why_now: str
    hypotheses: tuple[str, ...]
    metrics: tuple[str, ...]
    """The metrics it is about where it was not started from a cell; those the workspace lacks are left out."""


TEMPLATES = (
    Template(
        "Churn of a month",
        "Why did so many customers leave or pay less in {month}?",
        "The churn of the month is out of the ordinary.",
        (
            "A few large customers account for it.",
            "They left for a reason that can be prevented: price, a missing feature, poor support.",
            "They closed, were bought, or stopped the project.",
            "It is an effect of billing: late invoices, a changed plan, a currency.",
        ),
        ("churn_rate", "churned_mrr", "logo_churn_rate"),
    ),
    Template(
        "Onboarding",
        "At which step of onboarding do new users give up?",
        "New users who never get started never stay.",
        (
            "They stop before the first data arrives.",
            "They get data, and see no reason to come back.",
            "Those who stop are not whom the product is for.",
        ),
        ("activation_rate", "users_new"),
    ),
    Template(
        "What foretells staying",
        "What do users do in their first days that tells who is still there months later?",
        "A sign that comes early can be acted on early.",
        (
            "A number of uses of the key action within the first ten days.",
            "A second person of the same organisation joins.",
            "A second product is used.",
        ),
        ("retention_1m", "retention_3m", "retention_6m"),
    ),
    Template(
        "Whom it is for, and everybody else",
        "How do customers for whom the product is meant use it differently from all others?",
        "Averages over both say little about either.",
        (
            "Those it is meant for use more of it, and stay longer.",
            "Others make most of the tickets.",
            "Both do the same; what sets them apart is size.",
        ),
        ("unique_users", "retention_3m", "arpa"),
    ),
    Template(
        "The ten biggest customers",
        "Are the ten customers who pay most content with the product?",
        "Losing one of them would show in every figure.",
        (
            "They use it more than a year ago.",
            "Their tickets and answers to surveys say that they are content.",
            "At least one of them is about to leave.",
        ),
        ("mrr", "nps", "tickets_created"),
    ),
)


def by_state(dives: Iterable[Dive]) -> dict[str, tuple[Dive, ...]]:
    """The dives of each state, newest first; every state is there."""
    newest_first = sorted(dives, key=lambda dive: (dive.proposed_on, dive.id), reverse=True)
    return {state: tuple(dive for dive in newest_first if dive.state == state) for state in LISTED_STATES}


def too_many(dives: Iterable[Dive]) -> str:
    """What to say where more is in progress than a review has room for; empty otherwise."""
    count = sum(dive.state == IN_PROGRESS for dive in dives)
    if count <= MOST_IN_PROGRESS:
        return ""
    return f"{count} deep dives are in progress; a review has room for a couple. Finish or drop one."


def earlier(records: Records, product: str, metrics: Iterable[str], question: str = "") -> tuple[Dive, ...]:
    """Dives on one of the metrics of the product, or that asked in nearly the same words; newest first."""
    wanted, words = set(metrics), _words(question)
    found = [
        dive
        for dive in records.of(DIVES)
        if (dive.product == product and wanted & set(dive.metrics)) or (words and _alike(words, _words(dive.question)))
    ]
    return tuple(sorted(found, key=lambda dive: (dive.proposed_on, dive.id), reverse=True))


def filled(template: Template, month: Month | None, metric: str = "") -> Template:
    """The template with the month and metric put in."""
    when = month.long_label if month is not None else "the last month"
    return replace(template, question=template.question.replace("{month}", when).replace("{metric}", metric))


def cannot_become(state: str, finding: str, reason: str) -> str:
    """Why a dive cannot be given this state, as a sentence; empty where it can."""
    return missing_for_state(state, finding, reason)


def _words(text: str) -> frozenset[str]:
    return frozenset(_LONG_WORD.findall(searchable(text)))


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two questions share two thirds of their longer words."""
    shared = len(first & second)
    return shared >= 2 and shared * 3 >= 2 * min(len(first), len(second))
