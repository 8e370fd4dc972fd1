"""What lies behind a cell of a small company, read from its local tables or from rows that were pulled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.compute import source_request_with_rows
from reviewtui.metrics.drill_job import drill
from reviewtui.metrics.drilldown import CellQuestion, DrillDown, DrillRequest
from reviewtui.metrics.driver_job import drive
from reviewtui.metrics.drivers import DriverQuestion, DriverRequest, Drivers
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.months import Month
from reviewtui.sources.session import open_session
from tests.engines.companies import AS_OF

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric
    from reviewtui.workspace.model import Workspace

OCTOBER = Month(2026, 10)
PRODUCTS = ("flows", "forms")


def metric(metric_id: str) -> Metric:
    return next(item for item in load_catalogue() if item.id == metric_id)


def behind(workspace: Workspace, metric_id: str, month: Month = OCTOBER, product: str = "*") -> DrillDown:
    """What lies behind one cell of `workspace`."""
    question = CellQuestion(product, metric(metric_id), month, products=PRODUCTS)
    return asked(workspace, question)


def asked(workspace: Workspace, question: CellQuestion) -> DrillDown:
    session = open_session(source_request_with_rows(workspace), lambda _: None)
    try:
        return drill(session, DrillRequest(question, EvaluationRequest.of(workspace, AS_OF)))
    finally:
        session.close()


def moved(workspace: Workspace, metric_id: str, month: Month = OCTOBER, product: str = "*") -> Drivers:
    """What moved one cell of `workspace` since the month before."""
    cell = CellQuestion(product, metric(metric_id), month, products=PRODUCTS)
    session = open_session(source_request_with_rows(workspace), lambda _: None)
    try:
        request = DriverRequest(DriverQuestion(cell, month - 1), EvaluationRequest.of(workspace, AS_OF))
        return drive(session, request)
    finally:
        session.close()


def without_note(found: DrillDown) -> DrillDown:
    assert found.rows is not None
    return replace(found, rows=replace(found.rows, note=""))
