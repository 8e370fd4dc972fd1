"""One save at a time in a workspace, also from two windows on one machine.

The lock is advice: where the file system has none, or another program writes, the comparison of contents decides.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_FILE = ".reviewtui.lock"
"""In the workspace's folder, and ignored by git; its content is empty."""

PATIENCE_SECONDS = 10.0
"""How long another save is waited for: far longer than any takes."""

_PAUSE_SECONDS = 0.005


@contextmanager
def save_lock(root: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock of the workspace `root`; ReviewError if another program keeps it for `patience` seconds."""
    handle = _opened(root)
    if handle is None:
        yield
        return
    try:
        _wait_for(handle, root, patience)
        yield
    finally:
        os.close(handle)


def _opened(root: Path) -> int | None:
    """The open lock file; None where it cannot be made: a save will say why, or do without."""
    with suppress(OSError):
        return os.open(root / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    return None


def _wait_for(handle: int, root: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EINTR):
                return  # a file system without locks
            if time.monotonic() > until:
                raise ReviewError(
                    f"Another program has been saving in {root} for {patience:.0f} seconds. Look for a reviewtui that"
                    " is stopped or hangs, end it and save again. Nothing was changed.",
                    "Not saved",
                ) from None
        time.sleep(_PAUSE_SECONDS)
