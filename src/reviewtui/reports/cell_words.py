"""What the cells of a spreadsheet show beside their values: what is out of the ordinary, and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewtui.months import latest_complete_month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reviewtui.anomalies.judgements import Judgements
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import Month
    from reviewtui.workspace.kinds.explanations import Explanation
    from reviewtui.workspace.record_set import Records

    CellKey = tuple[str, str, Month]
    """Product id, metric id, month."""


@dataclass(frozen=True, slots=True)
class CellWords:
    """What is to be read about cells, by their keys."""

    texts: Mapping[CellKey, tuple[str, ...]] = field(default_factory=dict)
    """Why the program marks it, what people explained, then their comments."""
    is_settled: Mapping[CellKey, bool] = field(default_factory=dict)
    """For each cell out of the ordinary, whether somebody has said why."""

    def text(self, key: CellKey) -> str:
        """Everything about a cell as one text; empty where there is nothing."""
        return "\n".join(self.texts.get(key, ()))


NOTHING_SAID = CellWords()


def cell_words(sheet: MetricSheet, judgements: Judgements, records: Records, months: Iterable[Month]) -> CellWords:
    """The words about the cells of some months."""
    from reviewtui.anomalies.listed import State, anomalies_of, reason_for, said_last
    from reviewtui.workspace.kinds.explanations import EXPLANATIONS

    texts: dict[CellKey, list[str]] = {}
    is_settled: dict[CellKey, bool] = {}
    said = said_last(records.of(EXPLANATIONS))
    newest = latest_complete_month(sheet.as_of)
    judged = [month for month in months if month in set(judgements.months)]
    for item in (found for month in judged for found in anomalies_of(sheet, judgements, month, said, newest)):
        key = (*item.key, item.month)
        texts.setdefault(key, []).append(reason_for(sheet, item))
        is_settled[key] = item.state is not State.OPEN
    for key, explanation in said.items():
        texts.setdefault(key, []).append(_explained(explanation))
    for key, text in _comments(records):
        texts.setdefault(key, []).append(text)
    return CellWords({key: tuple(words) for key, words in texts.items()}, is_settled)


def _comments(records: Records) -> Iterable[tuple[CellKey, str]]:
    """Every comment on a cell, thread by thread."""
    from reviewtui.reviews.threads import threads_of
    from reviewtui.workspace.kinds.comments import COMMENTS

    for product in sorted({comment.product for comment in records.of(COMMENTS)}):
        for thread in threads_of(records.of_product(COMMENTS, product)):
            first = thread.opening
            if first.metric and first.month is not None:
                for item in thread.said:
                    yield (
                        (product, first.metric, first.month),
                        f"{item.comment.author or 'Somebody'}: {item.comment.text}",
                    )


def _explained(explanation: Explanation) -> str:
    verdict = "not known yet" if explanation.verdict == "unknown" else explanation.verdict
    words = f"{explanation.author or 'Somebody'} ({verdict})"
    return f"{words}: {explanation.reason}" if explanation.reason else f"{words}."
