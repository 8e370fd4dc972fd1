"""The anomalies on the grid: from one that nobody has explained to the next, over metrics and products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.screens.grid_walk import GridWalk
from reviewtui.sheet_state import Position, RowFilter

if TYPE_CHECKING:
    from reviewtui.anomalies.listed import Anomaly


class GridAnomalies(GridWalk):
    """`a` and `A`, and what the title counts."""

    _last_key: tuple[str, str] | None = None
    """The anomaly that was gone to last, to go on from where it was once it is explained."""
    _last_at = 0

    def anomalous_metrics(self, product: str) -> frozenset[str]:
        """The metrics that are out of the ordinary in the newest complete month."""
        index = self.anomaly_index
        return index.metrics_of(product) if index is not None else frozenset()

    @property
    def to_explain_words(self) -> str:
        """`5 to explain, 3 here` of all products and of this one; empty where nothing is, or nothing is known yet."""
        index = self.anomaly_index
        waiting = index.to_explain if index is not None else ()
        product = self.product.id if self.product is not None else ""
        here = sum(item.product == product for item in waiting)
        words = f"{len(waiting):,} to explain" if waiting else ""
        return words if here == len(waiting) else f"{words}, {here:,} here"

    def action_next_anomaly(self) -> None:
        """The next anomaly that nobody has explained."""
        self._step_anomaly(1)

    def action_previous_anomaly(self) -> None:
        """The one before."""
        self._step_anomaly(-1)

    def _step_anomaly(self, step: int) -> None:
        index = self.anomaly_index
        if index is None:
            self.say("The numbers are still being judged.")
            return
        waiting = index.to_explain
        if not waiting:
            self.say(f"Nothing in {index.newest.label} waits for an explanation.")
            return
        at = self._next_at(waiting, step)
        item = waiting[at]
        self._last_key, self._last_at = item.key, at
        if self.options.rows not in (RowFilter.ALL, RowFilter.ANOMALOUS):
            self.filter_rows(RowFilter.ALL)
        self.review_app.show_place(Position(item.product, item.metric.id, str(item.month)))
        self.say(f"{at + 1} of {len(waiting)} to explain")

    def _next_at(self, waiting: tuple[Anomaly, ...], step: int) -> int:
        keys = [item.key for item in waiting]
        here = self.review_app.position
        key = (here.product or "", here.metric or "")
        for known in (key, self._last_key):
            if known in keys:
                return (keys.index(known) + step) % len(keys)
        if self._last_key is None:
            return 0 if step > 0 else len(keys) - 1
        # What was gone to last is explained by now: the next one has moved into its place.
        return (self._last_at if step > 0 else self._last_at - 1) % len(keys)
