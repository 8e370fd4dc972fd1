"""Comments and to-dos as plain values."""

from __future__ import annotations

from datetime import date
from typing import Any

from reviewtui.months import Month
from reviewtui.workspace.kinds.comments import Comment
from reviewtui.workspace.kinds.todos import Carry, Todo

OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)


def comment(name: str, kind: str = "comment", answers: str = "", **more: Any) -> Comment:
    """A comment on the MRR of replay in October, said in its review on 3 November."""
    said = {
        "product": "replay",
        "metric": "mrr",
        "month": OCTOBER,
        "review": OCTOBER,
        "author": "ada",
        "said_on": date(2026, 11, 3),
        "text": f"Text of {name}.",
        **more,
    }
    return Comment(id=name, kind=kind, answers=answers, **said)


def todo(name: str, due: Month | None = NOVEMBER, state: str = "open", **more: Any) -> Todo:
    """A to-do of ada's, written down on 3 November."""
    carried = tuple(
        Carry(id=f"k{at}", review=review, reason="no time") for at, review in enumerate(more.pop("carried", ()))
    )
    facts = {
        "product": "replay",
        "title": f"Do {name}",
        "owner": "ada",
        "created_on": date(2026, 11, 3),
        "carried": carried,
        **more,
    }
    return Todo(id=name, due=due, state=state, **facts)
