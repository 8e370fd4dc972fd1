"""The forms for comments: a new one on a cell, an answer to one, a change of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewtui.form_fields import FormField
from reviewtui.months import Month, latest_complete_month
from reviewtui.reviews.threads import ANSWER, COMMENT, DECISION, QUESTION
from reviewtui.screens.cell_words import cell_words
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.workspace.kinds.comments import COMMENTS, Comment
from reviewtui.workspace.kinds.people import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.app import ReviewApp
    from reviewtui.cell_rows import CellKey
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore

_KINDS = ((COMMENT, "comment"), (QUESTION, "question"), (ANSWER, "answer"), (DECISION, "decision"))


def new_comment(app: ReviewApp, cell: CellKey, kind: str = COMMENT, **given: str) -> RecordForm:
    """A form for a comment on a cell; `given` may hold a text and its source."""
    place = f"{cell.product}\n{cell.metric}\n{cell.month}"
    heading = f"Comment on {cell_words(app, cell)}"
    values = {"kind": kind, "text": given.get("text", ""), "until": None}
    if given.get("source"):
        place += f"\n{given['source']}"

    def save(typed: Mapping[str, Any], store: RecordStore) -> Comment:
        return add_comment(app, store, cell, {**typed, "source": given.get("source", "")})

    fields = (*_fields(Month.parse(cell.month)), _said_by_field(app))
    return RecordForm(heading, fields, values, DraftKey("comment", place=place), save)


def new_answer(app: ReviewApp, to: Comment) -> RecordForm:
    """A form for what follows a comment, on the same cell."""
    kind = ANSWER if to.kind == QUESTION else COMMENT
    heading = f"To {_said_by(to)}: {' '.join(to.text.split())}"

    def save(typed: Mapping[str, Any], store: RecordStore) -> Comment:
        about = {"metric": to.metric, "month": to.month, "until": to.until, "answers": to.id}
        return _create(app, store, to.product, {**typed, **about})

    fields = (*_fields(None), _said_by_field(app))
    return RecordForm(
        heading, fields, {"kind": kind}, DraftKey("comment", place=f"answer\n{to.id}"), save, first="text"
    )


def edit_comment(comment: Comment) -> RecordForm:
    """A form that changes a comment."""
    values = {"kind": comment.kind, "text": comment.text, "until": comment.until}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Saved[Comment]:
        return store.save(comment, typed)

    heading = f"{_said_by(comment)}, {comment.said_on}"
    fields = [field for field in _fields(comment.month) if field.key != "until" or not comment.answers]
    return RecordForm(heading, fields, values, DraftKey("comment", comment.id), save, first="text")


def add_comment(app: ReviewApp, store: RecordStore, cell: CellKey, values: Mapping[str, Any]) -> Comment:
    """Save a new comment on a cell; blocks. ReviewError where that cannot be done."""
    about = {"metric": cell.metric, "month": Month.parse(cell.month)}
    return _create(app, store, cell.product, {**values, **about})


def _create(app: ReviewApp, store: RecordStore, product: str, values: Mapping[str, Any]) -> Comment:
    said = {**values, "author": values.get("author") or store.me, "said_on": app.as_of}
    return store.create(COMMENTS, product, said, app.as_of, review=latest_complete_month(app.as_of))


def comment_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in; None where what it was about is gone."""
    from reviewtui.cell_rows import CellKey

    if key.record:
        comment = app.records.by_id(key.record)
        return edit_comment(comment) if isinstance(comment, Comment) else None
    parts = key.place.split("\n")
    if parts[0] == "answer":
        to = app.records.by_id(parts[1])
        return new_answer(app, to) if isinstance(to, Comment) else None
    source = parts[3] if len(parts) > 3 else ""
    return new_comment(app, CellKey(*parts[:3]), source=source) if len(parts) >= 3 else None


def saved_words(result: object) -> str:
    """What to say of a save beyond that it was done; empty where nothing is."""
    conflict, mended = getattr(result, "conflict", None), getattr(result, "mended", ())
    if conflict is not None:
        return "Somebody else changed the same text: theirs stays, yours is kept beside it. ! shows both."
    if mended:
        return "Saved; half characters that cannot be stored became \ufffd."
    if getattr(result, "merged", False):
        return "Saved together with what somebody else changed meanwhile."
    return ""


def _fields(month: Month | None) -> Sequence[FormField]:
    fields = [
        FormField("kind", "What it is", "choice", choices=_KINDS, required=True),
        FormField("text", "Text", "text", required=True, hint="Markdown"),
    ]
    if month is not None:
        fields.append(FormField("until", "Up to month", "month", hint="only where it is about several months"))
    return fields


def _said_by_field(app: ReviewApp) -> FormField:
    """For what somebody said in a meeting and another person types."""
    names = {person.handle for person in app.records.of(PEOPLE)}
    names |= {comment.author for comment in app.records.of(COMMENTS) if comment.author}
    return FormField("author", "Said by", "line", suggestions=sorted(names), hint="empty: you")


def _said_by(comment: Comment) -> str:
    return safe_text(f"{comment.author or 'somebody'} ({comment.kind})")
