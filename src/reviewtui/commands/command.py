"""What a command is, to the command line that offers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words in the help, its arguments and its work."""

    name: str
    summary: str
    """Completes "reviewtui NAME: ..."; lower case, no full stop."""
    description: str
    """Paragraphs of the command's own help."""
    examples: tuple[str, ...]
    add_arguments: Callable[[argparse.ArgumentParser], object]
    """Name the command's own arguments."""
    run: Callable[[argparse.Namespace], int]
    """Do the work and return the exit code."""


def no_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no arguments of its own."""
    del parser
