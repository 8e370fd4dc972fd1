"""Read the sheets of an Excel workbook: values, formats, notes, merged cells. Macros and links are left alone.

A file that is damaged, encrypted, of an older format, or that would unpack to more than `MOST_BYTES`, is refused with
a sentence.
"""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.imports.sheets import Area, CellValue, SheetCell, SourceSheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Workbooks of before 2007, and encrypted ones of today."""

MOST_BYTES = 100 * 1024 * 1024
"""A workbook may unpack to this much altogether."""
MOST_SHEET_BYTES = 40 * 1024 * 1024
"""One part of it may unpack to this much: about a million cells."""
MOST_SHEETS = 200

HEADLINE = "Not imported"
NOT_COMPUTED = "a formula whose result is not in the file; open it in a spreadsheet program and save it again"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds."""

    sheets: tuple[SourceSheet, ...]
    remarks: tuple[str, ...] = ()
    """What was left alone in it, in sentences."""


def read_workbook(path: Path) -> ReadFile:
    """The sheets of the workbook `path` in their order; ReviewError if it cannot be used."""
    _check_size(path)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts that are left alone anyway
            book = load_workbook(path, data_only=True, keep_links=False, keep_vba=False)
            formulas = _formula_places(path) if _has_formulas(path) else {}
    except MemoryError as error:
        raise _refused(path, "needs more memory than there is. Save its sheet in a file of its own.") from error
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
        raise _refused(
            path, "cannot be read: it is damaged or no workbook. Open it in a spreadsheet program and save it again."
        ) from error
    sheets = tuple(_sheet(found, formulas.get(found.title, frozenset())) for found in book.worksheets)
    remarks = tuple(f"The chart sheet {chart.title!r} holds no cells: skipped." for chart in book.chartsheets)
    if "xl/vbaProject.bin" in _names(path):
        remarks += ("Macros are not read and not run.",)
    return ReadFile(sheets, remarks)


def _refused(path: Path, reason: str) -> ReviewError:
    return ReviewError(f"{path.name} {reason} Nothing was imported.", HEADLINE)


def _check_size(path: Path) -> None:
    """Refuse what is no sound archive or unpacks to too much, from its table of contents alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise _refused(path, "is damaged: its end is missing or it is no workbook. Save it again.") from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in {name.lstrip("/") for name in names} and "[Content_Types].xml" not in names:
        raise _refused(path, "is an archive, but no Excel workbook. Save the sheet as .xlsx or .csv.")
    total, largest = sum(part.file_size for part in parts), max(part.file_size for part in parts)
    sheets = sum(part.filename.startswith("xl/worksheets/") for part in parts)
    own_file = "Save the sheet with the months in a file of its own."
    if sheets > MOST_SHEETS:
        raise _refused(path, f"has {sheets:,} sheets; at most {MOST_SHEETS} are read. {own_file}")
    if total > MOST_BYTES:
        size = f"{ceil(total / 1024 / 1024):,} MB; at most {MOST_BYTES >> 20} MB"
        raise _refused(path, f"would unpack to {size} are read. {own_file}")
    if largest > MOST_SHEET_BYTES:
        size = f"{ceil(largest / 1024 / 1024):,} MB; at most {MOST_SHEET_BYTES >> 20} MB"
        raise _refused(path, f"has a sheet that would unpack to {size} are read. Save the sheet as .csv.")


def _names(path: Path) -> frozenset[str]:
    with zipfile.ZipFile(path) as archive:
        return frozenset(archive.namelist())


def _has_formulas(path: Path) -> bool:
    """Whether any sheet has a formula, by its bytes: most exports have none."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                content = archive.read(name)
                if b"<f>" in content or b"<f " in content:
                    return True
    return False


def _formula_places(path: Path) -> dict[str, frozenset[tuple[int, int]]]:
    """Sheet name to the cells that hold formulas."""
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=False, keep_links=False, keep_vba=False)
    return {
        sheet.title: frozenset(place for place, cell in _cells(sheet).items() if cell.data_type == "f")
        for sheet in book.worksheets
    }


def _cells(sheet: Worksheet) -> Mapping[tuple[int, int], Cell | MergedCell]:
    """The cells that the file has; every public way also makes all the empty ones up to the farthest corner."""
    cells: Mapping[tuple[int, int], Cell | MergedCell] = sheet._cells  # noqa: SLF001 - see above
    return cells


def _sheet(found: Worksheet, formulas: frozenset[tuple[int, int]]) -> SourceSheet:
    cells: dict[tuple[int, int], SheetCell] = {}
    for place, cell in _cells(found).items():
        note = cell.comment.text if cell.comment is not None else ""
        value = _value(cell.value)
        if value is not None or note:
            number_format = cell.number_format if isinstance(value, float) else ""
            cells[place] = SheetCell(value, _kept_format(number_format), _note_text(note))
    for place in formulas:
        known = cells.get(place)
        if known is None or known.value is None:
            cells[place] = replace(known or SheetCell(None), fault=NOT_COMPUTED)
    return SourceSheet(
        name=found.title,
        cells=cells,
        merged=tuple(
            Area(area.min_row, area.min_col, area.max_row, area.max_col) for area in found.merged_cells.ranges
        ),
        hidden=found.sheet_state != "visible",
        hidden_rows=frozenset(number for number, row in found.row_dimensions.items() if row.hidden),
        hidden_columns=frozenset(_hidden_columns(found)),
    )


def _value(value: object) -> CellValue:
    if value is None or isinstance(value, (bool, date)):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value)
    return text if text.strip() else None


def _kept_format(number_format: str) -> str:
    return "" if number_format == "General" else number_format


def _note_text(note: str) -> str:
    """A comment without the placeholder that newer programs put around theirs."""
    _, mark, threaded = note.partition("Comment:\n")
    return (threaded if mark and note.startswith("[Threaded comment]") else note).strip()


def _hidden_columns(found: Worksheet) -> list[int]:
    hidden: list[int] = []
    for dimension in found.column_dimensions.values():
        if dimension.hidden and dimension.min is not None and dimension.max is not None:
            hidden.extend(range(dimension.min, min(dimension.max, found.max_column) + 1))
    return hidden
