"""The forms for to-dos: a new one, any change of one, and the four ways to dispose of one at a review.

Each way is the same save of a few fields, so that editing again takes it back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from reviewtui.form_fields import FormField
from reviewtui.months import latest_complete_month
from reviewtui.reviews.todos import BLOCKED, DONE, DROPPED, OPEN, lacks
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.workspace.kinds.todos import OWNER_GROUPS, TODO_STATES, TODOS, Carry, Todo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewtui.app import ReviewApp
    from reviewtui.months import Month
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore

_TITLE = FormField("title", "What", "line", required=True)
_DONE_WHEN = FormField("done_when", "Done when", "text", hint="how one sees that it is done")
_LINKS = FormField("links", "Links", "tags", hint="addresses, separated by commas")
_NOTE = FormField("note", "Note", "text", hint="Markdown")
_EVIDENCE = FormField("evidence", "Evidence", "text", hint="what shows that it is done")
_REASON = FormField("reason", "Reason", "text", hint="why it is dropped")
_NEXT_REVIEW = FormField("due", "To review of", "month", required=True, is_ahead=True)
_BLOCKED_ON = FormField("blocked_on", "Blocked on", "line", hint="whom it waits for")


def new_todo(app: ReviewApp, product: str, origin: str = "") -> RecordForm:
    """A form for a to-do of a product, due at the next review; `origin` says where it comes from."""
    day = app.as_of
    values = {"due": review_now(app) + 1, "owner_group": OWNER_GROUPS[0]}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Todo:
        facts = {"created_on": day, "author": store.me, "origin": origin, "owner": typed.get("owner") or store.me}
        return store.create(TODOS, product, {**typed, **facts}, day)

    fields = (_TITLE, *_who_and_when(app), _DONE_WHEN, _LINKS, _NOTE)
    return RecordForm("New to-do", fields, values, DraftKey("to-do", place=f"{product}\n{origin}"), save)


def edit_todo(app: ReviewApp, todo: Todo) -> RecordForm:
    """A form for everything about a to-do, its state too."""
    states = FormField("state", "State", "choice", choices=TODO_STATES, required=True)
    fields = (_TITLE, *_who_and_when(app), states, _DONE_WHEN, _EVIDENCE, _REASON, _BLOCKED_ON, _LINKS, _NOTE)
    values = {field.key: getattr(todo, field.key) for field in fields}

    def check(typed: Mapping[str, Any]) -> Mapping[str, str]:
        return _missing(typed)

    return RecordForm(
        _heading("To-do", todo), fields, values, DraftKey("to-do", todo.id), _saving(todo), check=check, first="title"
    )


def done_form(todo: Todo) -> RecordForm:
    """Asks for evidence."""
    field = _needed(_EVIDENCE)
    return _disposing("Done", todo, (field,), {"evidence": todo.evidence}, {"state": DONE})


def drop_form(todo: Todo) -> RecordForm:
    """Asks why."""
    return _disposing("Drop", todo, (_needed(_REASON),), {"reason": todo.reason}, {"state": DROPPED})


def block_form(app: ReviewApp, todo: Todo) -> RecordForm:
    """Asks on whom it waits, and which review looks at it again."""
    fields = (_needed(_BLOCKED_ON), _NEXT_REVIEW)
    values = {"blocked_on": todo.blocked_on, "due": _next_due(app, todo)}
    return _disposing("Blocked", todo, fields, values, {"state": BLOCKED})


def carry_form(app: ReviewApp, todo: Todo) -> RecordForm:
    """Asks why it was not done and which review it is carried to; the counter follows from what is kept of it."""
    why = FormField("carry_reason", "Why", "text", required=True, hint="why it was not done")
    fields = (why, _NEXT_REVIEW)
    review = review_now(app)

    def save(typed: Mapping[str, Any], store: RecordStore) -> Saved[Todo]:
        carry = Carry(id=token_hex(3), review=review, reason=typed["carry_reason"])
        changes = {"state": OPEN, "due": typed["due"], "carried": (*todo.carried, carry)}
        return store.save(todo, changes)

    key = DraftKey("to-do carry", todo.id)
    return RecordForm(_heading("Carry", todo), fields, {"due": _next_due(app, todo)}, key, save)


def reopened(todo: Todo, store: RecordStore) -> Saved[Todo]:
    """Open the to-do again; what was written about its end stays."""
    return store.save(todo, {"state": OPEN})


def todo_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in; None where its to-do is gone."""
    if not key.record:
        product, _, origin = key.place.partition("\n")
        return new_todo(app, product, origin)
    todo = app.records.by_id(key.record)
    if not isinstance(todo, Todo):
        return None
    makers = {
        "to-do": lambda: edit_todo(app, todo),
        "to-do carry": lambda: carry_form(app, todo),
        "to-do blocked": lambda: block_form(app, todo),
        "to-do done": lambda: done_form(todo),
        "to-do drop": lambda: drop_form(todo),
    }
    make = makers.get(key.kind)
    return make() if make is not None else None


def review_now(app: ReviewApp) -> Month:
    """The month whose review is under way."""
    return latest_complete_month(app.as_of)


def _disposing(
    word: str, todo: Todo, fields: Sequence[FormField], values: Mapping[str, Any], more: Mapping[str, Any]
) -> RecordForm:
    key = DraftKey(f"to-do {word.lower()}", todo.id)
    return RecordForm(_heading(word, todo), fields, values, key, _saving(todo, more))


def _saving(
    todo: Todo, more: Mapping[str, Any] | None = None
) -> Callable[[Mapping[str, Any], RecordStore], Saved[Todo]]:
    def save(typed: Mapping[str, Any], store: RecordStore) -> Saved[Todo]:
        return store.save(todo, {**typed, **(more or {})})

    return save


def _missing(typed: Mapping[str, Any]) -> dict[str, str]:
    """The field that a state asks for and that is empty."""
    asked = {DONE: "evidence", DROPPED: "reason", BLOCKED: "blocked_on"}.get(typed["state"], "")
    if not asked or str(typed.get(asked) or "").strip():
        return {}
    return {asked: lacks(Todo(id="", title="", created_on=date.min, state=typed["state"]))}


def _who_and_when(app: ReviewApp) -> tuple[FormField, ...]:
    owners = sorted({todo.owner for todo in app.records.of(TODOS) if todo.owner})
    return (
        FormField("owner", "Owner", "line", suggestions=owners, hint="empty: you"),
        FormField("owner_group", "Owner is", "choice", choices=(("pm", "pm"), ("team", "product team")), required=True),
        FormField("due", "Due at review", "month", required=True, is_ahead=True),
    )


def _next_due(app: ReviewApp, todo: Todo) -> Month:
    after = review_now(app) + 1
    return after if todo.due is None else max(todo.due, after)


def _needed(field: FormField) -> FormField:
    return replace(field, required=True)


def _heading(word: str, todo: Todo) -> str:
    return safe_text(f"{word}: {todo.title}")
