"""Journeys to customers, and rounds of invitations to talk to us."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import INTERVIEW_PARTS
from reviewtui.form_fields import FormField
from reviewtui.insights.line_forms import (
    ACCOUNTS_HINT,
    FOLLOW_UPS_HINT,
    accounts_text,
    follow_ups_text,
    read_accounts,
    read_follow_ups,
)
from reviewtui.insights.outreach import (
    INVITATIONS,
    MEETING_PLAN,
    SURVEY_WAIT_DAYS,
    cautions,
    recruiting_yield,
    visit_progress,
)
from reviewtui.screens.cell_words import record_words
from reviewtui.screens.interview_parts import InterviewPart
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.record_lines import fact_lines, record_lines
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.recruiting import RECRUITING, RECRUITING_CHANNELS, Recruiting
from reviewtui.workspace.kinds.visits import VISITS, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.app import ReviewApp
    from reviewtui.widgets.prompt_line import Choice
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.record_set import Saved
    from reviewtui.workspace.store import RecordStore

_COUNTS = ("cohort_size", "rollout_percent", "wait_days", "invited", "replied", "booked", "held")


class VisitsScreen(InterviewPart):
    """Lists journeys, the newest first."""

    BINDINGS = bindings_of(INTERVIEW_PARTS)
    KEYS_OF = "Customer visits"
    ACTIONS = INTERVIEW_PARTS
    HEADING = "Interviews"
    PART = "Visits"
    COLUMNS = (
        ListColumn("From"),
        ListColumn("City", widest=24),
        ListColumn("Accounts", is_right=True),
        ListColumn("Met", is_right=True),
        ListColumn("Expected", is_right=True, rank=2),
        ListColumn("Next", widest=70, rank=1),
    )
    EMPTY = "No journey is planned. Press + for one: a city, 12 to 15 accounts, about a third of whom will be met."

    def rows(self) -> Sequence[ListRow]:
        """One row a journey."""
        visits = sorted(self.review_app.records.of(VISITS), key=lambda visit: visit.starts_on, reverse=True)
        return [self._row(visit) for visit in visits]

    def _row(self, visit: Visit) -> ListRow:
        progress = visit_progress(visit)
        cells = (
            visit.starts_on.isoformat(),
            visit.city,
            str(progress.accounts),
            str(progress.met),
            str(progress.expected),
            progress.next_step,
        )
        return ListRow(visit.id, cells, "", "text", "\n".join(account.company for account in visit.accounts))

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:  # noqa: ARG002 - it is the one under the cursor
        """Everything about a journey."""
        visit = self.record
        if not isinstance(visit, Visit):
            return ()
        lines: list[Line] = [(Span(safe_text(visit.city), "title"),)]
        lines += [(Span(line, "note"),) for line in wrap(visit_progress(visit).next_step, width)]
        return [
            *lines,
            *record_lines(VISITS, visit, width, words=record_words(self.review_app, visit), left_out=("city",)),
        ]

    def open_row(self, row: ListRow) -> None:  # noqa: ARG002 - it is the one under the cursor
        """Change anything about it."""
        visit = self.record
        if isinstance(visit, Visit):
            self.app.push_screen(visit_form(self.review_app, visit), self.told_saved)

    def action_add_record(self) -> None:
        """Plan a journey."""
        self.app.push_screen(visit_form(self.review_app, None), self.told_saved)


class RecruitingScreen(InterviewPart):
    """Lists rounds of invitations, the newest first."""

    BINDINGS = bindings_of(INTERVIEW_PARTS)
    KEYS_OF = "Recruiting"
    ACTIONS = INTERVIEW_PARTS
    HEADING = "Interviews"
    PART = "Recruiting"
    COLUMNS = (
        ListColumn("Since"),
        ListColumn("Who", widest=32),
        ListColumn("Channel", rank=2),
        ListColumn("How many", widest=70, rank=1),
        ListColumn("Mind", widest=60, rank=3),
    )
    EMPTY = "No invitations are noted yet. Press + for a round: who, by which channel, and later how many came."

    def rows(self) -> Sequence[ListRow]:
        """One row a round."""
        rounds = sorted(self.review_app.records.of(RECRUITING), key=lambda item: item.started_on, reverse=True)
        return [self._row(item) for item in rounds]

    def _row(self, item: Recruiting) -> ListRow:
        minds = cautions(item)
        cells = (item.started_on.isoformat(), item.cohort, item.channel, recruiting_yield(item).words, " ".join(minds))
        return ListRow(item.id, cells, "", "note" if minds else "text", item.note)

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:  # noqa: ARG002 - it is the one under the cursor
        """Everything about a round."""
        item = self.record
        if not isinstance(item, Recruiting):
            return ()
        lines: list[Line] = [(Span(safe_text(item.cohort), "title"),)]
        for caution in cautions(item):
            lines += [(Span(line, "note"),) for line in wrap(caution, width)]
        lines += fact_lines("How many", recruiting_yield(item).words or "nobody yet", width)
        return [
            *lines,
            *record_lines(RECRUITING, item, width, words=record_words(self.review_app, item), left_out=("cohort",)),
        ]

    def open_row(self, row: ListRow) -> None:  # noqa: ARG002 - it is the one under the cursor
        """Change anything about it."""
        item = self.record
        if isinstance(item, Recruiting):
            self.app.push_screen(recruiting_form(self.review_app, item), self.told_saved)

    def action_add_record(self) -> None:
        """Ask for words to begin with, then open the form."""
        from reviewtui.widgets.prompt_line import Choice, Question

        def answered(name: str) -> str:
            self.open_form(recruiting_form(self.review_app, None, name))
            return ""

        choices: list[Choice] = [Choice("Words of my own", "", "")]
        choices += [Choice(f"An invitation for: {name}", "", name) for name in INVITATIONS]
        self.ask(Question("Begin with", answered, choices=choices))


def visit_form(app: ReviewApp, visit: Visit | None) -> RecordForm:
    """A form for a journey."""
    fields = (
        FormField("city", "City", "line", required=True),
        FormField("starts_on", "From", "date", required=True),
        FormField("ends_on", "To", "date"),
        FormField("visitor", "Who goes", "line"),
        FormField("products", "Products", "tags"),
        FormField("accounts", "Accounts", "text", hint=ACCOUNTS_HINT),
        FormField("questions", "Questions", "text", hint="what to ask everybody"),
        FormField("follow_ups", "Follow-ups", "text", hint=FOLLOW_UPS_HINT),
        FormField("write_up", "Write-up", "text", hint="what was learned"),
    )
    values: dict[str, Any] = {"starts_on": app.as_of, "visitor": app.me, "questions": MEETING_PLAN.rstrip()}
    if visit is not None:
        values = {field.key: getattr(visit, field.key) for field in fields}
        values |= {"accounts": accounts_text(visit.accounts), "follow_ups": follow_ups_text(visit.follow_ups)}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Visit | Saved[Visit]:
        accounts = read_accounts(str(typed["accounts"] or ""), visit.accounts if visit else (), _new_id)
        owed = read_follow_ups(str(typed["follow_ups"] or ""), visit.follow_ups if visit else (), _new_id, app.as_of)
        found = {**typed, "accounts": accounts, "follow_ups": owed}
        return store.save(visit, found) if visit is not None else store.create(VISITS, "", found, app.as_of)

    heading = safe_text(f"Journey to {visit.city}") if visit is not None else "New journey"
    return RecordForm(heading, fields, values, DraftKey("visit", visit.id if visit else ""), save)


def recruiting_form(app: ReviewApp, item: Recruiting | None, template: str = "") -> RecordForm:
    """A form for a round of invitations."""
    fields = (
        FormField("cohort", "Who", "line", required=True, hint="top users, churned in March"),
        FormField("channel", "Channel", "choice", choices=RECRUITING_CHANNELS, required=True),
        FormField("started_on", "Since", "date", required=True),
        FormField("products", "Products", "tags"),
        FormField("cohort_size", "Of how many", "number", hint="people in the cohort"),
        FormField("rollout_percent", "Share invited", "number", hint="percent; begin with 20 to 30 of a large cohort"),
        FormField("wait_days", "Wait", "number", hint="days of peace after a survey"),
        FormField("invited", "Invited", "number"),
        FormField("replied", "Replied", "number"),
        FormField("booked", "Booked", "number"),
        FormField("held", "Held", "number"),
        FormField("template", "Invitation", "text", hint="what is in braces is yours to fill in"),
        FormField("note", "Note", "text"),
    )
    words = INVITATIONS.get(template, "").rstrip()
    values: dict[str, Any] = {"channel": RECRUITING_CHANNELS[0], "started_on": app.as_of, "template": words}
    values |= {"cohort": template, "wait_days": str(SURVEY_WAIT_DAYS)}
    if item is not None:
        values = {field.key: getattr(item, field.key) for field in fields}
        values |= {name: str(values[name]) if values[name] is not None else None for name in _COUNTS}

    def check(typed: Mapping[str, Any]) -> Mapping[str, str]:
        counts = {name: typed.get(name) for name in _COUNTS if typed.get(name) not in (None, "")}
        whole = "Type a whole number, zero or more."
        return {name: whole for name, count in counts.items() if not _is_count(count)}

    def save(typed: Mapping[str, Any], store: RecordStore) -> Recruiting | Saved[Recruiting]:
        counts = {name: int(typed[name]) if typed[name] not in (None, "") else None for name in _COUNTS}
        found = {**typed, **counts}
        return store.save(item, found) if item is not None else store.create(RECRUITING, "", found, app.as_of)

    heading = safe_text(f"Invitations: {item.cohort}") if item is not None else "New round of invitations"
    key = DraftKey("recruiting", item.id if item is not None else "", place=template)
    return RecordForm(heading, fields, values, key, save, check=check)


def _is_count(value: Any) -> bool:
    return float(value) >= 0 and float(value).is_integer() and float(value) <= _MOST


_MOST = 10_000_000


def _new_id() -> str:
    return token_hex(3)
