"""What explains the change of a cell: its parts in order of size, read from the sources in the background."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import DRIVERS as DRIVER_ACTIONS
from reviewtui.actions.lists import LIST
from reviewtui.metrics.changes import Change, change_of, denominators_of, needs_rows
from reviewtui.metrics.decomposition import from_cells
from reviewtui.metrics.drilldown import CellQuestion
from reviewtui.metrics.split_breakdown import from_split
from reviewtui.months import Month
from reviewtui.quick_tuple import NamedTuple
from reviewtui.screens.cell_notes import CellNoting
from reviewtui.screens.cell_words import cell_words
from reviewtui.screens.list_screen import ListScreen
from reviewtui.screens.row_reading import RowReading
from reviewtui.sheet_state import Position
from reviewtui.widgets.driver_lines import WHOLE, breakdown_rows, change_words, detail_lines, row_id, table_rows
from reviewtui.widgets.leading_lines import LEADING, leading_lines, leading_rows
from reviewtui.widgets.list_layout import ListColumn, ListRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.anomalies.leading_inputs import Leading
    from reviewtui.cell_rows import CellKey, CellRows
    from reviewtui.metrics.contributions import Breakdown, Contribution
    from reviewtui.metrics.drilldown import RowTable
    from reviewtui.metrics.drivers import DriverQuestion, Drivers
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.widgets.spans import Line

READ_AFTER_SECONDS = 0.02
"""So long a screen is shown before it asks, so that one that is left at once asks nothing."""

_STOPPED = "Stopped. r reads again."


class DriverKey(NamedTuple):
    """Which answer about a change is remembered."""

    cell: CellKey
    split: str = ""
    key: str = ""


@dataclass(eq=False, repr=False)
class LeadsFound(Message):
    """What moved before the metric of a cell was looked for."""

    cell: CellKey
    found: Leading


class DriversReading(RowReading):
    """Reads what moved cells."""

    READING = "Reading what moved …"

    @property
    def kept(self) -> CellRows[Any, Any]:
        """What answers questions about changes, and remembers the answers."""
        return self.review_app.cell_drivers


class DriversScreen(ListScreen, DriversReading, CellNoting):
    """Lists what a cell's change is made of, every way in which it can be split."""

    BINDINGS = bindings_of(DRIVER_ACTIONS)
    KEYS_OF = "Drivers"
    ACTIONS = DRIVER_ACTIONS
    HEADING = "Drivers"
    COLUMNS = (
        ListColumn("What", widest=60, readable=24),
        ListColumn("", rank=3, widest=60, readable=10),
        ListColumn("Before", is_right=True, rank=2),
        ListColumn("Now", is_right=True, rank=1),
        ListColumn("Contributes", is_right=True),
        ListColumn("Share", is_right=True, rank=1),
    )

    def __init__(self, cell: CellKey) -> None:
        super().__init__()
        self._cell = cell
        self._rows: dict[str, tuple[Contribution, Breakdown]] = {}
        self._leading: dict[CellKey, Leading] = {}
        """What moved before the metric, by the cell that was looked at."""

    def on_mount(self) -> None:
        """Follow numbers and records, and begin to read."""
        self.follow_records()
        self.watch(self.app, "sheet_state", self._begin)

    def show_notes(self) -> None:
        """Other comments, other explanations."""
        self.show_title()

    # The change

    @property
    def _sheet(self) -> MetricSheet | None:
        loaded = self.review_app.sheet_state.loaded
        return loaded.sheet if loaded is not None else None

    @property
    def change(self) -> Change | None:
        """The change that is explained; None where its metric is not there."""
        sheet = self._sheet
        metric = next((item for item in sheet.metrics if item.id == self._cell.metric), None) if sheet else None
        if sheet is None or metric is None:
            return None
        meaning = sheet.meaning(self._cell.product, metric)
        return change_of(sheet, self._cell.product, meaning, Month.parse(self._cell.month))

    def cell_key(self) -> CellKey | None:
        """The cell whose change is explained."""
        return self._cell

    def _question(self, change: Change) -> DriverQuestion:
        from reviewtui.metrics.drivers import DriverQuestion

        sheet = self._sheet
        products = tuple(product.id for product in sheet.products) if sheet is not None else ()
        cell = CellQuestion(change.product, change.metric, change.month, products=products)
        return DriverQuestion(cell, change.before, denominators_of(change))

    @work(thread=True, exclusive=True, exit_on_error=False, group="leading")
    def _look_for_leads(self, sheet: MetricSheet, change: Change, cell: CellKey) -> None:
        from reviewtui.anomalies.leading_inputs import leading_inputs

        try:
            found = leading_inputs(sheet, change.product, change.metric, change.month)
        except Exception as error:  # noqa: BLE001 - the drivers are worth showing without it
            self.review_app.keep_fault(error)
        else:
            self.post_message(LeadsFound(cell, found))

    @on(LeadsFound)
    def show_leads(self, message: LeadsFound) -> None:
        """List what moved before the metric."""
        self._leading[message.cell] = message.found
        self.show()

    # Reading

    def _begin(self) -> None:
        """Read what is not known yet."""
        sheet, change = self._sheet, self.change
        if sheet is None or change is None or needs_rows(change) or self._found() is not None:
            self.drop_question()
        else:
            self.read_rows(sheet, DriverKey(self._cell), self._question(change), READ_AFTER_SECONDS)
        if sheet is not None and change is not None and self._cell not in self._leading:
            self._look_for_leads(sheet, change, self._cell)
        self.show()

    def _found(self) -> Drivers | None:
        sheet = self._sheet
        return self.kept.known(sheet, DriverKey(self._cell)) if sheet is not None else None

    def show_rows(self) -> None:
        """Show what was found."""
        self.show()

    # What is shown

    def rows(self) -> Sequence[ListRow]:
        """Every breakdown, those that need no reading first."""
        sheet, change, self._rows = self._sheet, self.change, {}
        if sheet is None or change is None:
            return ()
        breakdowns = breakdowns_of(sheet, change, self._found())
        for breakdown in breakdowns:
            self._rows |= {row_id(breakdown, place): (row, breakdown) for place, row in enumerate(breakdown.rows)}
        rows = [row for breakdown in breakdowns for row in breakdown_rows(breakdown, change.metric.unit)]
        # The cursor stays on its row: what stands below everything comes after what is still being read.
        return rows if self.is_reading else [*rows, *leading_rows(self._leading.get(self._cell))]

    def _state_words(self) -> str:
        """How far the reading is, or why there is nothing to read."""
        change, found = self.change, self._found()
        if change is None:
            return "There is no such metric any more."
        return needs_rows(change) or self.reading_words or (found.reason if found is not None else "")

    def empty_words(self) -> str:
        """Why there are no rows."""
        return self._state_words() or "Nothing moved."

    def title_words(self) -> tuple[str, str]:
        """Which cell, and how it changed."""
        change = self.change
        words = f"{cell_words(self.review_app, self._cell)}"
        if change is not None:
            words += f" · {change_words(change)}"
        return words, self.reading_words

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """Everything about a row, and why there is no more."""
        from reviewtui.widgets.fitting import wrap
        from reviewtui.widgets.spans import Span

        change, known = self.change, self._rows.get(row.id)
        lines: list[Line] = []
        if known is not None and change is not None:
            lines += detail_lines(*known, change, width)
        elif row.id.startswith(LEADING):
            lines += leading_lines(self._leading.get(self._cell), row, width)
        elif row.cells[0] == WHOLE:
            lines.append((Span("Everything above adds up to this, to the last digit.", "text"),))
        words = self._state_words()
        if words:
            lines += [(), *((Span(line, "quiet"),) for line in wrap(words, width))]
        return lines

    # Doing

    def open_row(self, row: ListRow) -> None:
        """The records of a group; of a metric, what moved it; of a product, what moved it there."""
        known, change = self._rows.get(row.id), self.change
        metric = row.id.removeprefix(LEADING)
        if metric and metric != row.id:
            self.app.push_screen(DriversScreen(self._cell._replace(metric=metric)))
            return
        if known is None or change is None:
            self.say("There are no records behind this row.")
            return
        part, breakdown = known
        if part.metric:
            self.app.push_screen(DriversScreen(self._cell._replace(metric=part.metric)))
        elif breakdown.id == "product" and part.key:
            self.app.push_screen(DriversScreen(self._cell._replace(product=part.key)))
        elif part.key:
            question = replace(self._question(change), split=breakdown.id, key=part.key)
            self.app.push_screen(RecordsBehind(self._cell, question, part.name))
        else:
            self.say("There are no records to show for this row.")

    def action_previous_month(self) -> None:
        """The month before."""
        self._move(-1)

    def action_next_month(self) -> None:
        """The next month."""
        self._move(1)

    def _move(self, step: int) -> None:
        sheet, change = self._sheet, self.change
        if sheet is None or change is None:
            return
        months = (change.month.index - change.before.index) * step
        month = Month.from_index(change.month.index + months)
        if month not in sheet.months:
            self.say("There are no numbers of that month.")
            return
        self._cell = self._cell._replace(month=str(month))
        self._begin()

    def action_show_metric(self) -> None:
        """The metric in full, with its chart and its rows."""
        from reviewtui.screens.metric import MetricScreen

        self.review_app.position = Position(*self._cell)
        self.app.push_screen(MetricScreen())

    def action_read_again(self) -> None:
        """Read what was stopped or could not be read."""
        self._begin()

    def action_back(self) -> None:
        """Stop reading; else return."""
        if self.stop_reading(_STOPPED):
            self.show()
        else:
            super().action_back()


