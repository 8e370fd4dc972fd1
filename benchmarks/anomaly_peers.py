"""Light detectors that people use on monthly numbers, each judging a month from the months before it.

Every peer gets the values so far (at least a year of them, gaps filled with the last value) and gives the middle and
half-width of what it expects; the further out in half-widths, the higher the score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.anomalies.models import Floats

    Peer = Callable[[Floats], tuple[float, float]]

XMR = 2.66
"""Half-width of the limits of an XmR chart, in mean moving ranges."""
MAD = 1.4826
"""A median absolute deviation times this is a standard deviation."""


def rolling_year(past: Floats) -> tuple[float, float]:
    """Mean and three standard deviations of the last twelve months."""
    return float(past[-12:].mean()), 3 * float(past[-12:].std(ddof=1))


def hampel(past: Floats) -> tuple[float, float]:
    """The same with medians."""
    middle = np.median(past[-12:])
    return float(middle), 3 * MAD * float(np.median(np.abs(past[-12:] - middle)))


def smoothing(past: Floats) -> tuple[float, float]:
    """Simple exponential smoothing with the best of five factors, three standard errors."""
    tried = []
    for factor in (0.1, 0.3, 0.5, 0.7, 0.9):
        level, errors = float(past[:3].mean()), []
        for value in past.tolist():
            errors.append(value - level)
            level += factor * errors[-1]
        tried.append((float(np.sqrt(np.mean(np.square(errors[3:])))), level))
    error, level = min(tried)
    return level, 3 * error


def xmr_level(past: Floats) -> tuple[float, float]:
    """Natural process limits of the values themselves."""
    return float(past.mean()), XMR * float(np.abs(np.diff(past)).mean())


def xmr_differences(past: Floats) -> tuple[float, float]:
    """Natural process limits of the month-on-month differences."""
    middle, half = xmr_level(np.diff(past))
    return float(past[-1]) + middle, half


def differences_mad(past: Floats) -> tuple[float, float]:
    """Median and three robust deviations of two years of differences."""
    steps = np.diff(past)[-24:]
    middle = np.median(steps)
    return float(past[-1] + middle), 3 * MAD * float(np.median(np.abs(steps - middle)))


def seasonal_naive(past: Floats) -> tuple[float, float]:
    """The same month last year with the drift of half a year, three robust deviations of its own past errors."""
    if len(past) < 18:
        return differences_mad(past)
    steps = past[12:] - past[:-12]
    drifts = np.array([np.median(steps[max(0, place - 6) : place]) for place in range(1, len(steps) + 1)])
    errors = steps[1:] - drifts[:-1]
    return float(past[-12] + drifts[-1]), 3 * MAD * float(np.median(np.abs(errors)))


def month_on_month(past: Floats) -> tuple[float, float]:
    """The last month, give or take 15 %."""
    return float(past[-1]), 0.15 * abs(float(past[-1]))


def year_on_year(past: Floats) -> tuple[float, float]:
    """The same month last year, give or take 25 %."""
    return float(past[-12]), 0.25 * abs(float(past[-12]))


PEERS: dict[str, Peer] = {
    "rolling 12 months, 3 sd": rolling_year,
    "exponential smoothing, 3 sd": smoothing,
    "Hampel, 12 months": hampel,
    "seasonal naive, MAD": seasonal_naive,
    "MAD of differences": differences_mad,
    "XmR on differences": xmr_differences,
    "XmR on the level": xmr_level,
    "month on month, 15 %": month_on_month,
    "year on year, 25 %": year_on_year,
}
