"""The review of a product's month: where it stands, what is missing, what is due, and the way to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from reviewtui.actions.action import bindings_of, with_footer
from reviewtui.actions.reviews import REVIEW_SCREEN
from reviewtui.cell_rows import CellKey
from reviewtui.months import Month, latest_complete_month
from reviewtui.reviews import saving
from reviewtui.reviews.meeting import MODE_WORDS
from reviewtui.reviews.month_review import MonthReview
from reviewtui.reviews.walkthrough import routine_words
from reviewtui.screens import churn_forms, review_forms, todo_forms
from reviewtui.screens.cell_words import record_words
from reviewtui.screens.churned import ChurnAsking
from reviewtui.screens.grid_walk import GridWalk
from reviewtui.screens.review_detail import review_detail
from reviewtui.screens.review_rows import review_rows, stop_words
from reviewtui.screens.todo_disposal import TodoDisposal
from reviewtui.sheet_state import Position
from reviewtui.text import counted, safe_text
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.workspace.kinds.comments import Comment
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.reviews import ChurnReason
from reviewtui.workspace.kinds.todos import Todo
from reviewtui.workspace.load import load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen

    from reviewtui.actions.action import Action
    from reviewtui.app import ReviewApp
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.kinds.reviews import OpenQuestion

LATE_WORDS = {"amber": "▲ late", "red": "‼ very late", "": ""}


def month_review(app: ReviewApp, product_id: str | None, month: Month) -> MonthReview | None:
    """The review of a product's month as the app knows it; None without numbers, or while there are few."""
    loaded = app.sheet_state.loaded
    if loaded is None or app.sheet_state.is_begun or not loaded.sheet.products:
        return None
    products = loaded.sheet.products
    product = next((item for item in products if item.id == product_id), products[0])
    changed = len(app.sheet_state.changed)
    return MonthReview(loaded.sheet, app.judgements, app.records, product, month, app.as_of, changed)


