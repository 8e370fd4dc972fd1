"""The actions that say what is known about the cell under the cursor: shared by the screens that have one."""

from __future__ import annotations

from reviewtui.months import Month
from reviewtui.screens.cell_screen import CellScreen

_NO_CELL = "Go to a value first."


class CellExplaining(CellScreen):
    """`e`, `E`, `U` and `d` on a cell."""

    def action_explain(self) -> None:
        """Write down why the value is what it is."""
        self.ask_why("explained")

    def ask_why(self, verdict: str) -> None:
        """The form for a verdict on the cell."""
        from reviewtui.screens.explanation_forms import explain_form

        cell = self.cell_key()
        if cell is None:
            self.say(_NO_CELL)
        else:
            self.app.push_screen(explain_form(self.review_app, cell, verdict), self._told_why)

    def _told_why(self, result: object) -> None:
        from reviewtui.screens.comment_forms import saved_words
        from reviewtui.workspace.kinds.explanations import Explanation

        record = getattr(result, "record", result)
        if not isinstance(record, Explanation):
            return
        usual = f"Noted as {record.verdict}."
        if record.verdict == "snoozed" and record.until is not None:
            usual = f"Snoozed until the review of {record.until.long_label}."
        self.say(saved_words(result) or usual)

    def action_mark_unknown(self) -> None:
        """Write down that nobody knows yet why the value is what it is."""
        from reviewtui.screens.explanation_forms import UNKNOWN, said_now, saving_words

        cell = self.cell_key()
        if cell is None:
            self.say(_NO_CELL)
            return
        save = saving_words(self.review_app, cell, said_now(self.review_app, cell), {"verdict": UNKNOWN})
        self.review_app.save_record(
            lambda store: save({}, store),
            lambda _: self.say("Noted: nobody knows yet. Whoever finds out explains it later."),
        )

    def action_mark_event(self) -> None:
        """Write down something that happened in the month."""
        from reviewtui.screens.explanation_forms import event_form

        cell = self.cell_key()
        if cell is None:
            self.say(_NO_CELL)
        else:
            self.app.push_screen(event_form(self.review_app, cell), self._told_event)

    def _told_event(self, result: object) -> None:
        from reviewtui.workspace.kinds.events import Event

        if isinstance(result, Event):
            # Expected ranges begin anew at it.
            self.review_app.load()
            self.say(f"Noted in {Month.parse(str(result.month)).long_label}; the numbers are judged anew.")

    def action_show_drivers(self) -> None:
        """What explains the change from the month before."""
        from reviewtui.screens.drivers import DriversScreen

        cell = self.cell_key()
        if cell is None:
            self.say(_NO_CELL)
        else:
            self.app.push_screen(DriversScreen(cell))
