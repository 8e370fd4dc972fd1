"""The fields of a form: what each takes, and the step from what is typed to a value and back. Pure.

Texts are what the person sees and what a draft keeps; values are what is saved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from reviewtui.month_words import UnknownMonthError, read_month
from reviewtui.months import MONTHS_PER_YEAR, Month, latest_complete_month
from reviewtui.quick_tuple import NamedTuple
from reviewtui.text import searchable
from reviewtui.typed_text import taken_line, taken_text

FieldKind = Literal["line", "text", "choice", "month", "date", "tags", "flag", "number"]
FieldValue = str | bool | Month | date | Decimal | tuple[str, ...] | None
Values = Mapping[str, FieldValue]

YES, NO = "yes", "no"
MOST_OFFERED = 200
"""Completions that are listed for what is typed."""

_FIRST_MONTH, _LAST_MONTH = Month(1990, 1), Month(2199, 12)
_MONTHS_SAID = "Type a month, as 2026-04, apr, apr 26, q3 26, or +2 (months from now)."
_DAYS_SAID = "Type a day, as 2026-04-17, 04-17, today, or -3 (days back)."
_NUMBER_SAID = "Type a number, as 1234.5."
_DAY_NAMES = {"today": 0, "yesterday": -1, "tomorrow": 1}


class Option(NamedTuple):
    """One of the values of a choice."""

    value: str
    """What is saved."""
    name: str
    """What is shown."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form."""

    key: str
    """The name under which its value is saved."""
    label: str
    kind: FieldKind = "line"
    choices: Sequence[str | tuple[str, str]] = ()
    """Values of a `choice`, or pairs of value and name; nothing else is taken."""
    required: bool = False
    hint: str = ""
    """A few words on what to write."""
    suggestions: Sequence[str] = ()
    """What a `line` or `tags` field offers while it is typed in; anything else is taken too."""
    is_ahead: bool = False
    """Whether a month without a year is one to come, as when something is due."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices as pairs; yes and no for a flag."""
        if self.kind == "flag":
            return Option(YES, YES), Option(NO, NO)
        return tuple(Option(item, item) if isinstance(item, str) else Option(*item) for item in self.choices)


class FieldError(ValueError):
    """What is typed cannot be a value of the field; the message says what can."""


def field_text(field: FormField, value: object) -> str:
    """`value` as the field shows it."""
    if value is None or value == () or value == []:
        return NO if field.kind == "flag" else ""
    if field.kind == "flag":
        return YES if value else NO
    if field.kind == "choice":
        return next((option.name for option in field.options if option.value == value), str(value))
    if field.kind == "tags" and isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(item) for item in value)
    if field.kind == "text":
        return taken_text(str(value)).text
    if isinstance(value, date):
        return value.isoformat()
    return taken_line(str(value)).text


def read_field(field: FormField, text: str, today: date) -> FieldValue:
    """The value that `text` means; None or empty where it says nothing. Raises FieldError."""
    typed = text.strip()
    if field.required and not typed:
        raise FieldError(f"{field.label} is needed.")
    if field.kind == "text":
        return text.rstrip() if typed else ""
    if field.kind == "tags":
        return read_tags(text)
    if field.kind == "line":
        return typed
    if not typed:
        return False if field.kind == "flag" else None
    return _READERS[field.kind](field, typed, today)


def read_tags(text: str) -> tuple[str, ...]:
    """Tags separated by commas, each once."""
    return tuple(dict.fromkeys(part for part in (part.strip() for part in text.split(",")) if part))


def understood(field: FormField, text: str, today: date) -> str:
    """What `text` is taken for, where that is not what it says itself; empty for other fields and while it is wrong."""
    if field.kind not in ("month", "date") or not text.strip():
        return ""
    try:
        value = read_field(field, text, today)
    except FieldError:
        return ""
    if isinstance(value, Month):
        return value.long_label
    return f"{value:%A}, {value.isoformat()}" if isinstance(value, date) else ""


def offered(field: FormField, text: str) -> tuple[Option, ...]:
    """What can be taken in place of `text`, or of its last tag, the beginnings first."""
    typed = text.strip()
    options: Sequence[Option] = [Option(suggestion, suggestion) for suggestion in field.suggestions]
    taken: Sequence[str] = (typed,)
    if field.kind in ("choice", "flag"):
        options, taken = field.options, ()
    elif field.kind == "tags":
        typed, taken = text.rpartition(",")[2].strip(), read_tags(text)
    wanted = searchable(typed)
    matching = [
        option
        for option in options
        if option.value not in taken and wanted in searchable(f"{option.name} {option.value}")
    ]
    if wanted:
        matching.sort(key=lambda option: not searchable(option.name).startswith(wanted))
    return tuple(matching[:MOST_OFFERED])


def with_option(field: FormField, text: str, option: Option) -> str:
    """`text` once `option` was taken."""
    if field.kind != "tags":
        return option.name
    before = read_tags(text.rpartition(",")[0])
    return ", ".join((*before, option.value)) + ", "


def _choice(field: FormField, typed: str, _today: date) -> str:
    wanted = searchable(typed)
    exact = [item for item in field.options if wanted in (searchable(item.name), searchable(item.value))]
    begun = exact or [item for item in field.options if searchable(item.name).startswith(wanted)]
    if len(begun) == 1 or exact:
        return begun[0].value
    names = ", ".join(option.name for option in (begun or field.options)[:8])
    raise FieldError(f"Choose one of: {names}{', …' if len(begun or field.options) > 8 else ''}.")


def _flag(field: FormField, typed: str, today: date) -> bool:
    return _choice(field, typed, today) == YES


def _month(field: FormField, typed: str, today: date) -> Month:
    newest = Month.of(today) + (MONTHS_PER_YEAR - 1) if field.is_ahead else latest_complete_month(today)
    try:
        return read_month(typed, Month.of(today), (_FIRST_MONTH, _LAST_MONTH), newest)
    except UnknownMonthError as error:
        raise FieldError(_MONTHS_SAID) from error


def _day(_field: FormField, typed: str, today: date) -> date:
    word = typed.lower()
    try:
        if word in _DAY_NAMES:
            return today + timedelta(days=_DAY_NAMES[word])
        if match := re.fullmatch(r"([+\-−])\s*(\d{1,4})", word):
            return today + timedelta(days=int(match[2]) * (1 if match[1] == "+" else -1))
        if match := re.fullmatch(r"(\d{1,2})-(\d{1,2})", word):
            return date(today.year, int(match[1]), int(match[2]))
        if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", word):
            return date(int(match[1]), int(match[2]), int(match[3]))
    except (ValueError, OverflowError) as error:
        raise FieldError(f"There is no such day. {_DAYS_SAID}") from error
    raise FieldError(_DAYS_SAID)


def _number(_field: FormField, typed: str, _today: date) -> Decimal:
    plain = typed.replace("−", "-").replace(" ", "").replace("\u00a0", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", plain):
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise FieldError(_NUMBER_SAID) from error
    if not number.is_finite():
        raise FieldError(_NUMBER_SAID)
    return number


_READERS: Mapping[str, Callable[[FormField, str, date], FieldValue]] = {
    "choice": _choice,
    "flag": _flag,
    "month": _month,
    "date": _day,
    "number": _number,
}
