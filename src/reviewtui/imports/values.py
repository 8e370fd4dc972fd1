"""From the cells of a series to numbers: the sheet's decimal sign, per cent as fractions, reasons for gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from reviewtui.imports.cell_values import NoNumber, decimal_sign, read_number
from reviewtui.imports.tables import LeftOut
from reviewtui.imports.words import key, without_percent_mark
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.imports.mapping import MetricName
    from reviewtui.imports.sheets import SheetCell
    from reviewtui.imports.tables import Entry, Series, Table

PERCENT_UNITS = ("percent", "percent points")
LARGEST_RATE = 1.5
"""A rate above this, not marked as per cent, looks 100 times too large."""


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """A number of a series."""

    entry: Entry
    value: float
    is_percent: bool
    """It was marked as per cent, and is a fraction already."""
    reads_two_ways: bool = False

    @property
    def n(self) -> float | None:
        """The sample size beside it."""
        cell = self.entry.n
        if cell is None or cell.value is None:
            return None
        if isinstance(cell.value, float):
            return cell.value
        read = read_number(str(cell.value), ".")
        return None if isinstance(read, NoNumber) else read.value


def sheet_decimal(table: Table) -> str:
    """The decimal sign of a sheet's texts; empty where nothing tells."""
    if table.decimal:
        return table.decimal
    return decimal_sign(
        entry.cell.value for series in table.series for entry in series.entries if isinstance(entry.cell.value, str)
    )


def read_entries(series: Series, decimal: str) -> tuple[list[ReadEntry], list[LeftOut]]:
    """The numbers of a series, and the cells that hold something else."""
    read: list[ReadEntry] = []
    left_out: list[LeftOut] = []
    for entry in series.entries:
        cell = entry.cell
        if cell.fault:
            left_out.append(LeftOut(entry.place, cell.fault, is_fault=True))
        elif isinstance(cell.value, float):
            read.append(ReadEntry(entry, cell.value, cell.is_percent))
        elif isinstance(cell.value, str):
            number = read_number(cell.value, decimal)
            if isinstance(number, NoNumber):
                left_out.append(LeftOut(entry.place, _reason(cell, number), is_fault=number.is_fault))
            else:
                read.append(ReadEntry(entry, number.value, number.is_percent, number.reads_two_ways))
        elif cell.value is not None:
            kind = "true or false" if isinstance(cell.value, bool) else f"the date {cell.text[:10]}"
            left_out.append(LeftOut(entry.place, f"{kind}, not a number", is_fault=True))
    return read, left_out


def _reason(cell: SheetCell, number: NoNumber) -> str:
    shown = cell.text if len(cell.text) <= 40 else cell.text[:39] + "…"
    return f"{shown!r} is {number.reason}" if number.is_fault else f"{shown!r}: {number.reason}"


def two_ways_remark(read: Iterable[ReadEntry], decimal: str) -> str:
    """What was taken where texts read two ways; empty where none does."""
    doubtful = [item for item in read if item.reads_two_ways]
    if not doubtful:
        return ""
    first = doubtful[0]
    why = f"the sheet's other numbers have {decimal!r} as decimal sign" if decimal else "nothing in the sheet decides"
    return (
        f"{counted(len(doubtful), 'number')} such as {first.entry.cell.text!r} in {first.entry.place} can be read two"
        f" ways; that one is taken as {first.value:.10g}: {why}."
    )


class Fractions(NamedTuple):
    """The numbers of a series with per cent as fractions."""

    read: list[ReadEntry]
    remark: str = ""
    """What was changed, or looks wrong; empty for neither."""
    is_doubtful: bool = False
    """Its numbers look 100 times too large and were left as they are."""


def as_fractions(series: Series, meaning: MetricName, read: list[ReadEntry], *, said: bool) -> Fractions:
    """Bring per cent to fractions; `said` is True if a person said that its plain numbers are per cent."""
    plain = [item for item in read if not item.is_percent]
    if not plain:
        return Fractions(read)
    largest = max(abs(item.value) for item in plain)
    marked = without_percent_mark(series.name)[1] or "%" in series.unit or key(series.unit) in _PERCENT_WORDS
    is_rate = meaning.unit in PERCENT_UNITS
    if said or (is_rate and marked and largest > 1):
        example = plain[-1]
        remark = f"{series.name!r} is in per cent: {example.value:g} is taken as {example.value / 100:g}."
        return Fractions([item if item.is_percent else _hundredth(item) for item in read], remark)
    if is_rate and largest > LARGEST_RATE:
        remark = (
            f"{series.name!r} is a rate, but its numbers go up to {largest:g} and look 100 times too large; they are"
            f" taken as they are. If they are per cent, import again with --percent {series.name!r}."
        )
        return Fractions(read, remark, is_doubtful=True)
    return Fractions(read)


_PERCENT_WORDS = ("percent", "pct", "prozent", "per cent")


def _hundredth(item: ReadEntry) -> ReadEntry:
    return replace(item, value=float(Decimal(repr(item.value)) / 100), is_percent=True)
