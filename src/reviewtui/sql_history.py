"""The statements a person has run in a workspace, kept in the state folder of this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.text import well_formed
from reviewtui.workspace.atomic import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

HISTORY_FILE = "statements.json"
MOST_STATEMENTS = 200
MOST_CHARACTERS = 20_000
"""A longer statement is not remembered."""


def load_history(folder: Path | None) -> tuple[str, ...]:
    """The statements, oldest first; none where there is no file that can be read."""
    if folder is None:
        return ()
    try:
        found = json.loads((folder / HISTORY_FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return ()
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()


def with_statement(history: tuple[str, ...], statement: str) -> tuple[str, ...]:
    """The history with `statement` as its newest; each is in it once."""
    text = well_formed(statement).strip()
    if not text or len(text) > MOST_CHARACTERS:
        return history
    return (*(item for item in history if item != text), text)[-MOST_STATEMENTS:]


def save_history(folder: Path | None, history: tuple[str, ...]) -> None:
    """Keep the history; one that cannot be kept is forgotten with the program."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write(folder / HISTORY_FILE, json.dumps(history, ensure_ascii=False, indent=0))
    except (OSError, ReviewError):
        return
