"""The customers screen: who pays for a product in a month, and what else is known of them."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from reviewtui.actions.action import bindings_of, first_key, remapped
from reviewtui.actions.numbers import APP, CUSTOMERS_SCREEN
from reviewtui.cell_rows import CellKey
from reviewtui.metrics.customers import CUSTOMERS, NAME_COLUMN, Sorting, customers_question, sorted_rows
from reviewtui.metrics.sheet import MISSING_CELL
from reviewtui.months import MONTHS_PER_QUARTER, MONTHS_PER_YEAR, Month, latest_complete_month
from reviewtui.palette import Entry
from reviewtui.paths import styles_dir
from reviewtui.screens.row_reading import FETCH_AFTER_SECONDS, RowReading
from reviewtui.sheet_state import Position
from reviewtui.text import searchable
from reviewtui.widgets.customer_lines import CustomerTable, above_rows, customer_lines, words_about
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.metric_sections import waiting_lines
from reviewtui.widgets.text_lines import Pane

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from reviewtui.metrics.drilldown import RowTable
    from reviewtui.metrics.sheet import MetricSheet, Product
    from reviewtui.sheet_state import SheetState
    from reviewtui.widgets.prompt_line import Question
    from reviewtui.widgets.spans import Line


class CustomersScreen(RowReading):
    """Shows the customers of `ReviewApp.position`, and moves its product and month."""

    BINDINGS = bindings_of(CUSTOMERS_SCREEN)
    KEYS_OF = "Customers"
    """Whose keys the help lists."""
    CSS_PATH: ClassVar = [styles_dir() / "customers.tcss"]

    def __init__(self) -> None:
        super().__init__()
        self._sheet: MetricSheet | None = None
        self._product: Product | None = None
        self._place = 0
        self._sorting = Sorting()
        self._cursor = 0
        self._first = 0
        self._wanted = ""
        """What was looked for, as it is compared."""

    def compose(self) -> ComposeResult:
        """Title, table, keys."""
        yield TitleLine(id="title")
        yield Pane(self._lines, id="customers")
        footer = remapped((*CUSTOMERS_SCREEN, *APP), self.review_app.keymap)
        yield KeyLine([action for action in footer if action.footer], id="keys")

    def on_mount(self) -> None:
        """Stand where the grid stands."""
        self.watch(self.app, "sheet_state", self._show_state)

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)

    def _show_state(self, state: SheetState) -> None:
        if state.loaded is None or state.loaded.sheet is self._sheet:
            return
        sheet = self._sheet = state.loaded.sheet
        position = self.review_app.position
        first = sheet.products[0] if sheet.products else None
        self._product = next((item for item in sheet.products if item.id == position.product), first)
        month = Month.parse(position.month) if position.month else latest_complete_month(sheet.as_of)
        self._place = max(0, min(bisect_left(sheet.months, month), len(sheet.months) - 1))
        self._show_month()

    # The rows

    @property
    def _month(self) -> Month | None:
        return self._sheet.months[self._place] if self._sheet is not None and self._sheet.months else None

    @property
    def _is_open(self) -> bool:
        """Whether the month is not over."""
        sheet, month = self._sheet, self._month
        return sheet is not None and month is not None and not month.is_complete(sheet.as_of)

    def _key(self) -> CellKey | None:
        if self._product is None or self._month is None:
            return None
        return CellKey(self._product.id, CUSTOMERS.id, str(self._month))

    def _table(self) -> RowTable | None:
        """The customers, where they are known."""
        sheet, key = self._sheet, self._key()
        found = self.review_app.cell_rows.known(sheet, key) if sheet is not None and key is not None else None
        return found.rows if found is not None else None

    def _shown(self) -> CustomerTable | None:
        table = self._table()
        if table is None:
            return None
        rows = sorted_rows(table, self._sorting)
        return CustomerTable(table, rows, self._sorting, self._cursor, self._first)

    def _show_month(self) -> None:
        """Show another product or month; its customers as soon as they are there."""
        product, month = self._product, self._month
        if product is None or month is None:
            self.query_one(TitleLine).show("Customers")
            return
        metric = self.review_app.position.metric
        self.review_app.position = Position(product.id, metric, str(month))
        when = f"{month.long_label} so far" if self._is_open else month.long_label
        self.query_one(TitleLine).show("Customers", f"{when} · {shown_name(product.name, product.id)}")
        self._cursor = self._first = 0
        self._ask(FETCH_AFTER_SECONDS)
        self.show_rows()

    def _ask(self, delay: float) -> None:
        sheet, key, month = self._sheet, self._key(), self._month
        if sheet is None or key is None or month is None or self._table() is not None:
            self.drop_question()
        else:
            self.read_rows(sheet, key, customers_question(key.product, month), delay)

    def show_rows(self) -> None:
        """Show what was found."""
        self.query_one("#customers", Pane).lay_out()

    def _about(self, table: RowTable) -> tuple[str, bool]:
        sheet, product, month = self._sheet, self._product, self._month
        if sheet is None or product is None or month is None:
            return "", True
        metric = next((item for item in sheet.metrics if item.id == "mrr"), None)
        cell = sheet.cell(product.id, "mrr", month) if metric is not None else MISSING_CELL
        return words_about(table, metric, cell, is_open=self._is_open)

    def _lines(self, width: int, height: int) -> list[Line]:
        shown = self._shown()
        if shown is None:
            words = self.reading_words or "There are no numbers yet. Press 1 for the grid."
            return waiting_lines(words, width)[:height]
        if not shown.rows:
            return waiting_lines(self._about(shown.table)[0], width)[:height]
        return customer_lines(shown, self._about(shown.table), (width, height))

    @property
    def _page(self) -> int:
        """How many rows fit."""
        shown, size = self._shown(), self.query_one("#customers", Pane).size
        above = above_rows(shown, self._about(shown.table)[0], size.width) if shown is not None else 0
        return max(1, size.height - above)

    def _move_to(self, row: int) -> None:
        table, page = self._table(), self._page
        if table is None or not table.rows:
            return
        self._cursor = min(max(0, row), len(table.rows) - 1)
        if not self._first <= self._cursor < self._first + page:
            half = max(1, page // 2)
            top = self._cursor - half if self._cursor < self._first else self._cursor - page + half
            self._first = min(max(0, top, self._cursor - page + 1), max(0, len(table.rows) - page))
        self.show_rows()

    # Moving

    def action_previous_row(self) -> None:
        """The customer above."""
        self._move_to(self._cursor - 1)

    def action_next_row(self) -> None:
        """The customer below."""
        self._move_to(self._cursor + 1)

    def action_page_up(self) -> None:
        """One page up."""
        self._move_to(self._cursor - self._page)

    def action_page_down(self) -> None:
        """One page down."""
        self._move_to(self._cursor + self._page)

    def action_first_row(self) -> None:
        """The top of the table."""
        self._move_to(0)

    def action_last_row(self) -> None:
        """The end of the table."""
        table = self._table()
        self._move_to(len(table.rows) - 1 if table is not None else 0)

    def action_previous_month(self) -> None:
        """One month back."""
        self._step_month(-1)

    def action_next_month(self) -> None:
        """One month on."""
        self._step_month(1)

    def action_previous_quarter(self) -> None:
        """Three months back."""
        self._step_month(-MONTHS_PER_QUARTER)

    def action_next_quarter(self) -> None:
        """Three months on."""
        self._step_month(MONTHS_PER_QUARTER)

    def action_previous_year(self) -> None:
        """Twelve months back."""
        self._step_month(-MONTHS_PER_YEAR)

    def action_next_year(self) -> None:
        """Twelve months on."""
        self._step_month(MONTHS_PER_YEAR)

    def _step_month(self, months: int) -> None:
        if self._sheet is None or not self._sheet.months:
            return
        place = min(max(0, self._place + months), len(self._sheet.months) - 1)
        if place != self._place:
            self._place = place
            self._show_month()

    def action_previous_product(self) -> None:
        """The product before."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The next product."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        if self._sheet is not None and self._product is not None:
            products = self._sheet.products
            self.show_product(products[(products.index(self._product) + step) % len(products)])

    def show_product(self, product: Product) -> None:
        """Show the customers of another product."""
        self._product = product
        self._show_month()

    # Sorting and finding

    def action_next_column(self) -> None:
        """Sort by the next column."""
        table = self._table()
        if table is None:
            return
        names = [column.name for column in table.columns]
        at = names.index(self._sorting.column) if self._sorting.column in names else -1
        self._sort(Sorting(names[(at + 1) % len(names)]))

    def action_turn_round(self) -> None:
        """Sort the other way round."""
        self._sort(Sorting(self._sorting.column, not self._sorting.reverse))

    def _sort(self, sorting: Sorting) -> None:
        self._sorting, self._cursor, self._first = sorting, 0, 0
        self.show_rows()
        self.say(f"Sorted by {sorting.column}{', the other way round' if sorting.reverse else ''}")

    def ask(self, question: Question) -> None:
        """Ask at the foot of the screen."""
        from reviewtui.widgets.prompt_line import PromptLine

        self.mount(PromptLine(question, give_back_keys=partial(self.set_focus, None)))

    def action_find(self) -> None:
        """Ask for a part of a name; the cursor goes to the first match while it is typed."""
        from reviewtui.widgets.prompt_line import Question

        if self._table() is None:
            return
        start = self._cursor

        def typed(text: str) -> str:
            self._wanted = searchable(text.strip())
            matches = self._matches()
            self._move_to(next((row for row in matches if row >= start), matches[0] if matches else start))
            return self._count(matches) if text.strip() else ""

        def left() -> None:
            self._wanted = ""
            self._move_to(start)

        self.ask(Question("Find", lambda _: "", typed, None, left))

    def _matches(self) -> list[int]:
        shown = self._shown()
        if shown is None or not self._wanted:
            return []
        at = next((place for place, column in enumerate(shown.table.columns) if column.name == NAME_COLUMN), 0)
        return [row for row, values in enumerate(shown.rows) if self._wanted in searchable(str(values[at]))]

    def _count(self, matches: list[int]) -> str:
        if not matches:
            return "No customer here is called that"
        return f"{matches.index(self._cursor) + 1 if self._cursor in matches else 0} of {len(matches):,}"

    def action_next_found(self) -> None:
        """The next match, from the last to the first."""
        self._step_found(1)

    def action_previous_found(self) -> None:
        """The match before."""
        self._step_found(-1)

    def _step_found(self, step: int) -> None:
        matches = self._matches()
        if matches:
            further = [row for row in matches if (row - self._cursor) * step > 0]
            self._move_to(further[0 if step > 0 else -1] if further else matches[0 if step > 0 else -1])
        self.say(self._count(matches) if self._wanted else "Nothing is looked for.")

    # Churn

    def action_explain_churn(self) -> None:
        """Write down why the customer under the cursor left."""
        from reviewtui.screens.churn_forms import churn_form, who_left
        from reviewtui.screens.review import month_review

        shown, product, month = self._shown(), self._product, self._month
        if self.review_app.sheet_state.is_begun:
            self.say("The other months are being computed; then it can be said.")
            return
        review = month_review(self.review_app, product.id, month) if product is not None and month is not None else None
        if shown is None or not shown.rows or review is None or product is None or review.product.id != product.id:
            self.say("There is no customer here.")
            return
        place = next(at for at, column in enumerate(shown.table.columns) if column.name == NAME_COLUMN)
        customer, left = str(shown.rows[self._cursor][place]), who_left(shown.table)
        if customer not in left:
            self.say(f"{shown_name(customer, customer)} did not leave in {review.month.long_label}.")
        else:
            self.app.push_screen(churn_form(review, left, customer), self._churn_said)

    def _churn_said(self, result: object) -> None:
        if result is not None:
            self.say("Saved. The review of the month sums the reasons up.")

    # Copying

    def action_copy_value(self) -> None:
        """Send what the column that is sorted by says of the customer to the terminal's clipboard."""
        from reviewtui.screens.copying import copy_value
        from reviewtui.widgets.copy_tables import datum_to_copy

        shown = self._shown()
        if shown is None or not shown.rows:
            return
        place = next((at for at, column in enumerate(shown.table.columns) if column.name == self._sorting.column), 0)
        text = datum_to_copy(shown.rows[self._cursor][place], shown.table.columns[place])
        if text:
            copy_value(self.review_app, text, "customer", self.say)
        else:
            self.say(f"There is no value of {shown.table.columns[place].name} to copy.")

    def action_copy_more(self) -> None:
        """Ask what to copy and how."""
        from reviewtui.screens.copying import copy_question, row_copyables

        shown, product = self._shown(), self._product
        if shown is None or not shown.rows or product is None:
            self.say("There is nothing to copy.")
            return
        offered = row_copyables(shown.table, shown.rows, self._cursor, self._sorting.column)
        self.ask(copy_question(self.review_app, offered, f"{product.id} customers {self._month}", self.say))

    # Leaving

    def action_read_again(self) -> None:
        """Read the customers again after stopping."""
        self._ask(0.01)
        self.show_rows()

    def action_back(self) -> None:
        """Stop reading; else return to where it was opened."""
        if self.stop_reading("Stopped. Press Enter to read the customers, Esc to go back."):
            self.show_rows()
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Return to where it was opened."""
        self.dismiss()

    def palette_entries(self) -> Iterator[Entry]:
        """What can be done here, and the products to show."""
        for action in remapped(CUSTOMERS_SCREEN, self.review_app.keymap):
            yield Entry(action.does, "action", partial(self.run_action, action.method), True, first_key(action))
        for product in self._sheet.products if self._sheet is not None else ():
            name = shown_name(product.name, product.id)
            yield Entry(name, "show the customers of this product", partial(self.show_product, product), True)
