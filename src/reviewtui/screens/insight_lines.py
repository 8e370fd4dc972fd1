"""Deep dives, interviews and what they are linked with, as lines to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.insights.links import back_links, cell_of, lacks_contradiction, ref_parts
from reviewtui.insights.owed import Age, owed_after
from reviewtui.screens.cell_words import metric_name, product_name, record_title, record_words
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.record_lines import fact_lines, record_lines
from reviewtui.widgets.spans import Line, Span
from reviewtui.workspace.kinds.dives import DIVES, Dive, Evidence
from reviewtui.workspace.kinds.interview_titles import interview_title
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Interview, Quote
from reviewtui.workspace.kinds.registry import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.app import ReviewApp
    from reviewtui.months import Month
    from reviewtui.workspace.kinds.base import Record

_HYPOTHESIS_SIGNS = {"open": ("?", "note"), "supported": ("✓", "good"), "rejected": ("✗", "quiet")}
_STANCE_SIGNS = {"supports": ("+", "good"), "contradicts": ("−", "bad"), "context": ("·", "quiet")}
_AGE_ROLES = {Age.FRESH: "text", Age.AMBER: "note", Age.RED: "bad"}
_FIGURE_ROWS = 8


def dive_lines(app: ReviewApp, dive: Dive, width: int) -> list[Line]:
    """Everything about a dive: what is asked, its hypotheses, its evidence, and who points at it."""
    lines: list[Line] = [(Span(line, "title"),) for line in wrap(dive.question, width)]
    lines += fact_lines("Product", product_name(app, dive.product), width)
    left_out = ("question", "hypotheses", "evidence")
    lines += record_lines(DIVES, dive, width, words=record_words(app, dive), left_out=left_out)
    if dive.hypotheses:
        lines += [(), (Span("Hypotheses", "heading"),)]
        for hypothesis in dive.hypotheses:
            lines += _signed(_HYPOTHESIS_SIGNS[hypothesis.state], hypothesis.text, width)
    if dive.evidence:
        lines += [(), (Span("Evidence", "heading"),)]
        for evidence in dive.evidence:
            lines += _evidence_lines(app, dive, evidence, width)
        if lacks_contradiction(tuple(item.stance for item in dive.evidence)):
            lines.append((Span("Nothing here contradicts: has anybody looked?", "note"),))
    return [*lines, *_back_link_lines(app, dive, width)]


def interview_lines(app: ReviewApp, interview: Interview, width: int) -> list[Line]:
    """Everything about an interview: what was said, what is owed, the facts, and who uses it."""
    lines: list[Line] = [(Span(line, "title"),) for line in wrap(interview_title(interview), width)]
    about = " · ".join(part for part in (interview.role, interview.company, interview.held_on.isoformat()) if part)
    lines += [(Span(line, "quiet"),) for line in wrap(about, width)]
    if interview.summary:
        lines += [(), *markdown_lines(interview.summary, width)]
    if interview.quotes:
        lines += [(), *(line for quote in interview.quotes for line in quote_lines(app, interview, quote, width))]
    owed = owed_after(interview, app.as_of)
    if owed:
        lines += [(), (Span("Owed", "heading"),)]
    for step in owed:
        lines += _signed(("○", _AGE_ROLES[step.age]), f"{step.words} ({step.days} days)", width)
    for item in interview.follow_ups:
        if item.done_on is not None:
            lines += _signed(("✓", "good"), f"{item.kind}: {item.text} {item.link}".rstrip(), width)
    left_out = ("topic", "first_name", "role", "company", "held_on", "summary", "quotes", "follow_ups", "after_call")
    lines += [(), *record_lines(INTERVIEWS, interview, width, words=record_words(app, interview), left_out=left_out)]
    return [*lines, *_back_link_lines(app, interview, width)]


def quote_lines(app: ReviewApp, interview: Interview, quote: Quote, width: int) -> list[Line]:
    """A quote with what it speaks to."""
    lines = _signed(_STANCE_SIGNS[quote.stance], f"“{' '.join(quote.text.split())}”", width)
    product = next(iter(interview.products), "")
    about = [*(f"#{tag}" for tag in quote.tags), *(metric_name(app, product, metric) for metric in quote.metrics)]
    if quote.month is not None:
        last = f" to {quote.until.long_label}" if quote.until is not None else ""
        about.append(f"{quote.month.long_label}{last}")
    return [*lines, *((Span(f"  {line}", "quiet"),) for line in wrap(" · ".join(about), width - 2))]


def target_words(app: ReviewApp, product: str, ref: str) -> str:
    """What a reference points at, in words; the reference itself where that is not known."""
    cell = cell_of(ref)
    if cell is not None:
        metric, month = cell
        return f"{metric_name(app, product, metric)} · {month.long_label}"
    record_id, quote_id = ref_parts(ref)
    record = app.records.by_id(record_id)
    if record is None:
        return safe_text(ref)
    if isinstance(record, Interview) and quote_id:
        quote = next((item for item in record.quotes if item.id == quote_id), None)
        said = f"“{' '.join(quote.text.split())}”" if quote is not None else "a quote that is gone"
        return safe_text(f"{interview_title(record)}: {said}")
    return f"{kind_of(record).name}: {record_title(app, record)}"


def _evidence_lines(app: ReviewApp, dive: Dive, evidence: Evidence, width: int) -> list[Line]:
    what = target_words(app, dive.product, evidence.ref) if evidence.ref else ""
    if evidence.statement:
        what = " ".join(evidence.statement.split())
    lines = _signed(_STANCE_SIGNS[evidence.stance], f"{evidence.kind}: {what}".rstrip(": "), width)
    if (dive.id, evidence.id) in app.changed_queries:
        lines.append((Span("  ≠ the result has changed since it was added", "note"),))
    if evidence.note:
        lines += [(Span("  ", ""), *line) for line in markdown_lines(evidence.note, max(8, width - 2))]
    rows = evidence.figures.split("\n") if evidence.figures else []
    lines += [(Span(safe_text("  " + row.replace("\t", "  "), width), "quiet"),) for row in rows[:_FIGURE_ROWS]]
    if len(rows) > _FIGURE_ROWS:
        lines.append((Span(f"  … {len(rows) - _FIGURE_ROWS} more rows", "quiet"),))
    return lines


def _back_link_lines(app: ReviewApp, record: Record, width: int) -> Iterable[Line]:
    links = back_links(app.records, record.id)
    if not links:
        return []
    lines: list[Line] = [(), (Span("Used by", "heading"),)]
    for link in links:
        sign = _STANCE_SIGNS.get(link.stance, ("·", "quiet"))
        lines += _signed(sign, f"{kind_of(link.record).name}: {record_title(app, link.record)}", width)
    return lines


def _signed(sign: tuple[str, str], text: str, width: int) -> list[Line]:
    """`text` beside a sign, its further lines below its first."""
    mark, role = sign
    first, *rest = wrap(text, max(8, width - 2)) or [""]
    return [(Span(f"{mark} ", role), Span(first, "text")), *((Span(f"  {line}", "text"),) for line in rest)]


def month_words(first: Month, last: Month) -> str:
    """One month, or a run of them."""
    return first.long_label if first == last else f"{first.long_label} to {last.long_label}"
