"""What can go wrong, in words for the person who has to mend it.

Two forms: a `Problem` is collected and shown while everything else keeps working; a `ReviewError` ends what
was asked for. Both carry plain sentences; only programming mistakes raise anything else.
"""

from __future__ import annotations

from enum import StrEnum

from reviewtui.quick_tuple import NamedTuple


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """Something a person wrote or supplied could not be used."""
    WARNING = "warning"
    """Everything could be used, but a person should know."""


class Problem(NamedTuple):
    """One thing wrong with a file, a view or a table."""

    path: str
    """The file, view or table: what a person has to open."""
    line: int | None
    """1-based line in `path`, where there is one."""
    message: str
    """What is wrong and what to do about it."""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}" if place else self.message


class ReviewError(Exception):
    """The request cannot be done; `message` says why and what to do next, `headline` names it in a few words."""

    def __init__(self, message: str, headline: str = "Something is wrong") -> None:
        super().__init__(message)
        self.message = message
        self.headline = headline


class UsageError(ReviewError):
    """The command line asks for something that does not exist; exit code 2."""


class SourceError(ReviewError):
    """A source could not be opened or read."""


class Cancelled(ReviewError):  # noqa: N818 - a decision of the person, not an error
    """The person asked to stop."""

    def __init__(self) -> None:
        super().__init__("Stopped before it was done; nothing was changed.", "Stopped")
