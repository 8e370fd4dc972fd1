"""The interviews: who was talked to, about what, and what is still owed to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import INTERVIEWS as INTERVIEW_ACTIONS
from reviewtui.insights.consent import expired
from reviewtui.insights.owed import Age, late, owed_after
from reviewtui.insights.sharing import share_text
from reviewtui.insights.tags import all_tags
from reviewtui.months import Month
from reviewtui.screens import interview_forms
from reviewtui.screens.interview_parts import InterviewPart
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.workspace.kinds.interview_titles import listed_titles
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Interview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.widgets.spans import Line

_ROLES = {Age.RED: "bad", Age.AMBER: "note", Age.FRESH: "text"}


class InterviewsScreen(InterviewPart):
    """Lists interviews by month, the newest first."""

    BINDINGS = bindings_of(INTERVIEW_ACTIONS)
    KEYS_OF = "Interviews"
    ACTIONS = INTERVIEW_ACTIONS
    HEADING = "Interviews"
    PART = "Interviews"
    COLUMNS = (
        ListColumn("Day"),
        ListColumn("Interview", widest=60, readable=36),
        ListColumn("Company", rank=2, widest=22),
        ListColumn("Role", rank=4, widest=22),
        ListColumn("Tags", rank=3, widest=40),
        ListColumn("Owed", is_right=True, rank=1),
    )
    EMPTY = "No interview is logged yet. Press + after a call: topic, name, a sentence, Ctrl+S."

    def rows(self) -> Sequence[ListRow]:
        """By month, newest first."""
        interviews = sorted(
            self.review_app.records.of(INTERVIEWS), key=lambda item: (item.held_on, item.id), reverse=True
        )
        titles = listed_titles(interviews)
        return [self._row(interview, titles[interview.id]) for interview in interviews]

    def _row(self, interview: Interview, title: str) -> ListRow:
        owed = owed_after(interview, self.review_app.as_of)
        cells = (
            interview.held_on.isoformat(),
            title,
            interview.company,
            interview.role,
            ", ".join(all_tags(interview)),
            str(len(owed) or ""),
        )
        role = "quiet" if interview.withdrawn_on is not None else _ROLES[owed[0].age] if owed else "text"
        words = "\n".join((interview.summary, *(quote.text for quote in interview.quotes), *interview.metrics))
        return ListRow(interview.id, cells, Month.of(interview.held_on).long_label, role, words)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:  # noqa: ARG002 - it is the one under the cursor
        """Everything about an interview."""
        from reviewtui.screens.insight_lines import interview_lines

        return interview_lines(self.review_app, self.interview, width) if self.interview is not None else ()

    def attention(self) -> str:
        """What is late, and consents that have ended."""
        interviews, day = self.review_app.records.of(INTERVIEWS), self.review_app.as_of
        ended = sum(expired(interview, day) for interview in interviews)
        parts = [
            f"{count} {what}"
            for count, what in ((late(interviews, day), "overdue"), (ended, "consents ended"))
            if count
        ]
        return " · ".join(parts)

    @property
    def interview(self) -> Interview | None:
        """The interview under the cursor."""
        found = self.record
        return found if isinstance(found, Interview) else None

    # Doing

    def open_row(self, row: ListRow) -> None:  # noqa: ARG002 - it is the one under the cursor
        """Change anything about it."""
        interview = self.interview
        if interview is None:
            return
        if interview.withdrawn_on is not None:
            self.say("The consent was withdrawn: there is nothing left to change.")
        else:
            self.app.push_screen(interview_forms.edit_interview(self.review_app, interview), self.told_saved)

    def action_add_record(self) -> None:
        """Log a call."""
        self.app.push_screen(interview_forms.new_interview(self.review_app), self.told_saved)

    def action_copy_value(self) -> None:
        """Send the share text to the terminal's clipboard; names only with consent."""
        from reviewtui.screens.copying import copy_value

        interview = self.interview
        if interview is not None and interview.withdrawn_on is None:
            text = share_text(interview, self.review_app.as_of)
            copy_value(self.review_app, text, f"interview {interview.id}", self.say, "Share text")

    def action_withdraw(self) -> None:
        """Say what goes, and ask."""
        interview = self.interview
        if interview is None:
            return
        if interview.withdrawn_on is not None:
            self.say(f"The consent was withdrawn on {interview.withdrawn_on.isoformat()} already.")
        else:
            self.app.push_screen(interview_forms.withdraw_form(self.review_app, interview), self._withdrawn)

    def _withdrawn(self, result: object) -> None:
        if result is not None:
            self.say(interview_forms.withdrawn_words())

    def action_new_todo(self) -> None:
        """A to-do that follows from the interview."""
        from reviewtui.screens.todo_forms import new_todo

        interview = self.interview
        product = (interview.products[0] if interview.products else "") if interview is not None else ""
        product = product or self.review_app.position.product or ""
        if interview is not None and product:
            self.app.push_screen(new_todo(self.review_app, product, interview.id), self.told_saved)
