"""Understand the sheets of a file: which product, which metrics, which months, which values. Pure: nothing is written.

A cell of the grid that the file fills twice is taken once if both values agree; values that differ are both left out
and reported, because none of them is the right one for sure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

from reviewtui.errors import UsageError
from reviewtui.imports.layout import find_layout
from reviewtui.imports.long_form import read_long_form
from reviewtui.imports.mapping import (
    LONGEST_ID,
    Certainty,
    MetricNames,
    ProductNames,
    id_as_written,
    is_generic_sheet,
    own_id,
)
from reviewtui.imports.matrix import read_matrix
from reviewtui.imports.month_text import year_in
from reviewtui.imports.sheets import Grid
from reviewtui.imports.tables import LeftOut, Table
from reviewtui.imports.understanding import (
    ImportedNote,
    ImportedValue,
    NamedRow,
    SheetUnderstanding,
    Understanding,
)
from reviewtui.imports.values import as_fractions, read_entries, sheet_decimal, two_ways_remark
from reviewtui.imports.words import key
from reviewtui.text import counted
from reviewtui.workspace.records import short_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewtui.imports.mapping import KnownMetric, MetricName
    from reviewtui.imports.sheets import SourceSheet
    from reviewtui.imports.tables import Series
    from reviewtui.imports.values import Fractions, ReadEntry
    from reviewtui.imports.workbook import ReadFile
    from reviewtui.months import Month


@dataclass(frozen=True)
class Knowledge:
    """What is known beside the file."""

    metrics: tuple[KnownMetric, ...] = ()
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Product id to the names that also stand for it."""
    product: str = ""
    """The product that a person named for the whole file."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """Names to metric ids, as a person said."""
    as_of: date = date.max
    """The day of the import: a month that is not over on it has no value yet."""
    percent: frozenset[str] = frozenset()
    """Names whose plain numbers are per cent, as a person said."""


def understand(file_name: str, read: ReadFile, knowledge: Knowledge) -> Understanding:
    """Everything the sheets say. UsageError if one product is named for a file whose sheets name several."""
    reading = _Reading(file_name, knowledge)
    tables = [(sheet, reading.table_of(sheet)) for sheet in read.sheets]
    reading.choose_products([(sheet, table) for sheet, table in tables if isinstance(table, Table)])
    sheets = tuple(
        reading.understood(sheet, table) if isinstance(table, Table) else SheetUnderstanding(sheet.name, skipped=table)
        for sheet, table in tables
    )
    values, left_out = merged_values(value for sheet in sheets for value in sheet.values)
    return Understanding(file_name, sheets, values, left_out, read.remarks)


def merged_values(values: Iterable[ImportedValue]) -> tuple[tuple[ImportedValue, ...], tuple[LeftOut, ...]]:
    """Each cell of the grid once; those that get different values are left out."""
    cells: dict[tuple[str, str, Month], list[ImportedValue]] = defaultdict(list)
    for value in values:
        cells[value.product_id, value.metric_id, value.month].append(value)
    kept: list[ImportedValue] = []
    left_out: list[LeftOut] = []
    for (product, metric, month), found in sorted(cells.items()):
        first = found[0]
        other = next((value for value in found if value.value != first.value), None)
        if other is None:
            kept.append(first)
        else:
            reason = (
                f"{metric} of {product} in {month} is {first.value:.10g} here and {other.value:.10g} in {other.place}:"
                " none is taken; keep one of them"
            )
            left_out.append(LeftOut(first.place, reason, len(found), is_fault=True))
    return tuple(kept), tuple(left_out)


class _Reading:
    """One reading of a file: remembers which ids its names have taken."""

    def __init__(self, file_name: str, knowledge: Knowledge) -> None:
        self.file_name = file_name
        self.knowledge = knowledge
        self.metrics = MetricNames(knowledge.metrics, knowledge.mapped)
        self.products = ProductNames(knowledge.products)
        self._percent = {key(name) for name in knowledge.percent}
        self._sheet_products: dict[str, str] = {}
        self._own_ids: dict[str, str] = {}
        """Id of a metric of its own to the name that has it, as `key` gives it."""

    def table_of(self, sheet: SourceSheet) -> Table | str:
        """What the sheet says, or why it says nothing."""
        if not any(cell.value is not None for cell in sheet.cells.values()):
            return "the sheet is empty"
        long_form = read_long_form(sheet)
        if long_form is not None:
            return long_form if long_form.series else "its rows have no values"
        hint = year_in(sheet.name) or year_in(PurePath(self.file_name).stem)
        layout = find_layout((Grid(sheet), Grid(sheet, across=False)), hint)
        if layout is None:
            return "no header of months with numbers was found in it"
        return read_matrix(layout, self.products.names, self.metrics.mapped_names)

    def choose_products(self, sheets: list[tuple[SourceSheet, Table]]) -> None:
        """Decide the product of every sheet with months."""
        named = [sheet.name for sheet, _ in sheets if sheet.name and not is_generic_sheet(sheet.name)]
        if self.knowledge.product and len(named) > 1:
            listed = ", ".join(repr(name) for name in named[:8])
            raise UsageError(
                f"--product names one product, but the sheets {listed} of {self.file_name} name several."
                " Leave --product out, or save the sheet in a file of its own."
            )
        for sheet, table in sheets:
            self._sheet_products[sheet.name] = self._product_of(sheet, table)

    def _product_of(self, sheet: SourceSheet, table: Table) -> str:
        """The product that is meant where a row names none."""
        if self.knowledge.product:
            return self.knowledge.product
        if table.product:
            return id_as_written(table.product)
        stem = PurePath(self.file_name).stem
        if sheet.name and (self.products.knows(sheet.name) or not is_generic_sheet(sheet.name)):
            return self.products.understood(sheet.name).product_id
        if self.products.knows(stem) or not self.products.only:
            return self.products.understood(stem).product_id
        return self.products.only

    def understood(self, sheet: SourceSheet, table: Table) -> SheetUnderstanding:
        """The values of one sheet with their ids."""
        decimal = sheet_decimal(table)
        repeated = _repeated_names(table)
        found = _Found(sheet.name or sheet.file_name, self.knowledge.as_of)
        for series in table.series:
            product = self._sheet_products[sheet.name]
            if series.product:
                product = self._named_product(series.product, table)
            meaning = self._meaning(
                series, has_ids=table.has_ids, is_repeated=(series.product, key(series.name)) in repeated
            )
            read, unread = read_entries(series, decimal)
            found.left_out += unread
            found.read += read
            fractions = as_fractions(series, meaning, read, said=key(series.name) in self._percent)
            found.add(series, product, meaning, fractions)
        doubt = two_ways_remark(found.read, decimal) if not table.decimal else ""
        remarks = (*table.remarks, *_hidden(sheet, table), *found.remarks, doubt)
        products = tuple(dict.fromkeys(value.product_id for value in found.values))
        return SheetUnderstanding(
            name=sheet.name,
            shape=table.shape,
            products=products,
            new_products=tuple(name for name in products if not self.products.knows(name)),
            rows=_merged_rows(found.rows),
            values=tuple(found.values),
            sections=table.sections,
            notes=(*(ImportedNote(note.text, note.place) for note in table.notes), *found.notes),
            left_out=(*table.left_out, *found.left_out, *found.months_not_over()),
            remarks=tuple(dict.fromkeys(filter(None, remarks))),
        )

    def _named_product(self, name: str, table: Table) -> str:
        """The product that a row names."""
        found = self.products.understood(name)
        return id_as_written(name) if found.is_new and table.has_ids else found.product_id

    def _meaning(self, series: Series, *, has_ids: bool, is_repeated: bool) -> MetricName:
        """What the series' name stands for; the same name in another section is another metric of its own."""
        if has_ids and self.metrics.understood(series.name).certainty is Certainty.OWN:
            return self.metrics.understood(series.name, series.name)
        meaning = self.metrics.understood(series.name, series.metric_id, series.section)
        if meaning.certainty is not Certainty.OWN:
            return meaning
        name = f"{series.section} {series.name}" if is_repeated and series.section else series.name
        metric_id = self.metrics.own(own_id(name)) if name != series.name else meaning.metric_id
        holder = self._own_ids.setdefault(metric_id, key(name))
        if holder != key(name):
            metric_id = f"{metric_id[: LONGEST_ID - 9]}_{short_hash(key(name))}"
        return replace(meaning, metric_id=metric_id)


