"""What people write down about costs: scenarios of what if, and what became of an alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import (
    Record,
    RecordKind,
    Shape,
    day,
    decimal_text,
    name_set,
    prose,
    stored,
    stored_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from reviewtui.months import Month

SCENARIO_STATES = ("open", "adopted", "dropped")
ALERT_STATES = ("explained", "muted")


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioChange:
    """One assumption of a scenario."""

    id: str = stored(check.filled_text, "The rule or assumption that is changed, or `price`.")
    value: str = stored(decimal_text, "What it is taken to be, digit by digit.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario(Record):
    """What a product would cost if some assumptions were others."""

    title: str = stored(check.filled_text, "What it is called.", changes=True)
    month: Month = stored(check.month, "The month it is worked out on.")
    created_on: date = stored(day, "The day it was written down.")
    author: str = stored(check.text, "Who wrote it down.", default="")
    state: str = stored(check.one_of(SCENARIO_STATES), "open, adopted or dropped.", default="open", changes=True)
    note: str = stored(prose, "What it is about, as Markdown.", default="", shape=Shape.PROSE, changes=True)
    reason: str = stored(prose, "Why it was adopted or dropped.", default="", shape=Shape.PROSE, changes=True)
    changes: tuple[ScenarioChange, ...] = stored_rows(ScenarioChange, "What it changes.")


SCENARIOS: RecordKind[Scenario] = RecordKind(
    name="scenario",
    plural="scenarios",
    record=Scenario,
    place="products/{product}/scenarios/{id}.toml",
    letter="s",
    named_after="title",
    removable=True,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertNote(Record):
    """Why an alert is no longer open."""

    subject: str = stored(check.filled_text, "What it is about, as `total`, a component, `staleness` or `review`.")
    alert_day: date = stored(day, "The day the alert is of: the Monday of its week, or the day it is counted from.")
    state: str = stored(check.one_of(ALERT_STATES), "explained or muted.", default="explained", changes=True)
    said_on: date = stored(day, "The day it was written down.")
    author: str = stored(check.text, "Who wrote it down.", default="")
    muted_until: date | None = stored(day, "Until when a muted one stays quiet.", default=None, changes=True)
    links: tuple[str, ...] = stored(name_set, "Addresses that belong to it.", default=(), shape=Shape.SET)
    note: str = stored(prose, "What explains it.", default="", shape=Shape.PROSE, changes=True)


def said_last(notes: Iterable[AlertNote]) -> dict[tuple[date, str], AlertNote]:
    """Day and subject of each alert that something was said about, to what was said last."""
    return {(note.alert_day, note.subject): note for note in sorted(notes, key=lambda note: (note.said_on, note.id))}


ALERT_NOTES: RecordKind[AlertNote] = RecordKind(
    name="alert note",
    plural="alert notes",
    record=AlertNote,
    place="products/{product}/alerts/{id}.toml",
    letter="a",
    named_after="subject",
    removable=True,
)
