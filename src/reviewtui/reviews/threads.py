"""Comments of a cell in threads: a question, its answers, the decision; and which cells have some.

Comments have a day and no time, so what was said on one day is told apart by who answers whom, then by id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from reviewtui.months import Month
    from reviewtui.workspace.kinds.comments import Comment

QUESTION, COMMENT, ANSWER, DECISION = "question", "comment", "answer", "decision"
"""The kinds of a comment."""

SETTLES = (ANSWER, DECISION)
"""Kinds that answer the question they follow."""


class ThreadState(StrEnum):
    """What is left to be done about a thread."""

    SAID = "said"
    """Nobody asked anything."""
    OPEN = "open"
    """A question waits for an answer."""
    ANSWERED = "answered"
    SETTLED = "settled"
    """A decision was taken, or the question was marked as settled."""


@dataclass(frozen=True, slots=True)
class Said:
    """A comment in its thread."""

    comment: Comment
    depth: int
    """0 for what opens the thread, 1 for what answers that, and so on."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What opens it, then everything said about that, each below what it answers."""

    said: tuple[Said, ...]
    """At least one."""
    state: ThreadState

    @property
    def opening(self) -> Comment:
        """What it begins with."""
        return self.said[0].comment

    @property
    def newest(self) -> Comment:
        """What was said last."""
        return max((item.comment for item in self.said), key=_when)

    def is_earlier_than(self, review: Month) -> bool:
        """Whether all of it was said in reviews before that of `review`."""
        return all(item.comment.review < review for item in self.said)

    def covers(self, month: Month) -> bool:
        """Whether it is about a month of its metric, or about all of them."""
        first = self.opening.month
        return first is None or first <= month <= (self.opening.until or first)


def threads_of(comments: Iterable[Comment]) -> tuple[Thread, ...]:
    """Every comment once, in threads; oldest opening first.

    What answers a comment that is not among them opens a thread of its own, as does one of a circle.
    """
    everything = sorted(comments, key=_when)
    known = {comment.id for comment in everything}
    replies: dict[str, list[Comment]] = {}
    for comment in everything:
        if comment.answers in known and comment.answers != comment.id:
            replies.setdefault(comment.answers, []).append(comment)
    answering = {comment.id for below in replies.values() for comment in below}
    roots = [comment for comment in everything if comment.id not in answering]
    placed: set[str] = set()
    threads = []
    for opening in (*roots, *everything):
        if opening.id not in placed:
            said = _gathered(opening, replies, placed)
            threads.append(Thread(said, _state(said)))
    return tuple(sorted(threads, key=lambda thread: _when(thread.opening)))


def _gathered(opening: Comment, replies: Mapping[str, Sequence[Comment]], placed: set[str]) -> tuple[Said, ...]:
    """The comment and all below it that are not `placed` yet, depth first."""
    said: list[Said] = []
    waiting = [Said(opening, 0)]
    while waiting:
        item = waiting.pop()
        if item.comment.id in placed:
            continue
        placed.add(item.comment.id)
        said.append(item)
        below = replies.get(item.comment.id, ())
        waiting += [Said(reply, item.depth + 1) for reply in reversed(below)]
    return tuple(said)


def _state(said: Sequence[Said]) -> ThreadState:
    questions = [at for at, item in enumerate(said) if item.comment.kind == QUESTION]
    if any(_is_open(said, at) for at in questions):
        return ThreadState.OPEN
    if any(item.comment.kind == DECISION for item in said) or any(said[at].comment.resolved_by for at in questions):
        return ThreadState.SETTLED
    return ThreadState.ANSWERED if questions else ThreadState.SAID


def _is_open(said: Sequence[Said], at: int) -> bool:
    """Whether the question at `at` has no answer below it and nothing that settles it."""
    question = said[at]
    if question.comment.resolved_by:
        return False
    for item in said[at + 1 :]:
        if item.depth <= question.depth:
            break
        if item.comment.kind in SETTLES:
            return False
    # A decision about what the question follows decides the question too, unless it was asked afterwards.
    return not any(item.comment.kind == DECISION and item.comment.said_on >= question.comment.said_on for item in said)


def open_questions(thread: Thread) -> tuple[Comment, ...]:
    """The questions that wait for an answer."""
    return tuple(
        item.comment
        for at, item in enumerate(thread.said)
        if item.comment.kind == QUESTION and _is_open(thread.said, at)
    )


def cell_threads(comments: Iterable[Comment], metric: str, month: Month) -> tuple[Thread, ...]:
    """The threads about one cell; `comments` are those of its product."""
    return tuple(
        thread
        for thread in threads_of(comment for comment in comments if comment.metric == metric)
        if thread.covers(month)
    )


def newest_notes(threads: Iterable[Thread]) -> tuple[Comment, ...]:
    """Everything said in the threads, newest first; what is on the same day in the order of its thread."""
    said = [item.comment for thread in threads for item in thread.said]
    return tuple(sorted(said, key=lambda comment: (comment.review, comment.said_on), reverse=True))


def _when(comment: Comment) -> tuple[date, int, str]:
    return comment.said_on, comment.review.index, comment.id


@dataclass(frozen=True, slots=True)
class CellNotes:
    """What the grid says about the notes of a cell."""

    is_open: bool
    """Whether a question waits for an answer."""
    is_earlier: bool
    """Whether all was said in earlier reviews."""


class NoteIndex:
    """Which cells have notes; the threads of a metric are put together when it is first looked up, and once."""

    def __init__(self, comments: Iterable[Comment], review: Month) -> None:
        """`review` is the month of the present review; of long ranges the months after the one that follows it are
        left out: they have no numbers yet.
        """
        self._review = review
        self._cells: dict[tuple[str, str], dict[Month, CellNotes]] = {}
        self._said: dict[tuple[str, str], list[Comment]] = {}
        for comment in comments:
            self._said.setdefault((comment.product, comment.metric), []).append(comment)

    def _cells_of(self, product: str, metric: str) -> dict[Month, CellNotes] | None:
        row = (product, metric)
        if row in self._said and row not in self._cells:
            cells: dict[Month, CellNotes] = {}
            for thread in threads_of(self._said[row]):
                _add_thread(cells, thread, self._review)
            self._cells[row] = cells
        return self._cells.get(row)

    def notes(self, product: str, metric: str, first: Month, last: Month) -> CellNotes | None:
        """What there is about the months from `first` to `last`; None where nothing was said."""
        cells = self._cells_of(product, metric)
        if cells is None:
            return None
        if first == last:
            return cells.get(first)
        found = [notes for month, notes in cells.items() if first <= month <= last]
        return _together(found) if found else None

    def is_silent(self, product: str, metric: str) -> bool:
        """Whether nobody said anything about a metric, in any month."""
        return (product, metric) not in self._said

    def metrics_of(self, product: str) -> frozenset[str]:
        """The metrics of a product that have notes in any month."""
        return frozenset(metric for owner, metric in self._said if owner == product)


def _add_thread(cells: dict[Month, CellNotes], thread: Thread, review: Month) -> None:
    notes = CellNotes(thread.state is ThreadState.OPEN, thread.is_earlier_than(review))
    # What is about all months stands where it was said.
    month = thread.opening.month or thread.opening.review
    last = min(thread.opening.until or month, review + 1)
    while True:
        before = cells.get(month)
        cells[month] = _together([before, notes]) if before is not None else notes
        if month >= last:
            break
        month += 1


def _together(notes: Sequence[CellNotes]) -> CellNotes:
    return CellNotes(any(item.is_open for item in notes), all(item.is_earlier for item in notes))
