"""Match the columns of a relation with those of a canonical input table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewtui.sources.canonical import CanonicalTable

_LONGEST_TYPE = 100


def matched_columns(table: CanonicalTable, columns: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Canonical name to (name as found, type) for the (name, type) pairs the table knows, in any case."""
    wanted = set(table.column_names)
    matched: dict[str, tuple[str, str]] = {}
    for name, kind in columns:
        canonical = name.lower()
        if canonical in wanted:
            matched.setdefault(canonical, (name, _short_type(kind)))
    return matched


def lacking(table: CanonicalTable, columns: Mapping[str, object]) -> tuple[str, ...]:
    """The required columns that are not among `columns`."""
    return tuple(name for name in table.required if name not in columns)


def _short_type(kind: str) -> str:
    """A type name without the members of an enumeration or a large structure: they can be millions."""
    if kind.startswith("ENUM(") and not kind.endswith("]"):
        return "ENUM"
    return kind if len(kind) <= _LONGEST_TYPE else kind.partition("(")[0]
