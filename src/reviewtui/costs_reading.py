"""The costs of a workspace as the app shows them: read once for each set of numbers, in the background."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.findings import model_findings, pool_findings, source_findings
from reviewtui.costs.inputs import CostInputs
from reviewtui.costs.product import product_costs
from reviewtui.costs.report import EARLY_STAGES

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from reviewtui.costs.product import ProductCosts
    from reviewtui.errors import Problem
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import Month
    from reviewtui.sources.state import Progress


@dataclass(frozen=True)
class CostsRead:
    """The costs of every product that has a model."""

    sheet: MetricSheet
    """The numbers they belong to."""
    inputs: CostInputs
    products: Mapping[str, ProductCosts]
    early: Mapping[str, str]
    """Products that are too young for a cost model, to their stage."""
    problems: tuple[Problem, ...] = ()

    def findings(self, product: str, month: Month) -> tuple[Problem, ...]:
        """What is to be said of a product in a month, errors first."""
        costs = self.products[product]
        found = [
            *self.inputs.problems,
            *model_findings(costs, [month], month),
            *(problem for problem in pool_findings(self.products, [month]) if problem.path == costs.model.path),
            *source_findings(self.inputs, {costs.model.cost_basis}),
        ]
        return tuple(sorted(dict.fromkeys(found), key=lambda problem: problem.severity != "error"))


def read_costs_of(
    root: Path, as_of: date, sheet: MetricSheet, on_progress: Callable[[Progress], None], cancel: threading.Event
) -> CostsRead:
    """Everything the Costs screen works with; raises as `run_job` does."""
    from reviewtui.metrics.cost_job import load_cost_inputs
    from reviewtui.workspace.load import load_workspace

    workspace = load_workspace(root)
    models = workspace.cost_models
    inputs = CostInputs()
    if models:
        inputs = load_cost_inputs(workspace, as_of, on_progress=on_progress, cancel=cancel)
    products = {} if inputs.withheld else product_costs(inputs, models, mrr_of(sheet))
    stages = {product.product_id: product.stage for product in workspace.products}
    early = {product: stages[product] for product in products if stages.get(product) in EARLY_STAGES}
    shown = {product: costs for product, costs in products.items() if product not in early}
    return CostsRead(sheet, inputs, shown, early, (*workspace.problems, *inputs.problems))


def mrr_of(sheet: MetricSheet) -> dict[str, dict[int, Fraction]]:
    """Product to its MRR by month index, of the months that have one."""
    return {
        product.id: {
            month.index: Fraction(str(cell.value))
            for month, cell in zip(sheet.months, sheet.row(product.id, "mrr"), strict=True)
            if cell.value is not None
        }
        for product in sheet.products
    }
