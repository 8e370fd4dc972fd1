"""Where the program keeps things that are not part of a workspace, and where its own data files are."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from reviewtui.errors import ReviewError
from reviewtui.workspace.records import slug

_APPLICATION = "reviewtui"
KEYS_FILE = "keys.toml"
_IS_LINUX: bool = sys.platform == "linux"
_LINUX_FOLDERS = {"cache": "~/.cache", "config": "~/.config", "state": "~/.local/state"}
_NOWHERE = Path(os.devnull) / _APPLICATION
"""Can never be made: without a home folder nothing is remembered, and nothing fails."""


def state_dir(workspace_root: Path) -> Path:
    """The folder for what is remembered about a workspace on this machine; not made here."""
    return _of_workspace("state", workspace_root)


def cache_dir(workspace_root: Path) -> Path:
    """The folder for what can be computed again for a workspace; not made here."""
    return _of_workspace("cache", workspace_root)


def session_file(workspace_root: Path) -> Path:
    """The file that remembers where a person was in a workspace."""
    return state_dir(workspace_root) / "session.toml"


def keys_file() -> Path:
    """The file in which a person gives actions other keys."""
    return config_dir() / KEYS_FILE


def config_dir() -> Path:
    """The folder for what a person sets for every workspace on this machine; not made here."""
    return _own_folder("config")


def styles_dir() -> Path:
    """The folder of the style sheets, in a checkout and in an installed package alike."""
    return _data_folder("styles")


def fixtures_dir() -> Path:
    """The folder of the sample data, in a checkout and in an installed package alike."""
    return _data_folder("fixtures")


def _of_workspace(kind: str, workspace_root: Path) -> Path:
    """A folder of its own for each workspace, by its real path, with a name that a person recognises."""
    real = os.path.realpath(workspace_root)
    key = hashlib.sha256(os.fsencode(real)).hexdigest()[:12]
    return _own_folder(kind) / f"{slug(Path(real).name)}-{key}"


def _own_folder(kind: str) -> Path:
    """The program's folder of one kind; one that can never be made where there is no home folder."""
    try:
        base = _user_folder(kind)
    except RuntimeError:
        base = _NOWHERE
    return base if base.is_absolute() else _NOWHERE


def _user_folder(kind: str) -> Path:
    """As `platformdirs` has it; on Linux without loading that, which would take a twentieth of a short command."""
    if _IS_LINUX:
        named = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
        return Path(named if named.startswith("/") else _LINUX_FOLDERS[kind]).expanduser() / _APPLICATION
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_path")(_APPLICATION, appauthor=False))


def _data_folder(name: str) -> Path:
    package = Path(__file__).resolve().parent
    checkout = package.parent.parent
    if (package / name).is_dir():
        return package / name
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise ReviewError(
        f"The installation lacks its folder `{name}`. Install reviewtui again.", "The installation is incomplete"
    )
