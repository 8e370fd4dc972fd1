"""Copying more than a value: what is offered, where it goes, and an honest sentence about it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from reviewtui.errors import ReviewError
from reviewtui.reports.clipboard_table import ENDINGS, LARGEST_CLIPBOARD, CopyTable, TableFormat, table_text
from reviewtui.screens.reader import ReaderScreen
from reviewtui.terminal import clipboard_condition, clipboard_refusal
from reviewtui.text import counted, safe_text
from reviewtui.widgets.copy_tables import grid_table, rows_table
from reviewtui.widgets.prompt_line import Choice, Question
from reviewtui.workspace.atomic import atomic_write, make_folders
from reviewtui.workspace.records import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reviewtui.app import ReviewApp
    from reviewtui.metrics.drilldown import Datum, RowTable
    from reviewtui.widgets.metric_grid import MetricGrid

COPIES_FOLDER = "copies"
"""Below the state folder of the workspace: never among its records."""

_KEY_LINE_MARGIN = 6
_LONGEST_PATH = 4_096


@dataclass(frozen=True, slots=True)
class Copyable:
    """A table that can be copied."""

    name: str
    """A word or two."""
    about: str
    """What is in it."""
    table: Callable[[], CopyTable]


def grid_copyables(grid: MetricGrid) -> list[Copyable]:
    """Cell, row, column and table of a grid; none where the cursor stands on no metric."""
    view = grid.view
    if view is None or not view.stops or not view.months:
        return []
    lines, places = range(len(view.rows)), range(len(view.months))
    label = view.column_label(grid.place)
    window = range(grid.window.first, grid.window.end)
    offered = [
        Copyable("Column", f"{label}, every row that is listed", partial(grid_table, view, lines, [grid.place])),
        Copyable("Table", "every row that is listed, the columns on screen", partial(grid_table, view, lines, window)),
    ]
    row = view.rows[grid.line]
    if row.metric is None:
        return offered
    cell = partial(grid_table, view, [grid.line], [grid.place])
    line = partial(grid_table, view, [grid.line], places)
    return [Copyable("Row", f"{row.title}, every column", line), *offered, Copyable("Cell", label, cell)]


def row_copyables(table: RowTable, rows: tuple[tuple[Datum, ...], ...], row: int, column: str) -> list[Copyable]:
    """Row, column and table of `rows`, which are those of `table` in the order they are shown."""
    place = next((at for at, item in enumerate(table.columns) if item.name == column), 0)
    kept = sorted({0, place})
    narrow = replace(table, columns=tuple(table.columns[at] for at in kept))
    values = tuple(tuple(values[at] for at in kept) for values in rows)
    name = str(rows[row][0])
    return [
        Copyable("Row", name, partial(rows_table, table, rows[row : row + 1])),
        Copyable("Column", column, partial(rows_table, narrow, values)),
        Copyable("Table", counted(len(rows), "row"), partial(rows_table, table, rows)),
    ]


def copy_question(app: ReviewApp, copyables: Sequence[Copyable], stem: str, say: Callable[[str], None]) -> Question:
    """Ask what to copy and how; `stem` names the file it may go to."""
    choices = []
    for to_file, form, (place, item) in product((False, True), TableFormat, enumerate(copyables)):
        name = f"{item.name} as {form}"
        choices.append(Choice(f"File: {name}" if to_file else name, item.about, f"{place} {form.name} {to_file:d}"))

    def answered(answer: str) -> str:
        place, form_name, to_file = answer.split()
        item, form = copyables[int(place)], TableFormat[form_name]
        text = table_text(item.table(), form)
        file_name = f"{slug(stem)}-{slug(item.name)}.{ENDINGS[form]}"
        words = send_copy(app, text, f"{item.name} as {form}", file_name, to_file=to_file == "1")
        _tell(app, words, say)
        return ""

    return Question("Copy", answered, hint="f: to a file", choices=choices)


def copy_value(app: ReviewApp, text: str, stem: str, say: Callable[[str], None], what: str = "") -> None:
    """Send one value to the terminal's clipboard, or write it where that cannot work; `what` is it, if not `text`."""
    if clipboard_refusal(os.environ):
        words = send_copy(app, text, what or text, f"{slug(stem)}-value.txt", to_file=False)
    else:
        app.copy_to_clipboard(text)
        words = f"{what or text} sent to the clipboard, {clipboard_condition(os.environ)}"
    _tell(app, words, say)


def _tell(app: ReviewApp, words: str, say: Callable[[str], None]) -> None:
    if cell_len(words) > app.size.width - _KEY_LINE_MARGIN:
        # The name of a file is of no use when it is cut.
        app.push_screen(ReaderScreen("Copied", Content(words), app.keymap))
    else:
        say(words)


def send_copy(app: ReviewApp, text: str, what: str, file_name: str, *, to_file: bool) -> str:
    """Send `text` to the terminal's clipboard, or write it where that cannot work; what was done, as a sentence."""
    try:
        return sent_copy(app, text, what, file_name, to_file=to_file)
    except ReviewError as error:
        return error.message


def sent_copy(app: ReviewApp, text: str, what: str, file_name: str, *, to_file: bool) -> str:
    """Likewise; ReviewError where neither can be done."""
    size = len(text.encode())
    amount = counted(size, "byte")
    refusal = clipboard_refusal(os.environ)
    if not to_file and not refusal and size <= LARGEST_CLIPBOARD:
        app.copy_to_clipboard(text)
        return f"{what}: {amount} sent to the clipboard, {clipboard_condition(os.environ)}"
    why = ""
    if not to_file:
        why = f", as {refusal} takes no copies" if refusal else ", more than many terminals take"
    try:
        path = _written(app, text, file_name)
    except ReviewError as error:
        raise ReviewError(f"{what}: {amount}{why}. {error.message}", error.headline) from error
    return f"{what}: {amount}{why}{':' if why else ''} written to {_shown(path)}"


def written(app: ReviewApp, data: str | bytes, what: str, file_name: str) -> str:
    """Write `data` where copies go; what was done, as a sentence. ReviewError where it cannot be done."""
    size = len(data.encode() if isinstance(data, str) else data)
    try:
        path = _written(app, data, file_name)
    except ReviewError as error:
        raise ReviewError(f"{what}: {error.message}", error.headline) from error
    return f"{what}: {counted(size, 'byte')} written to {_shown(path)}"


def _written(app: ReviewApp, text: str | bytes, file_name: str) -> Path:
    if app.state_folder is None:
        raise ReviewError("There is no folder to write it to.", "Not saved")
    folder = app.state_folder / COPIES_FOLDER
    make_folders(folder)
    atomic_write(folder / file_name, text, new_mode=0o600)
    return folder / file_name


def _shown(path: Path) -> str:
    """A path as people write it."""
    home = os.path.expanduser("~")  # noqa: PTH111 - a machine without a home folder is no error
    shown = f"~{str(path).removeprefix(home)}" if str(path).startswith(home + os.sep) else str(path)
    return safe_text(shown, limit=_LONGEST_PATH)
