"""`reviewtui doctor`: what was detected, in one page to read or to send along with a question."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.commands.command import Command, no_arguments
from reviewtui.commands.coverage import others_text, relation_text
from reviewtui.commands.locate import HOW_TO_START, find_root
from reviewtui.commands.output import (
    OK,
    exit_code,
    interruptible,
    plural,
    problem_line,
    progress_line,
    say,
    unique_problems,
)
from reviewtui.sources.request import VIEWS
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reviewtui.sources.state import Inspection, SourceState
    from reviewtui.terminal import TerminalFacts
    from reviewtui.workspace.model import Workspace

DESCRIPTION = """\
Show the versions, what the terminal can do, whether copying can work, where state is kept, and what the workspace's
sources hold. Works outside a workspace too. Reads only; no network is touched."""
EXAMPLES = ("reviewtui doctor", "reviewtui doctor --workspace ~/reviews")

PACKAGES = ("textual", "rich", "duckdb", "platformdirs", "tomli-w", "tomlkit")
LABEL_WIDTH = 19
PIPE_WIDTH = 100
LONGEST_FACT = 1000
NOT_UNICODE = "; characters it lacks are shown as plain ones"

Fact = tuple[str, str]
"""A label and what it says; not yet made safe."""


def run(options: argparse.Namespace) -> int:
    """Print every section; `PROBLEMS` if the workspace or a source cannot be used."""
    from reviewtui.terminal import ancestor_names, terminal_facts

    root = find_root(options.workspace)
    encoding = sys.stdout.encoding or ""
    say_section("Versions", version_facts())
    say_section("Terminal", terminal_lines(terminal_facts(os.environ, encoding, ancestor_names(os.getppid()))))
    say_section("Folders", folder_facts(root))
    if root is None:
        say_section("Workspace", (("none", HOW_TO_START),))
        return OK
    return diagnose(root)


def diagnose(root: Path) -> int:
    """Print what the workspace at `root` says and what its sources hold."""
    from reviewtui.commands.check import inspect, inspection_problems
    from reviewtui.workspace.load import load_workspace

    with interruptible() as cancel, progress_line() as progress:
        workspace = load_workspace(root)
        inspection = inspect(workspace, progress, cancel)
    say_section("Workspace", workspace_facts(workspace))
    for state in inspection.states:
        facts = (*source_facts(state, inspection), *row_facts(root, state))
        say_section(f"Source {state.name}", facts)
    say_section("Tables", table_facts(inspection))
    problems = unique_problems(workspace.problems, inspection_problems(inspection))
    if problems:
        say("Problems")
        for problem in problems:
            say(f"  {problem_line(problem)}")
    return exit_code(problems)


def say_section(title: str, facts: Iterable[Fact]) -> None:
    """A title, its facts below each other, and an empty line."""
    say(safe_text(title))
    width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
    for label, text in facts:
        for line in fact_lines(safe_text(label), safe_text(text, LONGEST_FACT), width):
            say(line)
    say()


def fact_lines(label: str, text: str, width: int) -> list[str]:
    """A fact in lines of at most `width` columns, as far as its words allow; paths are never broken."""
    start = f"  {label:<{LABEL_WIDTH}}  "
    return textwrap.wrap(
        text,
        max(width - 1, 2 * LABEL_WIDTH),
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [start.rstrip()]


def version_facts() -> Iterator[Fact]:
    """The program, its Python, its libraries and the system, without importing the libraries."""
    from importlib.metadata import PackageNotFoundError, version

    yield "reviewtui", __version__
    yield "Python", f"{platform.python_version()} at {sys.executable}"
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "not installed"
    yield "system", f"{platform.system()} {platform.release()} {platform.machine()}"


def terminal_lines(facts: TerminalFacts) -> Iterator[Fact]:
    """What the environment tells about the terminal."""
    from reviewtui.terminal import LOWEST, NARROWEST, locale_name

    columns, lines = shutil.get_terminal_size((0, 0))
    yield "TERM", facts.term or "not set"
    if facts.program:
        yield "program", facts.program
    if not sys.stdout.isatty():
        yield "size", "unknown: the output is no terminal"
    elif columns < NARROWEST or lines < LOWEST:
        yield "size", f"{columns} x {lines}; the screens are made for {NARROWEST} x {LOWEST} and more"
    else:
        yield "size", f"{columns} x {lines}"
    colours = f"{facts.colours.value}, by TERM and COLORTERM ({os.environ.get('COLORTERM') or 'not set'})"
    yield "colours", f"{colours}; NO_COLOR is set, so none are used" if facts.no_color else colours
    locale = locale_name(os.environ) or "no locale set"
    yield "characters", f"{facts.encoding or 'no encoding'} ({locale})" + ("" if facts.unicode else NOT_UNICODE)
    yield "inside", facts.multiplexer or "no tmux or screen"
    yield "SSH", "yes" if facts.ssh else "no"
    yield "mosh", facts.mosh.value
    yield "clipboard", facts.clipboard


def workspace_facts(workspace: Workspace) -> Iterator[Fact]:
    """What the workspace's own files say."""
    yield "folder", str(workspace.root)
    yield "name", workspace.name or workspace.root.name
    yield "money", workspace.base_currency
    yield "time zone", workspace.time_zone
    yield "attribution", workspace.attribution
    yield "fiscal year", f"starts in month {workspace.fiscal_year_start}"
    yield "products", plural(len(workspace.products), "product file")
    if workspace.views:
        yield "views", ", ".join(view.table for view in workspace.views)
    if workspace.read_only:
        yield "writing", "not possible: the folder cannot be written, or its files are of a newer version"


