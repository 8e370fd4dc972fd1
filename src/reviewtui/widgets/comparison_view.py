"""A comparison as the grid widget shows it: products, or two metrics of one product, as rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from reviewtui.metrics.comparison import (
    Order,
    compared_metrics,
    compared_products,
    indexed,
    ordered,
    sideways,
    why_not_indexed,
)
from reviewtui.metrics.derived import Values
from reviewtui.metrics.sheet import Product, Status
from reviewtui.quick_tuple import NamedTuple
from reviewtui.sheet_state import ViewOptions
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.sheet_view import SheetView
from reviewtui.widgets.spans import Line, Span
from reviewtui.widgets.trend import CHART_MONTHS, Trend
from reviewtui.widgets.trend_chart import chart_lines
from reviewtui.widgets.view_words import VALUES_WORDS, value_words

if TYPE_CHECKING:
    from reviewtui.metrics.comparison import ComparedRow
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.months import Month


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """How a person compares."""

    order: Order = Order.VALUE
    by_stage: bool = False
    is_indexed: bool = False
    second: str = ""
    """Id of the metric that stands beside the first; empty: products are compared."""
    values: Values = Values.PLAIN
    quarters: bool = False

    def settings(self) -> dict[str, Any]:
        """As plain values of a settings file."""
        return {key: str(value) if isinstance(value, str) else value for key, value in asdict(self).items()}

    @classmethod
    def of_settings(cls, found: object) -> CompareOptions:
        """What `settings` gave; the usual way for whatever is not known."""
        kept = found if isinstance(found, dict) else {}
        order, values, second = kept.get("order"), kept.get("values"), kept.get("second")
        return cls(
            order=Order(order) if order in tuple(Order) else Order.VALUE,
            by_stage=kept.get("by_stage") is True,
            is_indexed=kept.get("is_indexed") is True,
            second=second if isinstance(second, str) else "",
            values=Values(values) if values in tuple(Values) else Values.PLAIN,
            quarters=kept.get("quarters") is True,
        )


class ComparisonView(SheetView):
    """The rows of a comparison under `compared`; their metrics have the ids of the rows."""

    rows_are = "Product"

    def __init__(
        self,
        sheet: MetricSheet,
        rows: tuple[ComparedRow, ...],
        compared: CompareOptions,
        *,
        base: Month | None = None,
        not_indexed: str = "",
    ) -> None:
        super().__init__(sheet, sheet.products[0].id, ViewOptions(values=compared.values, quarters=compared.quarters))
        self.compared = compared
        if compared.second:
            self.rows_are = "Metric"
        self.compared_rows = rows
        self.base = base
        """The month that is 100; None where values are not an index."""
        self.not_indexed = not_indexed
        """Why values are no index although that was asked for; empty where they are, or it was not."""
        self.reasons = {row.id: row.reason for row in rows if row.reason}
        self.rows = tuple(
            row._replace(can_fold=False, is_quiet=row.metric is not None and row.metric.id in self.reasons)
            for row in self.rows
        )


def products_view(sheet: MetricSheet, metric: Metric, compared: CompareOptions) -> ComparisonView:
    """`metric` with every product as a row."""
    rows = ordered(sheet, compared_products(sheet, metric), compared.order, by_stage=compared.by_stage)
    why_not = _why_no_index(compared, metric)
    base = None
    if compared.is_indexed and not why_not:
        rows, base = (found := indexed(sheet, rows)).rows, found.base
        why_not = "" if base is not None else "There is no month in which all have a value: there is no index."
    side = sideways(sheet, Product(metric.id, metric.name), rows, by_stage=compared.by_stage)
    return ComparisonView(side, rows, compared, base=base, not_indexed=why_not)


def _why_no_index(compared: CompareOptions, *metrics: Metric) -> str:
    """Why values are not made an index although that was asked for; empty where they are, or it was not."""
    if not compared.is_indexed:
        return ""
    if compared.values in (Values.MOM, Values.YOY):
        return "An index changes as its values do."
    return next(filter(None, map(why_not_indexed, metrics)), "")


def pair_view(
    sheet: MetricSheet, product: Product, metrics: tuple[Metric, Metric], compared: CompareOptions
) -> ComparisonView:
    """Two metrics of one product as rows."""
    rows = compared_metrics(sheet, product, metrics)
    why_not = _why_no_index(compared, *metrics)
    base = None
    if compared.is_indexed and not why_not:
        rows, base = (found := indexed(sheet, rows)).rows, found.base
        why_not = "" if base is not None else "There is no month in which both have a value: there is no index."
    return ComparisonView(sideways(sheet, product, rows), rows, compared, base=base, not_indexed=why_not)


class PairChart(NamedTuple):
    """Two metrics as one chart."""

    trend: Trend
    base: Month
    """The month that is 100 for both."""


def pair_chart(sheet: MetricSheet, product: Product, metrics: tuple[Metric, Metric], month: Month) -> PairChart | str:
    """Both metrics indexed to their first common month; a sentence where they cannot be."""
    rows = compared_metrics(sheet, product, metrics)
    found = indexed(sheet, rows)
    why_not = next(filter(None, map(why_not_indexed, metrics)), "") or next(filter(None, map(_no_line, found.rows)), "")
    if why_not or found.base is None:
        return why_not or "There is no month in which both have a value: there is no common chart."
    first = max(found.base.index - sheet.months[0].index, len(sheet.months) - CHART_MONTHS)
    above, below = (tuple(cell.value for cell in row.cells[first:]) for row in found.rows)
    trend = Trend(
        months=sheet.months[first:],
        values=above,
        unit="",
        cursor=max(-1, month.index - sheet.months[first].index),
        beside=below,
        names=(shown_name(rows[0].name, rows[0].id), shown_name(rows[1].name, rows[1].id)),
    )
    return PairChart(trend, found.base)


def _no_line(row: ComparedRow) -> str:
    """Why there is no line of an indexed row; empty where there is one."""
    if any(cell.value is not None for cell in row.cells) and not row.reason:
        return ""
    why = row.reason or next((cell.note for cell in reversed(row.cells) if cell.status is Status.NA), "")
    return safe_text(f"No common chart, {shown_name(row.name, row.id)}: {why}.")


def pair_lines(trend: Trend, size: tuple[int, int], *, braille: bool = True) -> list[Line]:
    """The common chart of two metrics in `size` = (width, height), what its lines are above it."""
    width, height = size
    first, second = trend.names
    legend: Line = (Span("bright: ", "line"), Span(first, "title"), Span("  dim: ", "before"), Span(second, "text"))
    lines = [legend, *chart_lines(trend, width, height - 1, braille=braille)]
    return lines[:height]


def comparison_words(view: ComparisonView) -> str:
    """How the rows are looked at: order, stages, index, values."""
    compared, parts = view.compared, []
    if not compared.second:
        order = f"by {compared.order}" if compared.order is not Order.NAME else "by name"
        parts.append(f"{order} {view.review_label}" if compared.order is not Order.NAME else order)
    if compared.by_stage and not compared.second:
        parts.append("by stage")
    if view.base is not None:
        parts.append(f"index, {view.base.long_label} = 100")
    if compared.values is not Values.PLAIN:
        parts.append(VALUES_WORDS[compared.values])
    if compared.quarters:
        parts.append("closed quarters")
    return safe_text(" · ".join([*parts, *([view.not_indexed] if view.not_indexed else [])]))


def row_words(view: ComparisonView, line: int, place: int) -> str:
    """What the cell under the cursor says in full, or why there is nothing."""
    metric = view.rows[line].metric if view.rows else None
    if metric is None or not view.periods:
        return ""
    reason = view.reasons.get(metric.id)
    if reason:
        return safe_text(f"not compared: {reason}")
    cell = view.texts.cell(metric, place)
    text = value_words(cell, metric.unit, view.options.values)
    note = f", {cell.note}" if cell.note else ""
    return safe_text(f"{view.column_label(place)}: {text}{note}")
