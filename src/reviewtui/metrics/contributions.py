"""What each part of a metric contributes to its change, so that the parts add up to the change exactly. Pure.

The change of a quotient is shared out evenly: the numerator's part is its own change over the mean of one over both
denominators, the denominator's part is what remains, and neither depends on which of the two is looked at first. Both
are linear, so that a group's part follows from what it adds to numerator and denominator.

Contributions are decimals: a sum of floating-point numbers would only nearly be the change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from math import comb, isfinite
from typing import TYPE_CHECKING

from reviewtui.quick_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    _Worth = Callable[[Sequence[float]], float | None]

DIGITS = 12
"""Contributions are kept to so many digits of the largest number among them."""

ROUNDING = 1e-7
"""What is missing at the end, as a share of the largest number: less is how numbers were rounded, more is a gap."""

_PRECISION = 700
"""Digits that any sum and difference of floating-point numbers fits into."""


class Amounts(NamedTuple):
    """What something adds to the numerator and the denominator of a metric, before and now.

    The numerator of a metric that is no quotient is its value, its denominator 0.
    """

    numerator_before: float = 0.0
    numerator_now: float = 0.0
    denominator_before: float = 0.0
    denominator_now: float = 0.0


class Weights(NamedTuple):
    """By how much a metric changes for one more in its numerator, and in its denominator."""

    numerator: float
    denominator: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row: what something contributed to a change."""

    name: str
    effect: Decimal = Decimal(0)
    detail: str = ""
    before: float | None = None
    now: float | None = None
    unit: str = ""
    """What `before` and `now` are counted in."""
    key: str = ""
    """What its records are asked for by; empty: it has none."""
    metric: str = ""
    """The metric whose cell it is; empty: it is none."""
    is_rest: bool = False
    """Whether it stands for what is not listed; such a row comes last."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A change in parts that add up to it."""

    id: str
    heading: str
    rows: tuple[Contribution, ...]
    change: Decimal
    note: str = ""


class Part(NamedTuple):
    """What a row is made of, before its contribution is a decimal."""

    row: Contribution
    effect: float


def weights(total: Amounts, factor: float = 1.0) -> Weights | None:
    """The weights for a metric that is `factor` times numerator over denominator; None where it is not both months.

    A metric without a denominator is its numerator.
    """
    before, now = total.denominator_before, total.denominator_now
    if not before and not now:
        return Weights(factor, 0.0)
    if not before or not now:
        return None
    per_numerator = (1 / before + 1 / now) / 2
    per_denominator = -(total.numerator_before / before / now + total.numerator_now / before / now) / 2
    found = Weights(factor * per_numerator, factor * per_denominator)
    return found if all(isfinite(weight) for weight in found) else None


def effect(amounts: Amounts, weight: Weights) -> float:
    """What a group with these amounts contributes."""
    return weight.numerator * (amounts.numerator_now - amounts.numerator_before) + weight.denominator * (
        amounts.denominator_now - amounts.denominator_before
    )


def change_between(before: float, now: float) -> Decimal:
    """The change from one value to the other, exactly as the two are written."""
    with localcontext() as context:
        context.prec = _PRECISION
        return Decimal(repr(float(now))) - Decimal(repr(float(before)))


def added(effects: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    with localcontext() as context:
        context.prec = _PRECISION
        return sum(effects, Decimal(0))


def add_up(identity: str, heading: str, parts: Sequence[Part], values: tuple[float, float], gap: str) -> Breakdown:
    """The parts in order of their size, so that they sum to the change from `values[0]` to `values[1]` exactly.

    What rounding leaves goes to the largest; more than that is a row of its own that is called `gap`.
    """
    before, now = values
    change = change_between(before, now)
    scale = max([abs(before), abs(now), *(abs(part.effect) for part in parts)], default=0.0)
    quantum = Decimal(1).scaleb(Decimal(repr(scale)).adjusted() - DIGITS) if scale else Decimal(1)
    rows = [replace(part.row, effect=_rounded(part.effect, quantum)) for part in parts]
    rows.sort(key=lambda row: (row.is_rest, -abs(row.effect), row.name, row.key))
    with localcontext() as context:
        context.prec = _PRECISION
        missing = change - added(row.effect for row in rows)
        if rows and abs(missing) <= Decimal(repr(scale * ROUNDING)):
            at = max(range(len(rows)), key=lambda place: abs(rows[place].effect))
            rows[at] = replace(rows[at], effect=rows[at].effect + missing)
        elif missing:
            rows.append(Contribution(gap, missing, is_rest=True))
    return Breakdown(identity, heading, tuple(rows), change)


def _rounded(number: float, quantum: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = _PRECISION
        return Decimal(repr(float(number))).quantize(quantum)


def shared_out(values_before: Sequence[float], values_now: Sequence[float], worth: _Worth) -> list[float] | None:
    """What each operand of a function contributed to its change: its effect in the mean over every order of changes.

    None where the function has no value for some mixture of the two months.
    """
    count = len(values_before)
    known: dict[int, float] = {}
    for changed in range(1 << count):
        result = worth([values_now[at] if changed >> at & 1 else values_before[at] for at in range(count)])
        if result is None:
            return None
        known[changed] = result
    shares = [_share(size, count) for size in range(count)]
    return [
        sum(
            shares[without.bit_count()] * (known[without | 1 << at] - known[without])
            for without in range(1 << count)
            if not without >> at & 1
        )
        for at in range(count)
    ]


def _share(size: int, count: int) -> float:
    """How many of the orders of `count` operands have just `size` given ones before one, as a share of all."""
    return 1 / (count * comb(count - 1, size))
