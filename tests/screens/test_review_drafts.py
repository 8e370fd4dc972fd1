"""Drafts of the forms of a review find their forms again, and what others said is typed in their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.screens.draft_forms import form_of
from reviewtui.screens.record_form import RecordForm
from reviewtui.workspace.drafts import DraftKey
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.reviews import CHURN_REASONS, QUESTIONS
from tests.screens.conftest import running
from tests.screens.noted import OCTOBER, PRODUCT, noted_app, press, workspace, write
from tests.screens.reviewed import DAY, reviewed

if TYPE_CHECKING:
    from pathlib import Path

PLACE = f"{PRODUCT}\n2026-10"


async def test_a_draft_of_each_form_finds_it_again(tmp_path: Path) -> None:
    store = reviewed(tmp_path / "w")
    facts = {"customer": "Acme", "month": OCTOBER, "cause": "price", "said_on": DAY}
    reason = store.create(CHURN_REASONS, PRODUCT, facts, DAY)
    (question,) = store.load().of(QUESTIONS)
    keys = [DraftKey(kind, place=PLACE) for kind in ("review", "goal", "question", "checklist", "churn reason")]
    keys += [DraftKey("close", place=PLACE), DraftKey("reopen", place=PLACE)]
    keys += [DraftKey("focus", place=f"{PLACE}\nyield")]
    keys += [DraftKey("churn reason", reason.id), DraftKey("question", question.id)]
    async with running(noted_app(tmp_path / "w")) as pilot:
        forms = [form_of(pilot.app, key) for key in keys]  # type: ignore[arg-type]
        assert all(isinstance(form, RecordForm) for form in forms)
        for gone in (
            DraftKey("review", place="gone\n2026-10"),
            DraftKey("focus", place=f"{PLACE}\nno-such-question"),
            DraftKey("churn reason", "k-gone"),
        ):
            assert form_of(pilot.app, gone) is None  # type: ignore[arg-type]


async def test_what_somebody_said_in_a_meeting_is_typed_for_them(tmp_path: Path) -> None:
    store = workspace(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "c")
        await write(pilot, "Why now?")
        await pilot.press("tab", "tab")
        await write(pilot, "lea")
        await press(pilot, "ctrl+s")
    (comment,) = store.load().of(COMMENTS)
    assert (comment.text, comment.author) == ("Why now?", "lea")
