"""FOCUS cost exports: which relation is one, which of its columns mean what, and the files that hold one.

Recognised by the header, in the column sets of FOCUS 1.0 to 1.3; see focus.finops.org. Every value is read as text or
exact decimal, and `NULL` written out as text is no value.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.errors import SourceError
from reviewtui.sources.preflight import PARQUET_MAGIC, check_regular_file
from reviewtui.sources.request import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewtui.sources.preflight import FileFacts

FOCUS = "focus"
SIGNS = ("billingcurrency", "chargeperiodstart", "chargecategory")
"""A relation with all of these is taken for a FOCUS export."""

MANDATORY = (
    "BilledCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "ListCost",
    "ServiceCategory",
    "ServiceName",
)
"""Columns that every version from 1.0 on must have and that the figures are made of."""

OPTIONAL = (
    "RegionId",
    "Tags",
    "AllocatedTags",
    "AllocatedMethodId",
    "SubAccountName",
    "ChargeClass",
    "ProviderName",
    "ServiceProviderName",
    "ResourceId",
    "SkuId",
    "SubAccountId",
)
COST_COLUMNS = {
    "effective": "EffectiveCost",
    "billed": "BilledCost",
    "list": "ListCost",
    "contracted": "ContractedCost",
}
"""Cost basis to its column."""

_KNOWN = {name.casefold(): name for name in (*MANDATORY, *OPTIONAL)}


@dataclass(frozen=True, slots=True)
class FocusTable:
    """A relation or file that is a FOCUS export."""

    source: str
    relation: str
    """What to select from; for a file, what reads it."""
    columns: Mapping[str, tuple[str, str]]
    """FOCUS column to (name as found, DuckDB type), for the columns that exist."""
    place: str
    """What people call it."""
    is_view: bool = False
    file: str = ""
    """The path of the file, empty for a relation of an attached source."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """The mandatory columns that it does not have."""
        return tuple(name for name in MANDATORY if name not in self.columns)


def focus_columns(columns: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """FOCUS column to (name as found, type) among (name, type) pairs, in any case."""
    found: dict[str, tuple[str, str]] = {}
    for name, kind in columns:
        known = _KNOWN.get(name.casefold())
        if known is not None:
            found.setdefault(known, (name, kind))
    return found


def check_focus_file(path: Path) -> FileFacts:
    """The facts of a file that may be an export; SourceError whose message completes "the source ..."."""
    facts = check_regular_file(path)
    ending = facts.real_path.suffix.casefold()
    if ending not in (".csv", ".parquet") and Path(path).suffix.casefold() not in (".csv", ".parquet"):
        raise SourceError("is neither a .csv nor a .parquet file. Export it as one of them.")
    return facts


def file_relation(path: Path) -> str:
    """The SQL that yields the rows of the file at `path`, text as text."""
    name = "'" + os.path.realpath(path).replace("'", "''") + "'"
    if _is_parquet(path):
        return f"read_parquet({name})"
    return f"read_csv({name}, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')"


def _is_parquet(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return stat.S_ISREG(os.fstat(handle).st_mode) and os.read(handle, len(PARQUET_MAGIC)) == PARQUET_MAGIC
    finally:
        os.close(handle)


def text_of(table: FocusTable, name: str) -> str:
    """SQL of a column's text; NULL where the column does not exist, is empty or says NULL."""
    if name not in table.columns:
        return "cast(null as varchar)"
    column, kind = table.columns[name]
    text = quoted(column) if kind.upper() == "VARCHAR" else f"cast({quoted(column)} as varchar)"
    return f"nullif(nullif({text}, ''), 'NULL')"
