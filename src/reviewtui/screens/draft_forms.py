"""Which form a draft belongs to: one entry a kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reviewtui.app import ReviewApp
    from reviewtui.screens.record_form import RecordForm
    from reviewtui.workspace.drafts import DraftKey


def _comment(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.comment_forms import comment_form

    return comment_form(app, key)


def _todo(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.todo_forms import todo_form

    return todo_form(app, key)


def _dive(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.dive_forms import draft_form

    return draft_form(app, key)


def _interview(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.interview_forms import draft_form

    return draft_form(app, key)


def _around_interviews(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.interview_drafts import draft_form

    return draft_form(app, key)


def _cost(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.cost_forms import cost_form

    return cost_form(app, key)


def _explanation(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.explanation_forms import draft_form

    return draft_form(app, key)


def _review(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    from reviewtui.screens.review_drafts import draft_form

    return draft_form(app, key)


FORMS: Mapping[str, Callable[[ReviewApp, DraftKey], RecordForm | None]] = {
    "comment": _comment,
    "to-do": _todo,
    "to-do carry": _todo,
    "to-do done": _todo,
    "to-do drop": _todo,
    "to-do blocked": _todo,
    "scenario": _cost,
    "adopt": _cost,
    "alert note": _cost,
    "review": _review,
    "focus": _review,
    "goal": _review,
    "question": _review,
    "checklist": _review,
    "churn reason": _review,
    "close": _review,
    "reopen": _review,
    "deep dive": _dive,
    "evidence": _dive,
    "interview": _interview,
    "withdrawal": _interview,
    "visit": _around_interviews,
    "recruiting": _around_interviews,
    "person": _around_interviews,
    "tag": _around_interviews,
    "explanation": _explanation,
    "event": _explanation,
}
"""`DraftKey.kind` to what makes its form again; None where the record or its place is gone. Import screens late."""


def form_of(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in; None where there is none any more."""
    make = FORMS.get(key.kind)
    return make(app, key) if make is not None else None
