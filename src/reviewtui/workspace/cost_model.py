"""What a product's `cost.toml` says, as plain values: the architecture map, the rules, and what is assumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from reviewtui.months import Month

COST_FILE = "cost.toml"
COST_BASES = ("effective", "billed", "list", "contracted")
"""Which cost of a line counts, where a source has several."""
PERIODS = ("charge", "billing")
"""Whether a line of a FOCUS export counts in the month it was used in, or in that of its invoice."""
PATHS = ("write", "read", "storage")
RULE_KINDS = ("direct", "network", "shared", "querylog", "fixed", "even")
WHOLE_KINDS = ("direct", "network")
"""Kinds whose share is 1 unless it is given."""
GIVEN_KINDS = ("shared", "fixed")
"""Kinds whose share must be given."""
SHARE_MEASURES = ("cpu_seconds", "read_bytes")
DISTRIBUTIONS = ("triangular", "uniform", "toggle")
SPREAD_TOGGLE = "untagged_queries"
"""The toggle that is always there: whether the cost of untagged queries is spread over the tagged ones."""
QUERY_FRACTION = "query_fraction"
STORAGE_ASSUMPTIONS = ("retention_days", "avg_size_gb", "storage_rate_gb_month")
"""Days, GB a unit, and money a GB and month: what modelled storage is made of."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule; entries of the same id are versions of one rule."""

    id: str
    tag: str
    kind: str
    services: tuple[str, ...] = ()
    """Only lines of these; empty: of any."""
    valid_from: Month | None = None
    region: str = ""
    """Empty: every region that has no version of its own."""
    share: Decimal | None = None
    """None for kinds that compute it, and where what is written could not be used."""
    low: Decimal | None = None
    high: Decimal | None = None
    proxy: str = ""
    why: str = ""
    share_by: str = "cpu_seconds"
    line: int | None = field(default=None, compare=False)

    @property
    def has_range(self) -> bool:
        """Whether its share may lie elsewhere."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class MappedService:
    """One service of the architecture map."""

    name: str
    paths: tuple[str, ...] = ()
    component: str = ""
    kind: str = ""
    owner: str = ""
    note: str = ""
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Assumption:
    """One entry of the register of assumptions."""

    name: str
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    distribution: str = "triangular"
    source: str = ""
    reason: str = ""
    owner: str = ""
    decided_on: date | None = None
    review_by: date | None = None
    line: int | None = field(default=None, compare=False)

    @property
    def has_range(self) -> bool:
        """Whether it may lie elsewhere."""
        return self.low is not None and self.high is not None and self.distribution != "toggle"


@dataclass(frozen=True, slots=True)
class RevenueAdjustment:
    """Revenue of a month that the sources do not know of, such as refunds: shown apart, never silently added."""

    month: Month
    amount: Decimal
    why: str = ""


@dataclass(frozen=True, slots=True)
class CostModel:
    """The cost model of one product."""

    product_id: str
    path: str
    """The file, from the workspace's root."""
    unit: str = ""
    """What volume counts; empty: `usage_day` rows of any unit."""
    cost_basis: str = "effective"
    period: str = "charge"
    exclude_charge_category: tuple[str, ...] = ("Tax",)
    days_per_month: Decimal = Decimal(30)
    storage_component: str = "storage"
    verdict_band_pp: Decimal = Decimal(1)
    target_margin: Decimal | None = None
    model_last_reviewed: date | None = None
    latest_data_day: date | None = None
    monte_carlo_draws: int = 10_000
    monte_carlo_seed: int | None = None
    """None: the first day of the month as YYYYMMDD."""
    alert_floor: Decimal = Decimal(0)
    """Changes of a week below this amount raise no alert."""
    other_tags: tuple[str, ...] = ()
    services: tuple[MappedService, ...] = ()
    rules: tuple[Rule, ...] = ()
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    adjustments: tuple[RevenueAdjustment, ...] = ()
    direct_means: str = ""
    volume_means: str = ""
    not_included: str = ""
    validated_by: str = ""
    validated_on: date | None = None

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The rules in their order: the place of each is that of its first version."""
        return tuple(dict.fromkeys(rule.id for rule in self.rules))

    @property
    def series(self) -> str:
        """What its amounts are: basis and period, which never mix in one series."""
        return self.cost_basis if self.period == "charge" else f"{self.cost_basis} by {self.period} period"

    @property
    def tags(self) -> frozenset[str]:
        """Every tag that it names."""
        return frozenset((*(rule.tag for rule in self.rules), *self.other_tags))
