"""The cells as a Parquet file: the columns of the CSV, each in its own type."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from reviewtui.reports.records import CSV_COLUMNS, finite
from reviewtui.text import well_formed

if TYPE_CHECKING:
    from reviewtui.reports.selection import Selection

TYPES = {
    "product": pl.String,
    "month": pl.Date,
    "metric": pl.String,
    "value": pl.Float64,
    "n": pl.Float64,
    "status": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "score": pl.Float64,
    "anomaly": pl.String,
    "source": pl.String,
}
"""The type of each column; `month` is the month's first day."""


def parquet(selection: Selection) -> bytes:
    """One row a cell, in the order of the CSV; ids are as they are, what is not known is null."""
    columns: dict[str, list[object]] = {name: [] for name in CSV_COLUMNS}
    days = [month.first_day for month in selection.months]
    count = len(days)
    for product, metrics in selection.rows:
        product_id = well_formed(product.id)
        for metric in metrics:
            cells = [cell for _, cell in selection.cells(product, metric)]
            columns["product"] += [product_id] * count
            columns["month"] += days
            columns["metric"] += [well_formed(metric.id)] * count
            columns["value"] += [finite(cell.value) for cell in cells]
            columns["n"] += [finite(cell.n) for cell in cells]
            columns["status"] += [str(cell.status) for cell in cells]
            columns["source"] += [str(cell.source) for cell in cells]
            verdicts = [verdict for _, _, verdict in selection.judged(product, metric)]
            for name in ("low", "high", "score"):
                columns[name] += [getattr(verdict, name, None) for verdict in verdicts]
            columns["anomaly"] += [
                str(verdict.anomaly) if verdict and verdict.anomaly else None for verdict in verdicts
            ]
    frame = pl.DataFrame(columns, schema={name: TYPES[name] for name in CSV_COLUMNS})
    stream = BytesIO()
    frame.write_parquet(stream, compression="zstd", statistics=True)
    return stream.getvalue()
