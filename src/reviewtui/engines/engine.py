"""What the rest of this package asks of a database that computes metrics, and the small values that go between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from reviewtui.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reviewtui.engines.dialects import Dialect

Row = tuple[object, ...]

TEXT = "VARCHAR"
DAY = "DATE"
LOCAL_TIME = "TIMESTAMP"
INSTANT = "TIMESTAMPTZ"
DECIMAL = "DECIMAL(38,10)"
DOUBLE = "DOUBLE"
WHOLE = "BIGINT"
FLAG = "BOOLEAN"
OTHER = ""
"""The kinds of columns that results and tables are told apart by, as DuckDB names them; OTHER is none of them."""


class EngineError(SourceError):
    """The engine cannot do what is asked; the message completes "<engine>: ..."."""


class Unreachable(EngineError):  # noqa: N818 - says what the engine is
    """The engine does not answer any more: nothing else can be asked of it."""


class MissingTable(EngineError):  # noqa: N818 - says what the table is
    """There is no such table, or it may not be seen."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or of a result."""

    name: str
    kind: str
    """One of the kinds above."""
    found_type: str = ""
    """The engine's own name of its type."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a SELECT gave."""

    columns: tuple[Column, ...]
    rows: list[Row]


class Engine(Protocol):
    """A connection to one engine; every method raises EngineError where it cannot do its work.

    SQL is in the engine's own dialect. Work tables belong to the connection and vanish with it: nothing that other
    people see is ever made or changed.
    """

    dialect: Dialect
    has_snapshot: bool
    """Whether everything read on this connection is of one moment."""

    def tables(self) -> dict[str, str]:
        """The relations that `schema` or the paths of the configuration offer: lower-case name to quoted SQL name."""

    def columns(self, query: str) -> tuple[Column, ...]:
        """The columns that a SELECT would give, without running it."""

    def create(self, name: str, query: str) -> None:
        """Make the work table `name` from a SELECT."""

    def append(self, name: str, query: str) -> None:
        """Add the rows of a SELECT to a work table."""

    def drop(self, name: str) -> None:
        """Drop a work table that exists."""

    def upload(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make the work table `name` with `rows`."""

    def fetch(self, query: str) -> Result:
        """The rows of a SELECT."""

    def clock(self) -> tuple[datetime, str]:
        """What time the engine has, and its time zone."""

    def close(self) -> None:
        """Let go of the engine; work tables vanish."""
