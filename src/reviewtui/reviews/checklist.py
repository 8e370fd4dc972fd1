"""The checklist of a review: what to do before, during and after it, and what the program can tick itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from reviewtui.text import counted
from reviewtui.workspace.kinds.reviews import ChecklistItem
from reviewtui.workspace.records import slug

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from reviewtui.workspace.kinds.reviews import Review

BEFORE, DURING, AFTER = "before", "during", "after"
_LONGEST_ID = 32

DEFAULT_CHECKLIST = tuple(
    ChecklistItem(id=item_id, phase=phase, text=text)
    for item_id, phase, text in (
        ("data_fresh", BEFORE, "The numbers are fresh: every source is there and up to date"),
        ("anomalies_explained", BEFORE, "Every anomaly is explained, expected, or marked as not known yet"),
        ("todos_disposed", BEFORE, "Every to-do that was due is done, carried, dropped or blocked"),
        ("dives_written", BEFORE, "The deep dives meant for this review have a finding"),
        ("summary_shared", BEFORE, "Summary and links went to participants and team"),
        ("comments_invited", BEFORE, "Everybody was asked to comment"),
        ("walkthrough", DURING, "The PM led through the numbers, exceptions first"),
        ("questions_captured", DURING, "Questions of the participants are written down"),
        ("comments_reviewed", DURING, "Earlier comments were gone through"),
        ("dives_discussed", DURING, "The deep dives were discussed"),
        ("ad_hoc", DURING, "What came up was looked into, or became a deep dive"),
        ("todos_agreed", DURING, "To-dos for the next review have an owner"),
        ("outcome_shared", AFTER, "What was said and decided is written down and shared"),
        ("questions_routed", AFTER, "Open questions are with somebody who can answer them"),
        ("todos_due", AFTER, "Every new to-do is due at a review"),
        ("closed", AFTER, "The review is closed and its numbers are frozen"),
    )
)
"""What a review begins with where nobody has changed the list of the one before."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the program knows about one item."""

    done: bool
    why: str
    """What it saw, in a few words."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the program knows about a review, as far as its checklist asks."""

    unreadable_sources: int
    changed_sources: int
    """Sources that were written since they were read."""
    unexplained: int
    undisposed: int
    dives_without_finding: int
    """Deep dives meant for this review."""
    new_todos: int
    """To-dos due at the next review that came out of this one."""
    new_todos_without_owner: int
    todos_without_due: int
    is_judged: bool = True
    """Whether it is known yet what is out of the ordinary."""


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One line as the screen shows it."""

    item: ChecklistItem
    known: Known | None
    """None: only a person can tell."""

    @property
    def done(self) -> bool:
        """Whether it counts as done: what the program sees goes before what was ticked."""
        return self.known.done if self.known is not None else self.item.done


def known_items(record: Review | None, facts: Facts) -> Mapping[str, Known]:
    """Everything the program can tell by itself, by the id of the item."""
    lacking = facts.unreadable_sources + facts.changed_sources
    exported = record is not None and bool(record.summary_exported)
    shared = record is not None and bool(record.shared_with)
    return {
        "data_fresh": Known(not lacking, _left(lacking, "source") if lacking else "all sources read"),
        "anomalies_explained": Known(facts.is_judged and not facts.unexplained, _explained_words(facts)),
        "todos_disposed": Known(
            not facts.undisposed, f"{facts.undisposed:,} to dispose of" if facts.undisposed else "none left"
        ),
        "dives_written": Known(
            not facts.dives_without_finding,
            f"{facts.dives_without_finding:,} without a finding" if facts.dives_without_finding else "none left",
        ),
        "summary_shared": Known(exported and shared, _shared_words(exported=exported, shared=shared)),
        "todos_agreed": Known(
            facts.new_todos > 0 and not facts.new_todos_without_owner,
            f"{facts.new_todos_without_owner:,} without an owner"
            if facts.new_todos_without_owner
            else counted(facts.new_todos, "new to-do"),
        ),
        "outcome_shared": Known(
            record is not None and bool(record.discussed), "written" if record and record.discussed else "nothing yet"
        ),
        "todos_due": Known(
            not facts.todos_without_due,
            f"{facts.todos_without_due:,} without a review" if facts.todos_without_due else "none left",
        ),
        "closed": Known(record is not None and record.is_closed, "closed" if record and record.is_closed else "open"),
    }


def checklist_of(record: Review | None, earlier: Review | None, mode: str, facts: Facts) -> tuple[CheckedItem, ...]:
    """The checklist of a review, phase by phase; without a meeting nothing is asked of one.

    A review whose list nobody has touched takes the lines of the one `earlier`, unticked.
    """
    known = known_items(record, facts)
    return tuple(
        CheckedItem(item, known.get(item.id))
        for phase in (BEFORE, DURING, AFTER)
        if phase != DURING or mode == "sync"
        for item in items_of(record, earlier)
        if item.phase == phase
    )


def items_of(record: Review | None, earlier: Review | None) -> tuple[ChecklistItem, ...]:
    """The lines of a review's checklist, those of the meeting too."""
    if record is not None and record.checklist:
        return record.checklist
    template: Sequence[ChecklistItem] = earlier.checklist if earlier is not None else ()
    return tuple(ChecklistItem(id=item.id, phase=item.phase, text=item.text) for item in template or DEFAULT_CHECKLIST)


def ticked(items: Sequence[ChecklistItem], item_id: str, *, done: bool, by: str) -> tuple[ChecklistItem, ...]:
    """The lines with one of them ticked, or not any more."""
    return tuple(
        ChecklistItem(id=item.id, phase=item.phase, text=item.text, done=done, done_by=by if done else "")
        if item.id == item_id
        else item
        for item in items
    )


def rewritten(items: Sequence[ChecklistItem], texts: Mapping[str, Sequence[str]]) -> tuple[ChecklistItem, ...]:
    """The list as people want it: for each phase its lines. A line that keeps its words keeps what is known of it."""
    known = {(item.phase, item.text): item for item in items}
    taken = {item.id for item in items}
    lines = []
    for phase in (BEFORE, DURING, AFTER):
        for text in dict.fromkeys(filter(None, (" ".join(line.split()) for line in texts.get(phase, ())))):
            item = known.get((phase, text))
            if item is None:
                item = ChecklistItem(id=_free_id(text, taken), phase=phase, text=text)
                taken.add(item.id)
            lines.append(item)
    return tuple(lines)


def _free_id(text: str, taken: Collection[str]) -> str:
    """A name for a line of one's own, from its words."""
    words = slug(text)[:_LONGEST_ID].strip("-")
    return next(name for number in count(1) if (name := words if number == 1 else f"{words}-{number}") not in taken)


def _explained_words(facts: Facts) -> str:
    if not facts.is_judged:
        return "the numbers are being judged"
    return f"{facts.unexplained:,} to explain" if facts.unexplained else "none left"


def _left(count: int, noun: str) -> str:
    return f"{counted(count, noun)} to read again"


def _shared_words(*, exported: bool, shared: bool) -> str:
    if not exported:
        return "no summary yet"
    return "sent" if shared else "nobody is named whom it went to"
