"""From a workspace to its numbers: runs the evaluation in the child process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from reviewtui.metrics.request import EvaluationRequest
from reviewtui.sources.jobs import SourceRequest, run_job

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress
    from reviewtui.workspace.model import Workspace

DEFAULT_VIEW_SECONDS = 60.0
"""How long one view may take before it is left out."""

VIEW_SECONDS_VARIABLE = "REVIEWTUI_VIEW_SECONDS"


def view_seconds() -> float:
    """The time a view may take; the environment variable `REVIEWTUI_VIEW_SECONDS` overrides the default."""
    try:
        return max(0.1, float(os.environ.get(VIEW_SECONDS_VARIABLE, DEFAULT_VIEW_SECONDS)))
    except ValueError:
        return DEFAULT_VIEW_SECONDS


def source_request(workspace: Workspace) -> SourceRequest:
    """What the child process has to open for `workspace`."""
    return SourceRequest(sources=workspace.sources, views=workspace.views, view_seconds=view_seconds())


def compute_sheet(
    workspace: Workspace,
    as_of: date,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> MetricSheet:
    """Every metric of every product up to the month of `as_of`, as the sources give it.

    Raises SourceError if the numbers could not be computed at all and Cancelled once `cancel` is set.
    """
    request = EvaluationRequest.of(workspace, as_of)
    result = run_job(
        source_request(workspace),
        "reviewtui.metrics.evaluate:evaluate",
        request,
        on_progress=on_progress,
        cancel=cancel,
    )
    return cast("MetricSheet", result)
