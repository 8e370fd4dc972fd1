"""What an explanation says about the value it was given for, and whether that value is still the same. Pure."""

from __future__ import annotations

from math import isclose, isfinite
from typing import TYPE_CHECKING, Any

from reviewtui.anomalies.verdicts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell
    from reviewtui.months import Month
    from reviewtui.workspace.kinds.explanations import Explanation

SAME_WITHIN = 1e-9
"""Relative: less than this is how a sum was rounded, not another number."""


def value_facts(cell: Cell, verdict: Verdict | None) -> dict[str, Any]:
    """The fields of an explanation that keep what was explained: the value and what was odd about it."""
    has_value = cell.value is not None and isfinite(cell.value)
    return {
        "value": repr(float(cell.value)) if cell.value is not None and has_value else "",
        "anomaly": str(verdict.anomaly) if verdict is not None and verdict.anomaly is not None else "",
    }


def is_restated(explanation: Explanation, cell: Cell) -> bool:
    """Whether the number is another one than the number that was explained."""
    if not explanation.value:
        # Without a value either nothing was kept, or a missing value was explained.
        return explanation.anomaly == Kind.MISSING and cell.value is not None
    return cell.value is None or not isclose(float(explanation.value), cell.value, rel_tol=SAME_WITHIN)


def given_in(
    explanations: Iterable[Explanation], product: str, metric: str, month: Month, review: Month
) -> Explanation | None:
    """What a review says about a cell: there is one explanation a cell and review, which later words replace."""
    about = (
        item
        for item in explanations
        if (item.product, item.metric, item.month, item.review) == (product, metric, month, review)
    )
    return max(about, key=lambda item: (item.said_on, item.id), default=None)
