"""Whether a review should be a meeting, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.reviews.focus import reviews_of_quarter
from reviewtui.reviews.review_calendar import term_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.months import FiscalCalendar, Month
    from reviewtui.workspace.kinds.reviews import Review

SYNC, ASYNC = "sync", "async"
MODE_WORDS = {SYNC: "as a meeting", ASYNC: "in writing"}
"""How a review is held, as people say it."""
MEETINGS_OF_SOMETHING_NEW = 3
"""So many reviews in a row of a new product, or by a new PM, are meetings."""


@dataclass(frozen=True, slots=True)
class ProposedMode:
    """The form that is proposed for a review."""

    mode: str
    reason: str
    """A sentence."""


def propose_mode(
    reviews: Sequence[Review], product: str, review: Month, fiscal: FiscalCalendar, requested_by: str = ""
) -> ProposedMode:
    """Propose a meeting or not for the review of `review`; `reviews` are all that there are.

    Asked for or flagged by somebody; the first three of a new product or PM; else once a quarter, in its last review
    at the latest.
    """
    ours = sorted((item for item in reviews if item.product == product), key=lambda item: item.review)
    record = next((item for item in ours if item.review == review), None)
    asked = requested_by or (record.requested_by if record is not None else "")
    if asked:
        return ProposedMode(SYNC, f"{asked} asked for a meeting.")
    if record is not None and record.issue:
        return ProposedMode(SYNC, "There is an issue to talk about.")
    earlier = [item for item in ours if item.review < review]
    in_a_row = _meetings_in_a_row(earlier)
    if in_a_row < MEETINGS_OF_SOMETHING_NEW:
        if record is not None and any(person.role == "pm" and person.is_new for person in record.participants):
            return ProposedMode(SYNC, f"The PM is new: the first {MEETINGS_OF_SOMETHING_NEW} reviews are meetings.")
        if len(earlier) == in_a_row:
            return ProposedMode(
                SYNC, f"The product is new here: its first {MEETINGS_OF_SOMETHING_NEW} reviews are meetings."
            )
    term = term_of(review, fiscal)
    this_quarter = reviews_of_quarter(earlier, product, term.quarter, fiscal)
    if not any(item.mode == SYNC for item in this_quarter):
        return ProposedMode(SYNC, f"There has been no meeting in {term.quarter.label} yet.")
    return ProposedMode(ASYNC, f"There was a meeting in {term.quarter.label} already.")


def _meetings_in_a_row(earlier: Sequence[Review]) -> int:
    """How many of the newest reviews were meetings without one in between that was not."""
    count = 0
    for item in reversed(earlier):
        if item.mode != SYNC:
            break
        count += 1
    return count
