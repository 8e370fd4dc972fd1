"""Where a workspace is, and what its files and folders are called."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WORKSPACE_FILE = "reviewtui.toml"
"""The file that makes a folder a workspace."""
LOCAL_FILE = "local.toml"
PRODUCTS_FOLDER = "products"
PRODUCT_FILE = "product.toml"
EVENTS_FOLDER = "events"
IMPORTS_FOLDER = "imports"
METRICS_FOLDER = "metrics"
REVIEWS_FOLDER = "reviews"
SNAPSHOT_FILE = "snapshot.toml"
DRAFTS_FOLDER = "drafts"
"""In the state folder of the workspace, not in the workspace."""


def find_workspace(start: Path) -> Path | None:
    """The nearest folder from `start` upward that holds a `reviewtui.toml`, or None."""
    place = start.absolute()
    for folder in (place, *place.parents):
        if os.path.lexists(folder / WORKSPACE_FILE):
            return folder
    return None
