"""The value of a quarter, put together from its months as each metric allows.

Flows add up, stocks show the closing month, and a rate is computed again from the parts it is made of. What cannot
be put together has no value and says why; a quarter with fewer months than it should have is marked.
"""

from __future__ import annotations

from math import fsum, isclose
from typing import TYPE_CHECKING

from reviewtui.metrics.sheet import LOW_N_BELOW, MISSING_CELL, Aggregate, Cell, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewtui.metrics.series import Period, Series
    from reviewtui.months import Month

Parts = list[tuple["Month", Cell]]

_SCALES = (1.0, 100.0)
"""What a quotient may be multiplied by to give the value: a score counts in hundredths."""

_NOT_FINAL = (Status.PARTIAL, Status.FORECAST)

NOT_ADDITIVE = "it cannot be put together from the months of a quarter"
NOT_KNOWN = "nobody has said how its months make a quarter: `aggregate` in its file in metrics/ does"
REDEFINED = "the definition changed within the quarter"
NO_PARTS = "numerator and denominator of its months are not known"
NO_QUOTIENT = "its months are not simply numerator over denominator"


def period_cell(series: Series, period: Period) -> Cell:
    """The cell of a month, or of a quarter as the metric's `aggregate` puts it together."""
    if not period.is_quarter:
        return series.at(period.last)
    cells = [(month, series.at(month)) for month in period.months]
    if all(cell.status is Status.MISSING for _, cell in cells):
        return MISSING_CELL
    aggregate = series.metric.aggregate
    if aggregate == Aggregate.LAST or series.metric.cadence == "quarterly":
        return cells[-1][1]
    if aggregate not in _WAYS:
        return Cell(None, Status.NA, note=NOT_ADDITIVE if aggregate == Aggregate.NONE else NOT_KNOWN)
    if not series.is_comparable(period.first, period.last):
        return Cell(None, Status.NA, note=REDEFINED)
    return _WAYS[Aggregate(aggregate)](series, cells)


def adds_up(series: Series) -> bool:
    """Whether a quarter's value is larger than a month's by its nature, so that a monthly target says nothing of it."""
    return series.metric.aggregate in (Aggregate.SUM, Aggregate.OPENING)


def _sum(_: Series, cells: Parts) -> Cell:
    known = [cell for _, cell in cells if cell.value is not None]
    if not known:
        return _nothing(cells)
    total = fsum(cell.value for cell in known if cell.value is not None)
    return _marked(Cell(total, _worst(known), source=known[-1].source, note="the sum of its months"), cells)


def _ratio(series: Series, cells: Parts) -> Cell:
    usable = [cell for _, cell in cells if cell.numerator is not None and cell.denominator is not None]
    if not any(cell.value is not None for cell in usable):
        return Cell(None, Status.NA, note=NO_PARTS) if _has_value(cells) else _nothing(cells)
    if sum(cell.value is not None for cell in usable) < sum(cell.value is not None for _, cell in cells):
        return Cell(None, Status.NA, note=NO_PARTS)
    above = fsum(cell.numerator for cell in usable if cell.numerator is not None)
    below = fsum(cell.denominator for cell in usable if cell.denominator is not None)
    if below == 0:
        return Cell(None, Status.NA, below, above, below, note=f"{series.metric.denominator or 'the denominator'} is 0")
    scale = _scale(usable)
    if scale is None:
        return Cell(None, Status.NA, below, above, below, note=NO_QUOTIENT)
    status = _worst(usable)
    if status is Status.LOW_N and below >= LOW_N_BELOW:
        status = Status.OK
    note = "the numerators of its months over their denominators"
    return _marked(Cell(above / below * scale, status, below, above, below, usable[-1].source, note), cells)


def _opening(series: Series, cells: Parts) -> Cell:
    opening = cells[0][1].denominator
    above = [cell.numerator for _, cell in cells if cell.value is not None and cell.numerator is not None]
    if len(above) < len(cells) or opening is None:
        gap = next((month for month, cell in cells if cell.value is None), None)
        why = NO_PARTS if gap is None else f"{gap.long_label} has no value, and all of its months are needed"
        return Cell(None, Status.NA, note=why)
    if opening == 0:
        return Cell(None, Status.NA, 0, fsum(above), 0, note=f"{series.metric.denominator or 'the opening'} is 0")
    total, scale = fsum(above), _scale([cell for _, cell in cells])
    if scale is None:
        return Cell(None, Status.NA, opening, total, opening, note=NO_QUOTIENT)
    note = f"what came in its months over the {series.metric.denominator or 'denominator'} of the first"
    status = _worst([cell for _, cell in cells])
    return Cell(total / opening * scale, status, opening, total, opening, cells[-1][1].source, note)


_WAYS: dict[Aggregate, Callable[[Series, Parts], Cell]] = {
    Aggregate.SUM: _sum,
    Aggregate.RATIO: _ratio,
    Aggregate.OPENING: _opening,
}


def _scale(cells: Sequence[Cell]) -> float | None:
    """What the quotients of the months are multiplied by; None where their values are something else."""
    for scale in _SCALES:
        if all(
            isclose(cell.value * cell.denominator, scale * cell.numerator, rel_tol=1e-6, abs_tol=1e-9)
            for cell in cells
            if cell.value is not None and cell.numerator is not None and cell.denominator is not None
        ):
            return scale
    return None


def _has_value(cells: Parts) -> bool:
    return any(cell.value is not None for _, cell in cells)


def _nothing(cells: Parts) -> Cell:
    """A cell without a value that says what its newest month says."""
    return next((cell._replace(value=None) for _, cell in reversed(cells) if cell.note), Cell(None, Status.NA))


def _worst(cells: Sequence[Cell]) -> Status:
    """The status that a reader has to know of: the first in the order of `Status`."""
    found = {cell.status for cell in cells if cell.value is not None}
    return next((status for status in Status if status in found), Status.OK)


def _marked(cell: Cell, cells: Parts) -> Cell:
    """`cell`, marked as partial where months have no data."""
    lacking = [month for month, item in cells if item.status is Status.MISSING or item.status in _NOT_FINAL]
    lacking += [month for month, item in cells if item.value is None and item.denominator is None]
    if not lacking:
        return cell
    names = ", ".join(month.label for month in sorted(set(lacking)))
    return cell._replace(status=Status.PARTIAL, note=f"{cell.note}, without {names}: no value there")
