"""The numbers of a workspace as every command and screen shows them.

Computed from the sources, completed by what the workspace's own files say, compared with what was reviewed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewtui.metrics.compute import compute_sheet
from reviewtui.metrics.presentation import present
from reviewtui.reviews.restatement import with_restatements

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress
    from reviewtui.workspace.model import Workspace


def load_numbers(
    workspace: Workspace,
    as_of: date,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    is_fresh: bool = False,
    on_newest: Callable[[MetricSheet], None] | None = None,
) -> MetricSheet:
    """Every metric of every product up to the month of `as_of`, with the workspace's own problems first.

    `is_fresh` asks for everything to be computed again, whatever was kept. `on_newest` is given the newest months
    first where all of them take long.
    Raises SourceError if the numbers could not be computed at all and Cancelled once `cancel` is set.
    """
    # The SQL of a person's own metrics is not run for the newest months.
    plain = replace(workspace, custom_metrics=())
    show = None if on_newest is None else lambda sheet: on_newest(dressed(sheet, plain))
    sheet = compute_sheet(workspace, as_of, on_progress=on_progress, cancel=cancel, is_fresh=is_fresh, on_newest=show)
    return dressed(sheet, workspace)


def dressed(sheet: MetricSheet, workspace: Workspace) -> MetricSheet:
    """Computed numbers with everything that the workspace's own files add."""
    problems = (*workspace.problems, *sheet.problems)
    sheet = replace(sheet, problems=problems, fiscal_year_start=workspace.fiscal_year_start)
    return with_restatements(present(sheet, workspace), workspace)
