"""One metric over all products, or two metrics of one: pure.

The result is a sheet seen from the side: its one product is what is compared, its metrics are the rows. Whatever shows
a sheet shows a comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf, isfinite
from typing import TYPE_CHECKING

from reviewtui.metrics.derived import NOT_OVER, Values, derived_cell
from reviewtui.metrics.series import Period, Series
from reviewtui.metrics.sheet import ALL_PRODUCTS, MISSING_CELL, Cell, MetricSheet, Redefinition, Status, Unit
from reviewtui.months import MONTHS_PER_QUARTER, latest_complete_month
from reviewtui.workspace.model import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.sheet import Metric, Product
    from reviewtui.months import Month

INDEX_BASE = 100.0

PRODUCTS_SECTION, METRICS_SECTION = "products", "metrics"
TOGETHER_SECTION, LACKING_SECTION = "together", "without this metric"
"""Sections of the rows: what is compared, the total, and what has nothing to compare."""

_RATES = (Unit.PERCENT, Unit.PERCENT_POINTS, Unit.SCORE)
_NOT_FINAL = (Status.PARTIAL, Status.FORECAST)
_NO_COMMON_MONTH = "there is no month in which all of them have a value"


class Order(StrEnum):
    """How the products are sorted."""

    VALUE = "newest value"
    GROWTH = "change"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One metric of one product."""

    id: str
    """What tells the row from the others: the id of its product, or of its metric where those are compared."""
    name: str
    stage: str
    """Of the product; empty where metrics are compared."""
    product: str
    """Id of the product that the cells are of."""
    metric: Metric
    """As it is for that product."""
    cells: tuple[Cell, ...]
    """One a month of the sheet."""
    reason: str = ""
    """Why there is nothing to compare; empty where there is."""
    is_indexed: bool = False
    """Whether the cells are an index, to which no target applies."""

    @property
    def is_total(self) -> bool:
        """Whether it is all products together."""
        return self.id == ALL_PRODUCTS


@dataclass(frozen=True, slots=True)
class IndexedRows:
    """Rows as an index."""

    rows: tuple[ComparedRow, ...]
    base: Month | None
    """The month that is 100; None where there is none."""


def comparable_metrics(sheet: MetricSheet) -> tuple[Metric, ...]:
    """The metrics that some product shows, in the order of the sheet."""
    shown = {metric.id for product in sheet.products for metric in sheet.metrics_of(product.id)}
    return tuple(metric for metric in sheet.metrics if metric.id in shown)


def compared_products(sheet: MetricSheet, metric: Metric) -> tuple[ComparedRow, ...]:
    """Every product with `metric`, in the order of the sheet."""
    return tuple(
        _row(sheet, product, metric, ComparedRow(product.id, product.name, product.stage, product.id, metric, ()))
        for product in sheet.products
    )


def compared_metrics(sheet: MetricSheet, product: Product, metrics: Sequence[Metric]) -> tuple[ComparedRow, ...]:
    """Several metrics of one product, in this order."""
    return tuple(
        _row(sheet, product, metric, ComparedRow(metric.id, metric.name, "", product.id, metric, ()))
        for metric in metrics
    )


def _row(sheet: MetricSheet, product: Product, metric: Metric, row: ComparedRow) -> ComparedRow:
    """`row` with its cells, or with the reason why it has nothing to compare."""
    own = sheet.meaning(product.id, metric)
    cells = sheet.row(product.id, metric.id)
    layout = sheet.layouts.get(product.id)
    reason = ""
    if (product.id, metric.id) not in sheet.rows:
        reason = "there are no data for it"
    elif all(cell.value is None for cell in cells):
        why = next((cell.note for cell in reversed(cells) if cell.note), "")
        reason = f"it has no value in any month{f': {why}' if why else ''}"
    elif own.unit != metric.unit:
        reason = f"it is counted in {own.unit or 'another unit'} here"
    elif layout is not None and metric.id in layout.hidden:
        reason = "it is hidden in the file of the product"
    return replace(row, metric=own, cells=cells, reason=reason)


def why_not_indexed(metric: Metric) -> str:
    """Why values of `metric` are not shown as an index; empty where they can be."""
    if metric.unit in _RATES:
        return f"{'Scores' if metric.unit == Unit.SCORE else 'Rates'} are not indexed: they compare as they are."
    return ""


def indexed(sheet: MetricSheet, rows: Sequence[ComparedRow]) -> IndexedRows:
    """`rows` with their values in per cent of the first month in which all of them have one above zero.

    Where there is no such month, it is the first in which all have any, and those of zero or less have no index. The
    total does not decide about that month. Earlier months are empty.
    """
    base = _common_month(sheet, rows)
    if base is None:
        nothing = Cell(None, Status.NA, note=_NO_COMMON_MONTH)
        return IndexedRows(tuple(replace(row, cells=(nothing,) * len(row.cells)) for row in rows), None)
    return IndexedRows(tuple(_index(sheet, row, base) for row in rows), base)


