"""What has happened, as messages: workers and widgets post them, handlers change widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import Metric
    from reviewtui.months import Month
    from reviewtui.sheet_state import Failure, LoadedSheet
    from reviewtui.sources.state import Progress


@dataclass
class SheetProgress(Message):
    """A computation came further."""

    progress: Progress


@dataclass
class SheetLoaded(Message):
    """New numbers are there."""

    loaded: LoadedSheet


@dataclass
class SheetUnavailable(Message):
    """New numbers could not be had."""

    failure: Failure


@dataclass
class CellFocused(Message):
    """The cursor of the grid stands on another cell."""

    product: str
    metric: Metric
    month: Month


@dataclass
class SourcesChanged(Message):
    """Files were written or replaced since the numbers were computed from them; `names` is what they are called."""

    names: tuple[str, ...]
