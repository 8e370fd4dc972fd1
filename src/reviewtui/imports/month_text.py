"""Read the header of a month column: dates, numbers, and names of months in several languages.

A header may lack its year (`Jan`), or be only a year (`2026`); what is beside it completes it, see `layout.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from reviewtui.imports.month_names import month_number, plain
from reviewtui.imports.words import word_list
from reviewtui.months import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.imports.sheets import SheetCell

FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Years outside are no years of a review."""

LONGEST_HEADER = 60
"""A longer text is prose, not a month."""

_CJK = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月(?:分|度)?")
_YEAR_MONTH = re.compile(r"(\d{4})\s*[-/.\s]\s*M?(\d{1,2})", re.IGNORECASE)
_YEAR_MONTH_JOINED = re.compile(r"(\d{4})M?(\d{2})", re.IGNORECASE)
_MONTH_YEAR = re.compile(r"M?(\d{1,2})\s*[-/.\s]\s*(\d{4})", re.IGNORECASE)
_MONTH_SHORT_YEAR = re.compile(r"(\d{1,2})\s*[/.]\s*'?(\d{2})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ]0?0:00.*)?")
_YEAR = re.compile(r"(?:FY|CY|year|jahr|année|annee|año|ano|jaar|anno)?[\s']*(\d{4})\s*年?", re.IGNORECASE)
_WORDS = re.compile(r"\d+|[^\W\d_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says about its month; all parts None for a header that is no month."""

    year: int | None = None
    number: int | None = None
    """1 to 12."""
    orders: tuple[tuple[int, int], ...] = ()
    """For a date such as 03/04/2026, (month, year) with the day first and with the month first."""
    planned: bool = False
    """Its numbers are a plan or a forecast."""
    doubt: str = ""
    """Why another reading is possible."""

    @property
    def is_month(self) -> bool:
        """Whether it names a month, with or without its year."""
        return self.number is not None or bool(self.orders)

    @property
    def is_year(self) -> bool:
        """Whether it is a year and nothing else."""
        return self.year is not None and not self.is_month


NO_HEADER = Header()


def read_header(cell: SheetCell) -> Header:
    """What the header `cell` says about its month."""
    value = cell.value
    if isinstance(value, date):
        known = FIRST_YEAR <= value.year <= LAST_YEAR
        return Header(value.year, value.month) if known else NO_HEADER
    if isinstance(value, bool) or value is None:
        return NO_HEADER
    if isinstance(value, float):
        return _of_number(value)
    return read_header_text(value)


def read_header_text(text: str) -> Header:
    """As `read_header`, for text."""
    text = " ".join(text.translate(_WIDE).split()).strip("'\" ")
    if not text or len(text) > LONGEST_HEADER:
        return NO_HEADER
    for pattern, reading in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is not None:
            return reading(match)
    return _of_words(text)


def in_one_order(headers: Iterable[Header]) -> tuple[int, bool]:
    """For the dates among `headers` that read two ways: 0 for the day first, 1 for the month first; and if sure.

    The reading that gives more different months is taken: first days of months differ in the month only.
    """
    two_ways = [header.orders for header in headers if len(header.orders) > 1]
    counts = [len({orders[order] for orders in two_ways}) for order in (0, 1)]
    return (1 if counts[1] > counts[0] else 0), not two_ways or counts[0] != counts[1]


def short_year(two_digits: int) -> int:
    """The year meant by two digits: 70 to 99 are of the last century."""
    return two_digits + (1900 if two_digits >= 70 else 2000)


def year_in(text: str) -> int | None:
    """The one year that a title or a sheet's name holds; None for none or several."""
    years = {int(found) for found in re.findall(r"(?<!\d)(\d{4})(?!\d)", text)}
    plausible = [year for year in years if FIRST_YEAR <= year <= LAST_YEAR]
    return plausible[0] if len(plausible) == 1 else None


def month_of(header: Header, order: int = 0) -> Month | None:
    """The month of a header that has its year; None where it lacks it."""
    number, year = header.number, header.year
    if header.orders:
        number, year = header.orders[min(order, len(header.orders) - 1)]
    return None if number is None or year is None else Month(year, number)


def _valid(year: int, number: int, doubt: str = "") -> Header:
    if 1 <= number <= MONTHS_PER_YEAR and FIRST_YEAR <= year <= LAST_YEAR:
        return Header(year, number, doubt=doubt)
    return NO_HEADER


def _of_number(value: float) -> Header:
    if not value.is_integer():
        return NO_HEADER
    whole = int(value)
    if FIRST_YEAR <= whole <= LAST_YEAR:
        return Header(year=whole)
    return _valid(whole // 100, whole % 100) if FIRST_YEAR * 100 < whole <= LAST_YEAR * 100 + 99 else NO_HEADER


def _of_cjk(match: re.Match[str]) -> Header:
    number = int(match[2])
    if not 1 <= number <= MONTHS_PER_YEAR:
        return NO_HEADER
    return _valid(int(match[1]), number) if match[1] else Header(number=number)


def _of_short_year(match: re.Match[str]) -> Header:
    doubt = f"{match[0]!r} is taken as month/year"
    return _valid(short_year(int(match[2])), int(match[1]), doubt)


def _of_full_date(match: re.Match[str]) -> Header:
    first, second = int(match[1]), int(match[2])
    year = int(match[3]) if len(match[3]) == 4 else short_year(int(match[3]))
    day_first, month_first = _is_day(year, second, first), _is_day(year, first, second)
    if not FIRST_YEAR <= year <= LAST_YEAR or not (day_first or month_first):
        return NO_HEADER
    if day_first and month_first and first != second:
        return Header(orders=((second, year), (first, year)))
    return Header(year, second if day_first else first)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _of_iso_date(match: re.Match[str]) -> Header:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    return _valid(year, month) if _is_day(max(year, 1), month, day) else NO_HEADER


def _of_year(match: re.Match[str]) -> Header:
    year = int(match[1])
    return Header(year=year) if FIRST_YEAR <= year <= LAST_YEAR else NO_HEADER


_PATTERNS = (
    (_YEAR, _of_year),
    (_CJK, _of_cjk),
    (_YEAR_MONTH, lambda match: _valid(int(match[1]), int(match[2]))),
    (_YEAR_MONTH_JOINED, lambda match: _valid(int(match[1]), int(match[2]))),
    (_MONTH_YEAR, lambda match: _valid(int(match[2]), int(match[1]))),
    (_YEAR_MONTH_DAY, _of_iso_date),
    (_DAY_MONTH_YEAR, _of_full_date),
    (_MONTH_SHORT_YEAR, _of_short_year),
)

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
"""Full-width forms, as Japanese keyboards write digits, to the ordinary ones."""


def _of_words(text: str) -> Header:
    """A month's name, perhaps a year, perhaps a day, and words that say whether it is a plan."""
    words = _WORDS.findall(plain(text))
    kinds = Counter(_kind(word) for word in words)
    names = [number for word in words if (number := month_number(word)) is not None]
    if kinds["name"] != 1 or kinds["other"]:
        return NO_HEADER
    numbers = [word for word in words if word.isdecimal()]
    years = [word for word in numbers if len(word) == 4]
    if len(numbers) == 2 and not years:
        numbers = years = numbers[-1:]  # `1 Jan 26`: a day and a year
    if not years and len(numbers) == 1:
        years = numbers
    if len(years) > 1 or len(numbers) - len(years) > 1 or any(len(year) not in (2, 4) for year in years):
        return NO_HEADER
    planned = kinds["plan"] > 0
    if not years:
        return Header(number=names[0], planned=planned)
    year = int(years[0]) if len(years[0]) == 4 else short_year(int(years[0]))
    known = FIRST_YEAR <= year <= LAST_YEAR
    return Header(year, names[0], planned=planned) if known else NO_HEADER


def _kind(word: str) -> str:
    if word.isdecimal():
        return "number" if word.isascii() else "other"
    if month_number(word) is not None:
        return "name"
    if word in word_list("plan"):
        return "plan"
    return "filler" if word in word_list("filler") or word in word_list("actual") else "other"
