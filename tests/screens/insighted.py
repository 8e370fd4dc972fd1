"""An app over a workspace with deep dives, interviews, and a source that statements can be run on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from reviewtui.workspace.kinds.dives import DIVES, Dive, Evidence, Hypothesis
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Consent, FollowUp, Interview, Quote, Reward
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.recruiting import RECRUITING
from reviewtui.workspace.kinds.tags import TAG_REGISTRY, Tag
from reviewtui.workspace.kinds.visits import VISITS, Account
from tests.screens.noted import OCTOBER, PRODUCT, workspace
from tests.sources.support import make_file

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from reviewtui.workspace.store import RecordStore

DAY = date(2026, 11, 2)


def talk(store: RecordStore, topic: str = "Web analytics", day: date = DAY, **facts: Any) -> Interview:
    """An interview that ada led."""
    values = {"topic": topic, "held_on": day, "interviewer": "ada", "products": (PRODUCT,), "first_name": "Joe"}
    return store.create(INTERVIEWS, "", {**values, **facts}, day)


def ask(store: RecordStore, question: str = "Why did churn triple?", **facts: Any) -> Dive:
    """A dive on the churn rate of October."""
    values = {"question": question, "proposed_on": DAY, "metrics": ("churn_rate",), "month": OCTOBER}
    return store.create(DIVES, facts.pop("product", PRODUCT), {**values, **facts}, DAY)


def insighted(root: Path) -> RecordStore:
    """A workspace with a little of everything."""
    store = workspace(root)
    quote = Quote(
        id="q1",
        text="We leave because exports are slow.",
        tags=("theme/export",),
        metrics=("churn_rate",),
        stance="supports",
    )
    joe = talk(
        store,
        company="Acme",
        role="Head of Engineering",
        icp="yes",
        summary="Exports are slow. They wait for an hour every Monday.",
        tags=("theme/export",),
        quotes=(quote,),
        follow_ups=(FollowUp(id="f1", text="Slow export", kind="issue", assignee="bob"),),
        consent=Consent(asked=True, given=True, given_on=DAY, scope=("notes", "quote")),
        reward=Reward(amount="40"),
    )
    talk(store, "Session replay", date(2026, 10, 20), first_name="Eve", company="Beta", tags=("Theme/Export",))
    ask(
        store,
        state="in_progress",
        why_now="It is out of the ordinary.",
        hypotheses=(Hypothesis(id="h1", text="Exports.", state="supported"), Hypothesis(id="h2", text="The price.")),
        evidence=(Evidence(id="e1", kind="interview", ref=f"{joe.id}#q1", stance="supports", note="Says so."),),
    )
    ask(store, "Who answers our surveys?", state="done", metrics=("nps",), finding="Those who are content.")
    store.create(PEOPLE, "", {"handle": "bob", "role": "pm", "name": "Bob"}, DAY)
    store.create(RECRUITING, "", {"cohort": "top users", "started_on": DAY, "invited": 120, "replied": 18}, DAY)
    accounts = (Account(id="a1", company="Acme", state="met", interview=joe.id),)
    store.create(VISITS, "", {"city": "Berlin", "starts_on": DAY, "accounts": accounts}, DAY)
    store.create(TAG_REGISTRY, "", {"tags": (Tag(id="theme/export", description="Getting data out"),)}, DAY)
    return store


def shows(pilot: Pilot[None], kind: type) -> bool:
    """Whether a screen of this kind is open."""
    return isinstance(pilot.app.screen, kind)


def with_source(root: Path) -> Path:
    """A DuckDB file that the workspace names; its path."""
    path = make_file(
        root / "acme.duckdb",
        "CREATE TABLE team AS SELECT * FROM (VALUES (1, 'Ann'), (2, 'Bo')) AS t(id, name)",
    )
    (root / "reviewtui.toml").write_text('schema = 1\n\n[[source]]\npath = "acme.duckdb"\n', "utf-8")
    return path
