"""Which folder a command works in."""

from __future__ import annotations

import os
from pathlib import Path

from reviewtui.errors import ReviewError, UsageError
from reviewtui.workspace.place import WORKSPACE_FILE, find_workspace

HOW_TO_START = (
    "No workspace here: neither this folder nor one above it has a reviewtui.toml. "
    "Try `reviewtui demo`, or make one over your own data with `reviewtui init DIR --source FILE.duckdb`."
)


def workspace_root(asked: Path | None) -> Path:
    """The workspace folder that was asked for, or the nearest one upward from the current folder.

    UsageError where the folder asked for is no workspace, ReviewError where none is found.
    """
    root = find_root(asked)
    if root is None:
        raise ReviewError(HOW_TO_START, "No workspace")
    return root


def find_root(asked: Path | None) -> Path | None:
    """As `workspace_root`, but None where no folder was asked for and none is found."""
    if asked is None:
        return find_workspace(Path.cwd())
    folder = asked.parent if asked.name == WORKSPACE_FILE and not asked.is_dir() else asked
    if not folder.is_dir():
        raise UsageError(f"{asked} is no folder; --workspace names the folder of a reviewtui.toml.")
    if not os.path.lexists(folder / WORKSPACE_FILE):
        raise UsageError(
            f"{folder} has no reviewtui.toml; make a workspace there with `reviewtui init {folder} --source FILE`."
        )
    return plain_path(folder)


def plain_path(path: Path) -> Path:
    """`path` from the root on, without `..`."""
    return path.resolve() if ".." in path.parts else path.absolute()


def folder_to_make(positional: Path | None, workspace: Path | None, default: Path | None) -> Path:
    """The folder for a new workspace: the argument, else `--workspace`, else `default`."""
    if positional is not None and workspace is not None and plain_path(positional) != plain_path(workspace):
        raise UsageError(f"Two folders are named, {positional} and {workspace}: give one.")
    folder = positional or workspace or default
    if folder is None:
        raise UsageError("The folder of the new workspace is missing: reviewtui init DIR --source FILE.")
    return plain_path(folder)
