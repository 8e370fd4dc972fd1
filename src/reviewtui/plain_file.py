"""Files of plain values, for what is kept between runs and can be made again.

Such a file belongs to one machine and one version of the program and can be deleted at any time. A checksum tells
whether it is whole; one that cannot be read is as good as none, and one that cannot be written is no problem of the
user's. Only plain value types are ever made from it.
"""

from __future__ import annotations

import io
import pickle
import zlib
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import date, timedelta, tzinfo
from enum import Enum
from typing import TYPE_CHECKING, Any

from reviewtui.errors import ReviewError

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = b"reviewtui numbers 1\n"
_CHECKSUM_BYTES = 4

_PLAIN_MODULES = frozenset(
    {
        "datetime",
        "decimal",
        "reviewtui.errors",
        "reviewtui.first_frame",
        "reviewtui.months",
        "reviewtui.metrics.kept",
        "reviewtui.metrics.sheet",
        "reviewtui.metrics.sheet_file",
        "reviewtui.screen_cells",
        "reviewtui.sources.state",
        "reviewtui.workspace.known",
    }
)

_PLAIN_KINDS = (tuple, Enum, date, timedelta, tzinfo)
_PLAIN_NUMBER = ("decimal", "Decimal")


def read_plain(path: Path) -> object:
    """The values of a file; None where there are none."""
    try:
        return plain_values(path.read_bytes())
    except (OSError, ValueError):
        return None


def write_plain(path: Path, values: object) -> None:
    """Keep values for this user alone, if that can be done.

    Whole or not at all, but not made to survive a power cut: what is damaged then is not read.
    """
    from reviewtui.workspace.atomic import atomic_write, make_folders

    with suppress(ReviewError, OSError):
        make_folders(path.parent)
        atomic_write(path, plain_bytes(values), new_mode=0o600, durably=False)


def plain_bytes(value: object) -> bytes:
    """Plain values as the content of a file."""
    body = pickle.dumps(value, protocol=5)
    return _MAGIC + zlib.crc32(body).to_bytes(_CHECKSUM_BYTES, "little") + body


def plain_values(data: bytes) -> object:
    """What `plain_bytes` wrote; None where the bytes are anything else."""
    start = len(_MAGIC) + _CHECKSUM_BYTES
    body = memoryview(data)[start:]
    checksum = zlib.crc32(body).to_bytes(_CHECKSUM_BYTES, "little")
    if not data.startswith(_MAGIC) or data[len(_MAGIC) : start] != checksum:
        return None
    try:
        return _PlainValues(io.BytesIO(body)).load()
    except Exception:  # noqa: BLE001 - a damaged pickle can raise anything, and means no more than a missing file
        return None


class _PlainValues(pickle.Unpickler):
    """Makes nothing but this program's own value types and dates."""

    def find_class(self, module: str, name: str) -> Any:
        """The class, if it is one of the plain ones."""
        found = super().find_class(module, name) if module in _PLAIN_MODULES and "." not in name else None
        if (module, name) == _PLAIN_NUMBER:
            return found
        if not isinstance(found, type) or not (is_dataclass(found) or issubclass(found, _PLAIN_KINDS)):
            raise pickle.UnpicklingError(f"{module}.{name} is no plain value")
        return found
