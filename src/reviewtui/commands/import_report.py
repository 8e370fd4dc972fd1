"""What `reviewtui import` understood, as lines for a person to check before anything is written."""

from __future__ import annotations

from collections import Counter
from shlex import quote
from typing import TYPE_CHECKING

from reviewtui.imports.mapping import Certainty
from reviewtui.text import counted, safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewtui.imports.tables import LeftOut
    from reviewtui.imports.understanding import NamedRow, SheetUnderstanding, Understanding

LISTED = 20
"""Reasons and comments are listed up to this many and counted beyond."""
WIDEST_NAME = 40
MOST_ROWS = 100
"""Metrics of a sheet are listed up to this many, those that are known first, and counted beyond."""


def report_lines(understanding: Understanding) -> Iterator[str]:
    """Everything understood, sheet by sheet, then what is not taken; safe for a terminal."""
    for line in _lines(understanding):
        yield safe_text(line)


def _lines(understanding: Understanding) -> Iterator[str]:
    yield understanding.file_name
    for remark in understanding.remarks:
        yield f"  {remark}"
    for sheet in understanding.sheets:
        yield ""
        yield from _sheet_lines(sheet)
    yield from _left_out_lines(understanding.all_left_out)
    yield ""
    metrics = {value.metric_id for value in understanding.values}
    products = {value.product_id for value in understanding.values}
    yield (
        f"Together: {counted(len(understanding.values), 'value')} of {counted(len(metrics), 'metric')}"
        f" and {counted(len(products), 'product')}, {counted(len(understanding.notes), 'note')}."
    )


def _sheet_lines(sheet: SheetUnderstanding) -> Iterator[str]:
    title = f"Sheet {sheet.name!r}" if sheet.name else "The table"
    if sheet.skipped:
        yield f"{title}: skipped, {sheet.skipped}."
        return
    products = ", ".join(_product_words(product, sheet.new_products) for product in sheet.products)
    yield f"{title}: {products or 'no values'}"
    months = sorted({value.month for value in sheet.values})
    span = f", {months[0]} to {months[-1]}" if months else ""
    yield f"  {sheet.shape}{span}"
    rows, columns = counted(len(sheet.rows), "metric"), counted(len(months), "month")
    yield f"  {rows} × {columns}, {counted(len(sheet.values), 'value')}"
    if sheet.sections:
        yield f"  sections: {', '.join(sheet.sections)}"
    yield from _row_lines(sheet.rows)
    for remark in sheet.remarks:
        yield f"  note: {remark}"
    for note in sheet.notes[:LISTED]:
        yield f"  comment at {note.place}: {' '.join(note.text.split())}"
    if len(sheet.notes) > LISTED:
        yield f"  and {counted(len(sheet.notes) - LISTED, 'more comment')}"


def _product_words(product_id: str, new: tuple[str, ...]) -> str:
    if product_id == "*":
        return "all products together (*)"
    return f"product {product_id}" + (" (no file in products/)" if product_id in new else "")


def _row_lines(rows: Sequence[NamedRow]) -> Iterator[str]:
    width = min(max((len(row.name) for row in rows), default=0), WIDEST_NAME)
    known_first = sorted(rows, key=lambda row: row.meaning.certainty is Certainty.OWN)
    listed, rest = (rows, []) if len(rows) <= MOST_ROWS else (known_first[:MOST_ROWS], known_first[MOST_ROWS:])
    for row in listed:
        meaning = row.meaning
        yield f"    {row.name:<{width}}  → {meaning.metric_id}  ({_how(row)})"
    for certainty, count in Counter(row.meaning.certainty for row in rest).items():
        yield f"    and {counted(count, 'more metric')} ({certainty})"


def _how(row: NamedRow) -> str:
    meaning = row.meaning
    values = counted(row.values, "value")
    if meaning.certainty is not Certainty.OWN:
        return f"{meaning.certainty}, {values}"
    example = f"--map {quote(row.name + '=' + (meaning.candidates[0] if meaning.candidates else 'metric_id'))}"
    maybe = f"; perhaps {' or '.join(meaning.candidates)}" if meaning.candidates else ""
    return f"{meaning.certainty}, {values}{maybe}; {example} maps it"


def _left_out_lines(left_out: Sequence[LeftOut]) -> Iterator[str]:
    if not left_out:
        return
    faults = sum(item.count for item in left_out if item.is_fault)
    total = sum(item.count for item in left_out)
    yield ""
    yield f"Left out: {counted(total, 'cell')}" + (f", {faults:,} of them to mend" if faults else "")
    alike: dict[tuple[bool, str], list[LeftOut]] = {}
    for item in sorted(left_out, key=lambda item: not item.is_fault):
        alike.setdefault((item.is_fault, item.reason), []).append(item)
    for (_, reason), items in list(alike.items())[:LISTED]:
        more = f" and {counted(len(items) - 1, 'more place')}" if len(items) > 1 else ""
        cells = sum(item.count for item in items)
        count = f" ({cells:,} cells)" if cells > len(items) else ""
        yield f"  {items[0].place}{more}: {reason}{count}"
    if len(alike) > LISTED:
        rest = sum(len(items) for items in list(alike.values())[LISTED:])
        yield f"  and {counted(rest, 'more place')}"
