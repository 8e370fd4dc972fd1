"""Tables as text to paste: TSV with exact values for spreadsheets, Markdown with values as they are shown.

No cell of either can begin a formula, a row, a column or markup of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import markdown_text, one_line, spreadsheet_text

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_CLIPBOARD = 74_000
"""Bytes; terminals that limit OSC 52 take about a third more in base64."""


class TableFormat(StrEnum):
    """How a table is written."""

    TSV = "TSV"
    MARKDOWN = "Markdown"


ENDINGS = {TableFormat.TSV: "tsv", TableFormat.MARKDOWN: "md"}


class CopyCell(NamedTuple):
    """One cell."""

    shown: str
    """As it stands on the screen."""
    exact: float | str | date | None
    """A number, or the text; None where there is no value."""


def text_cell(text: str) -> CopyCell:
    """A cell that is a text."""
    return CopyCell(text, text)


@dataclass(frozen=True, slots=True)
class CopyTable:
    """Columns and rows; every row has as many cells as there are `heads`."""

    heads: tuple[CopyCell, ...]
    rows: tuple[tuple[CopyCell, ...], ...]


def heads_of(*names: str) -> tuple[CopyCell, ...]:
    """Heads that are written the same everywhere."""
    return tuple(text_cell(name) for name in names)


def table_text(table: CopyTable, form: TableFormat) -> str:
    """The table with its heads; ends with a line feed."""
    return tsv(table) if form is TableFormat.TSV else markdown(table)


def tsv(table: CopyTable) -> str:
    """Tab-separated values; numbers read back to the same double, rates are fractions, empty where there is none."""
    lines = [[_tsv_cell(cell) for cell in row] for row in (table.heads, *table.rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def _tsv_cell(cell: CopyCell) -> str:
    if cell.exact is None:
        return ""
    if isinstance(cell.exact, str):
        return spreadsheet_text(one_line(cell.exact))
    return exact_text(cell.exact)


def exact_text(value: float | date) -> str:
    """A number that reads back to the same, whole ones without a fraction; a date as YYYY-MM-DD."""
    if isinstance(value, date):
        return value.isoformat()
    if not isfinite(value):
        return ""
    whole = int(value)
    return str(whole) if whole == value and abs(whole) < 2**53 else repr(float(value))


def markdown(table: CopyTable) -> str:
    """A Markdown table; columns of numbers are aligned at the right."""
    heads = [_markdown_cell(head.shown) for head in table.heads]
    numeric = [_is_numeric(table.rows, place) for place in range(len(heads))]
    lines = [heads, ["---:" if right else "---" for right in numeric]]
    lines += [[_markdown_cell(cell.shown) for cell in row] for row in table.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _is_numeric(rows: Sequence[Sequence[CopyCell]], place: int) -> bool:
    values = [row[place].exact for row in rows if row[place].exact is not None]
    return bool(values) and all(isinstance(value, int | float) for value in values)


def _markdown_cell(text: str) -> str:
    return markdown_text(one_line(text)).strip()
