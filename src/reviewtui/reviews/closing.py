"""What must be true before a review is closed, and what changes when it is closed or opened again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reviewtui.errors import ReviewError
from reviewtui.text import counted
from reviewtui.workspace.kinds.reviews import Closing, newest_closing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from reviewtui.months import Month
    from reviewtui.reviews.checklist import Facts
    from reviewtui.workspace.kinds.reviews import Review

_HEADLINE = "Not closed"


def missing_for_closing(record: Review | None, facts: Facts) -> tuple[str, ...]:
    """What stands against closing, a sentence each; empty: nothing does."""
    missing = []
    if facts.undisposed:
        missing.append(f"{counted(facts.undisposed, 'to-do')} of earlier reviews {_wait(facts.undisposed)} for a word.")
    if not facts.is_judged:
        missing.append("The numbers are still being judged; that takes a moment.")
    if facts.unexplained:
        missing.append(f"{_anomalies(facts.unexplained)} no explanation.")
    if facts.unreadable_sources:
        missing.append(f"{counted(facts.unreadable_sources, 'source')} could not be read.")
    if record is None or not record.summary_exported:
        missing.append("The summary has not been exported.")
    return tuple(missing)


def closed(
    record: Review,
    facts: Facts,
    *,
    on: date,
    by: str,
    closing_id: str,
    override: str = "",
    snapshot: str = "",
) -> Review:
    """The record of the review once it is closed; `snapshot` is the hash of the numbers it freezes.

    ReviewError if it is closed already, or if something is missing and `override` does not say why it is closed
    nevertheless.
    """
    if record.is_closed:
        raise ReviewError("This review is closed already. Open it again to change it.", _HEADLINE)
    missing = missing_for_closing(record, facts)
    if missing and not override.strip():
        raise ReviewError(f"{' '.join(missing)} Settle that, or say why it is closed nevertheless.", _HEADLINE)
    closing = Closing(
        id=closing_id, closed_on=on, by=by, overrides=override.strip() if missing else "", snapshot=snapshot
    )
    return replace(record, held_on=record.held_on or on, closings=(*record.closings, closing))


def reopened(record: Review, *, on: date, by: str, why: str) -> Review:
    """The record of a closed review once it is open again; its closings stay as its history.

    ReviewError if it is not closed or if nobody says why.
    """
    if not record.is_closed:
        raise ReviewError("This review is open.", "Nothing to open")
    if not why.strip():
        raise ReviewError("Say why the review is opened again: those who read it will ask.", "Not opened")
    last = newest_closing(record.closings)
    again = replace(last, reopened_on=on, reopened_by=by, reopened_why=why.strip())
    return replace(record, closings=tuple(again if item.id == last.id else item for item in record.closings))


def overrides_before(reviews: Iterable[Review], product: str, review: Month) -> tuple[tuple[Month, str], ...]:
    """Why the review before this one was closed with something missing: this review has to read it."""
    earlier = [item for item in reviews if item.product == product and item.review < review and item.closings]
    if not earlier:
        return ()
    last = max(earlier, key=lambda item: item.review)
    return tuple((last.review, item.overrides) for item in last.closings if item.overrides)


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _anomalies(count: int) -> str:
    return "1 anomaly has" if count == 1 else f"{count:,} anomalies have"
