"""Read the files of `imports/`: what `reviewtui import` wrote, and what people edit or put there by hand.

Every row is checked on its own; one that cannot be used is reported with file and line, and the others are used.
"""

from __future__ import annotations

import csv
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING

from reviewtui.errors import Problem, Severity
from reviewtui.imports.month_text import FIRST_YEAR, LAST_YEAR
from reviewtui.imports.sheets import without_quote
from reviewtui.imports.written import COLUMNS, REQUIRED_COLUMNS
from reviewtui.months import Month
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import counted
from reviewtui.workspace.model import IMPORTS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

MOST_BYTES = 50 * 1024 * 1024
"""A larger file is not read."""
MOST_PROBLEMS = 20
"""Problems of one file that are listed; the others are counted."""

_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class StoredValue(NamedTuple):
    """One row of a file, checked."""

    product_id: str
    month: date
    """The first day."""
    metric: str
    value: float
    n: float | None
    source: str
    imported_at: datetime | None
    place: str
    """File and line, as `imports/budget.csv:7`."""


@dataclass(frozen=True, slots=True)
class StoredImports:
    """What the files of `imports/` hold together."""

    values: tuple[StoredValue, ...]
    """Each cell of the grid once, except where two rows of the same import time contradict each other."""
    problems: tuple[Problem, ...]


def read_imports(paths: Iterable[Path]) -> StoredImports:
    """All usable rows of the files `paths`; of rows for the same cell, the newest import counts."""
    problems: list[Problem] = []
    rows = chain.from_iterable(_read_file(path, problems) for path in paths)
    values = _newest(rows, problems)
    return StoredImports(values, tuple(problems))


def _newest(rows: Iterable[StoredValue], problems: list[Problem]) -> tuple[StoredValue, ...]:
    """One row a cell: the newest import; of rows that are as new and differ, all, for the evaluation to choose."""
    newest: dict[tuple[str, date, str], list[StoredValue]] = {}
    contradicted: dict[tuple[str, Severity], list[tuple[StoredValue, StoredValue]]] = {}
    for row in rows:
        known = newest.setdefault((row.product_id, row.month, row.metric), [])
        if not known:
            known.append(row)
            continue
        older, newer = sorted((known[0], row), key=_age)
        if older.value == newer.value:
            known[0] = newer
            continue
        severity = Severity.ERROR if _age(older) == _age(newer) else Severity.WARNING
        contradicted.setdefault((_file(older), severity), []).append((older, newer))
        if severity is Severity.ERROR:
            known.append(row)
        else:
            newest[row.product_id, row.month, row.metric] = [newer]
    problems.extend(_contradiction(severity, pairs) for (_, severity), pairs in contradicted.items())
    return tuple(chain.from_iterable(newest.values()))


def _age(row: StoredValue) -> datetime:
    return row.imported_at or datetime.min.replace(tzinfo=UTC)


def _file(row: StoredValue) -> str:
    return row.place.rpartition(":")[0]


def _contradiction(severity: Severity, pairs: Sequence[tuple[StoredValue, StoredValue]]) -> Problem:
    """What to say of rows that a newer import overrules, or that contradict each other."""
    older, newer = pairs[0]
    what = f"{older.metric} of {older.product_id} in {Month.of(older.month)} is {older.value:.10g} here"
    more = f" {len(pairs) - 1:,} more rows of this file likewise." if len(pairs) > 1 else ""
    if severity is Severity.ERROR:
        rule = "neither import is newer, so the larger value is shown. Keep one of them."
    else:
        rule = "the newer import counts."
    file, _, line = older.place.rpartition(":")
    return Problem(file, int(line), f"{what} and {newer.value:.10g} in {newer.place}: {rule}{more}", severity)