def source_facts(state: SourceState, inspection: Inspection) -> Iterator[Fact]:
    """One source: its file and the canonical tables in it."""
    yield "file", os.path.realpath(state.path)
    if state.modified is not None:
        yield "written", state.modified.strftime("%Y-%m-%d %H:%M")
        yield "size", f"{state.size:,} bytes"
    if state.wal_bytes:
        yield "unmerged", f"{state.wal_bytes:,} bytes of write-ahead log beside the file; they are read too"
    if state.problem:
        yield "problem", state.problem
        return
    found = [each for each in inspection.found if each.source == state.name]
    if state.tables and not found:
        yield "pulled", f"with `reviewtui pull`; made of {', '.join(state.tables)}"
        return
    for each in found:
        yield each.table, f"from {relation_text(each)}{' (a view)' if each.is_view else ''}"
    if not found:
        yield "tables", "none that is recognised"
    if state.others:
        yield "not used", others_text(state)


def row_facts(root: Path, state: SourceState) -> Iterator[Fact]:
    """The rows that were pulled beside the months, if this is what was pulled from an engine."""
    from reviewtui.metrics.compute import pulled_path, rows_path

    rows = rows_path(root, state.name)
    if state.path == str(pulled_path(root, state.name)) and rows.exists():
        yield "rows", f"{rows}, brought by `reviewtui pull --rows`; `reviewtui pull --no-rows` removes them"


def table_facts(inspection: Inspection) -> Iterator[Fact]:
    """The canonical tables that come from views of the workspace, and those that are missing, with the reason."""
    for each in inspection.found:
        if each.source == VIEWS:
            yield each.table, "from [views]"
    tables_by_reason: dict[str, list[str]] = {}
    for table, reason in inspection.missing.items():
        tables_by_reason.setdefault(reason, []).append(table)
    for reason, tables in tables_by_reason.items():
        yield (tables[0], reason) if len(tables) == 1 else ("not there", f"{', '.join(tables)}: {reason}")


def folder_facts(root: Path | None) -> Iterator[Fact]:
    """Where the program keeps its own files."""
    from reviewtui import paths

    yield "styles", str(paths.styles_dir())
    yield "settings", str(paths.config_dir())
    if root is not None:
        yield "state", str(paths.state_dir(root))
        yield "cache", str(paths.cache_dir(root))


COMMAND = Command(
    "doctor", "show what was detected: terminal, versions, sources", DESCRIPTION, EXAMPLES, no_arguments, run
)
