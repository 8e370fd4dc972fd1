"""A table of rows as lines that fit a width: pure.

Numbers are aligned at the right, names at the left; where there is no room, columns of a high rank go first, then names
are cut.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.metrics.formats import MINUS, exact, format_value
from reviewtui.metrics.sheet import Unit
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import fit, fit_right
from reviewtui.widgets.spans import Line, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.drilldown import Column, Datum, RowTable

_GAP = 2
_WIDEST_NAME, _READABLE_NAME, _NARROWEST_NAME = 28, 16, 8
_ROWS_MEASURED = 60
"""Widths follow from this many rows, so that a long table costs no more than a short one."""


def datum_text(value: Datum, unit: str) -> str:
    """One value of a row, safe to paint."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return safe_text(value)
    if unit == Unit.MONEY:
        return f"{value:,.2f}".replace("-", MINUS)
    if unit == Unit.COUNT:
        return exact(value)
    return format_value(value, unit, full=not unit)


def table_lines(table: RowTable, width: int, first: int, height: int, chosen: int | None = None) -> list[Line]:
    """The head, the totals and as many rows from `first` on as `height` lines hold; row `chosen` is marked."""
    texts = [
        [datum_text(value, column.unit) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows[: max(_ROWS_MEASURED, first + height)]
    ]
    totals = [
        "" if total is None else datum_text(total, column.unit)
        for total, column in zip(table.totals or (None,) * len(table.columns), table.columns, strict=True)
    ]
    measured = [*texts[first : first + height], *texts[:_ROWS_MEASURED], totals]
    natural = [
        max([cell_len(column.name), *(cell_len(row[place]) for row in measured)])
        for place, column in enumerate(table.columns)
    ]
    widths = column_widths(table.columns, natural, width)
    lines: list[Line] = [(Span(_row_text([column.name for column in table.columns], table.columns, widths), "quiet"),)]
    if any(totals):
        first_text = next((place for place, column in enumerate(table.columns) if not column.unit), None)
        if first_text is not None and not totals[first_text]:
            totals[first_text] = "Together"
        lines.append((Span(_row_text(totals, table.columns, widths), "value"),))
    shown = texts[first : first + max(0, height - len(lines))]
    for at, row in enumerate(shown, first):
        lines.append((Span(_row_text(row, table.columns, widths), "chosen" if at == chosen else "text"),))
    return lines[:height]


def head_height(table: RowTable) -> int:
    """Lines above the first row: names, and totals where there are any."""
    return 1 + any(total is not None for total in table.totals)


def column_widths(columns: Sequence[Column], natural: Sequence[int], width: int) -> list[int]:
    """What each column gets; 0 for those left out."""
    widths = [size if column.unit else min(size, _WIDEST_NAME) for column, size in zip(columns, natural, strict=True)]

    def used() -> int:
        return sum(size + _GAP for size in widths if size) - _GAP

    def cut_names() -> None:
        for place, column in sorted(enumerate(columns), key=lambda item: -widths[item[0]]):
            if used() > width and not column.unit and widths[place] > _NARROWEST_NAME:
                widths[place] = max(_NARROWEST_NAME, widths[place] - (used() - width))

    def least() -> int:
        """Used once names are as short as can still be read."""
        kept = [
            size if column.unit else min(size, _READABLE_NAME)
            for column, size in zip(columns, widths, strict=True)
            if size
        ]
        return sum(kept) + _GAP * (len(kept) - 1)

    for place in sorted(range(len(columns)), key=lambda place: (-columns[place].rank, -place)):
        if least() <= width:
            break
        if columns[place].rank:
            widths[place] = 0
    cut_names()
    while used() > width and sum(1 for size in widths if size) > 1:
        widths[max(place for place, size in enumerate(widths) if size)] = 0
    if used() > width:
        widths = [min(size, width) for size in widths]
    _widen_last_name(columns, natural, widths, width - used())
    return widths


def _widen_last_name(columns: Sequence[Column], natural: Sequence[int], widths: list[int], room: int) -> None:
    """What is left goes to names that were cut, the last first: comments are last."""
    for place in range(len(columns) - 1, -1, -1):
        if room > 0 and widths[place] and not columns[place].unit:
            more = min(room, natural[place] - widths[place])
            widths[place] += more
            room -= more


def _row_text(texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    cells = [
        fit_right(text, size) if column.unit else fit(text, size)
        for text, column, size in zip(texts, columns, widths, strict=True)
        if size
    ]
    return (" " * _GAP).join(cells).rstrip()
