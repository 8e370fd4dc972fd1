"""Keep the numbers as a review saw them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import Status
from reviewtui.months import month_span
from reviewtui.workspace.snapshot_files import Reviewed, Snapshot, table_of

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import Month

MONTHS_KEPT = 13
"""The reviewed month and the year before it: what a review looks at."""


def take_snapshot(sheet: MetricSheet, product: str, month: Month, taken_on: date) -> Snapshot:
    """What `sheet` shows of a product in the review of `month`: all of its metrics, hidden ones too.

    A value that had been restated already is kept as an ordinary one: this review has seen it.
    """
    months = month_span(month - (MONTHS_KEPT - 1), month)
    metrics = sheet.metrics_of(product, hidden=True)
    rows: dict[str, tuple[Reviewed, ...]] = {}
    for metric in metrics:
        cells = (sheet.cell(product, metric.id, seen) for seen in months)
        rows[metric.id] = tuple(
            Reviewed(cell.value, Status.OK if cell.status is Status.RESTATED else cell.status) for cell in cells
        )
    units = {metric.id: str(metric.unit) for metric in metrics}
    return Snapshot(product, month, taken_on, sheet.currency, sheet.attribution, table_of(months, units, rows))
