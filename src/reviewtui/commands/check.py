"""`reviewtui check`: every file and source of the workspace, validated; nothing is computed and nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reviewtui.commands.command import Command, no_arguments
from reviewtui.commands.coverage import lacks_columns, others_text
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import (
    exit_code,
    interruptible,
    plural,
    problem_line,
    progress_line,
    say,
    unique_problems,
)
from reviewtui.errors import Problem, Severity
from reviewtui.sources.request import VIEWS
from reviewtui.text import safe_text

if TYPE_CHECKING:
    import argparse
    import threading
    from collections.abc import Callable, Collection, Sequence
    from datetime import date
    from pathlib import Path

    from reviewtui.sources.state import Inspection, Progress
    from reviewtui.workspace.model import Workspace
    from reviewtui.workspace.record_set import Records

DESCRIPTION = """\
Read every file and record of the workspace, open every source, look at its tables and views, and print each problem as
`file:line: message`: also what two people changed at once, what interrupted saves left, and texts that were typed and
never saved. Nothing is computed, nothing is written.

Exit code 1 means that at least one file, source or view cannot be used; warnings alone give 0."""
EXAMPLES = ("reviewtui check", "reviewtui check --workspace ~/reviews && reviewtui metrics --workspace ~/reviews")


def run(options: argparse.Namespace) -> int:
    """Print the problems and a closing line; `PROBLEMS` if one is an error."""
    root = workspace_root(options.workspace)
    with interruptible() as cancel, progress_line() as progress:
        from reviewtui.imports.stored import read_imports
        from reviewtui.workspace.load import load_workspace

        workspace = load_workspace(root)
        inspection = inspect(workspace, progress, cancel)
        stored = read_imports(workspace.imports)
        imported = {value.metric for value in stored.values}
        own = own_metric_problems(workspace, inspection, imported, options.as_of, cancel)
        records, of_records = check_records(root)
    found = (*of_records, *stored.problems, *own, *inspection_problems(inspection))
    problems = unique_problems(workspace.problems, found)
    for problem in problems:
        say(problem_line(problem))
    say(closing_line(workspace, problems, len(records)))
    return exit_code(problems)


def check_records(root: Path) -> tuple[Records, tuple[Problem, ...]]:
    """The records of a workspace, and everything wrong with them and left behind."""
    from datetime import UTC, datetime

    from reviewtui.paths import state_dir
    from reviewtui.workspace.draft_files import DraftFiles
    from reviewtui.workspace.place import DRAFTS_FOLDER
    from reviewtui.workspace.record_check import draft_problems, record_problems
    from reviewtui.workspace.store import RecordStore

    records = RecordStore(root).load()
    drafts = DraftFiles(state_dir(root) / DRAFTS_FOLDER)
    left = drafts.found()
    problems = (*record_problems(root, records, datetime.now(UTC)), *draft_problems(left), *drafts.damaged)
    return records, problems


def inspect(
    workspace: Workspace, on_progress: Callable[[Progress], None] | None, cancel: threading.Event | None
) -> Inspection:
    """What can be told about the workspace's sources and views without reading their rows."""
    from reviewtui.metrics.compute import source_request
    from reviewtui.sources.inspection import inspect_sources

    return inspect_sources(source_request(workspace), on_progress=on_progress, cancel=cancel)


def own_metric_problems(
    workspace: Workspace,
    inspection: Inspection,
    imported: Collection[str],
    as_of: date,
    cancel: threading.Event | None,
) -> tuple[Problem, ...]:
    """What can be told about metrics of the user's own, and about settings that name metrics, without computing any.

    `imported` are the ids of metrics in `imports/`.
    """
    from reviewtui.metrics.definitions import naming_problems, read_definitions
    from reviewtui.metrics.request import EvaluationRequest

    # Metrics of a table `metric_value` have any ids: they are known only once its rows are read.
    is_sure = not any(found.table == "metric_value" for found in inspection.found)
    problems = [*read_definitions(workspace, imported if is_sure else None).problems]
    if is_sure:
        problems += naming_problems(workspace, imported)
    request = EvaluationRequest.of(workspace, as_of)
    if request.sql_metrics:
        from reviewtui.metrics.compute import source_request
        from reviewtui.sources.jobs import run_job

        job = "reviewtui.metrics.custom:check_queries"
        problems += cast("tuple[Problem, ...]", run_job(source_request(workspace), job, request, cancel=cancel))
    return tuple(problems)


def inspection_problems(inspection: Inspection) -> tuple[Problem, ...]:
    """The problems of an inspection; a table that is not used because it lacks columns is a warning."""
    unused = (
        Problem(table, None, f"Not used: {reason}. Add the columns, or an entry of [views].", Severity.WARNING)
        for table, reason in inspection.missing.items()
        if lacks_columns(reason) and not any(table in problem.message for problem in inspection.problems)
    )
    # Entries of [views] may read from any source.
    used = {found.source for found in inspection.found}
    idle = (
        ()
        if VIEWS in used
        else (
            Problem(
                state.name,
                None,
                f"no table of it is used; entries of [views] can map what there is: {others_text(state) or 'nothing'}.",
                Severity.WARNING,
            )
            for state in inspection.states
            if not state.problem and not state.tables and state.name not in used
        )
    )
    return (*inspection.problems, *unused, *idle)


def closing_line(workspace: Workspace, problems: Sequence[Problem], records: int = 0) -> str:
    """`Acme: 2 sources, 4 product files, 12 records: no problems.`"""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    counted = [plural(count, noun) for count, noun in ((errors, "error"), (warnings, "warning")) if count]
    parts = [plural(len(workspace.sources), "source"), plural(len(workspace.products), "product file")]
    if workspace.imports:
        parts.append(plural(len(workspace.imports), "imported file"))
    if workspace.custom_metrics:
        parts.append(plural(len(workspace.custom_metrics), "metric file"))
    if workspace.views:
        parts.append(plural(len(workspace.views), "view"))
    if records:
        parts.append(plural(records, "record"))
    name = safe_text(workspace.name or workspace.root.name)
    return f"{name}: {', '.join(parts)}: {', '.join(counted) or 'no problems'}."


COMMAND = Command("check", "validate every file and source", DESCRIPTION, EXAMPLES, no_arguments, run)
