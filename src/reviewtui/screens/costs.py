"""The Costs screen: what a unit costs, what the margin is, how sure that is, and what if an assumption is wrong."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, ClassVar

from reviewtui.actions.action import bindings_of
from reviewtui.actions.reviews import COSTS
from reviewtui.costs.scenario import allowed, base_value
from reviewtui.costs.sensitivity import cost_range
from reviewtui.screens import cost_forms
from reviewtui.screens.costs_base import CostsBase
from reviewtui.text import counted, safe_text
from reviewtui.widgets.alert_lines import alert_place
from reviewtui.widgets.cost_detail import detail_lines
from reviewtui.widgets.cost_rows import cost_rows, moved_most, open_alerts, storage_moved
from reviewtui.widgets.cost_texts import percent_text, range_text
from reviewtui.widgets.fitting import shown_name
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.workspace.kinds.costs import ALERT_NOTES, Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from reviewtui.widgets.cost_rows import CostsView
    from reviewtui.widgets.spans import Line

_ENTER_WORDS = {"what": "change", "alert": "explain"}
"""What Enter does on a kind of row, where it does not open it."""


class CostsScreen(CostsBase):
    """Shows the costs of `ReviewApp.position`'s product; changes of assumptions stay on the screen until adopted."""

    BINDINGS = bindings_of(COSTS)
    KEYS_OF = "Costs"
    ACTIONS = COSTS
    HEADING = "Costs"
    COLUMNS = (
        ListColumn("", widest=44, readable=24),
        ListColumn("Value", is_right=True, widest=30),
        ListColumn("Change", is_right=True, rank=1, widest=16),
        ListColumn("24 months", is_right=True, rank=2, widest=26),
        ListColumn("", rank=3, widest=60, readable=12),
    )
    EMPTY: ClassVar[str] = "There are no costs to show."

    # What the list asks

    def rows(self) -> Sequence[ListRow]:
        """Every section."""
        return cost_rows(self._view) if self._view is not None else ()

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """What stands behind a row."""
        return detail_lines(self._view, row.id, width, self._sheet) if self._view is not None else ()

    def enter_word(self, row: ListRow) -> str:
        """Some rows are changed or explained."""
        return "change" if row.id == "unit:revenue" else _ENTER_WORDS.get(row.id.partition(":")[0], "")

    def title_words(self) -> tuple[str, str]:
        """The margin with its range and verdict, at one glance."""
        view = self._view
        if view is None or self._month is None or self._sheet is None:
            return "", ""
        name = next((item.name for item in self._sheet.products if item.id == self._product), self._product)
        parts = [shown_name(name, self._product), self._month.long_label]
        if not self._month.is_complete(self.review_app.as_of):
            parts[-1] += " so far"
        parts.append(f"margin {_margin_words(view)}")
        delta = view.now.review.billed
        if delta is not None:
            parts.append(delta.verdict)
        if self._changes:
            return " · ".join(parts), f"what if: {counted(len(self._changes), 'change')}, u undoes"
        alerts = open_alerts(view)
        return " · ".join(parts), counted(alerts, "alert") if alerts else ""

    def open_row(self, row: ListRow) -> None:
        """Change an assumption, take up a scenario, list a component's lines, or say what explains an alert."""
        kind, _, rest = row.id.partition(":")
        if kind == "what":
            self._ask_for(rest)
        elif kind == "alert":
            self._explain(*alert_place(row.id))
        elif kind in ("component", "modelled") and self._month is not None:
            from reviewtui.screens.cost_lines import CostLinesScreen

            self.app.push_screen(CostLinesScreen(self._product, rest, self._month))
        elif kind == "unit" and rest == "revenue":
            self._ask_for("price")
        else:
            found = self.review_app.records.by_id(row.id)
            if isinstance(found, Scenario):
                self._take_up(found)

    # What if

    def _ask_for(self, name: str) -> None:
        """Ask for another value; everything moves while it is typed."""
        from reviewtui.widgets.prompt_line import Question

        costs, month = self._costs, self._month
        if costs is None or month is None:
            return
        before = dict(self._changes)

        def typed(text: str) -> str:
            value = _number(text)
            if value is None:
                return "a number" if text.strip() else ""
            why = allowed(costs, name, value)
            if not why:
                self._changes = {**before, name: value}
                self._show_view()
            return why

        def answered(text: str) -> str:
            value = _number(text)
            if value is None:
                return "Write a number, as 0.25."
            why = allowed(costs, name, value)
            if not why:
                self._undo.append(before)
                self._changes = {**before, name: value}
                if value == base_value(costs, month, name):
                    self._changes.pop(name)
                self._show_view()
            return why

        def left() -> None:
            self._changes = before
            self._show_view()

        self.ask(Question(f"{safe_text(name, 40)} =", answered, typed, None, left))

    def action_undo(self) -> None:
        """Take the last change back."""
        if not self._undo:
            self.say("Nothing was changed.")
            return
        self._changes = self._undo.pop()
        self._show_view()
        self.say("Taken back.")

    def action_reset(self) -> None:
        """Take every change back; one undo brings them again."""
        if self._changes:
            self._undo.append(self._changes)
            self._changes = {}
            self._show_view()
        self.say("As the files say.")

    def action_add_record(self) -> None:
        """Save the changes as a scenario."""
        if not self._changes or self._month is None:
            self.say("Change an assumption first: Enter on one of them.")
            return
        self.app.push_screen(
            cost_forms.scenario_form(self.review_app, self._product, self._month, self._changes), self._saved
        )

    def action_adopt(self) -> None:
        """Write the changes into the model, with a reason."""
        costs, month = self._costs, self._month
        changes = {name: value for name, value in self._changes.items() if name != "price"}
        if costs is None or month is None or not changes:
            self.say("There is no change that the model could take over.")
            return
        unknown = [name for name in changes if name not in (*costs.model.rule_ids, *costs.model.assumptions)]
        if unknown:
            self.say(f"{unknown[0]} is not in the file yet: write it there as an assumption first.")
            return
        self.app.push_screen(cost_forms.adopt_form(self.review_app, costs.model, month, changes), self._adopted)

    def _adopted(self, path: object) -> None:
        if path:
            self._changes, self._undo = {}, []
            self._show_view()
            self.review_app.costs_read = None
            self.review_app.load()
            self.say(f"Written to {path}; the numbers are computed again.")

    def _take_up(self, scenario: Scenario) -> None:
        self._undo.append(self._changes)
        self._changes = {change.id: Decimal(change.value) for change in scenario.changes}
        self._show_view()
        self.say(f"Scenario: {safe_text(scenario.title, 60)}. u goes back.")

    def _explain(self, subject: str, day: date) -> None:
        notes = self.review_app.records.of_product(ALERT_NOTES, self._product)
        note = next((item for item in notes if (item.subject, item.alert_day) == (subject, day)), None)
        self.app.push_screen(cost_forms.alert_form(self.review_app, self._product, subject, day, note), self._saved)

    def _saved(self, record: object) -> None:
        if record is not None:
            self.say("Saved.")

    def action_new_dive(self) -> None:
        """Propose a deep dive on the component that moved the cost most."""
        from reviewtui.cell_rows import CellKey
        from reviewtui.screens.dive_forms import new_dive

        view = self._view
        if view is None or view.before.review.before is None:
            self.say("There is no month before to compare with.")
            return
        component, question = moved_most(view)
        cell = CellKey(self._product, "gross_margin", str(view.month))
        self.app.push_screen(new_dive(self.review_app, self._product, cell=cell, question=question), self._saved)
        self.list.go_to(f"component:{component}")


def _margin_words(view: CostsView) -> str:
    """The margin with its range; the modelled one first where a scenario moves that and leaves the bill."""
    now = view.now.units
    billed = percent_text(now.margin)
    if storage_moved(view):
        return f"{percent_text(now.modelled_margin)} modelled, {billed} billed"
    low, high = (now.margin_at(end) for end in cost_range(view.costs, view.month))
    return f"{billed} ({range_text(high, low)})" if low is not None and high is not None and low != high else billed


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().rstrip("%")) / (100 if text.strip().endswith("%") else 1)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
