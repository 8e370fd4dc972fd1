"""The full view of one metric: its chart, its months, and what lies behind the cell of one month."""

from __future__ import annotations

import os
from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from reviewtui.actions.action import bindings_of, remapped
from reviewtui.actions.numbers import APP, METRIC_SCREEN
from reviewtui.cell_rows import CellKey
from reviewtui.metrics.drilldown import CellQuestion, DrillDown
from reviewtui.metrics.operands import operands
from reviewtui.metrics.sheet import CellSource, Status
from reviewtui.months import MONTHS_PER_QUARTER, MONTHS_PER_YEAR, Month, latest_complete_month
from reviewtui.palette import Entry
from reviewtui.paths import styles_dir
from reviewtui.screens.metric_notes import MetricNotes
from reviewtui.screens.row_reading import FETCH_AFTER_SECONDS
from reviewtui.sheet_state import Position
from reviewtui.widgets.braille import draws_braille
from reviewtui.widgets.cell_facts import cell_facts, copy_text
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.lines import KeyLine, TitleLine
from reviewtui.widgets.metric_sections import SECTIONS, Section, scroll_range, section_lines, tab_line, waiting_lines
from reviewtui.widgets.month_table import month_lines
from reviewtui.widgets.panel_text import head_lines
from reviewtui.widgets.text_lines import Pane

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from reviewtui.metrics.drilldown import RowTable
    from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product
    from reviewtui.sheet_state import SheetState
    from reviewtui.widgets.cell_facts import CellFacts
    from reviewtui.widgets.spans import Line

_WIDTHS = [(0, "-narrow"), (116, "-middle"), (160, "-wide")]
_TABS_HEIGHT = 2
_NO_ROWS = DrillDown(reason="There is no value here, so there is nothing behind it.")


