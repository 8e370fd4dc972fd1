"""A computed sheet as bytes: quick to read, because the cells of a row are made when the row is asked for.

It is the sheet without its rows, and the rows packed as arrays.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from math import isnan, nan
from typing import TYPE_CHECKING

from reviewtui.metrics.packed import pack_numbers, unpack_numbers
from reviewtui.metrics.sheet import Cell, CellSource, MetricSheet, Status
from reviewtui.plain_file import plain_bytes, plain_values
from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

RowKey = tuple[str, str]

_STATUSES = tuple(Status)
_SOURCES = tuple(CellSource)
_NUMBERS = ("value", "n", "numerator", "denominator")
"""The fields of a cell that are numbers; NaN stands for None."""
_DOUBLES = "d"


class PackedRow(NamedTuple):
    """One row of cells, field by field."""

    numbers: tuple[bytes, ...]
    """Little-endian doubles of `_NUMBERS`; empty where no cell has one."""
    statuses: bytes
    source: bytes
    notes: tuple[str, ...]
    note_places: bytes
    """For each cell the place of its note in `notes`, two bytes each; empty where no cell has one."""


class PackedRows(Mapping[RowKey, tuple[Cell, ...]]):
    """Rows whose cells are made when they are first asked for."""

    def __init__(self, packed: dict[RowKey, PackedRow]) -> None:
        self._packed = packed
        self._rows: dict[RowKey, tuple[Cell, ...]] = {}

    def __getitem__(self, key: RowKey) -> tuple[Cell, ...]:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = unpack_row(self._packed[key])
        return row

    def packed(self, key: RowKey) -> PackedRow:
        """A row as it is kept, its cells not made."""
        return self._packed[key]

    def __contains__(self, key: object) -> bool:
        return key in self._packed

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def pack_row(cells: tuple[Cell, ...]) -> PackedRow:
    """The fields of `cells` one after the other."""
    numbers = []
    for field in _NUMBERS:
        values: list[float | None] = [getattr(cell, field) for cell in cells]
        is_empty = all(value is None for value in values)
        numbers.append(
            b"" if is_empty else pack_numbers(_DOUBLES, (nan if value is None else value for value in values))
        )
    notes = {"": 0}
    places = [notes.setdefault(cell.note, len(notes)) for cell in cells]
    return PackedRow(
        tuple(numbers),
        bytes(_STATUSES.index(cell.status) for cell in cells),
        bytes(_SOURCES.index(cell.source) for cell in cells),
        tuple(notes),
        b"".join(place.to_bytes(2, "little") for place in places) if any(places) else b"",
    )


def packed_row(rows: Mapping[RowKey, tuple[Cell, ...]], key: RowKey) -> PackedRow:
    """A row of a sheet's `rows` as it is kept; packed only where it is not yet."""
    if isinstance(rows, ChainMap):
        return packed_row(next(part for part in rows.maps if key in part), key)
    return rows.packed(key) if isinstance(rows, PackedRows) else pack_row(rows[key])


def unpack_row(row: PackedRow) -> tuple[Cell, ...]:
    """The cells of a packed row."""
    count = len(row.statuses)
    nothing: list[float | None] = [None] * count
    value, n, numerator, denominator = (_numbers(data) if data else nothing for data in row.numbers)
    notes = [""] * count
    if row.note_places:
        places = memoryview(row.note_places)
        notes = [row.notes[int.from_bytes(places[2 * k : 2 * k + 2], "little")] for k in range(count)]
    statuses = [_STATUSES[code] for code in row.statuses]
    sources = [_SOURCES[code] for code in row.source]
    return tuple(map(Cell, value, statuses, n, numerator, denominator, sources, notes))


def _numbers(data: bytes) -> list[float | None]:
    return [None if isnan(value) else value for value in unpack_numbers(_DOUBLES, data)]


def packed_sheet(sheet: MetricSheet) -> tuple[object, ...]:
    """`sheet` as it is kept."""
    return replace(sheet, rows={}), {key: pack_row(cells) for key, cells in sheet.rows.items()}


def unpacked_sheet(values: object) -> MetricSheet | None:
    """The sheet that was packed; None where it was none."""
    match values:
        case (MetricSheet() as sheet, dict() as packed):
            return replace(sheet, rows=PackedRows(packed))
    return None


def sheet_bytes(sheet: MetricSheet) -> bytes:
    """`sheet` as the content of a file."""
    return plain_bytes(packed_sheet(sheet))


def sheet_of(data: bytes) -> MetricSheet | None:
    """The sheet of such a file; None for anything else, whatever the bytes are."""
    return unpacked_sheet(plain_values(data))
