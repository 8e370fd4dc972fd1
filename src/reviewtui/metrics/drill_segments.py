"""A metric's value by customer segment, from the sums of each segment: pure."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

from reviewtui.metrics.drilldown import Column, RowTable
from reviewtui.metrics.sheet import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.metrics.sheet import Metric

NO_SEGMENT = "(no segment)"

_PARTS = {
    "quarterly_nrr": ("cohort_closing", "cohort_opening"),
    "nrr_rolling_3m": ("cohort_closing", "cohort_opening"),
    "nrr_12m": ("cohort_closing", "cohort_opening"),
    "quarterly_grr": ("cohort_retained", "cohort_opening"),
}
"""Numerator and denominator where the sums of a segment have other names than the catalogue's."""

_IN_HUNDREDS = ("nps",)
_INSTEAD = {
    "mrr_growth_3m": "mrr",
    "ltv": "arpa",
    "annualised_nrr": "quarterly_nrr",
    "nps_responses": "nps_responses",
    "tickets_per_user": "tickets_created",
}
"""What is shown by segment of metrics that a segment has not enough to compute."""

_ARPA = ("mrr", "paying_customers")


def segment_table(metric: Metric, rows: Sequence[Mapping[str, Any]]) -> RowTable | None:
    """The rows of each segment, the largest first; None where the customers have no segments."""
    kept = [row for row in rows if not row.get("is_all")]
    if not any(row["segment"] for row in kept):
        return None
    parts = _parts(metric)
    if parts is None or any(name not in kept[0] for name in parts):
        return _level_table(metric, kept)
    above, below = parts
    factor = 100.0 if metric.id in _IN_HUNDREDS else 1.0
    listed = [
        (_name(row), _quotient(row[above], row[below], factor), _number(row[above]), _number(row[below]))
        for row in sorted(kept, key=lambda row: (-float(row[below] or 0), row["segment"]))
        if row[above] or row[below]
    ]
    unit = Unit.MONEY if metric.query == "revenue" and not above.endswith("customers") else Unit.COUNT
    below_unit = Unit.COUNT if below.endswith("customers") else unit
    columns = (
        Column("Segment"),
        Column("Value", metric.unit),
        Column("Numerator", unit, rank=2),
        Column("Denominator", below_unit, rank=1),
    )
    sums = (fsum(row[2] or 0 for row in listed), fsum(row[3] or 0 for row in listed))
    totals = (None, _quotient(*sums, factor), *sums)
    note = f"{metric.numerator} / {metric.denominator}" if metric.numerator and metric.denominator else ""
    return RowTable("By customer segment", columns, tuple(listed), len(listed), totals, note)


def _parts(metric: Metric) -> tuple[str, str] | None:
    if metric.id in _PARTS:
        return _PARTS[metric.id]
    if metric.id in _INSTEAD:
        return _ARPA if _INSTEAD[metric.id] == "arpa" else _PARTS.get(_INSTEAD[metric.id])
    return (metric.parts[0], metric.parts[1]) if metric.parts else None


def _level_table(metric: Metric, rows: Sequence[Mapping[str, Any]]) -> RowTable | None:
    name = metric.id if metric.id in rows[0] else _INSTEAD.get(metric.id, "")
    if name not in rows[0]:
        return None
    values = sorted(
        ((_name(row), _number(row[name])) for row in rows if row[name]), key=lambda item: -abs(item[1] or 0)
    )
    total = fsum(value or 0 for _, value in values)
    listed = tuple((segment, value, (value or 0) / total if total else None) for segment, value in values)
    unit = metric.unit if name == metric.id else Unit.MONEY if name == "mrr" else Unit.COUNT
    heading = metric.name if name == metric.id else {"mrr": "MRR"}.get(name, "Count")
    columns = (Column("Segment"), Column(heading, unit), Column("Share", Unit.PERCENT))
    return RowTable("By customer segment", columns, listed, len(listed), (None, total, None))


def _name(row: Mapping[str, Any]) -> str:
    return str(row["segment"]) or NO_SEGMENT


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _quotient(above: Any, below: Any, factor: float) -> float | None:
    return None if not below else factor * float(above or 0) / float(below)
