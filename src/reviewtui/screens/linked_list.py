"""A list of records that are linked with others: opens at one of them, and leads on to what it is linked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.insights.links import back_links
from reviewtui.screens.list_screen import ListScreen
from reviewtui.workspace.kinds.dives import Dive
from reviewtui.workspace.kinds.interviews import Interview
from reviewtui.workspace.kinds.visits import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewtui.screens.record_form import RecordForm
    from reviewtui.widgets.prompt_line import Choice
    from reviewtui.workspace.kinds.base import Record


class LinkedList(ListScreen):
    """Follows the records; stands on the record `start` when it opens."""

    def __init__(self, start: str = "") -> None:
        super().__init__()
        self._start = start

    def on_mount(self) -> None:
        """Follow the records."""
        self.watch(self.app, "records", self._records_changed)

    def _records_changed(self) -> None:
        self.show()
        if self._start and self.list.go_to(self._start):
            self._start = ""

    @property
    def record(self) -> Record | None:
        """The record under the cursor."""
        return self.review_app.records.by_id(self.row.id) if self.row is not None else None

    def open_form(self, form: RecordForm) -> None:
        """Open a form that a prompt asked for; the prompt itself is gone by the time the form is done."""
        self.call_next(self.app.push_screen, form, self.told_saved)

    def told_saved(self, result: object) -> None:
        """Stand on what was saved, and say what there is to say."""
        from reviewtui.screens.comment_forms import saved_words

        record = getattr(result, "record", result)
        record_id = getattr(record, "id", "")
        if record_id:
            self.list.go_to(record_id)
            self.say(saved_words(result) or "Saved.")

    def action_follow_link(self) -> None:
        """Choose among what the record is linked with, and go there."""
        from reviewtui.widgets.prompt_line import Question

        record = self.record
        choices = list(self._links(record)) if record is not None else []
        if not choices:
            self.say("It is linked with nothing.")
            return

        def answered(target: str) -> str:
            self.review_app.show_target(target, getattr(record, "product", ""))
            return ""

        self.ask(Question("Go to", answered, choices=choices))

    def _links(self, record: Record) -> Iterator[Choice]:
        from reviewtui.screens.cell_words import record_title
        from reviewtui.screens.insight_lines import target_words
        from reviewtui.widgets.prompt_line import Choice

        app, product = self.review_app, getattr(record, "product", "")
        linked: dict[str, str] = {}
        for ref, about in _refs(record):
            linked.setdefault(ref, about)
        for ref, about in linked.items():
            yield Choice(target_words(app, product, ref), about, ref)
        for link in back_links(app.records, record.id):
            yield Choice(record_title(app, link.record), f"points here {link.stance}".strip(), link.record.id)


def _refs(record: Record) -> Iterator[tuple[str, str]]:
    """What a record points at, with a word about it."""
    if isinstance(record, Dive):
        for evidence in record.evidence:
            if evidence.ref:
                yield evidence.ref, f"{evidence.kind} {evidence.stance}"
        if record.month is not None:
            for metric in record.metrics:
                yield f"{metric}@{record.month}", "cell"
    elif isinstance(record, Interview):
        for quote in record.quotes:
            for ref in quote.refs:
                yield ref, quote.stance
    elif isinstance(record, Visit):
        for account in record.accounts:
            if account.interview:
                yield account.interview, account.company
