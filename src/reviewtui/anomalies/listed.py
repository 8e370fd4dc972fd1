"""The anomalies of a month as a list: what follows from what, and what people have said about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewtui.anomalies.families import causes_among
from reviewtui.anomalies.reasons import reason
from reviewtui.anomalies.verdicts import Kind
from reviewtui.metrics.sheet import ALL_PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from reviewtui.anomalies.judgements import Judgements, RowKey
    from reviewtui.anomalies.verdicts import Verdict
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet
    from reviewtui.months import Month
    from reviewtui.workspace.kinds.explanations import Explanation

    CellKey = tuple[str, str, Month]
    """Product id, metric id, month."""


class State(StrEnum):
    """What people have said about an anomaly."""

    OPEN = "open"
    """Nothing, or that nobody knows yet."""
    EXPLAINED = "explained"
    EXPECTED = "expected"
    SNOOZED = "snoozed"
    """It comes back in a later month."""
    FOLLOWS = "follows"
    """It follows from another one, about which something has been said."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One cell that is out of the ordinary."""

    product: str
    metric: Metric
    month: Month
    cell: Cell
    verdict: Verdict
    follows: RowKey | None = None
    """(product id, metric id) of the anomaly of the same month that this one follows from."""
    explanation: Explanation | None = None
    """What was said about this cell last."""
    state: State = State.OPEN

    @property
    def key(self) -> RowKey:
        """Product id, metric id."""
        return self.product, self.metric.id


def said_last(explanations: Iterable[Explanation]) -> dict[CellKey, Explanation]:
    """The newest explanation of each cell."""
    ordered = sorted(explanations, key=lambda item: (item.said_on, item.id))
    return {(item.product, item.metric, item.month): item for item in ordered}


def anomalies_of(
    sheet: MetricSheet, judgements: Judgements, month: Month, said: Mapping[CellKey, Explanation], newest: Month
) -> tuple[Anomaly, ...]:
    """The anomalies of `month`: inputs before outputs, then by score, each one's followers right after it.

    `newest` is the newest complete month: what is snoozed until then is open again.
    """
    found = {item.key: item for item in _flagged(sheet, judgements, month)}
    metrics = {item.id: item for item in sheet.metrics}

    def is_ordinary(key: RowKey) -> bool:
        verdict = judgements.verdict(*key, month)
        return verdict is not None and verdict.anomaly is None

    leads = {key: _lead(key, found, metrics, is_ordinary) for key in found}
    states = {key: _state(said.get((*key, month)), newest) for key in found}
    listed = []
    for key, item in found.items():
        lead = leads[key]
        state = states[key]
        if state is State.OPEN and states[lead] is not State.OPEN:
            state = State.FOLLOWS
        follows = None if lead == key else lead
        listed.append(
            Anomaly(item.product, item.metric, month, item.cell, item.verdict, follows, said.get((*key, month)), state)
        )
    return tuple(sorted(listed, key=lambda item: (*_rank(found[leads[item.key]]), *_place(item))))


def _flagged(sheet: MetricSheet, judgements: Judgements, month: Month) -> Iterator[Anomaly]:
    """The cells that are out of the ordinary, in the order of the sheet."""
    flagged = set(judgements.flagged(month))
    for product in sheet.products:
        for metric in sheet.metrics_of(product.id, hidden=True):
            if (product.id, metric.id) in flagged:
                verdict = judgements.verdict(product.id, metric.id, month)
                if verdict is not None:
                    yield Anomaly(product.id, metric, month, sheet.cell(product.id, metric.id, month), verdict)


def _lead(
    key: RowKey,
    found: Mapping[RowKey, Anomaly],
    metrics: Mapping[str, Metric],
    is_ordinary: Callable[[RowKey], bool],
) -> RowKey:
    """The anomaly that this one follows from in the end; itself if none."""
    seen = {key}
    while True:
        causes = [cause for cause in _causes(found[key], found, metrics, is_ordinary) if cause not in seen]
        if not causes:
            return key
        key = max(causes, key=lambda cause: found[cause].verdict.score)
        seen.add(key)


def _causes(
    item: Anomaly,
    found: Mapping[RowKey, Anomaly],
    metrics: Mapping[str, Metric],
    is_ordinary: Callable[[RowKey], bool],
) -> list[RowKey]:
    if item.verdict.anomaly is Kind.MISSING:
        lacking = [key for key, other in found.items() if other.verdict.anomaly is Kind.MISSING]
        return [key for key in lacking if key[0] == item.product][:1]
    flagged = {metric: other.verdict.is_above for (product, metric), other in found.items() if product == item.product}
    causes = causes_among(flagged, item.metric, metrics, lambda metric: is_ordinary((item.product, metric)))
    made = [(item.product, metric) for metric in causes]
    if made or item.product != ALL_PRODUCTS:
        return made
    return [
        key
        for key, other in found.items()
        if key[1] == item.metric.id and key[0] != ALL_PRODUCTS and other.verdict.is_above == item.verdict.is_above
    ]


def _state(explanation: Explanation | None, newest: Month) -> State:
    if explanation is None or explanation.verdict == "unknown":
        return State.OPEN
    if explanation.verdict == "snoozed" and explanation.until is not None and explanation.until <= newest:
        return State.OPEN
    return State(explanation.verdict)


def _rank(lead: Anomaly) -> tuple[bool, float, RowKey]:
    return lead.metric.kind != "input", -lead.verdict.score, lead.key


def _place(item: Anomaly) -> tuple[bool, float]:
    return item.follows is not None, -item.verdict.score


def to_explain(anomalies: Iterable[Anomaly]) -> list[Anomaly]:
    """Those that somebody has to say something about: open, and not following from another."""
    return [item for item in anomalies if item.state is State.OPEN and item.follows is None]


def metric_name(sheet: MetricSheet, key: RowKey, product: str) -> str:
    """The metric of an anomaly as it is named beside those of `product`: with its own product where that is another."""
    metric = next((item.name for item in sheet.metrics if item.id == key[1]), key[1])
    owner = next((item.name for item in sheet.products if item.id == key[0]), key[0])
    return metric if key[0] == product else f"{metric} of {owner}"


def reason_for(sheet: MetricSheet, item: Anomaly) -> str:
    """Why it is out of the ordinary, as one sentence."""
    return reason(item.verdict, cells_to(sheet, item.product, item.metric.id, item.month), item.metric.unit)


def cells_to(sheet: MetricSheet, product: str, metric: str, month: Month) -> Sequence[Cell]:
    """A metric's cells up to `month`."""
    return sheet.row(product, metric)[: month.index - sheet.months[0].index + 1]
