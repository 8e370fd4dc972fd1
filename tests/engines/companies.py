"""Small companies whose metrics are computed here and on an engine, and the comparison of the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from reviewtui.engines.pulling import Pull, PullReport, PullRequest
from reviewtui.metrics.compute import compute_sheet, pulled_path, rows_path
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.engines.engine import Engine
    from reviewtui.metrics.sheet import Cell, MetricSheet
    from reviewtui.workspace.model import EngineConfig, Workspace

AS_OF = date(2026, 11, 22)
COSTS = {"total_cost", "cost_per_unit", "revenue_per_unit", "gross_margin", "cost_growth"}
"""Made of cost lines, which stay local files."""

TOLERANCE = 1e-9


def on_engine(workspace: Workspace, config: EngineConfig) -> Workspace:
    """The workspace with its data on the engine of `config` only."""
    return replace(workspace, sources=(), engines=(config,), imports=())


def pull_with(
    engine: Engine,
    workspace: Workspace,
    as_of: date = AS_OF,
    *,
    is_fresh: bool = False,
    most_rows: int = 0,
    on_message: Callable[[object], None] = lambda _: None,
) -> PullReport:
    """Pull in this process; with `most_rows`, the rows behind the months too. `on_message` is told how far it is."""
    (config,) = workspace.engines
    evaluation = EvaluationRequest.of(workspace, as_of)
    path = pulled_path(workspace.root, config.name)
    rows = rows_path(workspace.root, config.name) if most_rows else None
    request = PullRequest(config, workspace.root, path, evaluation, is_fresh, rows, most_rows)
    session = open_session(SourceRequest(()), on_message)
    try:
        return Pull(session, request, engine).run()
    finally:
        session.close()
        engine.close()


def differences(workspace: Workspace, local: MetricSheet, as_of: date = AS_OF) -> list[str]:
    """The cells of `local` that what was pulled gives otherwise, as texts."""
    pulled = compute_sheet(workspace, as_of, is_fresh=True)
    found = []
    for (product, metric), cells in local.rows.items():
        if metric in COSTS:
            continue
        for month, cell in zip(local.months, cells, strict=True):
            other = pulled.cell(product, metric, month)
            if not same(cell, other):
                found.append(f"{product} {metric} {month}: {cell} / {other}")
    return found


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same, counts exactly and everything else to `TOLERANCE`."""
    pairs = [
        (one.value, other.value),
        (one.n, other.n),
        (one.numerator, other.numerator),
        (one.denominator, other.denominator),
    ]
    alike = (one.status, one.note, one.source) == (other.status, other.note, other.source)
    return alike and all(_close(a, b) for a, b in pairs)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    if one == int(one):
        return one == other or abs(one - other) <= TOLERANCE * max(1.0, abs(one))
    return abs(one - other) <= TOLERANCE * max(1.0, abs(one))
