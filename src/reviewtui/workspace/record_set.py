"""All records of a workspace at one moment, as an immutable value that screens follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.errors import Problem
    from reviewtui.workspace.conflicts import Conflict
    from reviewtui.workspace.kinds.base import Record, RecordKind
    from reviewtui.workspace.toml_file import TomlFile

R = TypeVar("R", bound="Record")


@dataclass(frozen=True)
class Records:
    """What is stored; `stamp` grows with each change."""

    by_kind: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    """Name of the kind to its records, ordered by id."""
    problems: tuple[Problem, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    damaged: tuple[TomlFile, ...] = ()
    """Files that cannot be read: shown as they are, never written."""
    stamp: int = 0
    read_only: str = ""
    """Why nothing can be saved, in a sentence; empty where it can."""

    def of(self, kind: RecordKind[R]) -> tuple[R, ...]:
        """All records of a kind, ordered by id."""
        return cast("tuple[R, ...]", self.by_kind.get(kind.name, ()))

    def of_product(self, kind: RecordKind[R], product: str) -> tuple[R, ...]:
        """The records of a kind that belong to a product, ordered by id."""
        return cast("tuple[R, ...]", self._by_product.get((kind.name, product), ()))

    def by_id(self, record_id: str) -> Record | None:
        """The record of that id, of whatever kind."""
        return self._by_id.get(record_id)

    def __len__(self) -> int:
        """How many records there are."""
        return sum(map(len, self.by_kind.values()))

    def __bool__(self) -> bool:
        """True, also where there is no record yet."""
        return True

    @cached_property
    def _by_id(self) -> dict[str, Record]:
        return {record.id: record for records in self.by_kind.values() for record in records}

    @cached_property
    def _by_product(self) -> dict[tuple[str, str], tuple[Record, ...]]:
        found: dict[tuple[str, str], list[Record]] = {}
        for name, records in self.by_kind.items():
            for record in records:
                found.setdefault((name, record.product), []).append(record)
        return {key: tuple(records) for key, records in found.items()}


@dataclass(frozen=True, slots=True)
class Saved(Generic[R]):
    """How a save ended."""

    record: R
    """As it is on disk now."""
    merged: bool = False
    """Whether changes of somebody else were taken in."""
    conflict: Conflict | None = None
    """What both changed: theirs is in the file, mine in a file beside it."""
    mended: tuple[str, ...] = ()
    """The fields that held half characters, which were stored as U+FFFD."""
