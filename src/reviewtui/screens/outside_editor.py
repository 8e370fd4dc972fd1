"""Editing a text in a program of the person's own: the screen is lent to it until it ends."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from reviewtui.errors import ReviewError
from reviewtui.leaving import keyboard_signals_are_for_others
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import safe_text
from reviewtui.typed_text import taken_text
from reviewtui.workspace.atomic import atomic_write, make_folders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.app import App

_USUAL_EDITORS = ("nano", "vim", "vi")
_OWNER_ONLY = 0o600


class Edited(NamedTuple):
    """What came back."""

    text: str | None
    """None: the text is as it was."""
    told: str


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """The words of the command that edits a file; none where there is no editor."""
    for name in ("VISUAL", "EDITOR"):
        with suppress(ValueError):
            words = shlex.split(environment.get(name, ""))
            if words:
                return words
    found = next((path for path in map(shutil.which, _USUAL_EDITORS) if path is not None), None)
    return [found] if found is not None else []


def edit_outside(app: App[None], text: str, path: Path) -> Edited:
    """Let the person edit `text` in `path`, which is removed again unless it cannot be read back."""
    command = editor_command(os.environ)
    if not command:
        return Edited(None, "No editor was found. Set $EDITOR to the one you like, as in EDITOR=nano.")
    try:
        make_folders(path.parent)
        atomic_write(path, text + "\n" if text else "", new_mode=_OWNER_ONLY)
    except ReviewError as error:
        return Edited(None, f"The editor was not opened: {error.message}")
    try:
        with app.suspend(), keyboard_signals_are_for_others():
            # The command is the person's own setting.
            status = subprocess.run([*command, str(path)], check=False).returncode
    except SuspendNotSupported:
        return Edited(None, "The screen cannot be lent to an editor here.")
    except OSError as error:
        reason = error.strerror or "it could not be started"
        return Edited(None, f"{safe_text(command[0])} was not started: {reason}. Set $EDITOR to another editor.")
    return _read_back(text, path, command[0], status)


def _read_back(text: str, path: Path, editor: str, status: int) -> Edited:
    said = [f"{safe_text(editor)} ended with status {status}."] if status else []
    try:
        data = path.read_bytes()
    except OSError:
        return Edited(None, " ".join((*said, "The text could not be read back; it is as it was before.")))
    path.unlink(missing_ok=True)
    try:
        written = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        written = data.decode("utf-8", "replace")
        said.append("Characters that are not UTF-8 were replaced by �.")
    taken = taken_text(written)
    came = taken.text.removesuffix("\n")
    if taken.told:
        said.append(taken.told)
    if came == text:
        return Edited(None, " ".join((*said, "The text is as it was.")))
    return Edited(came, " ".join(said))
