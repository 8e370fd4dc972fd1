"""Results kept between runs: what need not be computed again while sources and definitions are the same.

The files lie in the user's cache folder, belong to one machine and one version of the program, and can be deleted at
any time. A file that cannot be read or written is no problem of the user's: the numbers are then computed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.metrics.sheet_file import packed_sheet, unpacked_sheet
from reviewtui.paths import cache_dir
from reviewtui.plain_file import read_plain, write_plain
from reviewtui.sources.freshness import fingerprint, written_ns
from reviewtui.workspace.file_facts import are_settled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.metrics.kept import KeptMonths
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.freshness import Fingerprint
    from reviewtui.sources.request import SourceRequest

MOST_SHEETS = 4
"""Sheets kept of one workspace: the last ones, for different days or settings."""

_SHEET_ENDING = ".sheet"
_MONTHS_FILE = "months"
_PROGRAM_FOLDERS = ("metrics", "metrics/sql", "costs", "sources", "imports")
"""Where the definitions are: a change of any file there makes results those of another program."""


def program_mark() -> tuple[object, ...]:
    """What tells this state of the program's definitions from another."""
    root = Path(__file__).parent.parent
    files = []
    for folder in _PROGRAM_FOLDERS:
        with os.scandir(root / folder) as entries:
            found = [(entry.name, entry.stat()) for entry in entries if entry.is_file()]
        files += [(name, status.st_size, status.st_mtime_ns) for name, status in found]
    return (__version__, *sorted(files))


def _digest(facts: object) -> str:
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


class SourceMark:
    """The state of everything that numbers are made of, before anything of it is read."""

    def __init__(self, sources: SourceRequest, request: EvaluationRequest) -> None:
        self._sources = sources
        self._request = request
        self._prints = self._fingerprints()
        self._taken_ns = time.time_ns()
        self.definitions = _digest(program_mark())
        """What tells one state of the program from another."""
        self.key = _digest((self.definitions, sources, request, self._prints))
        """What tells one set of numbers from another."""

    def _fingerprints(self) -> tuple[Fingerprint, ...]:
        paths = (*(source.path for source in self._sources.sources), *self._request.imports)
        return tuple(fingerprint(path) for path in paths)

    def holds(self) -> bool:
        """Whether what was read since is certainly what the mark was taken of."""
        return are_settled(map(written_ns, self._prints), self._taken_ns) and self._fingerprints() == self._prints


class ResultCache:
    """The results kept of one workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of(cls, workspace_root: Path) -> ResultCache:
        """The cache of the workspace at `workspace_root` on this machine."""
        return cls(cache_dir(workspace_root))

    def sheet(self, key: str) -> MetricSheet | None:
        """The sheet stored under `key`."""
        return unpacked_sheet(read_plain(self._sheet_path(key)))

    def store_sheet(self, key: str, sheet: MetricSheet) -> None:
        """Keep `sheet`, and no more than the last few."""
        write_plain(self._sheet_path(key), packed_sheet(sheet))
        for _, path in sorted(self._sheets(), reverse=True)[MOST_SHEETS:]:
            with contextlib.suppress(OSError):
                path.unlink()

    def months(self, definitions: str) -> KeptMonths:
        """What the program of `definitions` kept of single months; empty where there is nothing to go on from."""
        match read_plain(self._folder / _MONTHS_FILE):
            case (str() as found, dict() as kept) if found == definitions:
                return kept
        return {}

    def store_months(self, definitions: str, kept: KeptMonths) -> None:
        """Keep what the next computation can go on from."""
        write_plain(self._folder / _MONTHS_FILE, (definitions, kept))

    def _sheet_path(self, key: str) -> Path:
        return self._folder / f"{key[:32]}{_SHEET_ENDING}"

    def _sheets(self) -> Iterable[tuple[int, Path]]:
        """When each sheet was stored, and where it is."""
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            return [
                (entry.stat().st_mtime_ns, Path(entry.path)) for entry in entries if entry.name.endswith(_SHEET_ENDING)
            ]
        return []
