"""Which cells of a sheet were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.commands.suggest import unknown
from reviewtui.errors import UsageError
from reviewtui.metrics.sheet import MISSING_CELL
from reviewtui.months import Month, month_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; empty or None: everything there is."""

    products: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    first: Month | None = None
    last: Month | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.first > self.last:
            raise UsageError(f"--from {self.first} is after --to {self.last}: nothing lies between them.")

    @property
    def names_months(self) -> bool:
        """Whether the months were asked for, not left to the command."""
        return self.first is not None or self.last is not None


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


def select(sheet: MetricSheet, wanted: Wanted, catalogue: Sequence[Metric] = ()) -> Selection:
    """The part of `sheet` that is `wanted`; UsageError for a product or metric id that does not exist.

    A metric without any data for a product is left out, unless it was named. `catalogue` holds metrics that may be
    named though the sheet has no row of them.
    """
    products = _products(sheet, wanted.products)
    named = _metrics(sheet, catalogue, wanted.metrics)
    rows = tuple((product, named if wanted.metrics else sheet.metrics_of(product.id)) for product in products)
    return Selection(sheet, tuple(row for row in rows if row[1]), _months(sheet, wanted))


def _products(sheet: MetricSheet, ids: Sequence[str]) -> tuple[Product, ...]:
    if not ids:
        return sheet.products
    known = {product.id for product in sheet.products}
    names = {product.name: product.id for product in sheet.products} | {each: each for each in known}
    for asked in ids:
        if asked not in known:
            raise unknown("product", asked, names)
    return tuple(product for product in sheet.products if product.id in ids)


def _metrics(sheet: MetricSheet, catalogue: Iterable[Metric], ids: Sequence[str]) -> tuple[Metric, ...]:
    known = {metric.id: metric for metric in catalogue} | {metric.id: metric for metric in sheet.metrics}
    names = {metric.name: metric.id for metric in known.values()} | {each: each for each in known}
    for asked in ids:
        if asked not in known:
            raise unknown("metric", asked, names)
    in_sheet = {metric.id for metric in sheet.metrics}
    order = (*sheet.metrics, *(metric for metric in known.values() if metric.id not in in_sheet))
    return tuple(metric for metric in order if metric.id in ids)


def _months(sheet: MetricSheet, wanted: Wanted) -> tuple[Month, ...]:
    current = Month.of(sheet.as_of)
    first = wanted.first or (sheet.months[0] if sheet.months else wanted.last)
    last = wanted.last or (sheet.months[-1] if sheet.months else current)
    if first is None:
        return ()
    return month_span(first, min(last, current))
