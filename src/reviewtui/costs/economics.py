"""What a unit costs and what it earns, in one region or all together; a figure that cannot be told is None."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reviewtui.costs.allocation import BASE
from reviewtui.costs.exact import percent, quotient
from reviewtui.costs.inputs import NO_REGION
from reviewtui.workspace.cost_model import STORAGE_ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewtui.costs.allocation import Allocated, Setting
    from reviewtui.costs.inputs import Usage
    from reviewtui.workspace.cost_model import CostModel


@dataclass(frozen=True, slots=True)
class Units:
    """An allocated cost beside what was used and earned."""

    allocated: Allocated
    volume: Fraction | None
    revenue: Fraction | None
    billed_storage: Fraction
    storage_per_unit: Fraction | None
    """What a unit's storage should cost by the assumptions; None without them."""

    @property
    def total(self) -> Fraction:
        """What the product costs."""
        return self.allocated.total

    @property
    def cost_per_unit(self) -> Fraction | None:
        """Cost of one unit."""
        return self._per_unit(self.total)

    @property
    def revenue_per_unit(self) -> Fraction | None:
        """Revenue of one unit."""
        return None if self.revenue is None else self._per_unit(self.revenue)

    @property
    def margin(self) -> Fraction | None:
        """Gross margin as a fraction; None without revenue."""
        return self.margin_at(self.total)

    @property
    def direct_only_margin(self) -> Fraction | None:
        """The margin that a model of direct costs alone would claim."""
        return self.margin_at(self.allocated.kinds.get("direct", Fraction(0)))

    @property
    def network_percent(self) -> Fraction | None:
        """Network cost in per cent of all cost."""
        return percent(self.allocated.kinds.get("network", Fraction(0)), self.total)

    @property
    def non_storage_per_unit(self) -> Fraction | None:
        """Cost of one unit without its storage."""
        return self._per_unit(self.total - self.billed_storage)

    @property
    def storage_billed_per_unit(self) -> Fraction | None:
        """Storage of one unit as billed."""
        return self._per_unit(self.billed_storage)

    @property
    def storage_modelled(self) -> Fraction | None:
        """What storage should have cost by the assumptions."""
        if self.storage_per_unit is None or self.volume is None:
            return None
        return self.storage_per_unit * self.volume

    @property
    def storage_gap_percent(self) -> Fraction | None:
        """Modelled storage against the bill, in per cent."""
        modelled = self.storage_modelled
        return None if modelled is None else percent(modelled - self.billed_storage, self.billed_storage)

    @property
    def modelled_cost(self) -> Fraction | None:
        """The cost with modelled storage in place of billed storage."""
        modelled = self.storage_modelled
        return None if modelled is None else self.total - self.billed_storage + modelled

    @property
    def modelled_cost_per_unit(self) -> Fraction | None:
        """Cost of one unit with modelled storage."""
        cost = self.modelled_cost
        return None if cost is None else self._per_unit(cost)

    @property
    def modelled_margin(self) -> Fraction | None:
        """The margin with modelled storage."""
        cost = self.modelled_cost
        return None if cost is None else self.margin_at(cost)

    def margin_at(self, cost: Fraction) -> Fraction | None:
        """The margin if the cost were `cost`."""
        return None if self.revenue is None else quotient(self.revenue - cost, self.revenue)

    def price_floor(self, margin: Fraction) -> Fraction | None:
        """The least price of a unit that leaves `margin`."""
        cost = self.cost_per_unit
        return None if cost is None or margin >= 1 else cost / (1 - margin)

    def max_price_cut(self, margin: Fraction) -> Fraction | None:
        """How far the price may fall, as a fraction, to leave `margin`; negative where it must rise."""
        floor, price = self.price_floor(margin), self.revenue_per_unit
        return None if floor is None or not price else 1 - floor / price

    def _per_unit(self, amount: Fraction) -> Fraction | None:
        return quotient(amount, self.volume) if self.volume else None


def storage_per_unit(model: CostModel, setting: Setting = BASE) -> Fraction | None:
    """What storing one unit costs: rate x size x retention / days of a month; None if an assumption is missing."""
    product = Fraction(1) / Fraction(model.days_per_month)
    for name in STORAGE_ASSUMPTIONS:
        assumed = model.assumptions.get(name)
        if assumed is None:
            return None
        value = assumed.value
        if name in setting and assumed.low is not None and assumed.high is not None:
            value = assumed.low if setting[name] == "low" else assumed.high
        product *= Fraction(value)
    return product


class Volumes:
    """Volume and revenue of one product by month and region."""

    def __init__(self, model: CostModel, usage: Iterable[Usage], mrr: Mapping[int, Fraction]) -> None:
        """`mrr` is the product's MRR by month: its revenue where no usage row has any."""
        rows = [row for row in usage if row.product == model.product_id]
        used = [row for row in rows if not model.unit or not row.unit or row.unit == model.unit]
        self.other_units = sorted({row.unit for row in rows} - {row.unit for row in used})
        self.left_out = sum(row.rows for row in rows) - sum(row.rows for row in used)
        self.has_regions = any(row.region for row in used)
        self.revenue_is_mrr = not any(row.revenue is not None for row in used)
        self._mrr = mrr
        self._volume: dict[tuple[int, str | None], Fraction] = {}
        self._revenue: dict[tuple[int, str | None], Fraction] = {}
        for row in used:
            for region in (None, row.region or NO_REGION):
                key = (row.month, region)
                self._volume[key] = self._volume.get(key, Fraction(0)) + Fraction(row.volume)
                if row.revenue is not None:
                    self._revenue[key] = self._revenue.get(key, Fraction(0)) + Fraction(row.revenue)

    def at_price(self, factor: Fraction) -> Volumes:
        """The same volume with every revenue multiplied by `factor`."""
        changed = copy(self)
        changed._mrr = {month: revenue * factor for month, revenue in self._mrr.items()}  # noqa: SLF001 - a copy of its own
        changed._revenue = {key: revenue * factor for key, revenue in self._revenue.items()}  # noqa: SLF001
        return changed

    def regions(self, month: int) -> list[str]:
        """The regions with usage in a month; empty where the source knows no regions."""
        if not self.has_regions:
            return []
        return sorted(region for found, region in self._volume if found == month and region is not None)

    def volume(self, month: int, region: str | None = None) -> Fraction | None:
        """Units used; None where nothing is known of the month, or of single regions."""
        return self._of(self._volume, month, region)

    def revenue(self, month: int, region: str | None = None) -> Fraction | None:
        """Revenue; from MRR it is known for all regions together only."""
        if self.revenue_is_mrr:
            return self._mrr.get(month) if region is None else None
        return self._of(self._revenue, month, region)

    def _of(
        self, amounts: Mapping[tuple[int, str | None], Fraction], month: int, region: str | None
    ) -> Fraction | None:
        if (month, None) not in amounts or (region is not None and not self.has_regions):
            return None
        return amounts.get((month, region), Fraction(0))
