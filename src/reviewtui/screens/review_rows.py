"""The rows of the review screen: where the review stands, section by section, in the order it is done. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import format_cell
from reviewtui.months import MONTHS_PER_QUARTER
from reviewtui.reviews.churn import CAUSE_WORDS
from reviewtui.reviews.month_review import MOST_DIVES
from reviewtui.reviews.todos import OPEN, is_red, kept_words, times_carried
from reviewtui.reviews.walkthrough import Reason, routine_words
from reviewtui.text import one_line, safe_text
from reviewtui.widgets.list_layout import ListRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.reviews.walkthrough import Stop

DONE_SIGN, OPEN_SIGN, BAD_SIGN, KNOWN_SIGN = "✓", "○", "‼", "·"
_PHASES = {"before": "Checklist: before", "during": "Checklist: in the meeting", "after": "Checklist: after"}
HEALTH_WORDS = {"healthy": "healthy", "issues": "there are issues"}
_LEFT = "Why customers left"
REASONS = {
    Reason.UNEXPLAINED: "to explain",
    Reason.EXPLAINED: "explained",
    Reason.RESTATED: "restated",
    Reason.REDEFINED: "defined anew",
    Reason.NOTED: "noted",
}


def stop_words(review: MonthReview, stop: Stop) -> str:
    """Why a metric is gone through by itself."""
    if stop.reason is Reason.FOLLOWS:
        return review.follows_words(stop.metric.id)
    if stop.reason is Reason.EXPLAINED and review.is_not_known(stop.metric.id):
        return "nobody knows yet"
    return REASONS[stop.reason]


def review_rows(review: MonthReview) -> list[ListRow]:
    """Every row, an id of `part:name` each; sections stay together."""
    return [
        *_last_time(review),
        *_exceptions(review),
        *_focus(review),
        *_asked(review),
        *_questions(review),
        *_dives(review),
        *_new_todos(review),
        *_kept(review),
        *_churn(review),
        *_checklist(review),
    ]


def _last_time(review: MonthReview) -> Iterator[ListRow]:
    section = "Last time we said"
    for number, reason in enumerate(review.overrides):
        yield ListRow(
            f"override:{number}",
            (BAD_SIGN, f"Closed with something missing: {safe_text(one_line(reason))}", ""),
            section,
            "note",
        )
    waiting = {todo.id for todo in review.undisposed}
    for todo in sorted(review.last_time, key=lambda item: item.id not in waiting):
        often = times_carried(todo)
        state = "to dispose of" if todo.id in waiting else "carried on" if todo.state == OPEN else todo.state
        about = " · ".join((state, todo.owner or "nobody", *([f"carried {often}×"] if often else [])))
        sign = OPEN_SIGN if todo.id in waiting else DONE_SIGN
        role = "bad" if is_red(todo) else "note" if todo.id in waiting else "quiet"
        yield ListRow(f"todo:{todo.id}", (BAD_SIGN if is_red(todo) else sign, todo.title, about), section, role)
    if not review.last_time:
        yield ListRow("todo:", (DONE_SIGN, "No to-do was due.", ""), section, "quiet", is_counted=False)


def _exceptions(review: MonthReview) -> Iterator[ListRow]:
    section = "Exceptions"
    for event in review.events:
        words = " ".join(event.note.split()) or event.kind
        yield ListRow(f"event:{event.id}", (KNOWN_SIGN, words, event.kind), "What happened", "text")
    for stop in review.walk.stops:
        cell = review.sheet.cell(review.product.id, stop.metric.id, review.month)
        is_open = review.is_open(stop)
        words = f"{stop.metric.name}: {format_cell(cell, stop.metric.unit)}"
        sign = OPEN_SIGN if is_open else DONE_SIGN
        yield ListRow(
            f"metric:{stop.metric.id}",
            (sign, safe_text(words), safe_text(f"{stop_words(review, stop)} · {stop.metric.kind}")),
            section,
            "note" if is_open else "text",
        )
    words = routine_words(review.walk) if review.facts.is_judged else "The numbers are being judged …"
    yield ListRow("routine:", (KNOWN_SIGN, words, ""), section, "quiet", is_counted=False)
    if review.quarterly:
        words = f"The quarterly numbers of {review.quarter_label} are final"
        about = f"{len(review.quarterly):,} metrics"
        yield ListRow("quarter:", (KNOWN_SIGN, words, about), section, "text", is_counted=False)


def _focus(review: MonthReview) -> Iterator[ListRow]:
    section = f"Focus {review.term.ordinal} of {review.term.quarter.label}: {review.focus.title}"
    record = review.record
    verdict = " ".join(record.verdict.split()) if record is not None else ""
    sign, role = (DONE_SIGN, "text") if verdict else (OPEN_SIGN, "note")
    yield ListRow("verdict:", (sign, "The month in one line", verdict), section, role)
    answers = {answer.id: answer.text for answer in record.answers} if record is not None else {}
    for prompt in review.focus.prompts:
        said = " ".join(answers.get(prompt.id, "").split())
        sign, role = (DONE_SIGN, "text") if said else (OPEN_SIGN, "note")
        yield ListRow(f"focus:{prompt.id}", (sign, prompt.text, safe_text(said)), section, role)
    goal = review.goal
    words = " ".join((goal.research_goal or goal.biggest_unknown).split()) if goal is not None else ""
    sign = DONE_SIGN if words else OPEN_SIGN
    about = safe_text(f"{goal.status} · {words}") if goal is not None and words else "not set"
    role = "text" if words else "note"
    yield ListRow("goal:", (sign, f"The goal of {review.term.quarter.label}", about), section, role)
    if review.term.ordinal == MONTHS_PER_QUARTER:
        health = record.health if record is not None else ""
        sign, role = (DONE_SIGN, "text") if health else (OPEN_SIGN, "note")
        words = f"How growth was in {review.term.quarter.label}"
        yield ListRow("health:", (sign, words, HEALTH_WORDS.get(health, "not said")), section, role)


def _questions(review: MonthReview) -> Iterator[ListRow]:
    for question in review.questions:
        answer = " ".join(question.answer.split()) if question.answered_in is not None else ""
        yield ListRow(
            f"question:{question.id}",
            (
                DONE_SIGN if answer else OPEN_SIGN,
                safe_text(" ".join(question.text.split())),
                safe_text(answer) or f"since {question.asked_in.long_label}",
            ),
            "Open questions",
            "quiet" if answer else "text",
        )


def _asked(review: MonthReview) -> Iterator[ListRow]:
    names = {metric.id: metric.name for metric in review.sheet.metrics}
    for comment in review.asked:
        about = " · ".join(filter(None, (names.get(comment.metric, comment.metric), comment.author)))
        words = " ".join(comment.text.split())
        yield ListRow(f"asked:{comment.id}", (OPEN_SIGN, words, about), "Questions that wait for an answer", "note")


def _dives(review: MonthReview) -> Iterator[ListRow]:
    if review.has_too_many_dives:
        words = f"More than {MOST_DIVES} are under way: finish some before new ones begin"
        yield ListRow("dives:", (BAD_SIGN, words, ""), "Deep dives", "bad")
    for dive in review.dives:
        is_done = dive.state in ("done", "dropped")
        finding = " ".join(dive.finding.split())
        about = safe_text(f"{dive.state.replace('_', ' ')}{' · ' if finding else ''}{finding}")
        yield ListRow(
            f"dive:{dive.id}",
            (DONE_SIGN if is_done else OPEN_SIGN, safe_text(dive.question), about),
            "Deep dives",
            "text" if is_done else "note",
        )


def _kept(review: MonthReview) -> Iterator[ListRow]:
    """How people keep what they said: by who has to do it, then by owner."""
    groups = {"pm": "The PM", "team": "The product team"}
    named = [(groups.get(item.key, item.key), item) for item in review.kept_by_group]
    named += [(item.key or "Nobody's", item) for item in review.kept_by_owner]
    for place, (name, figures) in enumerate(named):
        words = " · ".join(kept_words(figures, "done in time"))
        if words:
            role = "bad" if figures.red else "text"
            yield ListRow(f"kept:{place}", (KNOWN_SIGN, name, words), "How to-dos are kept", role)


def _new_todos(review: MonthReview) -> Iterator[ListRow]:
    for todo in review.new_todos:
        yield ListRow(
            f"todo:{todo.id}",
            (OPEN_SIGN, todo.title, todo.owner or "nobody owns it"),
            f"For the review of {(review.month + 1).long_label}",
            "text" if todo.owner else "note",
        )


def _churn(review: MonthReview) -> Iterator[ListRow]:
    currency = safe_text(review.sheet.currency, 12)
    for item in review.churn:
        customers = f"{item.customers:,} customer{'' if item.customers == 1 else 's'}"
        about = f"{customers} · {item.mrr:,} {currency} of MRR · {item.preventable:,} preventable"
        yield ListRow(f"churn:{item.cause}", (KNOWN_SIGN, CAUSE_WORDS[item.cause], about), _LEFT, "text")
    for reason in review.churn_reasons:
        about = CAUSE_WORDS[reason.cause].lower()
        about += " · preventable" if reason.preventable == "yes" else ""
        yield ListRow(f"reason:{reason.id}", (DONE_SIGN, reason.customer, about), _LEFT, "quiet", reason.note)
    lost = review.sheet.cell(review.product.id, "churned_mrr", review.month).value
    if lost and not review.churn_reasons:
        yield ListRow(
            "left:", (OPEN_SIGN, "Say why customers left", f"{lost:,.0f} {currency} of MRR left"), _LEFT, "note"
        )


def _checklist(review: MonthReview) -> Iterator[ListRow]:
    for line in review.checklist:
        about = line.known.why if line.known is not None else line.item.done_by
        yield ListRow(
            f"check:{line.item.id}",
            (DONE_SIGN if line.done else OPEN_SIGN, safe_text(line.item.text), safe_text(about)),
            _PHASES[line.item.phase],
            "quiet" if line.done else "text",
        )
