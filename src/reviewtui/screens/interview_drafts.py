"""Which form a draft of a visit, a round of invitations, a person or a tag belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.workspace.kinds.people import Person
from reviewtui.workspace.kinds.recruiting import Recruiting
from reviewtui.workspace.kinds.visits import Visit

if TYPE_CHECKING:
    from reviewtui.app import ReviewApp
    from reviewtui.screens.record_form import RecordForm
    from reviewtui.workspace.drafts import DraftKey


def draft_form(app: ReviewApp, key: DraftKey) -> RecordForm | None:
    """The form that a draft was typed in; None where its record is gone."""
    from reviewtui.screens.owed import person_form
    from reviewtui.screens.tags import tag_form
    from reviewtui.screens.visits import recruiting_form, visit_form

    record = app.records.by_id(key.record) if key.record else None
    if key.record and record is None:
        return None
    if key.kind == "tag":
        return tag_form(app, key.place)
    if key.kind == "visit":
        return visit_form(app, record if isinstance(record, Visit) else None)
    if key.kind == "recruiting":
        return recruiting_form(app, record if isinstance(record, Recruiting) else None, key.place)
    person = record if isinstance(record, Person) else None
    return person_form(app, person.handle if person is not None else "", person)
