"""Anomalies as rows of a list and as lines to read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.anomalies.inbox import Entry, Part
from reviewtui.anomalies.listed import cells_to, metric_name
from reviewtui.anomalies.marks import mark
from reviewtui.anomalies.reasons import needs_digits, range_words, reason
from reviewtui.anomalies.verdicts import Kind
from reviewtui.metrics.formats import format_cell, format_value
from reviewtui.widgets.fitting import shown_name, wrap
from reviewtui.widgets.list_layout import ListRow
from reviewtui.widgets.markdown_lines import markdown_lines
from reviewtui.widgets.note_facts import note_facts
from reviewtui.widgets.note_lines import note_lines
from reviewtui.widgets.spans import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.index import AnomalyIndex
    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell
    from reviewtui.months import Month
    from reviewtui.reviews.threads import Thread
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.kinds.explanations import Explanation

RESTATED_SIGN = "≠"
"""The number is another one than when it was explained."""

_SIGNS = {"explained": "✎", "expected": "✎", "snoozed": "z", "unknown": "?"}


def row_id(product: str, metric: str, month: Month) -> str:
    """What tells the rows of cells apart."""
    return f"{product}\n{metric}\n{month}"


def entry_row(entry: Entry, key: str, product: str, newest: Month, *, section: str, is_open: bool) -> ListRow:
    """A row of the inbox."""
    said = entry.explanation
    sign = _SIGNS.get(said.verdict, "") if said is not None else ""
    if entry.is_restated:
        sign += RESTATED_SIGN
    more = len(entry.followers)
    folded = f"  {'▾' if is_open else '▸'} {more} more" if more else ""
    cells = (
        " ".join(part for part in (_mark(entry.verdict), sign, shown_name(entry.metric.name, entry.metric.id)) if part)
        + folded,
        *_value_and_range(entry.cell, entry.verdict, entry.metric.unit),
        _out(entry.verdict),
        entry.month.label,
        product,
        _age(entry.months_open(newest)),
    )
    role = "text" if entry.part is Part.UNEXPLAINED and sign != "?" else "note" if entry.is_restated else "quiet"
    words = "\n".join((entry.metric.id, entry.product, said.reason if said is not None else ""))
    return ListRow(key, cells, section, role, words)


def follower_row(item: Anomaly, key: str, product: str, section: str) -> ListRow:
    """A row below the one that it follows from."""
    unit = item.metric.unit
    cells = (
        f"  ↳ {_mark(item.verdict)} {shown_name(item.metric.name, item.metric.id)}",
        *_value_and_range(item.cell, item.verdict, unit),
        _out(item.verdict),
        item.month.label,
        product,
        "",
    )
    return ListRow(key, cells, section, "quiet", item.metric.id)


def _value_and_range(cell: Cell, verdict: Verdict | None, unit: str) -> tuple[str, str]:
    """Both with the digits that tell them apart."""
    if verdict is None:
        return format_cell(cell, unit), ""
    full = needs_digits(cell.value, verdict, unit)
    return format_cell(cell, unit, full=full), range_words(verdict, unit, cell.value)


def _mark(verdict: Verdict | None) -> str:
    return mark(verdict) or "·"


def _out(verdict: Verdict | None) -> str:
    if verdict is None or verdict.anomaly is Kind.MISSING:
        return ""
    return f"{verdict.score:.1f}×" if verdict.score < 10 else f"{verdict.score:.0f}×"


def _age(months: int) -> str:
    return "new" if months <= 0 else f"{months} mo"


def detail_lines(
    index: AnomalyIndex, item: Entry | Anomaly | None, threads: Sequence[Thread], width: int, review: Month
) -> list[Line]:
    """Why it is listed, what is known about it, what follows from it, what was said."""
    if item is None:
        return []
    name = shown_name(item.metric.name, item.metric.id)
    owner = next((each.name for each in index.sheet.products if each.id == item.product), "")
    heading = f"{name} · {shown_name(owner, item.product)} · {item.month.long_label}"
    lines: list[Line] = [(Span(line, "title"),) for line in wrap(heading, width)]
    lines += _why(index, item, width)
    if item.explanation is not None:
        lines += _explanation_lines(item, item.explanation, width)
    if item.follows is not None:
        lines += _named("Follows from", [metric_name(index.sheet, item.follows, item.product)], width)
    if isinstance(item, Entry) and item.followers:
        names = [metric_name(index.sheet, other.key, item.product) for other in item.followers]
        lines += _named("With it moved", names, width)
    notes = note_facts(threads, review)
    if notes:
        lines += [(), (Span("Comments", "heading"),), *note_lines(notes, width)]
    return lines


def _why(index: AnomalyIndex, item: Entry | Anomaly, width: int) -> list[Line]:
    if item.verdict is None or item.verdict.anomaly is None:
        value = format_cell(item.cell, item.metric.unit, full=True) or "There is no value"
        text = f"{value}: the number is another one now, and no longer out of the ordinary."
    else:
        text = reason(item.verdict, cells_to(index.sheet, item.product, item.metric.id, item.month), item.metric.unit)
    lines: list[Line] = [(Span(line, "text"),) for line in wrap(text, width)]
    if item.verdict is not None and item.verdict.became is not None:
        became = str(item.verdict.became).replace("_", " ")
        lines += [(Span(line, "quiet"),) for line in wrap(f"The months after it stayed there: a {became}.", width)]
    return lines


def _explanation_lines(item: Entry | Anomaly, said: Explanation, width: int) -> list[Line]:
    who = f"{said.author or 'somebody'}, {said.said_on.isoformat()}"
    verdict = "nobody knows yet" if said.verdict == "unknown" else said.verdict
    if said.verdict == "snoozed" and said.until is not None:
        verdict = f"snoozed until the review of {said.until.long_label}"
    lines: list[Line] = [(), *((Span(line, "heading"),) for line in wrap(f"{verdict.capitalize()} · {who}", width))]
    if isinstance(item, Entry) and item.is_restated:
        now = format_cell(item.cell, item.metric.unit, full=True) or "nothing"
        was = format_value(float(said.value), item.metric.unit, full=True) if said.value else "nothing"
        text = f"{RESTATED_SIGN} The number changed since: it was {was} when this was said, and is {now} now."
        lines += [(Span(line, "note"),) for line in wrap(text, width)]
    lines += markdown_lines(said.reason, width)
    for link in said.links:
        lines += [(Span(line, "quiet"),) for line in wrap(link, width)]
    return lines


def _named(title: str, names: Sequence[str], width: int) -> list[Line]:
    return [(), (Span(title, "heading"),), *((Span(line, "text"),) for line in wrap(" · ".join(names), width))]
