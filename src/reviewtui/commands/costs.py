"""`reviewtui costs`: what a unit costs, what the margin is, what drives it, and how sure that is."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import month
from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.output import (
    exit_code,
    interruptible,
    problem_line,
    progress_line,
    say,
    tell,
    unique_problems,
    write_utf8,
)
from reviewtui.commands.selection import known_product

if TYPE_CHECKING:
    import argparse

    from reviewtui.costs.inputs import CostInputs
    from reviewtui.costs.report import CostReport
    from reviewtui.errors import Problem
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.workspace.model import Workspace

DESCRIPTION = """\
Allocate the cost lines of the sources to the products that have a cost model (products/<slug>/cost.toml) and print
every figure: allocation, components, reconciliation, overlaps, unit economics, the change from the month before,
sensitivity, and alerts.

Without --month: every complete month; review and sensitivity are those of the newest. CSV and JSON hold every figure:
sums exactly, quotients so that they read back to the same double. Percent and points are in percent, as their names
say.

Exit code 1 means that something could not be used, or that figures are withheld because every one of them would be
wrong: the problems are on stderr."""
EXAMPLES = (
    "reviewtui costs",
    "reviewtui costs --product replay --month 2026-04",
    "reviewtui costs --format csv > costs.csv",
)
FORMATS = ("table", "csv", "json", "markdown")
PIPE_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options of this command."""
    parser.add_argument(
        "--product", action="append", default=[], metavar="ID", help="only this product, by id or name (repeatable)"
    )
    parser.add_argument("--month", type=month, metavar="M", help="only this month, as 2026-04")
    parser.add_argument("--format", choices=FORMATS, default="table", help="how to print: %(choices)s (default: table)")


def run(options: argparse.Namespace) -> int:
    """Print the figures; `PROBLEMS` if something could not be used."""
    from reviewtui.costs.report import ReportRequest, cost_report
    from reviewtui.costs_reading import mrr_of
    from reviewtui.workspace.load import load_workspace

    workspace = load_workspace(workspace_root(options.workspace))
    known = {model.product_id for model in workspace.cost_models}
    names = dict.fromkeys(sorted(known), "") | {item.product_id: item.name for item in workspace.products}
    options.product = list(dict.fromkeys(known_product(asked, names) for asked in options.product))
    inputs, sheet = _read(workspace, options)
    request = ReportRequest(
        as_of=options.as_of,
        currency=workspace.base_currency,
        stages={product.product_id: product.stage for product in workspace.products},
        products=options.product,
        month=options.month,
    )
    mrr = mrr_of(sheet) if sheet is not None else {}
    report = cost_report(inputs, workspace.cost_models, mrr, request)
    print_report(report, workspace, options.format, str(options.as_of))
    sys.stdout.flush()
    # What the metrics have to say of their own tables is said by `reviewtui metrics`.
    problems = unique_problems(workspace.problems, report.problems)
    _tell(problems, report, workspace, [product for product in options.product if product not in known])
    return exit_code(problems)


def _read(workspace: Workspace, options: argparse.Namespace) -> tuple[CostInputs, MetricSheet | None]:
    """What the sources say, and the metrics where a product's revenue is its MRR."""
    from reviewtui.costs.inputs import CostInputs

    if not workspace.cost_models:
        return CostInputs(), None
    with interruptible() as cancel, progress_line() as progress:
        from reviewtui.costs.economics import Volumes
        from reviewtui.metrics.compute import compute_sheet
        from reviewtui.metrics.cost_job import load_cost_inputs

        inputs = load_cost_inputs(workspace, options.as_of, names_lines=True, on_progress=progress, cancel=cancel)
        wanted = [
            model for model in workspace.cost_models if not options.product or model.product_id in options.product
        ]
        if inputs.withheld or not any(Volumes(model, inputs.usage, {}).revenue_is_mrr for model in wanted):
            return inputs, None
        return inputs, compute_sheet(workspace, options.as_of, on_progress=progress, cancel=cancel)


def print_report(report: CostReport, workspace: Workspace, form: str, as_of: str) -> None:
    """Write the figures to stdout in one of `FORMATS`."""
    from reviewtui.reports import cost_records

    if form == "csv":
        write_utf8()
        cost_records.write_csv(report.rows, sys.stdout)
    elif form == "json":
        write_utf8()
        cost_records.write_json(report.rows, workspace.name or workspace.root.name, as_of, sys.stdout)
    elif form == "markdown":
        write_utf8()
        for line in cost_records.markdown_lines(report.rows):
            say(line)
    else:
        for line in cost_records.text_lines(report.rows, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns):
            say(line)


def _tell(problems: tuple[Problem, ...], report: CostReport, workspace: Workspace, without: list[str]) -> None:
    for problem in problems:
        tell(problem_line(problem))
    for note in report.notes:
        tell(note)
    for product in without:
        tell(f"{product}: no cost model. Write one in products/{product}/cost.toml; docs/costs.md says how.")
    if not workspace.cost_models:
        tell("No product has a cost model. Write one in products/<slug>/cost.toml; docs/costs.md says how.")


COMMAND = Command("costs", "print costs, unit economics and margins", DESCRIPTION, EXAMPLES, add_arguments, run)
