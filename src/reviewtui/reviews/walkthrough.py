"""The order in which a review goes through the numbers: exceptions first, then the rest, always the same.

What is not explained comes before everything, things a team acts on before what follows from them, the largest
first. Then what changed in other ways, in the order of the grid. Routine variation is one line at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewtui.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reviewtui.metrics.sheet import Metric

INPUT = "input"


class Reason(StrEnum):
    """Why a metric is gone through by itself."""

    UNEXPLAINED = "unexplained"
    FOLLOWS = "follows"
    """It is out of its range too, because of another metric that is."""
    EXPLAINED = "explained"
    RESTATED = "restated"
    REDEFINED = "redefined"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Stop:
    """One metric of the walk."""

    metric: Metric
    reason: Reason


@dataclass(frozen=True, slots=True)
class Walk:
    """The whole walk through one month of a product."""

    stops: tuple[Stop, ...]
    routine: tuple[Metric, ...]
    """Within routine variation: nothing to see."""
    valueless: tuple[Metric, ...] = ()
    """Without a value in the month: nothing can be said."""


def walk_through(
    metrics: Sequence[Metric],
    unexplained: Mapping[str, float],
    changed: Mapping[Reason, Collection[str]],
    valueless: Collection[str] = (),
) -> Walk:
    """Put the metrics of a product in the order of a review.

    `unexplained` is the score of each metric that is out of its range and has no word; `changed` names metrics that
    deserve a look for another reason, `valueless` those without a value in the month.
    """
    place = {metric.id: at for at, metric in enumerate(metrics)}
    first = sorted(
        (metric for metric in metrics if metric.id in unexplained),
        key=lambda metric: (metric.kind != INPUT, -unexplained[metric.id], place[metric.id]),
    )
    stops = [Stop(metric, Reason.UNEXPLAINED) for metric in first]
    seen = {stop.metric.id for stop in stops}
    reasons = {
        metric_id: reason
        for reason in reversed(Reason)
        for metric_id in changed.get(reason, ())
        if metric_id not in seen
    }
    stops += [Stop(metric, reasons[metric.id]) for metric in metrics if metric.id in reasons]
    seen |= reasons.keys()
    rest = [metric for metric in metrics if metric.id not in seen]
    return Walk(
        tuple(stops),
        tuple(metric for metric in rest if metric.id not in valueless),
        tuple(metric for metric in rest if metric.id in valueless),
    )


def routine_words(walk: Walk) -> str:
    """The one line for everything that behaved as usual."""
    lacking = len(walk.valueless)
    if walk.routine:
        words = f", {lacking:,} without a value" if lacking else ""
        return f"{counted(len(walk.routine), 'metric')} within routine variation{words}."
    return f"{counted(lacking, 'metric')} without a value." if lacking else "Every metric is an exception."
