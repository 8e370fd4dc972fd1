"""A selection for a reader: aligned text for a terminal, pipe tables for a document."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from reviewtui.anomalies.marks import MEANINGS, mark
from reviewtui.metrics.formats import NO_VALUE, STATUS_MARKS, format_cell, section_title
from reviewtui.metrics.sheet import ALL_PRODUCTS, Status, Unit
from reviewtui.text import markdown_text, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell, Metric, Product
    from reviewtui.months import Month
    from reviewtui.reports.selection import Selection

NAME_WIDTHS = (12, 40)
"""Narrowest and widest column of metric names."""
CELL_WIDTH = 8
"""Width of a month's column without its gap, where no cell needs more."""
GAP = " "
MARKDOWN_MONTHS = 12
"""Months of a Markdown table where none were asked for."""

_MEANINGS = {
    Status.MISSING: "no data",
    Status.NA: "cannot be computed",
    Status.FORECAST: "forecast",
    Status.PARTIAL: "month to date",
    Status.IMMATURE: "still maturing",
    Status.LOW_N: "few answers",
    Status.RESTATED: "restated since its review",
}


def display_width(text: str) -> int:
    """How many terminal columns `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` columns: cut with an ellipsis, or filled up with spaces."""
    if display_width(text) > width:
        kept = ""
        for character in text:
            if display_width(kept + character) > width - 1:
                break
            kept += character
        text = kept + "…"
    return text + " " * (width - display_width(text))


def right(text: str, width: int) -> str:
    """`text` at the right edge of `width` columns, never cut."""
    return " " * (width - display_width(text)) + text


def cell_text(cell: Cell, unit: str, verdict: Verdict | None = None) -> str:
    """A cell with the mark of an anomaly before the value, and that of its status, or a space, after it."""
    status = STATUS_MARKS.get(cell.status, "") if cell.value is not None else ""
    return mark(verdict) + format_cell(cell, unit) + (status or " ")


def heading(product: Product) -> str:
    """`Session replay, growth stage`; not yet made safe."""
    if product.id == ALL_PRODUCTS:
        return product.name or "All products"
    return f"{product.name or product.id}, {product.stage} stage" if product.stage else product.name or product.id


def legend(selection: Selection) -> tuple[str, ...]:
    """What the signs in the cells mean, and the currency; empty where there is nothing to explain."""
    shown = {cell.status for row in _rows(selection) for _, cell in selection.cells(*row)}
    signs = NO_VALUE | STATUS_MARKS
    meanings = tuple(f"{signs[status]} {meaning}" for status, meaning in _MEANINGS.items() if status in shown)
    found = {mark(verdict) for row in _rows(selection) for _, _, verdict in selection.judged(*row)}
    meanings += tuple(f"{sign} {meaning}" for sign, meaning in MEANINGS.items() if sign in found)
    has_money = any(metric.unit == Unit.MONEY for _, metric in _rows(selection))
    return (f"money in {selection.sheet.currency}", *meanings) if has_money else meanings


def _rows(selection: Selection) -> Iterator[tuple[Product, Metric]]:
    for product, metrics in selection.rows:
        for metric in metrics:
            yield product, metric


def text_lines(selection: Selection, width: int, *, all_months: bool) -> Iterator[str]:
    """The lines of the table, one block a product, none wider than `width` columns if a name and a month fit.

    With `all_months` the months that do not fit follow in further blocks; else only the newest that fit are shown.
    """
    widths = _name_width(selection, width), _cell_width(selection)
    per_block = max(1, (width - widths[0]) // (widths[1] + len(GAP)))
    hidden = 0 if all_months else max(0, len(selection.months) - per_block)
    shown = replace(selection, months=selection.months[hidden:])
    for product, metrics in shown.rows:
        yield fit(safe_text(heading(product)), width).rstrip()
        for start in range(0, len(shown.months), per_block):
            yield from _block(shown, product, metrics, shown.months[start : start + per_block], widths)
            yield ""
    if hidden and shown.rows:
        yield f"{hidden} earlier months not shown; --from {selection.months[0]} shows them."
    yield from _wrapped([safe_text(part) for part in legend(shown)], width)


def _wrapped(parts: Sequence[str], width: int) -> Iterator[str]:
    line = ""
    for part in parts:
        longer = f"{line}   {part}" if line else part
        if line and display_width(longer) > width:
            yield line
            longer = part
        line = longer
    if line:
        yield line


def _block(
    selection: Selection,
    product: Product,
    metrics: Sequence[Metric],
    months: Sequence[Month],
    widths: tuple[int, int],
) -> Iterator[str]:
    name_width, cell_width = widths
    yield (" " * name_width + "".join(GAP + right(month.label + " ", cell_width) for month in months)).rstrip()
    for section, members in groupby(metrics, key=lambda metric: metric.section):
        yield fit(safe_text(section).upper(), name_width).rstrip()
        for metric in members:
            judged = replace(selection, months=tuple(months)).judged(product, metric)
            texts = (cell_text(cell, metric.unit, verdict) for _, cell, verdict in judged)
            values = "".join(GAP + right(text, cell_width) for text in texts)
            yield (fit(safe_text(metric.name), name_width) + values).rstrip()


def _name_width(selection: Selection, width: int) -> int:
    narrowest, widest = NAME_WIDTHS
    longest = max((display_width(safe_text(metric.name)) for _, metric in _rows(selection)), default=narrowest)
    room = max(narrowest, width // 3)
    return max(narrowest, min(longest, widest, room))


def _cell_width(selection: Selection) -> int:
    rows = _rows(selection)
    texts = (cell_text(cell, row[1].unit, verdict) for row in rows for _, cell, verdict in selection.judged(*row))
    return max(CELL_WIDTH, max((display_width(text) for text in texts), default=0))


def markdown_lines(selection: Selection, *, all_months: bool) -> Iterator[str]:
    """A heading for each product and a pipe table for each of its sections."""
    shown = selection if all_months else replace(selection, months=selection.months[-MARKDOWN_MONTHS:])
    for product, metrics in shown.rows:
        yield f"## {markdown_text(heading(product))}"
        yield ""
        for section, members in groupby(metrics, key=lambda metric: metric.section):
            yield f"### {markdown_text(section_title(section))}"
            yield ""
            yield "| Metric | " + " | ".join(month.label for month in shown.months) + " |"
            yield "| --- |" + " ---: |" * len(shown.months)
            for metric in members:
                values = " | ".join(
                    markdown_text(cell_text(cell, metric.unit, verdict).rstrip())
                    for _, cell, verdict in shown.judged(product, metric)
                )
                yield f"| {markdown_text(metric.name)} | {values} |"
            yield ""
    if explained := legend(shown):
        yield markdown_text("; ".join(explained))
