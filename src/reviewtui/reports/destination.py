"""Where an export may go: a file of a known kind that is neither a source nor a record of the workspace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.errors import UsageError
from reviewtui.workspace.model import PRODUCTS_FOLDER

if TYPE_CHECKING:
    from reviewtui.workspace.model import Workspace

RECORDS = ".md"
"""The ending of records as text; the others are the grid."""

KINDS = (".xlsx", ".csv", ".parquet", RECORDS)
"""Endings of the files that can be made, in any case."""

RECORD_FOLDERS = (PRODUCTS_FOLDER, "imports", "interviews", "metrics", "people", "visits")
"""Folders of a workspace that hold its own records."""


def kind_of(path: Path) -> str:
    """Which of `KINDS` the name of `path` asks for; UsageError for any other."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        endings = f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"
        raise UsageError(f"{path} was not written: the ending says what to write, and it is one of {endings}.")
    return kind


def require_usable(path: Path, workspace: Workspace, *, replace: bool) -> None:
    """UsageError where `path` must not be written: a folder, a source, a record, or a file that is to be kept."""
    try:
        _require_usable(path, workspace, replace=replace)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "that is no usable file name"
        raise UsageError(f"{path} was not written: {reason}.") from None


def _require_usable(path: Path, workspace: Workspace, *, replace: bool) -> None:
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it.")
    if any(_same_file(target, source.path) for source in workspace.sources):
        raise UsageError(f"{path} is a source of this workspace and is never written; name another file.")
    root = Path(os.path.realpath(workspace.root))
    inside = target.relative_to(root).parts if target.is_relative_to(root) else ()
    if len(inside) > 1 and inside[0] in RECORD_FOLDERS:
        raise UsageError(
            f"{path} lies in the workspace's folder {inside[0]}, which holds its records; name a file elsewhere."
        )
    if os.path.lexists(path) and not replace:
        raise UsageError(f"{path} is there already and was not changed; name another file, or add --replace.")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is no folder; make it first, or name a file elsewhere.")


def _same_file(target: Path, source: Path) -> bool:
    """Whether both are one file, also by another link to it."""
    if target == Path(os.path.realpath(source)):
        return True
    return target.exists() and source.exists() and target.samefile(source)
