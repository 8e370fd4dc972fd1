"""Comments on a cell: questions, remarks, answers and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace import schema as check
from reviewtui.workspace.kinds.base import Record, RecordKind, Shape, day, filled_prose, stored

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.months import Month

COMMENT_KINDS = ("question", "comment", "answer", "decision")


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment(Record):
    """Something somebody said about a metric in a month, or about the review as a whole."""

    review: Month
    """The review it was said in: the folder it lies in."""
    kind: str = stored(
        check.one_of(COMMENT_KINDS), "What it is: question, comment, answer or decision.", default="comment"
    )
    author: str = stored(check.text, "Who said it.", default="")
    said_on: date = stored(day, "The day it was said.")
    metric: str = stored(check.text, "The metric it is about; empty: the review as a whole.", default="")
    month: Month | None = stored(check.month, "The month it is about; empty: all of the metric.", default=None)
    until: Month | None = stored(check.month, "The last month, where it is about several.", default=None)
    answers: str = stored(check.text, "The id of the comment it answers.", default="")
    source: str = stored(check.text, "Where it comes from, such as `survey:` and the id of a response.", default="")
    resolved_by: str = stored(check.text, "The id of the comment that settles a question.", default="", changes=True)
    text: str = stored(filled_prose, "What was said, as Markdown.", shape=Shape.PROSE)


COMMENTS: RecordKind[Comment] = RecordKind(
    name="comment",
    plural="comments",
    record=Comment,
    place="products/{product}/reviews/{review}/{id}.toml",
    letter="c",
    named_after="metric",
    removable=True,
)
