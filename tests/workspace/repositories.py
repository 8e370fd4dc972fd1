"""Real git repositories for tests: two people, each with a clone."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WORKSPACE = 'schema = 1\nname = "Acme"\n'


def git(folder: Path, *words: str, check: bool = True) -> str:
    """What git prints, run as a person with a name and no settings of their own."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.com",
    }
    done = subprocess.run(
        ["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert not check or done.returncode == 0, done.stderr
    return done.stdout


def new_repository(folder: Path) -> Path:
    """A workspace with one commit."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "Ada")
    git(folder, "config", "user.email", "ada@example.com")
    git(folder, "config", "commit.gpgsign", "false")
    write(folder, "reviewtui.toml", WORKSPACE)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "begin")
    return folder


def two_clones(folder: Path) -> tuple[Path, Path]:
    """Clones of one bare repository."""
    seed = new_repository(folder / "seed")
    git(folder, "clone", "--quiet", "--bare", str(seed), "shared.git")
    clones = []
    for name in ("ada", "bob"):
        git(folder, "clone", "--quiet", "shared.git", name)
        git(folder / name, "config", "user.name", name.title())
        git(folder / name, "config", "user.email", f"{name}@example.com")
        clones.append(folder / name)
    return clones[0], clones[1]


def write(folder: Path, name: str, text: str) -> Path:
    """A file of the workspace."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
