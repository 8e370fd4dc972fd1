"""Read the plain form of TOML in which records are written, several times faster than the parser that knows all forms.

Whatever is not of that form is left to the parser: this never guesses, and what it reads the parser reads the same.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_KEY = r"[A-Za-z0-9_-]++"
_LINE = r"(?:[^\"\\\x00-\x08\x0a-\x1f\x7f]++|\\[\"\\])*+"
_PROSE = r"(?:[^\"\\\x00-\x08\x0b-\x1f\x7f]++|\\[\"\\]|\"{1,2}+(?!\"))*+"
_ESCAPED = re.compile(r"\\(.)")
_ENTRY = re.compile(
    rf"(?P<key>{_KEY}) = (?:"
    rf'"(?P<text>{_LINE})"'
    rf'|"""\n(?P<prose>{_PROSE})"""'
    r"|(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"|(?P<number>0|-?[1-9][0-9]{0,17})"
    r"|(?P<flag>true|false)"
    rf'|\[\n(?P<list>(?:    "{_LINE}",\n)*+)\]'
    r")\n"
    rf"|\[\[(?P<row>{_KEY})\]\]\n"
    rf"|\[(?P<table>{_KEY})\]\n"
    r"|\n"
)
_ITEM = re.compile(rf'    "({_LINE})",\n')
_MARKS = (b"<<<<<<<", b">>>>>>>", b"|||||||")
"""A file with one of these may be an unsettled merge."""


def quick_values(raw: bytes) -> dict[str, Any] | None:
    """The values of a file in the plain form; None for any other."""
    if any(mark in raw for mark in _MARKS):
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    values: dict[str, Any] = {}
    table = values
    at, end = 0, len(text)
    while at < end:
        entry = _ENTRY.match(text, at)
        if entry is None:
            return None
        at = entry.end()
        kind = entry.lastgroup
        if kind is None:
            continue
        if kind in ("row", "table"):
            found = _opened(values, entry[kind], is_row=kind == "row")
            if found is None:
                return None
            table = found
            continue
        key = entry["key"]
        value = _value(kind, entry[kind])
        if key in table or value is None:
            return None
        table[key] = value
    return values


def _opened(values: dict[str, Any], name: str, *, is_row: bool) -> dict[str, Any] | None:
    """The new table of a header; None where the name is taken by something else."""
    table: dict[str, Any] = {}
    if name not in values:
        values[name] = [table] if is_row else table
        return table
    rows = values[name]
    if is_row and isinstance(rows, list) and rows and isinstance(rows[0], dict):
        rows.append(table)
        return table
    return None


def _value(kind: str, written: str) -> Any:
    if kind in ("text", "prose"):
        return _unescaped(written)
    if kind == "list":
        return list(map(_unescaped, _ITEM.findall(written)))
    if kind == "flag":
        return written == "true"
    if kind == "number":
        return int(written)
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _unescaped(written: str) -> str:
    return _ESCAPED.sub(r"\1", written) if "\\" in written else written
