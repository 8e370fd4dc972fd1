"""What a summary says of a review, gathered from its numbers and records and written out as texts."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING

from reviewtui.anomalies.listed import reason_for
from reviewtui.costs.alerts import FLATLINE, REVIEW, STALENESS
from reviewtui.costs.monitoring import TOTAL
from reviewtui.metrics.formats import format_cell, format_change, format_value
from reviewtui.metrics.sheet import Status
from reviewtui.months import MONTHS_PER_QUARTER, MONTHS_PER_YEAR, Month
from reviewtui.reports.document import Chart
from reviewtui.reports.review_summary import (
    AlertFact,
    DiveFact,
    ExceptionFact,
    NumberFact,
    QuestionFact,
    SummaryFacts,
    TodoFact,
)
from reviewtui.reviews import todos
from reviewtui.reviews.churn import CAUSE_WORDS
from reviewtui.reviews.meeting import MODE_WORDS
from reviewtui.reviews.month_review import NOT_KNOWN_YET, QUARTERLY
from reviewtui.reviews.threads import cell_threads
from reviewtui.reviews.walkthrough import Reason, routine_words
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.costs import ALERT_NOTES, said_last
from reviewtui.workspace.kinds.reviews import newest_closing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.metrics.sheet import Cell, Metric
    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.reviews.walkthrough import Stop
    from reviewtui.workspace.kinds.dives import Dive
    from reviewtui.workspace.kinds.explanations import Explanation
    from reviewtui.workspace.kinds.todos import Todo
    from reviewtui.workspace.known import KnownEvent, Link

CHARTED = ("mrr", "unique_users", "nps", "gross_margin")
"""The metrics that every summary draws, where the product has them."""
CHART_MONTHS = 36
KEY_METRICS = (*CHARTED, "mrr_growth", "churn_rate", "quarterly_nrr", "paying_customers", "activation_rate")
"""What a message shows of the numbers, besides whatever stands out."""
CHANGED_BY = 0.005
"""A value that moved by more than this share of itself is another one than the one explained."""
_MARKS = {Reason.UNEXPLAINED: "out of range", Reason.EXPLAINED: "explained", Reason.RESTATED: "restated"}
_SUBJECTS = {
    TOTAL: "the total cost of a week",
    STALENESS: "old cost data",
    FLATLINE: "daily cost that does not move",
    REVIEW: "the review of the cost model",
}
_HEALTH_WORDS = {"healthy": "healthy", "issues": "there are issues"}


def summary_facts(review: MonthReview, *, links: Sequence[Link] = ()) -> SummaryFacts:
    """Everything the summary of a review says; `links` are the product's."""
    record = review.record
    answers = {answer.id: answer.text for answer in record.answers} if record is not None else {}
    closing = newest_closing(record.closings) if record is not None and record.is_closed else None
    return SummaryFacts(
        product=review.product.name or review.product.id,
        month=review.month.long_label,
        place=f"review {review.term.ordinal} of {review.term.quarter.label}, {MODE_WORDS[review.mode]}",
        verdict=record.verdict if record is not None else "",
        closed=f"Closed on {closing.closed_on} by {closing.by or 'somebody'}" if closing is not None else "",
        closed_nevertheless=closing.overrides if closing is not None else "",
        overrides=review.overrides,
        last_time=tuple(_todo(todo, review.month) for todo in review.last_time),
        focus_title=review.focus.title,
        answers=tuple((prompt.text, answers.get(prompt.id, "")) for prompt in review.focus.prompts),
        health=_HEALTH_WORDS.get(record.health, "") if record is not None else "",
        numbers=_numbers(review),
        quarter_final=f"The quarterly numbers of {review.quarter_label} are final." if review.quarterly else "",
        events=tuple(_event(event) for event in review.events),
        exceptions=_exceptions(review),
        routine=routine_words(review.walk),
        discussed=record.discussed if record is not None else "",
        dives=tuple(map(_dive, review.dives)),
        margin=_margin(review),
        alerts=_alerts(review),
        churn=_churn(review),
        questions=tuple(
            QuestionFact(item.text, item.asked_in.long_label, item.answer if item.answered_in is not None else "")
            for item in review.questions
        ),
        new_todos=tuple(_todo(todo, review.month) for todo in review.new_todos),
        context=review.context,
        charts=_charts(review),
        links=(*((link.label, link.url) for link in links), *(("", url) for url in (record.links if record else ()))),
        concerns=_concerns(review),
    )


