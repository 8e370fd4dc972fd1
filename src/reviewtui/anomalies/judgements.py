"""The verdicts on a whole sheet, as a value that is quick to keep and to read: rows are unpacked when asked for."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from reviewtui.anomalies.verdicts import Kind, Verdict
from reviewtui.metrics.packed import unpack_numbers
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reviewtui.months import Month

RowKey = tuple[str, str]
"""Product id, metric id."""

KINDS = tuple(Kind)


class PackedVerdicts(NamedTuple):
    """The verdicts on one row of cells, field by field, one a month."""

    numbers: tuple[bytes, bytes, bytes, bytes]
    """Little-endian doubles: low, high, expected, score; NaN where there is no verdict."""
    anomaly: bytes
    """For each month the place of the kind in `KINDS` plus one; 0: none. Likewise `became`."""
    months: bytes
    is_above: bytes
    became: bytes


class Judgements:
    """(product, metric) to the verdict on each month; None where a month is not judged."""

    def __init__(self, months: tuple[Month, ...], packed: Mapping[RowKey, PackedVerdicts]) -> None:
        self.months = months
        self.packed = packed
        """What is kept of it."""
        self._place = {month: number for number, month in enumerate(months)}
        self._rows: dict[RowKey, tuple[Verdict | None, ...]] = {}
        self._asked: tuple[tuple[Month, ...], list[int | None]] = ((), [])
        """Months that somebody asked for last, and where they stand."""

    def row(self, product: str, metric: str) -> tuple[Verdict | None, ...]:
        """The verdicts on one metric, one a month."""
        key = (product, metric)
        found = self._rows.get(key)
        if found is None:
            packed = self.packed.get(key)
            found = (None,) * len(self.months) if packed is None else tuple(_verdicts(packed))
            self._rows[key] = found
        return found

    def verdict(self, product: str, metric: str, month: Month) -> Verdict | None:
        """The verdict on one cell."""
        place = self._place.get(month)
        return None if place is None else self.row(product, metric)[place]

    def verdicts(self, product: str, metric: str, months: tuple[Month, ...]) -> list[Verdict | None]:
        """The verdicts on some months of one metric."""
        asked = self._asked
        if asked[0] is not months:
            asked = self._asked = (months, [self._place.get(month) for month in months])
        row = self.row(product, metric)
        return [None if place is None else row[place] for place in asked[1]]

    def flagged(self, month: Month) -> Iterator[RowKey]:
        """The cells of `month` that are out of the ordinary; rows are not unpacked for it."""
        place = self._place.get(month)
        if place is not None:
            yield from (key for key, packed in self.packed.items() if packed.anomaly[place])


NOTHING_JUDGED = Judgements((), {})
"""Before anything is judged."""


def _verdicts(packed: PackedVerdicts) -> Iterator[Verdict | None]:
    low, high, expected, score = (unpack_numbers("d", data) for data in packed.numbers)
    for place, level in enumerate(score):
        if isnan(level):
            yield None
            continue
        yield Verdict(
            low[place],
            high[place],
            expected[place],
            level,
            _kind(packed.anomaly[place]),
            packed.months[place],
            bool(packed.is_above[place]),
            _kind(packed.became[place]),
        )


def _kind(code: int) -> Kind | None:
    return KINDS[code - 1] if code else None
