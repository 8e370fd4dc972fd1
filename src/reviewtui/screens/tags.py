"""The tags: how many companies each comes from, what it means, and which spellings mean the same."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message

from reviewtui.actions.action import bindings_of
from reviewtui.actions.lists import INTERVIEW_PARTS
from reviewtui.errors import ReviewError
from reviewtui.form_fields import FormField
from reviewtui.insights.tags import (
    NAMESPACES,
    TagUse,
    registry_after,
    registry_of,
    retagged,
    spelled_alike,
    tag_uses,
    used_tags,
)
from reviewtui.metrics.formats import format_value
from reviewtui.metrics.sheet import Unit
from reviewtui.months import latest_complete_month
from reviewtui.screens.interview_parts import InterviewPart
from reviewtui.screens.record_form import DraftKey, RecordForm
from reviewtui.text import safe_text
from reviewtui.widgets.fitting import wrap
from reviewtui.widgets.list_layout import ListColumn, ListRow
from reviewtui.widgets.record_lines import fact_lines
from reviewtui.widgets.spans import Span
from reviewtui.workspace.kinds.interview_titles import interview_title
from reviewtui.workspace.kinds.interviews import INTERVIEWS
from reviewtui.workspace.kinds.tags import TAG_REGISTRY, Tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reviewtui.app import ReviewApp
    from reviewtui.widgets.spans import Line
    from reviewtui.workspace.store import RecordStore


@dataclass(eq=False, repr=False)
class MrrKnown(Message):
    """What the companies pay, by name."""

    mrr: Mapping[str, float]


_EXAMPLES = ", ".join(f"{name}/…" for name in NAMESPACES)


class TagsScreen(InterviewPart):
    """Lists tags, those from most companies first."""

    BINDINGS = bindings_of(INTERVIEW_PARTS)
    KEYS_OF = "Tags"
    ACTIONS = INTERVIEW_PARTS
    HEADING = "Interviews"
    PART = "Tags"
    COLUMNS = (
        ListColumn("Tag", widest=36),
        ListColumn("Companies", is_right=True),
        ListColumn("MRR", is_right=True, rank=2),
        ListColumn("Interviews", is_right=True, rank=1),
        ListColumn("Dives", is_right=True, rank=4),
        ListColumn("What it stands for", widest=80, rank=3),
    )
    EMPTY = f"No tag is used yet. Interviews and deep dives carry them, best as {_EXAMPLES}."

    def __init__(self, start: str = "") -> None:
        super().__init__(start)
        self._mrr: Mapping[str, float] = {}
        self._uses: dict[str, TagUse] = {}
        self._cancel = threading.Event()

    def on_mount(self) -> None:
        """Follow the records, and ask in the background what companies pay."""
        super().on_mount()
        if self.review_app.sheet_state.loaded is not None:
            self._read_mrr()

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._cancel.set()

    @work(thread=True, exit_on_error=False, group="mrr")
    def _read_mrr(self) -> None:
        from reviewtui.metrics.customers import MRR_COLUMN, NAME_COLUMN, customers_question

        app = self.review_app
        try:
            question = customers_question("*", latest_complete_month(app.as_of))
            found = app.cell_rows.fetch(question, lambda _progress: None, self._cancel).rows
        except ReviewError:
            return
        if found is None:
            return
        names = [column.name for column in found.columns]
        if NAME_COLUMN in names and MRR_COLUMN in names:
            name, amount = names.index(NAME_COLUMN), names.index(MRR_COLUMN)
            pairs = ((row[name], row[amount]) for row in found.rows)
            self.post_message(MrrKnown({str(who): float(paid) for who, paid in pairs if isinstance(paid, int | float)}))

    @on(MrrKnown)
    def _take_mrr(self, message: MrrKnown) -> None:
        self._mrr = message.mrr
        self.show()

    def rows(self) -> Sequence[ListRow]:
        """Known and unknown ones."""
        self._uses = {use.tag: use for use in tag_uses(self.review_app.records, self._mrr)}
        return [self._row(use) for use in self._uses.values()]

    def _row(self, use: TagUse) -> ListRow:
        cells = (
            use.tag,
            str(len(use.companies) or ""),
            f"{format_value(use.mrr, Unit.MONEY)}{'+' if use.unknown_mrr else ''}" if use.mrr is not None else "",
            str(use.mentions or ""),
            str(use.dives or ""),
            use.description if use.is_known else "not in tags.toml",
        )
        return ListRow(use.tag, cells, "", "text" if use.is_known else "quiet", "\n".join(use.companies))

    def detail(self, row: ListRow, width: int) -> Sequence[Line]:
        """Its companies and interviews, and spellings that may mean the same."""
        use = self._uses.get(row.id)
        if use is None:
            return ()
        lines: list[Line] = [(Span(safe_text(use.tag), "title"),)]
        lines += [(Span(line, "text"),) for line in wrap(use.description, width)]
        alike = next((group for group in self._alike() if use.tag in group), ())
        if alike:
            words = f"Written in several ways: {', '.join(alike)}. Enter renames one to the other."
            lines += [(Span(line, "note"),) for line in wrap(words, width)]
        lines += fact_lines("Companies", ", ".join(use.companies) or "none", width)
        lines += [(), (Span("Interviews", "heading"),)]
        for interview in self.review_app.records.of(INTERVIEWS):
            if use.tag in interview.tags or any(use.tag in quote.tags for quote in interview.quotes):
                said = f"{interview.held_on.isoformat()}  {interview_title(interview)}"
                lines += [(Span(line, "text"),) for line in wrap(said, width)]
        return lines

    def attention(self) -> str:
        """How many tags are written in several ways."""
        alike = len(self._alike())
        return f"{alike} written in several ways" if alike else ""

    def _alike(self) -> tuple[tuple[str, ...], ...]:
        return spelled_alike(used_tags(self.review_app.records))

    def open_row(self, row: ListRow) -> None:
        """Rename it, or say what it stands for."""
        use = self._uses.get(row.id)
        if use is not None:
            self.app.push_screen(tag_form(self.review_app, use.tag), self._told_tag)

    def action_add_record(self) -> None:
        """Register a tag."""
        self.app.push_screen(tag_form(self.review_app, ""), self._told_tag)

    def _told_tag(self, result: object) -> None:
        if isinstance(result, TagSaved):
            self.list.go_to(result.tag)
            renamed = f" {result.records} records were changed with it." if result.records else ""
            self.say(f"Saved.{renamed}")


@dataclass(frozen=True, slots=True)
class TagSaved:
    """What became of a tag."""

    tag: str
    records: int
    """How many records were changed because it was renamed."""


def tag_form(app: ReviewApp, tag: str) -> RecordForm:
    """A form for a tag; another name renames it everywhere, the name of another tag merges the two."""
    registry = registry_of(app.records)
    known = next((item for item in registry.tags if item.id == tag), None) if registry is not None else None
    fields = (
        FormField("id", "Tag", "line", required=True, hint="theme/… segment/… request/… competitor/… persona/…"),
        FormField("description", "Stands for", "line"),
        FormField("aliases", "Also written", "tags"),
    )
    values = {"id": tag, "description": known.description if known else "", "aliases": known.aliases if known else ()}

    def save(typed: Mapping[str, Any], store: RecordStore) -> TagSaved:
        return save_tag(store, tag, typed)

    return RecordForm(f"Tag {safe_text(tag)}".strip(), fields, values, DraftKey("tag", place=tag), save)


def save_tag(store: RecordStore, old: str, typed: Mapping[str, Any]) -> TagSaved:
    """Register a tag; where it was called `old` before, rename it in every record. Blocks."""
    new = str(typed["id"]).strip()
    records = store.load()
    registry = registry_of(records)
    tags = registry_after(registry, old, new) if old and old != new else (registry.tags if registry is not None else ())
    kept = next((item for item in tags if item.id == new), Tag(id=new))
    description = str(typed.get("description") or "") or kept.description
    aliases = tuple(sorted({*typed.get("aliases", ()), *(kept.aliases if old != new else ())} - {new}))
    named = {item.id: item for item in tags} | {new: replace(kept, description=description, aliases=aliases)}
    rows = tuple(named[name] for name in sorted(named))
    if registry is not None:
        store.save(registry, {"tags": rows})
    else:
        store.create(TAG_REGISTRY, "", {"tags": rows}, date.min)
    count = 0
    for record, changes in retagged(records, old, new) if old and old != new else ():
        store.save(record, changes)
        count += 1
    return TagSaved(new, count)
