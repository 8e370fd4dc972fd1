"""The forms for deep dives: a new one from a template or a cell, any change of one, a piece of evidence."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from reviewtui.form_fields import FormField
from reviewtui.insights.dives import DONE, DROPPED, TEMPLATES, cannot_become, filled
from reviewtui.insights.line_forms import HYPOTHESES_HINT, hypotheses_text, read_hypotheses
from reviewtui.insights.tags import used_tags
from reviewtui.months import Month, latest_complete_month
from reviewtui.screens.cell_words import cell_words
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.workspace.kinds.dives import (
    CONFIDENCES,
    DIVE_STATES,
    DIVES,
    EVIDENCE_KINDS,
    STANCES,
    Dive,
    Evidence,
    Hypothesis,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.app import ReviewApp
    from reviewtui.cell_rows import CellKey
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore

_STATE_NAMES = tuple((state, state.replace("_", " ")) for state in DIVE_STATES)
_DRAFT = "deep dive"
_EVIDENCE_DRAFT = "evidence"


def new_dive(
    app: ReviewApp, product: str, template: str = "", cell: CellKey | None = None, question: str = ""
) -> RecordForm:
    """A form for a dive of a product, begun from the template of that name and from the cell it was started on."""
    month = Month.parse(cell.month) if cell is not None else latest_complete_month(app.as_of)
    values: dict[str, Any] = {"state": "proposed", "target_review": latest_complete_month(app.as_of) + 1}
    chosen = next((item for item in TEMPLATES if item.name == template), None)
    if chosen is not None:
        begun = filled(chosen, month)
        rows = [Hypothesis(id="", text=text) for text in begun.hypotheses]
        values |= {"question": begun.question, "why_now": begun.why_now, "hypotheses": hypotheses_text(rows)}
        values["metrics"] = tuple(metric for metric in begun.metrics if metric in _metric_ids(app, product))
    if cell is not None:
        values |= {"metrics": tuple(sorted({cell.metric, *values.get("metrics", ())})), "month": month}
        values.setdefault("why_now", f"Started from {cell_words(app, cell)}.")
    if question:
        values["question"] = question
    place = "\n".join((product, template, *((cell.metric, cell.month) if cell is not None else ())))

    def save(typed: Mapping[str, Any], store: RecordStore) -> Dive:
        facts = {
            "proposed_on": app.as_of,
            "proposed_by": store.me,
            "proposed_in": latest_complete_month(app.as_of),
        }
        return store.create(DIVES, product, {**_values(typed, ()), **facts}, app.as_of)

    return RecordForm(
        "New deep dive",
        _fields(app, product),
        values,
        DraftKey(_DRAFT, place=place),
        save,
        check=_check,
        first="question",
    )


def edit_dive(app: ReviewApp, dive: Dive, first: str = "question") -> RecordForm:
    """A form for everything about a dive but its evidence."""
    fields = _fields(app, dive.product)
    values = {field.key: getattr(dive, field.key) for field in fields}
    values["hypotheses"] = hypotheses_text(dive.hypotheses)

    def save(typed: Mapping[str, Any], store: RecordStore) -> Saved[Dive]:
        return store.save(dive, _values(typed, dive.hypotheses))

    heading = safe_text(f"Deep dive: {dive.question}")
    return RecordForm(heading, fields, values, DraftKey(_DRAFT, dive.id), save, check=_check, first=first)


def add_evidence(dive: Dive, given: Mapping[str, Any] | None = None) -> RecordForm:
    """A form for one more piece of evidence; `given` are values that are known already."""
    facts = dict(given or {})
    fields = (
        FormField("kind", "What it is", "choice", choices=EVIDENCE_KINDS, required=True),
        FormField("ref", "Where", "line", hint="metric@2026-03, an interview's id (#quote), a to-do's id, an address"),
        FormField("stance", "Evidence is", "choice", choices=STANCES, required=True),
        FormField("note", "Note", "text", hint="what it shows"),
    )
    values: dict[str, Any] = {"kind": "link", "stance": "context", **_known(facts, "kind", "ref", "note")}
    kept = _known(facts, "statement", "figures")

    def save(typed: Mapping[str, Any], store: RecordStore) -> Saved[Dive]:
        evidence = Evidence(id=token_hex(3), added_on=facts["day"], author=store.me, **{**kept, **typed})
        return store.save(dive, {"evidence": (*dive.evidence, evidence)})

    def check(typed: Mapping[str, Any]) -> Mapping[str, str]:
        if not (str(typed["ref"]).strip() or str(typed["note"]).strip() or kept):
            return {"ref": "Say where it is, or what it shows."}
        return {}

    heading = safe_text(f"Evidence: {dive.question}")
    place = DraftKey(_EVIDENCE_DRAFT, dive.id, place=str(facts.get("ref", "")))
    return RecordForm(
        heading, fields, values, place, save, check=check, first="note" if kept or facts.get("ref") else "ref"
    )


def draft_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in; None where its dive is gone."""
    if not key.record:
        from reviewtui.cell_rows import CellKey

        product, template, *cell = key.place.split("\n")
        return new_dive(app, product, template, CellKey(product, *cell) if len(cell) == 2 else None)
    dive = app.records.by_id(key.record)
    if not isinstance(dive, Dive):
        return None
    return edit_dive(app, dive) if key.kind == _DRAFT else add_evidence(dive, {"day": app.as_of, "ref": key.place})


def _known(facts: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: facts[name] for name in names if name in facts}


def _fields(app: ReviewApp, product: str) -> tuple[FormField, ...]:
    return (
        FormField("question", "Question", "line", required=True),
        FormField("state", "State", "choice", choices=_STATE_NAMES, required=True),
        FormField("metrics", "Metrics", "tags", suggestions=_metric_ids(app, product)),
        FormField("month", "From month", "month"),
        FormField("until", "To month", "month", hint="only where it is about several months"),
        FormField("target_review", "For review", "month", is_ahead=True),
        FormField("why_now", "Why now", "text"),
        FormField("hypotheses", "Hypotheses", "text", hint=HYPOTHESES_HINT),
        FormField("finding", "Finding", "text", hint="what was found; needed before it is done"),
        FormField("confidence", "Confidence", "choice", choices=[item for item in CONFIDENCES if item]),
        FormField("decision", "Decision", "text"),
        FormField("next", "Next", "text"),
        FormField("reason", "Reason", "text", hint="why it is dropped"),
        FormField("tags", "Tags", "tags", suggestions=used_tags(app.records)),
    )


def _values(typed: Mapping[str, Any], before: tuple[Hypothesis, ...]) -> dict[str, Any]:
    """What is saved of what was typed."""
    values = dict(typed)
    values["hypotheses"] = read_hypotheses(str(values.get("hypotheses") or ""), before, lambda: token_hex(3))
    values["confidence"] = values.get("confidence") or ""
    return values


def _check(typed: Mapping[str, Any]) -> Mapping[str, str]:
    why_not = cannot_become(typed["state"], str(typed.get("finding") or ""), str(typed.get("reason") or ""))
    return {{DONE: "finding", DROPPED: "reason"}[typed["state"]]: why_not} if why_not else {}


def _metric_ids(app: ReviewApp, product: str) -> tuple[str, ...]:
    loaded = app.sheet_state.loaded
    if loaded is None:
        return ()
    return tuple(metric.id for metric in loaded.sheet.metrics_of(product))
