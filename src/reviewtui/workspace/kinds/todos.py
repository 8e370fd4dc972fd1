"""To-dos: what somebody is held to at a later review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, day, name_set, prose, stored, stored_rows

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.months import Month

OWNER_GROUPS = ("pm", "team")
TODO_STATES = ("open", "done", "dropped", "blocked")


@dataclass(frozen=True, kw_only=True, slots=True)
class Carry:
    """One time a to-do was carried over to a later review."""

    id: str = stored(check.filled_text, "A few characters that tell it from the others.")
    review: Month = stored(check.month, "The review that carried it over.")
    reason: str = stored(check.text, "Why.", default="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Todo(Record):
    """Something that is to be done by the review it is due at."""

    title: str = stored(check.filled_text, "What is to be done.", changes=True)
    created_on: date = stored(day, "The day it was written down.")
    owner: str = stored(check.text, "Who is held to it.", default="", changes=True)
    owner_group: str = stored(
        check.one_of(OWNER_GROUPS), "Whether the owner is the `pm` or of the `team`.", default="pm"
    )
    due: Month | None = stored(check.month, "The review that it is due at.", default=None, changes=True)
    author: str = stored(check.text, "Who wrote it down.", default="")
    state: str = stored(check.one_of(TODO_STATES), "open, done, dropped or blocked.", default="open", changes=True)
    origin: str = stored(check.text, "Where it comes from: a record's id, or `cell:` metric `@` month.", default="")
    blocked_on: str = stored(check.text, "Whom a blocked one waits for.", default="", changes=True)
    links: tuple[str, ...] = stored(name_set, "Addresses that belong to it.", default=(), shape=Shape.SET)
    evidence: str = stored(prose, "What shows that it is done.", default="", shape=Shape.PROSE, changes=True)
    reason: str = stored(prose, "Why it was dropped.", default="", shape=Shape.PROSE, changes=True)
    done_when: str = stored(prose, "How one sees that it is done.", default="", shape=Shape.PROSE, changes=True)
    note: str = stored(prose, "Anything else, as Markdown.", default="", shape=Shape.PROSE, changes=True)
    carried: tuple[Carry, ...] = stored_rows(Carry, "The times it was carried over.")


TODOS: RecordKind[Todo] = RecordKind(
    name="to-do",
    plural="to-dos",
    record=Todo,
    place="products/{product}/todos/{id}.toml",
    letter="t",
    named_after="title",
)
