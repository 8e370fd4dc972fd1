"""Ids and file names of records.

An id is a type letter, the day and a few random characters: two people never make the same one, and no counter is
kept anywhere. File names are made from ids and slugs only, so no text from outside ever becomes a path.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from random import Random

MAX_SLUG = 40
"""Characters of a slug."""

MAX_FILE_NAME = 100
"""Bytes of a record's file name."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_CHARACTERS = 4
_ITEM_CHARACTERS = 6
_HASH_CHARACTERS = 8
_RECORD_ID = re.compile(r"[a-z]-\d{6}-[0-9a-z]{4,12}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DEVICE_NAMES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)


def new_record_id(letter: str, day: date, random: Random) -> str:
    """An id such as `t-260417-9xw2`; `letter` is one lower-case letter that names the type of record."""
    if not re.fullmatch("[a-z]", letter):
        raise ValueError(f"a record's type is one lower-case letter, not {letter!r}")
    ending = "".join(random.choices(_ALPHABET, k=_RANDOM_CHARACTERS))
    return f"{letter}-{day:%y%m%d}-{ending}"


def new_item_id(random: Random) -> str:
    """An id for a row inside a record, such as `9xw24k`: two people never make the same one."""
    return "".join(random.choices(_ALPHABET, k=_ITEM_CHARACTERS))


def is_record_id(text: str) -> bool:
    """Whether `text` has the form of a record id."""
    return _RECORD_ID.fullmatch(text) is not None


def is_safe_name(text: str) -> bool:
    """Whether `text` is a slug already, and so safe as a file name."""
    return _SLUG.fullmatch(text) is not None and len(text) <= MAX_SLUG and text not in _DEVICE_NAMES


def slug(text: str) -> str:
    """`text` as a safe part of a file name: lower-case ASCII letters, digits and single hyphens, 1 to 40 of them.

    Text that has nothing of the kind, or names a device on some systems, becomes or ends in a short hash.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-")
    if not words:
        return short_hash(text)
    return f"{words}-{short_hash(text)}" if words in _DEVICE_NAMES else words


def unique_slug(text: str, taken: Iterable[str]) -> str:
    """As `slug`, but different from all of `taken`, also where upper and lower case are the same."""
    used = {name.casefold() for name in taken}
    base = candidate = slug(text)
    attempt = 0
    while candidate in used:
        ending = short_hash(f"{text}\0{attempt}" if attempt else text)
        candidate = f"{base[: MAX_SLUG - _HASH_CHARACTERS - 1].rstrip('-')}-{ending}"
        attempt += 1
    return candidate


def file_name(record_id: str, name: str) -> str:
    """The file name of a record: its id and slug, at most 100 bytes, always a plain name inside its folder.

    An id or slug that is not of the safe form (it came from a file or a database) is made so first.
    """
    safe_id = record_id if is_record_id(record_id) else slug(record_id)
    safe_name = name if _SLUG.fullmatch(name) and len(name) <= MAX_SLUG else slug(name)
    return f"{safe_id}-{safe_name}.toml"


def short_hash(text: str) -> str:
    """Eight characters that depend on all of `text`; any text will do, also one with lone surrogates."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_CHARACTERS]
