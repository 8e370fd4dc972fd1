"""Explanations: what is known about a value that is out of the ordinary."""

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
)

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.months import Month

VERDICTS = ("explained", "expected", "snoozed", "unknown")


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation(Record):
    """What somebody says about an anomaly."""

    review: Month
    """The review it was given in: the folder it lies in."""
    metric: str = stored(check.filled_text, "The metric whose value is explained.")
    month: Month = stored(check.month, "The month whose value is explained.")
    verdict: str = stored(
        check.one_of(VERDICTS), "explained, expected, snoozed or unknown (nobody knows yet).", changes=True
    )
    said_on: date = stored(day, "The day it was said.")
    until: Month | None = stored(check.month, "The month a snoozed one comes back.", default=None, changes=True)
    author: str = stored(check.text, "Who said it.", default="")
    value: str = stored(decimal_text, "The value that was explained, digit by digit.", default="", changes=True)
    anomaly: str = stored(check.text, "What kind of anomaly it was, such as `spike`.", default="")
    links: tuple[str, ...] = stored(name_set, "Addresses that belong to it.", default=(), shape=Shape.SET)
    reason: str = stored(prose, "Why, as Markdown.", default="", shape=Shape.PROSE, changes=True)


EXPLANATIONS: RecordKind[Explanation] = RecordKind(
    name="explanation",
    plural="explanations",
    record=Explanation,
    place="products/{product}/reviews/{review}/{id}.toml",
    letter="x",
    named_after="metric",
)
