"""Compare today's numbers with the numbers that were reviewed.

A month is compared with the newest review that showed it: what that review saw is what people know. A value is
restated if it differs from the reviewed one by more than half a per cent of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity
from reviewtui.metrics.formats import format_change, format_value
from reviewtui.metrics.sheet import Status, Unit

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.months import Month
    from reviewtui.workspace.model import Workspace
    from reviewtui.workspace.snapshot_files import Reviewed, Snapshot

THRESHOLD = 0.005
"""Share of the reviewed value by which a value may differ without being restated."""

_ROUNDING = 1 + 1e-9
"""A difference of exactly the threshold is none, whatever the last binary digit says."""
_SMALLEST_AMOUNT, _SMALLEST = 0.005, 1e-9
"""Differences of money, and of anything else, that rounding leaves, also beside a reviewed value of zero."""
_UNSETTLED = frozenset([Status.MISSING, Status.PARTIAL, Status.FORECAST, Status.IMMATURE])
"""Reviewed with one of these, a value was expected to change."""
_OPEN = frozenset([Status.PARTIAL, Status.FORECAST])
_PLAIN_DIGITS = ".6g"


@dataclass(frozen=True, slots=True)
class Restatement:
    """A value that is not what was reviewed."""

    product: str
    metric: str
    month: Month
    reviewed: float | None
    """None: it was reviewed as not computable."""
    now: float | None
    """None: there is no value any more."""
    taken_on: date
    sentence: str
    """`was 12,345 when reviewed on 2026-10-03, now 12,910 (+4.6%)`."""


def with_restatements(sheet: MetricSheet, workspace: Workspace) -> MetricSheet:
    """`sheet` with the cells marked whose value differs from what was reviewed; each row when it is asked for."""
    views = _views(sheet, workspace.snapshots)
    if not views:
        return sheet
    problems = (*sheet.problems, *_currency_problems(sheet, workspace.snapshots))
    return replace(sheet, rows=_RestatedRows(sheet, views), problems=problems)


def restatements(sheet: MetricSheet, snapshots: Iterable[Snapshot]) -> tuple[Restatement, ...]:
    """Every value of `sheet` that differs from what was reviewed, by product, metric and month."""
    views = _views(sheet, snapshots)
    return tuple(
        item
        for product in sheet.products
        if product.id in views
        for metric in sheet.metrics_of(product.id, hidden=True)
        for item in _compared(sheet, views[product.id], product.id, metric, sheet.row(product.id, metric.id))
    )


_View = tuple["Snapshot | None", ...]
"""For each month of the sheet the newest snapshot that shows it."""


def _views(sheet: MetricSheet, snapshots: Iterable[Snapshot]) -> dict[str, _View]:
    """What is known of each product as of the day of `sheet`."""
    views: dict[str, dict[Month, Snapshot]] = {}
    for snapshot in sorted(snapshots, key=lambda item: (item.month, item.taken_on)):
        if snapshot.taken_on <= sheet.as_of:
            views.setdefault(snapshot.product, {}).update(dict.fromkeys(snapshot.months, snapshot))
    return {product: tuple(newest.get(month) for month in sheet.months) for product, newest in views.items()}


def _compared(
    sheet: MetricSheet, view: _View, product: str, metric: Metric, row: Sequence[Cell]
) -> Iterator[Restatement]:
    """The restatements of one row, which has a cell for each month of `sheet`."""
    for month, cell, snapshot in zip(sheet.months, row, view, strict=True):
        was = None if snapshot is None else snapshot.seen(metric.id, month)
        if snapshot is None or was is None:
            continue
        unit_then = snapshot.units[metric.id]
        if metric.unit == unit_then == Unit.MONEY and snapshot.currency != sheet.currency:
            continue
        if _differs(was, cell, unit_then, metric.unit):
            sentence = _sentence(was, cell, unit_then, metric.unit, snapshot.taken_on)
            if snapshot.attribution != sheet.attribution:
                sentence += f"; the attribution was {snapshot.attribution} then"
            yield Restatement(product, metric.id, month, was.value, cell.value, snapshot.taken_on, sentence)


def _differs(was: Reviewed, cell: Cell, unit_then: str, unit: str) -> bool:
    if was.status in _UNSETTLED or cell.status in _OPEN:
        return False
    if was.value is None or cell.value is None:
        return was.value is not cell.value
    if unit_then != unit:
        return True
    rounding = _SMALLEST_AMOUNT if unit == Unit.MONEY else _SMALLEST
    return abs(cell.value - was.value) > max(THRESHOLD * abs(was.value), rounding) * _ROUNDING


def _sentence(was: Reviewed, cell: Cell, unit_then: str, unit: str, taken_on: date) -> str:
    before, now = _value_text(was.value, unit_then), _value_text(cell.value, unit)
    if before == now and was.value is not None and cell.value is not None:
        before, now = format(was.value, _PLAIN_DIGITS), format(cell.value, _PLAIN_DIGITS)
    change = format_change(cell.value, was.value, unit, full=True).strip() if unit == unit_then else ""
    return f"was {before} when reviewed on {taken_on}, now {now}{f' ({change})' if change else ''}"


def _value_text(value: float | None, unit: str) -> str:
    return "n/a" if value is None else format_value(value, unit, full=True)


def _currency_problems(sheet: MetricSheet, snapshots: Iterable[Snapshot]) -> tuple[Problem, ...]:
    others = sorted({snapshot.currency for snapshot in snapshots} - {sheet.currency})
    return tuple(
        Problem(
            "",
            None,
            f"Amounts that were reviewed in {currency} are not compared with today's, which are in {sheet.currency}.",
            Severity.WARNING,
        )
        for currency in others
    )


class _RestatedRows(Mapping[tuple[str, str], "tuple[Cell, ...]"]):
    """The rows of a sheet, each compared with what was reviewed when it is first asked for."""

    def __init__(self, sheet: MetricSheet, views: Mapping[str, _View]) -> None:
        self._sheet = sheet
        self._views = views
        self._metrics = {metric.id: metric for metric in sheet.metrics}
        self._marked: dict[tuple[str, str], tuple[Cell, ...]] = {}

    def __getitem__(self, key: tuple[str, str]) -> tuple[Cell, ...]:
        row = self._marked.get(key)
        if row is None:
            row = self._marked[key] = self._compare(key, self._sheet.rows[key])
        return row

    def __contains__(self, key: object) -> bool:
        return key in self._sheet.rows

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._sheet.rows)

    def __len__(self) -> int:
        return len(self._sheet.rows)

    def _compare(self, key: tuple[str, str], row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        product, metric_id = key
        view = self._views.get(product)
        metric = self._sheet.own_metrics.get(key) or self._metrics.get(metric_id)
        if view is None or metric is None:
            return row
        found = {item.month: item for item in _compared(self._sheet, view, product, metric, row)}
        if not found:
            return row
        return tuple(
            _marked(cell, found[month].sentence) if month in found else cell
            for month, cell in zip(self._sheet.months, row, strict=True)
        )


def _marked(cell: Cell, sentence: str) -> Cell:
    """The cell with what it was; its status says so where nothing more important is to be said."""
    status = Status.RESTATED if cell.status is Status.OK else cell.status
    return cell._replace(status=status, note=f"{cell.note}; {sentence}" if cell.note else sentence)
