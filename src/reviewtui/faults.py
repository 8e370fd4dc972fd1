"""The last resort: a mistake of this program ends in one sentence and a log without anybody's data."""

from __future__ import annotations

import platform
import traceback
from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.errors import ReviewError

if TYPE_CHECKING:
    from pathlib import Path

LOG_NAME = "crash.log"
_OWNER_ONLY = 0o600
_MOST_FRAMES = 100


def fault_report(error: BaseException) -> str:
    """Where a fault arose: types, files, lines and names of code; neither messages nor values, as they hold data."""
    lines = [f"reviewtui {__version__}, Python {platform.python_version()}, {platform.system()}"]
    for fault in _chain(error):
        lines.append(f"{type(fault).__module__}.{type(fault).__qualname__}")
        frames = traceback.extract_tb(fault.__traceback__, limit=_MOST_FRAMES)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join(lines) + "\n"


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    fault: BaseException | None = error
    while fault is not None and not any(fault is known for known in chain):
        chain.append(fault)
        fault = fault.__cause__ or fault.__context__
    return chain


def write_fault(error: BaseException, folder: Path) -> Path | None:
    """Keep the report in `folder` where only its owner can read it; None where that is not possible."""
    from reviewtui.workspace.atomic import atomic_write

    log = folder / LOG_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write(log, fault_report(error))
        log.chmod(_OWNER_ONLY)
    except (OSError, ReviewError):
        return None
    return log


def fault_sentence(log: Path | None) -> str:
    """What the person is told."""
    sentence = "A fault in reviewtui itself stopped it; none of your files were changed."
    if log is None:
        return sentence
    return f"{sentence} Where it happened is written in {log}; please send that file with your report."
