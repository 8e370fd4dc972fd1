"""The words of a search: how a text is cut into words, and what a person means by what they typed.

A word finds every word that begins with it; words in quotes find exactly these, one after the other. `name:value`
narrows the search. Nothing that can be typed is wrong: what is no filter is looked for as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from reviewtui.months import Month
from reviewtui.text import searchable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_TERMS = 32
"""More words than these narrow nothing down; the others are left out and that is said."""

FILTERS = ("product", "tag", "after", "before", "type", "role", "icp", "has", "author", "company", "metric")
HAS = ("followup",)

_WORD = re.compile(r"\w+")
_ONE_BY_ONE = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f\U00020000-\U0003ffff]|[^\u3040-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f\U00020000-\U0003ffff]+"
)
"""Letters of writings without spaces between words: each is a word of its own."""
_PIECE = re.compile(
    r'(?P<name>[A-Za-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]+))|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)'
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, as it is compared, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other."""

    words: tuple[str, ...]
    is_prefix: bool
    """Whether the last of them may go on."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One `name:value`."""

    name: str
    value: str
    """Folded as texts are compared; a day as `2026-04-01`."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for: all of the terms, within all of the filters."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    notes: tuple[str, ...] = ()
    """What was understood otherwise than a person may have meant; sentences."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not self.terms and not self.filters


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, in order; `text` is best composed (NFC) before."""
    for match in _WORD.finditer(text):
        if match[0].isascii():
            yield Token(match[0].lower(), match.start(), match.end())
            continue
        for part in _ONE_BY_ONE.finditer(match[0]):
            word = searchable(part[0])
            if word:
                yield Token(word, match.start() + part.start(), match.start() + part.end())


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    return tuple(token.word for token in tokens(text))


def parse_query(text: str) -> SearchQuery:
    """What a person typed."""
    terms: list[Term] = []
    filters: list[Filter] = []
    notes: list[str] = []
    for piece in _PIECE.finditer(text):
        value = piece["quoted"] if piece["quoted"] is not None else piece["value"]
        if piece["name"] and piece["name"].lower() in FILTERS:
            found, note = _filter(piece["name"].lower(), value)
            if found is not None:
                filters.append(found)
            else:
                notes.append(note)
            continue
        is_phrase = piece["phrase"] is not None
        words = words_of(piece["phrase"] if is_phrase else piece[0])
        if words:
            terms.append(Term(words, is_prefix=not is_phrase))
    if len(terms) > MOST_TERMS:
        notes.append(f"Only the first {MOST_TERMS} words are looked for.")
    return SearchQuery(tuple(terms[:MOST_TERMS]), tuple(filters), tuple(notes))


def find_term(term: Term, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where a term stands among words: index of its first word, and of the word after its last."""
    *whole, last = term.words
    count = len(term.words)
    for start in range(len(words) - count + 1):
        if list(words[start : start + count - 1]) != whole:
            continue
        final = words[start + count - 1]
        if final == last or (term.is_prefix and final.startswith(last)):
            yield start, start + count


def _filter(name: str, value: str) -> tuple[Filter | None, str]:
    """The filter, or why it cannot be one."""
    value = searchable(value.strip())
    if not value:
        return None, f"`{name}:` needs a value right after the colon."
    if name in ("after", "before"):
        day = _day(value)
        if day is None:
            return None, f"`{name}:` needs a day or a month such as 2026-04-15 or 2026-04, and was left out."
        return Filter(name, day.isoformat()), ""
    if name == "has" and value not in HAS:
        return None, f"`has:` knows only: {', '.join(HAS)}; it was left out."
    return Filter(name, value), ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) > len("2026-04") else Month.parse(text).first_day
    except ValueError:
        return None
