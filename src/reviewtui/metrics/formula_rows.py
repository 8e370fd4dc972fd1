"""The rows of metrics that formulas compute from rows of other metrics: worked out when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from reviewtui.metrics.assemble import NOT_CLOSING, NOT_COMPLETE
from reviewtui.metrics.sheet import Cell, CellSource, Status
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.definitions import Definition, Definitions
    from reviewtui.metrics.formula import Formula
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import FiscalCalendar, Month

Row = tuple[Cell, ...]
RowKey = tuple[str, str]

_ORDER = {status: place for place, status in enumerate(Status)}
_NOT_YET = "not defined in this month: its first version is later"
_TOO_LARGE = "the result is too large to be a number"
_NO_SQL_ROWS = "its SQL gave nothing: see the problems"
_NO_OPERANDS = "there is no data for what its formula needs"


class Calendar(NamedTuple):
    """The months of a sheet."""

    months: Sequence[Month]
    current: Month
    """The open month."""
    fiscal: FiscalCalendar


class FormulaRows(Mapping[RowKey, Row]):
    """(product id, metric id) to its row, beside and in front of the rows of `sheet`.

    There is a row for each formula whose metrics the product has, and an empty one, with the reason, for each metric
    that cannot be computed.
    """

    def __init__(
        self, sheet: MetricSheet, definitions: Definitions, names: Mapping[str, str], calendar: Calendar
    ) -> None:
        self._given = sheet.rows
        self._names = names
        self._calendar = calendar
        self._made_by: dict[RowKey, Definition | str] = {}
        """What computes a row, in an order in which each comes after those it needs; or why nothing does."""
        self._rows: dict[RowKey, Row] = {}
        products = [product.id for product in sheet.products]
        for product in products:
            plan = definitions.plan(product)
            for definition in plan.order:
                self._add(definition, product, products)
            self._made_by |= {(product, metric): reason for metric, reason in plan.broken.items()}
        self._places = {key: place for place, key in enumerate(self._made_by)}

    def __getitem__(self, key: RowKey) -> Row:
        row = self._rows.get(key)
        if row is None:
            for needed in self._in_order(key):
                self._rows[needed] = self._computed(needed)
            row = self._rows[key]
        return row

    def __contains__(self, key: object) -> bool:
        return key in self._made_by

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self._made_by)

    def __len__(self) -> int:
        return len(self._made_by)

    def _add(self, definition: Definition, product: str, products: Sequence[str]) -> None:
        """Decide whether the product has a row of the metric, and what makes it."""
        metric = definition.file.id
        key = (product, metric)
        if self._has_all_of_some_version(definition, product):
            if definition.operands or not definition.has_sql:
                self._made_by[key] = definition
        elif definition.file.product == product or (
            definition.has_sql and not any((other, metric) in self._given for other in products)
        ):
            self._made_by[key] = _NO_SQL_ROWS if definition.has_sql else _NO_OPERANDS

    def _has_all_of_some_version(self, definition: Definition, product: str) -> bool:
        for version, formula in zip(definition.file.versions, definition.formulas, strict=True):
            if formula is not None and all(self._has(product, metric) for metric in formula.metrics):
                return True
            if version.sql and (product, definition.file.id) in self._given:
                return True
        return False

    def _has(self, product: str, metric: str) -> bool:
        made = self._made_by.get((product, metric))
        return not isinstance(made, str) if made is not None else (product, metric) in self._given

    def _in_order(self, key: RowKey) -> list[RowKey]:
        """`key` and the rows it needs that are not computed yet, each after those it needs."""
        needed = {key}
        waiting = [key]
        while waiting:
            product, metric = waiting.pop()
            made = self._made_by[product, metric]
            operands = () if isinstance(made, str) else made.operands
            for other in ((product, operand) for operand in operands):
                if other in self._made_by and other not in self._rows and other not in needed:
                    needed.add(other)
                    waiting.append(other)
        return sorted(needed, key=self._places.__getitem__)

    def _computed(self, key: RowKey) -> Row:
        made = self._made_by[key]
        if isinstance(made, str):
            return (_no_value(Status.MISSING, made),) * len(self._calendar.months)
        product = key[0]
        parts = []
        for version, formula in zip(made.file.versions, made.formulas, strict=True):
            if formula is None:
                own = self._given.get(key) if version.sql else None
                parts.append(_Part(None, {} if own is None else {made.file.id: own}))
            else:
                parts.append(_Part(formula, {name: self._row(product, name) for name in formula.metrics}))
        return tuple(_cells(made, parts, self._names, self._calendar))

    def _row(self, product: str, metric: str) -> Row | None:
        if (product, metric) in self._made_by:
            return self._rows[product, metric]
        return self._given.get((product, metric))


class _Part(NamedTuple):
    """What computes the months of one version."""

    formula: Formula | None
    """None where SQL or nothing does."""
    rows: Mapping[str, Row | None]
    """The rows it takes; None for one that the product does not have."""


def _cells(
    definition: Definition, parts: Sequence[_Part], names: Mapping[str, str], calendar: Calendar
) -> Iterator[Cell]:
    starts = [version.valid_from for version in definition.file.versions]
    is_quarterly = definition.file.cadence == "quarterly"
    at = 0
    for place, month in enumerate(calendar.months):
        while at + 1 < len(starts) and (start := starts[at + 1]) is not None and start <= month:
            at += 1
        formula, rows = parts[at]
        if formula is None:
            own = next(iter(rows.values()), None)
            yield own[place] if own is not None else _no_value(Status.MISSING, _NOT_YET)
        elif is_quarterly and not calendar.fiscal.closes_quarter(month):
            yield _no_value(Status.NA, NOT_CLOSING)
        elif absent := next((name for name, row in rows.items() if row is None), ""):
            yield _no_value(Status.MISSING, f"there is no {names.get(absent, absent)} for this product")
        else:
            operands = {name: row[place] for name, row in rows.items() if row is not None}
            yield _computed(formula, operands, names, is_open=month == calendar.current)


def _computed(formula: Formula, operands: Mapping[str, Cell], names: Mapping[str, str], *, is_open: bool) -> Cell:
    """One cell from the cells of the same month."""
    status, note = Status.OK, ""
    if any(cell.status is not Status.OK for cell in operands.values()):
        worst = min(operands, key=lambda name: _ORDER[operands[name].status])
        status, name = operands[worst].status, names.get(worst, worst)
        note = f"{name}: {operands[worst].note}" if operands[worst].note else ""
        if status is Status.MISSING:
            return _no_value(Status.MISSING, note or f"there is no {name} for this month")
        if status is not Status.NA and is_open:
            if _says_nothing_yet(formula, operands):
                return _no_value(Status.PARTIAL, NOT_COMPLETE)
            note = NOT_COMPLETE if status is Status.PARTIAL else note
    empty = next((name for name, cell in operands.items() if cell.value is None), None)
    if empty is not None:
        return _no_value(Status.NA, f"{names.get(empty, empty)}: {operands[empty].note or 'it has no value'}")
    result = formula.work_out({name: cell.value or 0.0 for name, cell in operands.items()})
    n = result.denominator
    if result.value is None:
        reason = f"{names.get(result.zero.strip('`'), result.zero)} is 0" if result.zero else _TOO_LARGE
        return Cell(None, Status.NA, n, result.numerator, n, CellSource.CUSTOM, reason)
    return Cell(result.value, status, n, result.numerator, n, CellSource.CUSTOM, note)


def _says_nothing_yet(formula: Formula, operands: Mapping[str, Cell]) -> bool:
    """Whether the open month gives no value: a rate, a part without one, or a forecast mixed with the month to date."""
    statuses = {cell.status for cell in operands.values()}
    if formula.is_rate or {Status.PARTIAL, Status.FORECAST} <= statuses:
        return True
    return any(cell.value is None and cell.status is Status.PARTIAL for cell in operands.values())


def _no_value(status: Status, note: str) -> Cell:
    return Cell(None, status, source=CellSource.CUSTOM, note=note)