class MetricScreen(MetricNotes):
    """Shows the cell of `ReviewApp.position`, and moves that position."""

    BINDINGS = bindings_of(METRIC_SCREEN)
    READING = "Reading the rows behind this cell …"
    KEYS_OF = "Metric"
    """Whose keys the help lists."""
    CSS_PATH: ClassVar = [styles_dir() / "metric.tcss"]
    HORIZONTAL_BREAKPOINTS = _WIDTHS

    def compose(self) -> ComposeResult:
        """Title; number and chart; months beside what lies behind the cell; keys."""
        yield TitleLine(id="title")
        yield Pane(self._head_lines, id="head")
        with Horizontal(id="below"):
            yield Pane(self._month_lines, id="months")
            yield Pane(self._section_lines, id="section")
        footer = remapped((*METRIC_SCREEN, *APP), self.review_app.keymap)
        yield KeyLine([action for action in footer if action.footer], id="keys")

    def on_mount(self) -> None:
        """Stand where the grid stands."""
        self._sheet: MetricSheet | None = None
        self._place = 0
        self._metric: Metric | None = None
        self._product: Product | None = None
        self._facts: CellFacts | None = None
        self._section = Section.ROWS
        self._first = 0
        self._braille = draws_braille(os.environ)
        self.watch(self.app, "sheet_state", self._show_state)
        self.follow_records()
        self.follow_judgements()

    def _show_state(self, state: SheetState) -> None:
        if state.loaded is None or state.loaded.sheet is self._sheet:
            return
        self._sheet = state.loaded.sheet
        position = self.review_app.position
        products = self._sheet.products
        self._product = next(
            (item for item in products if item.id == position.product), products[0] if products else None
        )
        month = Month.parse(position.month) if position.month else latest_complete_month(self._sheet.as_of)
        self._place = max(0, min(bisect_left(self._sheet.months, month), len(self._sheet.months) - 1))
        self._choose_metric(position.metric)

    def _choose_metric(self, metric_id: str | None) -> None:
        """Show a metric of the product, or its first."""
        metrics = self._metrics()
        self._metric = next((item for item in metrics if item.id == metric_id), metrics[0] if metrics else None)
        self._show_cell()

    def _metrics(self) -> tuple[Metric, ...]:
        if self._sheet is None or self._product is None:
            return ()
        return self._sheet.metrics_of(self._product.id)

    # The cell

    @property
    def _month(self) -> Month:
        assert self._sheet is not None  # noqa: S101 - there is a cell only where there is a sheet
        return self._sheet.months[self._place]

    def _cell(self) -> Cell:
        assert self._sheet is not None  # noqa: S101 - as above
        assert self._product is not None  # noqa: S101
        assert self._metric is not None  # noqa: S101
        return self._sheet.cell(self._product.id, self._metric.id, self._month)

    def _key(self) -> CellKey | None:
        if self._product is None or self._metric is None:
            return None
        return CellKey(self._product.id, self._metric.id, str(self._month))

    def _show_cell(self) -> None:
        """Show everything about the cell; its rows as soon as they are there."""
        sheet, product, metric = self._sheet, self._product, self._metric
        title = self.query_one(TitleLine)
        if sheet is None or product is None or metric is None or not sheet.months:
            title.show("There is nothing to show for this product.")
            return
        self.review_app.position = Position(product.id, metric.id, str(self._month))
        self.show_facts()
        places = [item.id for item in self._metrics()]
        about = f"{self._month.long_label} · {shown_name(product.name, product.id)}"
        title.show(shown_name(metric.name, metric.id), about, f"{places.index(metric.id) + 1} of {len(places)} metrics")
        self._first, self.chosen_row = 0, None
        self._ask(FETCH_AFTER_SECONDS)
        self.lay_out()

    def show_facts(self) -> None:
        """Put together what is known of the cell, its notes too."""
        if self._sheet is not None and self._product is not None and self._metric is not None:
            facts = cell_facts(self._sheet, self._product.id, self._metric, self._month)
            facts = self.with_notes(facts, self._product.id, self._metric.id, self._month)
            self._facts = self.with_verdict(facts, self._product.id, self._metric, self._month)

    def lay_out(self) -> None:
        """Show everything as it is known now."""
        for pane in self.query(Pane):
            pane.lay_out()

    def cell_key(self) -> CellKey | None:
        """The cell that is shown; None where there is none."""
        return self._key() if self._sheet is not None and self._sheet.months else None

    def rows_shown(self) -> RowTable | None:
        """The rows that a cursor can stand on; None while another part is shown or there are none."""
        found = self._found() if self._section is Section.ROWS else None
        return found.rows if found is not None else None

    # What lies behind it

    def _ask(self, delay: float) -> None:
        """Get the rows of the cell, at once where they are known."""
        sheet, key, metric = self._sheet, self._key(), self._metric
        if sheet is None or key is None or metric is None or self._found() is not None:
            self.drop_question()
            return
        is_imported = self._cell().source is CellSource.IMPORTED
        products = tuple(product.id for product in sheet.products)
        self.read_rows(sheet, key, CellQuestion(key.product, metric, self._month, is_imported, products), delay)

    def _found(self) -> DrillDown | None:
        """What is known to lie behind the cell."""
        sheet, key, metric = self._sheet, self._key(), self._metric
        if sheet is None or key is None or metric is None:
            return None
        cell = self._cell()
        if cell.status is Status.MISSING:
            return _NO_ROWS
        if cell.source is CellSource.CUSTOM:
            return operands(sheet, key.product, metric, self._month)
        return self.review_app.cell_rows.known(sheet, key)

    def show_rows(self) -> None:
        """Show what was found."""
        self.query_one("#section", Pane).lay_out()

    # Lines

    def _head_lines(self, width: int, height: int) -> list[Line]:
        return head_lines(self._facts, width, height, braille=self._braille) if self._facts is not None else []

    def _month_lines(self, width: int, height: int) -> list[Line]:
        if self._sheet is None or self._product is None or self._metric is None or self._facts is None:
            return []
        trend = self._facts.trend
        shift = bisect_left(self._sheet.months, trend.months[0]) if trend.months else 0
        marks = frozenset(event.place + shift for event in trend.events)
        return month_lines(self._sheet, self._product.id, self._metric, self._place, (width, height), marks)

    def _section_lines(self, width: int, height: int) -> list[Line]:
        if self._facts is None or self._metric is None:
            return []
        found = self._found()
        if found is None and self._section is not Section.DEFINITION:
            return [tab_line(self._section), *waiting_lines(self.reading_words, width)]
        size = (width, height - _TABS_HEIGHT)
        subject = (self._metric, self._cell())
        chosen = self.chosen_row if self._section is Section.ROWS else None
        lines = section_lines(self._section, found or _NO_ROWS, self._facts, subject, size, self._first, chosen)
        return [tab_line(self._section), (), *lines]

    # Actions

    def action_previous_month(self) -> None:
        """One month back."""
        self._move(-1)

    def action_next_month(self) -> None:
        """One month on."""
        self._move(1)

    def action_previous_quarter(self) -> None:
        """Three months back."""
        self._move(-MONTHS_PER_QUARTER)

    def action_next_quarter(self) -> None:
        """Three months on."""
        self._move(MONTHS_PER_QUARTER)

    def action_previous_year(self) -> None:
        """Twelve months back."""
        self._move(-MONTHS_PER_YEAR)

    def action_next_year(self) -> None:
        """Twelve months on."""
        self._move(MONTHS_PER_YEAR)

    def _move(self, months: int) -> None:
        if self._sheet is None or not self._sheet.months:
            return
        place = min(max(0, self._place + months), len(self._sheet.months) - 1)
        if place != self._place:
            self._place = place
            self._show_cell()

    def action_previous_metric(self) -> None:
        """The metric above in the grid."""
        self._step_metric(-1)

    def action_next_metric(self) -> None:
        """The metric below in the grid."""
        self._step_metric(1)

    def _step_metric(self, step: int) -> None:
        metrics = self._metrics()
        if self._metric is None or not metrics:
            return
        ids = [item.id for item in metrics]
        place = min(max(0, ids.index(self._metric.id) + step), len(metrics) - 1)
        if metrics[place].id != self._metric.id:
            self._choose_metric(ids[place])

    def action_previous_product(self) -> None:
        """The same metric of the product before."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The same metric of the next product."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        if self._sheet is None or self._product is None:
            return
        wanted = self._metric.id if self._metric is not None else ""
        products = self._sheet.products
        start = products.index(self._product)
        for further in range(1, len(products)):
            product = products[(start + step * further) % len(products)]
            if any(item.id == wanted for item in self._sheet.metrics_of(product.id)):
                self._product = product
                self._choose_metric(wanted)
                return
        self.query_one(KeyLine).say("No other product has this metric.")

    def action_next_part(self) -> None:
        """Rows, segments, six weeks, definition, and around."""
        self._step_section(1)

    def action_previous_part(self) -> None:
        """The section before."""
        self._step_section(-1)

    def _step_section(self, step: int) -> None:
        self._section = SECTIONS[(SECTIONS.index(self._section) + step) % len(SECTIONS)]
        self._first = 0
        self.query_one("#section", Pane).lay_out()

    def action_page_down(self) -> None:
        """The next rows."""
        self._scroll(1)

    def action_page_up(self) -> None:
        """The rows before."""
        self._scroll(-1)

    def _scroll(self, step: int) -> None:
        pane = self.query_one("#section", Pane)
        found = self._found() or _NO_ROWS
        if self._facts is None or self._metric is None:
            return
        size = (pane.size.width, pane.size.height - _TABS_HEIGHT)
        rows, page = scroll_range(self._section, found, self._facts, (self._metric, self._cell()), size)
        self._first = min(max(0, self._first + step * page), max(0, rows - page))
        pane.lay_out()

    def show_row(self, row: int) -> None:
        """Mark a row, and scroll to where it is seen."""
        pane = self.query_one("#section", Pane)
        if self._facts is None or self._metric is None:
            return
        size = (pane.size.width, pane.size.height - _TABS_HEIGHT)
        found = self._found() or _NO_ROWS
        _, page = scroll_range(self._section, found, self._facts, (self._metric, self._cell()), size)
        self.chosen_row = row
        self._first = min(max(self._first, row - page + 1), row)
        pane.lay_out()

    def action_read_again(self) -> None:
        """Read the rows that were stopped or could not be read."""
        self._ask(0.01)
        self.query_one("#section", Pane).lay_out()

    def action_copy_value(self) -> None:
        """Send the exact value to the terminal's clipboard and say no more than that."""
        from reviewtui.screens.copying import copy_value

        metric, say = self._metric, self.query_one(KeyLine).say
        text = copy_text(self._cell(), metric) if metric is not None else ""
        if metric is not None and text:
            copy_value(self.review_app, text, metric.id, say)
        else:
            say("There is no value to copy in this cell.")

    def action_copy_more(self) -> None:
        """Ask which table to copy and how."""
        from reviewtui.screens.copying import Copyable, copy_question
        from reviewtui.widgets.copy_tables import months_table, rows_table
        from reviewtui.widgets.prompt_line import PromptLine

        sheet, product, metric, found = self._sheet, self._product, self._metric, self._found()
        if sheet is None or product is None or metric is None:
            return
        offered = [Copyable("Months", "values and changes", partial(months_table, sheet, product.id, metric))]
        for name, table in (("Rows", found and found.rows), ("Segments", found and found.segments)):
            if table:
                offered.append(Copyable(name, table.heading, partial(rows_table, table)))
        say = self.query_one(KeyLine).say
        question = copy_question(self.review_app, offered, f"{product.id} {metric.id} {self._month}", say)
        self.mount(PromptLine(question, give_back_keys=partial(self.set_focus, None)))

    def action_back(self) -> None:
        """Stop reading; else return to the grid, on the same cell."""
        if self.stop_reading("Stopped. Press Enter to read the rows, Esc to go back."):
            self.query_one("#section", Pane).lay_out()
        else:
            self.dismiss()

    def action_leave(self) -> None:
        """Return to the grid, on the same cell."""
        self.dismiss()

    def palette_entries(self) -> Iterator[Entry]:
        """What can be done here, and the metrics to go to."""
        for action in METRIC_SCREEN:
            yield Entry(action.does, "action", partial(self.run_action, action.method), offered=True)
        for metric in self._metrics():
            yield Entry(
                shown_name(metric.name, metric.id), "go to this metric", partial(self._choose_metric, metric.id)
            )
