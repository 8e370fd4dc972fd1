"""On which line of a TOML text a key stands.

The parser of the standard library says what a file means, not where; this scan finds the places. It never fails:
on text that is not TOML it finds what it can.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KeyPath = tuple[str | int, ...]
"""Keys from the outermost table inwards; a number is a place in an array, from 0."""

_MAX_DEPTH = 60
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = re.compile(r"[ \t]*+")
_KEY_PART = re.compile(r"[A-Za-z0-9_-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]++")
_REST_OF_LINE = re.compile(r"[^\n]*+")


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The 1-based line of the key at `path`, or of the nearest table around it that is written; else None."""
    return nearest_line(key_lines(text), path)


def nearest_line(lines: Mapping[KeyPath, int], path: Sequence[str | int]) -> int | None:
    """The line of `path` in what `key_lines` found, or of the nearest table around it."""
    wanted = tuple(path)
    for length in range(len(wanted), 0, -1):
        line = lines.get(wanted[:length])
        if line is not None:
            return line
    return None


def key_lines(text: str) -> dict[KeyPath, int]:
    """Every key, table and array element of `text` with its 1-based line."""
    scan = _Scan(text)
    scan.document()
    breaks = [match.start() for match in re.finditer("\n", text)]
    return {path: bisect_right(breaks, offset - 1) + 1 for path, offset in scan.places.items()}


class _LostError(Exception):
    """What stands here is not what TOML has here."""


class _Scan:
    """One pass over a text; `places` maps each key path to its offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.places: dict[KeyPath, int] = {}
        self.array_sizes: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self._skip(_BLANK)
            if self.offset >= len(self.text):
                return
            start = self.offset
            try:
                if self.text.startswith("[", start):
                    table = self._header()
                else:
                    self._pair(table, 0)
            except _LostError:
                self._skip(_REST_OF_LINE)
            self.offset = max(self.offset, start + 1)

    def _header(self) -> KeyPath:
        start = self.offset
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.offset += brackets
        keys = self._key()
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self._last_of((*path, key))
            self.places.setdefault(path, start)
        path = (*path, keys[-1])
        self.places.setdefault(path, start)
        if brackets == 2:
            self.array_sizes[path] = self.array_sizes.get(path, 0) + 1
            path = self._last_of(path)
            self.places[path] = start
        self._skip(_REST_OF_LINE)
        return path

    def _last_of(self, path: KeyPath) -> KeyPath:
        size = self.array_sizes.get(path)
        return path if size is None else (*path, size - 1)

    def _key(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(_plain_key(self._take(_KEY_PART)))
            self._skip(_SPACE)
            if not self._at("."):
                return keys

    def _pair(self, table: KeyPath, depth: int) -> None:
        start = self.offset
        path = table
        for key in self._key():
            path = (*path, key)
            self.places.setdefault(path, start)
        if not self._at("="):
            raise _LostError
        self._skip(_SPACE)
        self._value(path, depth + 1)

    def _value(self, path: KeyPath, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise _LostError
        if self._at("["):
            index = 0
            while not self._closed("]"):
                self.places[(*path, index)] = self.offset
                self._value((*path, index), depth + 1)
                self._separator()
                index += 1
        elif self._at("{"):
            while not self._closed("}"):
                self._pair(path, depth + 1)
                self._separator()
        elif self.text.startswith(('"', "'"), self.offset):
            self._take(_STRING)
        else:
            self._take(_PLAIN_VALUE)

    def _closed(self, bracket: str) -> bool:
        self._skip(_BLANK)
        if self.offset >= len(self.text):
            raise _LostError
        return self._at(bracket)

    def _separator(self) -> None:
        self._skip(_BLANK)
        if not self._at(",") and not self.text.startswith(("]", "}"), self.offset):
            raise _LostError

    def _at(self, token: str) -> bool:
        found = self.text.startswith(token, self.offset)
        if found:
            self.offset += len(token)
        return found

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.offset)
        self.offset = match.end() if match else self.offset

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.offset)
        if match is None:
            raise _LostError
        self.offset = match.end()
        return match[0]


def _plain_key(written: str) -> str:
    if not written.startswith('"'):
        return written.strip("'")
    try:
        return str(tomllib.loads(f"key = {written}")["key"])
    except ValueError:
        return written[1:-1]
