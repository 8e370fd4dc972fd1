"""Exact numbers in and out: fractions for every figure, texts that lose nothing."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

Number = Fraction | Decimal | int

MOST_DECIMALS = 40
"""Decimals of a figure that is printed exactly; longer ones are printed as the nearest double."""

_EXACT = Context(prec=120)


def add(first: Decimal, second: Decimal) -> Decimal:
    """The sum, whatever its length."""
    return _EXACT.add(first, second)


def multiply(first: Decimal, second: Decimal) -> Decimal:
    """The product, whatever its length."""
    return _EXACT.multiply(first, second)


def quotient(part: Number, whole: Number) -> Fraction | None:
    """`part` / `whole`; None where there is no whole."""
    return Fraction(part) / Fraction(whole) if whole else None


def percent(part: Number | None, whole: Number | None) -> Fraction | None:
    """`part` of `whole` in per cent; None where either is missing or the whole is 0."""
    if part is None or not whole:
        return None
    return Fraction(part) / Fraction(whole) * 100


def change_percent(before: Number | None, after: Number | None) -> Fraction | None:
    """The change in per cent of what was before; None where that is 0 or either is missing."""
    if before is None or after is None or not before:
        return None
    return (Fraction(after) - Fraction(before)) / abs(Fraction(before)) * 100


def number_text(value: Number | float | None) -> str:
    """As text that reads back to the same: exact where the decimals end, else as the nearest double; empty for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    exact = Fraction(value)
    decimals = _decimals(exact.denominator)
    if decimals is None:
        return repr(float(exact))
    digits = exact.numerator * 10**decimals // exact.denominator
    sign, text = ("-" if digits < 0 else ""), str(abs(digits)).rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}" if decimals else f"{sign}{text}"


def _decimals(denominator: int) -> int | None:
    """How many decimals a fraction over `denominator` has; None where they do not end soon."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    most = max(twos, fives)
    return most if denominator == 1 and most <= MOST_DECIMALS else None
