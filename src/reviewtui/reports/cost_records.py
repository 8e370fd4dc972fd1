"""The figures of `reviewtui costs` for programs (CSV, JSON) and for readers (aligned text, Markdown tables)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reviewtui.text import markdown_text, safe_text, spreadsheet_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from reviewtui.costs.rows import CostRow

CSV_COLUMNS = ("product", "section", "period", "region", "measure", "value", "unit")
SECTION_TITLES = {
    "allocation": "Allocated cost",
    "component": "Components",
    "reconcile": "Reconciliation",
    "overlap": "Overlaps",
    "unit": "Unit economics",
    "breakdown": "Storage as billed and as modelled",
    "querylog": "Share of queries",
    "review": "Change from the month before",
    "sensitivity": "Sensitivity",
    "tornado": "One assumption at a time",
    "montecarlo": "Draws of all assumptions",
    "alert": "Alerts",
}
ALL = "all"
BY_REGION = "querylog"
"""Readers get the figures of all regions together; of queries there is only a share by region."""
NAME_WIDTH = 38
CELL_WIDTH = 14
SIGNIFICANT = 6
_NO_VALUE = "n/a"


def write_csv(rows: Iterable[CostRow], stream: TextIO) -> None:
    """One row a figure under `CSV_COLUMNS`."""
    import csv

    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for row in rows:
        value = row.value if is_number(row.value) else spreadsheet_text(row.value)
        texts = [spreadsheet_text(text) for text in (row.product, row.section, row.period, row.region, row.measure)]
        writer.writerow([*texts, value, spreadsheet_text(row.unit)])


def write_json(rows: Iterable[CostRow], workspace: str, as_of: str, stream: TextIO) -> None:
    """The same facts by product; values are texts, so that no decimal is lost, and null where there is none."""
    import json

    products = [
        {
            "id": product,
            "figures": [
                {**dict(zip(CSV_COLUMNS[1:], row[1:], strict=True)), "value": row.value or None} for row in found
            ],
        }
        for product, found in groupby(rows, key=lambda row: row.product)
    ]
    json.dump({"workspace": workspace, "as_of": as_of, "products": products}, stream, ensure_ascii=False, indent=1)
    stream.write("\n")


def is_number(text: str) -> bool:
    """Whether a value is a number and not a word or a list of ids."""
    try:
        float(text)
    except ValueError:
        return False
    return not text.strip("0123456789+-.eE")


def text_lines(rows: Sequence[CostRow], width: int) -> Iterator[str]:
    """Aligned tables, one a product and section; the newest periods that fit."""
    periods = max(1, (width - NAME_WIDTH) // CELL_WIDTH)
    for title, columns, body in _tables(rows, periods):
        yield safe_text(title)
        yield (" " * NAME_WIDTH + "".join(f"{column:>{CELL_WIDTH}}" for column in columns)).rstrip()
        for name, values in body:
            shown = "".join(f"{safe_text(value, CELL_WIDTH - 1):>{CELL_WIDTH}}" for value in values)
            yield f"{safe_text(name, NAME_WIDTH - 1):<{NAME_WIDTH}}{shown}".rstrip()
        yield ""


def markdown_lines(rows: Sequence[CostRow], periods: int = 12) -> Iterator[str]:
    """A heading and a pipe table for each product and section."""
    for title, columns, body in _tables(rows, periods):
        yield f"## {markdown_text(title)}"
        yield ""
        yield "| Measure | " + " | ".join(columns) + " |"
        yield "| --- |" + " ---: |" * len(columns)
        for name, values in body:
            yield f"| {markdown_text(name)} | " + " | ".join(markdown_text(value) for value in values) + " |"
        yield ""


_Table = tuple[str, tuple[str, ...], list[tuple[str, list[str]]]]


def _tables(rows: Sequence[CostRow], most_periods: int) -> Iterator[_Table]:
    """(title, periods, named values) for each product, region and section."""
    sections = list(SECTION_TITLES)
    shown = [row for row in rows if row.unit != "ids" and (row.region == ALL or row.section == BY_REGION)]
    keys = dict.fromkeys((row.product, row.section, row.region) for row in shown)
    order = {product: place for place, product in enumerate(dict.fromkeys(row.product for row in rows))}
    for key in sorted(keys, key=lambda key: (order[key[0]], sections.index(key[1]), key[2] != ALL, key[2])):
        found = [row for row in shown if (row.product, row.section, row.region) == key]
        periods = tuple(sorted({row.period for row in found}))[-most_periods:]
        values = {(row.measure, row.period): row for row in found}
        measures = dict.fromkeys(row.measure for row in found if row.period in periods)
        body = [
            (_name(found, measure), [_shown(values.get((measure, period))) for period in periods])
            for measure in measures
        ]
        region = "" if key[2] == ALL else f", {key[2]}"
        yield f"{key[0]}: {SECTION_TITLES[key[1]]}{region}", periods, body


def _name(found: Sequence[CostRow], measure: str) -> str:
    unit = next(row.unit for row in found if row.measure == measure)
    return f"{measure} [{unit}]" if unit else measure


def _shown(row: CostRow | None) -> str:
    """A value for reading: thousands exact, small numbers to a few digits."""
    if row is None:
        return ""
    if not row.value:
        return _NO_VALUE
    if not is_number(row.value):
        return row.value
    number = float(row.value)
    if abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:.{SIGNIFICANT}g}" if abs(number) < 1 else f"{number:,.2f}".rstrip("0").rstrip(".")
