"""Read a CSV file as spreadsheet programs write it: any common delimiter and encoding, ragged rows included."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.imports.sheets import SheetCell, SourceSheet
from reviewtui.imports.workbook import HEADLINE, ReadFile

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 50 * 1024 * 1024
"""A larger file is refused."""
DELIMITERS = (",", ";", "\t")
SAMPLE_LINES = 60

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_EXCEL_HINT = "sep="


def read_csv(path: Path, content: bytes) -> ReadFile:
    """The one sheet of a CSV file; ReviewError if it cannot be used. Rows are numbered by line of the file."""
    if len(content) > MOST_BYTES:
        raise _refused(path, f"has {len(content) >> 20} MB; at most {MOST_BYTES >> 20} MB are read. Split it.")
    text, encoding = _decoded(content)
    if "\0" in text:
        raise _refused(path, "holds NUL characters and is no text. Save the sheet as CSV (UTF-8).")
    delimiter = _delimiter(text)
    hinted = text[: len(_EXCEL_HINT)].lower() == _EXCEL_HINT
    cells: dict[tuple[int, int], SheetCell] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for fields in reader:
            if not (hinted and start == 1):
                for column, field in enumerate(fields, 1):
                    if field.strip():
                        cells[start, column] = SheetCell(field)
            start = reader.line_num + 1
    except csv.Error as error:
        raise _refused(path, f"cannot be read from line {start} on: {error}. Mend that line.") from error
    remarks = () if encoding == "UTF-8" else (f"The file is not UTF-8; it was read as {encoding}.",)
    return ReadFile((SourceSheet(name="", cells=cells, file_name=path.name),), remarks)


def _refused(path: Path, reason: str) -> ReviewError:
    return ReviewError(f"{path.name} {reason} Nothing was imported.", HEADLINE)


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; bytes that mean nothing become U+FFFD."""
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return content.decode(codec, "replace"), name
    if content[:200].count(b"\0") > len(content[:200]) // 4:
        codec = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return content.decode(codec, "replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "Windows-1252"


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most even columns."""
    first = text.split("\n", 1)[0].strip("\r")
    if first[: len(_EXCEL_HINT)].lower() == _EXCEL_HINT and first[len(_EXCEL_HINT) :] in (*DELIMITERS, "\\t"):
        return "\t" if first.endswith("\\t") else first[len(_EXCEL_HINT) :]
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> int:
    """Fields in the rows that have the commonest number of them, above one."""
    counts: dict[int, int] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for _, fields in zip(range(SAMPLE_LINES), reader, strict=False):
            if len(fields) > 1:
                counts[len(fields)] = counts.get(len(fields), 0) + 1
    except csv.Error:
        return 0
    return max((number * times for number, times in counts.items()), default=0)
