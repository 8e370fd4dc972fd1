"""To-dos and whether anybody was held to them: what is due, what was put off, and the figures of it.

Every review has to say of each to-do that is due by then whether it was done (with evidence), is carried to a later
review (with a reason), is dropped (with a reason) or waits for somebody. Silence is none of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from reviewtui.months import Month
    from reviewtui.workspace.kinds.todos import Todo

OPEN, DONE, DROPPED, BLOCKED = "open", "done", "dropped", "blocked"
"""The states of a to-do."""

RED_FROM = 2
"""Carried so many times, a to-do is red and named in the summary."""


def is_open(todo: Todo) -> bool:
    """Whether something is still to be done: also while it waits for somebody."""
    return todo.state in (OPEN, BLOCKED)


def times_carried(todo: Todo) -> int:
    """How many reviews have put it off; two people who carried it in the same review carried it once."""
    return len({carry.review for carry in todo.carried})


def is_red(todo: Todo) -> bool:
    """Whether it is open and was put off so often that a summary names it."""
    return is_open(todo) and times_carried(todo) >= RED_FROM


def first_due(todo: Todo) -> Month | None:
    """The review that it was due at before it was put off; None where nobody has said."""
    reviews = [carry.review for carry in todo.carried]
    return min(reviews if todo.due is None else [todo.due, *reviews], default=None)


def is_due(todo: Todo, review: Month) -> bool:
    """Whether the review of month `review` has to say what became of it: also where nobody said when it is due."""
    return is_open(todo) and (todo.due is None or todo.due <= review)


def to_dispose(todos: Iterable[Todo], review: Month) -> tuple[Todo, ...]:
    """What the review of month `review` has to dispose of, the oldest first."""
    return tuple(sorted((todo for todo in todos if is_due(todo, review)), key=_urgency))


def opening_list(todos: Iterable[Todo], review: Month) -> tuple[Todo, ...]:
    """Every open to-do as a new review lists them: first those it has to dispose of, then the others by due review."""
    still_open = [todo for todo in todos if is_open(todo)]
    return tuple(sorted(still_open, key=lambda todo: (not is_due(todo, review), *_urgency(todo))))


def _urgency(todo: Todo) -> tuple[int, int, date, str]:
    return todo.due.index if todo.due is not None else -1, -times_carried(todo), todo.created_on, todo.id


def lacks(todo: Todo) -> str:
    """What its state asks for and nobody has written, as a sentence; empty where nothing is missing."""
    if todo.state == DONE and not todo.evidence.strip():
        return "Done, but nothing says how one can see that."
    if todo.state == DROPPED and not todo.reason.strip():
        return "Dropped, but nothing says why."
    if todo.state == BLOCKED and not todo.blocked_on.strip():
        return "Blocked, but nothing says on whom."
    return ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a group of to-dos was kept."""

    key: str
    """What the group has in common: a product, an owner, an owner group."""
    open: int
    """Still to be done, blocked ones too."""
    due: int
    """Of those, due at the present review or before."""
    blocked: int
    red: int
    """Of those open, carried twice or more."""
    done: int
    dropped: int
    carried: int
    """How often those still open were put off, together."""
    reached: int
    """Those whose first due review has said what became of them, or is over; dropped ones left out."""
    kept: int
    """Of those, done without having been put off or blocked."""
    median_age_days: float | None
    """Of those open, since they were written down; None where none is open."""

    @property
    def completion(self) -> float | None:
        """The share that was done by the review it was first due at; None where none has come to that yet."""
        return self.kept / self.reached if self.reached else None


def figures(key: str, todos: Sequence[Todo], review: Month, today: date) -> Figures:
    """The figures of a group at the review of month `review`."""
    still_open = [todo for todo in todos if is_open(todo)]
    reached = [todo for todo in todos if _has_reached(todo, review)]
    ages = [(today - todo.created_on).days for todo in still_open]
    return Figures(
        key,
        open=len(still_open),
        due=sum(is_due(todo, review) for todo in still_open),
        blocked=sum(todo.state == BLOCKED for todo in still_open),
        red=sum(is_red(todo) for todo in still_open),
        done=sum(todo.state == DONE for todo in todos),
        dropped=sum(todo.state == DROPPED for todo in todos),
        carried=sum(times_carried(todo) for todo in still_open),
        reached=len(reached),
        kept=sum(todo.state == DONE and not todo.carried and not todo.blocked_on for todo in reached),
        median_age_days=median(ages) if ages else None,
    )


def _has_reached(todo: Todo, review: Month) -> bool:
    """Whether it is known what became of it at the review it was first due at."""
    due = first_due(todo)
    if todo.state == DROPPED or due is None or due > review:
        return False
    return not is_open(todo) or todo.due != review or bool(todo.carried)


def figures_by(key_of: Callable[[Todo], str], todos: Iterable[Todo], review: Month, today: date) -> tuple[Figures, ...]:
    """The figures of each group that `key_of` makes, by key."""
    groups: dict[str, list[Todo]] = {}
    for todo in todos:
        groups.setdefault(key_of(todo), []).append(todo)
    return tuple(figures(key, groups[key], review, today) for key in sorted(groups))


def kept_words(figures: Figures, in_time: str = "done by the review they were due at") -> tuple[str, ...]:
    """How a group was kept, in a few words each; what there is nothing to say about is left out."""
    parts = []
    if figures.completion is not None:
        parts.append(f"{figures.kept} of {figures.reached} {in_time}")
    if figures.median_age_days is not None:
        parts.append(f"median age {figures.median_age_days:.0f} days")
    if figures.carried:
        parts.append(f"carried {figures.carried}×")
    return tuple(parts)


def by_product(todo: Todo) -> str:
    """Groups by product."""
    return todo.product


def by_owner(todo: Todo) -> str:
    """Groups by who has to do it."""
    return todo.owner.strip()


def by_owner_group(todo: Todo) -> str:
    """Groups by whether the PM or the product team has to do it: they are expected differently."""
    return todo.owner_group
