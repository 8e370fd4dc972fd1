"""The alerts of costs among the anomalies: their rows, what is told about them, and saying what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.cell_rows import CellKey
from reviewtui.metrics.sheet import ALL_PRODUCTS
from reviewtui.quick_tuple import NamedTuple
from reviewtui.screens.cell_notes import CellNoting
from reviewtui.screens.cell_words import product_name
from reviewtui.screens.costs_loading import CostsLoading
from reviewtui.widgets.alert_lines import alert_id, alert_lines, inbox_row, note_on, standing
from reviewtui.workspace.kinds.costs import ALERT_NOTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.app import ReviewApp
    from reviewtui.costs.alerts import CostAlert
    from reviewtui.months import Month
    from reviewtui.sheet_state import SheetState
    from reviewtui.widgets.list_layout import ListRow
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.kinds.costs import AlertNote

DRIVEN = "total_cost"
"""The metric whose cell an alert stands for: its drivers are the components."""


class _Listed(NamedTuple):
    product: str
    alert: CostAlert
    note: AlertNote | None


class AlertsAmongAnomalies(CostsLoading, CellNoting):
    """Alerts of costs as rows among others; a screen lists `alert_rows` and asks for the alert of a row."""

    _alerts: dict[str, _Listed] | None = None
    """By the id of their row; None until something is listed."""

    @property
    def review_app(self) -> ReviewApp:
        """The app, with its own type."""
        raise NotImplementedError

    @property
    def row(self) -> ListRow | None:
        """The row under the cursor."""
        raise NotImplementedError

    def follow_costs(self, state: SheetState) -> None:
        """Read the costs of the numbers that are there, if any product has a model."""
        sheet = state.loaded.sheet if state.loaded is not None else None
        if (
            sheet is None
            or state.is_begun
            or sheet is self._costs_of
            or all((item.id, DRIVEN) not in sheet.rows for item in sheet.products)
        ):
            return
        self.ask_for_costs(sheet)

    def alert_rows(
        self, product: str, only: Month | None, *, with_settled: bool
    ) -> tuple[list[ListRow], list[ListRow]]:
        """The rows of open alerts, and of those explained or muted; of one product and month, or of all."""
        from reviewtui.costs.alerts import Standing, alerts_of

        self._alerts = {}
        rows: tuple[list[ListRow], list[ListRow]] = ([], [])
        as_of, records = self.review_app.as_of, self.review_app.records
        for name, costs in self._read.products.items() if self._read is not None else ():
            if product not in ("", ALL_PRODUCTS, name):
                continue
            notes = records.of_product(ALERT_NOTES, name)
            for alert in alerts_of(costs, as_of):
                if only not in (None, alert.month):
                    continue
                note = note_on(alert, notes)
                is_open = standing(note, as_of) is Standing.OPEN
                if is_open or with_settled:
                    key = f"{name}\n{alert_id(alert)}"
                    self._alerts[key] = _Listed(name, alert, note)
                    shown = product_name(self.review_app, name)
                    rows[not is_open].append(inbox_row(alert, note, key, shown, as_of))
        rows[1].sort(key=lambda item: item.section)
        return rows

    def alert_detail(self, row_id: str, width: int) -> Sequence[Line] | None:
        """What is told about an alert; None where the row is none."""
        found = self._listed(row_id)
        return None if found is None else alert_lines(found.alert, found.note, width, self.review_app.as_of)

    def alert_cell(self, row_id: str) -> CellKey | None:
        """The cell of the month that an alert belongs to; None where the row is none."""
        found = self._listed(row_id)
        return None if found is None else CellKey(found.product, DRIVEN, str(found.alert.month))

    def is_alert(self, row_id: str) -> bool:
        """Whether a row is an alert."""
        return self._listed(row_id) is not None

    def open_alert(self, row_id: str) -> bool:
        """Show an alert among the costs of its product; False where the row is none."""
        found = self._listed(row_id)
        if found is None:
            return False
        app = self.review_app
        app.position = app.position._replace(product=found.product, month=str(found.alert.month))
        app.show_alert(alert_id(found.alert))
        return True

    def _listed(self, row_id: str) -> _Listed | None:
        return (self._alerts or {}).get(row_id)

    # Saying

    def ask_why(self, verdict: str) -> None:
        """The form for an alert, or for the cell under the cursor."""
        from reviewtui.screens.cost_forms import alert_form

        found = self._listed(self.row.id) if self.row is not None else None
        if found is None:
            super().ask_why(verdict)
            return
        state = "muted" if verdict == "snoozed" else "explained"
        alert = found.alert
        form = alert_form(self.review_app, found.product, alert.subject, alert.day, found.note, state)
        self.app.push_screen(form, self._told_of_alert)

    def _told_of_alert(self, result: object) -> None:
        from reviewtui.screens.comment_forms import saved_words
        from reviewtui.workspace.kinds.costs import AlertNote

        record = getattr(result, "record", result)
        if isinstance(record, AlertNote):
            until = f" until {record.muted_until}" if record.state == "muted" else ""
            self.say(saved_words(result) or f"Noted as {record.state}{until}.")

    def action_mark_unknown(self) -> None:
        """Write down that nobody knows yet; an alert just stays open."""
        if self.row is not None and self._listed(self.row.id) is not None:
            self.say("An alert stays open until it is explained (e) or muted (z).")
        else:
            super().action_mark_unknown()
