"""Why customers left, and what the stage of a product asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from reviewtui.months import Month
from reviewtui.reviews.churn import CauseSum, by_product, preventable_share, sums_by_cause, without_reason
from reviewtui.reviews.lifecycle import stage_lines
from reviewtui.workspace.kinds.reviews import ChurnReason

OCTOBER = Month(2026, 10)


def reason(customer: str, cause: str, mrr: str = "", **facts: Any) -> ChurnReason:
    values = {"product": "replay", "month": OCTOBER, "said_on": date(2026, 11, 3), "preventable": "unknown", **facts}
    return ChurnReason(id=f"k-{customer}-{values['said_on']}", customer=customer, cause=cause, mrr=mrr, **values)


def test_reasons_are_summed_by_cause_exactly_the_largest_loss_first() -> None:
    sums = sums_by_cause(
        [
            reason("a", "bugs", "0.10", preventable="yes"),
            reason("b", "bugs", "0.20"),
            reason("c", "price", "9100.00", preventable="no"),
            reason("d", "other"),
            reason("e", "price", "1.00", product="flags"),
            reason("f", "price", "1.00", month=Month(2026, 9)),
        ],
        "replay",
        OCTOBER,
    )
    assert sums == (
        CauseSum("price", 1, Decimal("9100.00"), 0),
        CauseSum("bugs", 2, Decimal("0.30"), 1),
        CauseSum("other", 1, Decimal(0), 0),
    )
    assert preventable_share(sums) == 0.25
    assert preventable_share(()) is None


def test_of_two_reasons_for_one_customer_the_later_counts() -> None:
    said = [reason("a", "bugs", "5"), reason("a", "price", "5", said_on=date(2026, 11, 4))]
    assert [item.cause for item in sums_by_cause(reversed(said), "replay", OCTOBER)] == ["price"]


def test_customers_nobody_explained_are_named() -> None:
    assert without_reason([reason("b", "bugs")], "replay", OCTOBER, ["a", "b", "c"]) == ("a", "c")


def test_a_stage_brings_its_questions_and_thresholds() -> None:
    lines = stage_lines("growth", {"mrr_growth_3m": (0.15, 0.2)}, {"mrr_growth_3m": "3-month growth"})
    assert lines[0] == "Growth stage: Make more of its users stay, and more of them pay."
    assert lines[-1] == "3-month growth: 15 % to 20 % on average over three months"
    assert stage_lines("", {}, {}) == ()
    assert stage_lines("unknown", {"mrr_growth_3m": 0.09}, {}) == (
        "mrr_growth_3m: above 9 % on average over three months",
    )


def test_products_are_compared_over_some_months_by_what_lost_most() -> None:
    reasons = [
        reason("a", "price", "100", preventable="yes"),
        reason("b", "bugs", "900"),
        reason("c", "bugs", "5", product="flags", preventable="yes"),
        reason("d", "other", "9999", month=OCTOBER - 12),
    ]
    months = {OCTOBER - back for back in range(12)}
    found = by_product(reasons, months)
    assert [(item.product, item.customers, item.preventable, item.main_cause) for item in found] == [
        ("flags", 1, 1, "bugs"),
        ("replay", 2, 1, "bugs"),
    ]
