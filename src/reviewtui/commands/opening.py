"""The usual command line, `reviewtui [--workspace DIR] [--as-of DATE]`, read without the parser.

Importing the parser with every command would take a tenth of the time to the first frame.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

EARLIEST_YEAR, LATEST_YEAR = 1900, 9998
"""As-of dates outside are refused: months before and after must exist."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Opening(NamedTuple):
    """What to open and the day to look from; None: what is usual."""

    workspace: Path | None = None
    as_of: date | None = None


def opening_of(arguments: Iterable[str]) -> Opening | None:
    """What to open; None where anything else is asked for or something is wrong: the parser knows about that."""
    opening = Opening()
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            value = next(words, "")
        if not value or value.startswith("-"):
            return None
        day = usual_day(value)
        if name == "--workspace":
            opening = opening._replace(workspace=expanded(value))
        elif name == "--as-of" and day is not None:
            opening = opening._replace(as_of=day)
        else:
            return None
    return opening


def expanded(text: str) -> Path:
    """A file or folder; `~` stands for the home folder where there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def usual_day(text: str) -> date | None:
    """A day as `2026-04-30` in a year that can be worked with, or None."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def today() -> date:
    """The day it is on this machine."""
    return datetime.now().astimezone().date()
