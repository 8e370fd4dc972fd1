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
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.metrics.sheet_file import sheet_bytes, sheet_of
from reviewtui.paths import cache_dir
from reviewtui.plain_file import read_plain, write_plain
from reviewtui.quick_tuple import NamedTuple
from reviewtui.sources.freshness import changed_sources, written_ns
from reviewtui.workspace.file_facts import WRITTEN, are_settled, facts_of
from reviewtui.workspace.own_files import changed_files, own_files
from reviewtui.workspace.place import LOCAL_FILE, WORKSPACE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

READY_FILE = "ready"
MOST_FILES = 2_000
"""A workspace with more files is not looked through on every start."""

_SKIPPED = (".git", "__pycache__")

FilePrint = tuple[str, *tuple[int, ...]]
"""Path and facts."""


class FilesMark:
    """The state of the program's and the workspace's files at one moment."""

    def __init__(self, root: Path, as_of: date) -> None:
        program = Path(__file__).parent
        self._taken_ns = time.time_ns()
        self._own = sorted(_prints(program))
        self._found = sorted(_prints(root))
        self.value = (__version__, str(root), tuple(self._own), str(as_of), tuple(self._found))
        """The same for the same state."""

    def is_of_program(self, value: tuple[object, ...]) -> bool:
        """Whether `value` is of this program and this workspace, in whatever state the files were."""
        return value[:3] == self.value[:3]

    @property
    def is_settled(self) -> bool:
        """Whether no file can be written again unnoticed, and there are few enough to look at."""
        return self.is_before(facts[WRITTEN] for _, *facts in self._found) and len(self._found) <= MOST_FILES

    def is_before(self, written_ns: Iterable[int]) -> bool:
        """Whether files written at these times cannot have been written again unnoticed since the mark was taken."""
        return are_settled(written_ns, self._taken_ns)


class KeptNumbers(NamedTuple):
    """The numbers that were shown last."""

    loaded: LoadedSheet
    is_ready: bool
    """Whether they are those of the workspace and its sources as they are now."""


def kept_numbers(mark: FilesMark, root: Path) -> KeptNumbers | None:
    """The numbers kept last by this program, whatever has changed since in the workspace and its sources."""
    match read_plain(cache_dir(root) / READY_FILE):
        case (tuple() as value, dict() as variables, str() as name, tuple() as problems, bytes() as packed):
            sheet = sheet_of(packed) if mark.is_of_program(value) else None
            if sheet is None:
                return None
            is_ready = value == mark.value and _are_set(variables) and not changed_sources(sheet.sources)
            return KeptNumbers(LoadedSheet(sheet, problems, name=name), is_ready)
    return None


def keep_ready(mark: FilesMark, root: Path, as_of: date, loaded: LoadedSheet) -> None:
    """Keep numbers that were loaded since `mark` was taken, if all files are still as they were."""
    sources = loaded.sheet.sources
    if not loaded.sheet.is_lasting or not mark.is_settled:
        return
    if not mark.is_before(written_ns(source.fingerprint) for source in sources):
        return
    if FilesMark(root, as_of).value != mark.value or changed_sources(sources):
        return
    kept = (mark.value, _variables(root), loaded.name, loaded.workspace_problems, sheet_bytes(loaded.sheet))
    write_plain(cache_dir(root) / READY_FILE, kept)


def keep_ready_still(root: Path, as_of: date, loaded: LoadedSheet) -> None:
    """Keep `loaded` for the files as they are now, if those that changed since it was kept decide no number."""
    mark = FilesMark(root, as_of)
    kept = kept_numbers(mark, root)
    if kept is not None and kept.is_ready:
        return
    if loaded.files is not None and not changed_files(loaded.files, own_files(root)):
        keep_ready(mark, root, as_of, loaded)


def _variables(root: Path) -> dict[str, str | None]:
    """The environment variables that decide where the sources of the workspace are, and their values."""
    from reviewtui.workspace.source_list import variables_in

    names = {"HOME"}
    for file in (WORKSPACE_FILE, LOCAL_FILE):
        with suppress(FileNotFoundError):
            names |= variables_in((root / file).read_text("utf-8", "replace"))
    return {name: os.environ.get(name) for name in names}


def _are_set(variables: Mapping[str, str | None]) -> bool:
    return all(os.environ.get(name) == value for name, value in variables.items())


def _prints(folder: Path) -> Iterator[FilePrint]:
    """Every file and folder below `folder` that can matter."""
    todo = [str(folder)]
    count = 0
    while todo and count <= MOST_FILES:
        with suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.name in _SKIPPED:
                    continue
                count += 1
                yield entry.path, *facts_of(entry.stat())
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
