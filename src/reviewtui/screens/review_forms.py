"""The forms of a review: its own words, answers to its focus, the goal of the quarter, questions, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewtui.form_fields import FormField
from reviewtui.reviews import saving
from reviewtui.reviews.checklist import AFTER, BEFORE, DURING, items_of
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.workspace.kinds.reviews import (
    GOAL_STATES,
    GOALS,
    HEALTH,
    MODES,
    QUESTIONS,
    ROLES,
    Goal,
    OpenQuestion,
    Participant,
    Review,
)
from reviewtui.workspace.load import load_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.workspace.store import RecordStore

_VERDICT = FormField("verdict", "Verdict", "line", hint="the month in one line")
_DISCUSSED = FormField("discussed", "Discussed", "text", hint="what was said and decided, as Markdown")
_MODE = FormField("mode", "Form", "choice", choices=MODES, required=True)
_ISSUE = FormField("issue", "Issue", "text", hint="what the PM wants to talk about")
_ASKED_BY = FormField("requested_by", "Asked for by", "line", hint="the lead or exec who asked for a meeting")
_HELD_ON = FormField("held_on", "Held on", "date")
_HEALTH = FormField("health", "Growth was", "choice", choices=HEALTH, hint="over the quarter")
_SHARED = FormField("shared_with", "Shared with", "tags", hint="whom summary and links went to")
_LINKS = FormField("links", "Links", "tags", hint="addresses, separated by commas")


def review_form(review: MonthReview, people: Sequence[str]) -> RecordForm:
    """A form for everything that is written about a review itself; `people` are names to offer."""
    record = review.record
    participants = FormField(
        "participants", "Participants", "tags", suggestions=people, hint=f"name, or name:role; {', '.join(ROLES)}"
    )
    fields = (_VERDICT, _DISCUSSED, _MODE, participants, _ASKED_BY, _ISSUE, _HEALTH, _HELD_ON, _SHARED, _LINKS)
    values: dict[str, Any] = {"mode": review.mode}
    if record is not None:
        values |= {field.key: getattr(record, field.key) for field in fields}
        values["participants"] = tuple(f"{person.id}:{person.role}" for person in record.participants)

    def save(typed: Mapping[str, Any], store: RecordStore) -> Review:
        named = _participants(typed.get("participants") or (), record)
        return saving.changed(review, store, {**typed, "participants": named})

    return RecordForm(heading("Review", review), fields, values, draft_key("review", review), save)


def answer_form(review: MonthReview, prompt_id: str) -> RecordForm:
    """A form for the answer to one question of the focus."""
    prompt = next(item for item in review.focus.prompts if item.id == prompt_id)
    given = next((item.text for item in review.record.answers if item.id == prompt_id), "") if review.record else ""
    field = FormField("text", "Answer", "text", hint="Markdown")

    def save(typed: Mapping[str, Any], store: RecordStore) -> Review:
        return saving.answered(review, store, prompt_id, typed["text"])

    return RecordForm(prompt.text, (field,), {"text": given}, draft_key("focus", review, prompt_id), save)


def goal_form(review: MonthReview) -> RecordForm:
    """A form for the goal of the quarter."""
    goal, quarter = review.goal, review.term.quarter
    fields = (
        FormField("research_goal", "Research goal", "text", hint="what is to be found out"),
        FormField("biggest_unknown", "Unknown", "text", hint="what nobody knows and matters most"),
        FormField("status", "Status", "choice", choices=GOAL_STATES, required=True),
        FormField("finding", "Finding", "text"),
        FormField("owner", "Owner", "line"),
        _LINKS,
    )
    values = {field.key: getattr(goal, field.key) for field in fields} if goal is not None else {"status": "open"}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Goal:
        if goal is not None:
            return store.save(goal, typed).record
        return store.create(GOALS, review.product.id, {**typed, "quarter": str(quarter)}, review.today)

    words = f"Goal of {quarter.label} · {product_words(review)}"
    return RecordForm(words, fields, values, draft_key("goal", review), save)


def new_question(review: MonthReview) -> RecordForm:
    """A form for a question that later reviews come back to."""
    field = FormField("text", "Question", "text", required=True)

    def save(typed: Mapping[str, Any], store: RecordStore) -> OpenQuestion:
        facts = {**typed, "asked_on": review.today, "asked_in": review.month, "author": store.me}
        return store.create(QUESTIONS, review.product.id, facts, review.today)

    return RecordForm(heading("Open question", review), (field,), {}, draft_key("question", review), save)


def question_form(review: MonthReview, question: OpenQuestion) -> RecordForm:
    """A form for a question and its answer."""
    fields = (
        FormField("answer", "Answer", "text", hint="answered, it does not come back"),
        FormField("text", "Question", "text", required=True),
        _LINKS,
    )

    def save(typed: Mapping[str, Any], store: RecordStore) -> OpenQuestion:
        answered_in = (question.answered_in or review.month) if str(typed["answer"]).strip() else None
        return store.save(question, {**typed, "answered_in": answered_in}).record

    values = {"answer": question.answer, "text": question.text, "links": question.links}
    return RecordForm("Open question", fields, values, DraftKey("question", question.id), save)


def checklist_form(review: MonthReview) -> RecordForm:
    """A form for the lines of the checklist; the next review takes the list over."""
    items = items_of(review.record, review.earlier)
    hint = "a line each; one that keeps its words keeps its tick"
    phases = ((BEFORE, "Before"), (DURING, "In the meeting"), (AFTER, "After"))
    fields = tuple(FormField(phase, name, "text", hint=hint) for phase, name in phases)
    values = {phase: "\n".join(item.text for item in items if item.phase == phase) for phase, _ in phases}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Review:
        texts = {phase: str(typed[phase] or "").split("\n") for phase, _ in phases}
        return saving.rewrite_checklist(review, store, texts)

    return RecordForm(heading("Checklist", review), fields, values, draft_key("checklist", review), save)


def close_form(review: MonthReview, root: Path) -> RecordForm:
    """A form that closes a review although something is missing."""
    field = FormField("override", "Because", "text", required=True, hint="the next review reads it")

    def save(typed: Mapping[str, Any], store: RecordStore) -> Review:
        return saving.close(review, store, load_workspace(root), typed["override"])

    missing = " ".join(review.missing)
    return RecordForm(f"Close nevertheless? {missing}", (field,), {}, draft_key("close", review), save)


def reopen_form(review: MonthReview) -> RecordForm:
    """A form that opens a closed review again."""
    field = FormField("why", "Because", "text", required=True, hint="those who read the review will ask")

    def save(typed: Mapping[str, Any], store: RecordStore) -> Review:
        return saving.reopen(review, store, typed["why"])

    return RecordForm(heading("Open again", review), (field,), {}, draft_key("reopen", review), save)


def _participants(typed: Sequence[str], record: Review | None) -> tuple[Participant, ...]:
    """`ada:pm` and the like; who was there keeps the role they had."""
    before = {person.id: person for person in record.participants} if record is not None else {}
    people = []
    for text in typed:
        name, _, role = text.partition(":")
        known = before.get(name.strip(), Participant(id=name.strip()))
        wanted = role.strip().lower() if role.strip().lower() in ROLES else known.role
        if name.strip():
            people.append(Participant(id=name.strip(), role=wanted, is_new=known.is_new))
    return tuple({person.id: person for person in people}.values())


def heading(words: str, review: MonthReview) -> str:
    """The heading of a form: what it asks, of which product and month."""
    return f"{words} · {product_words(review)} · {review.month.long_label}"


def product_words(review: MonthReview) -> str:
    """The product, safe to show."""
    return safe_text(review.product.name or review.product.id)


def draft_key(kind: str, review: MonthReview, part: str = "") -> DraftKey:
    """What a draft of such a form is kept under."""
    return DraftKey(kind, place="\n".join(filter(None, (review.product.id, str(review.month), part))))
