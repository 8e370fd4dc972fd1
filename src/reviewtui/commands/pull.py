"""`reviewtui pull`: the metrics computed where the data live; only months come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reviewtui.commands.arguments import whole_number
from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import (
    OK,
    PROBLEMS,
    exit_code,
    interruptible,
    plural,
    problem_line,
    progress_line,
    say,
    tell,
)
from reviewtui.commands.suggest import unknown
from reviewtui.errors import ReviewError
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse
    import threading
    from collections.abc import Iterable

    from reviewtui.commands.output import ProgressLine
    from reviewtui.engines.pulling import PullReport, PullRequest
    from reviewtui.workspace.model import EngineConfig, Workspace

DESCRIPTION = """\
Compute the metrics on the engines that [[engine]] entries of reviewtui.toml name (Spark, PostgreSQL, ClickHouse) and
keep the months that come back. Everything else then works offline with them, and says how old they are.

Every section is kept as soon as it is complete: a pull that is stopped, or meets an error, leaves what it has pulled,
and the rest as it was before. The next pull computes only months that are open or whose rows have changed.

The password comes from the environment variable that the entry names. The engine is only read. No row of a person or a
customer leaves it, unless --rows asks for the rows behind the months: then invoice lines, refunds, tickets, survey
answers and who was active on which day come along, with the names and comments in them, and the full view of a metric
shows them offline.

Exit code 1 means that something could not be pulled."""
EXAMPLES = (
    "reviewtui pull",
    "WAREHOUSE_PASSWORD=... reviewtui pull warehouse",
    "reviewtui pull --fresh",
    "reviewtui pull --rows",
)

MEMORY = "1GB"
STOPPED = "Stopped. What was complete by then is kept, the rest is as it was; `reviewtui pull` goes on from there."
USUAL_ROWS = 200_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments of this command."""
    parser.add_argument("engine", nargs="*", metavar="ENGINE", help="the engines to pull from (default: all)")
    parser.add_argument("--fresh", action="store_true", help="compute every month again, whatever was kept")
    rows = parser.add_mutually_exclusive_group()
    rows.add_argument("--rows", action="store_true", help="bring the rows behind the months too")
    rows.add_argument("--no-rows", action="store_true", help="remove the rows that an earlier pull brought")
    parser.add_argument(
        "--most-rows",
        type=whole_number,
        default=USUAL_ROWS,
        metavar="N",
        help=f"with --rows: at most so many rows of each table (default: {USUAL_ROWS})",
    )


def run(options: argparse.Namespace) -> int:
    """Pull from each engine in turn; `PROBLEMS` if something could not be pulled."""
    from reviewtui.workspace.load import load_workspace

    workspace = load_workspace(workspace_root(options.workspace))
    code = OK
    for problem in workspace.problems:
        tell(problem_line(problem))
    for engine in _wanted(workspace, options.engine):
        with interruptible() as cancel, progress_line() as progress:
            if options.no_rows:
                _remove_rows(workspace, engine)
            try:
                request = _request(workspace, engine, options)
                report = _pulled(request, progress, cancel)
            except ReviewError as error:
                if cancel.is_set():
                    progress.clear()
                    tell(STOPPED)
                    raise
                progress.clear()
                tell(f"reviewtui: {error.message}")
                code = PROBLEMS
                continue
        for line in report_lines(engine, report):
            say(line)
        for problem in report.problems:
            tell(problem_line(problem))
        code = max(code, exit_code(report.problems))
    return code


def _wanted(workspace: Workspace, names: Iterable[str]) -> tuple[EngineConfig, ...]:
    known = {engine.name: engine for engine in workspace.engines}
    if not known:
        raise ReviewError(
            "The workspace names no engine. Add [[engine]] with `name` and `kind` to reviewtui.toml; docs/engines.md"
            " shows how."
        )
    for name in names:
        if name not in known:
            raise unknown("engine", name, {each: each for each in known})
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(known.values())


def _remove_rows(workspace: Workspace, engine: EngineConfig) -> None:
    from reviewtui.metrics.compute import rows_path
    from reviewtui.workspace.atomic import remove_file

    path = rows_path(workspace.root, engine.name)
    if path.exists():
        remove_file(path)
        say(safe_text(f"{engine.name}: the rows of an earlier pull were removed"))


def _request(workspace: Workspace, engine: EngineConfig, options: argparse.Namespace) -> PullRequest:
    from importlib.util import find_spec

    if find_spec("sqlglot") is None:
        raise ReviewError(f"Pulling needs sqlglot, which is not installed. Run: pip install 'reviewtui[{engine.kind}]'")
    from reviewtui.engines.pulling import PullRequest
    from reviewtui.metrics.compute import pulled_path, rows_path
    from reviewtui.metrics.request import EvaluationRequest

    return PullRequest(
        engine,
        workspace.root,
        pulled_path(workspace.root, engine.name),
        EvaluationRequest.of(workspace, options.as_of),
        options.fresh,
        rows_path(workspace.root, engine.name) if options.rows else None,
        options.most_rows,
    )


def _pulled(request: PullRequest, progress: ProgressLine, cancel: threading.Event) -> PullReport:
    from reviewtui.sources.jobs import run_job
    from reviewtui.sources.request import SourceRequest

    job = "reviewtui.engines.pulling:pull"
    sources = SourceRequest(sources=(), memory_limit=MEMORY)
    return cast("PullReport", run_job(sources, job, request, on_progress=progress, cancel=cancel))


def report_lines(engine: EngineConfig, report: PullReport) -> Iterable[str]:
    """What was pulled, a line a section."""
    parts = (*report.sections, *((report.rows,) if report.rows is not None else ()))
    total = sum(part.seconds for part in parts)
    size = sum(part.size for part in parts)
    sections = plural(len(report.sections), "section")
    yield safe_text(f"{engine.name}: {sections} pulled in {total:.1f} s, about {size:,} bytes of rows came back")
    for part in parts:
        yield f"  {part.name:<16} {part.seconds:8.1f} s  {part.rows:>8,} rows"
    if report.left:
        yield f"  as before: {', '.join(report.left)}"


COMMAND = Command(
    "pull", "compute the metrics on an engine and bring the months back", DESCRIPTION, EXAMPLES, add_arguments, run
)
"""What this command is."""
