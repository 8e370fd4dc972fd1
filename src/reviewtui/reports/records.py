"""A selection for other programs: CSV and JSON, every number at full precision."""

from __future__ import annotations

from itertools import repeat
from math import isfinite
from typing import TYPE_CHECKING

from reviewtui.reports.columns import cell_columns, text_of, verdict_columns
from reviewtui.text import spreadsheet_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell, Metric, Product
    from reviewtui.months import Month
    from reviewtui.reports.selection import Selection

CSV_COLUMNS = (
    "product",
    "month",
    "metric",
    "value",
    "n",
    "status",
    "low",
    "high",
    "score",
    "anomaly",
    "source",
)
"""Columns of the CSV, in order; more may follow at the end, none ever changes its place."""

JsonValue = str | float | None
JsonCell = dict[str, JsonValue]


def finite(number: float | None) -> float | None:
    """`number` as a double; None for what is no number."""
    return None if number is None or not isfinite(number) else float(number)


def number_text(number: float | None) -> str:
    """The shortest text that reads back to the same double; empty for none."""
    return "" if number is None else text_of(float(number))


def write_csv(selection: Selection, stream: TextIO) -> None:
    """One row a cell under `CSV_COLUMNS`, ordered by product, metric, month."""
    stream.write(",".join(CSV_COLUMNS) + "\n")
    months = [str(month) for month in selection.months]
    for product, metrics in selection.rows:
        product_text = _csv_field(product.id)
        for metric in metrics:
            value, n, status, source = cell_columns(selection, product, metric)
            judged = verdict_columns(selection, product, metric)
            names = repeat(product_text), months, repeat(_csv_field(metric.id))
            # Numbers and words of ours need no quotes: looking for them takes half of the time of printing.
            lines = map(",".join, zip(*names, value, n, status, *judged, source, strict=False))
            stream.write("".join(f"{line}\n" for line in lines))


def _csv_field(text: str) -> str:
    """A name of the user's between commas."""
    import csv
    import io

    field = io.StringIO()
    csv.writer(field, lineterminator="").writerow((spreadsheet_text(text), ""))
    return field.getvalue().removesuffix(",")


def write_json(selection: Selection, workspace: str, stream: TextIO) -> None:
    """The same facts nested, on one line, all characters beyond ASCII escaped; written metric by metric."""
    head = {"workspace": workspace, "as_of": selection.sheet.as_of.isoformat()}
    _open_list(stream, head, "products")
    for place, (product, metrics) in enumerate(selection.rows):
        stream.write(", " if place else "")
        _open_list(stream, {"id": product.id, "name": product.name, "stage": product.stage or None}, "metrics")
        for number, metric in enumerate(metrics):
            stream.write((", " if number else "") + _json(_json_metric(selection, product, metric)))
        stream.write("]}")
    stream.write("]}\n")


def _open_list(stream: TextIO, facts: Mapping[str, object], name: str) -> None:
    """Begin an object with `facts` and a list called `name`, both left open."""
    stream.write(f"{_json(facts)[:-1]}, {_json(name)}: [")


def _json(value: object) -> str:
    import json

    return json.dumps(value, allow_nan=False)


def _json_metric(selection: Selection, product: Product, metric: Metric) -> Mapping[str, object]:
    return {
        "id": metric.id,
        "name": metric.name,
        "section": metric.section,
        "unit": str(metric.unit),
        "direction": metric.direction,
        "kind": metric.kind,
        "definition": metric.definition,
        "cells": [_json_cell(*judged) for judged in selection.judged(product, metric)],
    }


def _json_cell(month: Month, cell: Cell, verdict: Verdict | None) -> JsonCell:
    return {
        "month": str(month),
        "value": finite(cell.value),
        "n": finite(cell.n),
        "status": cell.status,
        "low": verdict.low if verdict else None,
        "high": verdict.high if verdict else None,
        "score": verdict.score if verdict else None,
        "anomaly": verdict.anomaly if verdict else None,
        "source": cell.source,
    }
