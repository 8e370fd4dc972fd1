"""Read a sheet with a header of months: a series a line, sections and totals recognised."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reviewtui.imports.header_months import NO_YEAR
from reviewtui.imports.layout import find_columns, is_value
from reviewtui.imports.sheets import EMPTY
from reviewtui.imports.tables import Entry, LeftOut, LooseNote, Series, Table
from reviewtui.imports.words import is_total, key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.imports.layout import Block, Columns, Layout
    from reviewtui.imports.sheets import Grid


def read_matrix(layout: Layout, products: frozenset[str], mapped: frozenset[str]) -> Table:
    """The table of a sheet whose months were found.

    `products` are the names of known products, as `words.key` gives them; `mapped` are the names that a person maps to
    a metric, likewise: they are taken even if they look like totals.
    """
    readings = [_BlockReading(layout.grid, block, products, mapped) for block in layout.blocks]
    for reading in readings:
        reading.read()
    return Table(
        series=tuple(series for reading in readings for series in reading.series),
        shape=_shape(layout),
        sections=tuple(dict.fromkeys(name for reading in readings for name in reading.sections)),
        left_out=tuple(item for reading in readings for item in reading.left_out),
        remarks=tuple(
            dict.fromkeys(doubt for reading in readings for doubt in (*reading.block.found.doubts, *reading.remarks))
        ),
        notes=_loose_notes(layout, readings),
        product=_named_product(layout, readings[0].columns.metric_id),
    )


def _named_product(layout: Layout, ids: int | None) -> str:
    """The one text above the column of ids, as this program's own workbooks have it; empty where there is none."""
    if ids is None:
        return ""
    header = layout.blocks[0].header
    texts = [cells[ids].text for line, cells in layout.grid.lines.items() if line < header and ids in cells]
    return texts[0] if len(texts) == 1 else ""


def _shape(layout: Layout) -> str:
    grid = layout.grid
    first = layout.blocks[0]
    lines = grid.line_name(first.header)
    if first.years is not None:
        lines += f", years in {grid.line_name(first.years)}"
    way = "months run across" if grid.across else "months run down"
    again = f", {len(layout.blocks) - 1} more below" if len(layout.blocks) > 1 else ""
    return f"{way}, named in {lines}{again}"


def _loose_notes(layout: Layout, readings: list[_BlockReading]) -> tuple[LooseNote, ...]:
    used = {place for reading in readings for place in reading.noted}
    grid = layout.grid
    return tuple(
        LooseNote(grid.place(line, position), cell.note)
        for line, cells in grid.lines.items()
        for position, cell in cells.items()
        if cell.note and grid.place(line, position) not in used
    )


class _BlockReading:
    """One reading of a block from top to bottom; remembers the section and the product it is in."""

    def __init__(self, grid: Grid, block: Block, products: frozenset[str], mapped: frozenset[str]) -> None:
        self.grid = grid
        self.block = block
        self.mapped = mapped
        self.columns: Columns = find_columns(grid, block, products)
        self.series: list[Series] = []
        self.sections: list[str] = []
        self.left_out: list[LeftOut] = []
        self.remarks: list[str] = []
        self.noted: set[str] = set()
        """Places whose note belongs to a value or a name."""
        self._section = ""
        self._product = ""
        self._beside: Counter[int] = Counter()
        """Values at positions that are not months."""

    def read(self) -> None:
        """Read every line, then say what stands beside the months."""
        for line in self.block.lines:
            self._read_line(line)
        known = {self.columns.unit, self.columns.label, self.columns.product, self.columns.section}
        for position, count in sorted(self._beside.items()):
            if position not in known:
                reason = self.block.found.left_out.get(position) or "no month stands over it"
                place = self.grid.position_name(position)
                fault = reason == NO_YEAR
                self.left_out.append(LeftOut(f"{self._sheet_name} {place}", reason, count, is_fault=fault))
        for position, title in self.columns.unused:
            name = f" ({title!r})" if title else ""
            self.remarks.append(f"The text in {self.grid.position_name(position)}{name} is not used.")

    @property
    def _sheet_name(self) -> str:
        return self.grid.sheet.name or self.grid.sheet.file_name

    def _read_line(self, line: int) -> None:
        cells = self.grid.lines[line]
        months = self.block.found.months
        entries = tuple(
            Entry(months[position], cell, self.grid.place(line, position))
            for position, cell in cells.items()
            if position in months
        )
        self._beside.update(position for position, cell in cells.items() if position not in months and is_value(cell))
        self._note_position(line)
        name = self._name(line)
        filled = [entry for entry in entries if entry.cell.value is not None or entry.cell.fault]
        if not filled:
            self._section_line(line, name)
            if name and any(entry.cell.note for entry in entries):
                self._add(line, name, entries)
        elif not name:
            reason = "its line has no name; write the metric's name beside it"
            self.left_out.append(LeftOut(filled[0].place, reason, len(filled), is_fault=True))
        elif is_total(name, (self._section, self._product)) and key(name) not in self.mapped:
            place = f"{self._sheet_name} {self.grid.line_name(line)}"
            self.left_out.append(LeftOut(place, f"{name!r} is a total", len(filled)))
        else:
            self._add(line, name, entries)

    def _add(self, line: int, name: str, entries: tuple[Entry, ...]) -> None:
        label = self.columns.label if self.columns.label is not None else 0
        note = self.grid.cell(line, label).note
        self.noted.update(entry.place for entry in entries)
        self.noted.add(self.grid.place(line, label))
        self.series.append(
            Series(
                name,
                self.grid.place(line, label),
                entries,
                product=self._product,
                section=self._section,
                unit=self._text(line, self.columns.unit),
                metric_id=self._text(line, self.columns.metric_id),
                note=note,
            )
        )

    def _text(self, line: int, position: int | None) -> str:
        return "" if position is None else self.grid.cell(line, position).text

    def _name(self, line: int) -> str:
        cell = EMPTY if self.columns.label is None else self.grid.cell(line, self.columns.label)
        return cell.text if isinstance(cell.value, str) else ""

    def _note_position(self, line: int) -> None:
        """Follow the columns that name a product or a section only where it begins."""
        for position, attribute in ((self.columns.product, "_product"), (self.columns.section, "_section")):
            if position is not None and (text := self.grid.spread(line, position).text):
                setattr(self, attribute, text)
                if attribute == "_section" and text not in self.sections:
                    self.sections.append(text)

    def _section_line(self, line: int, name: str) -> None:
        """A line with a name and no values begins a section, unless values beside the months say otherwise."""
        texts: Mapping[int, str] = {
            position: cell.text for position, cell in self.grid.lines[line].items() if isinstance(cell.value, str)
        }
        title = name or next(iter(texts.values()), "")
        if title and self.columns.section not in texts and not is_total(title):
            self._section = title
            if title not in self.sections:
                self.sections.append(title)
