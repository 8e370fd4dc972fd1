"""An `os` that records every file operation and can fail, or end the process, at any one of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS = frozenset(
    ["open", "close", "read", "write", "fsync", "replace", "stat", "access", "fchmod", "mkdir", "unlink"]
)


class FaultyOs:
    """Stands in for the `os` module; `trace` lists (operation, arguments, result) of what was done."""

    def __init__(self, before: Callable[[int, str], None] | None = None) -> None:
        self.before = before
        self.trace: list[tuple[str, tuple[Any, ...], Any]] = []
        self.begun = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in OPERATIONS:
            return real

        def operation(*arguments: Any, **options: Any) -> Any:
            self.begun += 1
            if self.before is not None:
                self.before(self.begun, name)
            result = real(*arguments, **options)
            self.trace.append((name, arguments, result))
            return result

        return operation

    @property
    def names(self) -> list[str]:
        """The operations in order."""
        return [name for name, _, _ in self.trace]


def failing_at(number: int, code: int) -> FaultyOs:
    """An `os` whose operation `number`, from 1, fails with the error `code`."""

    def before(begun: int, name: str) -> None:
        if begun == number:
            raise OSError(code, os.strerror(code))

    return FaultyOs(before)


def ending_at(number: int) -> FaultyOs:
    """An `os` that ends the process just before its operation `number`."""

    def before(begun: int, name: str) -> None:
        if begun == number:
            os._exit(9)

    return FaultyOs(before)
