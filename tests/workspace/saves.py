"""The kinds of save that crash points are tried on: what is there before, and what is written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.workspace.atomic import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

OLD = b"old text\n" * 40
NEW = "neuer Text: größer\n" * 400


@dataclass(frozen=True)
class Save:
    """One kind of save; `before` is None where there is no file yet."""

    name: str
    before: bytes | None
    after: bytes
    link: bool = False

    def prepare(self, folder: Path) -> Path:
        """Lay out what is there before; return the path to save to."""
        path = folder / "note.toml"
        if self.link:
            (folder / "kept").mkdir()
            path.symlink_to("kept/note.toml")
        if self.before is not None:
            path.write_bytes(self.before)
        return path

    def run(self, path: Path) -> None:
        """Save."""
        atomic_write(path, self.after, replaces=self.before)

    def content(self, path: Path) -> bytes | None:
        """What a reader finds now."""
        return path.read_bytes() if os.path.lexists(path.resolve()) else None


SAVES = (
    Save("a new file", None, NEW.encode()),
    Save("a longer text", OLD, NEW.encode()),
    Save("a shorter text", NEW.encode(), OLD),
    Save("an empty text", OLD, b""),
    Save("through a link", OLD, NEW.encode(), link=True),
)
