"""The to-dos of all products: what is due, who owes it, how often it was put off."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import TODOS as TODO_ACTIONS
from reviewtui.reviews.todos import (
    by_owner,
    by_product,
    figures,
    figures_by,
    is_due,
    is_open,
    is_red,
    kept_words,
    lacks,
    opening_list,
    times_carried,
)
from reviewtui.screens import todo_forms
from reviewtui.screens.cell_words import origin_cell, product_name, record_words
from reviewtui.screens.todo_disposal import TodoDisposal
from reviewtui.sheet_state import Position
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.record_lines import fact_lines, record_lines
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.comments import Comment
from reviewtui.workspace.kinds.todos import TODOS, Todo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.months import Month
    from reviewtui.reviews.todos import Figures
    from reviewtui.widgets.spans import Line

_SIGNS = {"open": "○", "done": "✓", "dropped": "✗", "blocked": "■"}
_RED_SIGN = "‼"
_ORDERS = ("due", "owner", "product")
_CLOSED = "Done and dropped"


class TodosScreen(TodoDisposal):
    """Lists to-dos by when they are due, by owner or by product."""

    BINDINGS = bindings_of(TODO_ACTIONS)
    KEYS_OF = "To-dos"
    ACTIONS = TODO_ACTIONS
    HEADING = "To-dos"
    COLUMNS = (
        ListColumn("State", widest=12),
        ListColumn("What", widest=72, readable=40),
        ListColumn("Owner", rank=1, widest=18),
        ListColumn("Due", rank=0),
        ListColumn("Carried", is_right=True, rank=2),
        ListColumn("Days", is_right=True, rank=4),
        ListColumn("Product", rank=3, widest=22),
    )
    EMPTY: ClassVar[str] = (
        "There is nothing to be done. Press + for a new to-do; on a cell of the grid, o makes one that knows its cell."
    )

    def __init__(self) -> None:
        super().__init__()
        self._order = 0
        self._with_closed = False
        self._figures: Mapping[str, Figures] = {}
        """How each group was kept, by its key, where the list is sorted by groups."""

    def on_mount(self) -> None:
        """Follow the records."""
        self.watch(self.app, "records", self.show)

    @property
    def _review(self) -> Month:
        return todo_forms.review_now(self.review_app)

    # What is shown

    def rows(self) -> Sequence[ListRow]:
        """The open ones, and below them the others if they are asked for."""
        todos = self.review_app.records.of(TODOS)
        groups = {"owner": by_owner, "product": by_product}.get(_ORDERS[self._order])
        kept = figures_by(groups, todos, self._review, self.review_app.as_of) if groups is not None else ()
        self._figures = {group.key: group for group in kept}
        still_open = sorted(opening_list(todos, self._review), key=self._section_key)
        closed = [todo for todo in reversed(todos) if not is_open(todo)] if self._with_closed else []
        return [self._row(todo) for todo in (*still_open, *closed)]

    def _section_key(self, todo: Todo) -> tuple[object, ...]:
        """Sections in their order; within one the order of a review is kept."""
        order = _ORDERS[self._order]
        if order == "owner":
            return (not todo.owner, todo.owner.casefold())
        if order == "product":
            return (product_name(self.review_app, todo.product).casefold(), todo.product)
        return (not is_due(todo, self._review), todo.due.index if todo.due is not None else -1)

    def _section(self, todo: Todo) -> str:
        if not is_open(todo):
            return _CLOSED
        order = _ORDERS[self._order]
        if order == "owner":
            return _group(todo.owner.strip() or "Nobody's", self._figures[by_owner(todo)])
        if order == "product":
            return _group(product_name(self.review_app, todo.product), self._figures[by_product(todo)])
        if is_due(todo, self._review):
            return f"Due at the review of {self._review.long_label}"
        return f"Due at the review of {todo.due.long_label}" if todo.due is not None else ""

    def _row(self, todo: Todo) -> ListRow:
        red, count = is_red(todo), times_carried(todo)
        cells = (
            f"{_RED_SIGN if red else _SIGNS[todo.state]} {todo.state}",
            todo.title,
            f"{todo.owner}{' (team)' if todo.owner_group == 'team' else ''}",
            todo.due.label if todo.due is not None else "not said",
            f"{count}×" if count else "",
            str((self.review_app.as_of - todo.created_on).days) if is_open(todo) else "",
            product_name(self.review_app, todo.product),
        )
        closed = "quiet" if not is_open(todo) else ""
        role = closed or ("bad" if red else "note" if is_due(todo, self._review) else "text")
        words = "\n".join((todo.done_when, todo.note, todo.evidence, todo.reason, todo.blocked_on))
        return ListRow(todo.id, cells, self._section(todo), role, words)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:  # noqa: ARG002 - it is the one under the cursor
        """Everything about a to-do."""
        todo = self.todo
        if todo is None:
            return ()
        lines: list[Line] = [(Span(line, "title"),) for line in wrap(todo.title, width)]
        if is_red(todo):
            lines.append((Span(f"{_RED_SIGN} Carried {times_carried(todo)} times", "bad"),))
        if lacks(todo):
            lines.append((Span(lacks(todo), "note"),))
        words = record_words(self.review_app, todo)
        lines += fact_lines("Product", product_name(self.review_app, todo.product), width)
        return [*lines, *record_lines(TODOS, todo, width, words=words, left_out=("title",))]

    def title_words(self) -> tuple[str, str]:
        """What there is, in which order, and what this review has to dispose of."""
        known = figures("", self.review_app.records.of(TODOS), self._review, self.review_app.as_of)
        parts = [f"{known.open} open", f"by {_ORDERS[self._order]}", *kept_words(known)]
        attention = [f"{known.due} due"] if known.due else []
        if known.red:
            attention.append(f"{_RED_SIGN} {known.red} carried twice")
        return " · ".join(parts), " · ".join(attention)

    # Doing

    def open_row(self, row: ListRow) -> None:  # noqa: ARG002 - it is the one under the cursor
        """Change anything about it."""
        self.ask_about(lambda todo: todo_forms.edit_todo(self.review_app, todo))

    def action_add_record(self) -> None:
        """A new to-do of the product on the grid."""
        product = self.review_app.position.product
        if product is None:
            self.say("There is no product yet that a to-do could belong to.")
            return
        self.app.push_screen(todo_forms.new_todo(self.review_app, product), self.todo_saved)

    def action_next_sort(self) -> None:
        """By due review, by owner, by product."""
        self._order = (self._order + 1) % len(_ORDERS)
        self.show()
        self.say(f"By {_ORDERS[self._order]}")

    def action_toggle_closed(self) -> None:
        """List the done and dropped ones too, or only those open."""
        self._with_closed = not self._with_closed
        self.show()
        self.say("With those done and dropped" if self._with_closed else "Only open ones")

    def action_show_origin(self) -> None:
        """Go to the cell that it comes from."""
        todo = self.todo
        if todo is None:
            return
        found = self.review_app.records.by_id(todo.origin) if todo.origin else None
        cell = origin_cell(todo.origin)
        if isinstance(found, Comment) and found.month is not None:
            cell = found.metric, str(found.month)
        if cell is None:
            self.say("It comes from no cell.")
        else:
            self.review_app.show_place(Position(todo.product, *cell))


def _group(name: str, figures: Figures) -> str:
    """The title of a group with how it was kept."""
    return " · ".join((name, *kept_words(figures)))
