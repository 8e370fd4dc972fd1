"""The argument parser: values as this program writes them, and one plain line for wrong usage."""

from __future__ import annotations

import argparse
import textwrap
from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING, NoReturn

from reviewtui.commands.opening import EARLIEST_YEAR, LATEST_YEAR, expanded, usual_day
from reviewtui.commands.suggest import closest
from reviewtui.errors import UsageError
from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Paragraphs are wrapped to the terminal; indented lines stay as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        return "\n\n".join(
            part if "\n  " in part else textwrap.fill(part, width, initial_indent=indent, subsequent_indent=indent)
            for part in paragraphs
        )


class Parser(argparse.ArgumentParser):
    """A parser that raises `UsageError` with one sentence instead of printing its usage and leaving."""

    def __init__(self, *, examples: Sequence[str] = (), **settings: object) -> None:
        if examples:
            settings["epilog"] = "examples:\n" + "\n".join(f"  {example}" for example in examples)
        settings.setdefault("formatter_class", HelpFormatter)
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]  # passed on as they came

    def error(self, message: str) -> NoReturn:
        """Refuse the command line, naming the command whose help tells more."""
        message = message.removeprefix("argument ").rstrip(".")
        raise UsageError(f"{message}. See `{self.prog} --help`.")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        choices = [str(choice) for choice in action.choices or ()]
        if not choices or value in choices:
            return
        asked = str(value)
        near = closest(asked, choices)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(choices)}"
        what = "command" if isinstance(action, argparse._SubParsersAction) else "/".join(action.option_strings)  # noqa: SLF001
        raise UsageError(f"there is no {what} {asked!r}; {hint}")


def path(text: str) -> Path:
    """A file or folder; `~` stands for the home folder."""
    if not text:
        raise argparse.ArgumentTypeError("a path is missing: the text is empty")
    return expanded(text)


def month(text: str) -> Month:
    """A month as `2026-04`."""
    try:
        return Month.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a month is written YYYY-MM, as 2026-04, not {text!r}") from None


def as_of_date(text: str) -> date:
    """A date as `2026-04-30`."""
    usual = usual_day(text)
    if usual is not None:
        return usual
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no time zone
    except ValueError:
        raise argparse.ArgumentTypeError(f"a date is written YYYY-MM-DD, as 2026-04-30, not {text!r}") from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise argparse.ArgumentTypeError(f"the year lies between {EARLIEST_YEAR} and {LATEST_YEAR}, not {day.year}")
    return day


def whole_number(text: str) -> int:
    """A whole number from 0 on."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(f"a whole number from 0 on, not {text!r}")
    return int(text)


def positive_number(text: str) -> float:
    """A number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not (isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"a number above 0, not {text!r}")
    return number
