"""What explains the change of a cell from the month before: what is asked of the child process, and what it finds.

Plain values that cross the process boundary, and the call that fetches them. What each group contributes is worked
out by `reviewtui.metrics.contributions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from reviewtui.metrics.compute import source_request_with_rows
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.quick_tuple import NamedTuple
from reviewtui.sources.jobs import run_job

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import date

    from reviewtui.metrics.contributions import Amounts
    from reviewtui.metrics.drilldown import CellQuestion, RowTable
    from reviewtui.months import Month
    from reviewtui.sources.state import Progress
    from reviewtui.workspace.model import Workspace

MOST_LISTED = 25
"""Groups that are listed of a split; the others are one row."""


class Group(NamedTuple):
    """One group of a split: a customer, a segment, an answer."""

    key: str | None
    """What its records are asked for by; None: all that counted before and counts no longer, in one."""
    name: str
    detail: str
    amounts: Amounts
    gained: float = 0.0
    """By how much those in it that rose have risen, all together; likewise `lost`."""
    lost: float = 0.0
    items: int = 1


@dataclass(frozen=True, slots=True)
class Split:
    """A metric by one kind of group; all of them together are the metric."""

    id: str
    heading: str
    groups: tuple[Group, ...]
    """The largest contributions first."""
    total: Amounts
    rest: Group | None = None
    """Those that are not listed, in one."""
    is_moved: bool = False
    """Whether a group's `gained` and `lost` tell who moved."""


@dataclass(frozen=True, slots=True)
class DriverQuestion:
    """Which change is asked about, or which group of it is to be opened."""

    cell: CellQuestion
    before: Month
    """The month that it is compared with."""
    denominators: tuple[float, float] | None = None
    """Before and now, of a metric whose denominator has other rows than its numerator."""
    split: str = ""
    """With `key`: the group whose records are wanted."""
    key: str = ""


@dataclass(frozen=True, slots=True)
class DriverRequest:
    """The question with the settings that decide what the numbers are."""

    question: DriverQuestion
    evaluation: EvaluationRequest
    most: int = MOST_LISTED


@dataclass(frozen=True, slots=True)
class Drivers:
    """What was found."""

    splits: tuple[Split, ...] = ()
    records: RowTable | None = None
    """The records of a group, where they were asked for."""
    reason: str = ""
    """Why there is nothing, where there is nothing; a sentence."""


def fetch_drivers(
    workspace: Workspace,
    as_of: date,
    question: DriverQuestion,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
) -> Drivers:
    """What moved a cell, read anew from the sources.

    Raises SourceError if they could not be read and Cancelled once `cancel` is set.
    """
    request = DriverRequest(question, EvaluationRequest.of(workspace, as_of))
    sources = source_request_with_rows(workspace)
    job = "reviewtui.metrics.driver_job:drive"
    result = run_job(sources, job, request, on_progress=on_progress, cancel=cancel)
    return cast("Drivers", result)
