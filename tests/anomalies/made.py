"""Series and sheets for the tests of the detector."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from reviewtui.anomalies.detector import Batch, Found, find
from reviewtui.metrics.sheet import MISSING_CELL, Cell, Metric, MetricSheet, Product, Status, Unit
from reviewtui.months import Month, month_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.models import Floats

AS_OF = date(2026, 11, 10)
NEWEST = Month(2026, 10)
EDGE = 2.52
"""The distance of 25 false alarms per 1,000."""


def batch(series: Sequence[Sequence[float]]) -> Batch:
    """`series` side by side, all from January 2020 on; shorter ones are filled up with nothing."""
    values = np.full((max(map(len, series)), len(series)), np.nan)
    for place, numbers in enumerate(series):
        values[: len(numbers), place] = numbers
    firsts = np.full(len(series), float(Month(2020, 1).index))
    lengths = np.array([len(numbers) for numbers in series])
    return Batch(values, firsts, np.zeros(values.shape), np.zeros(values.shape, dtype=bool), lengths)


def found(series: Sequence[float]) -> Found:
    """What the detector finds on one series."""
    return find(batch([series]))


def distances(series: Sequence[float]) -> Floats:
    """How far each month of one series is off."""
    return found(series).distance[:, 0]


def noisy(months: int, *, seed: int = 7, level: float = 100.0, noise: float = 3.0, growth: float = 0.0) -> list[float]:
    """An ordinary series."""
    random = np.random.default_rng(seed)
    return [level + growth * month + noise * float(random.normal()) for month in range(months)]


def metric(metric_id: str, unit: str = Unit.MONEY, *, kind: str = "output", growth_of: str = "") -> Metric:
    """A metric named after its id."""
    return Metric(metric_id, metric_id.upper(), "revenue", unit, kind=kind, growth_of=growth_of)


def cells(values: Sequence[float | None]) -> tuple[Cell, ...]:
    """Plain cells; None is a missing one."""
    return tuple(MISSING_CELL if value is None else Cell(value, Status.OK) for value in values)


def sheet(rows: dict[tuple[str, str], tuple[Cell, ...]], metrics: Sequence[Metric], **more: Any) -> MetricSheet:
    """A sheet of rows that all end with the newest complete month."""
    count = max(len(row) for row in rows.values())
    months = month_span(NEWEST + (1 - count), NEWEST)
    products = tuple(Product(name, name.title()) for name in dict.fromkeys(product for product, _ in rows))
    filled = {key: (*(MISSING_CELL,) * (count - len(row)), *row) for key, row in rows.items()}
    return MetricSheet(AS_OF, months, products, tuple(metrics), filled, **more)
