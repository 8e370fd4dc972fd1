"""Numbers as bytes, the lowest byte first on every machine."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def pack_numbers(kind: str, numbers: Iterable[float]) -> bytes:
    """`numbers` one after the other; `kind` is a type code of `array`."""
    packed: array[Any] = array(kind, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack_numbers(kind: str, data: bytes) -> array[Any]:
    """The numbers that `pack_numbers` was given; ValueError if `data` is cut."""
    numbers: array[Any] = array(kind)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
