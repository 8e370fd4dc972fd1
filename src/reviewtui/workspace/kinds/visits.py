"""Customer visits: a journey to a city, the accounts that were asked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, day, name_set, prose, stored, stored_rows
from reviewtui.workspace.kinds.interviews import FollowUp

if TYPE_CHECKING:
    from datetime import date

ACCOUNT_STATES = (
    "researched", "owner_asked", "contacted", "accepted", "scheduled", "reminded", "met", "followed_up", "declined",
)  # fmt: skip
"""How far it is with one account, in order; `declined` ends it at any point."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One customer to be met."""

    id: str = stored(check.filled_text, "A few characters that tell it from the others.")
    company: str = stored(check.filled_text, "The customer.")
    state: str = stored(
        check.one_of(ACCOUNT_STATES), "One of: " + ", ".join(ACCOUNT_STATES) + ".", default="researched", changes=True
    )
    account_owner: str = stored(check.text, "Who looks after them on our side.", default="")
    meeting_on: date | None = stored(day, "The day of the meeting.", default=None, changes=True)
    interview: str = stored(check.text, "The id of the interview that came of it.", default="")
    note: str = stored(prose, "What is known of them.", default="", shape=Shape.PROSE, changes=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit(Record):
    """One journey."""

    city: str = stored(check.filled_text, "Where.")
    starts_on: date = stored(day, "The first day there.", changes=True)
    visitor: str = stored(check.text, "Who goes.", default="")
    ends_on: date | None = stored(day, "The last day there.", default=None, changes=True)
    products: tuple[str, ...] = stored(name_set, "The ids of the products.", default=(), shape=Shape.SET)
    questions: str = stored(prose, "What to ask everybody.", default="", shape=Shape.PROSE, changes=True)
    write_up: str = stored(prose, "What was learned.", default="", shape=Shape.PROSE, changes=True)
    accounts: tuple[Account, ...] = stored_rows(Account, "Who is to be met.")
    follow_ups: tuple[FollowUp, ...] = stored_rows(FollowUp, "Questions that could not be answered there.")


VISITS: RecordKind[Visit] = RecordKind(
    name="visit",
    plural="visits",
    record=Visit,
    place="visits/{id}.toml",
    letter="v",
    named_after="city",
)
