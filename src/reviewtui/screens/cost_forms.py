"""The forms of the Costs screen: saving and adopting a scenario, and what became of an alert."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reviewtui.form_fields import FormField
from reviewtui.months import Month
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.workspace.kinds.costs import ALERT_NOTES, ALERT_STATES, SCENARIOS, AlertNote, Scenario, ScenarioChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.app import ReviewApp
    from reviewtui.workspace.cost_model import CostModel
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore


def scenario_form(app: ReviewApp, product: str, month: Month, changes: Mapping[str, Decimal]) -> RecordForm:
    """Asks what the scenario is called."""
    fields = (FormField("title", "Title", "line", required=True), FormField("note", "Note", "text", hint="Markdown"))
    day = app.as_of
    rows = tuple(ScenarioChange(id=name, value=f"{value:f}") for name, value in changes.items())

    def save(typed: Mapping[str, Any], store: RecordStore) -> Scenario:
        facts = {"month": month, "created_on": day, "author": store.me, "changes": rows}
        return store.create(SCENARIOS, product, {**typed, **facts}, day)

    return RecordForm("Save the scenario", fields, {}, _changes_key("scenario", product, month, changes), save)


def adopt_form(app: ReviewApp, model: CostModel, month: Month, changes: Mapping[str, Decimal]) -> RecordForm:
    """Asks for the reason, then writes the changes into the product's cost.toml."""
    from reviewtui.workspace.cost_edit import adopt

    fields = (FormField("reason", "Reason", "text", required=True, hint="why the model should say so from now on"),)
    path = app.workspace_root / model.path

    def save(typed: Mapping[str, Any], store: RecordStore) -> str:
        del store
        adopt(path, model, month, changes, " ".join(str(typed["reason"]).split()))
        return model.path

    key = _changes_key("adopt", model.product_id, month, changes)
    return RecordForm(f"Adopt from {month} on", fields, {}, key, save)


def alert_form(
    app: ReviewApp, product: str, subject: str, alert_day: date, note: AlertNote | None, state: str = ALERT_STATES[0]
) -> RecordForm:
    """Asks what explains an alert, or until when it is to be quiet; `state` is what is proposed first."""
    fields = (
        FormField("state", "State", "choice", choices=ALERT_STATES, required=True),
        FormField("note", "What explains it", "text", required=True),
        FormField("muted_until", "Muted until", "date", hint="for a muted one"),
        FormField("links", "Links", "tags", hint="addresses, separated by commas"),
    )
    day = app.as_of
    known = {field.key: getattr(note, field.key) for field in fields} if note is not None else {"state": state}

    def save(typed: Mapping[str, Any], store: RecordStore) -> AlertNote | Saved[AlertNote]:
        if note is not None:
            return store.save(note, typed)
        facts = {"subject": subject, "alert_day": alert_day, "said_on": day, "author": store.me}
        return store.create(ALERT_NOTES, product, {**typed, **facts}, day)

    key = DraftKey("alert note", note.id if note is not None else "", place=f"{product}\n{subject}\n{alert_day}")
    return RecordForm(f"Alert: {subject}, {alert_day}", fields, known, key, save, check=_lacks_end)


def _lacks_end(values: Mapping[str, Any]) -> dict[str, str]:
    """An alert that is muted for good would never be heard again."""
    if values.get("state") == "muted" and values.get("muted_until") is None:
        return {"muted_until": "Until when is it to be quiet? After that day it is open again."}
    return {}


def _changes_key(kind: str, product: str, month: Month, changes: Mapping[str, Decimal]) -> DraftKey:
    return DraftKey(
        kind, place="\n".join((product, str(month), *(f"{name}={value:f}" for name, value in changes.items())))
    )


def cost_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in; None where what it is about is gone."""
    product, *rest = key.place.split("\n")
    if key.kind == "alert note":
        found = app.records.by_id(key.record) if key.record else None
        if len(rest) != 2 or (key.record and not isinstance(found, AlertNote)):
            return None
        note = found if isinstance(found, AlertNote) else None
        return alert_form(app, product, rest[0], date.fromisoformat(rest[1]), note)
    if not rest:
        return None
    pairs = (item.rpartition("=") for item in rest[1:])
    changes = {name: Decimal(value) for name, _, value in pairs}
    month = Month.parse(rest[0])
    if key.kind == "scenario":
        return scenario_form(app, product, month, changes)
    costs = app.costs_read.products.get(product) if app.costs_read is not None else None
    return adopt_form(app, costs.model, month, changes) if costs is not None else None
