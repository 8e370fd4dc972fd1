"""Which form of a review a draft was typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.months import Month
from reviewtui.screens import churn_forms, review_forms
from reviewtui.screens.review import month_review
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.reviews import ChurnReason, OpenQuestion

if TYPE_CHECKING:
    from reviewtui.app import ReviewApp
    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.screens.record_form import RecordForm
    from reviewtui.workspace.drafts import DraftKey


def draft_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form; None where its record, its product or its review is gone."""
    if key.record:
        return _of_record(app, key)
    product, month, *part = key.place.split("\n")
    review = month_review(app, product, Month.parse(month))
    if review is None or review.product.id != product:
        return None
    return _of_review(app, key.kind, review, part[0] if part else "")


def _of_record(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    record = app.records.by_id(key.record)
    if isinstance(record, ChurnReason):
        return churn_forms.edit_churn(record)
    if isinstance(record, OpenQuestion):
        review = month_review(app, record.product, record.asked_in)
        return review_forms.question_form(review, record) if review is not None else None
    return None


def _of_review(app: ReviewApp, kind: str, review: MonthReview, part: str) -> RecordForm | None:
    if kind == "review":
        return review_forms.review_form(review, [person.handle for person in app.records.of(PEOPLE)])
    if kind == "focus":
        is_asked = any(prompt.id == part for prompt in review.focus.prompts)
        return review_forms.answer_form(review, part) if is_asked else None
    if kind == "churn reason":
        return churn_forms.churn_form(review, {})
    if kind == "close":
        return review_forms.close_form(review, app.workspace_root)
    make = {
        "goal": review_forms.goal_form,
        "question": review_forms.new_question,
        "checklist": review_forms.checklist_form,
        "reopen": review_forms.reopen_form,
    }.get(kind)
    return make(review) if make is not None else None
