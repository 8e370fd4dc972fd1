"""The anomalies of several months as one list to work through: what waits for a word, what is put off, what is settled.

Those that matter most come first: what a team acts on before what follows from it, then by how far out a value is and
how long it has waited. What follows from another anomaly of its month stands under that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from reviewtui.anomalies.explaining import is_restated
from reviewtui.anomalies.listed import State, said_last
from reviewtui.months import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reviewtui.anomalies.index import AnomalyIndex
    from reviewtui.anomalies.judgements import RowKey
    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell, Metric
    from reviewtui.months import Month
    from reviewtui.workspace.kinds.explanations import Explanation


class Part(Enum):
    """The part of the list that an entry belongs to, by what people have said about it."""

    UNEXPLAINED = "To explain"
    SNOOZED = "Snoozed"
    EXPLAINED = "Explained"


_PARTS = {
    State.EXPLAINED: Part.EXPLAINED,
    State.EXPECTED: Part.EXPLAINED,
    State.FOLLOWS: Part.EXPLAINED,
    State.SNOOZED: Part.SNOOZED,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, with what followed from it in the same month."""

    product: str
    metric: Metric
    month: Month
    cell: Cell
    verdict: Verdict | None
    """None: it was explained once, and the number that stands there now is not out of the ordinary."""
    part: Part
    explanation: Explanation | None = None
    followers: tuple[Anomaly, ...] = ()
    is_restated: bool = False
    """Whether the number is another one than when it was explained."""
    follows: RowKey | None = None
    """What it follows from, where that is not listed."""

    def months_open(self, newest: Month) -> int:
        """Complete months since."""
        return newest.index - self.month.index

    def weight(self, newest: Month) -> float:
        """How much it matters: its score, and as much again for each year that it has waited."""
        score = self.verdict.score if self.verdict is not None else 0.0
        return score * (1 + self.months_open(newest) / MONTHS_PER_YEAR)


def entries_of(
    index: AnomalyIndex, months: Sequence[Month], explanations: Iterable[Explanation], product: str = ""
) -> tuple[Entry, ...]:
    """The entries of `months`, of one product or of all, in the order to look at them."""
    found = [entry for month in months for entry in _of_month(index, month, product)]
    said = said_last(item for item in explanations if item.month in set(months) and product in ("", item.product))
    found += _no_longer_odd(index, said.values())
    places = list(Part)
    return tuple(
        sorted(
            found,
            key=lambda item: (
                places.index(item.part),
                item.metric.kind != "input",
                -item.weight(index.newest),
                -item.month.index,
                item.product,
                item.metric.id,
            ),
        )
    )


def _of_month(index: AnomalyIndex, month: Month, product: str) -> Iterator[Entry]:
    listed = [item for item in index.of_month(month) if product in ("", item.product)]
    keys = {item.key for item in listed}
    under: dict[RowKey, list[Anomaly]] = {}
    for item in listed:
        if item.follows in keys and item.follows is not None:
            under.setdefault(item.follows, []).append(item)
    for item in listed:
        if item.follows is None or item.follows not in keys:
            yield _entry(item, tuple(under.get(item.key, ())))


def _entry(item: Anomaly, followers: tuple[Anomaly, ...]) -> Entry:
    said = item.explanation
    return Entry(
        item.product,
        item.metric,
        item.month,
        item.cell,
        item.verdict,
        _PARTS.get(item.state, Part.UNEXPLAINED),
        said,
        followers,
        said is not None and is_restated(said, item.cell),
        item.follows,
    )


def _no_longer_odd(index: AnomalyIndex, said: Iterable[Explanation]) -> Iterator[Entry]:
    """What was explained and is not out of the ordinary any more because its number changed."""
    metrics = {item.id: item for item in index.sheet.metrics}
    for item in said:
        if item.metric not in metrics or (item.product, item.metric) not in index.sheet.rows:
            continue
        cell = index.sheet.cell(item.product, item.metric, item.month)
        if is_restated(item, cell) and index.at(item.product, item.metric, item.month) is None:
            metric = index.sheet.meaning(item.product, metrics[item.metric])
            yield Entry(item.product, metric, item.month, cell, None, Part.EXPLAINED, item, is_restated=True)
