"""An app over a workspace in which people have written comments and to-dos."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

from reviewtui.app import ReviewApp
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.months import Month
from reviewtui.sheet_state import Position
from reviewtui.workspace.kinds.comments import COMMENTS, Comment
from reviewtui.workspace.kinds.todos import TODOS, Carry, Todo
from reviewtui.workspace.store import RecordStore
from tests.screens.conftest import settled
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.cell_rows import FetchRows
    from reviewtui.metrics.sheet import MetricSheet

PRODUCT = "replay"
SEPTEMBER, OCTOBER, NOVEMBER = Month(2026, 9), Month(2026, 10), Month(2026, 11)
LOCAL = '[me]\nname = "ada"\n'


def workspace(root: Path) -> RecordStore:
    """An empty workspace in which ada works, and its store."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "reviewtui.toml").write_text("schema = 1\n", "utf-8")
    (root / "local.toml").write_text(LOCAL, "utf-8")
    store = RecordStore(root, random=Random(1))
    store.load()
    return store


def say(store: RecordStore, text: str, kind: str = "comment", **facts: Any) -> Comment:
    """A comment of ada's on the churn rate of October, in the review of that month."""
    day, review = facts.pop("day", date(2026, 11, 3)), facts.pop("review", OCTOBER)
    values = {"kind": kind, "author": "ada", "metric": "churn_rate", "month": OCTOBER, "text": text, "said_on": day}
    return store.create(COMMENTS, facts.pop("product", PRODUCT), {**values, **facts}, day, review=review)


def plan(store: RecordStore, title: str, due: Month = NOVEMBER, **facts: Any) -> Todo:
    """A to-do of ada's, written down on 3 November."""
    values = {"title": title, "due": due, "owner": "ada", "created_on": date(2026, 11, 3)}
    return store.create(TODOS, facts.pop("product", PRODUCT), {**values, **facts}, date(2026, 11, 3))


def told(root: Path) -> RecordStore:
    """A workspace with a settled question, an open one, a note of the review before, and to-dos in every state."""
    store = workspace(root)
    asked = say(store, "Why did churn triple? Acme and Beta left in the same week.", "question")
    say(store, "Acme consolidated, Beta was acquired.", "answer", answers=asked.id, author="bob", day=date(2026, 11, 4))
    say(store, "Treat both as expected.", "decision", answers=asked.id, day=date(2026, 11, 5))
    say(store, "Does the new plan explain it?", "question", metric="mrr", author="bob")
    say(store, "Price change announced.", metric="mrr", month=SEPTEMBER, review=SEPTEMBER, day=date(2026, 10, 4))
    plan(store, "Ask billing about credit notes", origin="cell:churn_rate@2026-10", done_when="There is a table.")
    twice = tuple(Carry(id=f"k{at}", review=OCTOBER - 2 + at, reason="no time") for at in range(2))
    plan(store, "Talk to five churned customers", OCTOBER, owner="bob", carried=twice, created_on=date(2026, 8, 2))
    plan(store, "Fix the activation event", OCTOBER, state="done", evidence="Merged.", product="flags")
    plan(store, "Get the export", OCTOBER, state="blocked", blocked_on="Eve", product="flags", owner_group="team")
    return store


def noted_app(
    root: Path, *, metric: str = "churn_rate", fetch_rows: FetchRows | None = None, sheet: MetricSheet | None = None
) -> ReviewApp:
    """An app over `root` that stands on a metric in October."""
    loaded = LoadedSheet(sheet if sheet is not None else make_sheet())
    return ReviewApp(
        root,
        AS_OF,
        load_sheet=lambda _report, _cancel: loaded,
        position=Position(PRODUCT, metric, str(OCTOBER)),
        fetch_rows=fetch_rows,
        state_folder=root.parent / "state",
    )


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what they lead to."""
    await pilot.press(*keys)
    await settled(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text."""
    await pilot.press(*("space" if letter == " " else letter for letter in text))
