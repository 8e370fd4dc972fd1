"""Read a spreadsheet file of either kind, told by its content and not by its name."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.imports import csv_table, workbook
from reviewtui.imports.workbook import HEADLINE, OLE_MAGIC, ZIP_MAGIC, ReadFile

if TYPE_CHECKING:
    from pathlib import Path

TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = {
    b"%PDF": "is a PDF",
    b"PAR1": "is a Parquet file",
    b"SQLite format 3": "is an SQLite file",
    b"\x1f\x8b": "is compressed",
}


def read_file(path: Path) -> ReadFile:
    """The sheets of a workbook or CSV file; ReviewError, with the next step, if it cannot be used."""
    content = _content(path)
    if content.startswith(OLE_MAGIC):
        if _ENCRYPTED_MARK in content:
            raise _refused(path, "is protected by a password. Save a copy without one and import that.")
        raise _refused(path, "is a workbook of before 2007 (.xls). Save it as .xlsx and import that.")
    if content.startswith(ZIP_MAGIC):
        if b"mimetypeapplication/vnd.oasis" in content[:200]:
            raise _refused(path, "is an OpenDocument sheet. Save it as .xlsx or .csv and import that.")
        return workbook.read_workbook(path)
    for mark, kind in _OTHER_KINDS.items():
        if content.startswith(mark):
            raise _refused(path, f"{kind}. Save the sheet as .xlsx or .csv and import that.")
    if path.suffix.lower() not in TEXT_ENDINGS:
        raise _refused(path, "is no .xlsx workbook by its content. Save the sheet as .xlsx or .csv and import that.")
    return csv_table.read_csv(path, content)


def _content(path: Path) -> bytes:
    """The file's bytes, without ever waiting on something that is no file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _refused(path, f"cannot be opened ({error.strerror}). Check the path.") from error
    except ValueError as error:
        raise _refused(path, "is no usable file name. Check the path.") from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise _refused(path, "is no file. Give the path of a .xlsx or .csv file.")
        if status.st_size == 0:
            raise _refused(path, "is empty (0 bytes). Save it again.")
        if status.st_size > workbook.MOST_BYTES:
            raise _refused(path, f"has {status.st_size >> 20} MB; at most {workbook.MOST_BYTES >> 20} MB are read.")
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return stream.read()
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror}). Check the disk it is on.") from error
    finally:
        os.close(handle)


def _refused(path: Path, reason: str) -> ReviewError:
    return ReviewError(f"{path.name} {reason} Nothing was imported.", HEADLINE)
