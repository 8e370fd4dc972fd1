"""`reviewtui metrics`: the grid without the app."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import (
    exit_code,
    interruptible,
    problem_line,
    progress_line,
    say,
    tell,
    write_utf8,
)
from reviewtui.commands.selection import Wanted, add_selection_arguments, select
from reviewtui.months import Month

if TYPE_CHECKING:
    import argparse
    from datetime import date
    from pathlib import Path

    from reviewtui.errors import Problem
    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.reports.selection import Selection
    from reviewtui.workspace.model import Workspace

DESCRIPTION = """\
Compute every metric of the workspace and print it, without the app.

The table shows the newest months that fit the terminal (in a pipe: 100 columns, or COLUMNS); Markdown shows the
newest 12. With --from or --to both show exactly those months. CSV and JSON always hold every month that was asked
for, by default all from the first data to the current one; their numbers read back to the same double, rates are
fractions (0.033), money is in the workspace's base currency.

Exit code 1 means that something could not be used: the numbers are printed, the problems are on stderr."""
EXAMPLES = (
    "reviewtui metrics",
    "reviewtui metrics --product replay --metric mrr --metric churn_rate --from 2026-01",
    "reviewtui metrics --format csv > metrics.csv",
)
FORMATS = ("table", "csv", "json", "markdown")
PIPE_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options of this command."""
    add_selection_arguments(parser)
    parser.add_argument("--format", choices=FORMATS, default="table", help="how to print: %(choices)s (default: table)")
    parser.add_argument("--fresh", action="store_true", help="compute everything again, whatever was kept")


def run(options: argparse.Namespace) -> int:
    """Print what was asked for; `PROBLEMS` if something of the workspace could not be used."""
    wanted = Wanted.of(options)
    root = workspace_root(options.workspace)
    loaded = current_numbers(root, options.as_of, is_fresh=options.fresh)
    hidden = options.format in ("csv", "json")
    from reviewtui.anomalies.kept import judgements_of

    judgements = judgements_of(loaded.sheet, root)
    selection = replace(select(loaded.sheet, wanted, hidden=hidden), judgements=judgements)
    print_selection(selection, loaded.name or root.name, options.format, all_months=wanted.names_months)
    problems = loaded.problems
    sys.stdout.flush()
    for problem in problems:
        tell(problem_line(problem))
    if not selection.rows or not selection.months:
        tell(why_empty(selection, problems, wanted))
    return exit_code(problems)


def current_numbers(root: Path, as_of: date, *, is_fresh: bool = False) -> LoadedSheet:
    """The numbers of the workspace at `root`: those shown last where nothing has changed, unless `is_fresh`.

    Others are computed with progress on stderr; Ctrl+C ends it in order.
    """
    from reviewtui.loading import compute_workspace, find_numbers

    kept = None if is_fresh else find_numbers(root, as_of)
    if kept is not None and kept.is_ready:
        return kept.loaded
    with interruptible() as cancel, progress_line() as progress:
        return compute_workspace(root, as_of, progress, cancel, is_fresh=is_fresh)


def numbers_of(workspace: Workspace, as_of: date, *, is_fresh: bool = False) -> MetricSheet:
    """The numbers of a loaded workspace, with progress on stderr; Ctrl+C ends it in order."""
    with interruptible() as cancel, progress_line() as progress:
        from reviewtui.numbers import load_numbers

        return load_numbers(workspace, as_of, on_progress=progress, cancel=cancel, is_fresh=is_fresh)


def print_selection(selection: Selection, workspace: str, form: str, *, all_months: bool) -> None:
    """Write the selection to stdout in one of `FORMATS`."""
    if form in ("csv", "json"):
        from reviewtui.reports import records

        write_utf8()
        if form == "csv":
            records.write_csv(selection, sys.stdout)
        else:
            records.write_json(selection, workspace, sys.stdout)
        return
    from reviewtui.commands import table

    if form == "markdown":
        write_utf8()
        lines = table.markdown_lines(selection, all_months=all_months)
    else:
        lines = table.text_lines(selection, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns, all_months=all_months)
    for line in lines:
        say(line)


def why_empty(selection: Selection, problems: tuple[Problem, ...], wanted: Wanted) -> str:
    """Why nothing is printed, and what to do."""
    if selection.rows and wanted.first is not None:
        return f"No month to show: {wanted.first} is after the current month, {Month.of(selection.sheet.as_of)}."
    if problems:
        return "No metric could be computed; the lines above say what to mend."
    return (
        "No metric could be computed: the sources have none of the tables it takes. "
        "`reviewtui doctor` lists what was found; [views] in reviewtui.toml can map other tables."
    )


COMMAND = Command("metrics", "print the metrics by month", DESCRIPTION, EXAMPLES, add_arguments, run)
