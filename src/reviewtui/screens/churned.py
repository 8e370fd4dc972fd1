"""Asking why customers left: who they are is read from the sources first, so that they can be offered."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from reviewtui.cell_rows import CellKey
from reviewtui.errors import Cancelled, ReviewError
from reviewtui.metrics.drilldown import CellQuestion
from reviewtui.screens.churn_forms import churn_form, who_left
from reviewtui.screens.list_screen import ListScreen

if TYPE_CHECKING:
    from reviewtui.metrics.drilldown import DrillDown
    from reviewtui.reviews.month_review import MonthReview

CHURNED_MRR = "churned_mrr"
"""The metric whose rows are the customers that left."""


class ChurnAsking(ListScreen):
    """Opens the form for why a customer left."""

    class WhoLeft(Message):
        """It is known who left, or that it cannot be known."""

        def __init__(self, review: MonthReview, key: CellKey, found: DrillDown | None) -> None:
            super().__init__()
            self.review = review
            self.key = key
            self.found = found

    def __init__(self) -> None:
        super().__init__()
        self._stop_reading = threading.Event()

    def on_unmount(self) -> None:
        """Nobody waits for customers any more."""
        self._stop_reading.set()

    def ask_why_left(self, review: MonthReview) -> None:
        """Open the form, with those who left once they are read; without them where they cannot be."""
        key = CellKey(review.product.id, CHURNED_MRR, str(review.month))
        known = self.review_app.cell_rows.known(review.sheet, key)
        metric = next((item for item in review.sheet.metrics if item.id == CHURNED_MRR), None)
        if known is not None or metric is None:
            self.post_message(self.WhoLeft(review, key, known))
        else:
            self.say("Reading who left …")
            self._read_who_left(review, key, CellQuestion(review.product.id, metric, review.month))

    @work(thread=True, exclusive=True, exit_on_error=False, group="who left")
    def _read_who_left(self, review: MonthReview, key: CellKey, question: CellQuestion) -> None:
        found = None
        try:
            found = self.review_app.cell_rows.fetch(question, lambda _: None, self._stop_reading)
        except (Cancelled, ReviewError):
            pass
        except Exception as error:  # noqa: BLE001 - the form is of use without anything to offer
            self.review_app.keep_fault(error)
        if not self._stop_reading.is_set():
            self.post_message(self.WhoLeft(review, key, found))

    def on_churn_asking_who_left(self, message: WhoLeft) -> None:
        """Open the form where the person still waits for it."""
        if message.found is not None:
            self.review_app.cell_rows.keep(message.review.sheet, message.key, message.found)
        if self.is_current:
            rows = message.found.rows if message.found is not None else None
            self.say("")
            self.app.push_screen(churn_form(message.review, who_left(rows)))
