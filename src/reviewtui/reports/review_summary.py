"""The summary of a review as a document: what was promised, what happened, what is known about it, what comes next.

The order is fixed, so that every month reads the same: verdict, whether it is closed, last time's to-dos, focus,
exceptions, deep dives, margin, churn, open questions, new to-dos, links, whom it concerns. Same facts, same document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewtui.reports.document import Bullets, Chart, Document, Heading, Item, Line, Paragraph, Span, Table, paragraph
from reviewtui.reports.note_blocks import note_blocks, note_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.reports.document import Block


@dataclass(frozen=True, slots=True)
class NumberFact:
    """One row of the table of numbers."""

    name: str
    value: str
    month_change: str = ""
    year_change: str = ""
    mark: str = ""
    """A word where it stands out: `high`, `restated` …"""
    is_key: bool = False
    """Whether a message that is read at once shows it too."""


@dataclass(frozen=True, slots=True)
class ExceptionFact:
    """A value out of the ordinary, and what is known about it."""

    name: str
    value: str
    reason: str
    """Why the program thinks so, in a sentence."""
    explanation: str = ""
    """What people say about it, as Markdown; empty: nobody has said anything."""
    verdict: str = ""
    """`explained`, `expected`, `snoozed` or `unknown`."""
    comments: tuple[str, ...] = ()
    """What else was said on the cell, each as Markdown, with who said it."""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class TodoFact:
    """A to-do and what became of it."""

    title: str
    owner: str
    state: str
    """`open`, `done`, `carried`, `dropped` or `blocked`."""
    detail: str = ""
    """Evidence, reason, or whom it waits for."""
    due: str = ""
    times_carried: int = 0


@dataclass(frozen=True, slots=True)
class DiveFact:
    """A deep dive."""

    question: str
    state: str
    finding: str = ""
    decision: str = ""
    confidence: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class AlertFact:
    """An alert of costs that somebody has explained."""

    name: str
    """What it is about, and of which day."""
    explanation: str
    """As Markdown, with who said it."""


@dataclass(frozen=True, slots=True)
class QuestionFact:
    """An open question, or one that was answered."""

    text: str
    asked_in: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """Everything a summary says, as texts that are ready to read."""

    product: str
    month: str
    place: str
    """`review 1 of Q4 2026, async`."""
    verdict: str = ""
    closed: str = ""
    """`Closed on 2026-11-05 by ada`; empty while the review is open."""
    closed_nevertheless: str = ""
    """Why it was closed with something missing, as Markdown."""
    overrides: tuple[str, ...] = ()
    """Why the review before was closed with something missing."""
    last_time: tuple[TodoFact, ...] = ()
    focus_title: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """Question and answer (Markdown; empty: none yet)."""
    health: str = ""
    numbers: tuple[NumberFact, ...] = ()
    quarter_final: str = ""
    """That quarterly numbers are final, as a sentence; empty in the other reviews of a quarter."""
    events: tuple[str, ...] = ()
    """What is known to have happened in the month: a launch, a new price, another stage or definition."""
    exceptions: tuple[ExceptionFact, ...] = ()
    routine: str = ""
    """The line about everything that behaved as usual."""
    discussed: str = ""
    dives: tuple[DiveFact, ...] = ()
    margin: str = ""
    alerts: tuple[AlertFact, ...] = ()
    churn: tuple[tuple[str, int, str, str], ...] = ()
    """Cause, customers, MRR, how many of them were preventable."""
    questions: tuple[QuestionFact, ...] = ()
    new_todos: tuple[TodoFact, ...] = ()
    context: tuple[str, ...] = ()
    """The stage's questions and thresholds, each a line."""
    charts: tuple[Chart, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Label and address."""
    concerns: tuple[str, ...] = field(default=())
    """Lead and exec."""


def review_summary(facts: SummaryFacts) -> Document:
    """The document of a review."""
    blocks: list[Block] = [
        _verdict(facts),
        *([paragraph(f"{facts.place[:1].upper()}{facts.place[1:]}.")] if facts.place else []),
        *_closed(facts),
        *_section("Last time we said", _last_time(facts)),
        *_section(f"Focus: {facts.focus_title}", _focus(facts)),
        *_section("Numbers", _numbers(facts)),
        *_section("What happened", _lines(facts.events)),
        *_section("Exceptions", _exceptions(facts)),
        *_section("Discussed", note_blocks(facts.discussed)),
        *_section("Deep dives", _dives(facts.dives)),
        *_section("Cost and margin", _costs(facts)),
        *_section("Why customers left", _churn(facts)),
        *_section("Open questions", _questions(facts.questions)),
        *_section("To-dos for the next review", _todos(facts.new_todos)),
        *_section("Where the product stands", _lines(facts.context)),
        *_section("Links", _links(facts.links)),
        *([paragraph(f"For {', '.join(facts.concerns)}.")] if facts.concerns else []),
    ]
    return Document(f"{facts.product} · review of {facts.month}", tuple(blocks))


def _section(title: str, blocks: Sequence[Block]) -> list[Block]:
    return [Heading(title), *blocks] if blocks else []


def _costs(facts: SummaryFacts) -> list[Block]:
    alerts = tuple(Item((Span(f"{alert.name}: "), *note_line(alert.explanation))) for alert in facts.alerts)
    return [*([paragraph(facts.margin)] if facts.margin else []), *([Bullets(alerts)] if alerts else [])]


def _verdict(facts: SummaryFacts) -> Paragraph:
    if facts.verdict:
        return Paragraph((*(_strong(span) for span in note_line(facts.verdict)),))
    return paragraph("Nobody has put the month in one line yet.")


def _closed(facts: SummaryFacts) -> list[Block]:
    if not facts.closed:
        return []
    why = note_line(facts.closed_nevertheless)
    return [Paragraph((Span(f"{facts.closed} nevertheless: "), *why)) if why else paragraph(f"{facts.closed}.")]


def _strong(span: Span) -> Span:
    return Span(span.text, True, span.is_emphasis, span.is_code, span.url)


def _last_time(facts: SummaryFacts) -> list[Block]:
    blocks: list[Block] = [
        paragraph(f"The review before was closed although something was missing: {reason}")
        for reason in facts.overrides
    ]
    if facts.last_time:
        return [*blocks, *_todos(facts.last_time)]
    return [*blocks, paragraph("No to-do was due.")]


def _todos(todos: Sequence[TodoFact]) -> list[Block]:
    return [Bullets(tuple(Item(_todo_line(todo)) for todo in todos))] if todos else []


def _todo_line(todo: TodoFact) -> Line:
    words = [Span(todo.title)]
    about = [todo.owner or "nobody", *([f"due {todo.due}"] if todo.due else [])]
    words.append(Span(f" ({', '.join(about)})"))
    state = todo.state
    if todo.times_carried > 1:
        often = f"carried {todo.times_carried} times"
        state = often if state == "carried" else f"{state}, {often}"
    if state and state != "open":
        words += [Span(": "), Span(state, is_strong=todo.times_carried > 1)]
    if todo.detail:
        words += [Span(" – "), *note_line(todo.detail)]
    return tuple(words)


def _focus(facts: SummaryFacts) -> list[Block]:
    blocks: list[Block] = []
    for question, answer in facts.answers:
        blocks.append(Paragraph((Span(question, is_emphasis=True),)))
        blocks += note_blocks(answer) or (paragraph("Not answered yet."),)
    if facts.health:
        blocks.append(paragraph(f"Growth over the quarter: {facts.health}."))
    return blocks


def _numbers(facts: SummaryFacts) -> list[Block]:
    if not facts.numbers:
        return []
    rows = tuple((row.name, row.value, row.month_change, row.year_change, row.mark) for row in facts.numbers)
    key_rows = tuple(place for place, row in enumerate(facts.numbers) if row.is_key)
    table = Table(("Metric", facts.month, "MoM", "YoY", ""), rows, numbers=(1, 2, 3), key_rows=key_rows)
    final = [paragraph(facts.quarter_final)] if facts.quarter_final else []
    return [*final, table, *facts.charts]


def _exceptions(facts: SummaryFacts) -> list[Block]:
    blocks: list[Block] = []
    for item in facts.exceptions:
        blocks.append(Paragraph((Span(f"{item.name}: {item.value}", is_strong=True), Span(f". {item.reason}"))))
        said: list[Line] = []
        if item.explanation:
            said.append((Span(f"{item.verdict[:1].upper()}{item.verdict[1:]}: "), *note_line(item.explanation)))
        elif item.verdict:
            said.append((Span(f"{item.verdict[:1].upper()}{item.verdict[1:]}."),))
        else:
            said.append((Span("Not explained yet.", is_strong=True),))
        said += [note_line(comment) for comment in item.comments]
        blocks.append(Bullets(tuple(map(Item, said))))
        if item.chart is not None:
            blocks.append(item.chart)
    if facts.routine:
        blocks.append(paragraph(facts.routine))
    return blocks


def _dives(dives: Sequence[DiveFact]) -> list[Block]:
    blocks: list[Block] = []
    for dive in dives:
        blocks.append(Paragraph((Span(dive.question, is_strong=True), Span(f" ({dive.state})"))))
        said = [
            (Span(f"{name}: "), *note_line(text))
            for name, text in (
                ("Finding", f"{dive.finding} ({dive.confidence} confidence)" if dive.confidence else dive.finding),
                ("Decision", dive.decision),
                ("Next", dive.next_step),
            )
            if text
        ]
        if said:
            blocks.append(Bullets(tuple(map(Item, said))))
    return blocks


def _churn(facts: SummaryFacts) -> list[Block]:
    if not facts.churn:
        return []
    rows = tuple((cause, f"{customers:,}", mrr, preventable) for cause, customers, mrr, preventable in facts.churn)
    return [Table(("Cause", "Customers", "MRR lost", "Preventable"), rows, numbers=(1, 2, 3))]


def _questions(questions: Sequence[QuestionFact]) -> list[Block]:
    items = []
    for question in questions:
        line = [*note_line(question.text), Span(f" (since {question.asked_in})")]
        if question.answer:
            line += [Span(" – ", is_strong=True), *note_line(question.answer)]
        items.append(Item(tuple(line)))
    return [Bullets(tuple(items))] if items else []


def _lines(texts: Sequence[str]) -> list[Block]:
    return [Bullets(tuple(Item((Span(text),)) for text in texts))] if texts else []


def _links(links: Sequence[tuple[str, str]]) -> list[Block]:
    return [Bullets(tuple(Item((Span(label or url, url=url),)) for label, url in links))] if links else []
