"""What the two processes say to each other, and how it is framed on a pipe.

A frame is its length in eight bytes, then a pickle. The parent sends one `Task`, then perhaps `Stop`; the child sends
the other messages and ends after `Done`, `Failed`, `ViewFailed` or `Stuck`.
"""

from __future__ import annotations

import os
import pickle
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewtui.sources.state import Progress

if TYPE_CHECKING:
    from reviewtui.sources.request import SourceRequest

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Task:
    """What the child is to do."""

    request: SourceRequest
    job: str
    payload: object


@dataclass(frozen=True, slots=True)
class Stop:
    """The person asked to stop."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the result, sent before the end."""

    value: object


@dataclass(frozen=True, slots=True)
class Entered:
    """A named piece of work began."""

    label: str
    is_view: bool


@dataclass(frozen=True, slots=True)
class Left:
    """The innermost piece of work ended."""


@dataclass(frozen=True, slots=True)
class Done:
    """The job's result."""

    result: object


@dataclass(frozen=True, slots=True)
class Failed:
    """The job cannot be done."""

    kind: str
    """Name of the class in `reviewtui.errors`."""
    message: str
    headline: str
    trace: str = ""
    """For a log, never for a screen; empty where the message says it all."""


@dataclass(frozen=True, slots=True)
class ViewFailed:
    """A view made the job fail; it may work without."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A statement neither finished in time nor could be interrupted."""

    label: str
    is_view: bool
    seconds: float


Message = Progress | Part | Entered | Left | Done | Failed | ViewFailed | Stuck


def packed(message: object) -> bytes:
    """`message` as one frame."""
    body = pickle.dumps(message, 5)
    return _LENGTH.pack(len(body)) + body


def send(handle: int, frame: bytes) -> None:
    """Write a whole frame; OSError if the other side is gone."""
    rest = memoryview(frame)
    while rest:
        rest = rest[os.write(handle, rest[:_CHUNK]) :]


def receive(handle: int) -> object:
    """Wait for the next message; EOFError if the other side is gone."""
    inbox = Inbox()
    while not inbox.has_message:
        wanted = inbox.missing
        chunk = os.read(handle, min(wanted, _CHUNK))
        if not chunk:
            raise EOFError
        inbox.feed(chunk)
    return inbox.take()


class Inbox:
    """Bytes that have arrived, until they make whole messages."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    @property
    def missing(self) -> int:
        """How many more bytes the next message needs, as far as is known."""
        if len(self._bytes) < _LENGTH.size:
            return _LENGTH.size - len(self._bytes)
        (length,) = _LENGTH.unpack_from(self._bytes)
        return max(0, _LENGTH.size + int(length) - len(self._bytes))

    @property
    def has_message(self) -> bool:
        """Whether a whole message is there."""
        return len(self._bytes) >= _LENGTH.size and self.missing == 0

    def feed(self, chunk: bytes) -> None:
        """Add bytes as they came."""
        self._bytes += chunk

    def take(self) -> object:
        """The first whole message, removed."""
        (length,) = _LENGTH.unpack_from(self._bytes)
        end = _LENGTH.size + int(length)
        with memoryview(self._bytes) as view, view[_LENGTH.size : end] as body:
            message = pickle.loads(body)  # noqa: S301 - from a process this program started and framed itself
        del self._bytes[:end]
        return message
