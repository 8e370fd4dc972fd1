"""Records made by hand, for tests of what is derived from them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.kinds.dives import DIVES, Dive, Evidence
from reviewtui.workspace.kinds.interviews import Consent, FollowUp, Interview, Quote, Reward
from reviewtui.workspace.kinds.registry import ALL_KINDS
from reviewtui.workspace.record_set import Records

if TYPE_CHECKING:
    from reviewtui.workspace.kinds.base import Record

__all__ = ["DIVES", "Consent", "Evidence", "FollowUp", "Quote", "Reward", "dive", "interview", "records"]


def interview(number: int = 1, **values: Any) -> Interview:
    """An interview with Joe of Acme about web analytics, on 10 March 2026."""
    facts: dict[str, Any] = {
        "topic": "Web analytics",
        "held_on": date(2026, 3, 10),
        "first_name": "Joe",
        "company": "Acme",
        "interviewer": "ann",
        "products": ("web",),
    }
    return Interview(id=f"i-260310-000{number}", **{**facts, **values})


def dive(number: int = 1, **values: Any) -> Dive:
    """A proposed dive of the product `web` into churn."""
    facts: dict[str, Any] = {
        "question": "Why did so many leave in March?",
        "proposed_on": date(2026, 4, 2),
        "metrics": ("churn_rate",),
        "product": "web",
    }
    return Dive(id=f"d-260402-000{number}", **{**facts, **values})


def records(*given: Record) -> Records:
    """A workspace that holds exactly these."""
    return Records(
        {kind.name: tuple(record for record in given if isinstance(record, kind.record)) for kind in ALL_KINDS}
    )