class _Found:
    """What the series of one sheet hold, as it is gathered."""

    def __init__(self, sheet_name: str, as_of: date) -> None:
        self.rows: list[NamedRow] = []
        self.values: list[ImportedValue] = []
        self.notes: list[ImportedNote] = []
        self.left_out: list[LeftOut] = []
        self.remarks: list[str] = []
        self.read: list[ReadEntry] = []
        self._sheet_name = sheet_name
        self._as_of = as_of
        self._not_over: Counter[Month] = Counter()

    def add(self, series: Series, product: str, meaning: MetricName, fractions: Fractions) -> None:
        """Take the numbers of a series, but for months that are not over."""
        over = [item for item in fractions.read if item.entry.month.is_complete(self._as_of)]
        self._not_over.update(item.entry.month for item in fractions.read)
        self._not_over.subtract(item.entry.month for item in over)
        self.values += [_value(product, meaning, item) for item in over]
        self.notes += _notes(product, meaning, series)
        self.rows.append(NamedRow(series.name, series.section, meaning, len(over), fractions.is_doubtful))
        self.remarks.append(fractions.remark)

    def months_not_over(self) -> Iterator[LeftOut]:
        """What is not taken because its month was not over."""
        for month, count in sorted((+self._not_over).items()):
            reason = f"{month} is not over on {self._as_of}; import it again when it is"
            yield LeftOut(self._sheet_name, reason, count)


