"""The cost lines behind a component of a product in a month, the largest first."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from reviewtui.costs.tally import Sorter, registered_tags
from reviewtui.metrics.cost_request import CostRequest
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    import threading
    from datetime import date
    from decimal import Decimal

    from reviewtui.costs.inputs import LineGroup
    from reviewtui.metrics.cost_groups import RawGroup
    from reviewtui.metrics.cost_lines import LineSource
    from reviewtui.months import Month
    from reviewtui.sources.session import Session
    from reviewtui.workspace.model import Workspace

MOST_LINES = 500
"""Lines that are shown; all are counted."""


@dataclass(frozen=True, slots=True)
class LinesQuestion:
    """Which lines are asked for."""

    request: CostRequest
    product: str
    component: str
    month: int


class CostLine(NamedTuple):
    """One cost line."""

    day: date
    line_id: str
    service: str
    region: str
    tags: tuple[str, ...]
    rule: str
    cost: Decimal


@dataclass(frozen=True, slots=True)
class CostLines:
    """The largest lines, and how many there are."""

    lines: tuple[CostLine, ...]
    total: int


def load_cost_lines(
    workspace: Workspace, as_of: date, product: str, component: str, month: Month, cancel: threading.Event | None = None
) -> CostLines:
    """The lines that a product pays for through `component` in `month`; raises as `run_job` does."""
    from reviewtui.metrics.compute import source_request
    from reviewtui.sources.jobs import run_job

    question = LinesQuestion(CostRequest.of(workspace, as_of), product, component, month.index)
    job = f"{__name__}:{lines_behind.__name__}"
    return cast("CostLines", run_job(source_request(workspace), job, question, cancel=cancel))


def lines_behind(session: Session, question: Any) -> CostLines:
    """The part that runs in the child process; `question` is a LinesQuestion."""
    from reviewtui.metrics.cost_groups import line_groups, raw_groups
    from reviewtui.metrics.cost_inputs import line_sources
    from reviewtui.metrics.cost_job import cost_tables

    request = question.request
    model = next(model for model in request.models if model.product_id == question.product)
    sorter = Sorter(model, registered_tags(request.models))
    bases = (model.cost_basis,)
    found: list[CostLine] = []
    total = 0
    with ExitStack() as opened:
        for source in line_sources(session, cost_tables(session, request, ("cost_line",)).tables, opened):
            raw = list(raw_groups(source, bases, None))
            groups = line_groups(raw, bases, {}, request.series)[model.series]
            wanted = {
                place: (raw[place], group, winner.id)
                for place, group in enumerate(groups)
                if group.month == question.month
                and not sorter.is_excluded(group)
                and (winner := sorter.book.matches(group).winner) is not None
                and sorter.component(group, winner) == question.component
            }
            total += sum(group.lines for _, group, _ in wanted.values())
            found += _lines(source, bases, wanted)
    found.sort(key=lambda line: (-abs(line.cost), line.day, line.line_id))
    return CostLines(tuple(found[:MOST_LINES]), total)


def _lines(
    source: LineSource, bases: tuple[str, ...], wanted: dict[int, tuple[RawGroup, LineGroup, str]]
) -> list[CostLine]:
    from reviewtui.metrics.cost_lines import cost_column
    from reviewtui.metrics.cost_overlaps import joined_lines

    if not wanted:
        return []
    cost = cost_column(bases[0])
    sql = joined_lines(source, bases, {place: raw for place, (raw, _, _) in wanted.items()})
    rows = source.connection.execute(
        f"select w.place, l.day, coalesce(l.line_id, ''), l.{cost} {sql} order by abs(l.{cost}) desc limit {MOST_LINES}"
    ).fetchall()
    lines = []
    for place, day, line_id, amount in rows:
        _, group, rule = wanted[int(place)]
        lines.append(CostLine(day, line_id, group.service, group.region, group.tags, rule, amount))
    return lines
