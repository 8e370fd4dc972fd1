"""The result of a statement as lines that fit a width. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from reviewtui.text import safe_text
from reviewtui.widgets.fitting import fit, fit_right, shorten
from reviewtui.widgets.spans import Line, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.sources.query import QueryColumn, Row, TableNames

_GAP = 2
_WIDEST = 40
_ROWS_MEASURED = 200
NULL_SIGN = "∅"


def result_lines(
    columns: Sequence[QueryColumn], rows: Sequence[Row], width: int, height: int, first: tuple[int, int] = (0, 0)
) -> list[Line]:
    """The head and as many rows as fit; `first` is the row and the column at the top left."""
    top, left = first
    shown = columns[left:]
    measured = [*rows[:_ROWS_MEASURED], *rows[top : top + height]]
    widths = [
        min(_WIDEST, max([cell_len(safe_text(column.name)), 1, *(_cell_width(row[place]) for row in measured)]))
        for place, column in enumerate(shown, left)
    ]
    lines: list[Line] = [(Span(_line([column.name for column in shown], shown, widths, width), "quiet"),)]
    for row in rows[top : top + max(0, height - 1)]:
        values = [NULL_SIGN if value is None else value for value in row[left:]]
        lines.append((Span(_line(values, shown, widths, width), "text"),))
    return lines


def _cell_width(value: str | None) -> int:
    return min(_WIDEST, cell_len(safe_text(value[: _WIDEST * 2]))) if value is not None else 1


def _line(values: Sequence[str], columns: Sequence[QueryColumn], widths: Sequence[int], width: int) -> str:
    cells, used = [], 0
    for value, column, size in zip(values, columns, widths, strict=True):
        if used >= width:
            break
        cells.append(fit_right(value, size) if column.is_number else fit(value, size))
        used += size + _GAP
    return fit((" " * _GAP).join(cells), width)


def table_lines(tables: Sequence[TableNames], width: int, height: int) -> list[Line]:
    """Each table with its columns in a line, as long as there is room; empty while none is known."""
    shown = tables if len(tables) <= height else tables[: max(0, height - 1)]
    widest = min(max((cell_len(safe_text(table.name)) for table in shown), default=0), width // 2)
    lines: list[Line] = []
    for table in shown:
        name = fit(table.name, widest)
        columns = shorten("  ".join(table.columns), max(0, width - widest - 2))
        lines.append((Span(name, "heading"), Span("  ", ""), Span(columns, "quiet")))
    if len(shown) < len(tables):
        lines.append((Span(f"and {len(tables) - len(shown):,} more: Tab completes their names", "quiet"),))
    return lines
