"""The part of a sheet that goes out: some products, some metrics, a run of months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import MISSING_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product
    from reviewtui.months import Month


@dataclass(frozen=True, slots=True)
class Selection:
    """Part of a sheet: products, each with its metrics, over a run of months."""

    sheet: MetricSheet
    rows: tuple[tuple[Product, tuple[Metric, ...]], ...]
    months: tuple[Month, ...]

    def cells(self, product: Product, metric: Metric) -> Iterator[tuple[Month, Cell]]:
        """One cell a month; a missing one where the sheet does not reach."""
        row = self.sheet.row(product.id, metric.id)
        first = self.sheet.months[0].index if self.sheet.months else 0
        for month in self.months:
            place = month.index - first
            yield month, row[place] if 0 <= place < len(row) else MISSING_CELL
