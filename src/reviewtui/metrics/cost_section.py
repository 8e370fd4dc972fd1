"""The cost metrics of the grid: each product's model applied to the cost lines, one row a product and month."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from reviewtui.costs.findings import pool_findings
from reviewtui.costs.product import product_costs
from reviewtui.costs.report import EARLY_STAGES
from reviewtui.costs.sensitivity import cost_range
from reviewtui.metrics.cost_inputs import read_costs
from reviewtui.metrics.cost_request import CostRequest
from reviewtui.metrics.formats import exact, format_value
from reviewtui.metrics.sheet import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewtui.costs.economics import Units
    from reviewtui.costs.product import ProductCosts
    from reviewtui.errors import Problem
    from reviewtui.metrics.assemble import SheetBuilder
    from reviewtui.metrics.work import Work
    from reviewtui.months import Month
    from reviewtui.sources.session import Session

QUERY = "costs"
"""What the catalogue calls these rows."""


def add_costs(session: Session, work: Work, builder: SheetBuilder) -> None:
    """Compute the cost metrics of every product that has a model and is past its beta."""
    request = work.request
    for name in ("query_log", "cost_week"):
        work.inputs.create(name)
    wanted = CostRequest(request.cost_models, request.base_currency, request.time_zone, request.as_of)
    inputs = read_costs(session, wanted, work.inputs)
    work.problems += inputs.problems
    if inputs.withheld:
        return
    mrr = {
        product: {month: Fraction(str(value)) for month, value in months.items()}
        for product, months in builder.values("revenue", "mrr").items()
    }
    products = product_costs(inputs, request.cost_models, mrr)
    stages = {product.product_id: product.stage for product in request.products}
    shown = {product: costs for product, costs in products.items() if stages.get(product) not in EARLY_STAGES}
    for product, costs in shown.items():
        builder.add_query(QUERY, (dict(row, product_id=product) for row in _rows(costs, work.problems)))
    months = sorted({month for costs in shown.values() for month in costs.months})
    work.problems += (problem for problem in pool_findings(products, months) if problem.severity == "error")


def _rows(costs: ProductCosts, problems: list[Problem]) -> Iterator[Mapping[str, Any]]:
    before: tuple[Month, Units] | None = None
    for month in costs.months:
        missing = costs.missing_share(month)
        if missing is not None:
            problems.append(missing)
            before = None
            continue
        units = costs.costs(month).all
        earlier = before[1] if before is not None and before[0] == month - 1 else None
        yield {"month": month.index, **_figures(units, earlier), **_ranges(costs, month, units)}
        before = month, units


def _figures(units: Units, earlier: Units | None) -> dict[str, float | None]:
    growth = None
    if earlier is not None and earlier.total > 0:
        growth = (units.total - earlier.total) / earlier.total
    return {
        "total_cost": float(units.total),
        "cost_per_unit": _float(units.cost_per_unit),
        "revenue_per_unit": _float(units.revenue_per_unit),
        "gross_margin": _float(units.margin),
        "cost_growth": _float(growth),
        "volume": _float(units.volume),
        "revenue": _float(units.revenue),
        "margin_amount": None if units.revenue is None else float(units.revenue - units.total),
        "cost_change": None if earlier is None else float(units.total - earlier.total),
        "cost_before": None if earlier is None else float(earlier.total),
    }


def _ranges(costs: ProductCosts, month: Month, units: Units) -> dict[str, str]:
    """Metric to its range over what is assumed, in words; none where nothing is."""
    low, high = cost_range(costs, month)
    if low == high:
        return {}
    words = {"total_cost": f"{exact(round(float(low), 2))} to {exact(round(float(high), 2))}"}
    if units.volume:
        per_unit = (format_value(float(end / units.volume), Unit.MONEY) for end in (low, high))
        words["cost_per_unit"] = " to ".join(per_unit)
    least, most = units.margin_at(high), units.margin_at(low)
    if least is not None and most is not None:
        words["gross_margin"] = (
            f"{format_value(float(least), Unit.PERCENT)} to {format_value(float(most), Unit.PERCENT)}"
        )
    return {f"{metric}_note": f"{text} over the range of any one assumption" for metric, text in words.items()}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
