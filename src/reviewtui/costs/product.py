"""The costs of one product: its model applied to what the sources say, month by month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from reviewtui.costs.allocation import (
    BASE,
    Allocated,
    Allocator,
    MissingShareError,
    QueryShares,
    even_rules,
    together,
)
from reviewtui.costs.economics import Units, Volumes, storage_per_unit
from reviewtui.costs.tally import Sorter, Tally, registered_tags, tallies_of_month
from reviewtui.errors import Problem
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reviewtui.costs.allocation import Setting
    from reviewtui.costs.inputs import CostInputs
    from reviewtui.workspace.cost_model import CostModel, Rule

ALL_REGIONS = "all"


@dataclass(frozen=True, slots=True)
class MonthCosts:
    """One month of a product's costs."""

    month: Month
    regions: Mapping[str, Units]
    """Region to its figures, the one with the largest cost in scope first."""
    all: Units


class ProductCosts:
    """The cost model of one product over the inputs of a workspace."""

    def __init__(
        self,
        model: CostModel,
        models: Sequence[CostModel],
        inputs: CostInputs,
        mrr: Mapping[int, Fraction] | None = None,
        *,
        volumes: Volumes | None = None,
    ) -> None:
        """`models` are those of all products, `mrr` is the product's MRR by month index; `volumes` replaces both."""
        self.model = model
        self.models = tuple(models)
        self.inputs = inputs
        self.sorter = Sorter(model, registered_tags(models))
        self.queries = QueryShares(inputs.queries, model.product_id)
        self.allocator = Allocator(model, self.queries, even_rules(models))
        self.volumes = volumes or Volumes(model, inputs.usage, {} if mrr is None else mrr)
        self._known: dict[int, MonthCosts] = {}
        self._given: Mapping[int, tuple[Tally, ...]] | None = None

    @cached_property
    def tallies(self) -> Mapping[int, tuple[Tally, ...]]:
        """Month to the sorted lines of its regions."""
        if self._given is not None:
            return self._given
        return tallies_of_month(self.sorter.by_month(self.inputs.of_series(self.model.series)))

    def use_tallies(self, tallies: Mapping[int, tuple[Tally, ...]], versions: Mapping[Rule, Rule]) -> None:
        """Take lines that were sorted before, under rules that differ in their shares only: old version to new."""
        self._given = {
            month: tuple(
                replace(tally, versions={name: versions.get(rule, rule) for name, rule in tally.versions.items()})
                for tally in found
            )
            for month, found in tallies.items()
        }

    @property
    def months(self) -> tuple[Month, ...]:
        """The months with cost lines."""
        return tuple(Month.from_index(index) for index in self.tallies)

    def costs(self, month: Month) -> MonthCosts:
        """The figures of a month with everything at its base; MissingShareError where a share is not known."""
        found = self._known.get(month.index)
        if found is None:
            found = self._known[month.index] = self._computed(month)
        return found

    def units(self, month: Month, setting: Setting = BASE) -> Units:
        """The figures of all regions together with parameters at the ends that `setting` names."""
        if not setting:
            return self.costs(month).all
        tallies = self.tallies[month.index]
        if self.allocator.needs_all(setting):
            allocated = together(self.allocator.allocate(tally, setting) for tally in tallies)
        else:
            allocated = self.allocator.moved(self.costs(month).all.allocated, tallies, setting)
        return self._units(allocated, month.index, None, setting)

    def missing_share(self, month: Month) -> Problem | None:
        """Why the figures of a month cannot be given: a share that is not known; None where they can."""
        try:
            self.costs(month)
        except MissingShareError as error:
            return self.problem(error.rule, f"{error.reason} in {month}, so the figures of that month are withheld.")
        return None

    def services_seen(self, month: Month) -> frozenset[str]:
        """The services that have any cost line in a month."""
        groups = self.inputs.of_series(self.model.series)
        return frozenset(group.service for group in groups if group.month == month.index)

    def problem(self, rule: Rule, what: str) -> Problem:
        """A problem of a rule at its line; `what` completes "The rule ..."."""
        return Problem(self.model.path, rule.line, f"The rule `{rule.id}` {what}")

    def _computed(self, month: Month) -> MonthCosts:
        tallies = self.tallies.get(month.index, ())
        parts: dict[str, Allocated] = {tally.region: self.allocator.allocate(tally) for tally in tallies}
        for region in self.volumes.regions(month.index):
            parts.setdefault(region, together(()))
        regions = {region: self._units(part, month.index, region) for region, part in parts.items()}
        return MonthCosts(month, regions, self._units(together(parts.values()), month.index, None))

    def _units(self, allocated: Allocated, month: int, region: str | None, setting: Setting = BASE) -> Units:
        return Units(
            allocated,
            self.volumes.volume(month, region),
            self.volumes.revenue(month, region),
            allocated.components.get(self.model.storage_component, Fraction(0)),
            storage_per_unit(self.model, setting),
        )


def product_costs(
    inputs: CostInputs, models: Iterable[CostModel], mrr: Mapping[str, Mapping[int, Fraction]]
) -> dict[str, ProductCosts]:
    """Product id to its costs, for every product that has a model."""
    all_models = tuple(models)
    return {
        model.product_id: ProductCosts(model, all_models, inputs, mrr.get(model.product_id)) for model in all_models
    }
