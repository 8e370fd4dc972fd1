"""Which cells have notes, put together once for each state of the records: a look-up is on the way of every key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.reviews.threads import NoteIndex, cell_threads
from reviewtui.workspace.kinds.comments import COMMENTS

if TYPE_CHECKING:
    from reviewtui.months import Month
    from reviewtui.reviews.threads import Thread
    from reviewtui.workspace.record_set import Records


class CellNotes:
    """Looks up what `records` say about cells, as seen from the review of month `review`."""

    def __init__(self, records: Records, review: Month) -> None:
        self.records = records
        self.review = review
        self.index = NoteIndex(records.of(COMMENTS), review)

    def threads(self, product: str, metric: str, month: Month) -> tuple[Thread, ...]:
        """What was said about a cell."""
        return cell_threads(self.records.of_product(COMMENTS, product), metric, month)
