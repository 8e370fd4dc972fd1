"""Read a number as people write it: per cent, currency, thousands, decimal comma, accounting brackets.

Nothing is guessed silently: a text that reads two ways says so, and a text that is no number says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING

from reviewtui.imports.month_names import plain as folded
from reviewtui.imports.words import word_list

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NUMBER = 60
"""Characters; a longer text is prose."""


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A number, and how sure its reading is."""

    value: float
    """Per cent is a fraction already: `3.3 %` is 0.033."""
    is_percent: bool = False
    """It was written with a per cent sign, or in percent points."""
    reads_two_ways: bool = False
    """One separator before three digits: `1,234` is one thousand or one point two."""


@dataclass(frozen=True, slots=True)
class NoNumber:
    """Why a text is no number."""

    reason: str
    is_fault: bool = True
    """False for a text that people write where there is no value, as `n/a`."""


_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"), " "
)
_DASHES = dict.fromkeys(map(ord, "−‐‑–—﹣－"), "-")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ORDINARY = _WIDE | _SPACES | _DASHES | dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u200e\u200f"), None)
_ORDINARY |= {ord("٪"): "%", ord("’"): "'", ord("′"): "'", ord("٫"): ".", ord("٬"): ","}

_SHEET_ERROR = re.compile(r"#[^\s\d].*[!?]|#[A-ZÄÖÜ/]{2,}[!?]?", re.IGNORECASE)
_CURRENCY = (
    r"(?:US\$|CA\$|AU\$|NZ\$|HK\$|R\$|A\$|C\$|S\$|[$€£¥₹₽₩₺₫₪₴₦฿₱¢]|zł|Kč|kr\.?|Fr\.?|Rp|円"
    r"|USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|INR|CNY|KRW|SGD|HKD|ZAR|TRY|ILS)"
)
_MAGNITUDES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "thousand", "tausend", "千"), 1e3),
    **dict.fromkeys(("m", "mn", "mm", "mio", "mio.", "mil", "million", "millions", "millionen", "百万"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "billion", "billions", "milliarden"), 1e9),
    **dict.fromkeys(("t", "tn", "trillion"), 1e12),
    "万": 1e4,
    "億": 1e8,
}
_FRACTIONS = {"%": 100.0, "‰": 1000.0, "pp": 100.0, "ppt": 100.0, "bps": 10_000.0, "percent": 100.0, "prozent": 100.0}
_PLAIN_UNITS = frozenset(("x", "d", "days", "day", "tage", "h", "pts", "points"))
_PARTS = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<before>{_CURRENCY}?)\s*(?P<sign2>[-+]?)\s*"
    r"(?P<digits>(?:\d[\d.,' ]*|[.,]\d+))(?P<exponent>[eE][-+]?\d{1,3})?\s*"
    rf"(?P<unit>[^\W\d_]{{1,9}}\.?|百万|[%‰])??\s*(?P<after>{_CURRENCY}?)\s*(?P<sign3>[-+]?)"
)
_GROUPS = re.compile(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*|\d{1,3}(?:,\d{2})+,\d{3}")


def read_number(text: str, decimal: str = "") -> NumberRead | NoNumber:
    """The number that `text` says; `decimal` is the sign (`.` or `,`) that its sheet uses, empty if not known."""
    plain = " ".join(text.translate(_ORDINARY).split()).strip("'\"` ")
    if not plain or folded(plain) in word_list("no_value"):
        return NoNumber("written as no value", is_fault=False)
    if _SHEET_ERROR.fullmatch(plain):
        return NoNumber("an error of the spreadsheet", is_fault=False)
    bracketed = plain.startswith("(") and plain.endswith(")")
    match = _PARTS.fullmatch(plain[1:-1].strip() if bracketed else plain) if len(plain) <= LONGEST_NUMBER else None
    if match is None:
        return NoNumber("not a number")
    signs = [match[name] for name in ("sign", "sign2", "sign3") if match[name]]
    digits = _plain_digits(match["digits"].strip(), decimal)
    scale = _scale(match["unit"] or "")
    if digits is None or scale is None or len(signs) + bracketed > 1:
        return NoNumber("not a number")
    factor, is_percent = scale
    number = _scaled(digits[0] + (match["exponent"] or ""), factor, is_percent=is_percent)
    if not isfinite(number):
        return NoNumber("too large for a number")
    negative = bracketed or "-" in signs
    return NumberRead(-number if negative else number, is_percent, digits[1])


def decimal_sign(texts: Iterable[str]) -> str:
    """The decimal sign, `.` or `,`, that most unmistakable numbers among `texts` use; empty where none says."""
    votes = {".": 0, ",": 0}
    for text in texts:
        sign = _vote(text)
        if sign:
            votes[sign] += 1
    if votes["."] == votes[","]:
        return ""
    return max(votes, key=lambda sign: votes[sign])


def _vote(text: str) -> str:
    """The decimal sign that `text` shows beyond doubt: also by a thousands separator that it cannot be."""
    if len(text) > LONGEST_NUMBER:
        return ""
    match = _PARTS.fullmatch(" ".join(text.translate(_ORDINARY).split()).strip("()'\"` "))
    if match is None:
        return ""
    digits = match["digits"].strip()
    signs = [sign for sign in ".," if sign in digits]
    if len(signs) == 2:
        return max(signs, key=digits.rfind)
    if len(signs) != 1 or _reads_two_ways(digits, signs[0]):
        return ""
    other = "," if signs[0] == "." else "."
    return other if digits.count(signs[0]) > 1 else signs[0]


def _reads_two_ways(digits: str, sign: str) -> bool:
    """Whether the only `sign` in `digits` can be a thousands separator as well as a decimal sign."""
    whole, _, rest = digits.partition(sign)
    return (
        digits.count(sign) == 1
        and len(rest) == 3
        and rest.isdecimal()
        and whole.isdecimal()
        and (len(whole) <= 3 and not whole.startswith("0"))
    )


def _plain_digits(digits: str, decimal: str) -> tuple[str, bool] | None:
    """The digits as Python reads them, and whether they read two ways; None if they are no number."""
    signs = [sign for sign in ".," if sign in digits]
    point, two_ways = "", False
    if len(signs) == 2:
        point = max(signs, key=digits.rfind)
    elif signs and digits.count(signs[0]) == 1:
        two_ways = _reads_two_ways(digits, signs[0])
        # Without evidence a point is a decimal sign and a comma separates thousands.
        point = signs[0] if not two_ways or signs[0] == (decimal or ".") else ""
    whole, _, fraction = digits.rpartition(point) if point else (digits, "", "")
    if point and not fraction.isdecimal() and fraction:
        return None
    if not whole.isdecimal() and whole and not _GROUPS.fullmatch(whole):
        return None
    plain = re.sub(r"[.,' ]", "", whole)
    return f"{plain or '0'}.{fraction or '0'}", two_ways


def _scale(unit: str) -> tuple[float, bool] | None:
    """What a unit multiplies by, or divides by if it is a fraction; None for an unknown one."""
    name = unit.casefold()
    if not name or name in _PLAIN_UNITS:
        return 1.0, False
    if name in _FRACTIONS:
        return _FRACTIONS[name], True
    known = _MAGNITUDES.get(name)
    return None if known is None else (known, False)


def _scaled(digits: str, factor: float, *, is_percent: bool) -> float:
    """Exact in decimal before it becomes a double, so that `3.3 %` is 0.033."""
    exact = Decimal(digits)
    return float(exact / int(factor) if is_percent else exact * int(factor))
