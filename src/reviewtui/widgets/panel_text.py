"""The cell panel's lines for a given size: pure, so that every size can be tested without a terminal."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from reviewtui.widgets.change import TONE_MARKS
from reviewtui.widgets.fitting import fit, fit_right, shorten, wrap

if TYPE_CHECKING:
    from reviewtui.widgets.cell_facts import CellFacts, MonthFact

TWO_COLUMNS_FROM = 96
_GUTTER = 3
_MARGIN = 1
_SHORTEST_HISTORY = 4
_VALUE_COLUMN, _CHANGE_COLUMN, _MONTH_COLUMN = 10, 10, 8


class Span(NamedTuple):
    """A run of text with the name of its component class."""

    text: str
    role: str


Line = tuple[Span, ...]


def panel_lines(facts: CellFacts, width: int, height: int, *, more_key: str = "") -> list[Line]:
    """At most `height` lines of `width` cells; names `more_key` where something had to be left out."""
    inner = width - 2 * _MARGIN
    if inner < 1 or height < 1:
        return []
    if inner >= TWO_COLUMNS_FROM:
        lines = _two_columns(facts, inner)
    else:
        lines = _number_lines(facts, inner) + _meaning_lines(facts, inner)
    room = height - len(lines) - 1
    if room > _SHORTEST_HISTORY:
        lines += [(), *_history_lines(facts, inner, room)]
    if len(lines) > height:
        lines = [*lines[: height - 1], _cut_line(lines[height - 1], inner, more_key)]
    return [(Span(" " * _MARGIN, "text"), *line) for line in lines]


def _two_columns(facts: CellFacts, width: int) -> list[Line]:
    half = (width - _GUTTER) // 2
    left, right = _number_lines(facts, half), _meaning_lines(facts, half)
    gap = Span(" " * _GUTTER, "text")
    return [(*_padded(a, half), gap, *b) for a, b in zip_longest(left, right, fillvalue=())]


def _padded(line: Line, width: int) -> Line:
    used = sum(cell_len(span.text) for span in line)
    return (*line, Span(" " * max(0, width - used), "text"))


def _number_lines(facts: CellFacts, width: int) -> list[Line]:
    """What the number is and how it moved."""
    value_width = min(cell_len(facts.value), width // 2)
    month_width = min(len(facts.month) + 3, width - value_width)
    name = shorten(facts.name, max(1, width - value_width - month_width - 2))
    lines: list[Line] = [
        (
            Span(name, "title"),
            Span(fit(f" · {facts.month}", month_width) + "  ", "quiet"),
            Span(shorten(facts.value, value_width), "value"),
        )
    ]
    lines += [(Span(text, "note"),) for text in wrap(facts.sentence, width)]
    lines += _comparison_lines(facts, width)
    lines += [(Span(text, "text"),) for text in wrap(facts.quotient, width)]
    return lines


def _comparison_lines(facts: CellFacts, width: int) -> list[Line]:
    parts: list[Line] = []
    for item in facts.comparisons:
        change = item.change.text.strip()
        if not change:
            parts.append((Span(f"{item.name} ", "quiet"), Span("·", "quiet")))
            continue
        mark = TONE_MARKS[item.change.tone].strip()
        against = Span(f" from {item.against}", "quiet")
        parts.append((Span(f"{item.name} ", "quiet"), Span(change + mark, item.change.tone.value), against))
    joined: list[Span] = []
    for part in parts:
        joined += [Span("   ", "text"), *part] if joined else part
    if sum(cell_len(span.text) for span in joined) <= width:
        return [tuple(joined)]
    return parts


def _meaning_lines(facts: CellFacts, width: int) -> list[Line]:
    """What the metric says, how it is computed and from what."""
    lines: list[Line] = [(Span(text, "text"),) for text in wrap(facts.definition, width)]
    for text, role in ((facts.formula and f"= {facts.formula}", "formula"), (_sourcing(facts), "quiet")):
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
