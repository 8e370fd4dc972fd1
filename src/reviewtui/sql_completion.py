"""What can follow in a statement: names of tables and columns, and words of SQL. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.sources.query import TableNames

MOST_OFFERED = 50

WORDS = (
    "select", "from", "where", "group by", "order by", "limit", "join", "left join", "on", "using", "with", "as", "and",
    "or", "not", "in", "is null", "between", "like", "ilike", "case", "when", "then", "else", "end", "distinct",
    "having", "qualify", "union all", "count(*)", "sum(", "avg(", "median(", "min(", "max(", "date_trunc('month', ",
    "filter (where ", "describe", "summarize", "show all tables",
)  # fmt: skip

_BEFORE_CURSOR = re.compile(r'(?:"[^"]*"?|[\w.])*$')
_SOURCES = re.compile(
    r'\b(?:from|join)\s+((?:"(?:[^"]|"")*"|\w+)(?:\.(?:"(?:[^"]|"")*"|\w+))*)(?:\s+(?:as\s+)?(?!\w*\b(?:where|on|using|group|order'
    r"|left|right|inner|full|cross|join|limit|union|having|qualify)\b)(\w+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Completion:
    """What can be put in place of the word before the cursor."""

    start: int
    """Where that word begins."""
    offers: tuple[str, ...]


def complete(text: str, cursor: int, tables: Sequence[TableNames]) -> Completion:
    """The offers for the word that ends at `cursor`, the likeliest first."""
    match = _BEFORE_CURSOR.search(text[:cursor])
    word = match[0] if match is not None else ""
    start = cursor - len(word)
    named = _named_tables(text, tables)
    owner, dot, part = word.rpartition(".")
    if dot and owner.lower() in named:
        columns = named[owner.lower()].columns
        return Completion(start + len(owner) + 1, _beginning(columns, part))
    names = [table.name for table in tables]
    known = list(dict.fromkeys(column for table in named.values() for column in table.columns))
    offers = (*_beginning(known, word), *_beginning(names, word), *_beginning(WORDS, word))
    inside = tuple(name for name in names if word and word.lower() in name.lower() and name not in offers)
    return Completion(start, (*offers, *inside)[:MOST_OFFERED])


def _named_tables(text: str, tables: Sequence[TableNames]) -> dict[str, TableNames]:
    """Tables that the statement reads, by every name it may call them."""
    by_name = {table.name.lower(): table for table in tables}
    found: dict[str, TableNames] = {}
    for match in _SOURCES.finditer(text):
        table = by_name.get(match[1].lower())
        if table is None:
            continue
        for name in (match[1], match[1].rpartition(".")[2], match[2] or ""):
            if name:
                found[name.lower()] = table
    return found


def _beginning(names: Sequence[str], word: str) -> tuple[str, ...]:
    wanted = word.lower().lstrip('"')
    return tuple(name for name in names if name.lower().lstrip('"').startswith(wanted) and name.lower() != word.lower())
