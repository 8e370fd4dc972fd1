"""The inbox of what is out of the ordinary: over products and months, until somebody has said something about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import ANOMALIES as ANOMALY_ACTIONS
from reviewtui.anomalies.inbox import Entry, Part, entries_of
from reviewtui.cell_rows import CellKey
from reviewtui.months import Month, latest_complete_month, month_span
from reviewtui.screens.anomaly_alerts import AlertsAmongAnomalies
from reviewtui.screens.cell_words import product_name
from reviewtui.screens.list_screen import ListScreen
from reviewtui.sheet_state import Position
from reviewtui.text import counted
from reviewtui.widgets.anomaly_lines import detail_lines, entry_row, follower_row, row_id
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.workspace.kinds.explanations import EXPLANATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewtui.anomalies.index import AnomalyIndex
    from reviewtui.anomalies.listed import Anomaly
    from reviewtui.widgets.prompt_line import Choice
    from reviewtui.widgets.spans import Line

MONTHS_LISTED = 12
"""How many complete months are listed until others are asked for."""

_ORDERS = ("weight", "month", "product")
_RANGES = (1, 3, 12, 24, 36)


@dataclass(frozen=True, slots=True)
class InboxView:
    """How a person looks at the anomalies."""

    product: str = ""
    """Empty: all products."""
    months: int = MONTHS_LISTED
    """How many complete months; 0: all there are."""
    only: Month | None = None
    """A single month, in place of the last ones."""
    with_settled: bool = False
    order: int = 0
    unfolded: frozenset[str] = frozenset()
    """Rows whose followers are shown."""
    at: str = ""
    """The row under the cursor."""


class AnomaliesScreen(ListScreen, AlertsAmongAnomalies):
    """Lists anomalies, those of the newest month that are to explain first; what follows is folded under its cause."""

    BINDINGS = bindings_of(ANOMALY_ACTIONS)
    KEYS_OF = "Anomalies"
    ACTIONS = ANOMALY_ACTIONS
    HEADING = "Anomalies"
    COLUMNS = (
        ListColumn("Metric", widest=48, readable=20),
        ListColumn("Value", is_right=True),
        ListColumn("Expected", is_right=True, rank=2),
        ListColumn("Out", is_right=True, rank=3),
        ListColumn("Month", rank=0),
        ListColumn("Product", rank=1, widest=22),
        ListColumn("Age", is_right=True, rank=4),
    )

    def __init__(self) -> None:
        super().__init__()
        self._view = InboxView()
        self._entries: dict[str, Entry] = {}
        self._followers: dict[str, Anomaly] = {}
        self._found = 0
        """How many entries there are, those that are not shown among them."""
        self._alerts_open = 0

    def on_mount(self) -> None:
        """Follow numbers, verdicts and records."""
        self._view = self.review_app.inbox_view or self._view
        start = self._view.at
        self.follow_records()
        self.watch(self.app, "judgements", self.show, init=False)
        self.watch(self.app, "sheet_state", self.show, init=False)
        self.watch(self.app, "sheet_state", self.follow_costs)
        self.show()
        self.list.go_to(start)

    def on_screen_resume(self) -> None:
        """Back from another screen: drivers may have been read there."""
        self.show_detail()

    def show_notes(self) -> None:
        """Other comments, other explanations."""
        self.show()

    def show_costs(self) -> None:
        """The costs were read: their alerts are known."""
        self.show()

    # What is shown

    def rows(self) -> Sequence[ListRow]:
        """The entries in their order, the unfolded ones with what follows from them."""
        self._entries, self._followers = {}, {}
        index = self.anomaly_index
        self._found = 0
        if index is None:
            return ()
        found = entries_of(index, self._months(index), self.review_app.records.of(EXPLANATIONS), self._view.product)
        shown = [item for item in found if self._view.with_settled or item.part is Part.UNEXPLAINED]
        self._found = len(found)
        opened, settled = self.alert_rows(self._view.product, self._view.only, with_settled=self._view.with_settled)
        self._alerts_open = len(opened)
        rows = [(entry.part, row) for entry in self._ordered(shown) for row in self._rows_of(entry, index)]
        first = [row for part, row in rows if part is Part.UNEXPLAINED]
        return [*first, *opened, *(row for part, row in rows if part is not Part.UNEXPLAINED), *settled]

    def _rows_of(self, entry: Entry, index: AnomalyIndex) -> Iterator[ListRow]:
        name = product_name(self.review_app, entry.product)
        key = row_id(entry.product, entry.metric.id, entry.month)
        self._entries[key] = entry
        is_open = key in self._view.unfolded
        section = self._section(entry, name, index.newest)
        yield entry_row(entry, key, name, index.newest, section=section, is_open=is_open)
        for item in entry.followers if is_open else ():
            below = row_id(item.product, item.metric.id, item.month)
            self._followers[below] = item
            yield follower_row(item, below, product_name(self.review_app, item.product), section)

    def _ordered(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        places = list(Part)
        if _ORDERS[self._view.order] == "month":
            return sorted(entries, key=lambda item: (places.index(item.part), -item.month.index))
        if _ORDERS[self._view.order] == "product":
            return sorted(
                entries,
                key=lambda item: (places.index(item.part), product_name(self.review_app, item.product).casefold()),
            )
        index = self.anomaly_index
        if index is None or self._view.only is not None:
            return entries
        return sorted(entries, key=lambda item: (places.index(item.part), _is_earlier(item, index.newest)))

    def _section(self, entry: Entry, product: str, newest: Month) -> str:
        order = _ORDERS[self._view.order]
        if order == "weight":
            if entry.part is not Part.UNEXPLAINED or self._view.only is not None:
                return entry.part.value
            when = "earlier" if _is_earlier(entry, newest) else newest.long_label
            return f"{entry.part.value} · {when}"
        return f"{entry.part.value} · {entry.month.long_label if order == 'month' else product}"

    def _months(self, index: AnomalyIndex) -> tuple[Month, ...]:
        listed = tuple(month for month in index.sheet.months if month <= index.newest)
        if self._view.only is not None:
            return (self._view.only,)
        return listed[-self._view.months :]

    def empty_words(self) -> str:
        """Why there are no rows."""
        if self.anomaly_index is None:
            if self.review_app.sheet_state.loaded is None:
                return "There are no numbers yet."
            state = self.review_app.sheet_state
            return "The other months are being computed …" if state.is_begun else "The numbers are being judged …"
        where = "" if not self._view.product else f" of {product_name(self.review_app, self._view.product)}"
        months = self._range_words()
        if self._found:
            return (
                f"Nothing{where} is left to explain in {months}. Explained or put off: {self._found:,}; v shows them."
            )
        return f"Nothing{where} is out of the ordinary in {months}. m shows other months."

    def _range_words(self) -> str:
        if self._view.only is not None:
            return self._view.only.long_label
        if not self._view.months:
            return "all months"
        newest = latest_complete_month(self.review_app.as_of)
        first = newest - (self._view.months - 1)
        return newest.long_label if first == newest else f"{first.long_label} to {newest.long_label}"

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """Why it is listed, what is known about it, what was said."""
        of_alert = self.alert_detail(row.id, width)
        if of_alert is not None:
            return of_alert
        index, cell = self.anomaly_index, self._cell_of(row.id)
        if index is None or cell is None:
            return ()
        month = Month.parse(cell.month)
        entry, follower = self._entries.get(row.id), self._followers.get(row.id)
        threads = self.threads_of_cell(cell.product, cell.metric, month)
        item = entry or follower
        lines = detail_lines(index, item, threads, width, latest_complete_month(self.review_app.as_of))
        return [*lines, *self._driver_lines(index, item, cell, width)] if item is not None else lines

    def _driver_lines(self, index: AnomalyIndex, item: Entry | Anomaly, cell: CellKey, width: int) -> Sequence[Line]:
        """What moved it, as far as the cells or an earlier look at the drivers tell."""
        from reviewtui.metrics.changes import change_of
        from reviewtui.screens.drivers import DriverKey, breakdowns_of
        from reviewtui.widgets.driver_lines import short_lines

        change = change_of(index.sheet, item.product, item.metric, item.month)
        found = self.review_app.cell_drivers.known(index.sheet, DriverKey(cell))
        return short_lines(breakdowns_of(index.sheet, change, found), item.metric.unit, width)

    def title_words(self) -> tuple[str, str]:
        """Which products and months, in which order, and how many wait for a word."""
        product = product_name(self.review_app, self._view.product) if self._view.product else "every product"
        parts = [product, self._range_words(), f"by {_ORDERS[self._view.order]}"]
        waiting = sum(1 for entry in self._entries.values() if entry.part is Part.UNEXPLAINED)
        wanting = [f"{waiting:,} to explain"] if waiting else []
        if self._alerts_open:
            wanting.append(counted(self._alerts_open, "cost alert"))
        return " · ".join(parts), " · ".join(wanting)

    # The cell

    def _cell_of(self, key: str) -> CellKey | None:
        item = self._entries.get(key) or self._followers.get(key)
        return CellKey(item.product, item.metric.id, str(item.month)) if item is not None else self.alert_cell(key)

    def cell_key(self) -> CellKey | None:
        """The cell under the cursor; None where there is none."""
        return self._cell_of(self.row.id) if self.row is not None else None

    def enter_word(self, row: ListRow) -> str:
        """An alert opens among the costs."""
        return "costs" if self.is_alert(row.id) else ""

    def show_detail(self) -> None:
        """Tell about the row under the cursor, and remember where the person is."""
        super().show_detail()
        self._look(at=self.row.id if self.row is not None else "")

    def open_row(self, row: ListRow) -> None:
        """Go to the cell on the grid; to an alert among the costs."""
        if self.open_alert(row.id):
            return
        cell = self._cell_of(row.id)
        if cell is not None:
            self.review_app.show_place(Position(*cell))

    def action_mark_expected(self) -> None:
        """Write down why it was to be expected."""
        self.ask_why("expected")

    def action_snooze(self) -> None:
        """Ask when it is to come back."""
        self.ask_why("snoozed")

    # The view

    def _look(self, **changes: object) -> None:
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]
        self.review_app.inbox_view = self._view

    def action_toggle_settled(self) -> None:
        """List those explained and snoozed too, or only those to explain."""
        self._look(with_settled=not self._view.with_settled)
        self.show()
        self.say("With those explained and snoozed" if self._view.with_settled else "Only those to explain")

    def action_next_sort(self) -> None:
        """By weight, by month, by product."""
        self._look(order=(self._view.order + 1) % len(_ORDERS))
        self.show()
        self.say(f"By {_ORDERS[self._view.order]}")

    def action_unfold(self) -> None:
        """Show what follows from the anomaly under the cursor."""
        entry = self._entries.get(self.row.id) if self.row is not None else None
        if self.row is None or entry is None or not entry.followers:
            self.say("Nothing else of its month follows from it.")
            return
        self._look(unfolded=self._view.unfolded | {self.row.id})
        self.show()

    def action_fold(self) -> None:
        """Hide what follows from it again."""
        if self.row is None:
            return
        key = self.row.id
        lead = next(
            (
                own
                for own, entry in self._entries.items()
                if own == key
                or any(row_id(item.product, item.metric.id, item.month) == key for item in entry.followers)
            ),
            key,
        )
        self._look(unfolded=self._view.unfolded - {lead})
        self.list.go_to(lead)
        self.show()

    def action_pick_months(self) -> None:
        """Ask for a range of months, or for one."""
        from reviewtui.widgets.prompt_line import Question

        index = self.anomaly_index
        if index is None:
            self.say(self.empty_words())
            return

        def answered(chosen: str) -> str:
            if chosen.isdecimal():
                self._look(months=int(chosen), only=None)
            else:
                self._look(only=Month.parse(chosen))
            self.show()
            return ""

        self.ask(Question("Months", answered, choices=list(_month_choices(index))))

    def _products(self) -> list[str]:
        loaded = self.review_app.sheet_state.loaded
        return ["", *(product.id for product in loaded.sheet.products)] if loaded is not None else [""]

    def action_previous_product(self) -> None:
        """The product before; before the first, all."""
        self._step_product(-1)

    def action_next_product(self) -> None:
        """The next product; after the last, all."""
        self._step_product(1)

    def _step_product(self, step: int) -> None:
        products = self._products()
        at = products.index(self._view.product) if self._view.product in products else 0
        self._show_product(products[(at + step) % len(products)])

    def _show_product(self, product: str) -> None:
        self._look(product=product)
        self.show()

    def action_pick_product(self) -> None:
        """Ask for a product by its name."""
        from reviewtui.widgets.prompt_line import Choice, Question

        def answered(product: str) -> str:
            self._show_product(product)
            return ""

        names = [Choice(product_name(self.review_app, item) if item else "Every product", "", item)
                 for item in self._products()]  # fmt: skip
        self.ask(Question("Product", answered, choices=names))


def _is_earlier(entry: Entry, newest: Month) -> bool:
    """Whether it waits for a word since before the newest month."""
    return entry.part is Part.UNEXPLAINED and entry.month < newest


def _month_choices(index: AnomalyIndex) -> Iterator[Choice]:
    from reviewtui.widgets.prompt_line import Choice

    for count in _RANGES:
        name = "The newest month" if count == 1 else f"The last {count} months"
        yield Choice(name, f"from {(index.newest - (count - 1)).long_label}", str(count))
    if index.sheet.months:
        yield Choice("Every month", f"from {index.sheet.months[0].long_label}", "0")
        for month in reversed(month_span(index.sheet.months[0], index.newest)):
            yield Choice(month.long_label, "only this month", str(month))
