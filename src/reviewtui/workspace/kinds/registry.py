"""Every type of record there is, and which one a file is of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from reviewtui.months import Month
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.costs import ALERT_NOTES, SCENARIOS
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.events import EVENTS
from reviewtui.workspace.kinds.explanations import EXPLANATIONS
from reviewtui.workspace.kinds.interviews import INTERVIEWS
from reviewtui.workspace.kinds.people import PEOPLE
from reviewtui.workspace.kinds.recruiting import RECRUITING
from reviewtui.workspace.kinds.reviews import CHURN_REASONS, GOALS, QUESTIONS, REVIEWS
from reviewtui.workspace.kinds.tags import TAG_REGISTRY
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.kinds.visits import VISITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewtui.workspace.kinds.base import Record, RecordKind

ALL_KINDS: tuple[RecordKind[Record], ...] = (
    COMMENTS,
    EXPLANATIONS,
    EVENTS,
    TODOS,
    DIVES,
    INTERVIEWS,
    VISITS,
    RECRUITING,
    PEOPLE,
    TAG_REGISTRY,
    REVIEWS,
    GOALS,
    QUESTIONS,
    CHURN_REASONS,
    SCENARIOS,
    ALERT_NOTES,
)

R = TypeVar("R", bound="Record")

PRODUCT = "product"
REVIEW = "review"
YEAR = "year"
ID = "id"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """What the path of a file says about its record."""

    kind: RecordKind[Record]
    id: str
    slug: str
    """The product's folder; empty for a record of no product."""
    facts: Mapping[str, Any]
    """The fields of the record that its path holds."""
    usual: bool
    """Whether the file has the name that this program gives; a copy made by something else has another."""


def kind_named(name: str) -> RecordKind[Record] | None:
    """The type of record of that name."""
    return next((kind for kind in ALL_KINDS if kind.name == name), None)


def kind_of(record: R) -> RecordKind[R]:
    """The type of a record."""
    return next(cast("RecordKind[R]", kind) for kind in ALL_KINDS if kind.record is type(record))


def kind_at(path: str) -> RecordKind[Record] | None:
    """The type of the record that lies at `path`, from the workspace's root; None: no record belongs there."""
    place = place_of(path)
    return place.kind if place is not None else None


def place_of(path: str) -> Place | None:
    """What the path of a file says; None where no record belongs there."""
    for kind in ALL_KINDS:
        match = _pattern(kind).fullmatch(path)
        if match is not None:
            place = _place(kind, match.groupdict())
            if place is not None:
                return place
    return None


def is_record_folder(folder: str, kind: RecordKind[Record] | None = None) -> bool:
    """Whether files in `folder`, a path from the root, are records with an id in their name (of that kind)."""
    kinds = ALL_KINDS if kind is None else (kind,)
    return any(_folder_pattern(item).fullmatch(folder) for item in kinds if ID in placeholders(item))


def path_of(kind: RecordKind[Record], parts: Mapping[str, str]) -> str:
    """Where a record lies, from the root; `parts` are the values of the placeholders, safe as names."""
    return kind.place.format(**parts)


def placeholders(kind: RecordKind[Record]) -> tuple[str, ...]:
    """The names in `kind.place`."""
    return tuple(_PLACEHOLDER.findall(kind.place))


def _place(kind: RecordKind[Record], parts: Mapping[str, str]) -> Place | None:
    facts: dict[str, Any] = {}
    for name in placeholders(kind):
        if name == REVIEW:
            try:
                facts[name] = Month.parse(parts[name])
            except ValueError:
                return None
        elif name not in (PRODUCT, YEAR, ID):
            facts[name] = parts[name]
    slug = parts.get(PRODUCT, "")
    record_id = parts.get(ID) or parts.get("name") or fixed_id(kind, parts)
    return Place(kind, record_id, slug, facts, not parts.get("other"))


def fixed_id(kind: RecordKind[Record], parts: Mapping[str, str]) -> str:
    """The id of a record whose place is its name: `replay/2026-10`, `person/ada`."""
    names = [parts[name] for name in placeholders(kind)]
    return "/".join(names if PRODUCT in parts else [kind.name, *names])


@cache
def _pattern(kind: RecordKind[Record]) -> re.Pattern[str]:
    """Matches the paths of a kind's files; the group `other` is what a foreign program added to the name."""
    stem = kind.place.removesuffix(".toml")
    parts = _PLACEHOLDER.split(stem)
    pattern = "".join(_part(kind, text) if index % 2 else re.escape(text) for index, text in enumerate(parts))
    if not kind.letter:
        pattern += r"(?P<other> [^/]*|\([^/]*|[._-](?:sync-)?conf(?:lict(?:ed)?)?[^a-z/][^/]*)?"
    return re.compile(pattern + r"\.toml")


@cache
def _folder_pattern(kind: RecordKind[Record]) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(kind.place.rpartition("/")[0])
    return re.compile("".join("[^/]+" if index % 2 else re.escape(text) for index, text in enumerate(parts)))


def _part(kind: RecordKind[Record], name: str) -> str:
    if name == ID:
        own = rf"(?P<id>{kind.letter}-\d{{6}}-[0-9a-z]{{4,12}})(?:-[a-z0-9-]+)?(?P<other>(?![0-9a-z])[^/]+)?"
        return f"(?:{own}|(?P<name>[^/.][^/]*))" if kind.any_name else own
    if name == YEAR:
        return rf"(?P<{name}>\d{{4}})"
    if name == PRODUCT:
        return rf"(?P<{name}>[^/.][^/]*)"
    return rf"(?P<{name}>[A-Za-z0-9][A-Za-z0-9_-]*?)"
