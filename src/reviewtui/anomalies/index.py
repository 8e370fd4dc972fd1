"""Which cells of a sheet are anomalies and what was said about them, month by month as it is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from reviewtui.anomalies.listed import anomalies_of, said_last, to_explain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewtui.anomalies.judgements import Judgements
    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import Month
    from reviewtui.workspace.kinds.explanations import Explanation


class AnomalyIndex:
    """Looks anomalies up for one state of numbers and explanations; `newest` is the newest complete month."""

    def __init__(
        self, sheet: MetricSheet, judgements: Judgements, explanations: Iterable[Explanation], newest: Month
    ) -> None:
        self.sheet, self.judgements, self.newest = sheet, judgements, newest
        self._said = said_last(explanations)
        self._months: dict[Month, tuple[Anomaly, ...]] = {}
        self._cells: dict[tuple[str, str, Month], Anomaly] = {}

    def of_month(self, month: Month) -> tuple[Anomaly, ...]:
        """The anomalies of a month, in the order of the list."""
        found = self._months.get(month)
        if found is None:
            found = self._months[month] = anomalies_of(self.sheet, self.judgements, month, self._said, self.newest)
            self._cells.update({(*item.key, month): item for item in found})
        return found

    def at(self, product: str, metric: str, month: Month) -> Anomaly | None:
        """The anomaly of a cell; None where the cell is ordinary or not judged."""
        verdict = self.judgements.verdict(product, metric, month)
        if verdict is None or verdict.anomaly is None:
            return None
        self.of_month(month)
        return self._cells.get((product, metric, month))

    @cached_property
    def to_explain(self) -> tuple[Anomaly, ...]:
        """What somebody has to say something about in the newest complete month, in the order to look at it."""
        return tuple(to_explain(self.of_month(self.newest)))

    def metrics_of(self, product: str) -> frozenset[str]:
        """The metrics of a product that are out of the ordinary in the newest complete month."""
        return frozenset(item.metric.id for item in self.of_month(self.newest) if item.product == product)
