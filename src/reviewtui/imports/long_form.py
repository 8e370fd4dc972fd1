"""Read a table with one month a row: `product, month, metric, value`, or a column a metric beside product and month."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from reviewtui.imports.layout import is_value
from reviewtui.imports.month_text import Header, in_one_order, month_of, read_header
from reviewtui.imports.sheets import Grid, without_quote
from reviewtui.imports.tables import Entry, LeftOut, LooseNote, Series, Table
from reviewtui.imports.words import key, titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.imports.sheets import SheetCell, SourceSheet
    from reviewtui.months import Month

HEADER_ROWS = 20
"""The titles of the columns are looked for in this many rows."""

NOT_FACTS = ("forecast", "partial")
"""A status of a value that is not what the whole month was."""

OWN_TITLES = frozenset({"month", "metric", "value"})
"""The columns of this program's own files, where a point is always the decimal sign."""

ID_TITLES = frozenset({"product_id", "status", "imported_at"})
"""With one of these too, products and metrics are named by their ids."""


def read_long_form(sheet: SourceSheet) -> Table | None:
    """The table of a sheet that has a month in every row; None for a sheet of another form."""
    grid = Grid(sheet)
    for line in list(grid.lines)[:HEADER_ROWS]:
        roles = _roles(grid, line)
        if "month" in roles and ("value" in roles and "metric" in roles):
            return _Reading(grid, line, roles).table()
        if "month" in roles and "product" in roles and "value" not in roles and _months_repeat(grid, line, roles):
            return _Reading(grid, line, roles).table()
    return None


def _roles(grid: Grid, line: int) -> dict[str, int]:
    roles: dict[str, int] = {}
    for position, cell in grid.lines[line].items():
        if isinstance(cell.value, str):
            meaning = titles().get(key(cell.text), "")
            if meaning == "metric_id" and "metric" not in roles and key(cell.text) != "id":
                meaning = "metric"
            if meaning:
                roles.setdefault(meaning, position)
    return roles


def _months_repeat(grid: Grid, line: int, roles: Mapping[str, int]) -> bool:
    """Whether several rows are of the same month: then the products are told apart by their own column."""
    texts = [cells[roles["month"]].text for row, cells in grid.lines.items() if row > line and roles["month"] in cells]
    return len(set(texts)) < len(texts) or len(texts) == 1


class _Reading:
    """One reading of the rows below the titles in line `header`."""

    def __init__(self, grid: Grid, header: int, roles: Mapping[str, int]) -> None:
        self.grid = grid
        self.header = header
        self.roles = roles
        self.left_out: list[LeftOut] = []
        self._series: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._places: dict[tuple[str, str], str] = {}
        self._not_facts: Counter[str] = Counter()

    def table(self) -> Table:
        """Read every row."""
        rows = [line for line in self.grid.lines if line > self.header]
        headers = {line: read_header(self.grid.cell(line, self.roles["month"])) for line in rows}
        order, sure = in_one_order(headers.values())
        for line in rows:
            self._read_row(line, headers[line], order)
        for status, count in self._not_facts.items():
            place = self.grid.sheet.name or self.grid.sheet.file_name
            self.left_out.append(LeftOut(place, f"the status {status}: the month was not over", count))
        remarks = () if sure else ("Dates that read two ways are read with the day first.",)
        own = {self.grid.cell(self.header, place).text for place in self.roles.values()}
        return Table(
            series=tuple(
                Series(name, self._places[product, name], tuple(entries), product=product)
                for (product, name), entries in self._series.items()
            ),
            shape=f"one month a row, titles in row {self.header}",
            left_out=tuple(self.left_out),
            remarks=remarks,
            notes=self._other_notes(),
            decimal="." if own >= OWN_TITLES else "",
            has_ids=own >= OWN_TITLES and not own.isdisjoint(ID_TITLES),
        )

    def _read_row(self, line: int, header: Header, order: int) -> None:
        month = month_of(header, order)
        wanted = self._wanted(line)
        if not wanted:
            return
        if month is None:
            text = self.grid.cell(line, self.roles["month"]).text
            reason = f"{text!r} is no month with a year; write it as 2026-01" if text else "its row has no month"
            place = self.grid.place(line, self.roles["month"])
            self.left_out.append(LeftOut(place, reason, len(wanted), is_fault=True))
            return
        status = self._text(line, "status")
        if status in NOT_FACTS:
            self._not_facts[status] += len(wanted)
            return
        for position, name in wanted.items():
            self._add(line, position, name, month)

    def _add(self, line: int, position: int, name: str, month: Month) -> None:
        cell = self.grid.cell(line, position)
        place = self.grid.place(line, position)
        if not name:
            self.left_out.append(LeftOut(place, "its row has no metric", is_fault=True))
            return
        product = without_quote(self._text(line, "product"))
        n = self.grid.cell(line, self.roles["n"]) if "n" in self.roles else None
        self._series[product, name].append(Entry(month, cell, place, n))
        self._places.setdefault((product, name), place)

    def _wanted(self, line: int) -> dict[int, str]:
        """Position to metric name, for the values of a row."""
        cells = self.grid.lines[line]
        if "value" in self.roles:
            cell = cells.get(self.roles["value"])
            taken = cell is not None and _says_something(cell)
            return {self.roles["value"]: without_quote(self._text(line, "metric"))} if taken else {}
        used = set(self.roles.values())
        return {
            position: self.grid.cell(self.header, position).text
            for position, cell in cells.items()
            if position in self._value_columns and position not in used
        }

    @cached_property
    def _value_columns(self) -> frozenset[int]:
        """Positions with a title and with numbers in at least half of what they hold."""
        numbers, filled = Counter[int](), Counter[int]()
        for line, cells in self.grid.lines.items():
            if line > self.header:
                filled.update(cells.keys())
                numbers.update(position for position, cell in cells.items() if is_value(cell))
        titled = self.grid.lines[self.header]
        return frozenset(place for place in titled if numbers[place] and numbers[place] * 2 >= filled[place])

    def _text(self, line: int, role: str) -> str:
        return self.grid.cell(line, self.roles[role]).text if role in self.roles else ""

    def _other_notes(self) -> tuple[LooseNote, ...]:
        used = {entry.place for entries in self._series.values() for entry in entries}
        return tuple(
            LooseNote(place, cell.note)
            for line, cells in self.grid.lines.items()
            for position, cell in cells.items()
            if cell.note and (place := self.grid.place(line, position)) not in used
        )


def _says_something(cell: SheetCell) -> bool:
    return cell.value is not None or bool(cell.fault) or bool(cell.note)
