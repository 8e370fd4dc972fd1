"""What is told about a row of the review screen, and below it what keeps the review open. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.anomalies.listed import reason_for
from reviewtui.metrics.formats import format_cell
from reviewtui.reviews.churn import CAUSE_WORDS
from reviewtui.reviews.meeting import MODE_WORDS
from reviewtui.text import counted, one_line, safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.record_lines import fact_lines, record_lines
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.reviews import CHURN_REASONS, GOALS, QUESTIONS
from reviewtui.workspace.kinds.todos import TODOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.widgets.list_layout import ListRow
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.kinds.base import Record

_KINDS = {"asked": COMMENTS, "todo": TODOS, "question": QUESTIONS, "dive": DIVES, "reason": CHURN_REASONS}


def review_detail(
    review: MonthReview, row: ListRow, width: int, words_for: Callable[[Record], Mapping[str, str]]
) -> list[Line]:
    """The details of the row, in `width` cells: a record, or what the list may have cut and what is known about it.

    `words_for` gives better words for the fields of a record.
    """
    part, _, name = row.id.partition(":")
    record = review.records.by_id(name)
    if record is not None and part in _KINDS:
        lines = record_lines(_KINDS[part], record, width, words=words_for(record))
    elif part in _PARTS:
        lines = [*_texts(row.cells[1:2], width), *_PARTS[part](review, name, width)]
    else:
        lines = _texts(row.cells[1:], width)
    return [*lines, *([()] if lines else []), *_where_it_stands(review, width)]


def _where_it_stands(review: MonthReview, width: int) -> list[Line]:
    mode = MODE_WORDS[review.mode]
    proposed = review.proposed_mode
    reason = proposed.reason if proposed.mode == review.mode else f"Proposed was {MODE_WORDS[proposed.mode]}."
    lines = fact_lines("Form", f"{mode[:1].upper()}{mode[1:]}. {reason}", width)
    if review.is_closed:
        lines += _history(review, width)
    else:
        lines += _list("To close", review.missing or ("Nothing is missing: X closes it.",), width)
        lines += _list("Focus asks", review.focus_lacks, width)
    return [*lines, *_list("Stage", review.context, width)]


def _history(review: MonthReview, width: int) -> list[Line]:
    closings = review.record.closings if review.record is not None else ()
    texts = []
    for item in closings:
        texts.append(f"Closed on {item.closed_on} by {item.by or 'somebody'}. {item.overrides}".strip())
        if item.reopened_on is not None:
            why = f"Opened again on {item.reopened_on} by {item.reopened_by or 'somebody'}. {item.reopened_why}"
            texts.append(why.strip())
    return _list("Closed", tuple(safe_text(one_line(text)) for text in texts), width)


def _list(name: str, texts: Iterable[str], width: int) -> list[Line]:
    """Several facts below one name."""
    lines: list[Line] = []
    for text in texts:
        lines += fact_lines(name if not lines else "", text, width)
    return lines


def _texts(texts: Iterable[str], width: int, role: str = "text") -> list[Line]:
    return [(Span(line, role),) for text in texts if text for line in wrap(safe_text(one_line(text)), width)]


def _goal(review: MonthReview, _name: str, width: int) -> list[Line]:
    if review.goal is None:
        return _texts((f"Enter writes down what is to be found out in {review.term.quarter.label}.",), width, "quiet")
    return record_lines(GOALS, review.goal, width, words={})


def _focus(review: MonthReview, name: str, width: int) -> list[Line]:
    answers = review.record.answers if review.record is not None else ()
    said = next((answer.text for answer in answers if answer.id == name), "")
    return markdown_lines(said, width) if said else _texts(("Enter writes the answer.",), width, "quiet")


def _verdict(review: MonthReview, _name: str, width: int) -> list[Line]:
    record = review.record
    said = "\n\n".join(filter(None, (record.verdict, record.discussed))) if record is not None else ""
    if said:
        return markdown_lines(said, width)
    return _texts(("Every summary begins with it; e writes it, and what was discussed.",), width, "quiet")


def _metric(review: MonthReview, name: str, width: int) -> list[Line]:
    found = next((item for item in review.anomalies if item.metric.id == name), None)
    if found is None:
        return []
    said = found.explanation
    words = f"{said.author or 'Somebody'} ({said.verdict}): {said.reason}" if said is not None else ""
    keys = "" if said is not None else "Enter shows it on the grid; W walks through all of them."
    return [*_texts((reason_for(review.sheet, found), words), width), *_texts((keys,), width, "quiet")]


def _routine(review: MonthReview, _name: str, width: int) -> list[Line]:
    ordinary, lacking = (
        " · ".join(metric.name for metric in metrics) for metrics in (review.walk.routine, review.walk.valueless)
    )
    lines = _texts((ordinary,), width, "quiet")
    return [*lines, *_list("No value", (lacking,) if lacking else (), width)]


def _quarter(review: MonthReview, _name: str, width: int) -> list[Line]:
    lines: list[Line] = []
    for metric in review.quarterly:
        value = format_cell(review.sheet.cell(review.product.id, metric.id, review.month), metric.unit)
        lines += _texts((f"{metric.name}: {value}",), width)
    return lines


def _churn(review: MonthReview, _name: str, width: int) -> list[Line]:
    """How this product compares with the others over a year."""
    names = {product.id: product.name or product.id for product in review.sheet.products}
    lines = _texts(("Over twelve months, of the customers that left with a reason:",), width, "heading")
    for item in review.churn_compared:
        share = f"{item.preventable:,} of {counted(item.customers, 'customer')} could have been kept"
        text = f"{names.get(item.product, item.product)}: {share}; mostly {CAUSE_WORDS[item.main_cause].lower()}"
        lines += _texts((text,), width)
    return lines


def _check(review: MonthReview, name: str, width: int) -> list[Line]:
    line = next((item for item in review.checklist if item.item.id == name), None)
    if line is None:
        return []
    if line.known is not None:
        words = f"The program ticks this line itself: {line.known.why}."
    else:
        words = f"Ticked by {line.item.done_by}." if line.done and line.item.done_by else "Space ticks it."
    return _texts((words, "T changes the lines of the checklist."), width, "quiet")


_PARTS: Mapping[str, Callable[[MonthReview, str, int], list[Line]]] = {
    "goal": _goal,
    "focus": _focus,
    "verdict": _verdict,
    "health": _verdict,
    "metric": _metric,
    "routine": _routine,
    "quarter": _quarter,
    "churn": _churn,
    "check": _check,
}