def breakdowns_of(sheet: MetricSheet, change: Change, found: Drivers | None) -> list[Breakdown]:
    """Every breakdown of a change, those that need no reading first; `found` is what was read."""
    splits = found.splits if found is not None and not change.reason else ()
    read = (from_split(split, change) for split in splits)
    return [*from_cells(sheet, change), *(breakdown for breakdown in read if breakdown is not None)]


class RecordsBehind(ListScreen, DriversReading):
    """Lists the records of one group of a change."""

    BINDINGS = bindings_of(LIST)
    KEYS_OF = "Records of a driver"
    READING = "Reading the records …"
    HEADING = "Records"
    EMPTY = "It has no records in this month; it counted in the month before."

    def __init__(self, cell: CellKey, question: DriverQuestion, name: str) -> None:
        super().__init__()
        self._key = DriverKey(cell, question.split, question.key)
        self._question = question
        self._name = name

    def on_mount(self) -> None:
        """Begin to read."""
        loaded = self.review_app.sheet_state.loaded
        if loaded is not None and self._table is None:
            self.read_rows(loaded.sheet, self._key, self._question, READ_AFTER_SECONDS)
        self.show()

    @property
    def _table(self) -> RowTable | None:
        loaded = self.review_app.sheet_state.loaded
        found = self.kept.known(loaded.sheet, self._key) if loaded is not None else None
        return found.records if found is not None else None

    def show_rows(self) -> None:
        """Show what was found."""
        self.show()

    def show(self) -> None:
        """List the records in columns of their own."""
        table = self._table
        if table is not None:
            columns = [
                ListColumn(column.name, is_right=bool(column.unit), rank=column.rank, widest=60)
                for column in table.columns
            ]
            self.list.show((), columns=columns)
        super().show()

    def rows(self) -> Sequence[ListRow]:
        """The records."""
        return table_rows(self._table) if self._table is not None else ()

    def empty_words(self) -> str:
        """How far the reading is, or that there is nothing."""
        return self.reading_words or self.EMPTY

    def title_words(self) -> tuple[str, str]:
        """Whose records they are."""
        table = self._table
        about = f"{self._name} · {cell_words(self.review_app, self._key.cell)}"
        if table is None:
            return about, self.reading_words
        more = f"the first {len(table.rows):,} of {table.found:,}" if table.found > len(table.rows) else ""
        return f"{about} · {table.heading}", more

    def open_row(self, row: ListRow) -> None:  # noqa: ARG002 - every record is as it is
        """A record has nothing behind it."""
        self.say("Nothing lies behind a record.")

    def action_back(self) -> None:
        """Stop reading; else return."""
        if self.stop_reading("Stopped. Esc goes back."):
            self.show()
        else:
            super().action_back()
