"""What people wrote down that is kept with the numbers: small, so that a start need not know the whole workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from reviewtui.months import Month


class Link(NamedTuple):
    """A link a person wrote down."""

    label: str
    url: str


class KnownEvent(NamedTuple):
    """Something known that happened: one `products/<slug>/events/<id>.toml`."""

    id: str
    product_id: str
    """`*` for an event of all products together."""
    month: Month
    kind: str
    metrics: tuple[str, ...] = ()
    """Empty: all metrics."""
    note: str = ""
