"""The numbers as they were shown last, for a start that reads nothing else.

They are ready as long as nothing of the program, the workspace and its sources has changed, which is seen from the
state of the files alone. So a start need neither read the workspace nor load what reads it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.metrics.sheet_file import plain_bytes, plain_values, sheet_bytes, sheet_of
from reviewtui.paths import cache_dir
from reviewtui.sheet_state import LoadedSheet
from reviewtui.sources.freshness import changed_sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

READY_FILE = "ready"
MOST_FILES = 2_000
"""A workspace with more files is not looked through on every start."""

SETTLED_NS = 2_000_000_000
"""A file written more recently than this may be written again without its time changing."""

_SKIPPED = (".git", "__pycache__")

FilePrint = tuple[str, int, int, int]
"""Path, size, time written, inode."""


class FilesMark:
    """The state of the program's and the workspace's files at one moment."""

    def __init__(self, root: Path, as_of: date) -> None:
        program = Path(__file__).parent
        self._taken_ns = time.time_ns()
        self._own = sorted(_prints(program))
        self._found = sorted(_prints(root))
        self.value = (__version__, str(root), str(as_of), tuple(self._own), tuple(self._found))
        """The same for the same state."""
        self.program = (__version__, str(root), tuple(self._own))
        """The same for the same program and workspace."""

    @property
    def is_settled(self) -> bool:
        """Whether no file can be written again unnoticed, and there are few enough to look at."""
        newest = max((written for _, _, written, _ in self._found), default=0)
        return newest < self._taken_ns - SETTLED_NS and len(self._found) <= MOST_FILES


def ready_sheet(mark: FilesMark, root: Path) -> LoadedSheet | None:
    """The numbers kept for exactly this state of all files; None where there are none."""
    match _kept(root):
        case (value, LoadedSheet() as loaded) if value == mark.value and not changed_sources(loaded.sheet.sources):
            return loaded
    return None


def last_shown(mark: FilesMark, root: Path) -> LoadedSheet | None:
    """The numbers kept last by this program, whatever has changed since in the workspace and its sources."""
    match _kept(root):
        case ((version, folder, _, program, _), LoadedSheet() as loaded) if (version, folder, program) == mark.program:
            return loaded
    return None


def _kept(root: Path) -> tuple[object, LoadedSheet] | None:
    """What the kept numbers were made of, and the numbers."""
    try:
        data = (cache_dir(root) / READY_FILE).read_bytes()
    except (OSError, ValueError):
        return None
    match plain_values(data):
        case (value, tuple() as problems, bytes() as packed):
            sheet = sheet_of(packed)
            return None if sheet is None else (value, LoadedSheet(sheet, problems))
    return None


def keep_ready(mark: FilesMark, root: Path, as_of: date, loaded: LoadedSheet) -> None:
    """Keep numbers that were loaded since `mark` was taken, if all files are still as they were."""
    from reviewtui.errors import ReviewError
    from reviewtui.workspace.atomic import atomic_write, make_folders

    if not mark.is_settled or FilesMark(root, as_of).value != mark.value or changed_sources(loaded.sheet.sources):
        return
    if any(source.problem for source in loaded.sheet.sources):
        return
    folder = cache_dir(root)
    with suppress(ReviewError, OSError):
        make_folders(folder)
        data = plain_bytes((mark.value, loaded.workspace_problems, sheet_bytes(loaded.sheet)))
        atomic_write(folder / READY_FILE, data, new_mode=0o600)


def _prints(folder: Path) -> Iterator[FilePrint]:
    """Every file and folder below `folder` that can matter."""
    todo = [str(folder)]
    count = 0
    while todo and count <= MOST_FILES:
        with suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.name in _SKIPPED:
                    continue
                status = entry.stat()
                count += 1
                yield entry.path, status.st_size, status.st_mtime_ns, status.st_ino
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
