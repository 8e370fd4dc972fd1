"""Real DuckDB files and sessions for the tests of this folder."""

from __future__ import annotations

import contextlib
import hashlib
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb

from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import Session, open_session
from reviewtui.workspace.model import SourceConfig, ViewConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

INVOICE_LINE = (
    "CREATE TABLE {name} (customer_id VARCHAR, product_id VARCHAR, period_start DATE, period_end DATE,"
    " amount DECIMAL(18,4))"
)
HOLIDAYS = "CREATE TABLE holiday AS SELECT DATE '2026-01-01' + i::INT AS day FROM range(100) r(i)"
ENDLESS = "WITH RECURSIVE r AS (SELECT DATE '2026-01-01' AS day UNION ALL SELECT day FROM r) SELECT day FROM r"
HUGE = "SELECT CASE WHEN length(repeat('abc' || i, 700000000)) > 0 THEN DATE '2026-01-01' END AS day FROM range(1) s(i)"
UNSTOPPABLE = (
    "SELECT DATE '2026-01-01' + levenshtein(repeat('a', 150000) || i, repeat('b', 150000) || i)::INT % 9 AS day"
    " FROM range(1) s(i)"
)


def make_file(path: Path, *statements: str) -> Path:
    """A DuckDB file made by `statements`."""
    with duckdb.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def request_for(
    files: Mapping[str, Path], views: Mapping[str, str] | None = None, seconds: float = 5.0
) -> SourceRequest:
    """A request for `files` by source name and `views` by table; they stand at lines 10, 11, ... and 20, 21, ..."""
    sources = tuple(SourceConfig(name, path, line=10 + i) for i, (name, path) in enumerate(files.items()))
    entries = tuple(ViewConfig(table, sql, 20 + i) for i, (table, sql) in enumerate((views or {}).items()))
    return SourceRequest(sources, entries, view_seconds=seconds)


@contextlib.contextmanager
def opened(request: SourceRequest) -> Iterator[Session]:
    """A session in this process."""
    session = open_session(request, lambda _message: None)
    try:
        yield session
    finally:
        session.close()


def digest(path: Path) -> str:
    """The content of a file, in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `code` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


def make_file_with_log(path: Path) -> Path:
    """A file whose last row stands in the write-ahead log only."""
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute('CREATE TABLE holiday (day DATE)'); c.execute('CHECKPOINT');"
        "c.execute(\"INSERT INTO holiday VALUES ('2026-05-01')\"); os._exit(0)"
    )
    run_python(code, path)
    assert path.with_name(path.name + ".wal").stat().st_size > 0
    return path


def with_header(content: bytes, offset: int, value: int) -> bytes:
    """A database whose main header holds `value` at `offset`, with the checksum that belongs to it."""
    header = bytearray(content[:4096])
    header[offset : offset + 8] = struct.pack("<Q", value)
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", header[8:]):
        checksum ^= (word * 0xBF58476D1CE4E5B9) % 2**64
    header[:8] = struct.pack("<Q", checksum)
    return bytes(header) + content[4096:]
