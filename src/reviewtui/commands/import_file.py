"""`reviewtui import`: last year's spreadsheet as values of the workspace, shown before it is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import path
from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import OK, PROBLEMS, interruptible, say, tell
from reviewtui.commands.suggest import unknown
from reviewtui.errors import ReviewError, UsageError
from reviewtui.text import counted, safe_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from reviewtui.imports.understand import Knowledge
    from reviewtui.imports.understanding import Understanding
    from reviewtui.imports.workbook import ReadFile
    from reviewtui.imports.written import ImportFiles
    from reviewtui.workspace.model import Workspace

DESCRIPTION = """\
Read a spreadsheet, .xlsx or .csv, with metrics as rows and months as columns or the reverse, and keep its values in
the workspace as imports/NAME.csv, which is read as a source from then on. Sheets are taken as products.

What was understood is shown first: products, months, which name stands for which metric, and every cell that is not
taken, with the reason. On a terminal you are asked before anything is written; in a script it is written at once,
unless --dry-run is given. Comments on cells are kept in imports/NAME.notes.toml.

Exit code 1 means that a cell or a sheet could not be used; the others are imported."""
EXAMPLES = (
    "reviewtui import budget-2025.xlsx --dry-run",
    "reviewtui import replay.csv --product replay --map 'Active people=unique_users'",
    "reviewtui import budget-2025.xlsx --replace",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument("file", type=path, metavar="FILE", help="the .xlsx or .csv file")
    parser.add_argument("--product", default="", metavar="ID", help="the product of a file with one sheet")
    parser.add_argument(
        "--map", action="append", default=[], metavar="NAME=ID", help="this name stands for this metric (repeatable)"
    )
    parser.add_argument(
        "--percent",
        action="append",
        default=[],
        metavar="NAME",
        help="numbers under this name are per cent: 3.3 is 0.033 (repeatable)",
    )
    parser.add_argument("--source", metavar="TEXT", help="what the values' source is called (default: the file's name)")
    parser.add_argument("--dry-run", action="store_true", help="only show what was understood")
    parser.add_argument(
        "--replace", action="store_true", help="replace an earlier import of that name; it stays as NAME.csv.orig"
    )


def run(options: argparse.Namespace) -> int:
    """Show what was understood, write it; `PROBLEMS` if something could not be used."""
    root = workspace_root(options.workspace)
    with interruptible(at_once=True):
        from reviewtui.imports.read_file import read_file
        from reviewtui.workspace.load import load_workspace

        workspace = load_workspace(root)
        if workspace.read_only and not options.dry_run:
            raise ReviewError("This workspace can only be read; nothing was imported. --dry-run shows what would be.")
        read = read_file(options.file)
        understanding = understood(options, read, workspace)
        for line in _report(understanding):
            say(line)
        if not understanding.values:
            tell("Nothing to import: no cell with a metric, a month and a number was found.")
            return PROBLEMS
        code = PROBLEMS if understanding.has_faults else OK
        return code if options.dry_run else keep(options, root, understanding, code)


def understood(options: argparse.Namespace, read: ReadFile, workspace: Workspace) -> Understanding:
    """What the file says; on a terminal, with the person's answers to what is not sure."""
    from reviewtui.imports.understand import understand

    knowledge = known(workspace, options, mapped_names(options.map), frozenset(options.percent))
    understanding = understand(options.file.name, read, knowledge)
    _refuse_unknown_names(understanding, (*knowledge.mapped, *knowledge.percent))
    if not is_conversation():
        return understanding
    answers = _ask_names(understanding)
    percent = {name for name in understanding.doubtful_rates() if ask(f"Are the numbers of {name!r} per cent? [y/N] ")}
    if not answers and not percent:
        return understanding
    mapped = {**knowledge.mapped, **answers}
    more = known(workspace, options, mapped, knowledge.percent | percent)
    return understand(options.file.name, read, more)


