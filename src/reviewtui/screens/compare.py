"""The compare screen: one metric over all products, or two metrics of one product."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from reviewtui.actions.action import bindings_of, remapped
from reviewtui.actions.numbers import APP, COMPARE_SCREEN
from reviewtui.metrics.comparison import Order, comparable_metrics
from reviewtui.metrics.derived import Values
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.months import Month
from reviewtui.paths import styles_dir
from reviewtui.screens.compare_palette import compare_entries
from reviewtui.screens.grid_copy import GridCopy
from reviewtui.sheet_state import Position, ViewOptions
from reviewtui.text import counted
from reviewtui.widgets.braille import draws_braille
from reviewtui.widgets.cell_facts import cell_facts
from reviewtui.widgets.cell_focus import CellFocus
from reviewtui.widgets.cell_panel import CellPanel
from reviewtui.widgets.comparison_view import (
    CompareOptions,
    ComparisonView,
    PairChart,
    comparison_words,
    pair_chart,
    pair_lines,
    pair_view,
    products_view,
    row_words,
)
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.grid_rows import section_title
from reviewtui.widgets.lines import KeyLine, TitleLine, ViewLine
from reviewtui.widgets.metric_grid import MetricGrid
from reviewtui.widgets.notice import Notice
from reviewtui.widgets.text_lines import Pane
from reviewtui.widgets.view_words import VALUES_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.app import ComposeResult

    from reviewtui.metrics.comparison import ComparedRow
    from reviewtui.metrics.sheet import Metric, MetricSheet, Product
    from reviewtui.palette import Entry
    from reviewtui.sheet_state import SheetState
    from reviewtui.widgets.cell_facts import CellFacts
    from reviewtui.widgets.cell_focus import SectionFocus
    from reviewtui.widgets.spans import Line

_HEIGHTS = [(0, "-flat"), (18, "-short"), (32, "-tall")]


class CompareScreen(GridCopy):
    """Shares metric and month with the grid; the product of the grid changes only when one is opened."""

    BINDINGS = bindings_of(COMPARE_SCREEN)
    KEYS_OF = "Compare"
    """Whose keys the help lists."""
    CSS_PATH: ClassVar = [styles_dir() / "compare.tcss"]
    VERTICAL_BREAKPOINTS = _HEIGHTS

    def __init__(self) -> None:
        super().__init__()
        self._metric: Metric | None = None
        self._row = ""
        """Id of the row under the cursor: of a product, or of one of two metrics."""

    def compose(self) -> ComposeResult:
        """Title, how it is compared, rows; the cell below them, or the chart of two metrics; keys."""
        yield TitleLine(id="title")
        yield ViewLine(id="view")
        yield MetricGrid(self._explain, id="grid")
        yield CellPanel(id="panel")
        yield Pane(self._chart_lines, id="chart")
        yield Notice(id="notice")
        footer = remapped((*COMPARE_SCREEN, *APP), self.review_app.keymap)
        yield KeyLine([action for action in footer if action.footer], id="keys")

    def on_mount(self) -> None:
        """Compare the metric that the grid stands on."""
        self._braille = draws_braille(os.environ)
        self.query_one("#chart").display = False
        self.watch(self.app, "sheet_state", self._show_state)
        self.grid.focus()

    def _show_state(self, state: SheetState) -> None:
        if state.loaded is not None and state.loaded is not self._loaded:
            self._loaded = state.loaded
            position = self.review_app.position
            self._row = self._row or position.product or ""
            self._choose(position.metric)
        is_empty = self._metric is None
        notice = self.query_one("#notice", Notice)
        if is_empty:
            notice.show("There are no numbers to compare yet.", ("Press 1 for the grid.",))
            self.query_one("#panel").display = False
        notice.display = is_empty
        self.grid.display = not is_empty

    # What is compared

    @property
    def compared(self) -> CompareOptions:
        """How the person compares."""
        return self.review_app.compare_options or CompareOptions.of_settings(self.review_app.compared_before)

    @property
    def options(self) -> ViewOptions:
        """The same, in the words of the grid."""
        return ViewOptions(values=self.compared.values, quarters=self.compared.quarters)

    def _set(self, compared: CompareOptions) -> None:
        self.review_app.compare_options = compared
        self._show()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that can be compared."""
        return comparable_metrics(self.sheet) if self.sheet is not None else ()

    @property
    def product(self) -> Product | None:
        """The product whose two metrics are compared, or else the one under the cursor."""
        wanted = self.review_app.position.product if self._second is not None else self._row
        return next((item for item in self.products if item.id == wanted), self.products[0] if self.products else None)

    @property
    def _second(self) -> Metric | None:
        """The metric beside the first; None where products are compared."""
        if self._metric is None or self.compared.second in ("", self._metric.id):
            return None
        return next((item for item in self.metrics if item.id == self.compared.second), None)

    def _choose(self, metric_id: str | None) -> None:
        """Compare a metric, or the first there is."""
        metrics = self.metrics
        self._metric = next((item for item in metrics if item.id == metric_id), metrics[0] if metrics else None)
        self._show()

    def choose_metric(self, metric_id: str) -> None:
        """Compare another metric."""
        self._choose(metric_id)

    def _show(self) -> None:
        sheet, metric, second, product = self.sheet, self._metric, self._second, self.product
        if sheet is None or metric is None or product is None:
            return
        if second is not None:
            view = pair_view(sheet, product, (metric, second), self.compared)
        else:
            view = products_view(sheet, metric, replace(self.compared, second=""))
        position = self.review_app.position
        month = Month.parse(position.month) if position.month else None
        has_chart = isinstance(self._pair_chart(), PairChart)
        self.query_one("#panel").display = not has_chart
        self.query_one("#chart").display = has_chart
        self.grid.show(view, metric_id=self._row, month=month)
        self._show_title()

    def _show_title(self) -> None:
        metric, second, product = self._metric, self._second, self.product
        if metric is None or product is None:
            return
        name = f"Compare · {shown_name(metric.name, metric.id)}"
        about = counted(len([item for item in self.products if item.id != ALL_PRODUCTS]), "product")
        if second is not None:
            name += f" and {shown_name(second.name, second.id)}"
            about = shown_name(product.name, product.id)
        ids = [item.id for item in self.metrics]
        place = f"{ids.index(metric.id) + 1} of {counted(len(ids), 'metric')}" if metric.id in ids else ""
        self.query_one(TitleLine).show(name, about, place)

    @property
    def _view(self) -> ComparisonView | None:
        view = self.grid.view
        return view if isinstance(view, ComparisonView) else None

    def _explain(self, place: CellFocus | SectionFocus) -> None:
        """Let the words and the panel follow the cursor."""
        view, sheet = self._view, self.sheet
        if view is None or sheet is None or self._metric is None or not isinstance(place, CellFocus):
            return
        self._row = place.metric.id
        self.review_app.position = Position(self.review_app.position.product, self._metric.id, str(place.month))
        row = next((item for item in view.compared_rows if item.id == self._row), None)
        if self.query_one("#chart").display:
            self.query_one("#chart", Pane).lay_out()
        elif row is not None:
            self.query_one(CellPanel).show(partial(self._facts, sheet, row, place.month))
        self.show_view_words()

    def _facts(self, sheet: MetricSheet, row: ComparedRow, month: Month) -> CellFacts:
        facts = cell_facts(sheet, row.product, row.metric, month)
        name = facts.name if self._second else f"{facts.name} · {shown_name(row.name, row.id)}"
        return facts._replace(name=name)

    def _pair_chart(self) -> PairChart | str:
        """What the chart of two metrics shows, or why there is none."""
        sheet, metric, second, product = self.sheet, self._metric, self._second, self.product
        if sheet is None or metric is None or second is None or product is None or not sheet.months:
            return ""
        month = Month.parse(self.review_app.position.month or str(sheet.months[-1]))
        return pair_chart(sheet, product, (metric, second), month)

    def _chart_lines(self, width: int, height: int) -> Sequence[Line]:
        chart = self._pair_chart()
        size = (width, height)
        return pair_lines(chart.trend, size, braille=self._braille) if isinstance(chart, PairChart) else ()

    def show_view_words(self) -> None:
        """Name how it is compared, and what the cell says."""
        view, grid, chart = self._view, self.grid, self._pair_chart()
        if view is None:
            return
        about_chart = f"chart: {chart.base.long_label} = 100" if isinstance(chart, PairChart) else chart
        words = comparison_words(view) or about_chart
        self.query_one(ViewLine).show(words, row_words(view, grid.line, grid.place))

    # What is asked of every grid

    def show_product(self, product_id: str | None) -> None:
        """Put the cursor on a product, or show the two metrics of it."""
        if self._second is not None:
            position = self.review_app.position
            self.review_app.position = Position(product_id, position.metric, position.month)
            self._show()
        elif self._view is not None and product_id is not None:
            line = self._view.line_of_metric(product_id)
            self.grid.move_to(self.grid.line if line is None else line, self.grid.place)

    def go_to(self, metric_id: str | None, month: Month | None) -> None:
        """Compare another metric, or another month."""
        if month is not None and self._view is not None:
            self.grid.move_to(self.grid.line, self._view.place_of(month))
        if metric_id is not None:
            self._choose(metric_id)

    def copy_stem(self) -> str:
        """What a file with a copy from here is called, as words."""
        return f"compare {self._metric.id}" if self._metric is not None else "compare"

    # Actions

    def action_previous_metric(self) -> None:
        """The metric before, from the first to the last."""
        self._step_metric(-1)

    def action_next_metric(self) -> None:
        """The next metric, from the last to the first."""
        self._step_metric(1)

    def _step_metric(self, step: int) -> None:
        ids = [item.id for item in self.metrics]
        if self._metric is not None and self._metric.id in ids:
            self._choose(ids[(ids.index(self._metric.id) + step) % len(ids)])

    def action_pick_metric(self) -> None:
        """Ask for a metric by its name."""
        self._ask_metric("Metric", self.choose_metric)

    def action_pick_second(self) -> None:
        """Ask for the metric to put beside this one."""
        product = self.product
        if product is None:
            return

        def show_beside(metric_id: str) -> None:
            position = self.review_app.position
            self.review_app.position = Position(product.id, position.metric, position.month)
            self._set(replace(self.compared, second=metric_id))

        self._ask_metric(f"Beside it, of {shown_name(product.name, product.id)}", show_beside, product)

    def _ask_metric(self, label: str, chosen: Callable[[str], None], product: Product | None = None) -> None:
        """Ask for a metric: any, or another one of `product`."""
        from reviewtui.widgets.prompt_line import Choice, Question

        sheet, metric = self.sheet, self._metric
        if sheet is None or metric is None:
            return
        offered = self.metrics if product is None else sheet.metrics_of(product.id)
        choices = [
            Choice(shown_name(item.name, item.id), section_title(item.section), item.id)
            for item in offered
            if product is None or item.id != metric.id
        ]

        def answered(metric_id: str) -> str:
            chosen(metric_id)
            return ""

        if choices:
            self.ask(Question(label, answered, hint=counted(len(choices), "metric"), choices=choices))
        else:
            self.say("This product has no other metric.")

    def action_next_order(self) -> None:
        """The next way to sort."""
        if self._second is not None:
            self.say("Two metrics are not sorted; Esc compares the products again.")
            return
        orders = tuple(Order)
        order = orders[(orders.index(self.compared.order) + 1) % len(orders)]
        self._set(replace(self.compared, order=order))
        self.say_view(f"by {order}")

    def action_toggle_stages(self) -> None:
        """Products under their stages, or in one list."""
        by_stage = not self.compared.by_stage
        self._set(replace(self.compared, by_stage=by_stage))
        self.say_view("by stage" if by_stage else "in one list")

    def action_toggle_index(self) -> None:
        """Values as an index, or as they are."""
        is_indexed = not self.compared.is_indexed
        self._set(replace(self.compared, is_indexed=is_indexed))
        view = self._view
        if is_indexed and view is not None and view.not_indexed:
            self.say(view.not_indexed)
        else:
            self.say_view("index" if is_indexed else "values")

    def action_next_values(self) -> None:
        """The next view of the values."""
        self._step_values(1)

    def action_previous_values(self) -> None:
        """The view before."""
        self._step_values(-1)

    def _step_values(self, step: int) -> None:
        has_targets = self._view is not None and bool(self._view.sheet.targets)
        offered = [item for item in Values if item is not Values.TARGET or has_targets]
        now = self.compared.values if self.compared.values in offered else Values.PLAIN
        values = offered[(offered.index(now) + step) % len(offered)]
        self._set(replace(self.compared, values=values))
        self.say_view(VALUES_WORDS[values])

    def action_toggle_quarters(self) -> None:
        """Closed quarters as columns, or months."""
        quarters = not self.compared.quarters
        self._set(replace(self.compared, quarters=quarters))
        self.say_view("closed quarters, then months" if quarters else "months")

    def action_previous_product(self) -> None:
        """The product before."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The next product."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        product = self.product
        if self._second is None:
            self.grid.step_metrics(step)
        elif product is not None:
            self.show_product(self.products[(self.products.index(product) + step) % len(self.products)].id)

    def action_open_product(self) -> None:
        """Show what the cursor stands on, on the grid."""
        view, product = self._view, self.product
        row = next((item for item in view.compared_rows if item.id == self._row), None) if view is not None else None
        if row is not None and product is not None:
            place = Position(row.product, row.metric.id, self.review_app.position.month)
            self.review_app.show_place(place)

    def action_back(self) -> None:
        """Compare the products again; from there go back to the grid."""
        if not self.clear_found() and not self._leave_pair():
            self.dismiss()

    def action_leave(self) -> None:
        """Go back to the grid."""
        self.dismiss()

    def _leave_pair(self) -> bool:
        """Compare the products again; whether two metrics were compared."""
        was_pair = self._second is not None
        if was_pair:
            self._row = self.review_app.position.product or ""
            self._set(replace(self.compared, second=""))
        return was_pair

    def palette_entries(self) -> Iterator[Entry]:
        """What can be done here, and what can be compared."""
        return compare_entries(self)
