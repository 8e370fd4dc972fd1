"""The rows behind a cell of a small company, read as the child process reads them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.drill_job import drill
from reviewtui.metrics.drilldown import CellQuestion, DrillDown, DrillRequest
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.metrics.sheet import Metric
from reviewtui.months import Month
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import open_session

if TYPE_CHECKING:
    from tests.metrics.worksheets import Company


def catalogue_metric(metric_id: str) -> Metric:
    """A metric of the catalogue, or one of nobody's knowledge."""
    found = next((item for item in load_catalogue() if item.id == metric_id.partition(".")[0]), None)
    return found if found is not None else Metric(metric_id, metric_id, "other", "")


def behind(
    company: Company,
    product: str,
    metric_id: str,
    month: str,
    *,
    as_of: str = "2025-06-10",
    imported: bool = False,
    most: int = 500,
) -> DrillDown:
    """What lies behind one cell of `company`."""
    company.write()
    workspace = company.workspace()
    metric = catalogue_metric(metric_id)
    if metric.id != metric_id:
        metric = Metric(metric_id, metric_id, metric.section, metric.unit, query=metric.query, parts=metric.parts)
    question = CellQuestion(product, metric, Month.parse(month), imported, (product,))
    request = DrillRequest(question, EvaluationRequest.of(workspace, date.fromisoformat(as_of)), most)
    session = open_session(SourceRequest(workspace.sources, workspace.views, view_seconds=5.0), lambda _: None)
    try:
        return drill(session, request)
    finally:
        session.close()


def column(found: DrillDown, name: str) -> list[object]:
    """The values of one column of the rows."""
    assert found.rows is not None
    place = [item.name for item in found.rows.columns].index(name)
    return [row[place] for row in found.rows.rows]


def total(found: DrillDown, name: str) -> float | None:
    """What a column adds up to."""
    assert found.rows is not None
    return found.rows.totals[[item.name for item in found.rows.columns].index(name)]


def segments(found: DrillDown) -> dict[object, object]:
    """Each segment's value."""
    assert found.segments is not None
    return {row[0]: row[1] for row in found.segments.rows}
