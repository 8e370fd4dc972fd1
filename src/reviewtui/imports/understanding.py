"""The result of reading a spreadsheet: every value with its product, metric and month, and what was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.imports.mapping import MetricName
    from reviewtui.imports.tables import LeftOut
    from reviewtui.months import Month


@dataclass(frozen=True, slots=True)
class ImportedValue:
    """One value, ready to be written."""

    product_id: str
    month: Month
    metric_id: str
    value: float
    """Rates are fractions."""
    n: float | None
    place: str
    """The address of its cell."""


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A comment that somebody left on a cell of the file."""

    text: str
    place: str
    product_id: str = ""
    metric_id: str = ""
    month: Month | None = None
    """The three say which cell of the grid it belongs to, as far as that is known."""


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A name in the sheet and what it was taken for."""

    name: str
    section: str
    meaning: MetricName
    values: int
    """How many of its values are taken."""
    may_be_percent: bool = False
    """It is a rate whose numbers look 100 times too large."""


@dataclass(frozen=True, slots=True)
class SheetUnderstanding:
    """What was understood of one sheet."""

    name: str
    """Empty for a CSV file."""
    shape: str = ""
    """In words, where its months stand; empty for a sheet that is skipped."""
    skipped: str = ""
    """Why it is skipped; empty if it is not."""
    skipped_is_fault: bool = False
    """Somebody has to mend it."""
    products: tuple[str, ...] = ()
    new_products: tuple[str, ...] = ()
    """Those that the workspace has no file for."""
    rows: tuple[NamedRow, ...] = ()
    values: tuple[ImportedValue, ...] = ()
    sections: tuple[str, ...] = ()
    notes: tuple[ImportedNote, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[str, ...] = ()
    """What a reader should know of how it was read, in sentences."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a file."""

    file_name: str
    sheets: tuple[SheetUnderstanding, ...]
    values: tuple[ImportedValue, ...]
    """Of all sheets, each cell of the grid once; ordered by product, metric, month."""
    left_out: tuple[LeftOut, ...]
    """Values that contradict each other across sheets."""
    remarks: tuple[str, ...] = ()

    @property
    def all_left_out(self) -> tuple[LeftOut, ...]:
        """Everything that is not taken, in the order of the file."""
        return (*(item for sheet in self.sheets for item in sheet.left_out), *self.left_out)

    @property
    def notes(self) -> tuple[ImportedNote, ...]:
        """Every comment of the file."""
        return tuple(note for sheet in self.sheets for note in sheet.notes)

    @property
    def has_faults(self) -> bool:
        """Whether somebody has to mend something in the file."""
        return any(item.is_fault for item in self.all_left_out) or any(s.skipped_is_fault for s in self.sheets)

    def unsure_names(self) -> dict[str, tuple[str, ...]]:
        """Names that became metrics of their own, to the ids of metrics that may be meant instead."""
        rows = (row for sheet in self.sheets for row in sheet.rows)
        return {row.name: row.meaning.candidates for row in rows if row.meaning.candidates}

    def doubtful_rates(self) -> tuple[str, ...]:
        """Names of rates whose numbers look 100 times too large."""
        return tuple(dict.fromkeys(row.name for sheet in self.sheets for row in sheet.rows if row.may_be_percent))

    def names(self) -> tuple[str, ...]:
        """Every name that was taken for a metric."""
        return tuple(dict.fromkeys(row.name for sheet in self.sheets for row in sheet.rows))
