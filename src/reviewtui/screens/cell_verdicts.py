"""What screens show of verdicts: a glyph before the value, the reason in the panel, the band of the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.months import latest_complete_month
from reviewtui.screens.cell_screen import CellScreen
from reviewtui.widgets.cell_marks import Mark, no_marks

if TYPE_CHECKING:
    from reviewtui.anomalies.index import AnomalyIndex
    from reviewtui.anomalies.judgements import Judgements
    from reviewtui.metrics.series import Period
    from reviewtui.metrics.sheet import Metric, MetricSheet
    from reviewtui.months import Month
    from reviewtui.widgets.cell_facts import CellFacts
    from reviewtui.widgets.cell_marks import MarksOf
    from reviewtui.workspace.record_set import Records


def _target_marks(sheet: MetricSheet, product: str, metric: Metric | None, month: Month) -> tuple[Mark, ...]:
    if metric is None or (product, metric.id) not in sheet.targets:
        return ()
    from reviewtui.metrics.targets import target_mark

    sign = target_mark(sheet, product, sheet.meaning(product, metric), month)
    return (Mark(sign, "target"),) if sign else ()


class CellVerdicts(CellScreen):
    """The verdicts on cells, as far as they are there."""

    _index: AnomalyIndex | None = None
    _indexed: tuple[Judgements, Records, MetricSheet] | None = None

    @property
    def anomaly_index(self) -> AnomalyIndex | None:
        """What is known of the numbers on the screen; None until they are judged."""
        app = self.review_app
        judgements, loaded = app.judgements, app.sheet_state.loaded
        if loaded is None or judgements.months != loaded.sheet.months:
            return None
        state = (judgements, app.records, loaded.sheet)
        if self._indexed is None or any(one is not other for one, other in zip(state, self._indexed, strict=True)):
            from reviewtui.anomalies.index import AnomalyIndex
            from reviewtui.workspace.kinds.explanations import EXPLANATIONS

            newest = latest_complete_month(app.as_of)
            self._index = AnomalyIndex(loaded.sheet, judgements, app.records.of(EXPLANATIONS), newest)
            self._indexed = state
        return self._index

    def verdict_marks(self, product: str) -> MarksOf:
        """For the cells of a product as they are judged now: the glyph of an anomaly, calm where something has been
        said about it, and the one of a missed target. None in columns of quarters.
        """
        index = self.anomaly_index
        if index is None:
            return no_marks
        from reviewtui.anomalies.listed import State
        from reviewtui.anomalies.marks import mark

        sheet, meant = index.sheet, {metric.id: metric for metric in index.sheet.metrics}

        def marks_of(metric: str, period: Period) -> tuple[Mark, ...]:
            if period.first != period.last:
                return ()
            found = index.at(product, metric, period.last)
            wanted = _target_marks(sheet, product, meant.get(metric), period.last)
            if found is None:
                return wanted
            return (Mark(mark(found.verdict), "anomaly" if found.state is State.OPEN else "anomaly-said"), *wanted)

        return marks_of

    def with_verdict(self, facts: CellFacts, product: str, metric: Metric, month: Month) -> CellFacts:
        """The facts of a cell together with what was expected of it."""
        index = self.anomaly_index
        if index is None:
            return facts
        from reviewtui.widgets.verdict_facts import verdict_facts, with_band

        row = index.judgements.row(product, metric.id)
        trend = with_band(facts.trend, row, index.sheet.months)
        return facts._replace(trend=trend, verdict=verdict_facts(index, product, metric, month))
