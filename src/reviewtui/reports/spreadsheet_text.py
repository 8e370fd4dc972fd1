"""Text that a spreadsheet program takes: cells it can hold, names its sheets can have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reviewtui.text import spreadsheet_text, without_controls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_CELL = 32_767
"""Longest text of a cell, in UTF-16 units."""
MAX_SHEET_NAME = 31
"""Longest name of a sheet, in UTF-16 units."""

_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]+")
_NOT_IN_XML = str.maketrans("", "", "\ufffe\uffff")
_RESERVED = frozenset({"history"})


def utf16_length(text: str) -> int:
    """The length of `text` as spreadsheet programs count."""
    return len(text) + sum(character > "\uffff" for character in text)


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` UTF-16 units, ending in an ellipsis if it was cut."""
    if utf16_length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while utf16_length(kept) > limit - 1:
        kept = kept[:-1]
    return kept + "…"


def clean_lines(text: str) -> str:
    """`text` without characters that act on a reader; its lines stay."""
    return "\n".join(without_controls(line) for line in text.split("\n")).translate(_NOT_IN_XML)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program would compute `text` once somebody edits the cell."""
    return spreadsheet_text(text).startswith("'") and not text.startswith("'")


def sheet_names(names: Sequence[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """A valid name of a sheet for each of `names`, no two alike, none of them `taken`, whatever the case."""
    used = {name.casefold() for name in taken} | _RESERVED
    chosen = []
    for name in names:
        plain = " ".join(_NOT_IN_SHEET_NAME.sub(" ", clean_lines(name)).split())
        base = candidate = _sheet_name(plain) or "Product"
        number = 2
        while candidate.casefold() in used:
            ending = f" ({number})"
            candidate = _sheet_name(base, MAX_SHEET_NAME - len(ending)) + ending
            number += 1
        used.add(candidate.casefold())
        chosen.append(candidate)
    return tuple(chosen)


def _sheet_name(text: str, limit: int = MAX_SHEET_NAME) -> str:
    return shortened(text.strip(" '"), limit).strip(" '")
