"""What the screens have to show, as plain values that never change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewtui.metrics.derived import Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.errors import Problem
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sources.state import Progress


@dataclass(frozen=True, slots=True)
class LoadedSheet:
    """Computed numbers together with what is wrong in the workspace's own files."""

    sheet: MetricSheet
    workspace_problems: tuple[Problem, ...] = ()
    files: Mapping[str, tuple[int, ...]] | None = None
    """The workspace's files and their state just before they were read, see `own_files`; None where it is not known."""

    @property
    def unreadable(self) -> str:
        """Why sources could not be read, in sentences; empty where all could."""
        return " ".join(source.problem for source in self.sheet.sources if source.problem)

    def lost_since(self, before: LoadedSheet | None) -> str:
        """Why sources that could be read `before` cannot be read now, in sentences; empty where none was lost."""
        if before is None or not before.sheet.rows:
            return ""
        readable = {source.name for source in before.sheet.sources if not source.problem}
        return " ".join(source.problem for source in self.sheet.sources if source.problem and source.name in readable)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong, each thing once, files of the workspace first."""
        return tuple(dict.fromkeys((*self.workspace_problems, *self.sheet.problems)))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there are no new numbers, in words for the person."""

    headline: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetState:
    """What there is to show: old numbers stay while new ones are computed or could not be had."""

    loaded: LoadedSheet | None = None
    progress: Progress | None = None
    """None while nothing is being computed."""
    failure: Failure | None = None
    changed: tuple[str, ...] = ()
    """Sources, and files of the workspace, that are not any more what the numbers were computed from."""
    is_earlier: bool = False
    """Whether the numbers are those of the last start, shown until the first of this one are computed."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a person stands, in names that outlast a change of the data; None: nowhere in particular yet."""

    product: str | None = None
    metric: str | None = None
    month: str | None = None
    """As `YYYY-MM`."""


class RowFilter(StrEnum):
    """Which metrics are listed."""

    ALL = "all"
    PINNED = "pinned"
    SECTION = "section"
    """Those of one section."""
    INPUT = "input"
    OUTPUT = "output"


PINNED_SECTION = "*"
"""Stands for the pinned metrics among the sections that are folded."""


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """How a person looks at the numbers; the same for every product."""

    values: Values = Values.PLAIN
    quarters: bool = False
    """Closed quarters as one column each."""
    rows: RowFilter = RowFilter.ALL
    section: str = ""
    """Which section `RowFilter.SECTION` lists."""
    pins: tuple[str, ...] = ()
    """Metric ids that stand on top, in this order."""
    folded: tuple[str, ...] = ()
    """Sections whose metrics are folded away."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person was and how they looked at it, to go back there."""

    position: Position
    values: Values
    quarters: bool
    rows: RowFilter
    section: str
