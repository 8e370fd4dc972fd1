"""The deep dives: what is asked, what was found, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import DIVES as DIVE_ACTIONS
from reviewtui.insights.dives import DONE, IN_PROGRESS, LISTED_STATES, PROPOSED, STATE_WORDS, by_state, too_many
from reviewtui.insights.links import lacks_contradiction
from reviewtui.screens import dive_forms
from reviewtui.screens.cell_words import metric_name, product_name
from reviewtui.screens.comment_forms import saved_words
from reviewtui.screens.linked_list import LinkedList
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.workspace.kinds.dives import DIVES, Dive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewtui.screens.record_form import RecordForm
    from reviewtui.widgets.spans import Line

_SIGNS = {IN_PROGRESS: "▶", PROPOSED: "○", DONE: "✓", "dropped": "✗"}


class DivesScreen(LinkedList):
    """Lists the dives of all products by state."""

    BINDINGS = bindings_of(DIVE_ACTIONS)
    KEYS_OF = "Deep dives"
    ACTIONS = DIVE_ACTIONS
    HEADING = "Deep dives"
    COLUMNS = (
        ListColumn("", widest=2),
        ListColumn("Question", widest=80, readable=44),
        ListColumn("Product", rank=2, widest=20),
        ListColumn("For review", rank=3),
        ListColumn("Metrics", rank=4, widest=30),
        ListColumn("Evidence", is_right=True, rank=1),
    )
    EMPTY = (
        "Nothing was dug into yet. Press + for a deep dive; on a cell of the grid, D starts one that knows its cell."
    )

    def on_mount(self) -> None:
        """Follow the records, and what is known of the queries among their evidence."""
        super().on_mount()
        self.watch(self.app, "changed_queries", self.show_detail, init=False)

    def rows(self) -> Sequence[ListRow]:
        """By state, newest first."""
        listed = by_state(self.review_app.records.of(DIVES))
        return [self._row(dive) for state in LISTED_STATES for dive in listed[state]]

    def _row(self, dive: Dive) -> ListRow:
        cells = (
            _SIGNS[dive.state],
            dive.question,
            product_name(self.review_app, dive.product),
            dive.target_review.label if dive.target_review is not None else "",
            " · ".join(metric_name(self.review_app, dive.product, item) for item in dive.metrics),
            str(len(dive.evidence) or ""),
        )
        role = {IN_PROGRESS: "strong", PROPOSED: "text"}.get(dive.state, "quiet")
        words = "\n".join(
            (
                dive.finding,
                dive.decision,
                dive.why_now,
                *(item.text for item in dive.hypotheses),
                *dive.tags,
                *dive.metrics,
            )
        )
        return ListRow(dive.id, cells, STATE_WORDS[dive.state], role, words)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:  # noqa: ARG002 - it is the one under the cursor
        """Everything about a dive."""
        from reviewtui.screens.insight_lines import dive_lines

        return dive_lines(self.review_app, self.dive, width) if self.dive is not None else ()

    def title_words(self) -> tuple[str, str]:
        """How many there are of each state, and whether too many are in progress."""
        dives = self.review_app.records.of(DIVES)
        counts = ((len(found), STATE_WORDS[state].lower()) for state, found in by_state(dives).items() if found)
        return " · ".join(f"{count} {name}" for count, name in counts), too_many(dives)

    @property
    def dive(self) -> Dive | None:
        """The dive under the cursor."""
        found = self.record
        return found if isinstance(found, Dive) else None

    # Doing

    def open_row(self, row: ListRow) -> None:  # noqa: ARG002 - it is the one under the cursor
        """Change anything about it."""
        self._open(lambda dive: dive_forms.edit_dive(self.review_app, dive))

    def action_add_record(self) -> None:
        """Ask for a template, then open its form."""
        product = self.review_app.position.product
        if product is None:
            self.say("There is no product yet that a deep dive could belong to.")
        else:
            self._ask_template(product)

    def _ask_template(self, product: str) -> None:
        from reviewtui.screens.cell_insights import OWN_QUESTION, template_choices
        from reviewtui.widgets.prompt_line import Question

        def answered(template: str) -> str:
            self.open_form(dive_forms.new_dive(self.review_app, product, template))
            return ""

        def asked(question: str) -> str:
            self.open_form(dive_forms.new_dive(self.review_app, product, question=question.strip()))
            return ""

        choices = template_choices()
        self.ask(Question("Begin with", answered, choices=choices, other=asked, other_words=OWN_QUESTION))

    def action_begin(self) -> None:
        """Work on it now, or propose it again."""
        dive = self.dive
        if dive is None:
            return
        state = PROPOSED if dive.state == IN_PROGRESS else IN_PROGRESS
        self.review_app.save_record(lambda store: store.save(dive, {"state": state}), self.told_saved)

    def action_finish(self) -> None:
        """Fill in the finding; the state is set by the form."""
        self._open(lambda dive: dive_forms.edit_dive(self.review_app, dive, "finding"))

    def action_add_evidence(self) -> None:
        """Ask for a piece of evidence."""
        self._open(lambda dive: dive_forms.add_evidence(dive, {"day": self.review_app.as_of}))

    def action_run_again(self) -> None:
        """Run the queries among the evidence again, and say whether their results have changed."""
        from reviewtui.screens.query_check import QueryCheck

        dive = self.dive
        if dive is None or not any(item.statement for item in dive.evidence):
            self.say("No query is among its evidence; x runs one, and Ctrl+S there attaches it.")
        else:
            self.app.push_screen(QueryCheck(dive))

    def action_new_todo(self) -> None:
        """A to-do that follows from the dive."""
        from reviewtui.screens.todo_forms import new_todo

        dive = self.dive
        if dive is not None:
            self.app.push_screen(new_todo(self.review_app, dive.product, dive.id), self.told_saved)

    def _open(self, form: Callable[[Dive], RecordForm]) -> None:
        dive = self.dive
        if dive is not None:
            self.app.push_screen(form(dive), self.told_saved)

    def told_saved(self, result: object) -> None:
        """Stand on what was saved, and say what there is to say."""
        record = getattr(result, "record", result)
        if not isinstance(record, Dive):
            return
        self.list.go_to(record.id)
        lone = record.state == DONE and lacks_contradiction(tuple(item.stance for item in record.evidence))
        warning = "Saved. Nothing in its evidence contradicts it: has anybody looked?" if lone else ""
        self.say(saved_words(result) or too_many(self.review_app.records.of(DIVES)) or warning or "Saved.")
