"""Reading `git status --porcelain=v2 --branch -z`: pure."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORT_HASH = 7
_DETACHED = "(detached)"
_AHEAD_BEHIND = re.compile(r"\+(\d+) -(\d+)")
_FIELDS_BEFORE_PATH = {"1": 8, "2": 9, "u": 10, "?": 1}
"""By the letter of an entry, how many words stand before its path."""


@dataclass(frozen=True, slots=True)
class ParsedStatus:
    """What the status says; paths are relative to the folder that was asked about."""

    branch: str
    has_commits: bool
    ahead: int | None
    behind: int | None
    changed: tuple[str, ...]
    untracked: tuple[str, ...]
    unmerged: tuple[str, ...]


def parsed_status(answer: bytes, prefix: str) -> ParsedStatus:
    """The status in `answer`; `prefix` is where the folder lies in its repository.

    Raises ValueError for an answer of another form.
    """
    headers: dict[str, str] = {}
    found: dict[str, list[str]] = {"1": [], "u": [], "?": []}
    entries = iter(os.fsdecode(answer).split("\0"))
    for entry in entries:
        letter = entry[:1]
        if letter == "#":
            _, name, value = entry.split(" ", 2)
            headers[name] = value
        elif letter:
            path = entry.split(" ", _FIELDS_BEFORE_PATH[letter])[-1] if letter in _FIELDS_BEFORE_PATH else ""
            if not path:
                raise ValueError("an entry of another form")
            found["1" if letter == "2" else letter].append(path)
            if letter == "2":
                # A renamed file is followed by its name before; that one is gone, which is a change as well.
                found["1"].append(next(entries))
    counts = _AHEAD_BEHIND.fullmatch(headers.get("branch.ab", ""))
    commit, branch = headers.get("branch.oid", ""), headers.get("branch.head", "")
    return ParsedStatus(
        branch=commit[:_SHORT_HASH] if branch == _DETACHED else branch,
        has_commits=bool(commit) and commit != "(initial)",
        ahead=int(counts[1]) if counts else None,
        behind=int(counts[2]) if counts else None,
        changed=_inside(prefix, {*found["1"], *found["?"], *found["u"]}),
        untracked=_inside(prefix, found["?"]),
        unmerged=_inside(prefix, found["u"]),
    )


def _inside(prefix: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Paths as seen from the folder; a file may have come from outside of it."""
    return tuple(sorted(path.removeprefix(prefix) for path in paths if path.startswith(prefix)))
