"""People of the team: who is meant by a short name in the records."""

from __future__ import annotations

from dataclasses import dataclass

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, name_set, stored

ROLES = ("pm", "lead", "exec", "engineer", "other")


@dataclass(frozen=True, kw_only=True, slots=True)
class Person(Record):
    """Somebody of the team, by the short name that records call them."""

    handle: str
    """The short name: the file's name."""
    name: str = stored(check.text, "Their name.", default="")
    role: str = stored(check.one_of(ROLES), "pm, lead, exec, engineer or other.", default="other")
    products: tuple[str, ...] = stored(name_set, "The ids of their products.", default=(), shape=Shape.SET)
    interviews_a_week: float = stored(check.number, "How many interviews they mean to have a week.", default=1.0)
    has_left: bool = stored(check.flag, "Whether they have left the team.", default=False)


PEOPLE: RecordKind[Person] = RecordKind(
    name="person",
    plural="people",
    record=Person,
    place="people/{handle}.toml",
)
