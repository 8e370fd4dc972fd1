"""Why customers left: the reasons people wrote down, summed by month and product, and compared across products."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from reviewtui.months import Month
    from reviewtui.workspace.kinds.reviews import ChurnReason

CAUSE_WORDS = {
    "bugs": "Bugs",
    "missing_feature": "Missing feature",
    "price": "Price",
    "value_not_proven": "Value not proven",
    "out_of_business": "Out of business",
    "other": "Other",
}
"""How a cause is written; in the order to show."""


@dataclass(frozen=True, slots=True)
class CauseSum:
    """The customers that left for one cause."""

    cause: str
    customers: int
    mrr: Decimal
    """What is known of the MRR that was lost."""
    preventable: int
    """Of the customers, those who could have been kept."""


def newest_reasons(reasons: Iterable[ChurnReason]) -> tuple[ChurnReason, ...]:
    """One reason for each product, customer and month: the one written last."""
    found: dict[tuple[str, str, Month], ChurnReason] = {}
    for reason in sorted(reasons, key=lambda item: (item.said_on, item.id)):
        found[reason.product, reason.customer, reason.month] = reason
    return tuple(found.values())


def sums_by_cause(reasons: Iterable[ChurnReason], product: str, month: Month) -> tuple[CauseSum, ...]:
    """The causes of one product's churn in a month, those that lost most first; causes nobody named are left out."""
    here = [item for item in newest_reasons(reasons) if item.product == product and item.month == month]
    sums = []
    for cause in CAUSE_WORDS:
        those = [item for item in here if item.cause == cause]
        if those:
            sums.append(CauseSum(cause, len(those), _lost(those), sum(item.preventable == "yes" for item in those)))
    return tuple(sorted(sums, key=lambda item: (-item.mrr, -item.customers)))


def without_reason(
    reasons: Iterable[ChurnReason], product: str, month: Month, churned: Collection[str]
) -> tuple[str, ...]:
    """The customers among `churned` for whom nobody has written a reason, in their order."""
    known = {item.customer for item in reasons if item.product == product and item.month == month}
    return tuple(customer for customer in churned if customer not in known)


def preventable_share(sums: Iterable[CauseSum]) -> float | None:
    """Which part of the customers that left could have been kept; None where none left with a reason."""
    everything = tuple(sums)
    customers = sum(item.customers for item in everything)
    return sum(item.preventable for item in everything) / customers if customers else None


@dataclass(frozen=True, slots=True)
class ProductChurn:
    """Why customers left one product, to be compared with the others."""

    product: str
    customers: int
    """Those with a reason."""
    preventable: int
    main_cause: str
    """The cause that lost most."""


def by_product(reasons: Iterable[ChurnReason], months: Collection[Month]) -> tuple[ProductChurn, ...]:
    """The churn of every product in some months, as far as it has reasons; by product id."""
    newest = [item for item in newest_reasons(reasons) if item.month in months]
    found = []
    for product in sorted({item.product for item in newest}):
        those = [item for item in newest if item.product == product]
        lost = {cause: _lost(item for item in those if item.cause == cause) for cause in CAUSE_WORDS}
        counts = {cause: sum(item.cause == cause for item in those) for cause in CAUSE_WORDS}
        main = max(CAUSE_WORDS, key=lambda cause: (lost[cause], counts[cause]))
        found.append(ProductChurn(product, len(those), sum(item.preventable == "yes" for item in those), main))
    return tuple(found)


def _lost(reasons: Iterable[ChurnReason]) -> Decimal:
    return sum((Decimal(item.mrr) for item in reasons if item.mrr), Decimal(0))
