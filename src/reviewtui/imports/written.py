"""Write what an import understood: `imports/<name>.csv`, and the notes of the file beside it.

The CSV has the columns of `metric_value` and is read as a source from then on. `imports/<name>.notes.toml` keeps every
comment of the spreadsheet as a `[[note]]`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from reviewtui.text import spreadsheet_text, well_formed
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.model import IMPORTS_FOLDER
from reviewtui.workspace.records import slug

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from reviewtui.imports.understanding import ImportedNote, Understanding

COLUMNS = ("product_id", "month", "metric", "value", "n", "source", "imported_at")
"""Columns of the files in `imports/`; the first four are required."""
REQUIRED_COLUMNS = COLUMNS[:4]
KEPT_ENDING = ".orig"
"""A file that is replaced stays under its name with this ending."""
NOTES_ENDING = ".notes.toml"

_NOTES_HEAD = "# The comments on the cells of {name}, kept by `reviewtui import`.\n\n"


@dataclass(frozen=True, slots=True)
class ImportFiles:
    """The files of one import and what they are to hold."""

    values: Path
    notes: Path
    values_text: str
    notes_text: str
    """Empty where the file has no comments."""

    @property
    def in_the_way(self) -> tuple[Path, ...]:
        """Files that are there already and hold something else."""
        wanted = ((self.values, self.values_text), (self.notes, self.notes_text))
        return tuple(path for path, text in wanted if _content(path) not in (None, text.encode()))


def import_files(root: Path, understanding: Understanding, source: str, as_of: date) -> ImportFiles:
    """What importing into the workspace `root` writes; `source` is a label for a reader, `as_of` the import's day."""
    name = slug(PurePath(understanding.file_name).stem)
    folder = root / IMPORTS_FOLDER
    return ImportFiles(
        folder / f"{name}.csv",
        folder / f"{name}{NOTES_ENDING}",
        values_text(understanding, source, as_of),
        notes_text(understanding.file_name, understanding.notes),
    )


def values_text(understanding: Understanding, source: str, as_of: date) -> str:
    """The CSV of the values; the same understanding gives the same bytes."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    imported_at = f"{as_of.isoformat()}T00:00:00Z"
    label = _cell(source)
    for value in understanding.values:
        n = "" if value.n is None else number_text(value.n)
        number = number_text(value.value)
        place = (_cell(value.product_id), str(value.month), _cell(value.metric_id))
        writer.writerow((*place, number, n, label, imported_at))
    return stream.getvalue()


def number_text(value: float) -> str:
    """The shortest text that reads back to the same double."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def notes_text(file_name: str, notes: Iterable[ImportedNote]) -> str:
    """The TOML of the comments; empty for none."""
    import tomli_w

    entries = [
        {
            key: well_formed(text)
            for key, text in (
                ("product_id", note.product_id),
                ("month", "" if note.month is None else str(note.month)),
                ("metric", note.metric_id),
                ("cell", note.place),
                ("text", note.text),
            )
            if text
        }
        for note in notes
    ]
    if not entries:
        return ""
    head = _NOTES_HEAD.format(name=" ".join(well_formed(spreadsheet_text(file_name)).split()))
    return head + tomli_w.dumps({"note": entries}, multiline_strings=True)


def write_import(files: ImportFiles) -> None:
    """Write the files; a file that held something else stays as `<name>.orig`. ReviewError if that cannot be done."""
    make_folders(files.values.parent)
    for path in files.in_the_way:
        old = _content(path)
        if old is not None:
            atomic_write(path.with_name(path.name + KEPT_ENDING), old)
    if files.notes_text or files.notes.exists():
        atomic_write(files.notes, files.notes_text)
    atomic_write(files.values, files.values_text)


def _cell(text: str) -> str:
    """Text that a spreadsheet program does not take for a formula; `stored.py` reads it back as it was."""
    return well_formed(spreadsheet_text(text))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
