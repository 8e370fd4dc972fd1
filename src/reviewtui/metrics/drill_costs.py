"""The tables behind a month of a cost metric: its components and services, and the usage that they are set against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.costs.allocation import MissingShareError
from reviewtui.costs.pieces import NOTHING, pieces
from reviewtui.costs.product import ALL_REGIONS, product_costs
from reviewtui.metrics.cost_inputs import read_costs
from reviewtui.metrics.cost_request import CostRequest
from reviewtui.metrics.sql_files import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from fractions import Fraction

    from duckdb import DuckDBPyConnection

    from reviewtui.costs.pieces import Piece, Place
    from reviewtui.costs.product import ProductCosts
    from reviewtui.metrics.inputs import InputTables
    from reviewtui.metrics.request import EvaluationRequest
    from reviewtui.months import Month
    from reviewtui.sources.session import Session

Row = tuple[object, ...]

_TABLES = {
    "drill_cost": "component varchar, service varchar, billed double, cost double, cost_before double, revenue double,"
    " volume double",
    "drill_cost_region": "region varchar, volume double, revenue double",
}
"""A row of `drill_cost` is a service of a component; the one without a component has the revenue and the volume."""


class CostTables:
    """The costs of a workspace, read once; made into tables for one product and month after the other."""

    def __init__(self, session: Session, request: EvaluationRequest, inputs: InputTables) -> None:
        for name in ("query_log", "cost_week"):
            inputs.create(name)
        wanted = CostRequest(request.cost_models, request.base_currency, request.time_zone, request.as_of)
        found = read_costs(session, wanted, inputs)
        self._mrr: dict[str, dict[int, Fraction]] = {model.product_id: {} for model in request.cost_models}
        self._products: Mapping[str, ProductCosts] = {}
        if not found.withheld:
            self._products = product_costs(found, request.cost_models, self._mrr)

    def make(self, connection: DuckDBPyConnection, product: str, month: Month, mrr: Callable[[], Fraction]) -> None:
        """Fill the tables for a product and month; `mrr` is asked where the product's MRR is its revenue."""
        for table, columns in _TABLES.items():
            connection.execute(f"create or replace table {table} ({columns})")
        costs = self._products.get(product)
        if costs is None:
            return
        if costs.volumes.revenue_is_mrr:
            self._mrr[product][month.index] = mrr()
        insert_rows(connection, "drill_cost", _cost_rows(costs, month))
        insert_rows(connection, "drill_cost_region", _region_rows(costs, month))


def _cost_rows(costs: ProductCosts, month: Month) -> Iterator[Row]:
    now, before = _known_pieces(costs, month), _known_pieces(costs, month - 1)
    for component, service in {**now, **before}:
        billed, cost = now.get((component, service), NOTHING)
        earlier = before.get((component, service), NOTHING).cost
        yield component, service, float(billed), float(cost), float(earlier), 0.0, 0.0
    revenue, volume = costs.volumes.revenue(month.index), costs.volumes.volume(month.index)
    yield "", "", 0.0, 0.0, 0.0, float(revenue or 0), float(volume or 0)


def _known_pieces(costs: ProductCosts, month: Month) -> dict[Place, Piece]:
    try:
        return pieces(costs, month)
    except MissingShareError:
        return {}


def _region_rows(costs: ProductCosts, month: Month) -> Iterator[Row]:
    volumes = costs.volumes
    regions: list[str | None] = [None]
    if not volumes.revenue_is_mrr:
        regions = [*volumes.regions(month.index)] or regions
    for region in regions:
        amounts = [volumes.volume(month.index, region), volumes.revenue(month.index, region)]
        if any(amount is not None for amount in amounts):
            yield ALL_REGIONS if region is None else region, *(float(amount or 0) for amount in amounts)
