"""From a workspace to its numbers: runs the evaluation in the child process."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from reviewtui.errors import SourceError
from reviewtui.metrics.kept import Continuation
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.metrics.result_cache import ResultCache, SourceMark
from reviewtui.paths import cache_dir
from reviewtui.sources.request import SourceRequest
from reviewtui.workspace.model import PULLED_KIND, PULLED_ROWS_KIND, SourceConfig, rows_source_name

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from reviewtui.metrics.kept import Evaluated
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress
    from reviewtui.workspace.model import Workspace

DEFAULT_VIEW_SECONDS = 60.0
"""How long one view may take before it is left out."""

MUCH_DATA = 300_000_000
"""Bytes of sources from which on the newest months are worth a computation of their own."""

VIEW_SECONDS_VARIABLE = "REVIEWTUI_VIEW_SECONDS"


def view_seconds() -> float:
    """The time a view may take; the environment variable `REVIEWTUI_VIEW_SECONDS` overrides the default."""
    try:
        return max(0.1, float(os.environ.get(VIEW_SECONDS_VARIABLE, DEFAULT_VIEW_SECONDS)))
    except ValueError:
        return DEFAULT_VIEW_SECONDS


def source_request(workspace: Workspace) -> SourceRequest:
    """What the child process has to open for `workspace`."""
    sources = (*workspace.sources, *pulled_sources(workspace))
    return SourceRequest(sources=sources, views=workspace.views, view_seconds=view_seconds())


def pulled_sources(workspace: Workspace) -> tuple[SourceConfig, ...]:
    """What was pulled from the engines of `workspace`, as sources."""
    files = ((engine, pulled_path(workspace.root, engine.name)) for engine in workspace.engines)
    return tuple(SourceConfig(engine.name, path, PULLED_KIND, engine.line) for engine, path in files if path.exists())


def source_request_with_rows(workspace: Workspace) -> SourceRequest:
    """The same with the rows that were pulled from engines: what explains cells."""
    request = source_request(workspace)
    files = ((engine, rows_path(workspace.root, engine.name)) for engine in workspace.engines)
    rows = (
        SourceConfig(rows_source_name(engine.name), path, PULLED_ROWS_KIND, engine.line)
        for engine, path in files
        if path.exists()
    )
    return replace(request, sources=(*request.sources, *rows))


def rows_path(root: Path, engine: str) -> Path:
    """Where `reviewtui pull --rows` keeps the rows that it brought back from an engine."""
    return cache_dir(root) / "pulled" / f"{engine}-rows.duckdb"


def pulled_path(root: Path, engine: str) -> Path:
    """Where `reviewtui pull` keeps what it brought back from an engine."""
    return cache_dir(root) / "pulled" / f"{engine}.duckdb"


def compute_sheet(
    workspace: Workspace,
    as_of: date,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    is_fresh: bool = False,
    on_newest: Callable[[MetricSheet], None] | None = None,
) -> MetricSheet:
    """Every metric of every product up to the month of `as_of`, as the sources give it.

    Numbers of unchanged sources come from the cache and no source is opened; of changed ones, only months whose rows
    changed are computed. `is_fresh` asks for all of it to be computed, whatever was kept. `on_newest` is given the
    newest months first where nothing was kept and the sources are so large that all months take long.
    Raises SourceError if the numbers could not be computed at all and Cancelled once `cancel` is set.
    """
    request, sources = EvaluationRequest.of(workspace, as_of), source_request(workspace)
    cache = ResultCache.of(workspace.root)
    mark = SourceMark(sources, request)
    known = None if is_fresh else cache.sheet(mark.key)
    if known is not None:
        return known
    from reviewtui.sources.jobs import run_job

    kept = {} if is_fresh else cache.months(mark.definitions)
    if on_newest is not None and not kept and _bytes_of(sources) >= MUCH_DATA:
        job = "reviewtui.metrics.evaluate:evaluate_newest"
        # What is wrong with a source comes to light with all months.
        with suppress(SourceError):
            newest = run_job(sources, job, request, on_progress=on_progress, cancel=cancel)
            if newest is not None:
                on_newest(cast("MetricSheet", newest))
    evaluated = run_job(
        sources,
        "reviewtui.metrics.evaluate:continue_evaluation",
        Continuation(request, kept),
        on_progress=on_progress,
        cancel=cancel,
    )
    evaluated = cast("Evaluated", evaluated)
    if evaluated.sheet.is_lasting and mark.holds():
        cache.store_sheet(mark.key, evaluated.sheet)
    cache.store_months(mark.definitions, evaluated.keeps)
    return evaluated.sheet


def _bytes_of(sources: SourceRequest) -> int:
    """How large the files are; what cannot be read counts nothing."""
    total = 0
    for source in sources.sources:
        with suppress(OSError):
            total += source.path.stat().st_size
    return total
