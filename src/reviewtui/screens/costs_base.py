"""What the Costs screen stands on: the costs read in the background, a product, a month, and changes of assumptions."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from reviewtui.costs.allocation import MissingShareError
from reviewtui.costs.scenario import Changes, changed_costs, outcome
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.months import Month, latest_complete_month
from reviewtui.screens.cell_words import product_name
from reviewtui.screens.costs_loading import CostsLoading
from reviewtui.screens.list_screen import ListScreen
from reviewtui.widgets.cost_rows import TREND_MONTHS, CostsView
from reviewtui.workspace.kinds.costs import ALERT_NOTES, SCENARIOS

if TYPE_CHECKING:
    from datetime import date

    from reviewtui.costs.economics import Units
    from reviewtui.costs.product import ProductCosts
    from reviewtui.costs_reading import CostsRead
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sheet_state import SheetState


class CostsBase(ListScreen, CostsLoading):
    """Reads the costs and works out what is shown; its subclass says how it is shown and what can be done."""

    def __init__(self, wanted: str = "") -> None:
        super().__init__()
        self._sheet: MetricSheet | None = None
        self._words = "Waiting for the numbers …"
        self._product = ""
        self._month: Month | None = None
        self._changes: Changes = {}
        self._undo: list[Changes] = []
        self._view: CostsView | None = None
        self._wanted = wanted
        """The row to stand on once there are rows; empty: the first."""

    def on_mount(self) -> None:
        """Stand where the grid stands, and follow the numbers and records."""
        self.watch(self.app, "sheet_state", self._show_state)
        self.watch(self.app, "records", self._follow_records)

    # Reading

    def _show_state(self, state: SheetState) -> None:
        if state.loaded is None or state.is_begun or state.loaded.sheet is self._sheet:
            return
        self._sheet = state.loaded.sheet
        self.ask_for_costs(self._sheet)
        self._show_place()

    def show_costs(self) -> None:
        """Show what was read, or how far the reading is."""
        self._show_place()

    # The place

    def _show_place(self) -> None:
        """The product of the grid, or the first with a model; its newest complete month."""
        position = self.review_app.position
        read = self._read
        products = list(read.products) if read is not None else []
        if self._product not in products:
            self._product = position.product if position.product in products else next(iter(products), "")
            if self._product and position.product not in (None, self._product, ALL_PRODUCTS):
                lacking, shown = (product_name(self.review_app, item) for item in (position.product, self._product))
                self.say(f"{lacking} has no cost model: these are the costs of {shown}.")
        if read is not None and self._product:
            months = self._months()
            wanted = Month.parse(position.month) if position.month else latest_complete_month(self.review_app.as_of)
            newest = min(wanted, latest_complete_month(self.review_app.as_of))
            at = bisect_right(months, self._month or newest) - 1
            self._month = months[max(0, at)] if months else None
        self._show_view()

    def _months(self) -> tuple[Month, ...]:
        costs = self._costs
        return costs.months if costs is not None else ()

    @property
    def _costs(self) -> ProductCosts | None:
        return self._read.products.get(self._product) if self._read is not None else None

    def _follow_records(self) -> None:
        if self._view is not None:
            self._show_view()

    def _show_view(self) -> None:
        """Work everything out again, and show it."""
        self._view, empty = self._worked_out()
        self.list_rows(self.rows(), empty)
        if self._wanted and self._view is not None:
            self.list.go_to(self._wanted)
            self._wanted = ""
        self.show_title()
        self.show_detail()

    def _worked_out(self) -> tuple[CostsView | None, str]:
        """What is shown; else why there is nothing."""
        read, costs, month = self._read, self._costs, self._month
        if read is None:
            return None, self._words or self.EMPTY
        if costs is None:
            return None, self._why_none(read)
        if month is None:
            return None, "No source has cost lines for this product."
        try:
            changed = changed_costs(costs, month, self._changes)
            is_over = month.is_complete(self.review_app.as_of)
            before, now = (outcome(item, month, is_over=is_over) for item in (costs, changed))
        except MissingShareError as error:
            return None, f"The rule {error.rule.id} {error.reason} in {month}: no figures without it."
        records = self.review_app.records
        view = CostsView(
            costs,
            changed,
            month,
            before,
            now,
            self._changes,
            self.review_app.as_of,
            read.findings(self._product, month),
            records.of_product(ALERT_NOTES, self._product),
            records.of_product(SCENARIOS, self._product),
            _history(costs, month, self.review_app.as_of),
        )
        return view, ""

    def _why_none(self, read: CostsRead) -> str:
        if read.inputs.withheld:
            return " ".join(problem.message for problem in read.inputs.problems if problem.severity == "error")
        if read.early:
            names = ", ".join(f"{product} ({stage})" for product, stage in read.early.items())
            return f"No cost model at this stage: {names}. Ship first; the model is for what is sold."
        return "No product has a cost model. Write one in products/<slug>/cost.toml; docs/costs.md says how."

    # Moving

    def action_previous_month(self) -> None:
        """One month back."""
        self._step_month(-1)

    def action_next_month(self) -> None:
        """One month on."""
        self._step_month(1)

    def _step_month(self, step: int) -> None:
        months = self._months()
        if self._month in months:
            self._month = months[min(max(0, months.index(self._month) + step), len(months) - 1)]
            self.review_app.position = self.review_app.position._replace(month=str(self._month))
            self._show_view()

    def action_previous_product(self) -> None:
        """The product before."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The next product."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        products = list(self._read.products) if self._read is not None else []
        if self._product in products:
            self._product = products[(products.index(self._product) + step) % len(products)]
            self._changes, self._undo = {}, []
            self.review_app.position = self.review_app.position._replace(product=self._product)
            self._show_place()


def _history(costs: ProductCosts, month: Month, as_of: date) -> dict[Month, Units]:
    """The months up to `month` whose figures are known; one that is not over would look like a fall."""
    months = [item for item in costs.months if item <= month and item.is_complete(as_of)][-TREND_MONTHS:]
    return {item: costs.costs(item).all for item in months if costs.missing_share(item) is None}
