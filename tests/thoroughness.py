"""How long the randomised and the combined tests take: `REVIEWTUI_THOROUGH=1` makes them try everything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

THOROUGH = bool(os.environ.get("REVIEWTUI_THOROUGH"))


def some_or_all(few: Iterable[T], every: Iterable[T]) -> tuple[T, ...]:
    """`few` in an ordinary run, `every` one in a thorough run."""
    return tuple(every if THOROUGH else few)