class ReviewScreen(TodoDisposal, ChurnAsking):
    """Everything a review asks for, in the order it is done."""

    BINDINGS = bindings_of(REVIEW_SCREEN)
    KEYS_OF = "Review"
    ACTIONS = REVIEW_SCREEN
    COLUMNS = (
        ListColumn("", widest=2),
        ListColumn("What", widest=72, readable=36),
        ListColumn("Known", rank=1, widest=60),
    )
    EMPTY: ClassVar[str] = "The numbers are not there yet; the review begins once they are. 1 shows how far they are."

    def __init__(self) -> None:
        super().__init__()
        self._month: Month | None = None

    def on_mount(self) -> None:
        """Follow numbers, verdicts and records."""
        for name in ("sheet_state", "judgements", "records"):
            self.watch(self.app, name, self.show, init=False)
        self.show()

    @property
    def month(self) -> Month:
        """The month under review."""
        return self._month or latest_complete_month(self.review_app.as_of)

    @property
    def review(self) -> MonthReview | None:
        """The review as it stands now."""
        return month_review(self.review_app, self.review_app.position.product, self.month)

    # What is shown

    def rows(self) -> Sequence[ListRow]:
        """Section by section."""
        review = self.review
        return review_rows(review) if review is not None else []

    def offered(self) -> list[Action]:
        """The keys, of which one opens a review that is closed."""
        review = self.review
        is_closed = review is not None and review.is_closed
        offered = super().offered()
        return list(with_footer(offered, "close_review", "open again")) if is_closed else offered

    def show_title(self) -> None:
        """Which review it is, how far, how late, how many in a row."""
        from reviewtui.widgets.lines import KeyLine, TitleLine

        review = self.review
        self.query_one(KeyLine).offer(self.offered())
        if review is None:
            self.query_one(TitleLine).show("Review")
            return
        name = safe_text(review.product.name or review.product.id)
        place = f"review {review.term.ordinal} of {review.term.quarter.label} · {MODE_WORDS[review.mode]}"
        about = f"{review.month.long_label} · {place}"
        self.query_one(TitleLine).show(name, about, "", self._attention(review))

    def _attention(self, review: MonthReview) -> str:
        if review.is_closed:
            streak = f" · {review.streak} months in a row" if review.streak > 1 else ""
            return f"✓ closed{streak}"
        parts = [LATE_WORDS[review.lateness]] if review.lateness else []
        if review.days:
            parts.append(f"day {review.days + 1}")
        if review.streak:
            parts.append(f"{counted(review.streak, 'month')} in a row")
        return " · ".join(parts)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """What is known about the row; above it what keeps the review open."""
        review = self.review
        if review is None:
            return ()
        return review_detail(review, row, width, lambda record: record_words(self.review_app, record))

    # Going elsewhere

    def action_previous_month(self) -> None:
        """The review of the month before."""
        self._month = self.month - 1
        self.show()

    def action_next_month(self) -> None:
        """The review of the next month, up to the newest complete one."""
        self._month = min(self.month + 1, latest_complete_month(self.review_app.as_of))
        self.show()

    def action_previous_product(self) -> None:
        """The product before."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The next product."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        review = self.review
        if review is None:
            return
        products = review.sheet.products
        product = products[(products.index(review.product) + step) % len(products)]
        self.review_app.position = self.review_app.position._replace(product=product.id)
        self.show()

    def open_row(self, row: ListRow) -> None:
        """Do what the row asks for."""
        review = self.review
        part, _, name = row.id.partition(":")
        record = self.review_app.records.by_id(name)
        if review is None:
            return
        if part == "metric":
            self.review_app.show_place(Position(review.product.id, name, str(review.month)))
        elif part == "todo" and isinstance(record, Todo):
            self.app.push_screen(todo_forms.edit_todo(self.review_app, record))
        elif part == "focus":
            self._write(lambda: review_forms.answer_form(review, name))
        elif part == "goal":
            self.app.push_screen(review_forms.goal_form(review))
        elif part == "question":
            self._open_question(review, name)
        elif part == "dive":
            self.review_app.action_show_dives()
        elif part == "check":
            self._do_check(name)
        elif part in ("churn", "left"):
            self.action_explain_churn()
        elif part == "reason" and isinstance(record, ChurnReason):
            self.app.push_screen(churn_forms.edit_churn(record))
        elif part in ("verdict", "health"):
            self.action_write_review()
        elif part == "routine":
            self.action_start_walk()
        elif part == "quarter" and review.quarterly:
            self.review_app.show_place(Position(review.product.id, review.quarterly[0].id, str(review.month)))
        elif part == "asked" and isinstance(record, Comment):
            self._open_thread(record)
        elif part == "kept":
            self.review_app.action_show_todos()

    def _do_check(self, item: str) -> None:
        """What makes a line of the checklist true: where the program does that, otherwise a tick."""
        does = {
            "data_fresh": self.review_app.load,
            "anomalies_explained": self.action_start_walk,
            "dives_written": self.review_app.action_show_dives,
            "outcome_shared": self.action_write_review,
            "todos_agreed": self.action_add_todo,
            "closed": self.action_close_review,
        }
        review = self.review
        if item == "summary_shared" and review is not None:
            has_summary = review.record is not None and review.record.summary_exported
            (self.action_write_review if has_summary else self.action_show_summary)()
        else:
            does.get(item, self.action_tick)()

    def _open_thread(self, comment: Comment) -> None:
        """The comments of the cell that a question is about."""
        from reviewtui.screens.thread import ThreadScreen

        month = str(comment.month or self.month)
        self.app.push_screen(ThreadScreen(CellKey(comment.product, comment.metric, month)))

    def _open_question(self, review: MonthReview, name: str) -> None:
        question: OpenQuestion | None = next((item for item in review.questions if item.id == name), None)
        if question is not None:
            self.app.push_screen(review_forms.question_form(review, question))

    # Writing

    def _write(self, form: Callable[[], Screen[Any]]) -> None:
        """Open a form that changes the review's own record, which a closed one does not allow."""
        review = self.review
        if review is not None and review.is_closed:
            self.say("This review is closed. X opens it again.")
        elif review is not None:
            self.app.push_screen(form())

    def action_write_review(self) -> None:
        """Everything about the review itself."""
        review = self.review
        if review is not None:
            people = [person.handle for person in self.review_app.records.of(PEOPLE)]
            self._write(lambda: review_forms.review_form(review, people))

    def action_add_record(self) -> None:
        """A question that comes back until it is answered."""
        review = self.review
        if review is not None:
            self.app.push_screen(review_forms.new_question(review))

    def action_add_todo(self) -> None:
        """A to-do for the next review."""
        review = self.review
        if review is not None:
            origin = review.record.id if review.record is not None else ""
            self.app.push_screen(todo_forms.new_todo(self.review_app, review.product.id, origin))

    def action_explain_churn(self) -> None:
        """Why a customer left."""
        review = self.review
        if review is not None:
            self.ask_why_left(review)

    def action_write_checklist(self) -> None:
        """Other lines for the checklist."""
        review = self.review
        if review is not None:
            self._write(lambda: review_forms.checklist_form(review))

    def row_of_todo(self, todo: Todo) -> str:
        """The id of a to-do's row."""
        return f"todo:{todo.id}"

    def action_tick(self) -> None:
        """Tick a line of the checklist that only a person can know."""
        review, row = self.review, self.row
        if review is None or row is None:
            return
        part, _, name = row.id.partition(":")
        line = next((item for item in review.checklist if item.item.id == name), None) if part == "check" else None
        if line is None:
            self.say("Only a line of the checklist is ticked.")
        elif line.known is not None:
            self.say(f"This line ticks itself: {line.known.why}.")
        elif review.is_closed:
            self.say("This review is closed. X opens it again.")
        else:
            done = not line.done
            self.review_app.save_record(lambda store: saving.tick(review, store, name, done=done))

    # The way to the end

    def action_start_walk(self) -> None:
        """Go through the exceptions on the grid."""
        review = self.review
        if review is None:
            return
        if not review.walk.stops:
            self.say(f"There is no exception: {routine_words(review.walk)}")
            return
        stops = [
            (
                Position(review.product.id, stop.metric.id, str(review.month)),
                f"{stop.metric.name}, {stop_words(review, stop)}",
            )
            for stop in review.walk.stops
        ]
        self.review_app.action_show_grid()
        if isinstance(self.review_app.screen, GridWalk):
            self.review_app.screen.begin_walk(stops, routine_words(review.walk))

    def action_show_summary(self) -> None:
        """The summary as it will be sent."""
        from reviewtui.screens.summary import SummaryScreen

        review = self.review
        if review is not None:
            self.app.push_screen(SummaryScreen(review, self.review_app.keymap))

    def action_close_review(self) -> None:
        """Close it where nothing is missing, ask why where something is; open a closed one."""
        review, root = self.review, self.review_app.workspace_root
        if review is None:
            return
        if review.is_closed:
            self.app.push_screen(review_forms.reopen_form(review))
        elif review.missing:
            self.app.push_screen(review_forms.close_form(review, root))
        else:
            words = f"The review of {review.month.long_label} is closed; its numbers are frozen."
            self.review_app.save_record(
                lambda store: saving.close(review, store, load_workspace(root)), lambda _: self.say(words)
            )
