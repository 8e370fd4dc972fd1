"""What a sheet says once its months are found: one series a name, in the words of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.imports.sheets import SheetCell
    from reviewtui.months import Month


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the sheet for one month of a series."""

    month: Month
    cell: SheetCell
    place: str
    """The cell's address."""
    n: SheetCell | None = None
    """The sample size beside it, where the sheet has one."""


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one product by months, as written."""

    name: str
    place: str
    """Where the name stands."""
    entries: tuple[Entry, ...]
    product: str = ""
    """Empty: the product of the sheet."""
    section: str = ""
    unit: str = ""
    metric_id: str = ""
    """The id in a column of ids."""
    note: str = ""
    """The comment on the name."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the file that is not taken."""

    place: str
    reason: str
    count: int = 1
    """How many values."""
    is_fault: bool = False
    """Somebody has to mend it; False for what is rightly left out, as totals are."""


@dataclass(frozen=True, slots=True)
class LooseNote:
    """A comment on a cell that holds neither a value nor a name."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """All series of a sheet, and what was not taken."""

    series: tuple[Series, ...]
    shape: str
    """In words: where the header stands and which way the months run."""
    sections: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[str, ...] = ()
    """Readings that were chosen among several, in sentences."""
    notes: tuple[LooseNote, ...] = ()
    product: str = ""
    """The id of the product, where the sheet names it above its column of ids."""
    decimal: str = ""
    """The decimal sign, where the form of the table decides it."""
    has_ids: bool = False
    """Whether names that are not known are ids, to be kept as they are."""