def _repeated_names(table: Table) -> set[tuple[str, str]]:
    """(product, name) of series that stand in several sections."""
    sections: dict[tuple[str, str], set[str]] = defaultdict(set)
    for series in table.series:
        sections[series.product, key(series.name)].add(series.section)
    return {name for name, found in sections.items() if len(found) > 1}


def _value(product: str, meaning: MetricName, item: ReadEntry) -> ImportedValue:
    return ImportedValue(product, item.entry.month, meaning.metric_id, item.value, item.n, item.entry.place)


def _notes(product: str, meaning: MetricName, series: Series) -> Iterator[ImportedNote]:
    if series.note:
        yield ImportedNote(series.note, series.place, product, meaning.metric_id)
    for entry in series.entries:
        if entry.cell.note:
            yield ImportedNote(entry.cell.note, entry.place, product, meaning.metric_id, entry.month)


def _merged_rows(rows: list[NamedRow]) -> tuple[NamedRow, ...]:
    """One entry a name and section: the same name stands once a product."""
    merged: dict[tuple[str, str, str], NamedRow] = {}
    for row in rows:
        place = (row.name, row.section, row.meaning.metric_id)
        known = merged.get(place)
        merged[place] = row if known is None else replace(known, values=known.values + row.values)
    return tuple(merged.values())


def _hidden(sheet: SourceSheet, table: Table) -> Iterator[str]:
    """What is hidden in the spreadsheet and taken all the same."""
    if sheet.hidden:
        yield "The sheet is hidden in the spreadsheet; it is taken all the same."
    for count, what in ((len(sheet.hidden_rows), "row"), (len(sheet.hidden_columns), "column")):
        if count and table.series:
            yield f"{counted(count, f'hidden {what}')}: taken all the same."