def _common_month(sheet: MetricSheet, rows: Sequence[ComparedRow]) -> Month | None:
    compared = [row for row in rows if not row.reason]
    deciding = [row for row in compared if not row.is_total] or compared
    if not deciding:
        return None
    common = [place for place in range(len(sheet.months)) if all(_is_settled(row.cells[place]) for row in deciding)]
    above_zero = (place for place in common if all((row.cells[place].value or 0) > 0 for row in deciding))
    place = next(above_zero, common[0] if common else None)
    return sheet.months[place] if place is not None else None


def _is_settled(cell: Cell) -> bool:
    return cell.value is not None and isfinite(cell.value) and cell.status not in _NOT_FINAL


def _index(sheet: MetricSheet, row: ComparedRow, base: Month) -> ComparedRow:
    if row.reason:
        return row
    place = base.index - sheet.months[0].index
    start = row.cells[place].value
    metric = row.metric._replace(unit="")

    def index_cell(month: Month, cell: Cell) -> Cell:
        if month < base:
            return MISSING_CELL._replace(note=f"the index begins in {base.long_label}")
        if start is None:
            return Cell(None, Status.NA, note=f"there is no value in {base.long_label}, where the index begins")
        if start <= 0:
            sign = "zero" if start == 0 else "below zero"
            return Cell(None, Status.NA, note=f"the value of {base.long_label} is {sign}: there is no index of it")
        if cell.value is None:
            return cell
        if cell.status in _NOT_FINAL:
            return Cell(None, Status.NA, note=NOT_OVER)
        if not sheet.is_comparable(row.product, row.metric.id, base, month):
            return Cell(None, Status.NA, note=f"the definition changed after {base.long_label}")
        return Cell(cell.value / start * INDEX_BASE, cell.status, source=cell.source, note=cell.note)

    cells = tuple(index_cell(month, cell) for month, cell in zip(sheet.months, row.cells, strict=True))
    return replace(row, metric=metric, cells=cells, is_indexed=True)


def ordered(
    sheet: MetricSheet, rows: Sequence[ComparedRow], order: Order, *, by_stage: bool = False
) -> tuple[ComparedRow, ...]:
    """`rows` in `order`, the largest first; the total after them, and last those with nothing to compare."""

    def key(row: ComparedRow) -> tuple[int, int, float, str, str]:
        number = _sorting_number(sheet, row, order)
        group = 2 if row.reason else 1 if row.is_total else 0
        stage = _stage_place(row.stage) if by_stage else 0
        return group, stage, -number if number is not None else inf, (row.name.strip() or row.id).casefold(), row.id

    return tuple(sorted(rows, key=key))


def _stage_place(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def _sorting_number(sheet: MetricSheet, row: ComparedRow, order: Order) -> float | None:
    """What a row is sorted by; None where it is by its name."""
    if order is Order.NAME or row.reason or not sheet.months:
        return None
    newest = latest_complete_month(sheet.as_of)
    series = Series(sheet, row.product, row.metric, row.cells)
    months = range(MONTHS_PER_QUARTER if row.metric.cadence == "quarterly" else 1)
    values = Values.PLAIN if order is Order.VALUE else Values.MOM
    found = (derived_cell(series, Period.of(newest - back), values).value for back in months)
    return next((value for value in found if value is not None and isfinite(value)), None)


def sideways(
    sheet: MetricSheet, subject: Product, rows: Sequence[ComparedRow], *, by_stage: bool = False
) -> MetricSheet:
    """A sheet with `subject` as its only product and `rows` as its metrics, each with the id of its row."""
    redefinitions = tuple(
        Redefinition(subject.id, item.month, (row.id,))
        for row in rows
        for item in sheet.redefinitions
        if item.product == row.product and (not item.metrics or row.metric.id in item.metrics)
    )
    targets = {
        (subject.id, row.id): sheet.targets[row.product, row.metric.id]
        for row in rows
        if (row.product, row.metric.id) in sheet.targets and not row.is_indexed
    }
    return MetricSheet(
        sheet.as_of,
        sheet.months,
        (subject,),
        tuple(_row_metric(row, by_stage=by_stage) for row in rows),
        {(subject.id, row.id): row.cells for row in rows},
        sheet.currency,
        redefinitions=redefinitions,
        targets=targets,
        fiscal_year_start=sheet.fiscal_year_start,
    )


def _row_metric(row: ComparedRow, *, by_stage: bool) -> Metric:
    name, section = row.name if row.name.strip() else row.id, PRODUCTS_SECTION
    if row.id != row.product:
        section = METRICS_SECTION
    elif row.reason:
        section = LACKING_SECTION
    elif row.is_total:
        section = TOGETHER_SECTION
    elif by_stage:
        section = f"{row.stage} stage" if row.stage else "no stage"
    shows_stage = row.stage and not by_stage and not row.is_total
    return row.metric._replace(id=row.id, name=f"{name} · {row.stage}" if shows_stage else name, section=section)
