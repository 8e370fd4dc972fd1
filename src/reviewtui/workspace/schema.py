"""Small checks that a declared schema is built from.

A schema maps each key of a TOML table to a check. A check turns the value as written into the value to use, or
raises `Unusable`; the value then counts as not written, its problem is collected, and everything else is used.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from reviewtui.errors import Problem, Severity
from reviewtui.months import Month

if TYPE_CHECKING:
    from reviewtui.workspace.toml_file import TomlFile
    from reviewtui.workspace.toml_lines import KeyPath

T = TypeVar("T")
_SHOWN_CHARACTERS = 60


class Unusable(Exception):  # noqa: N818 - says what a value is
    """A value cannot be used; the text says why and what to write instead."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, and the list that problems found there go to."""

    file: TomlFile
    problems: list[Problem]
    path: KeyPath = ()

    def inside(self, key: str | int) -> Spot:
        """The place of `key` in the table or array that is here."""
        return Spot(self.file, self.problems, (*self.path, key))

    @property
    def line(self) -> int | None:
        """The 1-based line here."""
        return self.file.line(self.path)

    def report(self, message: str, severity: Severity = Severity.ERROR) -> None:
        """Collect a problem with what is here."""
        self.problems.append(Problem(self.file.label, self.line, message, severity))


Check = Callable[[Any, Spot], T]
Schema = Mapping[str, Check[Any]]


def read_table(value: object, spot: Spot, schema: Schema) -> dict[str, Any]:
    """The usable values of a table by key; what is unknown or unusable is reported and left out."""
    if not isinstance(value, dict):
        raise Unusable(f"{_subject(spot)} is a table of settings, not {kind_of(value)}.")
    usable = {}
    for key, item in value.items():
        check = schema.get(key)
        if check is None:
            hint = did_you_mean(key, schema)
            spot.inside(key).report(f"`{shown(key)}` is not a known setting and is ignored.{hint}", Severity.WARNING)
            continue
        try:
            usable[key] = check(item, spot.inside(key))
        except Unusable as error:
            spot.inside(key).report(str(error))
    return usable


def table(schema: Schema) -> Check[dict[str, Any]]:
    """A table with the keys of `schema`."""
    return lambda value, spot: read_table(value, spot, schema)


def tables(check: Check[T], *, also_one: bool = False) -> Check[tuple[T, ...]]:
    """An array of tables, each read by `check`; with `also_one` a single table will do."""

    def read(value: object, spot: Spot) -> tuple[T, ...]:
        if also_one and isinstance(value, dict):
            value, places = [value], [spot]
        elif isinstance(value, list):
            places = [spot.inside(index) for index in range(len(value))]
        else:
            raise Unusable(f"{_subject(spot)} is written as [[{spot.path[-1]}]] tables, not as {kind_of(value)}.")
        return tuple(_usable(zip(value, places, strict=True), check))

    return read


def entries(check: Check[T], known: Iterable[str] | None = None) -> Check[dict[str, T]]:
    """A table of free keys, or of `known` ones, each value read by `check`."""
    names = None if known is None else tuple(known)

    def read(value: object, spot: Spot) -> dict[str, T]:
        if not isinstance(value, dict):
            raise Unusable(f"{_subject(spot)} is a table, not {kind_of(value)}.")
        usable: dict[str, T] = {}
        for key, item in value.items():
            place = spot.inside(key)
            try:
                if names is not None:
                    _require_one_of(key, names)
                usable[key] = check(item, place)
            except Unusable as error:
                place.report(str(error))
        return usable

    return read


def text(value: object, spot: Spot) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise Unusable(f"{_subject(spot)} is a text in quotes, not {kind_of(value)}.")
    return value


def filled_text(value: object, spot: Spot) -> str:
    """A text with something in it."""
    words = text(value, spot)
    if not words.strip():
        raise Unusable(f"{_subject(spot)} is empty. Fill it in or remove the line.")
    return words


def texts(value: object, spot: Spot) -> tuple[str, ...]:
    """An array of texts; others in it are left out."""
    if not isinstance(value, list):
        raise Unusable(f"{_subject(spot)} is a list of texts in [ ], not {kind_of(value)}.")
    return tuple(_usable(((item, spot.inside(index)) for index, item in enumerate(value)), filled_text))


