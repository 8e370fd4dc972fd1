"""A survey answer as a comment on the NPS cell: pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reviewtui.metrics.drill_plans import RESPONSE_ID, RESPONSE_ROWS
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.metrics.drilldown import Datum, RowTable

NPS = "nps"
"""The metric that such a comment is about, whichever of its rows the answer was found behind."""

SOURCE = "survey:"


class SurveyNote(NamedTuple):
    """What the comment says and where it comes from."""

    text: str
    """Markdown: a line about the answer, then its words as a quotation."""
    source: str
    """`survey:` and the id of the answer; without an id its time and score."""


def survey_note(table: RowTable, row: int) -> SurveyNote | None:
    """The comment for a row of survey answers; None where the table holds something else or there is no such row."""
    headings = [column.name for column in table.columns]
    if headings != [heading for _, heading, _ in RESPONSE_ROWS.columns] or not 0 <= row < len(table.rows):
        return None
    answer = dict(zip(headings, table.rows[row], strict=True))
    about = [f"score {_text(answer['Score'])}", _text(answer["Kind"]), _text(answer["From"]), _text(answer["Segment"])]
    when = answer["Time"]
    if isinstance(when, date):
        about.append(f"{when:%Y-%m-%d}")
    words = _text(answer["Comment"]).strip()
    head = f"Survey answer: {', '.join(part for part in about if part)}."
    quotation = "\n".join(f"> {line}" for line in words.splitlines()) if words else "It has no comment."
    identity = _text(answer[RESPONSE_ID]) or f"{when} {_text(answer['Score'])}"
    return SurveyNote(f"{head}\n\n{quotation}", f"{SOURCE}{identity}")


def _text(value: Datum) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
