"""What leads from a cell to deep dives and to what users said: shared by the screens that have a cursor on cells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewtui.months import Month
from reviewtui.screens.cell_screen import CellScreen
from reviewtui.widgets.cell_marks import SAID_SIGN, Mark, no_marks

if TYPE_CHECKING:
    from reviewtui.insights.links import SaidIndex
    from reviewtui.screens.record_form import RecordForm
    from reviewtui.widgets.cell_marks import MarksOf
    from reviewtui.widgets.prompt_line import Choice


_EARLIER = "earlier:"


class CellInsights(CellScreen):
    """`D` and `u` on a cell."""

    _said: SaidIndex | None = None

    def said_marks(self, product: str) -> MarksOf:
        """For the cells of a product as it stands now: the glyph of those that users said something about."""
        said = self._said
        if said is None:
            return no_marks
        marks = (Mark(SAID_SIGN, "note-said"),)
        return lambda metric, period: marks if said.count(product, metric, period.first, period.last) else ()

    def action_new_dive(self) -> None:
        """Offer the dives that asked about the metric before, then begin a new one."""
        from reviewtui.insights.dives import STATE_WORDS, earlier
        from reviewtui.screens.dive_forms import new_dive
        from reviewtui.screens.dives import DivesScreen
        from reviewtui.widgets.prompt_line import Choice, PromptLine, Question

        cell = self.cell_key()
        if cell is None:
            self.say("There is no cell under the cursor to dig into.")
            return
        before = earlier(self.review_app.records, cell.product, [cell.metric])
        choices = [
            *template_choices(),
            *(
                Choice(f"Earlier: {dive.question}", STATE_WORDS[dive.state].lower(), _EARLIER + dive.id)
                for dive in before
            ),
        ]

        def answered(chosen: str) -> str:
            if chosen.startswith(_EARLIER):
                self.app.push_screen(DivesScreen(chosen.removeprefix(_EARLIER)))
            else:
                open_form(new_dive(self.review_app, cell.product, chosen, cell))
            return ""

        def asked(question: str) -> str:
            open_form(new_dive(self.review_app, cell.product, "", cell, question.strip()))
            return ""

        def open_form(form: RecordForm) -> None:
            # By the screen: the prompt that asked is gone by the time the form is done.
            self.call_next(self.app.push_screen, form, self._told_dive)

        said = f"{len(before)} asked about this metric before: see below" if before else ""
        self.mount(
            PromptLine(
                Question("Deep dive", answered, hint=said, choices=choices, other=asked, other_words=OWN_QUESTION),
                give_back_keys=partial(self.set_focus, None),
            )
        )

    def _told_dive(self, result: object) -> None:
        if result is not None:
            self.say("The deep dive is proposed; 3 lists them all.")

    def action_show_said(self) -> None:
        """What users said about the metric around this month."""
        from reviewtui.screens.said import SaidScreen

        cell = self.cell_key()
        if cell is None:
            self.say("There is no cell under the cursor.")
        else:
            self.app.push_screen(SaidScreen(cell.product, cell.metric, Month.parse(cell.month)))


OWN_QUESTION = "Enter asks it: a question of your own."


def template_choices() -> list[Choice]:
    """A question of one's own, then the templates; the value is the template's name."""
    from reviewtui.insights.dives import TEMPLATES
    from reviewtui.widgets.prompt_line import Choice

    named = (Choice(item.name, item.question.replace("{month}", "the month"), item.name) for item in TEMPLATES)
    return [Choice("A question of my own", "", ""), *named]
