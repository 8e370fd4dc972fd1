"""The anomalies of a month for other programs and for readers."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from reviewtui.anomalies.listed import reason_for
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.reports.records import finite, number_text
from reviewtui.text import markdown_text, safe_text, spreadsheet_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import Month

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
    "reason",
    "became",
    "follows",
    "state",
    "explanation",
)
"""Columns of the CSV, in order: those of `reviewtui metrics` first; more may follow at the end."""

INDENT = "  "


def facts(item: Anomaly, sheet: MetricSheet) -> dict[str, str | float | None]:
    """One anomaly as plain values, by column."""
    verdict = item.verdict
    return {
        "product": item.product,
        "month": str(item.month),
        "metric": item.metric.id,
        "value": finite(item.cell.value),
        "n": finite(item.cell.n),
        "status": str(item.cell.status),
        "low": verdict.low,
        "high": verdict.high,
        "score": verdict.score,
        "anomaly": str(verdict.anomaly),
        "source": str(item.cell.source),
        "reason": reason_for(sheet, item),
        "became": None if verdict.became is None else str(verdict.became),
        "follows": None if item.follows is None else "/".join(item.follows),
        "state": str(item.state),
        "explanation": None if item.explanation is None else item.explanation.reason,
    }


def write_csv(items: Sequence[Anomaly], sheet: MetricSheet, stream: TextIO) -> None:
    """One row an anomaly under `CSV_COLUMNS`, in the order of the list."""
    import csv

    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for item in items:
        known = facts(item, sheet)
        writer.writerow([_csv_text(known[name]) for name in CSV_COLUMNS])


def _csv_text(value: str | float | None) -> str:
    return spreadsheet_text(value) if isinstance(value, str) else number_text(value)


def write_json(items: Sequence[Anomaly], sheet: MetricSheet, workspace: str, month: Month, stream: TextIO) -> None:
    """The same facts, with the names of products and metrics, on one line."""
    import json

    names = {product.id: product.name for product in sheet.products}
    listed = [
        {**facts(item, sheet), "product_name": names.get(item.product, ""), "metric_name": item.metric.name}
        for item in items
    ]
    found = {"workspace": workspace, "as_of": sheet.as_of.isoformat(), "month": str(month), "anomalies": listed}
    json.dump(found, stream, allow_nan=False)
    stream.write("\n")


def text_lines(items: Sequence[Anomaly], sheet: MetricSheet, width: int) -> Iterator[str]:
    """Each anomaly with its reason, wrapped to `width` columns; what follows from another is indented below it."""
    for item in items:
        indent = INDENT if item.follows is not None else ""
        state = "" if item.state == "open" else f" ({item.state})"
        yield from _wrapped(f"{_title(item, sheet)} · {word(item)}{state}", indent, width)
        yield from _wrapped(reason_for(sheet, item), indent + INDENT, width)


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        safe_text(text), max(width, 40), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def word(item: Anomaly) -> str:
    """The kind in words, and what it became."""
    kind = str(item.verdict.anomaly).replace("_", " ")
    return kind if item.verdict.became is None else f"{kind}, since then a {str(item.verdict.became).replace('_', ' ')}"


def _title(item: Anomaly, sheet: MetricSheet) -> str:
    names = {product.id: product.name for product in sheet.products}
    whose = names.get(item.product) or ("All products" if item.product == ALL_PRODUCTS else item.product)
    return f"{whose}, {item.metric.name}"


def markdown_lines(items: Sequence[Anomaly], sheet: MetricSheet, month: Month) -> Iterator[str]:
    """A heading and a pipe table."""
    yield f"## Out of the ordinary in {month.label}"
    yield ""
    if not items:
        yield "Nothing."
        return
    yield "| Product and metric | What | Why | State |"
    yield "| --- | --- | --- | --- |"
    for item in items:
        title = f"{'↳ ' if item.follows is not None else ''}{_title(item, sheet)}"
        cells = (title, word(item), reason_for(sheet, item), str(item.state))
        yield "| " + " | ".join(markdown_text(cell) for cell in cells) + " |"
