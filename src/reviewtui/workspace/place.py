"""Where a workspace is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WORKSPACE_FILE = "reviewtui.toml"
"""The file that makes a folder a workspace."""


def find_workspace(start: Path) -> Path | None:
    """The nearest folder from `start` upward that holds a `reviewtui.toml`, or None."""
    place = start.absolute()
    for folder in (place, *place.parents):
        if os.path.lexists(folder / WORKSPACE_FILE):
            return folder
    return None
