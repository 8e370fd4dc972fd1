"""Give every header of a line its month: years from beside it, dates in one order, plans and totals left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.imports.month_text import Header, in_one_order, month_of, read_header, read_header_text
from reviewtui.imports.words import is_total
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.imports.sheets import Grid

_QUARTER = re.compile(
    r"(?:.*\W)?(?:[QTKH][1-4]|[1-4][QTH]|[1-4]\.?\s*(?:quarter|quartal|trimestre|trim\.?|kwartaal)|第[1-4]四半期)(?:\W.*)?",
    re.IGNORECASE,
)

NO_YEAR = "its month has no year; write the year above it"


@dataclass(frozen=True, slots=True)
class HeaderMonths:
    """The months of a header line."""

    months: Mapping[int, Month]
    """Position to month, in the order of the line."""
    left_out: Mapping[int, str]
    """Position to why its values are not taken, for positions with a header that is no month."""
    doubts: tuple[str, ...] = ()
    """Readings that were chosen among several, in sentences."""
    year_line: int | None = None
    """The line that holds the years; None where none is needed."""


def resolve_months(
    grid: Grid, header: int, positions: Mapping[int, Header], year_lines: Sequence[int], title_year: int | None
) -> HeaderMonths:
    """The months of the line `header`; years come from it, else from `year_lines`, else from `title_year`."""
    monthly = {position: found for position, found in positions.items() if found.is_month}
    order, sure = in_one_order(monthly.values())
    doubts = dict.fromkeys(found.doubt for found in monthly.values() if found.doubt)
    if not sure:
        example = next(position for position, found in monthly.items() if found.orders)
        doubts[f"Dates such as {grid.cell(header, example).text} are read with the day first."] = None
    lacking = any(found.number is not None and found.year is None for found in monthly.values())
    year_line, years = _years_beside(grid, year_lines) if lacking else (None, {})
    left_out = {
        position: _why_no_month(grid.spread(header, position).text, found)
        for position, found in positions.items()
        if not found.is_month or found.planned
    }
    months: dict[int, Month] = {}
    rolling = _RollingYear(title_year)
    for position, found in monthly.items():
        if position in left_out:
            continue
        month = month_of(found, order)
        if month is None and found.number is not None:
            beside = _year_at(years, position)
            year = rolling.year_for(found.number, beside)
            month = None if year is None else Month(year, found.number)
        if month is None:
            left_out[position] = NO_YEAR
        else:
            months[position] = month
    if rolling.used_title and months:
        doubts[f"The months have no year; {title_year} is taken from the title or the name of the sheet."] = None
    if rolling.rolled:
        doubts["After December the next year begins, though no new year is written."] = None
    return HeaderMonths(months, left_out, tuple(doubts), year_line)


class _RollingYear:
    """The year of months in a row: written beside a month, or carried on across December."""

    def __init__(self, title_year: int | None) -> None:
        self.title_year = title_year
        self.used_title = False
        self.rolled = False
        self._written: int | None = None
        self._year: int | None = None
        self._last_number = 0

    def year_for(self, number: int, beside: int | None) -> int | None:
        """The year of the next month of the line, whose number is `number`."""
        if beside is not None and beside != self._written:
            self._written = self._year = beside
        elif self._year is None:
            self._year = self.title_year
            self.used_title = self._year is not None
        elif number < self._last_number:
            self._year += 1
            self.rolled = True
        self._last_number = number
        return self._year


def _years_beside(grid: Grid, lines: Sequence[int]) -> tuple[int | None, dict[int, int]]:
    """The first of `lines` that holds years, and position to year in it."""
    for line in lines:
        years = {
            position: found.year
            for position, cell in grid.lines.get(line, {}).items()
            if (found := read_header(cell)).is_year and found.year is not None
        }
        if years:
            return line, years
    return None, {}


def _year_at(years: Mapping[int, int], position: int) -> int | None:
    """The year that stands over `position`, or over the nearest position before it."""
    before = [place for place in years if place <= position]
    return years[max(before)] if before else None


def _why_no_month(text: str, found: Header) -> str:
    if found.planned:
        return f"{text!r} is a plan or a forecast, not what happened"
    if found.is_year:
        return f"{text!r} is a whole year"
    if _is_quarter(text):
        return f"{text!r} is a quarter or a half-year"
    if is_total(text) or any(is_total(word) for word in text.split() if read_header_text(text).number is None):
        return f"{text!r} is a total"
    return f"its header {text!r} is no month"


def _is_quarter(text: str) -> bool:
    return _QUARTER.fullmatch(text.strip()) is not None
