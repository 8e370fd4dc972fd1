"""What users said about a metric around a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import SAID
from reviewtui.insights.links import Mention, mentions
from reviewtui.screens.cell_words import metric_name, product_name
from reviewtui.screens.insight_lines import interview_lines, month_words
from reviewtui.screens.linked_list import LinkedList
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.workspace.kinds.interview_titles import interview_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.months import Month
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.kinds.interviews import Interview

_FARTHER = 6
_ROLES = {"supports": "good", "contradicts": "bad"}


class SaidScreen(LinkedList):
    """Lists quotes and interviews that speak to the metric, the nearest first."""

    BINDINGS = bindings_of(SAID)
    KEYS_OF = "What users said"
    ACTIONS = SAID
    HEADING = "What users said"
    COLUMNS = (
        ListColumn("About", rank=0),
        ListColumn("What", widest=100),
        ListColumn("Who", rank=1, widest=24),
        ListColumn("Company", rank=2, widest=20),
        ListColumn("Day", rank=3),
    )
    EMPTY = (
        "No interview speaks to this metric around this month. v looks half a year around; 4 lists the interviews,"
        " where metrics can be named."
    )

    def __init__(self, product: str, metric: str, month: Month) -> None:
        super().__init__()
        self._product = product
        self._metric = metric
        self._month = month
        self._is_wide = False
        self._mentions: dict[str, Mention] = {}

    def rows(self) -> Sequence[ListRow]:
        """The mentions."""
        around = {"around": _FARTHER} if self._is_wide else {}
        found = mentions(self.review_app.records, self._product, self._metric, self._month, **around)
        self._mentions = {f"{item.interview.id}#{item.quote.id if item.quote else ''}": item for item in found}
        return [self._row(row_id, mention) for row_id, mention in self._mentions.items()]

    def _row(self, row_id: str, mention: Mention) -> ListRow:
        interview = mention.interview
        said = mention.quote.text if mention.quote is not None else interview.summary or interview_title(interview)
        cells = (
            month_words(mention.first, mention.last),
            " ".join(said.split()),
            ", ".join(part for part in (interview.first_name, interview.role) if part),
            interview.company,
            interview.held_on.isoformat(),
        )
        return ListRow(row_id, cells, "", _ROLES.get(mention.stance, "text"), interview.summary)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """The whole interview."""
        mention = self._mentions.get(row.id)
        return interview_lines(self.review_app, mention.interview, width) if mention is not None else ()

    def title_words(self) -> tuple[str, str]:
        """Which cell is asked about."""
        name = metric_name(self.review_app, self._product, self._metric)
        where = f"{name} · {product_name(self.review_app, self._product)} · around {self._month.long_label}"
        return where, f"{len(self._mentions)} said something" if self._mentions else ""

    @property
    def record(self) -> Interview | None:
        """The interview under the cursor."""
        mention = self._mentions.get(self.row.id) if self.row is not None else None
        return mention.interview if mention is not None else None

    def open_row(self, row: ListRow) -> None:
        """Change the interview."""
        from reviewtui.screens.interview_forms import edit_interview

        mention = self._mentions.get(row.id)
        if mention is not None:
            self.app.push_screen(edit_interview(self.review_app, mention.interview), self.told_saved)

    def action_toggle_around(self) -> None:
        """Half a year around, or the neighbouring months again."""
        self._is_wide = not self._is_wide
        self.show()
        self.say("Half a year before and after" if self._is_wide else "The month and its neighbours")
