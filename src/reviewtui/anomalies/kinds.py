"""The word for what is out of the ordinary."""

from __future__ import annotations

from math import log10

from reviewtui.anomalies.verdicts import Kind

UNIT_STEPS = (1, 2, 3)
"""Powers of ten by which a value is off when cents, thousands or per cent are mixed up."""
AS_EXPECTED = 3.0
"""Within so many standard deviations a value put right is what was expected."""
UNIT_TOLERANCE = 0.25
"""And within this many powers of ten, however vague the expectation."""
STEADY_ENOUGH = 0.4
"""A tenfold value is a unit error only where the standard deviation is at most this share of what was expected."""
CLEAR = 3.0
"""A unit error or a flipped sign is far out, in standard deviations; what is nearer may be real."""
CLEAR_SIGN = 2.5
"""A sign says something where zero is this far from what was expected."""


def kind_of_distance(
    value: float, middle: float, below: float, above: float, distance: float, *, had_both_signs: bool = False
) -> Kind:
    """The word for a value `distance` standard deviations (`below`, `above`) from the `middle` of what was expected.

    A metric that has had both signs before cannot have a wrong one.
    """
    if not had_both_signs and _is_flipped(value, middle, below, above):
        return Kind.SIGN_FLIP
    if abs(distance) >= CLEAR and _is_unit_error(value, middle, below, above):
        return Kind.UNIT_ERROR
    return Kind.SPIKE if distance > 0 else Kind.DIP


def _is_flipped(value: float, middle: float, below: float, above: float) -> bool:
    toward_zero = below if middle > 0 else above
    return value * middle < 0 and abs(middle) > CLEAR_SIGN * toward_zero and _is_near(-value, middle, below, above)


def _is_unit_error(value: float, middle: float, below: float, above: float) -> bool:
    if value * middle <= 0:
        return False
    decades = log10(value / middle)
    step = round(decades)
    is_steady = max(below, above) <= STEADY_ENOUGH * abs(middle)
    return (
        abs(step) in UNIT_STEPS
        and (abs(step) > 1 or is_steady)
        and abs(decades - step) < UNIT_TOLERANCE
        and _is_near(value / 10.0**step, middle, below, above)
    )


def _is_near(value: float, middle: float, below: float, above: float) -> bool:
    return middle - AS_EXPECTED * below <= value <= middle + AS_EXPECTED * above


def kind_of_run(*, is_above: bool, is_rising: bool) -> Kind:
    """The word for several months that are off together on one side, ever further or about equally far."""
    if is_rising:
        return Kind.TREND_UP if is_above else Kind.TREND_DOWN
    return Kind.SHIFT_UP if is_above else Kind.SHIFT_DOWN
