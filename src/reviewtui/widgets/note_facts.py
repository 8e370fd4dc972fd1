"""What was said about a cell, as the panel shows it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.reviews.threads import ThreadState, newest_notes, open_questions
from reviewtui.text import safe_text
from reviewtui.widgets.cell_marks import EARLIER_SIGN, NOTE_SIGN, QUESTION_SIGN
from reviewtui.widgets.note_lines import NoteFact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.months import Month
    from reviewtui.reviews.threads import Thread


def note_facts(threads: Sequence[Thread], review: Month) -> tuple[NoteFact, ...]:
    """What was said about a cell, open questions first, then the newest; `review` is the present one."""
    waiting = {
        question.id for thread in threads if thread.state is ThreadState.OPEN for question in open_questions(thread)
    }
    notes = sorted(newest_notes(threads), key=lambda comment: comment.id not in waiting)
    facts = []
    for comment in notes:
        is_open, is_earlier = comment.id in waiting, comment.review < review
        sign = QUESTION_SIGN if is_open else EARLIER_SIGN if is_earlier else NOTE_SIGN
        kind = "open question" if is_open else comment.kind
        head = f"{comment.author or 'somebody'}, {comment.said_on:%d %b}{f' ({kind})' if kind != 'comment' else ''}"
        facts.append(NoteFact(sign, safe_text(head), safe_text(" ".join(comment.text.split())), is_earlier, is_open))
    return tuple(facts)
