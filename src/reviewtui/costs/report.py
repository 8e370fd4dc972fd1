"""Everything that is told of the costs of the products: rows, and problems beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.costs.findings import model_findings, monitoring_findings, pool_findings, source_findings
from reviewtui.costs.product import product_costs
from reviewtui.costs.rows import CostRow, RowMaker

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from fractions import Fraction

    from reviewtui.costs.inputs import CostInputs
    from reviewtui.costs.product import ProductCosts
    from reviewtui.errors import Problem
    from reviewtui.months import Month
    from reviewtui.workspace.cost_model import CostModel

EARLY_STAGES = ("idea", "beta")
"""Before there is something to sell, a cost model costs more than it tells: ship first."""


@dataclass(frozen=True, slots=True)
class CostReport:
    """The figures of some products."""

    rows: tuple[CostRow, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()
    """Why a product has no figures, where that is in order."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What is to be told."""

    as_of: date
    currency: str
    stages: Mapping[str, str]
    """Product to its stage."""
    products: Collection[str] = ()
    """Empty: all that have a model."""
    month: Month | None = None
    """None: every complete month."""


def cost_report(
    inputs: CostInputs,
    models: Collection[CostModel],
    mrr: Mapping[str, Mapping[int, Fraction]],
    request: ReportRequest,
) -> CostReport:
    """The figures of the wanted products; `mrr` is each product's MRR by month index."""
    problems = list(inputs.problems)
    rows: list[CostRow] = []
    notes: list[str] = []
    if inputs.withheld:
        return CostReport((), tuple(problems))
    products = product_costs(inputs, models, mrr)
    shown: set[Month] = set()
    for product, costs in products.items():
        if request.products and product not in request.products:
            continue
        stage = request.stages.get(product, "")
        if stage in EARLY_STAGES:
            notes.append(f"{product}: no cost figures at the stage {stage}. Ship first; the model is for what is sold.")
            continue
        months = _months(costs, request, problems)
        shown |= set(months)
        last = months[-1] if months else None
        rows += RowMaker(costs, request.currency).rows(months, last, request.as_of)
        problems += model_findings(costs, months, last)
        problems += monitoring_findings(costs, last)
        if not costs.months:
            notes.append(f"{product}: no source has cost lines.")
        elif request.month is not None and not months:
            notes.append(f"{product}: no cost figures for {request.month}.")
        if last is not None and not last.is_complete(request.as_of):
            notes.append(f"{product}: {last} is not complete yet; its figures are of the days so far.")
    problems += pool_findings(products, sorted(shown))
    problems += source_findings(inputs, {model.cost_basis for model in models})
    return CostReport(tuple(rows), tuple(dict.fromkeys(problems)), tuple(notes))


def _months(costs: ProductCosts, request: ReportRequest, problems: list[Problem]) -> list[Month]:
    """The months to show; one whose shares are not all known becomes a problem."""
    wanted = [
        month
        for month in costs.months
        if (month == request.month if request.month is not None else month.is_complete(request.as_of))
    ]
    lacking = {month: costs.missing_share(month) for month in wanted}
    problems += dict.fromkeys(problem for problem in lacking.values() if problem is not None)
    return [month for month in wanted if lacking[month] is None]