def flag(value: object, spot: Spot) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Unusable(f"{_subject(spot)} is true or false, not {kind_of(value)}.")
    return value


def whole(low: int, high: int) -> Check[int]:
    """A whole number from `low` to `high`, both included."""

    def read(value: object, spot: Spot) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unusable(f"{_subject(spot)} is a whole number, not {kind_of(value)}.")
        if not low <= value <= high:
            raise Unusable(f"{_subject(spot)} is a whole number from {low} to {high}.")
        return value

    return read


def number(value: object, spot: Spot) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unusable(f"{_subject(spot)} is a number, not {kind_of(value)}.")
    try:
        as_float = float(value)
    except OverflowError:
        as_float = math.inf
    if not math.isfinite(as_float):
        raise Unusable(f"{_subject(spot)} is out of range. Write an ordinary number.")
    return as_float


def between(low: float, high: float) -> Check[float]:
    """A number from `low` to `high`, both included."""

    def read(value: object, spot: Spot) -> float:
        amount = number(value, spot)
        if not low <= amount <= high:
            raise Unusable(f"{_subject(spot)} is a number from {low:g} to {high:g}, not {amount:g}.")
        return amount

    return read


def positive(value: object, spot: Spot) -> float:
    """A finite number above zero."""
    amount = number(value, spot)
    if amount <= 0:
        raise Unusable(f"{_subject(spot)} is more than zero, not {amount:g}.")
    return amount


def band(value: object, spot: Spot) -> float | tuple[float, float]:
    """A number, or [low, high]."""
    if isinstance(value, list):
        if len(value) != 2:
            raise Unusable(f"{_subject(spot)} is a number or [low, high], not a list of {len(value)}.")
        low, high = (number(item, spot) for item in value)
        if low > high:
            raise Unusable(f"{_subject(spot)} is [low, high]: the lower number first.")
        return low, high
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unusable(f"{_subject(spot)} is a number or [low, high], not {kind_of(value)}.")
    return number(value, spot)


def one_of(names: Iterable[str]) -> Check[str]:
    """One of a few words."""
    allowed = tuple(names)

    def read(value: object, spot: Spot) -> str:
        word = text(value, spot)
        _require_one_of(word, allowed)
        return word

    return read


def month(value: object, spot: Spot) -> Month:
    """A month as a text, `YYYY-MM`."""
    try:
        return Month.parse(text(value, spot))
    except ValueError:
        raise Unusable(f'{_subject(spot)} is a month written as "YYYY-MM", not "{shown(str(value))}".') from None


def currency(value: object, spot: Spot) -> str:
    """A currency code."""
    code = text(value, spot)
    if not re.fullmatch("[A-Z]{3}", code):
        raise Unusable(f'{_subject(spot)} is a currency code of three capital letters such as "USD".')
    return code


def time_zone(value: object, spot: Spot) -> str:
    """The name of a time zone; any name where the system has no list of them."""
    from zoneinfo import ZoneInfo, available_timezones

    name = text(value, spot)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        known = available_timezones()
        if known:
            hint = did_you_mean(name, known)
            raise Unusable(
                f'"{shown(name)}" is not a known time zone. Write a name such as "Europe/Paris".{hint}'
            ) from None
    return name


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean …?` where one of `known` is close to `word`; else empty."""
    import difflib

    close = difflib.get_close_matches(word[:_SHOWN_CHARACTERS], list(known), 1, 0.6)
    return f" Did you mean `{close[0]}`?" if close else ""


def shown(value: str) -> str:
    """`value`, shortened for a sentence."""
    return value if len(value) <= _SHOWN_CHARACTERS else value[: _SHOWN_CHARACTERS - 1] + "…"


def kind_of(value: object) -> str:
    """What a TOML value is, in a word or two."""
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")


def _usable(items: Iterable[tuple[Any, Spot]], check: Check[T]) -> Iterable[T]:
    for item, place in items:
        try:
            yield check(item, place)
        except Unusable as error:
            place.report(str(error))


def _require_one_of(word: str, allowed: tuple[str, ...]) -> None:
    if word not in allowed:
        hint = did_you_mean(word, allowed)
        raise Unusable(f'"{shown(word)}" is not one of: {", ".join(allowed)}.{hint}')


def _subject(spot: Spot) -> str:
    names = [str(part) for part in spot.path if isinstance(part, str)]
    return f"`{shown(names[-1])}`" if names else "This"
