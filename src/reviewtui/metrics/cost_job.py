"""The costs of a workspace for a command or a screen: one job in the child process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from reviewtui.errors import Problem
from reviewtui.metrics.cost_request import CostRequest
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection
    from datetime import date

    from reviewtui.costs.inputs import CostInputs
    from reviewtui.metrics.inputs import InputTables
    from reviewtui.sources.session import Session
    from reviewtui.sources.state import Progress
    from reviewtui.workspace.model import Workspace

LACKS = " lacks "
"""In why a table is missing: one of its name is there, without columns that it needs."""


def load_cost_inputs(
    workspace: Workspace,
    as_of: date,
    *,
    names_lines: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> CostInputs:
    """What the sources say about costs; with `names_lines` also which lines overlap. Raises as `run_job` does."""
    from reviewtui.metrics.compute import source_request
    from reviewtui.sources.jobs import run_job

    request = CostRequest.of(workspace, as_of, names_lines=names_lines)
    job = f"{__name__}:{cost_inputs.__name__}"
    return cast("CostInputs", run_job(source_request(workspace), job, request, on_progress=on_progress, cancel=cancel))


class CostTables(NamedTuple):
    """The canonical tables of costs, and why some cannot be read."""

    tables: InputTables
    problems: tuple[Problem, ...]


def cost_tables(session: Session, request: CostRequest, names: Collection[str]) -> CostTables:
    """The tables called one of `names`, views already read."""
    from reviewtui.metrics.inputs import InputTables
    from reviewtui.metrics.usable_tables import usable_tables

    usable = usable_tables(session, names)
    tables = InputTables(session.connection, usable.found, request.time_zone, session.request.views, usable.shown)
    return CostTables(tables, tuple(usable.problems))


def cost_inputs(session: Session, request: Any) -> CostInputs:
    """The part that runs in the child process; `request` is a CostRequest."""
    from reviewtui.metrics.cost_inputs import COST_TABLES, SMALL_TABLES, read_costs

    tables, problems = cost_tables(session, request, COST_TABLES)
    for name in SMALL_TABLES:
        tables.create(name)
    inputs = read_costs(session, request, tables)
    lacking = _lacking(session, COST_TABLES)
    return replace(inputs, problems=(*session.problems, *problems, *lacking, *tables.problems, *inputs.problems))


def _lacking(session: Session, names: Collection[str]) -> list[Problem]:
    """Tables that have the right name and lack columns; that a table is not there is no problem."""
    found = ((name, session.missing.get(name, "")) for name in names)
    message = "{}. No costs are read from it: add what lacks, or write an entry of [views] that has it."
    return [Problem(name, None, message.format(why)) for name, why in found if LACKS in why]
