"""`reviewtui init`: a new workspace over existing DuckDB files, and a report of what they light up."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import path
from reviewtui.commands.command import Command
from reviewtui.commands.locate import folder_to_make, plain_path
from reviewtui.commands.output import OK, PROBLEMS, interruptible, problem_line, progress_line, say, tell
from reviewtui.errors import ReviewError
from reviewtui.text import safe_text
from reviewtui.workspace.model import WORKSPACE_FILE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from reviewtui.sources.state import Inspection, SourceState

DESCRIPTION = """\
Make the folder DIR a workspace that reads the given DuckDB files. The files are opened read-only and never changed.
The report says which tables were recognised, which metrics they light up, and what is missing and why.

Nothing is written if DIR is a workspace already, or if no source can be read."""
EXAMPLES = (
    "reviewtui init reviews --source warehouse.duckdb",
    "reviewtui init reviews --source billing.duckdb product.duckdb --name 'Acme growth reviews'",
)
LONGEST_LINE = 2000
LOCKED_SIGN = "Close it there"
"""What the sentences about a file that another program holds open have in common."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument("folder", nargs="?", type=path, metavar="DIR", help="the folder to make a workspace of")
    parser.add_argument(
        "--source",
        action="extend",
        nargs="+",
        type=path,
        required=True,
        metavar="FILE",
        help="a DuckDB file to read; several may be named",
    )
    parser.add_argument("--name", default="", metavar="TEXT", help="what the workspace is called (default: DIR's name)")


def run(options: argparse.Namespace) -> int:
    """Make the workspace and report; `PROBLEMS` where a source cannot be used."""
    root = folder_to_make(options.folder, options.workspace, None)
    refuse_existing(root)
    sources = tuple(dict.fromkeys(plain_path(source) for source in options.source))
    inspection = inspect_files(sources)
    if not any(usable(state) or waits(state) for state in inspection.states):
        for state in inspection.states:
            tell(f"{state.path}: {state.problem}")
        raise ReviewError("No source can be read, so nothing was written.", "No source")
    from reviewtui.commands.coverage import report_lines
    from reviewtui.metrics.catalogue import load_catalogue
    from reviewtui.workspace.create import create_workspace

    create_workspace(root, options.name or root.name, sources)
    say(f"Made the workspace {safe_text(str(root))}")
    for line in report_lines(inspection, load_catalogue()):
        say(safe_text(line, LONGEST_LINE))
    say(f"Next: reviewtui --workspace {safe_text(quoted(root))}")
    for problem in inspection.problems:
        tell(problem_line(problem))
    return OK if all(usable(state) for state in inspection.states) else PROBLEMS


def refuse_existing(root: Path) -> None:
    """ReviewError where `root` is a workspace already, or no folder."""
    file = root / WORKSPACE_FILE
    if os.path.lexists(file):
        raise ReviewError(
            f"{root} is a workspace already; nothing was changed. Add sources in {file}, or name another folder.",
            "Already a workspace",
        )
    if os.path.lexists(root) and not root.is_dir():
        raise ReviewError(f"{root} is no folder; name a folder for the workspace.", "Not a folder")


def inspect_files(sources: Sequence[Path]) -> Inspection:
    """What the files hold, under the names that the workspace will give them."""
    from reviewtui.sources.inspection import inspect_sources
    from reviewtui.sources.jobs import SourceRequest
    from reviewtui.workspace.model import SourceConfig
    from reviewtui.workspace.source_list import default_source_name

    configs: list[SourceConfig] = []
    for source in sources:
        name = default_source_name(source.name, [config.name for config in configs])
        configs.append(SourceConfig(name, source))
    with interruptible() as cancel, progress_line() as progress:
        return inspect_sources(SourceRequest(sources=tuple(configs)), on_progress=progress, cancel=cancel)


def usable(state: SourceState) -> bool:
    """Whether the source could be read."""
    return not state.problem


def waits(state: SourceState) -> bool:
    """Whether the source is a good file that another program has open for writing now."""
    return LOCKED_SIGN in state.problem


def quoted(root: Path) -> str:
    """`root` as a word of a shell command, relative to the current folder where that is shorter."""
    import shlex

    word = str(root)
    with contextlib.suppress(ValueError):
        word = min(word, os.path.relpath(root), key=len)
    return shlex.quote(word)


COMMAND = Command("init", "make a workspace over your own DuckDB files", DESCRIPTION, EXAMPLES, add_arguments, run)