def _read_file(path: Path, problems: list[Problem]) -> Iterator[StoredValue]:
    """The usable rows of one file, the problems with the others noted once it is read to the end."""
    label = f"{IMPORTS_FOLDER}/{path.name}"
    reading = _FileReading(label)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        refusal = _refusal(os.fstat(handle))
        if refusal:
            os.close(handle)
            reading.problems.append(Problem(label, None, refusal))
        else:
            with os.fdopen(handle, "r", encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
                yield from reading.rows(stream)
    except OSError as error:
        reading.problems.append(Problem(label, None, f"The file cannot be read: {error.strerror}."))
    problems.extend(reading.problems)
    if reading.unlisted:
        message = f"{counted(reading.unlisted, 'more row')} that cannot be used."
        problems.append(Problem(label, None, message))


def _refusal(status: os.stat_result) -> str:
    if not stat.S_ISREG(status.st_mode):
        return "This is no ordinary file and is not read."
    if status.st_size > MOST_BYTES:
        return f"The file has {status.st_size >> 20} MB; at most {MOST_BYTES >> 20} MB are read. Split it."
    return ""


class _UnusableRowError(Exception):
    """Why a row is not used, in a sentence."""


class _FileReading:
    """One reading of a file: collects its problems, the first `MOST_PROBLEMS` in words."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.problems: list[Problem] = []
        self.unlisted = 0

    def rows(self, lines: Iterable[str]) -> Iterator[StoredValue]:
        """The usable rows below the header."""
        reader = csv.reader(lines)
        columns: Mapping[str, int] | None = None
        line = 1
        try:
            for fields in reader:
                if not fields or not any(field.strip() for field in fields):
                    pass
                elif columns is None:
                    columns = self._columns(fields, line)
                    if columns is None:
                        return
                else:
                    try:
                        yield self._row(fields, columns, line)
                    except _UnusableRowError as reason:
                        self._report(line, str(reason))
                line = reader.line_num + 1
        except csv.Error as error:
            self._report(line, f"The file cannot be read from here on: {error}. Mend this line.")
        if columns is None:
            self._report(1, f"The file is empty. Its first line names the columns: {','.join(COLUMNS)}.")

    def _columns(self, fields: Sequence[str], line: int) -> Mapping[str, int] | None:
        """Column name to its place; None, with the problem noted, if a required one lacks."""
        names = [field.strip().lower() for field in fields]
        lacks = [name for name in REQUIRED_COLUMNS if name not in names]
        if not lacks:
            return {name: names.index(name) for name in COLUMNS if name in names}
        for delimiter, called in _OTHER_DELIMITERS.items():
            if len(fields) == 1 and delimiter in fields[0]:
                self._report(line, f"The columns are parted by {called}. Part them by commas.")
                return None
        message = f"The first line lacks {', '.join(lacks)}. It names the columns: {','.join(COLUMNS)}."
        self._report(line, message)
        return None

    def _row(self, fields: Sequence[str], columns: Mapping[str, int], line: int) -> StoredValue:
        if _NOT_UTF8.search("".join(fields)):
            raise _UnusableRowError("This line is not UTF-8. Save the file as UTF-8.")
        if len(fields) <= max(columns[name] for name in REQUIRED_COLUMNS):
            raise _UnusableRowError(f"This row has {counted(len(fields), 'column')}, fewer than the first line.")
        cells = {name: fields[place].strip() if place < len(fields) else "" for name, place in columns.items()}
        for name in ("product_id", "metric"):
            if not cells[name]:
                raise _UnusableRowError(f"This row has no {name}.")
        return StoredValue(
            without_quote(cells["product_id"]),
            _month(cells["month"]),
            without_quote(cells["metric"]),
            _number(cells["value"], "value"),
            _number(cells["n"], "n") if cells.get("n") else None,
            without_quote(cells.get("source", "")),
            _instant(cells["imported_at"]) if cells.get("imported_at") else None,
            f"{self.label}:{line}",
        )

    def _report(self, line: int, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.label, line, message))
        else:
            self.unlisted += 1


def _month(text: str) -> date:
    """`2026-01`, or any day of the month as `2026-01-31`."""
    try:
        found = date.fromisoformat(text).replace(day=1) if len(text) == _ISO_DAY else Month.parse(text).first_day
    except ValueError:
        raise _UnusableRowError(f"The month {text!r} is not written YYYY-MM.") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _UnusableRowError(f"The month {text!r} is not between {FIRST_YEAR} and {LAST_YEAR}.")
    return found


_ISO_DAY = len("2026-01-31")


def _number(text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or "_" in text:
        shown = f"{text!r} is no number" if text else "is missing"
        raise _UnusableRowError(f"The {what} {shown}. Write it as 1234.5, and a rate as a fraction (0.033).")
    return number


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _UnusableRowError(f"The imported_at {text!r} is no date. Write it as 2026-01-31.") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
