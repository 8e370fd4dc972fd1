"""`reviewtui anomalies`: what is out of the ordinary in a month, and what nobody has explained yet."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import month
from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.metrics import FORMATS, PIPE_WIDTH, numbers_of
from reviewtui.commands.output import exit_code, plural, problem_line, say, tell, unique_problems, write_utf8
from reviewtui.months import latest_complete_month

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import Month

DESCRIPTION = """\
List the values of a month that are out of the ordinary, judged from the months before it only.

Inputs come before outputs, then what is furthest out. What follows from another anomaly of the list (ARR from MRR,
all products together from one) stands below it and need not be explained again.

Exit code 1 means that something could not be used: the list is printed, the problems are on stderr."""
EXAMPLES = (
    "reviewtui anomalies",
    "reviewtui anomalies --unexplained",
    "reviewtui anomalies --month 2026-08 --format csv > anomalies.csv",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options of this command."""
    parser.add_argument(
        "--month", type=month, metavar="M", help="which month, as 2026-01 (default: the newest complete)"
    )
    parser.add_argument("--unexplained", action="store_true", help="only those that nobody has explained yet")
    parser.add_argument("--format", choices=FORMATS, default="table", help="how to print: %(choices)s (default: table)")


def run(options: argparse.Namespace) -> int:
    """Print the list; `PROBLEMS` if something of the workspace could not be used."""
    from reviewtui.anomalies.listed import State
    from reviewtui.workspace.load import load_workspace

    workspace = load_workspace(workspace_root(options.workspace))
    sheet = numbers_of(workspace, options.as_of)
    newest = latest_complete_month(options.as_of)
    wanted = options.month or newest
    found = _found(sheet, workspace.root, wanted, newest)
    shown = [item for item in found if item.state is State.OPEN] if options.unexplained else found
    _print(shown, sheet, workspace.name or workspace.root.name, wanted, options.format)
    sys.stdout.flush()
    problems = unique_problems(workspace.problems, sheet.problems)
    for problem in problems:
        tell(problem_line(problem))
    tell(_summary(found, sheet, wanted, newest))
    return exit_code(problems)


def _found(sheet: MetricSheet, root: Path, wanted: Month, newest: Month) -> tuple[Anomaly, ...]:
    from reviewtui.anomalies.kept import judgements_of
    from reviewtui.anomalies.listed import anomalies_of, said_last
    from reviewtui.workspace.kinds.explanations import EXPLANATIONS
    from reviewtui.workspace.store import RecordStore

    said = said_last(RecordStore(root).load().of(EXPLANATIONS))
    return anomalies_of(sheet, judgements_of(sheet, root), wanted, said, newest)


def _print(items: Sequence[Anomaly], sheet: MetricSheet, workspace: str, wanted: Month, form: str) -> None:
    from reviewtui.reports import anomaly_list

    if form == "csv":
        write_utf8()
        anomaly_list.write_csv(items, sheet, sys.stdout)
    elif form == "json":
        write_utf8()
        anomaly_list.write_json(items, sheet, workspace, wanted, sys.stdout)
    elif form == "markdown":
        write_utf8()
        for line in anomaly_list.markdown_lines(items, sheet, wanted):
            say(line)
    else:
        for line in anomaly_list.text_lines(items, sheet, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns):
            say(line)


def _summary(found: Sequence[Anomaly], sheet: MetricSheet, wanted: Month, newest: Month) -> str:
    """How many there are, or why there can be none."""
    from reviewtui.anomalies.listed import to_explain

    if wanted > newest:
        return f"{wanted} is not complete yet and is not judged; the newest complete month is {newest}."
    if not sheet.months or wanted < sheet.months[0]:
        return f"There are no numbers of {wanted}."
    if not found:
        return f"Nothing in {wanted} is out of the ordinary."
    return f"{plural(len(found), 'value')} of {wanted} out of the ordinary, {len(to_explain(found))} to explain."


COMMAND = Command("anomalies", "list what is out of the ordinary", DESCRIPTION, EXAMPLES, add_arguments, run)
