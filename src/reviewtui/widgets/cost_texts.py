"""Amounts, fractions and changes of costs, as cells have them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui.metrics.formats import MINUS, compact

if TYPE_CHECKING:
    from fractions import Fraction


def money(value: Fraction | None) -> str:
    """An amount."""
    return "n/a" if value is None else compact(float(value))


def percent_text(value: Fraction | None) -> str:
    """A fraction in per cent."""
    return "n/a" if value is None else f"{float(value) * 100:.1f} %".replace("-", MINUS)


def moved(old: str, new: str) -> str:
    """What a scenario makes of a figure; the figure alone where it stays."""
    return new if old == new else f"{old} → {new}"


def plain_words(text: str) -> str:
    """A sentence of a finding without the marks that set names apart in Markdown."""
    return text.replace("`", "")


def range_text(low: Fraction, high: Fraction) -> str:
    """Two fractions in per cent, as short as it can be read."""
    between = "–" if low >= 0 else " to "
    return f"{percent_text(low).removesuffix(' %')}{between}{percent_text(high)}"


def step(value: Fraction | None, unit: str = "%") -> str:
    """A change with its sign."""
    if value is None:
        return ""
    sign = "+" if value > 0 else MINUS if value < 0 else " "
    return f"{sign}{abs(float(value)):,.1f}{'' if unit == '%' else ' '}{unit}"


def signed_money(value: Fraction) -> str:
    """A change of an amount, with its sign."""
    return f"{'+' if value > 0 else MINUS}{money(abs(value))}"