def known(
    workspace: Workspace, options: argparse.Namespace, mapped: Mapping[str, str], percent: frozenset[str]
) -> Knowledge:
    """What the workspace, its numbers as they were last computed and the command line say beside the file."""
    from reviewtui.imports.mapping import KnownMetric
    from reviewtui.imports.understand import Knowledge
    from reviewtui.loading import find_numbers
    from reviewtui.metrics.catalogue import load_catalogue
    from reviewtui.metrics.sheet import ALL_PRODUCTS

    metrics = [KnownMetric(metric.id, metric.name, str(metric.unit)) for metric in load_catalogue()]
    metrics += [KnownMetric(metric.id, metric.name or metric.id, metric.unit) for metric in workspace.custom_metrics]
    products = {item.product_id: (item.name, item.slug) for item in workspace.products}
    kept = find_numbers(workspace.root, options.as_of)
    for item in kept.loaded.sheet.products if kept is not None else ():
        if item.id != ALL_PRODUCTS:
            products.setdefault(item.id, (item.name, item.slug))
    return Knowledge(tuple(metrics), products, options.product, mapped, options.as_of, percent)


def mapped_names(written: Iterable[str]) -> dict[str, str]:
    """The values of --map: name to metric id; UsageError for one of another form."""
    mapped = {}
    for item in written:
        name, mark, metric = (part.strip() for part in item.rpartition("="))
        if not (mark and name and metric) or any(character.isspace() for character in metric):
            raise UsageError(f"--map takes NAME=ID, as 'Active people=unique_users', not {item!r}.")
        mapped[name] = metric
    return mapped


def keep(options: argparse.Namespace, root: Path, understanding: Understanding, code: int) -> int:
    """Write the files, after asking where there is somebody to ask; the exit code."""
    from reviewtui.imports.written import import_files, write_import

    source = options.source or options.file.name
    files = import_files(root, understanding, source, options.as_of)
    _refuse_outside(root, files)
    if files.in_the_way and not options.replace:
        names = " and ".join(f"{path.parent.name}/{path.name}" for path in files.in_the_way)
        question = f"{names} holds something else already. Replace it (the old file is kept as .orig)? [y/N] "
        if not is_conversation():
            tell(f"{names} holds something else already; nothing was written. --replace keeps it as .orig.")
            return PROBLEMS
    else:
        question = f"Write imports/{files.values.name}? [y/N] "
    if is_conversation() and not ask(question):
        say("Nothing was written.")
        return code
    write_import(files)
    notes = f", {counted(len(understanding.notes), 'note')} in imports/{files.notes.name}" if files.notes_text else ""
    say(f"Wrote imports/{files.values.name}: {counted(len(understanding.values), 'value')}{notes}.")
    return code


def is_conversation() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def ask(question: str) -> bool:
    """The answer to a question that takes yes or no; the end of the input is a no."""
    return answer(question).lower() in ("y", "yes")


def answer(question: str) -> str:
    """What the person types; empty at the end of the input."""
    try:
        return input(safe_text(question)).strip()
    except EOFError:
        say()
        return ""


def _report(understanding: Understanding) -> Iterable[str]:
    from reviewtui.commands.import_report import report_lines

    return report_lines(understanding)


def _ask_names(understanding: Understanding) -> dict[str, str]:
    """Names that may mean a known metric, to what the person says they mean."""
    answers = {}
    for name, candidates in understanding.unsure_names().items():
        listed = ", ".join(f"{place} {metric}" for place, metric in enumerate(candidates, 1))
        reply = answer(f"{name!r} may mean: {listed}. Its number, or Enter to keep it as a metric of its own: ")
        if reply.isdecimal() and 1 <= int(reply) <= len(candidates):
            answers[name] = candidates[int(reply) - 1]
    return answers


def _refuse_unknown_names(understanding: Understanding, asked: Iterable[str]) -> None:
    """UsageError where --map or --percent names something that the file does not have."""
    from reviewtui.imports.words import key

    names = {key(name): name for name in understanding.names()}
    sections = {
        key(f"{row.section} {row.name}"): row.name
        for sheet in understanding.sheets
        for row in sheet.rows
        if row.section
    }
    for name in asked:
        if key(name) not in names and key(name) not in sections:
            raise unknown("name", name, {written: written for written in names.values()})


def _refuse_outside(root: Path, files: ImportFiles) -> None:
    """ReviewError where a symbolic link would make the import write outside the workspace."""
    inside = Path(os.path.realpath(root))
    for target in (files.values, files.notes):
        if not Path(os.path.realpath(target)).is_relative_to(inside):
            raise ReviewError(
                f"imports/{target.name} leads out of the workspace by a symbolic link and is not written."
                " Remove the link and import again.",
                "Not imported",
            )


COMMAND = Command("import", "take in a spreadsheet of metrics by month", DESCRIPTION, EXAMPLES, add_arguments, run)
