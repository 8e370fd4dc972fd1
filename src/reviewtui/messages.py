"""What has happened, as messages: workers and widgets post them, handlers change widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Hashable

    from reviewtui.loaded_sheet import LoadedSheet
    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.sheet_state import Failure
    from reviewtui.sources.state import Progress


@dataclass(eq=False, repr=False)
class SheetProgress(Message):
    """A computation came further."""

    progress: Progress
    newest: LoadedSheet | None = None
    """The numbers of the newest months, once they are known."""


@dataclass(eq=False, repr=False)
class SheetLoaded(Message):
    """New numbers are there."""

    loaded: LoadedSheet


@dataclass(eq=False, repr=False)
class SheetUnavailable(Message):
    """New numbers could not be had."""

    failure: Failure


@dataclass(eq=False, repr=False)
class SectionPressed(Message):
    """The title of a section was pressed with the mouse."""

    section: str


@dataclass(eq=False, repr=False)
class SourcesChanged(Message):
    """Sources or files of the workspace changed since they were read; `names` is what they are called."""

    names: tuple[str, ...]


@dataclass(eq=False, repr=False)
class RowsFound(Message):
    """The rows behind a cell are there, or why they are not."""

    sheet: MetricSheet
    key: Hashable
    found: Any
    """What was asked for; None: not there."""
    words: str = ""
    """What to say instead; how far it is while `found` is not there yet."""
    is_over: bool = True
    """Whether nothing more comes."""
