"""The parts of a change as rows of a list and as lines to read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import MINUS, format_cell, format_value
from reviewtui.metrics.sheet import Unit
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListRow
from reviewtui.widgets.record_lines import fact_lines
from reviewtui.widgets.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from reviewtui.metrics.changes import Change
    from reviewtui.metrics.contributions import Breakdown, Contribution
    from reviewtui.metrics.drilldown import RowTable
    from reviewtui.widgets.spans import Line

WHOLE = "The whole change"
_MOST_SHARE = 1000
"""Per cent of the change from which on a share says no more than that the change is small."""
_MOST_NAMED = 3
_OPENS = {True: "Enter: what moved it", False: "Enter: its records"}


def breakdown_rows(breakdown: Breakdown, unit: str) -> Iterator[ListRow]:
    """The rows of a breakdown and, at the end, what they add up to."""
    for place, row in enumerate(breakdown.rows):
        cells = (
            row.name,
            " ".join(row.detail.split()),
            _amount(row.before, row.unit),
            _amount(row.now, row.unit),
            effect_text(row.effect, unit),
            _share(row.effect, breakdown.change),
        )
        yield ListRow(row_id(breakdown, place), cells, breakdown.heading, "quiet" if row.is_rest else "text")
    cells = (WHOLE, "", "", "", effect_text(breakdown.change, unit), "")
    yield ListRow(f"{breakdown.id}\n", cells, breakdown.heading, "strong")


def row_id(breakdown: Breakdown, place: int) -> str:
    """What tells rows apart."""
    return f"{breakdown.id}\n{place}"


def _amount(value: float | None, unit: str) -> str:
    return format_value(value, unit)


def effect_text(effect: Decimal | float, unit: str) -> str:
    """A contribution with its sign, in the unit of the metric's changes."""
    size = abs(float(effect))
    if unit in (Unit.PERCENT, Unit.PERCENT_POINTS):
        text = f"{size * 100:,.2f} pp"
    elif unit == Unit.SCORE:
        text = f"{size:,.1f}"
    else:
        text = format_value(size, unit)
    if not any(digit in "123456789" for digit in text):
        return text if not effect else f"~{text}"
    return ("+" if effect > 0 else MINUS) + text


def _share(effect: Decimal, change: Decimal) -> str:
    """How much of the change it is; empty where the parts are far larger than the change."""
    if not change:
        return ""
    share = round(float(effect / change) * 100)
    return f"{MINUS if share < 0 else ''}{abs(share)}%" if abs(share) < _MOST_SHARE else ""


def change_words(change: Change) -> str:
    """The two values and the step between them."""
    unit = change.metric.unit
    values = f"{format_cell(change.cell_before, unit) or 'nothing'} → {format_cell(change.cell, unit) or 'nothing'}"
    if change.reason:
        return values
    before, now = change.values
    return f"{values}, {effect_text(now - before, unit).strip()} since {change.before.long_label}"


def detail_lines(row: Contribution, breakdown: Breakdown, change: Change, width: int) -> list[Line]:
    """Everything about a row."""
    lines: list[Line] = [(Span(line, "title"),) for line in wrap(row.name, width)]
    before, now = change.before.long_label, change.month.long_label
    for name, value in ((before, row.before), (now, row.now)):
        if value is not None:
            lines += fact_lines(name, format_value(value, row.unit, full=True), width)
    share = _share(row.effect, breakdown.change)
    about = f", {share} of the change" if share else ""
    lines += fact_lines("Contributes", f"{effect_text(row.effect, change.metric.unit)}{about}", width)
    if row.detail:
        lines += [(), *((Span(line, "text"),) for line in wrap(row.detail, width))]
    if row.metric or row.key:
        lines += [(), (Span(_OPENS[bool(row.metric)], "quiet"),)]
    if breakdown.note:
        lines += [(), *((Span(line, "quiet"),) for line in wrap(breakdown.note, width))]
    return lines


def short_lines(breakdowns: Sequence[Breakdown], unit: str, width: int) -> list[Line]:
    """The largest parts of each breakdown, on a line or two."""
    lines: list[Line] = []
    for breakdown in breakdowns:
        moved = [row for row in breakdown.rows if row.effect]
        named = [f"{row.name} {effect_text(row.effect, unit)}" for row in moved[:_MOST_NAMED]]
        more = len(moved) - _MOST_NAMED
        if named:
            text = ", ".join([*named, *([f"{more} more"] if more > 0 else [])])
            lines += [(Span(line, "text"),) for line in wrap(f"{breakdown.heading}: {text}", width)]
    return [(), (Span("Drivers", "heading"),), *lines] if lines else []


def table_rows(table: RowTable) -> Sequence[ListRow]:
    """The rows of a table of records."""
    from reviewtui.widgets.row_table import datum_text

    texts = (
        tuple(datum_text(value, column.unit) for value, column in zip(row, table.columns, strict=True))
        for row in table.rows
    )
    return [ListRow(f"row:{place}", cells) for place, cells in enumerate(texts)]
