"""Whether a source is still the file whose rows were read.

Only `stat` is used: opening a file that another part of the process has open would drop DuckDB's lock on it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reviewtui.workspace.file_facts import FACTS, WRITTEN, file_facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.sources.state import SourceState

LOG_ENDINGS = (".wal", ".wal.checkpoint", ".wal.recovery")
"""Endings of write-ahead logs beside a file: what it will say once they are merged."""

Fingerprint = tuple[int, ...]
"""The facts of the file, then of its write-ahead logs where there are any, see `file_facts`; empty: no file."""


def fingerprint(path: str | os.PathLike[str]) -> Fingerprint:
    """What tells one state of the file from another."""
    try:
        real_path = os.path.realpath(path)
    except (OSError, ValueError):
        return ()
    facts = file_facts(real_path)
    for ending in LOG_ENDINGS if facts else ():
        facts += file_facts(f"{real_path}{ending}")
    return facts


def written_ns(found: Fingerprint) -> int:
    """When the file or one of its logs was written last, in nanoseconds since 1970; 0 where there is no file."""
    return max(found[WRITTEN::FACTS], default=0)


def changed_sources(states: Iterable[SourceState]) -> tuple[SourceState, ...]:
    """The sources whose file was written, replaced, removed or put there since it was read."""
    return tuple(state for state in states if fingerprint(state.path) != state.fingerprint)
