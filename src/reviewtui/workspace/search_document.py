"""A record as the search sees it: its words, and the facts that filters ask for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reviewtui.text import searchable
from reviewtui.workspace.kinds.base import Shape, plain
from reviewtui.workspace.kinds.comments import Comment
from reviewtui.workspace.kinds.interview_titles import interview_title
from reviewtui.workspace.kinds.interviews import Interview
from reviewtui.workspace.search_words import find_term, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reviewtui.workspace.kinds.base import Record, RecordKind
    from reviewtui.workspace.search_words import Filter, SearchQuery, Term

SNIPPET_CHARACTERS = 150
_BEFORE_HIT = 50
_USUAL_CHARACTERS = 20_000
"""A hit is looked for in so much of a text first."""
_DAYS = ("held_on", "said_on", "created_on", "proposed_on", "starts_on", "started_on")
_AUTHORS = ("author", "interviewer", "proposed_by", "owner", "visitor")
_TITLES = ("title", "question", "topic", "city", "cohort", "name", "metric")
_FACTS = frozenset(
    {"id", "schema", "answers", "resolved_by", "origin", "links", "ref", "refs", "code_ref", "interview", "snapshot"}
    | {"author", "by", "reopened_by", "proposed_by", "owner_group"}
    | {"month", "until", "due", "review", "target_review", "proposed_in", "asked_in", "answered_in"}
)
"""Ids, links, months and who wrote it down: no words of a text. Filters find what they ask for in other parts."""
_TITLE_WORDS = 8
BY_THEIR_BEGINNING = ("role", "author", "company")
"""Filters that are content with the beginning of a name."""


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found of one record."""

    id: str
    path: str = ""
    """From the workspace's root."""
    kind: str = ""
    """Name of the kind."""
    slug: str = ""
    """The product's folder; empty for a record of no product."""
    products: tuple[str, ...] = ()
    """Products that the record itself names."""
    title: str = ""
    day: str = ""
    """As `2026-04-17`; empty where the record has none."""
    author: str = ""
    tags: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    role: str = ""
    icp: str = ""
    company: str = ""
    has_followup: bool = False
    body: str = ""
    """Everything else, composed (NFC)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a snippet."""

    text: str
    is_hit: bool


def document_of(record: Record, kind: RecordKind[Record], slug: str) -> Document:
    """The document of a record that lies in the folder of product `slug`."""
    values = {item.name: getattr(record, item.name) for item in kind.fields}
    said = {item.name: values[item.name] for item in kind.fields if values[item.name] not in (None, item.default)}
    title = next((str(values[name]) for name in _TITLES if values.get(name)), record.id)
    quotes = record.quotes if isinstance(record, Interview) else ()
    if isinstance(record, Interview):
        title = interview_title(record)
    elif isinstance(record, Comment):
        title = _comment_title(record)
    day = next((values[name] for name in _DAYS if isinstance(values.get(name), date)), None)
    metrics = {*_names(values.get("metrics")), *(metric for quote in quotes for metric in quote.metrics)}
    if isinstance(values.get("metric"), str) and values["metric"]:
        metrics.add(values["metric"])
    return Document(
        id=record.id,
        path=record.file.path,
        kind=kind.name,
        slug=slug,
        products=_names(values.get("products")),
        title=_composed(title),
        day=day.isoformat() if day is not None else "",
        author=next((str(values[name]) for name in _AUTHORS if values.get(name)), ""),
        tags=tuple(sorted({*_names(values.get("tags")), *(tag for quote in quotes for tag in quote.tags)})),
        metrics=tuple(sorted(metrics)),
        role=str(values.get("role") or ""),
        icp=str(values.get("icp") or ""),
        company=str(values.get("company") or ""),
        has_followup=any(follow_up.done_on is None for follow_up in getattr(record, "follow_ups", ())),
        body=_composed(_body(kind, said)),
    )


def _body(kind: RecordKind[Record], said: Mapping[str, Any]) -> str:
    """What was said, so that a snippet begins with it, then the short facts, which are no sentence."""
    prose = {item.name for item in kind.fields if item.shape is Shape.PROSE}
    texts, facts = (
        _texts(plain({name: value for name, value in said.items() if (name in prose) is wanted}))
        for wanted in (True, False)
    )
    return "\n".join((*texts, " · ".join(facts)))


def _comment_title(comment: Comment) -> str:
    """The first words of a comment, and the metric it is about."""
    first, *rest = comment.text.split(maxsplit=_TITLE_WORDS)[:_TITLE_WORDS] or [comment.id]
    words = " ".join((first, *rest))
    more = " …" if len(comment.text.split()) > _TITLE_WORDS else ""
    return f"{words}{more}" + (f" · {comment.metric}" if comment.metric else "")


def _names(value: object) -> tuple[str, ...]:
    """The texts of a set; the ids of rows that are called like one, as in the registry of tags."""
    items = value if isinstance(value, tuple) else ()
    return tuple(str(getattr(item, "id", item)) for item in items)


def passes(document: Document, filters: Sequence[Filter], product_names: Sequence[str]) -> bool:
    """Whether a document is what all filters ask for; `product_names` are what its product is called."""
    return all(_passes(document, item, product_names) for item in filters)


