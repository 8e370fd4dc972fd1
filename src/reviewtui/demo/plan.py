"""What the billing simulation hands over: plain rows for customers, subscriptions and billing periods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class PlannedCustomer:
    """A company that buys."""

    number: int
    name: str
    currency: str
    is_internal: bool = False
    pinned: bool = False
    """Exists once, however large the demo is made."""


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """One billing period of a subscription."""

    subscription: int
    first: int
    """Its start, in months after the subscription's start."""
    months: int
    amount: float
    """For the whole period, in the customer's currency."""


@dataclass(slots=True)
class Subscription:
    """A subscription while the simulation runs; `ended_after` is set when it ends."""

    number: int
    customer: int
    product: str
    started_on: date
    annual: bool
    monthly: float
    """US dollars a month at the first month's rates."""
    addon_sku: str = ""
    addon_share: float = 0.0
    billed: int = 0
    """Months billed so far, counted from the start."""
    covered: int = -1
    """Index of the last month that is billed."""
    ended_after: int | None = None
    """Months from its start to its end."""
    keeps: bool = False
    """Never leaves by chance."""


@dataclass(slots=True)
class BillingPlan:
    """The whole simulated billing history."""

    customers: list[PlannedCustomer] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    periods: list[PlannedPeriod] = field(default_factory=list)
    mrr: dict[tuple[str, int], float] = field(default_factory=dict)
    """(product, month index) to MRR in US dollars at the first month's rates."""
