"""Notes on the metric screen: those of the cell, and survey answers that become comments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewtui.screens.cell_notes import CellNoting
from reviewtui.screens.row_reading import RowReading
from reviewtui.widgets.lines import KeyLine

if TYPE_CHECKING:
    from reviewtui.cell_rows import CellKey
    from reviewtui.metrics.drilldown import RowTable


class MetricNotes(RowReading, CellNoting):
    """A cursor among the rows behind the cell, and what can be done with its row."""

    chosen_row: int | None = None
    """The row under the cursor; None until it was moved."""

    def say(self, message: str) -> None:
        """A short message in place of the keys."""
        self.query_one(KeyLine).say(message)

    def show_facts(self) -> None:
        """Put together what is known of the cell, its notes too."""
        raise NotImplementedError

    def lay_out(self) -> None:
        """Show everything as it is known now."""
        raise NotImplementedError

    def rows_shown(self) -> RowTable | None:
        """The rows that a cursor can stand on; None while another part is shown or there are none."""
        raise NotImplementedError

    def show_row(self, row: int) -> None:
        """Mark a row, and scroll to where it is seen."""
        raise NotImplementedError

    def show_notes(self) -> None:
        """Other notes on the cell."""
        self.show_facts()
        self.lay_out()

    def action_next_row(self) -> None:
        """The row below."""
        self._step_row(1)

    def action_previous_row(self) -> None:
        """The row above."""
        self._step_row(-1)

    def _step_row(self, step: int) -> None:
        table = self.rows_shown()
        if table is None or not table.rows:
            self.say("There are no rows here to stand on; Tab shows the rows behind the cell.")
            return
        before = -1 if self.chosen_row is None else self.chosen_row
        self.show_row(min(max(0, before + step), len(table.rows) - 1))

    def action_note_row(self) -> None:
        """Make the survey answer under the cursor a comment on the NPS cell, with its source."""
        from reviewtui.reviews.survey_notes import NPS, survey_note
        from reviewtui.workspace.kinds.comments import COMMENTS

        table, cell = self.rows_shown(), self.cell_key()
        note = survey_note(table, self.chosen_row or 0) if table is not None else None
        if note is None or cell is None:
            self.say("Only a survey answer can become a comment; they are the rows behind NPS.")
            return
        if self.chosen_row is None:
            self.show_row(0)
        noted = self.review_app.records.of_product(COMMENTS, cell.product)
        if any(comment.source == note.source and comment.metric == NPS for comment in noted):
            self.say("This answer is a comment already.")
            return
        self.review_app.save_record(
            partial(_add, self, cell._replace(metric=NPS), {"text": note.text, "source": note.source}),
            lambda _: self.say("The answer is a comment on NPS now; c shows it there."),
        )


def _add(screen: MetricNotes, cell: CellKey, values: dict[str, str], store: object) -> object:
    from reviewtui.screens.comment_forms import add_comment

    return add_comment(screen.review_app, store, cell, {"kind": "comment", **values})  # type: ignore[arg-type]
