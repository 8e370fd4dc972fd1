"""`reviewtui export`: the grid as a spreadsheet, a CSV or a Parquet file; the records as Markdown."""

from __future__ import annotations

import os
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import path
from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.metrics import numbers_of, why_empty
from reviewtui.commands.output import (
    exit_code,
    interruptible,
    plural,
    problem_line,
    progress_line,
    say,
    tell,
    unique_problems,
)
from reviewtui.commands.selection import Wanted, add_selection_arguments, select
from reviewtui.errors import ReviewError
from reviewtui.reports.destination import RECORDS, kind_of, require_usable
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from reviewtui.errors import Problem
    from reviewtui.reports.selection import Selection
    from reviewtui.sources.state import Progress

DESCRIPTION = """\
Write the grid to a file whose ending says how: .xlsx, a workbook with a sheet for each product and the definitions, in
which cells out of the ordinary are filled and what people wrote about a cell is its comment; .csv, one row a cell, as
`reviewtui metrics --format csv`; .parquet, the same columns in their types. A file that ends in .md gets the records
instead of the grid: everything written about one product, to read without this program; a folder, named with a slash
at its end, gets such a file for each product.

A file that is there already is only replaced with --replace. The file appears when it is whole: a run that is stopped
or fails leaves what was there. Metrics that a product hides are left out of the workbook, unless they are named, and
are in the other two.

Exit code 1 means that something could not be used: the file is written, the problems are on stderr."""
_FOLDER_SIGNS = ("/", os.sep)
EXAMPLES = (
    "reviewtui export numbers.xlsx",
    "reviewtui export replay.csv --product replay --from 2026-01 --replace",
    "reviewtui export numbers.parquet",
    "reviewtui export notes.md --product replay",
    "reviewtui export notes/",
)


def _target(text: str) -> tuple[Path, bool]:
    """The path, and whether it is named as a folder."""
    return path(text), text.endswith(_FOLDER_SIGNS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument(
        "file", type=_target, metavar="FILE", help="what to write: ends in .xlsx, .csv, .parquet, .md or a slash"
    )
    add_selection_arguments(parser)
    parser.add_argument("--replace", action="store_true", help="replace FILE if it is there already")


def run(options: argparse.Namespace) -> int:
    """Write the file; `PROBLEMS` if something of the workspace could not be used."""
    from reviewtui.workspace.load import load_workspace

    wanted = Wanted.of(options)
    options.file, is_folder = options.file
    kind = RECORDS if is_folder else kind_of(options.file)
    root = workspace_root(options.workspace)
    workspace = load_workspace(root)
    if kind == RECORDS:
        from reviewtui.commands.export_records import export_records

        return export_records(options, workspace, into_folder=is_folder)
    require_usable(options.file, workspace, replace=options.replace)
    sheet = numbers_of(workspace, options.as_of)
    from reviewtui.anomalies.kept import judgements_of

    judgements = judgements_of(sheet, root)
    selection = replace(select(sheet, wanted, hidden=kind != ".xlsx"), judgements=judgements)
    written: tuple[Problem, ...] = ()
    if kind == ".xlsx":
        from reviewtui.reports.cell_words import cell_words
        from reviewtui.workspace.store import RecordStore

        records = RecordStore(root).load()
        written = records.problems
        selection = replace(selection, words=cell_words(sheet, judgements, records, selection.months))
    problems = unique_problems(workspace.problems, sheet.problems, written)
    for problem in problems:
        tell(problem_line(problem))
    if not selection.rows or not selection.months:
        raise ReviewError(f"{why_empty(selection, problems, wanted)} Nothing was written.", "Nothing to write")
    with interruptible(at_once=True), progress_line() as progress:
        data, shortened = content(selection, kind, workspace.name or workspace.root.name, progress)
        from reviewtui.workspace.atomic import atomic_write

        require_usable(options.file, workspace, replace=options.replace)
        atomic_write(options.file, data)
    for what in shortened:
        tell(f"warning: {what} is longer than a cell of a workbook can be and was cut there.")
    say(f"{safe_text(str(options.file), limit=4096)}: {_extent(selection)}.")
    return exit_code(problems)


def content(
    selection: Selection, kind: str, workspace: str, on_progress: Callable[[Progress], None]
) -> tuple[bytes, tuple[str, ...]]:
    """The file of a kind of `destination.KINDS`, and what had to be shortened in it."""
    if kind == ".xlsx":
        from reviewtui.reports.spreadsheet import spreadsheet

        return spreadsheet(selection, workspace, on_progress)
    if kind == ".parquet":
        from reviewtui.reports.parquet import parquet

        return parquet(selection), ()
    from reviewtui.reports.records import write_csv

    text = StringIO()
    write_csv(selection, text)
    return text.getvalue().encode("utf-8", "replace"), ()


def _extent(selection: Selection) -> str:
    rows = sum(len(metrics) for _, metrics in selection.rows)
    return f"{plural(len(selection.rows), 'product')}, {plural(rows, 'row')}, {plural(len(selection.months), 'month')}"


COMMAND = Command(
    "export",
    "write the metrics to a file, or the records",
    DESCRIPTION,
    EXAMPLES,
    add_arguments,
    run,
)
