"""The forms for what is known about a value: an explanation, why it was expected, until when it waits; an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewtui.anomalies.explaining import given_in, value_facts
from reviewtui.cell_rows import CellKey
from reviewtui.form_fields import FormField
from reviewtui.months import Month, latest_complete_month
from reviewtui.screens.cell_words import cell_words
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.workspace.kinds.events import EVENTS, Event
from reviewtui.workspace.kinds.explanations import EXPLANATIONS, Explanation
from reviewtui.workspace.model import EVENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reviewtui.app import ReviewApp
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore

EXPLAINED, EXPECTED, SNOOZED, UNKNOWN = "explained", "expected", "snoozed", "unknown"

_VERDICTS = ((EXPLAINED, "explained"), (EXPECTED, "expected"))
_HEADINGS = {EXPLAINED: "Explain", EXPECTED: "Expected", SNOOZED: "Snooze"}
_LINKS = FormField("links", "Links", "tags", hint="addresses, separated by commas")
_EVENT_NAMES = {
    "price": "price change",
    "definition": "changed definition: no growth is computed across it",
    "stage": "another stage",
    "launch": "launch",
    "other": "something else",
}


def explain_form(app: ReviewApp, cell: CellKey, verdict: str = EXPLAINED) -> RecordForm:
    """A form for what is known about a cell; what this review says about it already stands in it."""
    before = said_now(app, cell)
    values: dict[str, Any] = {"verdict": verdict}
    if before is not None:
        values |= {"reason": before.reason, "links": before.links}
        if verdict == EXPLAINED and before.verdict == EXPECTED:
            values["verdict"] = EXPECTED
    if verdict == SNOOZED:
        values["until"] = latest_complete_month(app.as_of) + 1
    save = saving_words(app, cell, before, {"verdict": verdict})
    return RecordForm(
        f"{_HEADINGS[verdict]}: {cell_words(app, cell)}",
        _fields(verdict),
        values,
        DraftKey("explanation", place="\n".join((*cell, verdict))),
        save,
        check=_checked(app) if verdict == SNOOZED else None,
        first="reason" if verdict != SNOOZED else "until",
    )


def _fields(verdict: str) -> Sequence[FormField]:
    if verdict == SNOOZED:
        until = FormField("until", "Until the review of", "month", required=True, is_ahead=True)
        return until, FormField("reason", "Why it can wait", "text", hint="Markdown")
    reason = FormField("reason", "Why", "text", required=True, hint="Markdown")
    if verdict == EXPECTED:
        return reason, _LINKS
    return reason, FormField("verdict", "Verdict", "choice", choices=_VERDICTS, required=True), _LINKS


def _checked(app: ReviewApp) -> Callable[[Mapping[str, Any]], Mapping[str, str]]:
    newest = latest_complete_month(app.as_of)

    def check(typed: Mapping[str, Any]) -> Mapping[str, str]:
        if typed["until"] > newest:
            return {}
        return {"until": f"It comes back at once: {newest.long_label} is complete. Choose a later month."}

    return check


def saving_words(
    app: ReviewApp, cell: CellKey, before: Explanation | None, given: Mapping[str, Any]
) -> Callable[[Mapping[str, Any], RecordStore], Explanation | Saved[Explanation]]:
    """Saves what is typed, and `given`, as what this review says about the cell, with the value that it is about."""
    month, day = Month.parse(cell.month), app.as_of
    loaded = app.sheet_state.loaded
    facts = {"until": None, "said_on": day}
    if loaded is not None:
        verdict = app.judgements.verdict(cell.product, cell.metric, month)
        facts |= value_facts(loaded.sheet.cell(cell.product, cell.metric, month), verdict)

    def save(typed: Mapping[str, Any], store: RecordStore) -> Explanation | Saved[Explanation]:
        values = {**facts, **given, **typed, "author": store.me}
        if before is not None:
            return store.save(before, values)
        about = {"metric": cell.metric, "month": month}
        return store.create(EXPLANATIONS, cell.product, {**values, **about}, day, review=latest_complete_month(day))

    return save


def said_now(app: ReviewApp, cell: CellKey) -> Explanation | None:
    """What the present review says about a cell."""
    about = app.records.of_product(EXPLANATIONS, cell.product)
    return given_in(about, cell.product, cell.metric, Month.parse(cell.month), latest_complete_month(app.as_of))


def event_form(app: ReviewApp, cell: CellKey) -> RecordForm:
    """A form for something known that happened in the month of a cell."""
    loaded = app.sheet_state.loaded
    known = [item.id for item in loaded.sheet.metrics_of(cell.product)] if loaded is not None else []
    fields = (
        FormField("note", "What happened", "text", required=True, hint="Markdown"),
        FormField(
            "kind", "Kind", "choice", choices=[(kind, _EVENT_NAMES[kind]) for kind in EVENT_KINDS], required=True
        ),
        FormField("month", "Month", "month", required=True),
        FormField("metrics", "Metrics", "tags", suggestions=known, hint="ids; empty: all of the product"),
    )
    values = {"kind": "other", "month": Month.parse(cell.month), "metrics": (cell.metric,)}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Event:
        return store.create(EVENTS, cell.product, typed, app.as_of)

    heading = f"Event: {cell_words(app, cell)}"
    return RecordForm(heading, fields, values, DraftKey("event", place="\n".join(cell)), save, first="note")


def draft_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in."""
    parts = key.place.split("\n")
    if len(parts) < 3:
        return None
    cell = CellKey(parts[0], parts[1], parts[2])
    if key.kind == "event":
        return event_form(app, cell)
    return explain_form(app, cell, parts[3]) if len(parts) > 3 and parts[3] in _HEADINGS else None
