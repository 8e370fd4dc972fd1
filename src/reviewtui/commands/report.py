"""`reviewtui report`: the summary of a review, to send or to keep."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import month
from reviewtui.commands.command import Command
from reviewtui.commands.locate import workspace_root
from reviewtui.commands.metrics import numbers_of
from reviewtui.commands.output import exit_code, problem_line, tell, unique_problems, write_utf8
from reviewtui.commands.selection import known_product
from reviewtui.errors import UsageError
from reviewtui.months import latest_complete_month

if TYPE_CHECKING:
    import argparse

    from reviewtui.metrics.sheet import MetricSheet, Product

DESCRIPTION = """\
Print the summary of a product's review: what was promised last time, the focus of the quarter, exceptions with their
explanations, deep dives, margin, open questions and new to-dos.

Markdown is for a file or a pull request, slack for a message (longer ones are parts of a thread, told apart by lines
of dashes), html is one page with charts that needs nothing else. The same numbers and records give the same bytes."""
EXAMPLES = (
    "reviewtui report --product flows --month 2026-10",
    "reviewtui report --product flows --month 2026-10 --format html > flows-2026-10.html",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options of this command."""
    parser.add_argument("--product", metavar="ID", help="the product, by id or name (needed where there are several)")
    parser.add_argument(
        "--month", type=month, metavar="M", help="the month reviewed (default: the newest complete one)"
    )
    parser.add_argument(
        "--format", choices=("markdown", "slack", "html"), default="markdown", help="%(choices)s (default: markdown)"
    )


def run(options: argparse.Namespace) -> int:
    """Print the summary; `PROBLEMS` if something of the workspace could not be used."""
    from reviewtui.anomalies.kept import judgements_of
    from reviewtui.reports.summaries import summary_text
    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.workspace.load import load_workspace
    from reviewtui.workspace.store import RecordStore

    root = workspace_root(options.workspace)
    workspace = load_workspace(root)
    sheet = numbers_of(workspace, options.as_of)
    product = _product(sheet, options.product)
    records = RecordStore(root).load()
    review = MonthReview(
        sheet,
        judgements_of(sheet, root),
        records,
        product,
        options.month or latest_complete_month(options.as_of),
        options.as_of,
    )
    links = next((item.links for item in workspace.products if item.product_id == product.id), ())
    write_utf8()
    sys.stdout.write(summary_text(review, options.format, links))
    sys.stdout.flush()
    problems = unique_problems(workspace.problems, sheet.problems, records.problems)
    for problem in problems:
        tell(problem_line(problem))
    return exit_code(problems)


def _product(sheet: MetricSheet, asked: str | None) -> Product:
    """The product asked for, or the only one."""
    if asked is None:
        if len(sheet.products) == 1:
            return sheet.products[0]
        ids = ", ".join(product.id for product in sheet.products) or "none yet"
        raise UsageError(f"--product is missing: which product's review? There are: {ids}.")
    found = known_product(asked, {product.id: product.name for product in sheet.products})
    return next(product for product in sheet.products if product.id == found)


COMMAND = Command("report", "print the summary of a product's review", DESCRIPTION, EXAMPLES, add_arguments, run)
