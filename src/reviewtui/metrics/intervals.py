"""How sure one can be of a share that was counted: the Wilson interval."""

from __future__ import annotations

from math import sqrt

PROPORTIONS = frozenset(
    {
        "logo_churn_rate",
        "activation_rate",
        "retention_1m",
        "retention_3m",
        "retention_6m",
        "wau_mau",
        "escalated_sla",
        "sla",
    }
)
"""Metrics that count how many of a number of cases are of a kind; ratios of money or of different things are none."""

Z_95 = 1.96
"""Standard deviations on either side that hold 95 % of a normal distribution."""


def wilson_interval(hits: float, cases: float) -> tuple[float, float] | None:
    """The 95 % interval of the share `hits / cases`, as fractions; None where it is not a share of counted cases."""
    if cases <= 0 or not 0 <= hits <= cases:
        return None
    share, spread = hits / cases, Z_95 * Z_95 / cases
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 * sqrt(share * (1 - share) / cases + spread / (4 * cases)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)
