"""Whether a source is still the file whose rows were read.

Only `stat` is used: opening a file that another part of the process has open would drop DuckDB's lock on it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.sources.state import SourceState

LOG_ENDING = ".wal"

Fingerprint = tuple[int, ...]
"""Device, inode, size and time of change of the file, and of its write-ahead log where there is one; empty: no file."""


def fingerprint(path: str | os.PathLike[str]) -> Fingerprint:
    """What tells one state of the file from another."""
    try:
        real_path = os.path.realpath(path)
    except (OSError, ValueError):
        return ()
    return _facts(real_path) and _facts(real_path) + _facts(f"{real_path}{LOG_ENDING}")


def changed_sources(states: Iterable[SourceState]) -> tuple[SourceState, ...]:
    """The sources whose file was written, replaced, removed or put there since it was read."""
    return tuple(state for state in states if fingerprint(state.path) != state.fingerprint)


def _facts(path: str) -> Fingerprint:
    try:
        status = os.stat(path)  # noqa: PTH116 - a name with odd characters need not be a Path
    except (OSError, ValueError):
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
