"""Writing what a review decides: its record, and the numbers it froze."""

from __future__ import annotations

import hashlib
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from reviewtui.errors import ReviewError
from reviewtui.reviews import closing
from reviewtui.reviews.checklist import items_of, rewritten, ticked
from reviewtui.reviews.snapshot import take_snapshot
from reviewtui.workspace.file_facts import file_facts
from reviewtui.workspace.kinds.reviews import REVIEWS, FocusAnswer, Review
from reviewtui.workspace.snapshot_files import replace_snapshot, snapshot_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.reviews.month_review import MonthReview
    from reviewtui.workspace.model import Workspace
    from reviewtui.workspace.store import RecordStore


def begun(review: MonthReview, store: RecordStore) -> Review:
    """The record of a review as it is on disk; made, in the proposed form, where nobody has written one."""
    written = store.load().of_product(REVIEWS, review.product.id)
    record = next((item for item in written if item.review == review.month), None)
    if record is not None:
        return record
    proposed = review.proposed_mode
    values = {"mode": proposed.mode, "mode_reason": proposed.reason}
    return store.create(REVIEWS, review.product.id, values, review.today, review=review.month)


def changed(review: MonthReview, store: RecordStore, changes: Mapping[str, Any]) -> Review:
    """The record of a review with fields changed; ReviewError for a closed one, so that nothing changes silently."""
    record = begun(review, store)
    if record.is_closed:
        raise ReviewError("This review is closed. Open it again to change it.", "Closed")
    return store.save(record, changes).record


def answered(review: MonthReview, store: RecordStore, prompt: str, text: str) -> Review:
    """The record with an answer to one question of the focus; an empty text takes the answer away."""
    record = begun(review, store)
    kept = tuple(answer for answer in record.answers if answer.id != prompt)
    answer = (FocusAnswer(id=prompt, text=text),) if text.strip() else ()
    return changed(review, store, {"answers": (*kept, *answer)})


def tick(review: MonthReview, store: RecordStore, item: str, *, done: bool) -> Review:
    """The record with a line of its checklist ticked, or not any more."""
    items = ticked(items_of(begun(review, store), review.earlier), item, done=done, by=store.me)
    return changed(review, store, {"checklist": items})


def rewrite_checklist(review: MonthReview, store: RecordStore, texts: Mapping[str, Sequence[str]]) -> Review:
    """The record with the lines of its checklist as people want them, by phase; later reviews take them over."""
    items = rewritten(items_of(begun(review, store), review.earlier), texts)
    if not items:
        raise ReviewError("A checklist needs a line at least.", "Not saved")
    return changed(review, store, {"checklist": items})


def close(review: MonthReview, store: RecordStore, workspace: Workspace, override: str = "") -> Review:
    """Freeze the numbers of a review and close it; ReviewError where something is missing and nobody says why.

    The numbers are on disk before the record says that they are.
    """
    record = begun(review, store)
    snapshot = take_snapshot(review.sheet, review.product.id, review.month, review.today)
    frozen = hashlib.sha256(snapshot_text(snapshot).encode()).hexdigest()
    done = closing.closed(
        record,
        review.facts,
        on=review.today,
        by=store.me,
        closing_id=token_hex(3),
        override=override,
        snapshot=frozen,
    )
    folder = record.file.path.split("/")[1]
    path = replace_snapshot(workspace, folder, snapshot)
    # It holds the numbers that are on the screen.
    store.made_files[path.relative_to(store.root).as_posix()] = file_facts(path)
    return store.save(record, {"closings": done.closings, "held_on": done.held_on}).record


def reopen(review: MonthReview, store: RecordStore, why: str) -> Review:
    """Open a closed review again; its closings, and the numbers it froze, stay."""
    record = begun(review, store)
    again = closing.reopened(record, on=review.today, by=store.me, why=why)
    return store.save(record, {"closings": again.closings}).record


def exported(review: MonthReview, store: RecordStore, form: str) -> Review:
    """Note that the summary went out in a form; also in a closed review."""
    record = begun(review, store)
    return store.save(record, {"summary_exported": (*record.summary_exported, form)}).record