def _todo(todo: Todo, review: Month) -> TodoFact:
    carried = next((carry for carry in todo.carried if carry.review == review), None)
    if todo.state == todos.DONE:
        state, detail = todo.state, todo.evidence
    elif todo.state == todos.DROPPED:
        state, detail = todo.state, todo.reason
    elif todo.state == todos.BLOCKED:
        state, detail = todo.state, f"waits for {todo.blocked_on}" if todo.blocked_on else ""
    elif carried is not None:
        state, detail = "carried", carried.reason
    else:
        state, detail = "open", todo.done_when
    due = todo.due.long_label if todo.due is not None and todo.due > review else ""
    return TodoFact(todo.title, todo.owner, state, detail, due, todos.times_carried(todo))


def _dive(dive: Dive) -> DiveFact:
    state = dive.state.replace("_", " ")
    return DiveFact(dive.question, state, dive.finding, dive.decision, dive.confidence, dive.next)


def _numbers(review: MonthReview) -> tuple[NumberFact, ...]:
    sheet, product, month = review.sheet, review.product.id, review.month
    marks = {
        stop.metric.id: review.follows_words(stop.metric.id) or _MARKS.get(stop.reason, "")
        for stop in review.walk.stops
    }
    facts = []
    for metric in sheet.metrics_of(product):
        now = sheet.cell(product, metric.id, month)
        if now.status is Status.MISSING:
            continue
        facts.append(
            NumberFact(
                metric.name,
                _value(review, metric, now),
                _change(review, metric, month - 1),
                _change(review, metric, month - MONTHS_PER_YEAR),
                marks.get(metric.id, ""),
                is_key=metric.id in KEY_METRICS or bool(marks.get(metric.id)),
            )
        )
    return tuple(facts)


def _value(review: MonthReview, metric: Metric, now: Cell) -> str:
    """The value; of a quarterly metric between two quarters the last final one, with its month."""
    if now.value is None and metric.cadence == QUARTERLY:
        for back in range(1, MONTHS_PER_QUARTER):
            final = review.sheet.cell(review.product.id, metric.id, review.month - back)
            if final.value is not None:
                return f"{format_cell(final, metric.unit)} ({(review.month - back).label})"
    return format_cell(now, metric.unit)


def _change(review: MonthReview, metric: Metric, before: Month) -> str:
    """The change since an earlier month; empty where there is none, or where the metric meant something else then."""
    sheet, product = review.sheet, review.product.id
    if metric.growth_of or not sheet.is_comparable(product, metric.id, before, review.month):
        return ""
    then, now = sheet.cell(product, metric.id, before), sheet.cell(product, metric.id, review.month)
    if then.value is None or now.value is None:
        return ""
    return _change_words(now.value, then.value, metric.unit)


def _change_words(now: float, then: float, unit: str) -> str:
    """A change in words where it is cut: `<` and `>` are marks in every form of a summary."""
    return format_change(now, then, unit).replace(">", "over ").replace("<", "below ")


def _exceptions(review: MonthReview) -> tuple[ExceptionFact, ...]:
    sheet, product, month = review.sheet, review.product.id, review.month
    comments = review.records.of_product(COMMENTS, product)
    anomalies = {item.metric.id: item for item in review.anomalies}
    facts = []
    for stop in review.walk.stops:
        metric = stop.metric
        cell = sheet.cell(product, metric.id, month)
        said = tuple(
            f"{item.comment.author or 'Somebody'}: {item.comment.text}"
            for thread in cell_threads(comments, metric.id, month)
            for item in thread.said
        )
        words = anomalies[metric.id].explanation if metric.id in anomalies else None
        facts.append(
            ExceptionFact(
                metric.name,
                format_cell(cell, metric.unit),
                _why(review, anomalies.get(metric.id), stop.reason),
                words.reason + _changed_words(words, cell) if words is not None else "",
                _verdict_word(review, stop, words.verdict if words is not None else ""),
                said,
                _chart(review, metric),
            )
        )
    return tuple(facts)


def _changed_words(words: Explanation, cell: Cell) -> str:
    """That a value is another one than when it was explained; empty where it is the same."""
    if not words.value or cell.value is None or isclose(float(words.value), cell.value, rel_tol=CHANGED_BY):
        return ""
    return " (The value has changed since.)"


