"""A workspace whose product has been reviewed for some months, and what a review needs of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.kinds.explanations import EXPLANATIONS
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.reviews import GOALS, QUESTIONS, REVIEWS, Participant, Review
from reviewtui.workspace.kinds.todos import TODOS
from tests.screens.noted import NOVEMBER, OCTOBER, PRODUCT, SEPTEMBER, told

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.months import Month
    from reviewtui.workspace.store import RecordStore

DAY = date(2026, 11, 3)


def reviewed(root: Path) -> RecordStore:
    """Comments and to-dos as in `told`, an open question of the review before, a goal of the quarter, people."""
    store = told(root)
    store.create(
        QUESTIONS,
        PRODUCT,
        {"text": "Do exports keep users?", "asked_on": date(2026, 10, 4), "asked_in": SEPTEMBER, "author": "bob"},
        DAY,
    )
    goal = {"quarter": "2026-q4", "research_goal": "Find out why trials end.", "status": "partly"}
    store.create(GOALS, PRODUCT, goal, DAY)
    store.create(REVIEWS, PRODUCT, {"mode": "sync"}, date(2026, 10, 4), review=SEPTEMBER)
    for handle, role in (("lea", "lead"), ("eve", "exec")):
        store.create(PEOPLE, "", {"handle": handle, "role": role}, DAY)
    return store


def ready_to_close(root: Path) -> RecordStore:
    """Everything disposed, explained and exported: nothing stands against closing October."""
    store = reviewed(root)
    dispose(store)
    explain(store, "churn_rate")
    people = (Participant(id="lea", role="lead"), Participant(id="eve", role="exec"))
    values = {"mode": "sync", "verdict": "Growth held.", "summary_exported": ("markdown",), "participants": people}
    store.create(REVIEWS, PRODUCT, values, DAY, review=OCTOBER)
    return store


def dispose(store: RecordStore) -> None:
    """Carry every open to-do of October to November."""
    for todo in store.load().of_product(TODOS, PRODUCT):
        if todo.due == OCTOBER and todo.state == "open":
            store.save(todo, {"due": NOVEMBER})


def explain(store: RecordStore, metric: str, month: Month = OCTOBER, **facts: Any) -> None:
    """Say why a cell is out of the ordinary."""
    said = {"verdict": "explained", "reason": "Acme left.", "author": "ada", "said_on": DAY, **facts}
    store.create(EXPLANATIONS, PRODUCT, {"metric": metric, "month": month, **said}, DAY, review=OCTOBER)


def review_of(store: RecordStore, month: Month = OCTOBER) -> Review:
    """The review of a month as it is on disk."""
    (found,) = [item for item in store.load().of(REVIEWS) if item.review == month]
    return found
