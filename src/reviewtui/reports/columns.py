"""One row of a selection as columns of text, one text a month, straight from what is kept of a sheet.

No cell and no verdict is made on the way: printing all of them takes longer than reading them.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from reviewtui.anomalies.judgements import KINDS
from reviewtui.metrics.packed import unpack_numbers
from reviewtui.metrics.sheet import MISSING_CELL, CellSource, Status
from reviewtui.metrics.sheet_file import pack_row, packed_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reviewtui.metrics.sheet import Metric, Product
    from reviewtui.months import Month
    from reviewtui.reports.selection import Selection

    Column = Sequence[str]

_STATUSES = tuple(str(status) for status in Status)
_SOURCES = tuple(str(source) for source in CellSource)
_KINDS = ("", *(str(kind) for kind in KINDS))
_VALUE, _N = 0, 1
_LOW, _HIGH, _SCORE = 0, 1, 3
"""Places in what is packed."""


def cell_columns(selection: Selection, product: Product, metric: Metric) -> list[Column]:
    """Value, n, status and source of each month."""
    key, sheet = (product.id, metric.id), selection.sheet
    row = packed_row(sheet.rows, key) if key in sheet.rows else pack_row(())
    value, n = (
        [text_of(number) for number in unpack_numbers("d", data)] if data else [""] * len(row.statuses)
        for data in (row.numbers[_VALUE], row.numbers[_N])
    )
    statuses, sources = [_STATUSES[code] for code in row.statuses], [_SOURCES[code] for code in row.source]
    columns = (value, ""), (n, ""), (statuses, str(MISSING_CELL.status)), (sources, str(MISSING_CELL.source))
    return [_of(selection.months, column, sheet.months, missing) for column, missing in columns]


def verdict_columns(selection: Selection, product: Product, metric: Metric) -> list[Column]:
    """Low, high, score and anomaly of each month; empty where it is not judged."""
    packed = selection.judgements.packed.get((product.id, metric.id))
    if packed is None:
        return [[""] * len(selection.months)] * 4
    low, high, score = (unpack_numbers("d", packed.numbers[place]) for place in (_LOW, _HIGH, _SCORE))
    is_judged = [not isnan(level) for level in score]
    columns = [
        [repr(number) if judged else "" for number, judged in zip(numbers, is_judged, strict=True)]
        for numbers in (low, high, score)
    ]
    columns.append([_KINDS[code] if judged else "" for code, judged in zip(packed.anomaly, is_judged, strict=True)])
    return [_of(selection.months, column, selection.judgements.months, "") for column in columns]


def text_of(number: float) -> str:
    """The shortest text that reads back to the same double; empty for what is no number."""
    # Of infinity and NaN the difference is NaN, which is true.
    return "" if number - number else repr(number)


def _of(months: Sequence[Month], column: Column, known: Sequence[Month], missing: str) -> Column:
    """The part of `column`, which has a text for each of the `known` months, that is of `months`; both are runs."""
    if not months or not known:
        return [missing] * len(months)
    start = months[0].index - known[0].index
    if start >= 0 and start + len(months) <= len(column):
        return column[start : start + len(months)]
    places: Iterable[int] = range(start, start + len(months))
    return [column[place] if 0 <= place < len(column) else missing for place in places]
