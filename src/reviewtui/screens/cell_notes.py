"""What people wrote about the cell under the cursor: shared by the screens that have one."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from reviewtui.months import Month, latest_complete_month
from reviewtui.screens.cell_explaining import CellExplaining
from reviewtui.screens.cell_insights import CellInsights
from reviewtui.screens.cell_verdicts import CellVerdicts
from reviewtui.widgets.cell_marks import note_mark

if TYPE_CHECKING:
    from reviewtui.cell_notes import CellNotes
    from reviewtui.metrics.series import Period
    from reviewtui.reviews.threads import Thread
    from reviewtui.widgets.cell_facts import CellFacts
    from reviewtui.widgets.cell_marks import Mark, MarksOf
    from reviewtui.workspace.record_set import Records


class CellNoting(CellInsights, CellExplaining, CellVerdicts):
    """The actions on the notes of a cell, and what a screen shows of them."""

    _notes: CellNotes | None = None

    def show_notes(self) -> None:
        """The notes are others now."""
        raise NotImplementedError

    @cached_property
    def _review(self) -> Month:
        return latest_complete_month(self.review_app.as_of)

    def follow_records(self) -> None:
        """Show notes as soon as they are read, and anew with every change."""
        self.watch(self.app, "records", self._take_records)

    def follow_judgements(self) -> None:
        """Show verdicts as soon as they are there, and anew with other numbers."""
        self.watch(self.app, "judgements", lambda _: self.show_notes(), init=False)

    def _take_records(self, records: Records) -> None:
        if not records.stamp:
            return
        from reviewtui.cell_notes import CellNotes
        from reviewtui.insights.links import SaidIndex

        self._notes = CellNotes(records, self._review)
        self._said = SaidIndex(records)
        self.show_notes()

    def noted_metrics(self, product: str) -> frozenset[str]:
        """The metrics of a product that somebody wrote about."""
        return self._notes.index.metrics_of(product) if self._notes is not None else frozenset()

    def threads_of_cell(self, product: str, metric: str, month: Month) -> tuple[Thread, ...]:
        """What was said about a cell."""
        if self._notes is None or self._notes.index.is_silent(product, metric):
            return ()
        return self._notes.threads(product, metric, month)

    def with_notes(self, facts: CellFacts, product: str, metric: str, month: Month) -> CellFacts:
        """The facts of a cell together with what was said about it."""
        threads = self.threads_of_cell(product, metric, month)
        if not threads:
            return facts
        from reviewtui.widgets.note_facts import note_facts

        return facts._replace(notes=note_facts(threads, self._review))

    def marks_in(self, product: str) -> MarksOf:
        """For the cells of a product as it stands now: the glyphs of verdicts, of notes, and of what users said."""
        judged, notes, said = self.verdict_marks(product), self._notes, self.said_marks(product)
        if notes is None:
            return judged
        index = notes.index

        def marks_of(metric: str, period: Period) -> tuple[Mark, ...]:
            noted = note_mark(index.notes(product, metric, period.first, period.last))
            return (*judged(metric, period), *noted, *said(metric, period))

        return marks_of

    # Actions

    def action_open_comments(self) -> None:
        """The threads of the cell; where there are none, the form for the first comment."""
        from reviewtui.screens.comment_forms import new_comment
        from reviewtui.screens.thread import ThreadScreen

        cell = self.cell_key()
        if cell is None:
            self.say("There is no cell under the cursor to comment on.")
        elif self.threads_of_cell(cell.product, cell.metric, Month.parse(cell.month)):
            self.app.push_screen(ThreadScreen(cell))
        else:
            self.app.push_screen(new_comment(self.review_app, cell), self._told)

    def action_new_todo(self) -> None:
        """A to-do that follows from the cell."""
        from reviewtui.screens.todo_forms import new_todo

        cell = self.cell_key()
        if cell is None:
            self.say("There is no cell under the cursor that a to-do could follow from.")
            return
        form = new_todo(self.review_app, cell.product, f"cell:{cell.metric}@{cell.month}")
        self.app.push_screen(form, self._told)

    def _told(self, result: object) -> None:
        from reviewtui.screens.comment_forms import saved_words

        if result is not None:
            self.say(saved_words(result) or "Saved.")
