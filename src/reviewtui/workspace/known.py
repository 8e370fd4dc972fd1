"""What people wrote down that is kept with the numbers: small, so that a start need not know the whole workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewtui.months import Month


@dataclass(frozen=True, slots=True)
class Link:
    """A link a person wrote down."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """Something known that happened: one `products/<slug>/events/<id>.toml`."""

    id: str
    product_id: str
    """`*` for an event of all products together."""
    month: Month
    kind: str
    metrics: tuple[str, ...] = ()
    """Empty: all metrics."""
    note: str = ""
