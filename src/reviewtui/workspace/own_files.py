"""The files of a workspace that decide what its numbers say, and whether they are still as they were.

Only `stat` is used. Data files elsewhere, drafts and the records of a review decide no number and are not looked at.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from reviewtui.workspace.file_facts import FileFacts, file_facts
from reviewtui.workspace.place import (
    EVENTS_FOLDER,
    IMPORTS_FOLDER,
    LOCAL_FILE,
    METRICS_FOLDER,
    PRODUCT_FILE,
    PRODUCTS_FOLDER,
    REVIEWS_FOLDER,
    SNAPSHOT_FILE,
    WORKSPACE_FILE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FileStates = dict[str, FileFacts]
"""File, by its path in the workspace, to what tells its state from another."""


def own_files(root: Path) -> FileStates:
    """The state of every such file that is there."""
    found = ((path, file_facts(os.path.join(root, path))) for path in _listed(str(root)))  # noqa: PTH118 - odd names too
    return {path: facts for path, facts in found if facts}


def changed_files(before: Mapping[str, FileFacts], now: Mapping[str, FileFacts]) -> tuple[str, ...]:
    """The files that were written, put there or removed in between."""
    return tuple(sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path)))


def _listed(root: str) -> Iterator[str]:
    yield from (WORKSPACE_FILE, LOCAL_FILE)
    yield from _files(root, METRICS_FOLDER, ".toml")
    yield from _files(root, IMPORTS_FOLDER, ".csv")
    for slug in _names(f"{root}/{PRODUCTS_FOLDER}"):
        folder = f"{PRODUCTS_FOLDER}/{slug}"
        yield f"{folder}/{PRODUCT_FILE}"
        yield from _files(root, f"{folder}/{METRICS_FOLDER}", ".toml")
        yield from _files(root, f"{folder}/{EVENTS_FOLDER}", ".toml")
        for review in _names(f"{root}/{folder}/{REVIEWS_FOLDER}"):
            yield f"{folder}/{REVIEWS_FOLDER}/{review}/{SNAPSHOT_FILE}"


def _files(root: str, folder: str, ending: str) -> Iterator[str]:
    for name in _names(f"{root}/{folder}"):
        if name.lower().endswith(ending):
            yield f"{folder}/{name}"


def _names(folder: str) -> list[str]:
    """The names in a folder; none where there is no such folder."""
    with suppress(OSError, ValueError):
        return os.listdir(folder)  # noqa: PTH208 - on the way to the first frame
    return []
