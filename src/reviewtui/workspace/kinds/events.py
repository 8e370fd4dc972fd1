"""Events: something known that happened to a product, which charts show and expected ranges begin anew at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, name_set, prose, stored
from reviewtui.workspace.model import EVENT_KINDS

if TYPE_CHECKING:
    from reviewtui.months import Month


@dataclass(frozen=True, kw_only=True, slots=True)
class Event(Record):
    """Something known that happened in a month."""

    month: Month = stored(check.month, "The month it happened in.")
    kind: str = stored(
        check.one_of(EVENT_KINDS),
        "What it was: price, launch, definition, stage or other.",
        default="other",
        changes=True,
    )
    metrics: tuple[str, ...] = stored(
        name_set, "The metrics it matters to; without any: all.", default=(), shape=Shape.SET
    )
    note: str = stored(prose, "What happened.", default="", shape=Shape.PROSE, changes=True)


EVENTS: RecordKind[Event] = RecordKind(
    name="event",
    plural="events",
    record=Event,
    place="products/{product}/events/{id}.toml",
    letter="e",
    named_after="kind",
    removable=True,
    any_name=True,
)
