"""Spreadsheets as people make them, written to real files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.comments import Comment

from reviewtui.imports.mapping import KnownMetric
from reviewtui.imports.read_file import read_file
from reviewtui.imports.understand import Knowledge, understand
from reviewtui.metrics.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from reviewtui.imports.understanding import SheetUnderstanding, Understanding

CATALOGUE = tuple(KnownMetric(metric.id, metric.name, str(metric.unit)) for metric in load_catalogue())
PRODUCTS = {"replay": ("Session replay",), "flags": ("Feature flags",)}

Rows = Sequence[Any]
"""Rows of cells."""


def workbook(path: Path, sheets: Mapping[str, Rows], **formats: str) -> Path:
    """A workbook with these sheets; `formats` gives cells of the first sheet, as `B2="0.0%"`, their formats."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        fill(book.create_sheet(name), rows)
    for place, number_format in formats.items():
        book.worksheets[0][place].number_format = number_format
    book.save(path)
    return path


def fill(sheet: Worksheet, rows: Rows) -> None:
    """Write the rows as they are; None stays empty."""
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(number, column).value = value


def comment(sheet: Worksheet, place: str, text: str) -> None:
    """Attach a comment to a cell."""
    sheet[place].comment = Comment(text, "a person")


def understood(path: Path, **knowledge: Any) -> Understanding:
    """What is understood of the file by somebody who knows the catalogue and two products."""
    settings: dict[str, Any] = {"metrics": CATALOGUE, "products": PRODUCTS, **knowledge}
    return understand(path.name, read_file(path), Knowledge(**settings))


def of_sheet(path: Path, rows: Rows, name: str = "replay", **knowledge: Any) -> Understanding:
    """What is understood of a workbook with one sheet."""
    return understood(workbook(path / "book.xlsx", {name: rows}), **knowledge)


def cells(understanding: Understanding | SheetUnderstanding) -> dict[str, float]:
    """The values by `product metric month`."""
    return {f"{item.product_id} {item.metric_id} {item.month}": item.value for item in understanding.values}


def places(understanding: Understanding, *, faults: bool | None = None) -> dict[str, str]:
    """What is left out: place to reason."""
    items: Iterable[Any] = understanding.all_left_out
    return {item.place: item.reason for item in items if faults is None or item.is_fault == faults}
