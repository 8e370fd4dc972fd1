"""The table of customers as lines, one row under the cursor: pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewtui.metrics.customers import NAME_COLUMN, Sorting
from reviewtui.metrics.sheet import CellSource, Status
from reviewtui.quick_tuple import NamedTuple
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.metric_sections import sum_check
from reviewtui.widgets.row_table import head_height, table_lines
from reviewtui.widgets.spans import Span, line_width

if TYPE_CHECKING:
    from reviewtui.metrics.drilldown import Column, Datum, RowTable
    from reviewtui.metrics.sheet import Cell, Metric
    from reviewtui.widgets.spans import Line

NOBODY = "No customer pays for this product in this month, nor did in the month before."
NOT_OVER = "The month is not over: churned may be not invoiced yet."
_FALLING, _RISING = "↓", "↑"


class CustomerTable(NamedTuple):
    """What is shown of the customers."""

    table: RowTable
    rows: tuple[tuple[Datum, ...], ...]
    """The rows of `table` in the order to show."""
    sorting: Sorting
    cursor: int
    first: int
    """The first row on the screen."""


def words_about(table: RowTable, metric: Metric | None, cell: Cell, *, is_open: bool) -> tuple[str, bool]:
    """How many customers there are and whether they give the cell, and whether that is as it should be.

    `is_open` says that the month is not over.
    """
    shown = len(table.rows)
    count = f"The biggest {shown:,} of {table.found:,}" if shown < table.found else f"{table.found:,}"
    counted = f"{count} customers." if table.found else NOBODY
    words, agrees = "", True
    if cell.source is CellSource.IMPORTED:
        words = "The MRR of this month is imported; the customers are those of the invoices."
    elif metric is not None and cell.status is not Status.MISSING:
        words, agrees = sum_check(table, metric, cell, "the MRR")
        words = words if table.found or not agrees else ""
    return " ".join(part for part in (counted, words, table.note, NOT_OVER if is_open else "") if part), agrees


def above_rows(shown: CustomerTable, words: str, width: int) -> int:
    """How many lines stand above the first row."""
    return len(wrap(words, width)) + head_height(shown.table)


def customer_lines(shown: CustomerTable, about: tuple[str, bool], size: tuple[int, int]) -> list[Line]:
    """The words about the table, its head, totals, and the rows from the first on, in `size` = (width, height)."""
    width, height = size
    words, agrees = about
    lines: list[Line] = [(Span(text, "quiet" if agrees else "note"),) for text in wrap(words, width)]
    table = replace(shown.table, columns=_marked(shown), rows=shown.rows)
    lines += table_lines(table, width, shown.first, height - len(lines))
    at = above_rows(shown, words, width) + shown.cursor - shown.first
    if 0 <= at < len(lines):
        text = "".join(span.text for span in lines[at])
        lines[at] = (Span(text + " " * (width - line_width(lines[at])), "chosen"),)
    return lines[:height]


def _marked(shown: CustomerTable) -> tuple[Column, ...]:
    """The columns, the sorted one with the way it goes."""
    sorting = shown.sorting
    mark = _RISING if (sorting.column == NAME_COLUMN) != sorting.reverse else _FALLING
    return tuple(
        replace(column, name=f"{column.name} {mark}", rank=0) if column.name == sorting.column else column
        for column in shown.table.columns
    )
