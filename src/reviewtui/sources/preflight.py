"""Look at a source before DuckDB does.

Opening a pipe hangs, an SQLite file or an address makes DuckDB look for an extension, a path with NUL opens another
file: none of these reach DuckDB. Call this only while the file is not open: closing any handle on an open DuckDB file
drops this process's lock on it.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from reviewtui.errors import SourceError
from reviewtui.sources.freshness import LOG_ENDINGS

HEADER_BYTES = 16
DUCKDB_MAGIC = b"DUCK"
MAGIC_AT = 8
SQLITE_MAGIC = b"SQLite format 3"
PARQUET_MAGIC = b"PAR1"

_ADDRESS = re.compile(
    r"(?:^|/)(?:md|motherduck|https?|s3[an]?|gcs|gs|r2|hf|az|azure|abfss?|sqlite|postgres(?:ql)?|mysql|ducklake|quack|ssh|ftp):",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file system says about a source."""

    real_path: Path
    """Without symbolic links: where DuckDB looks for the write-ahead log too."""
    modified: datetime | None
    size: int
    wal_bytes: int


def check_file(path: Path) -> FileFacts:
    """The facts of a DuckDB file; SourceError whose message completes "the source ..." for anything else."""
    facts = check_regular_file(path)
    _check_header(_read_header(facts.real_path))
    return replace(facts, wal_bytes=_wal_bytes(facts.real_path))


def check_regular_file(path: Path) -> FileFacts:
    """The facts of a file with something in it, whatever that is; SourceError as `check_file` raises it."""
    text = _checked_path(path)
    real_path = Path(os.path.realpath(text))
    status = _status(path, real_path)
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(_not_a_file(status.st_mode))
    if status.st_size == 0:
        raise SourceError("is empty (0 bytes). Export it again; if an export is still running, wait for it.")
    return FileFacts(real_path, _instant(status.st_mtime), status.st_size, 0)


def _checked_path(path: Path) -> str:
    text = str(path)
    if "\0" in text:
        raise SourceError("has a path with a NUL character in it. Correct the path.")
    if _SCHEME.match(text):
        raise SourceError(_NOT_LOCAL)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise SourceError("has a name that is not valid UTF-8. Rename the file or its folder.") from None
    return text


_NOT_LOCAL = "is an address, and only files on this machine are read. Download it and give the path of the copy."


def _status(path: Path, real_path: Path) -> os.stat_result:
    try:
        return real_path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            raise SourceError("is a link to a file that does not exist. Correct the link or the path.") from None
        if _ADDRESS.search(str(path)):
            raise SourceError(_NOT_LOCAL) from None
        raise SourceError("does not exist. Correct the path, or put the file there.") from None
    except PermissionError:
        raise SourceError(_NOT_READABLE) from None
    except (OSError, ValueError) as error:
        raise SourceError(f"has a path that cannot be used ({_reason(error)}). Correct the path.") from None


_NOT_READABLE = "may not be read by this user. Ask for read permission on the file and on the folders above it."


def _not_a_file(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "is a folder. Give the path of the DuckDB file in it."
    kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    return f"is {kind}, not a file. Give the path of a DuckDB file."


def _read_header(real_path: Path) -> bytes:
    """The first bytes, without ever waiting: the file may have become a pipe since it was looked at."""
    try:
        handle = os.open(real_path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError:
        raise SourceError(_NOT_READABLE) from None
    except OSError as error:
        raise SourceError(f"cannot be opened ({_reason(error)}). Check the file and try again.") from None
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise SourceError(_not_a_file(mode))
        return os.read(handle, HEADER_BYTES)
    except OSError as error:
        raise SourceError(f"cannot be read ({_reason(error)}). Check the disk it is on.") from None
    finally:
        os.close(handle)


def _check_header(header: bytes) -> None:
    if header[MAGIC_AT : MAGIC_AT + len(DUCKDB_MAGIC)] == DUCKDB_MAGIC:
        return
    if header.startswith(SQLITE_MAGIC):
        raise SourceError("is an SQLite file. Copy its tables into a DuckDB file and give that path.")
    if header.startswith(PARQUET_MAGIC):
        raise SourceError("is a Parquet file. Load it into a DuckDB file and give that path.")
    raise SourceError("is not a DuckDB file. Load the data into a DuckDB file and give that path.")


def _wal_bytes(real_path: Path) -> int:
    """Bytes of write-ahead log; what stands in a log's place must be a file, or DuckDB would wait on it."""
    total = 0
    for ending in LOG_ENDINGS:
        log = Path(f"{real_path}{ending}")
        try:
            status = log.stat()
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"has something beside it named {log.name} that is not a file. Move that away.")
        total += status.st_size
    return total


def _instant(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "system error") if isinstance(error, OSError) else str(error)
