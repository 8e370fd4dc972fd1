"""Which metrics moved before another one: lag, strength, and how likely chance alone would show as much.

Each series is taken as its changes from month to month, without the part that returns every year where there is one,
and without what its own last three changes foretell: what is left of two unrelated series is unrelated, whatever their
trends. Ranks of it are compared, so that no single month decides. The chance of each find is that of the whole search:
six lags of every metric that was compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, erfc, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Values = Sequence[float | None]
    """One a month; None where there is none."""

LAGS = (1, 2, 3, 4, 5, 6)
"""Months by which one may move before the other."""

LEAST_PAIRS = 24
"""Pairs of months that are compared at the least."""

MOST_CHANCE = 0.05
"""Of all that is found, at most this share may be chance."""

_OWN_PAST = 3
"""Changes of its own past that a series is freed of."""

LEAST_MONTHS = LEAST_PAIRS + _OWN_PAST + 2
"""Months in common from which on there are as many pairs, one month apart."""
_YEAR = 12
_RETURNS_FROM = 1.4
"""Ratio of the spread between calendar months to the spread within them from which a series is taken to be seasonal."""
_SPREAD = 1.16
"""The variance of a rank correlation of unrelated series, against that of a plain one: 1.06, and the rest for what is
left of their own past."""
_NEAR_ONE = 0.9999


@dataclass(frozen=True, slots=True)
class Lead:
    """A metric that moved before the one that was asked about."""

    metric: str
    lag: int
    """Months."""
    strength: float
    """The rank correlation: −1 to 1, below 0 where it moved the other way."""
    chance: float
    """How likely the search would find as much if nothing led, 0 to 1."""
    pairs: int
    """Months that were compared."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was compared, and what was found."""

    found: tuple[Lead, ...]
    """The least likely by chance first."""
    compared: int
    """Metrics with enough months in common."""
    too_short: int
    """Metrics without."""
    most_months: int = 0
    """Months in common with the metric that has most."""


def leads(output: Values, inputs: Mapping[str, Values]) -> Search:
    """Search `inputs` for metrics that moved before `output`; all are aligned by month, the oldest first."""
    with np.errstate(over="ignore", invalid="ignore"):
        return _searched(output, inputs)


def _searched(output: Values, inputs: Mapping[str, Values]) -> Search:
    target = _series(output)
    best: list[Lead] = []
    too_short = most = 0
    for metric, values in inputs.items():
        candidates = _compared(metric, _series(values), target)
        most = max(most, sum(1 for pair in zip(values, output, strict=True) if None not in pair))
        tested = [lead for lead in candidates if lead.pairs >= LEAST_PAIRS]
        if tested:
            nearest = min(tested, key=lambda lead: lead.chance)
            chance = min(1.0, nearest.chance * len(tested))
            best.append(Lead(metric, nearest.lag, nearest.strength, chance, nearest.pairs))
        else:
            too_short += 1
    return Search(_beyond_chance(best), len(best), too_short, most)


def _beyond_chance(leads_found: Sequence[Lead]) -> tuple[Lead, ...]:
    """Those that stay once it is taken into account how many were compared (Benjamini and Hochberg)."""
    ordered = sorted(leads_found, key=lambda lead: (lead.chance, lead.metric))
    adjusted, least = [], 1.0
    for place in range(len(ordered), 0, -1):
        lead = ordered[place - 1]
        least = min(least, lead.chance * len(ordered) / place)
        adjusted.append(Lead(lead.metric, lead.lag, lead.strength, least, lead.pairs))
    return tuple(lead for lead in reversed(adjusted) if lead.chance <= MOST_CHANCE)


# One series


@dataclass(frozen=True, slots=True)
class _Series:
    """What is left of a series, by month, NaN where there is nothing; and how many degrees of freedom it took."""

    values: Any
    spent: int


def _series(values: Values) -> _Series:
    level = np.array([np.nan if value is None else value for value in values], dtype=float)
    known = level[~np.isnan(level)]
    if len(known) and (known > 0).all():
        level = np.log(level)
    change = np.diff(level)
    seasonal = _seasonal(change)
    if seasonal is None:
        return _Series(_freed(change), 0)
    return _Series(_freed(change - seasonal), _YEAR - 1)


def _seasonal(change: Any) -> Any:
    """The mean change of each calendar month, by month; None where the year does not matter."""
    is_known = ~np.isnan(change)
    count = int(is_known.sum())
    if count <= 2 * _YEAR:
        return None
    places = np.arange(len(change)) % _YEAR
    sums = np.bincount(places[is_known], change[is_known], _YEAR)
    means = sums / np.maximum(np.bincount(places[is_known], minlength=_YEAR), 1)
    by_month = means[places]
    within = float(((change - by_month)[is_known] ** 2).sum()) / (count - _YEAR)
    between = float(((by_month[is_known] - change[is_known].mean()) ** 2).sum()) / (_YEAR - 1)
    return by_month if between > _RETURNS_FROM * within else None


def _freed(change: Any) -> Any:
    """Each change without what the three before it foretell."""
    rest = np.full(len(change), np.nan)
    if len(change) <= _OWN_PAST:
        return rest
    past = np.column_stack([change[_OWN_PAST - back : len(change) - back] for back in range(1, _OWN_PAST + 1)])
    now = change[_OWN_PAST:]
    usable = ~np.isnan(now) & ~np.isnan(past).any(axis=1)
    if usable.sum() <= 2 * _OWN_PAST + 1:
        return rest
    design = np.column_stack([np.ones(int(usable.sum())), past[usable]])
    weights, *_ = np.linalg.lstsq(design, now[usable], rcond=None)
    places = np.flatnonzero(usable) + _OWN_PAST
    rest[places] = now[usable] - design @ weights
    return rest


# Two series


def _compared(metric: str, one: _Series, target: _Series) -> list[Lead]:
    """The correlation at every lag, with its chance alone."""
    found = []
    for lag in LAGS:
        before, after = one.values[:-lag], target.values[lag:]
        usable = ~np.isnan(before) & ~np.isnan(after)
        pairs = int(usable.sum())
        free = pairs - max(one.spent, target.spent)
        if free <= 4:
            found.append(Lead(metric, lag, 0.0, 1.0, pairs))
            continue
        strength = _rank_correlation(before[usable], after[usable])
        distance = abs(atanh(max(-_NEAR_ONE, min(_NEAR_ONE, strength)))) * sqrt((free - 3) / _SPREAD)
        found.append(Lead(metric, lag, strength, erfc(distance / sqrt(2)), pairs))
    return found


def _rank_correlation(one: Any, other: Any) -> float:
    """Spearman's; 0 where one of the two never changes."""
    ranks = [_ranks(values) - (len(values) - 1) / 2 for values in (one, other)]
    scale = sqrt(float((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float((ranks[0] * ranks[1]).sum()) / scale if scale else 0.0


def _ranks(values: Any) -> Any:
    """The place of each value, the mean place where values are equal."""
    order = np.argsort(values, kind="stable")
    places = np.empty(len(values))
    places[order] = np.arange(len(values))
    in_order = values[order]
    if (in_order[1:] != in_order[:-1]).all():
        return places
    _, group, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count + 1) / 2)[group]
