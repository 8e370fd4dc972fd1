"""Say in one sentence what DuckDB meant, and what to do about it.

DuckDB's own texts quote names and paths from the data raw and run over several lines, so none is shown as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_DETAIL = 240
_LOCK_HOLDER = re.compile(r"Conflicting lock is held in .*?\(PID (\d+)\)", re.DOTALL)
_VERSION = re.compile(r"storage version number (\d+), but we can only read storage versions? between (\d+) and (\d+)")
_FULL_PATH = re.compile(r'"(?:/[^"/\n]+)*/([^"/\n]+)"')
_ERROR_KIND = re.compile(r"^(?:[A-Z][\w-]+ )+Error: ")


def opening_failed(error: Exception, real_path: Path) -> str:
    """Why DuckDB did not open the file at `real_path`, to complete "the source ..."."""
    text = str(error).replace(str(real_path), real_path.name)
    if holder := _LOCK_HOLDER.search(text):
        return (
            f"is open for writing in another program (process {holder[1]})."
            " Close it there, or give the path of a copy, then load again."
        )
    if version := _VERSION.search(text):
        found, _, newest = (int(part) for part in version.groups())
        if found > newest:
            return (
                f"was written by a newer DuckDB (storage version {found}; this program reads up to {newest})."
                " Update reviewtui's duckdb package, or export the file for an older version."
            )
        return f"was written by a very old DuckDB (storage version {found}). Export it again with a newer one."
    for sign, sentence in _OPENING_SIGNS:
        if sign in text:
            return sentence
    return f"cannot be opened: {_detail(text)}. Check the file, or export it again."


_DAMAGED = "is damaged. Export it again or restore a copy."
_OTHER_LOG = (
    "has a write-ahead log of another database beside it."
    " Restore the .wal file that belongs to it, or export the data again."
)
_DAMAGED_LOG = (
    "has a damaged write-ahead log (.wal) beside it. Export the data again, or restore the file together with its log."
)
_LOCKED = "is locked by another program. Close it there, or give the path of a copy, then load again."
_TOO_LARGE = "does not fit into the memory that is allowed. Checkpoint the file, or make a smaller extract."
_OPENING_SIGNS = (
    ("WAL does not match", _OTHER_LOG),
    ("replaying WAL", _DAMAGED_LOG),
    ("Could not set lock", _LOCKED),
    ("Could not read enough bytes", "is cut short: its end is missing. Copy or export it again."),
    ("Corrupt database file", _DAMAGED),
    (
        "Cannot open encrypted",
        "is encrypted, and encrypted files are not read. Give the path of an unencrypted copy.",
    ),
    ("not a valid DuckDB database", "is not a DuckDB file. Load the data into a DuckDB file and give that path."),
    ("Permission denied", "may not be read by this user. Ask for read permission on the file and its folder."),
    ("Out of Memory", _TOO_LARGE),
    ("Failed to allocate", _TOO_LARGE),
    ("INTERNAL Error", _DAMAGED),
)
"""Part of DuckDB's text, and the sentence for it; the first that is found counts."""


def query_failed(error: Exception) -> str:
    """Why a view or table could not be read, to complete "the view ..." or "the table ..."."""
    text = str(error)
    if isinstance(error, MemoryError):
        return _TOO_BIG
    for sign, sentence in _QUERY_SIGNS:
        if sign in text:
            return sentence
    advice = " Write tables as source.schema.table." if "Table with name" in text else ""
    return f"cannot be read: {_detail(text)}.{advice}".replace("?.", "?")


_TOO_BIG = "needs more memory than is allowed. Make it return less, for example by grouping or filtering."
_NO_ACCESS = "tries to use files or the network, which is not allowed. Use only tables of the sources."
_NO_EXTENSION = "needs a DuckDB extension, and none are loaded. Use only functions that DuckDB has built in."
_QUERY_SIGNS = (
    ("Out of Memory", _TOO_BIG),
    ("Failed to allocate", _TOO_BIG),
    ("bad_alloc", _TOO_BIG),
    ("has been disabled by configuration", _NO_ACCESS),
    ("disabled through configuration", _NO_ACCESS),
    ("disabled by configuration", _NO_ACCESS),
    ("configuration has been locked", "tries to change a setting, which is not allowed."),
    ("read-only mode", "tries to change data, which is not allowed. Use one SELECT."),
    ("DML statements", "tries to change data, which is not allowed. Use one SELECT."),
    ("Missing Extension", _NO_EXTENSION),
    ("in the catalog, but it exists in the", _NO_EXTENSION),
    ("INTERRUPT", "was stopped before it was done."),
    ("max_expression_depth", "is nested too deeply. Make it simpler."),
    ("Corrupt", "meets a damaged part of its data file. Export the file again or restore a copy."),
    ("Could not read enough bytes", "meets a data file that is cut short. Copy or export the file again."),
)


def _detail(text: str) -> str:
    """The first sentence of a DuckDB text as one line: no error kind, quoted SQL or folders."""
    lines = _wanted_lines(text.strip().splitlines())
    sentence = _ERROR_KIND.sub("", " ".join(lines)).rstrip(".! ")
    return safe_text(_FULL_PATH.sub(r'"\1"', sentence), MAX_DETAIL)


def _wanted_lines(lines: Iterable[str]) -> list[str]:
    wanted: list[str] = []
    for line in lines:
        if line.startswith(("LINE ", "Possible solutions")):
            break
        if line.strip():
            wanted.append(line.strip())
    return wanted
