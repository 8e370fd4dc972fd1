"""The comments of one cell in threads: read, answer, settle."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on

from reviewtui.actions.action import bindings_of, first_key, remapped
from reviewtui.actions.lists import THREAD
from reviewtui.cell_notes import CellNotes
from reviewtui.months import Month, latest_complete_month
from reviewtui.reviews.threads import QUESTION, SETTLES, ThreadState
from reviewtui.screens.cell_words import cell_words
from reviewtui.screens.comment_forms import edit_comment, new_answer, new_comment, saved_words
from reviewtui.screens.list_screen import ListScreen
from reviewtui.screens.todo_forms import new_todo
from reviewtui.text import counted, safe_text
from reviewtui.widgets.cell_marks import EARLIER_SIGN, NOTE_SIGN, QUESTION_SIGN
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.record_lines import record_lines
from reviewtui.widgets.record_list import RecordList
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.comments import COMMENTS, Comment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.cell_rows import CellKey
    from reviewtui.reviews.threads import Said, Thread
    from reviewtui.widgets.spans import Line

_STATE_WORDS = {
    ThreadState.SAID: "",
    ThreadState.OPEN: "open",
    ThreadState.ANSWERED: "answered",
    ThreadState.SETTLED: "settled",
}
_SIGNS = {"question": "?", "comment": NOTE_SIGN, "answer": "↳", "decision": "✓"}
_WIDE = 10_000


class ThreadScreen(ListScreen):
    """Shows what was said about a cell, this review's first."""

    BINDINGS = bindings_of(THREAD)
    KEYS_OF = "Comments"
    ACTIONS = THREAD
    HEADING = "Comments"
    COLUMNS = (
        ListColumn("Said", widest=24),
        ListColumn("By", rank=1, widest=16),
        ListColumn("On", rank=2),
        ListColumn("State", rank=3),
        ListColumn("Text", widest=_WIDE, readable=40),
    )
    EMPTY: ClassVar[str] = "Nobody has said anything about this cell. Press + to write a comment or a question."

    def __init__(self, cell: CellKey) -> None:
        super().__init__()
        self.cell = cell
        self._month = Month.parse(cell.month)
        self._threads: tuple[Thread, ...] = ()
        self._about_to_remove: Comment | None = None

    def on_mount(self) -> None:
        """Follow the records."""
        self.watch(self.app, "records", self.show)

    @property
    def _review(self) -> Month:
        return latest_complete_month(self.review_app.as_of)

    def rows(self) -> Sequence[ListRow]:
        """Every comment, what answers it below it."""
        cell, review = self.cell, self._review
        notes = CellNotes(self.review_app.records, review)
        threads = notes.threads(cell.product, cell.metric, self._month)
        self._threads = tuple(sorted(threads, key=lambda thread: thread.is_earlier_than(review)))
        return [row for thread in self._threads for row in self._thread_rows(thread)]

    def _thread_rows(self, thread: Thread) -> list[ListRow]:
        is_earlier = thread.is_earlier_than(self._review)
        section = "Earlier reviews" if is_earlier else f"Review of {self._review.long_label}"
        return [self._row(thread, item, section, is_earlier=is_earlier) for item in thread.said]

    def _row(self, thread: Thread, item: Said, section: str, *, is_earlier: bool) -> ListRow:
        comment, is_opening = item.comment, item.depth == 0
        is_open = is_opening and thread.state is ThreadState.OPEN
        sign = QUESTION_SIGN if is_open else EARLIER_SIGN if is_earlier and is_opening else _SIGNS[comment.kind]
        cells = (
            f"{'  ' * min(item.depth, 6)}{sign} {comment.kind}",
            comment.author or "somebody",
            comment.said_on.isoformat(),
            _STATE_WORDS[thread.state] if is_opening else "",
            " ".join(comment.text.split()),
        )
        role = "note" if is_open else "quiet" if is_earlier else "strong" if comment.kind == "decision" else "text"
        return ListRow(comment.id, cells, section, role, words=comment.text)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """The whole comment."""
        comment = self._comment(row)
        if comment is None:
            return ()
        head = safe_text(f"{comment.author or 'Somebody'}, {comment.said_on:%d %b %Y}")
        words = {name: self._quoted(getattr(comment, name)) for name in ("answers", "resolved_by")}
        left_out = ("author", "said_on", "metric")
        return [
            (Span(head, "title"),),
            *record_lines(COMMENTS, comment, width, words=words, left_out=left_out),
        ]

    def _quoted(self, record_id: str) -> str:
        """What a comment said, in place of its id."""
        found = self.review_app.records.by_id(record_id) if record_id else None
        return " ".join(found.text.split()) if isinstance(found, Comment) else ""

    def title_words(self) -> tuple[str, str]:
        """The cell, and how many questions wait."""
        waiting = sum(thread.state is ThreadState.OPEN for thread in self._threads)
        return cell_words(self.review_app, self.cell), f"{counted(waiting, 'open question')}" if waiting else ""

    def _comment(self, row: ListRow | None) -> Comment | None:
        found = self.review_app.records.by_id(row.id) if row is not None else None
        return found if isinstance(found, Comment) else None

    # Doing

    def open_row(self, row: ListRow) -> None:
        """Change a comment of one's own; answer one of somebody else."""
        comment = self._comment(row)
        if comment is None:
            return
        if comment.author in ("", self.review_app.me):
            self.app.push_screen(edit_comment(comment), self._saved)
        else:
            self.app.push_screen(new_answer(self.review_app, comment), self._saved)

    def action_add_record(self) -> None:
        """A new comment on the cell."""
        self.app.push_screen(new_comment(self.review_app, self.cell), self._saved)

    def action_answer(self) -> None:
        """An answer to the comment under the cursor."""
        comment = self._comment(self.row)
        if comment is not None:
            self.app.push_screen(new_answer(self.review_app, comment), self._saved)

    def action_toggle_settled(self) -> None:
        """Settle the question of the thread by the comment under the cursor, or open it again."""
        comment = self._comment(self.row)
        thread = next((item for item in self._threads if self._stands_in(item)), None)
        if comment is None or thread is None:
            return
        question = next((item.comment for item in thread.said if item.comment.kind == QUESTION), None)
        if question is None:
            self.say("Only a question can be settled, and nobody asked one here.")
            return
        settles = "" if question.resolved_by else _settling(thread, comment, question)
        if not question.resolved_by and not settles:
            self.say("Write an answer or a decision first: R answers.")
            return
        self.review_app.save_record(
            lambda store: store.save(question, {"resolved_by": settles}), partial(self._told, bool(settles))
        )

    def action_remove(self) -> None:
        """At the second press in a row on the same comment of one's own, remove it."""
        comment = self._comment(self.row)
        if comment is None:
            return
        reason = self._why_it_stays(comment)
        if reason:
            self.say(reason)
        elif comment == self._about_to_remove:
            self.review_app.save_record(lambda store: store.remove(comment), lambda _: self.say("The comment is gone."))
        else:
            self._about_to_remove = comment
            actions = remapped(THREAD, self.review_app.keymap)
            key = next(first_key(action) for action in actions if action.id == "screen.remove")
            self.say(f"Press {key} again to remove your comment.")

    @on(RecordList.Focused)
    def keep_comment(self) -> None:
        """Another comment is under the cursor: the next press is the first again."""
        self._about_to_remove = None

    def _why_it_stays(self, comment: Comment) -> str:
        if comment.author not in ("", self.review_app.me):
            return "Only who wrote a comment removes it."
        said = [item.comment for thread in self._threads for item in thread.said]
        if any(comment.id in (other.answers, other.resolved_by) for other in said):
            return "Others build on this comment, so it stays. Enter changes what it says."
        return ""

    def _stands_in(self, thread: Thread) -> bool:
        return self.row is not None and any(item.comment.id == self.row.id for item in thread.said)

    def _told(self, is_settled: bool, result: object) -> None:
        self.say(saved_words(result) or ("The question is settled." if is_settled else "The question is open again."))

    def _saved(self, result: object) -> None:
        if result is None:
            return
        record = getattr(result, "record", result)
        if isinstance(record, Comment):
            self.list.go_to(record.id)
        self.say(saved_words(result) or "Saved.")

    def action_new_todo(self) -> None:
        """A to-do that follows from the comment under the cursor, or from the cell."""
        comment = self._comment(self.row)
        origin = comment.id if comment is not None else f"cell:{self.cell.metric}@{self.cell.month}"
        self.app.push_screen(new_todo(self.review_app, self.cell.product, origin), self._saved)


def _settling(thread: Thread, comment: Comment, question: Comment) -> str:
    """The id of what settles the question: the comment under the cursor, else the last answer or decision."""
    if comment.id != question.id:
        return comment.id
    said = [item.comment for item in thread.said if item.comment.kind in SETTLES]
    return said[-1].id if said else ""
