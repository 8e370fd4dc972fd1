"""The boundary that no control character crosses on its way to the terminal."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from reviewtui.text import safe_text

if TYPE_CHECKING:
    from textual.color import Color


@lru_cache(maxsize=4096)
def _safe(text: str) -> str:
    return safe_text(text, len(text))


class ControlFilter(LineFilter):
    """The last net: characters that could act on the terminal become visible, wherever they come from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - given to every filter
        """The same segments with safe text; lengths in characters stay the same."""
        return [
            segment
            if segment.text.isascii() and segment.text.isprintable()
            else Segment(_safe(segment.text), segment.style, segment.control)
            for segment in segments
        ]