def _verdict_word(review: MonthReview, stop: Stop, verdict: str) -> str:
    if stop.reason is Reason.FOLLOWS:
        words = review.follows_words(stop.metric.id)
        return f"{words}, not explained yet" if review.is_open(stop) else words
    if verdict == NOT_KNOWN_YET:
        return "not known yet"
    return verdict or ("" if stop.reason is Reason.UNEXPLAINED else stop.reason.value)


def _why(review: MonthReview, anomaly: Anomaly | None, why: Reason) -> str:
    if anomaly is not None:
        return reason_for(review.sheet, anomaly)
    return {
        Reason.RESTATED: "A value that was reviewed has changed since.",
        Reason.REDEFINED: "It means something else than the month before.",
    }.get(why, "Somebody said something about it.")


def _margin(review: MonthReview) -> str:
    sheet, product, month = review.sheet, review.product.id, review.month
    cell, before = sheet.cell(product, "gross_margin", month), sheet.cell(product, "gross_margin", month - 1)
    if cell.value is None:
        return ""
    words = f"Gross margin {format_value(cell.value, 'percent')}"
    if before.value is not None:
        words += f", {_change_words(cell.value, before.value, 'percent')} on the month before"
    return f"{words}."


def _alerts(review: MonthReview) -> tuple[AlertFact, ...]:
    """What was said last about the alerts of the month, where it explains them."""
    last = said_last(review.records.of_product(ALERT_NOTES, review.product.id))
    return tuple(
        AlertFact(
            f"Alert on {_SUBJECTS.get(note.subject, note.subject)}, {note.alert_day}",
            f"{note.note} ({note.author})" if note.author else note.note,
        )
        for _, note in sorted(last.items())
        if note.state == "explained" and Month.of(note.alert_day) == review.month
    )


def _churn(review: MonthReview) -> tuple[tuple[str, int, str, str], ...]:
    return tuple(
        (CAUSE_WORDS[item.cause], item.customers, format_value(float(item.mrr), "money"), f"{item.preventable:,}")
        for item in review.churn
    )


def _charts(review: MonthReview) -> tuple[Chart, ...]:
    metrics = {metric.id: metric for metric in review.sheet.metrics_of(review.product.id)}
    charts = (_chart(review, metrics[metric]) for metric in CHARTED if metric in metrics)
    return tuple(chart for chart in charts if chart is not None)


def _chart(review: MonthReview, metric: Metric) -> Chart | None:
    sheet, product = review.sheet, review.product.id
    months = [month for month in sheet.months if review.month - CHART_MONTHS < month <= review.month]
    cells = [sheet.cell(product, metric.id, month) for month in months]
    if all(cell.value is None for cell in cells):
        return None
    verdicts = [review.judgements.verdict(product, metric.id, month) for month in months]
    return Chart(
        metric.name,
        tuple(month.label for month in months),
        tuple(cell.value for cell in cells),
        tuple(verdict.low if verdict is not None else None for verdict in verdicts),
        tuple(verdict.high if verdict is not None else None for verdict in verdicts),
        tuple(place for place, verdict in enumerate(verdicts) if verdict is not None and verdict.anomaly is not None),
        format_cell(cells[-1], metric.unit),
        _chart_events(review, metric, months),
    )


def _chart_events(review: MonthReview, metric: Metric, months: Sequence[Month]) -> tuple[tuple[int, str], ...]:
    """What happened to a metric in the months of a chart, and where it began to mean something else."""
    sheet, product = review.sheet, review.product.id
    place = {month: at for at, month in enumerate(months)}
    found = [
        (place[event.month], _event(event))
        for event in sheet.events
        if event.product_id == product and event.month in place and (not event.metrics or metric.id in event.metrics)
    ]
    known = {at for at, _ in found}
    if sheet.redefinitions:
        found += [
            (at, "Defined anew")
            for at in range(1, len(months))
            if at not in known and not sheet.is_comparable(product, metric.id, months[at - 1], months[at])
        ]
    return tuple(sorted(found))


def _event(event: KnownEvent) -> str:
    note = " ".join(event.note.split())
    return f"{note} ({event.kind})" if note else event.kind


def _concerns(review: MonthReview) -> tuple[str, ...]:
    people = review.record.participants if review.record is not None else ()
    return tuple(f"{person.id} ({person.role})" for person in people if person.role in ("lead", "exec"))
