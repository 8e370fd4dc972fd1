"""Tags: how many companies each comes from, which spellings mean the same, and renaming them everywhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reviewtui.text import searchable
from reviewtui.workspace.kinds.dives import DIVES, Dive
from reviewtui.workspace.kinds.interviews import INTERVIEWS, Interview
from reviewtui.workspace.kinds.tags import TAG_REGISTRY, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reviewtui.workspace.kinds.tags import TagRegistry
    from reviewtui.workspace.record_set import Records

NAMESPACES = ("theme", "segment", "request", "competitor", "persona")
"""What tags usually begin with; others are welcome."""


@dataclass(frozen=True, slots=True)
class TagUse:
    """How one tag is used."""

    tag: str
    companies: tuple[str, ...]
    """Distinct ones, by name; people without a company are in none."""
    mentions: int
    """Interviews that carry it."""
    dives: int
    mrr: float | None
    """Of the companies together, as far as it is known; None: of none of them."""
    unknown_mrr: int
    """Companies whose MRR is not known."""
    description: str
    is_known: bool
    """Whether the registry has it."""


class TagNames:
    """What the registry says, and which tag another spelling stands for."""

    def __init__(self, registry: TagRegistry | None) -> None:
        self.tags: Mapping[str, Tag] = {tag.id: tag for tag in registry.tags} if registry is not None else {}
        self._canonical = {searchable(alias): tag.id for tag in self.tags.values() for alias in tag.aliases}
        self._canonical |= {searchable(tag): tag for tag in self.tags}

    def canonical(self, tag: str) -> str:
        """The tag that `tag` stands for: itself where the registry does not know better."""
        return self._canonical.get(searchable(tag.strip()), tag.strip())


def registry_of(records: Records) -> TagRegistry | None:
    """The registry, where there is one."""
    return next(iter(records.of(TAG_REGISTRY)), None)


def tag_uses(records: Records, mrr: Mapping[str, float] | None = None) -> tuple[TagUse, ...]:
    """Every tag that is used or registered, those from most companies first; `mrr` is by company name."""
    names = TagNames(registry_of(records))
    known = {searchable(company): amount for company, amount in (mrr or {}).items()}
    companies: dict[str, dict[str, str]] = defaultdict(dict)
    mentions: dict[str, int] = defaultdict(int)
    dives: dict[str, int] = defaultdict(int)
    for interview in records.of(INTERVIEWS):
        for tag in {names.canonical(tag) for tag in all_tags(interview)}:
            mentions[tag] += 1
            if interview.company.strip():
                companies[tag].setdefault(searchable(interview.company.strip()), interview.company.strip())
    for dive in records.of(DIVES):
        for tag in {names.canonical(tag) for tag in dive.tags}:
            dives[tag] += 1
    uses = []
    for tag in {*names.tags, *mentions, *dives}:
        amounts = [known[company] for company in companies[tag] if company in known]
        uses.append(
            TagUse(
                tag,
                tuple(sorted(companies[tag].values())),
                mentions[tag],
                dives[tag],
                sum(amounts) if amounts else None,
                len(companies[tag]) - len(amounts),
                names.tags[tag].description if tag in names.tags else "",
                tag in names.tags,
            )
        )
    return tuple(sorted(uses, key=lambda use: (-len(use.companies), -use.mentions, use.tag)))


def all_tags(interview: Interview) -> tuple[str, ...]:
    """The tags of an interview and of its quotes, each once."""
    return tuple(dict.fromkeys([*interview.tags, *(tag for quote in interview.quotes for tag in quote.tags)]))


def spelled_alike(tags: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of tags that differ in nothing but case, accents or spaces: most likely one tag."""
    groups: dict[str, set[str]] = defaultdict(set)
    for tag in tags:
        groups[_bare(tag)].add(tag)
    return tuple(tuple(sorted(group)) for _, group in sorted(groups.items()) if len(group) > 1)


def used_tags(records: Records) -> tuple[str, ...]:
    """Every spelling that occurs in a record, sorted."""
    found = {tag for interview in records.of(INTERVIEWS) for tag in all_tags(interview)}
    return tuple(sorted(found | {tag for dive in records.of(DIVES) for tag in dive.tags}))


def retagged(records: Records, old: str, new: str) -> Iterator[tuple[Interview | Dive, dict[str, Any]]]:
    """Every record that has the tag `old`, with the changes that make it `new`."""
    for interview in records.of(INTERVIEWS):
        changes: dict[str, Any] = {}
        if old in interview.tags:
            changes["tags"] = _renamed(interview.tags, old, new)
        if any(old in quote.tags for quote in interview.quotes):
            changes["quotes"] = tuple(replace(quote, tags=_renamed(quote.tags, old, new)) for quote in interview.quotes)
        if changes:
            yield interview, changes
    for dive in records.of(DIVES):
        if old in dive.tags:
            yield dive, {"tags": _renamed(dive.tags, old, new)}


def registry_after(registry: TagRegistry | None, old: str, new: str) -> tuple[Tag, ...]:
    """The tags of the registry once `old` is called `new`; `old` stays as an alias, for records of other branches."""
    tags = {tag.id: tag for tag in registry.tags} if registry is not None else {}
    gone, kept = tags.pop(old, Tag(id=old)), tags.pop(new, Tag(id=new))
    aliases = {*gone.aliases, *kept.aliases, old} - {new}
    tags[new] = replace(kept, description=kept.description or gone.description, aliases=tuple(sorted(aliases)))
    return tuple(tags[name] for name in sorted(tags))


def _renamed(tags: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(sorted({new if tag == old else tag for tag in tags}))


def _bare(tag: str) -> str:
    return "".join(letter for letter in searchable(tag) if not letter.isspace() and letter not in "-_")
