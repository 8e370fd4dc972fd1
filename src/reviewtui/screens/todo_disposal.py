"""The ways to dispose of the to-do under the cursor: the same keys on every screen that lists to-dos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.reviews.todos import DONE, DROPPED, is_open
from reviewtui.screens import todo_forms
from reviewtui.screens.comment_forms import saved_words
from reviewtui.screens.list_screen import ListScreen
from reviewtui.workspace.kinds.todos import Todo

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.screens.record_form import RecordForm


class TodoDisposal(ListScreen):
    """A list some rows of which are to-dos."""

    def row_of_todo(self, todo: Todo) -> str:
        """The id of a to-do's row."""
        return todo.id

    @property
    def todo(self) -> Todo | None:
        """The to-do under the cursor; None where it stands on something else."""
        row = self.row
        found = self.review_app.records.by_id(row.id.rpartition(":")[2]) if row is not None else None
        return found if isinstance(found, Todo) else None

    def action_mark_done(self) -> None:
        """Ask for evidence; open a closed one again."""
        todo = self.todo
        if todo is not None and not is_open(todo):
            self.review_app.save_record(lambda store: todo_forms.reopened(todo, store), self.todo_saved)
        else:
            self.ask_about(todo_forms.done_form)

    def action_carry(self) -> None:
        """Ask why and to which review."""
        self.ask_about(lambda todo: todo_forms.carry_form(self.review_app, todo), only_open=True)

    def action_drop(self) -> None:
        """Ask why."""
        self.ask_about(todo_forms.drop_form, only_open=True)

    def action_block(self) -> None:
        """Ask on whom it waits."""
        self.ask_about(lambda todo: todo_forms.block_form(self.review_app, todo), only_open=True)

    def ask_about(self, form: Callable[[Todo], RecordForm], *, only_open: bool = False) -> None:
        """Open a form for the to-do under the cursor."""
        todo = self.todo
        if todo is None:
            self.say("There is no to-do under the cursor.")
        elif only_open and not is_open(todo):
            self.say(f"It is {todo.state}; = opens it again.")
        else:
            self.app.push_screen(form(todo), self.todo_saved)

    def todo_saved(self, result: object) -> None:
        """Stand on what was saved, and say so."""
        record = getattr(result, "record", result)
        if isinstance(record, Todo):
            self.list.go_to(self.row_of_todo(record))
            closed = record.state in (DONE, DROPPED)
            usual = f"Saved as {record.state}; = opens it again." if closed else "Saved."
            self.say(saved_words(result) or usual)
