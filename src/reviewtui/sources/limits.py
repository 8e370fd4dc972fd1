"""Bound the memory of the child process.

DuckDB's own limit covers its buffers only: one string function can take many times as much. What it needs beside
them was measured: address space of 0.8 GB right after loading, 1.6 GB with half a gigabyte of buffers in use.
"""

from __future__ import annotations

import contextlib
import re

HEADROOM_BYTES = 2 << 30
"""Address space for everything but DuckDB's buffers."""

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT])(i?)B\s*", re.IGNORECASE)


def memory_bytes(text: str) -> int:
    """A size as DuckDB writes it (`1GB`, `512MiB`) in bytes; ValueError for anything else."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a size: {text!r}")
    power = "KMGT".index(match[2].upper()) + 1
    return int(float(match[1]) * (1024 if match[3] else 1000) ** power)


def limit_memory(memory_limit: str) -> None:
    """Bound this process's address space, where the system can; leave no core file with a user's data."""
    import resource

    wanted = memory_bytes(memory_limit) + HEADROOM_BYTES
    for kind, value in ((resource.RLIMIT_AS, wanted), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (allowed, hard))
