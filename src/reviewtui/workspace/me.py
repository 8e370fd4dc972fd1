"""Who works on this machine: what is written down is signed with it."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from reviewtui.text import well_formed
from reviewtui.workspace.place import LOCAL_FILE
from reviewtui.workspace.toml_file import read_toml

if TYPE_CHECKING:
    from pathlib import Path


def who_works_here(root: Path) -> str:
    """The name in the workspace's `local.toml`, else the name of the login; empty where there is neither."""
    me = read_toml(root / LOCAL_FILE).data.get("me")
    name = me.get("name") if isinstance(me, dict) else None
    if isinstance(name, str) and name.strip():
        return well_formed(name.strip())
    try:
        return well_formed(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return ""
