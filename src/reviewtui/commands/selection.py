"""Which cells of a sheet were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.commands.arguments import month
from reviewtui.commands.suggest import unknown
from reviewtui.errors import UsageError
from reviewtui.months import Month, month_span
from reviewtui.reports.selection import Selection

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from reviewtui.metrics.sheet import Metric, MetricSheet, Product


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

    @classmethod
    def of(cls, options: argparse.Namespace) -> Wanted:
        """What the options of `add_selection_arguments` say."""
        return cls(tuple(options.product), tuple(options.metric), options.first, options.last)

    @property
    def names_months(self) -> bool:
        """Whether the months were asked for, not left to the command."""
        return self.first is not None or self.last is not None


def add_selection_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of every command that takes part of the grid; `Wanted.of` reads them."""
    parser.add_argument(
        "--product",
        action="append",
        default=[],
        metavar="ID",
        help="only this product, by id or name (repeatable); * is all together",
    )
    parser.add_argument(
        "--metric", action="append", default=[], metavar="ID", help="only this metric (repeatable), also without data"
    )
    parser.add_argument("--from", dest="first", type=month, metavar="M", help="first month, as 2026-01")
    parser.add_argument("--to", dest="last", type=month, metavar="M", help="last month, as 2026-06")


def select(sheet: MetricSheet, wanted: Wanted, *, hidden: bool = False) -> Selection:
    """The part of `sheet` that is `wanted`; UsageError for a product or metric id that does not exist.

    A metric without any data for a product is left out, unless it was named; so is one that a product hides, unless
    `hidden` ones are asked for. The program's own metrics may be named though the sheet does not have them.
    """
    products = _products(sheet, wanted.products)
    named = _metrics(sheet, wanted.metrics)
    rows = (
        (product, tuple(sheet.meaning(product.id, metric) for metric in named))
        if wanted.metrics
        else (product, sheet.metrics_of(product.id, hidden=hidden))
        for product in products
    )
    return Selection(sheet, tuple(row for row in rows if row[1]), _months(sheet, wanted))


def _products(sheet: MetricSheet, ids: Sequence[str]) -> tuple[Product, ...]:
    if not ids:
        return sheet.products
    names = {product.id: product.name for product in sheet.products}
    wanted = {known_product(asked, names) for asked in ids}
    return tuple(product for product in sheet.products if product.id in wanted)


def known_product(asked: str, names: Mapping[str, str]) -> str:
    """The id of the product that is meant, as `find_product`; UsageError where there is none."""
    found = find_product(asked, names)
    if found is None:
        titles = {name: each for each, name in names.items() if name}
        raise unknown("product", asked, titles | {each: each for each in names})
    return found


def find_product(asked: str, names: Mapping[str, str]) -> str | None:
    """The id of the product that is meant, None where there is none; `names` maps every id to the product's name.

    The id itself comes first, then an id in other letter case, then a name; UsageError where several fit.
    """
    if asked in names:
        return asked
    folded = asked.casefold()
    for fitting in (
        [each for each in names if each.casefold() == folded],
        [each for each, name in names.items() if name and name.casefold() == folded],
    ):
        if len(fitting) > 1:
            raise UsageError(f"{asked!r} may be any of these products: {', '.join(fitting)}. Name one by its id.")
        if fitting:
            return fitting[0]
    return None


def _metrics(sheet: MetricSheet, ids: Sequence[str]) -> tuple[Metric, ...]:
    known = {metric.id: metric for metric in sheet.metrics}
    if not known.keys() >= set(ids):
        from reviewtui.metrics.catalogue import load_catalogue

        known = {metric.id: metric for metric in load_catalogue()} | known
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