def holds(document: Document, query: SearchQuery) -> bool:
    """Whether every term stands somewhere in the title, the tags or the body."""
    texts = [[token.word for token in tokens(text)] for text in searched_texts(document)]
    return all(any(next(find_term(term, words), None) for words in texts) for term in query.terms)


def searched_texts(document: Document) -> tuple[str, str, str]:
    """Title, tags and company, body."""
    return document.title, _composed("\n".join((*document.tags, document.company))), document.body


def snippet(document: Document, query: SearchQuery) -> tuple[Run, ...]:
    """The part of the body around the first hit, with hits marked; its beginning where there is none."""
    spans = _spans(document.body[:_USUAL_CHARACTERS], query)
    if not spans and len(document.body) > _USUAL_CHARACTERS:
        spans = _spans(document.body, query)
    first = max(0, spans[0][0] - _BEFORE_HIT) if spans else 0
    first = _start_of_word(document.body, first)
    most = min(len(document.body), first + SNIPPET_CHARACTERS)
    last = max(_end_of_word(document.body, most), min(spans[0][1], most) if spans else 0)
    return tuple(_runs(document.body, spans, first, last))


@lru_cache(maxsize=8)
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    """Finds the terms in a plain text, much faster than word by word."""
    wholes = (r"\W+".join(term.words) + (r"\w*" if term.is_prefix else r"(?!\w)") for term in terms)
    return re.compile("|".join(rf"(?<!\w){whole}" for whole in wholes) or r"(?!)", re.ASCII | re.IGNORECASE)


def _spans(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """Where the terms stand in a text, at least around the first of them."""
    if text.isascii() and all(word.isascii() for term in query.terms for word in term.words):
        pattern = _pattern(query.terms)
        first = pattern.search(text)
        # Only what can be shown beside the first hit.
        near = (first.start(), first.end() + SNIPPET_CHARACTERS) if first is not None else (0, 0)
        return [match.span() for match in pattern.finditer(text, *near)]
    found = list(tokens(text))
    words = [token.word for token in found]
    places = (place for term in query.terms for place in find_term(term, words))
    return sorted((found[start].start, found[end - 1].end) for start, end in places)


@lru_cache(maxsize=4096)
def _searchable(text: str) -> str:
    """As `searchable`; the same few tags and names come with every document."""
    return searchable(text)


def labels(document: Document) -> Iterator[tuple[str, str]]:
    """What filters that ask for a name compare with: name of the filter, and the folded name.

    `theme/` finds every theme, `export` finds `theme/export` too.
    """
    for name in (document.slug, *document.products):
        yield "product", _searchable(name)
    for metric in document.metrics:
        yield "metric", _searchable(metric)
    for name in ("role", "icp", "author", "company"):
        yield name, _searchable(getattr(document, name))
    for tag in map(_searchable, document.tags):
        yield "tag", tag
        yield "tag", tag.rpartition("/")[2]
        for at, letter in enumerate(tag):
            if letter == "/":
                yield "tag", tag[: at + 1]


def _passes(document: Document, item: Filter, product_names: Sequence[str]) -> bool:
    match item.name:
        case "after":
            return document.day >= item.value
        case "before":
            return bool(document.day) and document.day < item.value
        case "type":
            return is_kind(document.kind, item.value)
        case "has":
            return document.has_followup
        case "product" if item.value in map(_searchable, product_names):
            return True
    is_label = str.startswith if item.name in BY_THEIR_BEGINNING else str.__eq__
    return any(name == item.name and is_label(label, item.value) for name, label in labels(document))


def is_kind(kind: str, wanted: str) -> bool:
    """Whether a person means records of this kind: `dive` and `deep dives`, `todo` and `to-dos`."""
    letters = _letters(wanted).removesuffix("s")
    return any(_letters(name).startswith(letters) for name in (kind, *kind.split()))


def _letters(text: str) -> str:
    return "".join(letter for letter in searchable(text) if letter.isalnum())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _FACTS:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _start_of_word(text: str, start: int) -> int:
    """The first place from `start` on that follows a space; `start` where there is none near."""
    if start == 0:
        return 0
    space = max(text.find(" ", start, start + _BEFORE_HIT), text.find("\n", start, start + _BEFORE_HIT))
    return space + 1 if space >= 0 else start


def _end_of_word(text: str, end: int) -> int:
    """The last place up to `end` where a word ends; `end` where there is none near, and never more than there is."""
    if end >= len(text):
        return len(text)
    space = max(text.rfind(" ", end - _BEFORE_HIT, end + 1), text.rfind("\n", end - _BEFORE_HIT, end + 1))
    return space if space >= 0 else end


def _runs(text: str, spans: list[tuple[int, int]], first: int, last: int) -> Iterator[Run]:
    at = first
    for start, end in spans:
        if start < at or end > last:
            continue
        if start > at:
            yield Run(_one_line(text[at:start]), is_hit=False)
        yield Run(_one_line(text[start:end]), is_hit=True)
        at = end
    if at < last:
        yield Run(_one_line(text[at:last]), is_hit=False)
    if last < len(text):
        yield Run("…", is_hit=False)


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")
