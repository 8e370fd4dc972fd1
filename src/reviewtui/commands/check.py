"""`reviewtui check`: every file and source of the workspace, validated; nothing is computed and nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from collections.abc import Callable, Sequence

    from reviewtui.sources.state import Inspection, Progress
    from reviewtui.workspace.model import Workspace

DESCRIPTION = """\
Read every file of the workspace, open every source, look at its tables and views, and print each problem as
`file:line: message`. Nothing is computed, nothing is written.

Exit code 1 means that at least one file, source or view cannot be used; warnings alone give 0."""
EXAMPLES = ("reviewtui check", "reviewtui check --workspace ~/reviews && reviewtui metrics --workspace ~/reviews")


def run(options: argparse.Namespace) -> int:
    """Print the problems and a closing line; `PROBLEMS` if one is an error."""
    root = workspace_root(options.workspace)
    with interruptible() as cancel, progress_line() as progress:
        from reviewtui.workspace.load import load_workspace

        workspace = load_workspace(root)
        inspection = inspect(workspace, progress, cancel)
    problems = unique_problems(workspace.problems, inspection_problems(inspection))
    for problem in problems:
        say(problem_line(problem))
    say(closing_line(workspace, problems))
    return exit_code(problems)


def inspect(
    workspace: Workspace, on_progress: Callable[[Progress], None] | None, cancel: threading.Event | None
) -> Inspection:
    """What can be told about the workspace's sources and views without reading their rows."""
    from reviewtui.sources.inspection import inspect_sources
    from reviewtui.sources.jobs import SourceRequest

    request = SourceRequest(sources=workspace.sources, views=workspace.views)
    return inspect_sources(request, on_progress=on_progress, cancel=cancel)


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
            if not state.problem and state.name not in used
        )
    )
    return (*inspection.problems, *unused, *idle)


def closing_line(workspace: Workspace, problems: Sequence[Problem]) -> str:
    """`Acme: 2 sources, 4 products: no problems.`"""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    counted = [plural(count, noun) for count, noun in ((errors, "error"), (warnings, "warning")) if count]
    parts = [plural(len(workspace.sources), "source"), plural(len(workspace.products), "product file")]
    if workspace.views:
        parts.append(plural(len(workspace.views), "view"))
    name = safe_text(workspace.name or workspace.root.name)
    return f"{name}: {', '.join(parts)}: {', '.join(counted) or 'no problems'}."


COMMAND = Command("check", "validate every file and source", DESCRIPTION, EXAMPLES, no_arguments, run)
