"""Finding people to talk to: what to watch for in a round of invitations, words to begin with, and visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace.kinds.visits import ACCOUNT_STATES

if TYPE_CHECKING:
    from reviewtui.workspace.kinds.recruiting import Recruiting
    from reviewtui.workspace.kinds.visits import Visit

SURVEY_WAIT_DAYS = 14
LARGE_COHORT = 1_000
FIRST_ROLLOUT_PERCENT = 30
ACCOUNTS_PLANNED = (12, 15)
SHARE_MET = 0.30
"""Of the accounts that are asked, so many are met."""

INVITATIONS = {
    "top users": """\
Subject: Half an hour about {product}?

Hello {first_name},

I am {me} from {company} and work on {product}. You use it more than most, so you know best what it lacks.
Would you talk to me about it for 30 minutes, this week or next?

As a thank-you you get {reward}. Pick a time that suits you: {link}
""",
    "churned": """\
Subject: What did {product} lack?

Hello {first_name},

I am {me} from {company}. You stopped using {product}, and I would like to understand why.
I will not try to win you back: 20 minutes and an open word would help us a lot.

As a thank-you you get {reward}. Pick a time that suits you: {link}
""",
    "asked for a feature": """\
Hello {first_name},

you asked for {feature}. We are about to decide how to build it, and I would like to see how you would use it.
Would you show me, for 30 minutes? As a thank-you you get {reward}: {link}
""",
}
"""Words to begin with; what is in braces is for the person to fill in. Each says what people get for their time."""

MEETING_PLAN = """\
20 min: get to know each other, or lunch
30 min: anybody there asks anything they always wanted to know
20 min: the prepared questions
"""


@dataclass(frozen=True, slots=True)
class Yield:
    """How many are left after each step of a round of invitations."""

    steps: tuple[tuple[str, int], ...]

    @property
    def words(self) -> str:
        """`120 invited, 18 replied (15 %), 9 booked (50 %), 7 held (78 %)`."""
        parts, before = [], 0
        for name, count in self.steps:
            share = f" ({count / before:.0%})".replace("%", " %") if before else ""
            parts.append(f"{count:,} {name}{share}")
            before = count
        return ", ".join(parts)


def recruiting_yield(recruiting: Recruiting) -> Yield:
    """The steps whose numbers are known."""
    steps = (
        ("invited", recruiting.invited),
        ("replied", recruiting.replied),
        ("booked", recruiting.booked),
        ("held", recruiting.held),
    )
    return Yield(tuple((name, count) for name, count in steps if count is not None))


def cautions(recruiting: Recruiting) -> tuple[str, ...]:
    """What a careful person would do differently, in sentences."""
    found = []
    if recruiting.channel == "survey" and (recruiting.wait_days or 0) < SURVEY_WAIT_DAYS:
        found.append(f"Leave people alone for {SURVEY_WAIT_DAYS} days after a survey: set the wait to at least that.")
    size, rollout = recruiting.cohort_size or 0, recruiting.rollout_percent
    if size > LARGE_COHORT and (rollout is None or rollout > FIRST_ROLLOUT_PERCENT):
        found.append(f"More than {LARGE_COHORT:,} people: begin with 20 to {FIRST_ROLLOUT_PERCENT} % of them.")
    counts = [count for _, count in recruiting_yield(recruiting).steps]
    if counts != sorted(counts, reverse=True):
        found.append("A later step has more people than the one before it. Check the numbers.")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class VisitProgress:
    """How far a journey is prepared."""

    accounts: int
    met: int
    expected: int
    """How many will be met, from experience."""
    next_step: str
    """What is to be done next, as a sentence."""


def visit_progress(visit: Visit) -> VisitProgress:
    """Counts by state, and the next step of the account that is furthest behind."""
    met = sum(account.state in ("met", "followed_up") for account in visit.accounts)
    accounts = len(visit.accounts)
    expected = round(accounts * SHARE_MET)
    fewest, _ = ACCOUNTS_PLANNED
    if accounts < fewest:
        step = f"Look for {fewest - accounts} more accounts: about 30 % of those asked are met."
    else:
        pending = [account for account in visit.accounts if account.state in _NEXT_STEPS]
        behind = min(pending, key=lambda account: ACCOUNT_STATES.index(account.state), default=None)
        step = f"{behind.company}: {_NEXT_STEPS[behind.state]}" if behind is not None else "Nothing is left to do."
    return VisitProgress(accounts, met, expected, step)


_NEXT_STEPS = {
    "researched": "ask the account owner whether it is a good time.",
    "owner_asked": "write to them where they talk to us.",
    "contacted": "have the account owner name the right people.",
    "accepted": "send an invitation for a time.",
    "scheduled": "remind them the day before.",
    "reminded": "meet them.",
    "met": "thank them, and pass open questions on.",
}
