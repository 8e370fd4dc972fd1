"""Recruiting: how people are found to talk to, and how many of them come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, day, name_set, prose, stored

if TYPE_CHECKING:
    from datetime import date

RECRUITING_CHANNELS = ("survey", "slack", "roadmap", "email", "other")
_MOST_PEOPLE = 10_000_000
_MOST_DAYS = 3_650


@dataclass(frozen=True, kw_only=True, slots=True)
class Recruiting(Record):
    """One round of invitations."""

    cohort: str = stored(check.filled_text, "Who was invited, such as `top users` or `churned in March`.")
    started_on: date = stored(day, "The day the first invitation went out.")
    channel: str = stored(
        check.one_of(RECRUITING_CHANNELS), "survey, slack, roadmap, email or other.", default="survey"
    )
    products: tuple[str, ...] = stored(name_set, "The ids of the products.", default=(), shape=Shape.SET)
    cohort_size: int | None = stored(check.whole(0, _MOST_PEOPLE), "How many people there are in it.", default=None)
    rollout_percent: int | None = stored(
        check.whole(0, 100), "The share of them that is invited.", default=None, changes=True
    )
    wait_days: int | None = stored(
        check.whole(0, _MOST_DAYS), "Days a person is left alone after a survey.", default=None
    )
    invited: int | None = stored(check.whole(0, _MOST_PEOPLE), "How many were invited.", default=None, changes=True)
    owner: str = stored(check.text, "Who runs it.", default="")
    replied: int | None = stored(check.whole(0, _MOST_PEOPLE), "How many answered.", default=None, changes=True)
    template: str = stored(prose, "The words of the invitation.", default="", shape=Shape.PROSE)
    booked: int | None = stored(check.whole(0, _MOST_PEOPLE), "How many chose a time.", default=None, changes=True)
    note: str = stored(prose, "What was learned about finding people.", default="", shape=Shape.PROSE)
    held: int | None = stored(check.whole(0, _MOST_PEOPLE), "How many calls took place.", default=None, changes=True)


RECRUITING: RecordKind[Recruiting] = RecordKind(
    name="recruiting",
    plural="recruiting rounds",
    record=Recruiting,
    place="recruiting/{id}.toml",
    letter="r",
    named_after="cohort",
    removable=True,
)
