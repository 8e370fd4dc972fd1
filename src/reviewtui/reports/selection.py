"""The part of a sheet that goes out: some products, some metrics, a run of months."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewtui.anomalies.judgements import NOTHING_JUDGED
from reviewtui.metrics.sheet import MISSING_CELL
from reviewtui.reports.cell_words import NOTHING_SAID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.anomalies.judgements import Judgements
    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product
    from reviewtui.months import Month
    from reviewtui.reports.cell_words import CellWords


@dataclass(frozen=True, slots=True)
class Selection:
    """Part of a sheet: products, each with its metrics, over a run of months."""

    sheet: MetricSheet
    rows: tuple[tuple[Product, tuple[Metric, ...]], ...]
    months: tuple[Month, ...]
    judgements: Judgements = field(default=NOTHING_JUDGED, compare=False)
    """What is out of the ordinary in the sheet; nothing where nobody asked."""
    words: CellWords = field(default=NOTHING_SAID, compare=False)
    """What is to be read about its cells; only forms with comments show it."""

    def cells(self, product: Product, metric: Metric) -> Iterator[tuple[Month, Cell]]:
        """One cell a month; a missing one where the sheet does not reach."""
        row = self.sheet.row(product.id, metric.id)
        first = self.sheet.months[0].index if self.sheet.months else 0
        start = self.months[0].index - first if self.months else 0
        for place, month in enumerate(self.months, start):
            yield month, row[place] if 0 <= place < len(row) else MISSING_CELL

    def judged(self, product: Product, metric: Metric) -> Iterator[tuple[Month, Cell, Verdict | None]]:
        """Likewise with the verdict on each cell."""
        verdicts = self.judgements.verdicts(product.id, metric.id, self.months)
        for (month, cell), verdict in zip(self.cells(product, metric), verdicts, strict=True):
            yield month, cell, verdict
