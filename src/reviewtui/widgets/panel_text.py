"""The cell panel's lines for a given size: pure, so that every size can be tested without a terminal.

A narrow panel stands its parts one below the other; a wide one has the chart beside the number, and below both, where
there is height for it, what the metric means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.text import counted
from reviewtui.widgets.change import TONE_MARKS
from reviewtui.widgets.fitting import fit, fit_right, shorten, shown_name, wrap
from reviewtui.widgets.note_lines import note_lines
from reviewtui.widgets.spans import Line, Span, line_width, side_by_side
from reviewtui.widgets.trend_chart import SMALLEST_CHART, chart_lines

if TYPE_CHECKING:
    from reviewtui.widgets.cell_facts import CellFacts, MonthFact
    from reviewtui.widgets.grid_rows import GridRow

BESIDE_FROM = 70
"""Cells from which on the chart stands beside the number."""

_GUTTER = 2
_MARGIN = 1
_WORDS_SHARE = (0.44, 56)
"""What the words get beside a chart: this part of the width, at most so many cells."""
_CHART_HEIGHT = (5, 12)
"""Lines of a chart that has words below it, at least and at most."""
_MEANING_BELOW_FROM = 14
"""Lines from which on the meaning stands below number and chart."""
_SHORTEST_HISTORY = 4
_VALUE_COLUMN, _CHANGE_COLUMN, _MONTH_COLUMN = 10, 10, 8


def panel_lines(facts: CellFacts, width: int, height: int, *, more_key: str = "", braille: bool = True) -> list[Line]:
    """At most `height` lines of `width` cells; names `more_key` where something had to be left out."""
    inner = width - 2 * _MARGIN
    if inner < 1 or height < 1:
        return []
    if inner >= BESIDE_FROM:
        lines = _beside(facts, inner, height, more_key, braille=braille)
    else:
        lines = _stacked(facts, inner, height, more_key, braille=braille)
    return [(Span(" " * _MARGIN, ""), *line) for line in lines]


def folded_lines(row: GridRow, key: str, width: int, height: int) -> list[Line]:
    """Which metrics the title of a folded section stands for, in at most `height` lines of `width` cells."""
    inner = width - 2 * _MARGIN
    opens = f" {key} opens it." if key else ""
    heading = f"{row.title} is folded: {counted(len(row.folded), 'metric')}.{opens}"
    names = " · ".join(shown_name(metric.name, metric.id) for metric in row.folded)
    parts = ((heading, "title"), (names, "text"))
    lines: list[Line] = [(Span(text, role),) for words, role in parts for text in wrap(words, inner)]
    return [(Span(" " * _MARGIN, ""), *line) for line in _cut(lines, inner, height, "")]


def head_lines(facts: CellFacts, width: int, height: int, *, braille: bool = True) -> list[Line]:
    """Number and chart alone, as large as there is room: the chart beside the number, or below it."""
    inner = width - 2 * _MARGIN
    if inner < 1 or height < 1:
        return []
    if inner >= BESIDE_FROM:
        share, most = _WORDS_SHARE
        words = min(most, int(inner * share))
        left = [*_value_lines(facts, words), *_context_lines(facts, words), (), *meaning_lines(facts, words)]
        chart = _chart(facts, inner - words - _GUTTER, height, braille=braille)
        lines = side_by_side(_cut(left, words, height, ""), chart, words, _GUTTER)
    else:
        lines = _value_lines(facts, inner)
        lines = [*lines, *_chart(facts, inner, height - len(lines), braille=braille)]
    return [(Span(" " * _MARGIN, ""), *line) for line in lines[:height]]


def _beside(facts: CellFacts, width: int, height: int, more_key: str, *, braille: bool) -> list[Line]:
    """The number at the left, its chart at the right; the meaning at the left too, or below where it fits."""
    share, most = _WORDS_SHARE
    words = min(most, int(width * share))
    numbers = _value_lines(facts, words) + _context_lines(facts, words)
    if height < _MEANING_BELOW_FROM:
        left = _cut([*numbers, *meaning_lines(facts, words)], words, height, more_key)
        return side_by_side(left, _chart(facts, width - words - _GUTTER, height, braille=braille), words, _GUTTER)
    meaning = meaning_lines(facts, width)
    top = min(_CHART_HEIGHT[1], max(len(numbers), _CHART_HEIGHT[0] + 1, height - len(meaning) - 1))
    chart = _chart(facts, width - words - _GUTTER, top, braille=braille)
    lines = [*side_by_side(numbers[:top], chart, words, _GUTTER), *numbers[top:], (), *meaning]
    return _cut(_with_history(lines, facts, width, height), width, height, more_key)


def _stacked(facts: CellFacts, width: int, height: int, more_key: str, *, braille: bool) -> list[Line]:
    values, context = _value_lines(facts, width), _context_lines(facts, width)
    meaning = meaning_lines(facts, width)
    room = height - len(values) - len(context) - min(len(meaning), height // 4) - 2
    chart: list[Line] = []
    if room >= _CHART_HEIGHT[0]:
        chart = [(), *_chart(facts, width, min(_CHART_HEIGHT[1], room), braille=braille), ()]
    lines = [*values, *chart, *context, *([()] if context else []), *meaning]
    return _cut(_with_history(lines, facts, width, height), width, height, more_key)


def _chart(facts: CellFacts, width: int, height: int, *, braille: bool) -> list[Line]:
    if height < SMALLEST_CHART[1] or all(value is None for value in facts.trend.values):
        return []
    return chart_lines(facts.trend, width, height, braille=braille)


def _with_history(lines: list[Line], facts: CellFacts, width: int, height: int) -> list[Line]:
    room = height - len(lines) - 1
    return [*lines, (), *_history_lines(facts, width, room)] if room > _SHORTEST_HISTORY else lines


def _cut(lines: list[Line], width: int, height: int, more_key: str) -> list[Line]:
    """At most `height` lines; the last says that there is more."""
    if len(lines) <= height:
        return lines
    return [*lines[: height - 1], _cut_line(lines[height - 1], width, more_key)]


def _value_lines(facts: CellFacts, width: int) -> list[Line]:
    """What the number is and how it moved."""
    value_width = min(cell_len(facts.value), width // 2)
    month_width = min(len(facts.month) + 3, width - value_width)
    name = shorten(facts.name, max(1, width - value_width - month_width - 2))
    first: list[Line] = [
        (
            Span(name, "title"),
            Span(fit(f" · {facts.month}", month_width) + "  ", "quiet"),
            Span(shorten(facts.value, value_width), "value"),
        )
    ]
    if cell_len(facts.name) + len(facts.month) + 5 + cell_len(facts.value) > width:
        # Room for the name matters more than a line.
        first = [
            (Span(shorten(facts.name, width), "title"),),
            (Span(fit(f"{facts.month}  ", len(facts.month) + 2), "quiet"), Span(facts.value, "value")),
        ]
        if line_width(first[1]) > width:
            first[1] = (Span(shorten(facts.value, width), "value"),)
    sentence: list[Line] = [(Span(text, "note"),) for text in wrap(facts.sentence, width)]
    return first + sentence + _verdict_lines(facts, width) + _comparison_lines(facts, width)


def _verdict_lines(facts: CellFacts, width: int) -> list[Line]:
    """What was expected, and why the value is out of the ordinary."""
    verdict = facts.verdict
    if verdict is None:
        return []
    role = "anomaly" if verdict.is_open else "anomaly-said" if verdict.reason else "quiet"
    parts = ((verdict.expected, role), (verdict.reason, "text"), (verdict.state, "quiet"))
    return [(Span(line, part_role),) for text, part_role in parts for line in wrap(text, width)]


def _comparison_lines(facts: CellFacts, width: int) -> list[Line]:
    parts: list[Line] = []
    for item in facts.comparisons:
        change = item.change.text.strip()
        if not change:
            parts.append((Span(f"{item.name} ", "quiet"), Span("·", "quiet")))
            continue
        mark = TONE_MARKS[item.change.tone].strip()
        against = shorten(f" from {item.against}", width - cell_len(item.name) - len(change) - len(mark) - 1)
        parts.append(
            (Span(f"{item.name} ", "quiet"), Span(change + mark, item.change.tone.value), Span(against, "quiet"))
        )
    joined: list[Span] = []
    for part in parts:
        joined += [Span("   ", "text"), *part] if joined else part
    if sum(cell_len(span.text) for span in joined) <= width:
        return [tuple(joined)]
    return parts


def _context_lines(facts: CellFacts, width: int) -> list[Line]:
    """What the number has to be seen against."""
    counted = " · ".join(part for part in (facts.quotient, facts.interval) if part)
    lines: list[Line] = [(Span(text, "target"),) for text in wrap(facts.target, width)]
    for event in facts.events:
        lines += [(Span(text, "event"),) for text in wrap(f"▼ {event}", width)]
    return lines + [(Span(text, "text"),) for text in wrap(counted, width)] + note_lines(facts.notes, width)


def meaning_lines(facts: CellFacts, width: int) -> list[Line]:
    """What the metric says, how it is computed and from what, who answers for it."""
    lines: list[Line] = [(Span(text, "text"),) for text in wrap(facts.definition, width)]
    owner = f"Owner: {facts.owner}" if facts.owner else ""
    for text, role in (
        (facts.formula and f"= {facts.formula}", "formula"),
        (_sourcing(facts), "quiet"),
        (owner, "quiet"),
        *((link, "quiet") for link in facts.links),
    ):
        lines += [(Span(line, role),) for line in wrap(text, width)]
    return lines


def _sourcing(facts: CellFacts) -> str:
    return ". ".join(part for part in (facts.source, facts.basis) if part) + "."


def _history_lines(facts: CellFacts, width: int, height: int) -> list[Line]:
    names = ("Value ", *(f"{item.name} " for item in facts.comparisons))
    columns = (_VALUE_COLUMN, *(_CHANGE_COLUMN for _ in facts.comparisons))
    if _MONTH_COLUMN + sum(columns) > width:
        return []
    head = fit("Month", _MONTH_COLUMN) + "".join(fit_right(*column) for column in zip(names, columns, strict=True))
    lines: list[Line] = [(Span(head, "quiet"),)]
    room = max(1, height - 1)
    first = max(0, facts.history_at) // room * room
    for at, fact in enumerate(facts.history[first : first + room], first):
        lines.append(_history_line(fact, "title" if at == facts.history_at else "text"))
    return lines


def _history_line(fact: MonthFact, role: str) -> Line:
    return (
        Span(fit(fact.month, _MONTH_COLUMN) + fit_right(fact.value, _VALUE_COLUMN), role),
        *(
            Span(fit_right(change.text, _CHANGE_COLUMN - 1) + TONE_MARKS[change.tone], change.tone.value)
            for change in fact.changes
        ),
    )


def _cut_line(line: Line, width: int, more_key: str) -> Line:
    hint = f" … {more_key}: more" if more_key else " …"
    text = "".join(span.text for span in line)
    room = width - cell_len(hint)
    role = line[0].role if line else "text"
    return (Span(fit(text, max(0, room)), role), Span(hint, "quiet"))
