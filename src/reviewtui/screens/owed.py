"""What is owed after calls, and whether we talk to enough users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import INTERVIEW_PARTS, OWED
from reviewtui.form_fields import FormField
from reviewtui.insights.cadence import Cadence, cadence, without_a_call
from reviewtui.insights.owed import Age, Owed, queue
from reviewtui.screens.interview_forms import step_done
from reviewtui.screens.interview_parts import InterviewPart
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.record_lines import fact_lines
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.interview_titles import interview_title
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Interview
from reviewtui.workspace.kinds.people import PEOPLE, ROLES, Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from reviewtui.app import ReviewApp
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore

_SECTIONS = {Age.RED: "Two weeks and longer", Age.AMBER: "A week and longer", Age.FRESH: "This week"}
_ROLES = {Age.RED: "bad", Age.AMBER: "note", Age.FRESH: "text"}
_BARS = " ▁▂▃▄▅▆▇█"


class OwedScreen(InterviewPart):
    """Lists what is to be done after calls, the oldest first."""

    BINDINGS = bindings_of(OWED)
    KEYS_OF = "Owed after interviews"
    ACTIONS = OWED
    HEADING = "Interviews"
    PART = "Owed"
    COLUMNS = (
        ListColumn("Days", is_right=True),
        ListColumn("What", widest=80),
        ListColumn("Interview", widest=60),
        ListColumn("Who", rank=1, widest=16),
    )
    EMPTY = "Nothing is owed to anybody."

    def rows(self) -> Sequence[ListRow]:
        """The queue."""
        self._owed = {f"{item.interview.id} {item.step}": item for item in self._queue()}
        return [self._row(row_id, item) for row_id, item in self._owed.items()]

    def _queue(self) -> tuple[Owed, ...]:
        return queue(self.review_app.records.of(INTERVIEWS), self.review_app.as_of)

    def _row(self, row_id: str, item: Owed) -> ListRow:
        cells = (str(item.days), item.words, interview_title(item.interview), item.who)
        return ListRow(row_id, cells, _SECTIONS[item.age], _ROLES[item.age])

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """The interview it belongs to."""
        from reviewtui.screens.insight_lines import interview_lines

        item = self._owed.get(row.id)
        return interview_lines(self.review_app, item.interview, width) if item is not None else ()

    def attention(self) -> str:
        """How much is late."""
        late = sum(item.age is not Age.FRESH for item in self._queue())
        return f"{late} overdue" if late else ""

    @property
    def record(self) -> Interview | None:
        """The interview under the cursor."""
        item = self._owed.get(self.row.id) if self.row is not None else None
        return item.interview if item is not None else None

    def open_row(self, row: ListRow) -> None:
        """Change the interview."""
        from reviewtui.screens.interview_forms import edit_interview

        item = self._owed.get(row.id)
        if item is not None:
            self.app.push_screen(edit_interview(self.review_app, item.interview), self.told_saved)

    def action_mark_done(self) -> None:
        """It is done today."""
        item = self._owed.get(self.row.id) if self.row is not None else None
        if item is not None:
            changes = step_done(self.review_app, item.interview, item.step)
            done = f"Done: {item.words}. In the interview it can be opened again."
            self.review_app.save_record(
                lambda store: store.save(item.interview, changes), lambda _: self.say(safe_text(done))
            )


class CadenceScreen(InterviewPart):
    """Lists people with the calls they led in each of the last 13 weeks."""

    BINDINGS = bindings_of(INTERVIEW_PARTS)
    KEYS_OF = "Cadence of interviews"
    ACTIONS = INTERVIEW_PARTS
    HEADING = "Interviews"
    PART = "Cadence"
    COLUMNS = (
        ListColumn("Who", widest=24),
        ListColumn("13 weeks", widest=13),
        ListColumn("A week", is_right=True),
        ListColumn("Target", is_right=True, rank=2),
        ListColumn("Last call", rank=1),
        ListColumn("Days ago", is_right=True, rank=3),
    )
    EMPTY = "Nobody has led a call in the last 13 weeks. + names a PM, whose weeks are then shown."

    def rows(self) -> Sequence[ListRow]:
        """One row a person."""
        return [self._row(entry) for entry in self._entries()]

    def _entries(self) -> tuple[Cadence, ...]:
        records = self.review_app.records
        return cadence(records.of(INTERVIEWS), records.of(PEOPLE), self.review_app.as_of)

    def _row(self, entry: Cadence) -> ListRow:
        cells = (
            entry.who,
            "".join("·" if not calls else _BARS[min(calls * 2, 8)] for calls in entry.weeks),
            f"{entry.average:.1f}",
            f"{entry.target:g}",
            entry.last_on.isoformat() if entry.last_on is not None else "never",
            str(entry.gap_days) if entry.gap_days is not None else "",
        )
        return ListRow(entry.who, cells, "", "note" if entry.is_short else "good")

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """The weeks as numbers, and what everybody should do."""
        entry = next((item for item in self._entries() if item.who == row.id), None)
        if entry is None:
            return ()
        lines: list[Line] = [(Span(safe_text(entry.who), "title"),)]
        lines += fact_lines("Weeks", " ".join(str(calls) for calls in entry.weeks), width)
        lines += fact_lines("Average", f"{entry.average:.2f} a week, target {entry.target:g}", width)
        records = self.review_app.records
        absent = without_a_call(records.of(INTERVIEWS), records.of(PEOPLE), self.review_app.as_of)
        if absent:
            words = f"In no call this month: {', '.join(absent)}. Everybody should be in one."
            lines += [(), *((Span(line, "note"),) for line in wrap(words, width))]
        return lines

    def open_row(self, row: ListRow) -> None:
        """Change who the person is."""
        person = self.review_app.records.by_id(f"person/{row.id}")
        found = person if isinstance(person, Person) else None
        self.app.push_screen(person_form(self.review_app, row.id, found), self.told_saved)

    def action_add_record(self) -> None:
        """Somebody of the team."""
        self.app.push_screen(person_form(self.review_app, "", None), self.told_saved)


def person_form(app: ReviewApp, handle: str, person: Person | None) -> RecordForm:
    """A form for somebody of the team."""
    fields = (
        *(
            ()
            if person is not None
            else (FormField("handle", "Short name", "line", required=True, hint="letters, digits, -"),)
        ),
        FormField("name", "Name", "line"),
        FormField("role", "Role", "choice", choices=ROLES, required=True),
        FormField("products", "Products", "tags"),
        FormField("interviews_a_week", "Calls a week", "number", hint="what they mean to do"),
        FormField("has_left", "Has left", "flag"),
    )
    values: dict[str, Any] = {"role": "pm", "interviews_a_week": "1", "handle": handle}
    if person is not None:
        values = {field.key: getattr(person, field.key) for field in fields}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Person | Saved[Person]:
        found = {**typed, "interviews_a_week": float(typed.get("interviews_a_week") or 1)}
        return store.save(person, found) if person is not None else store.create(PEOPLE, "", found, app.as_of)

    return RecordForm("Somebody of the team", fields, values, DraftKey("person", person.id if person else ""), save)
