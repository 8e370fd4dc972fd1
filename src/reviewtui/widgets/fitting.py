"""Text cut, padded and wrapped to terminal cells, whatever alphabet it is written in.

Every function makes its text safe first: what comes back can be painted as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells, set_cell_size

from reviewtui.text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS = "…"


def shown_name(name: str, fallback: str) -> str:
    """A name from data, safe to paint; `fallback` where it has nothing to see."""
    return safe_text(name if name.strip() else fallback)


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where something was left out."""
    clean = safe_text(text)
    if cell_len(clean) <= width:
        return clean
    return set_cell_size(clean, max(0, width - 1)).rstrip() + ELLIPSIS if width > 0 else ""


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells, left-aligned."""
    return set_cell_size(shorten(text, width), max(0, width))


def fit_right(text: str, width: int) -> str:
    """`text` in exactly `width` cells, right-aligned."""
    short = shorten(text, width)
    return " " * (width - cell_len(short)) + short


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at spaces where there are any."""
    return list(_wrapped(safe_text(text), width)) if width > 0 else []


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        *whole, line = chop_cells(word, width) or [""]
        yield from whole
    if line:
        yield line
