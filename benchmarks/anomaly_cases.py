"""Labelled series from a folder, and how well a detector finds what is labelled in them.

The folder holds `series.csv` (series, role, sense, sigma), `cases.csv` (series, month, value), `labels.csv` (series,
month, kind, window_end), `events.csv` (months in which something known happened) and `denoms.csv`. Series of the role
`cal` set the score that spends a budget of false alarms; everything else is measured on the others.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from reviewtui.months import Month

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reviewtui.anomalies.models import Flags, Floats

FIRST_JUDGED = 12
AFTER_EVENT = 3
"""Months from an event on that count neither as ordinary nor as anomalies."""
ECHO = 2
"""Months after a spike that ought to be ordinary."""
BUDGETS = (0.01, 0.025, 0.05)
MISSING, CALIBRATION, WILD, INJECTED = "missing", "cal", "wild", ("inj", "real")
KINDS = {
    "3 sd": ("spike3", "dip3"),
    "4 sd": ("spike4", "dip4"),
    "6 sd": ("spike6", "dip6"),
    "shift 2": ("shift2",),
    "shift 3": ("shift3",),
    "shift 4": ("shift4",),
    "trend": ("trend",),
    "flat": ("flat",),
    "unit": ("x10", "x100", "x1000", "d100"),
    "sign": ("sign",),
    "missing": (MISSING,),
}
"""Column of the table to the labels it sums up."""


@dataclass(frozen=True)
class Label:
    """One anomaly that is known."""

    series: int
    start: int
    end: int
    """The first month after those in which it counts as found."""
    kind: str


@dataclass
class Cases:
    """All series side by side, each from its own first month on."""

    values: Floats
    first_months: Floats
    roles: list[str]
    counts: Flags
    """(series,): whether they are counts."""
    sigma: Floats
    samples: Floats
    """(months, series): sample size of rates; NaN where not known."""
    labels: list[Label]
    quiet: set[tuple[int, int]]
    """(series, month) of known events."""
    lengths: list[int] = field(default_factory=list)

    def ordinary(self, roles: Iterable[str]) -> tuple[list[int], list[int]]:
        """Months and series of the cells in which nothing is known to have happened."""
        wanted = set(roles)
        first: dict[int, int] = {}
        for label in self.labels:
            first[label.series] = min(label.start, first.get(label.series, label.start))
        months, series = [], []
        for place, role in enumerate(self.roles):
            if role in wanted:
                end = first.get(place, self.lengths[place]) if role in INJECTED else self.lengths[place]
                kept = [month for month in range(FIRST_JUDGED, end) if (place, month) not in self.quiet]
                months += kept
                series += [place] * len(kept)
        return months, series

    def echoes(self) -> tuple[list[int], list[int]]:
        """Months and series of the cells right after a spike, a dip or a gap."""
        months, series = [], []
        for label in self.labels:
            if label.kind.startswith(("spike", "dip")) or label.kind == MISSING:
                following = [other.start for other in self.labels if other.series == label.series]
                end = min([start for start in following if start > label.start] + [self.lengths[label.series]])
                kept = range(label.start + 1, min(label.start + 1 + ECHO, end))
                months += list(kept)
                series += [label.series] * len(kept)
        return months, series


def read_cases(folder: Path) -> Cases:
    """The cases of `folder`."""
    facts = _rows(folder / "series.csv")
    place = {row["series"]: number for number, row in enumerate(facts)}
    values: dict[str, dict[int, float]] = {name: {} for name in place}
    for row in _rows(folder / "cases.csv"):
        values[row["series"]][_index(row["month"])] = float(row["value"] or nan)
    starts = {name: min(months) for name, months in values.items()}
    lengths = [len(values[row["series"]]) for row in facts]
    table, samples = (np.full((max(lengths), len(facts)), nan) for _ in range(2))
    for name, months in values.items():
        for month, value in months.items():
            table[month - starts[name], place[name]] = value
    for row in _rows(folder / "denoms.csv"):
        samples[_index(row["month"]) - starts[row["series"]], place[row["series"]]] = float(row["n"])
    at = {name: (number, starts[name]) for name, number in place.items()}
    labels = [
        Label(at[row["series"]][0], _index(row["month"]) - at[row["series"]][1], _index(row["window_end"]) + 1
              - at[row["series"]][1], row["kind"])
        for row in _rows(folder / "labels.csv")
    ]  # fmt: skip
    quiet = {
        (at[row["series"]][0], _index(row["month"]) - at[row["series"]][1] + after)
        for row in _rows(folder / "events.csv")
        for after in range(AFTER_EVENT)
    }
    return Cases(
        table,
        np.array([float(starts[row["series"]]) for row in facts]),
        [row["role"] for row in facts],
        np.array([row["sense"] == "count" for row in facts]),
        np.array([float(row["sigma"] or nan) for row in facts]),
        samples,
        [label for label in labels if label.start >= FIRST_JUDGED],
        quiet,
        lengths,
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _index(text: str) -> int:
    return Month.parse(text).index


@dataclass(frozen=True)
class Judged:
    """What a detector says on every month: arrays of (months, series), NaN where nothing."""

    score: Floats
    low: Floats
    high: Floats
    flag: Flags
    """What it flags at its own setting."""
    seconds: float = nan


@dataclass(frozen=True)
class Figures:
    """How well a detector does."""

    own_false_alarms: float
    own_recall: float
    recall: dict[float, float]
    """Budget to the share of events found, missing months left out."""
    by_kind: dict[str, float]
    """At 2.5 %."""
    echo: float
    coverage: float
    width: float
    interval_score: float
    wild: float
    seconds: float


def figures(cases: Cases, judged: Judged) -> Figures:
    """The figures of one detector."""
    score = np.nan_to_num(judged.score, nan=0.0)
    calibration = np.sort(score[cases.ordinary([CALIBRATION])])[::-1]
    limits = {budget: float(calibration[int(budget * len(calibration))]) for budget in BUDGETS}
    every = set(cases.roles) - {WILD}
    events = [label for label in cases.labels if label.kind != MISSING]
    usual = limits[0.025]
    coverage, width, interval_score = _interval(cases, judged)
    return Figures(
        float(judged.flag[cases.ordinary(every)].mean()),
        _found(judged.flag.astype(float), events, 0.5),
        {budget: _found(score, events, limit) for budget, limit in limits.items()},
        {
            name: _found(score, [label for label in cases.labels if label.kind in kinds], usual)
            for name, kinds in KINDS.items()
        },
        float((score[cases.echoes()] > usual).mean()),
        coverage,
        width,
        interval_score,
        float(judged.flag[cases.ordinary([WILD])].mean()),
        judged.seconds,
    )


def _found(score: Floats, labels: list[Label], limit: float) -> float:
    found = [bool((score[label.start : label.end, label.series] > limit).any()) for label in labels]
    return float(np.mean(found)) if found else nan


def _interval(cases: Cases, judged: Judged) -> tuple[float, float, float]:
    """Coverage as it is, width and interval score (in the series' sigma) once widened to cover 97.5 %."""

    def known(roles: set[str]) -> tuple[Floats, Floats, Floats, Floats, list[int]]:
        months, series = cases.ordinary(roles)
        value, low, high = (table[months, series] for table in (cases.values, judged.low, judged.high))
        usable = ~np.isnan(value + low + high)
        places = [place for place, use in zip(series, usable, strict=True) if use]
        return value[usable], low[usable], high[usable], cases.sigma[places], places

    value, low, high, _, _ = known({CALIBRATION})
    if not len(value):
        return nan, nan, nan
    half = np.maximum((high - low) / 2, 1e-12)
    factor = float(np.quantile(np.abs(value - (low + high) / 2) / half, 0.975))
    value, low, high, sigma, places = known(set(cases.roles) - {CALIBRATION, WILD})
    inside = (value >= low) & (value <= high)
    middle, half = (low + high) / 2, factor * np.maximum((high - low) / 2, 1e-12)
    below, above = middle - half - value, value - middle - half
    score = (2 * half + 80 * (np.maximum(below, 0) + np.maximum(above, 0))) / sigma
    by_series = {place: score[np.array(places) == place].mean() for place in set(places)}
    typical = float(np.exp(np.mean(np.log(np.maximum(list(by_series.values()), 1e-9)))))
    return float(inside.mean()), float(np.median(2 * half / sigma)), typical
