"""A workspace in which every text that a person can write, in every type of record, is a hostile one."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, Any

from reviewtui.months import Month
from reviewtui.workspace.kinds.registry import ALL_KINDS
from reviewtui.workspace.store import RecordStore
from tests.workspace.hostile import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reviewtui.workspace.kinds.base import Record, RecordKind

DAY, OCTOBER = date(2026, 11, 3), Month(2026, 10)
PRODUCT, METRIC = "replay", "churn_rate"
TEXTS = sorted({text for text in HOSTILE.values() if text.strip()})
TEXT = object()
"""Stands for the next hostile string."""

_CELL = {"metric": METRIC, "month": OCTOBER}
_FOLLOW_UP = {"id": "one", "text": TEXT, "assignee": TEXT, "link": TEXT}
RECORDS: dict[str, dict[str, Any]] = {
    "comment": {**_CELL, "said_on": DAY, "text": TEXT, "author": TEXT, "source": TEXT},
    "explanation": {
        **_CELL, "verdict": "explained", "said_on": DAY, "author": TEXT, "anomaly": TEXT, "links": [TEXT],
        "reason": TEXT,
    },
    "event": {"month": OCTOBER, "metrics": [TEXT], "note": TEXT},
    "to-do": {
        "title": TEXT, "created_on": DAY, "owner": TEXT, "due": OCTOBER, "author": TEXT, "origin": TEXT,
        "blocked_on": TEXT, "links": [TEXT], "evidence": TEXT, "reason": TEXT, "done_when": TEXT, "note": TEXT,
        "carried": [{"id": "one", "review": OCTOBER, "reason": TEXT}],
    },
    "deep dive": {
        "question": TEXT, "proposed_on": DAY, "proposed_by": TEXT, "metrics": [METRIC, TEXT], "month": OCTOBER,
        "tags": [TEXT], "why_now": TEXT, "finding": TEXT, "decision": TEXT, "next": TEXT, "reason": TEXT,
        "hypotheses": [{"id": "one", "text": TEXT}],
        "evidence": [
            {"id": "one", "kind": "cell", "ref": TEXT, "added_on": DAY, "author": TEXT, "note": TEXT},
            {"id": "two", "kind": "query", "ref": TEXT, "statement": TEXT, "figures": TEXT},
        ],
    },
    "interview": {
        "topic": TEXT, "held_on": DAY, "interviewer": TEXT, "products": [PRODUCT], "first_name": TEXT, "person": TEXT,
        "company": TEXT, "role": TEXT, "others_present": [TEXT], "recruited_by": TEXT, "document": TEXT,
        "calendar": TEXT, "tags": [TEXT], "metrics": [METRIC], "summary": TEXT, "corrections": TEXT,
        "consent": {"given_by": TEXT}, "reward": {"code_ref": TEXT},
        "quotes": [{"id": "one", "text": TEXT, "tags": [TEXT], "metrics": [METRIC], "refs": [TEXT]}],
        "follow_ups": [_FOLLOW_UP],
    },
    "visit": {
        "city": TEXT, "starts_on": DAY, "visitor": TEXT, "products": [PRODUCT], "questions": TEXT, "write_up": TEXT,
        "accounts": [{"id": "one", "company": TEXT, "account_owner": TEXT, "interview": TEXT, "note": TEXT}],
        "follow_ups": [_FOLLOW_UP],
    },
    "recruiting": {
        "cohort": TEXT, "started_on": DAY, "products": [PRODUCT], "owner": TEXT, "template": TEXT, "note": TEXT,
    },
    "person": {"name": TEXT, "products": [TEXT]},
    "tags": {"tags": [{"id": f"theme/n{place}", "description": TEXT} for place in range(len(TEXTS))]},
    "review": {
        "held_on": DAY, "requested_by": TEXT, "mode_reason": TEXT, "shared_with": [TEXT], "issue": TEXT,
        "links": [TEXT], "verdict": TEXT, "discussed": TEXT, "participants": [{"id": "one"}],
        "answers": [{"id": "one", "text": TEXT}], "checklist": [{"id": "one", "phase": "after", "text": TEXT}],
        "closings": [{"id": "one", "closed_on": DAY, "by": TEXT, "reopened_on": DAY, "reopened_why": TEXT}],
    },
    "goal": {"research_goal": TEXT, "owner": TEXT, "links": [TEXT], "biggest_unknown": TEXT, "finding": TEXT},
    "question": {"asked_on": DAY, "asked_in": OCTOBER, "text": TEXT, "author": TEXT, "links": [TEXT], "answer": TEXT},
    "churn reason": {
        "customer": TEXT, "month": OCTOBER, "cause": "bugs", "said_on": DAY, "author": TEXT, "links": [TEXT],
        "note": TEXT,
    },
    "scenario": {
        "title": TEXT, "month": OCTOBER, "created_on": DAY, "author": TEXT, "note": TEXT, "reason": TEXT,
        "changes": [{"id": "one", "value": "20770.00"}],
    },
    "alert note": {
        "subject": TEXT, "alert_day": DAY, "said_on": DAY, "author": TEXT, "links": [TEXT], "note": TEXT,
    },
}  # fmt: skip
"""By type of record: values that are stored, with every field that takes any text."""


def hostile_workspace(root: Path) -> RecordStore:
    """Every hostile string in every type of record."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "reviewtui.toml").write_text("schema = 1\n", "utf-8")
    (root / "local.toml").write_text('[me]\nname = "ada"\n', "utf-8")
    store = RecordStore(root, random=Random(1))
    for kind in ALL_KINDS:
        for place, values in enumerate(_with_all_texts(RECORDS[kind.name])):
            _create(store, kind, values, place)
    return store


def _with_all_texts(pattern: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """So many values of the pattern that every string has been used once."""
    texts = cycle(TEXTS)
    count = _count(pattern)
    for _ in range(-(-len(TEXTS) // count)):
        yield _filled(pattern, texts)


def _count(value: Any) -> int:
    if value is TEXT:
        return 1
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_count, parts))


def _filled(value: Any, texts: Iterator[str]) -> Any:
    if value is TEXT:
        return next(texts)
    if isinstance(value, dict):
        return {key: _filled(item, texts) for key, item in value.items()}
    return [_filled(item, texts) for item in value] if isinstance(value, list) else value


def _create(store: RecordStore, kind: RecordKind[Record], values: dict[str, Any], place: int) -> None:
    """Where a place has one record only, each is put into a place of its own, the first into that of October."""
    parts = {"quarter": f"{2026 - (place + 3) // 4}-q{(3 - place) % 4 + 1}", "handle": f"p{place}"}
    review = OCTOBER - place if kind.name == "review" else OCTOBER
    store.create(kind, PRODUCT, {**values, **parts}, DAY, review=review)
