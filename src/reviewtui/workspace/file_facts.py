"""What tells one state of a file from another, without opening it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FileFacts = tuple[int, ...]
"""Inode, size, time written and time changed; empty: no file. The last of them moves with every change, whatever a
copying program sets the other to. Times are in nanoseconds since 1970."""

FACTS = 4
"""How many there are of a file."""
WRITTEN = 2
"""The place of the time written."""

SETTLED_NS = 2_000_000_000
"""A file written more recently than this before it was looked at may be written again without its times changing."""


def file_facts(path: str | os.PathLike[str]) -> FileFacts:
    """The facts of the file at `path`; empty where there is none, or where no file can have such a name."""
    try:
        return facts_of(os.stat(path))  # noqa: PTH116 - a name with odd characters need not be a Path
    except (OSError, ValueError):
        return ()


def facts_of(status: os.stat_result) -> tuple[int, int, int, int]:
    """The facts in what the system says of a file."""
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def are_settled(written_ns: Iterable[int], seen_ns: int) -> bool:
    """Whether files written at `written_ns` and looked at at `seen_ns` cannot change unnoticed from then on."""
    return max(written_ns, default=0) < seen_ns - SETTLED_NS
