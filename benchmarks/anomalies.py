"""Measure the anomaly detector against light peers: `python -m benchmarks.anomalies --cases DIR [--write]`.

DIR holds labelled series, see `benchmarks/anomaly_cases.py`. All detectors judge the same months in the same run.
`--write` keeps the table in `docs/anomalies.md`.
"""

from __future__ import annotations

import argparse
import time
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.anomaly_cases import BUDGETS, FIRST_JUDGED, KINDS, Judged, figures, read_cases
from benchmarks.anomaly_peers import PEERS
from reviewtui.anomalies.detector import Batch, find
from reviewtui.anomalies.sensitivity import DEFAULT_FALSE_ALARMS, edge
from reviewtui.anomalies.series import sampling_floor
from reviewtui.anomalies.verdicts import MOST_SCORE

if TYPE_CHECKING:
    from benchmarks.anomaly_cases import Cases, Figures
    from benchmarks.anomaly_peers import Peer

PAGE = Path("docs/anomalies.md")
TABLE_START = "<!-- table: made by `python -m benchmarks.anomalies --cases DIR --write` -->"
TABLE_END = "<!-- end of table -->"
MANY, MONTHS = 5_000, 60
"""The size that the detector is timed at."""


def ours(cases: Cases) -> Judged:
    """The program's own detector."""
    nothing_known = np.zeros(cases.values.shape, dtype=bool)
    batch = Batch(cases.values, cases.first_months, _floors(cases), nothing_known, np.array(cases.lengths))
    start = time.perf_counter()
    found = find(batch)
    seconds = time.perf_counter() - start
    limit = edge(DEFAULT_FALSE_ALARMS)
    score = np.maximum(np.maximum(np.abs(found.distance), np.abs(found.run)), found.repeat) / limit
    lacking = np.isnan(cases.values) & ~np.isnan(score)
    score = np.where(lacking, MOST_SCORE, score)
    low, high = found.middle - limit * found.below, found.middle + limit * found.above
    return Judged(score, low, high, score > 1, seconds)


def _floors(cases: Cases) -> np.ndarray:
    floors = np.zeros(cases.values.shape)
    for place in range(len(cases.roles)):
        values, samples = cases.values[:, place].tolist(), cases.samples[:, place].tolist()
        if cases.counts[place] or not all(isnan(sample) for sample in samples):
            kind = "count" if cases.counts[place] else "share"
            floors[:, place] = list(sampling_floor(kind, values, samples))
    return floors


def peer(cases: Cases, expect: Peer) -> Judged:
    """A peer on every month; it says nothing where there is no value."""
    shape = cases.values.shape
    score, low, high = (np.full(shape, np.nan) for _ in range(3))
    start = time.perf_counter()
    for series, length in enumerate(cases.lengths):
        values = cases.values[:length, series]
        filled = values.copy()
        for month in range(1, length):
            if np.isnan(filled[month]):
                filled[month] = filled[month - 1]
        for month in range(FIRST_JUDGED, length):
            if not np.isnan(values[month]):
                middle, half = expect(filled[:month])
                half = max(half, 1e-12)
                score[month, series] = abs(values[month] - middle) / half
                low[month, series], high[month, series] = middle - half, middle + half
    return Judged(score, low, high, score > 1, time.perf_counter() - start)


def table(rows: dict[str, Figures]) -> str:
    """The figures as Markdown; shares in per cent."""
    heads = ["detector", "own false alarms", "own recall", *(f"recall at {100 * budget:g} %" for budget in BUDGETS)]
    heads += [*KINDS, "echo", "coverage", "width", "interval score", "unscreened", "s per 1,000"]
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    for name, row in rows.items():
        shares = [row.own_recall, *row.recall.values(), *row.by_kind.values()]
        cells = [name, f"{100 * row.own_false_alarms:.1f}", *(f"{100 * share:.0f}" for share in shares)]
        cells += [f"{100 * row.echo:.1f}", f"{100 * row.coverage:.1f}", f"{row.width:.1f}"]
        cells += [f"{row.interval_score:.1f}", f"{100 * row.wild:.1f}", f"{row.seconds:.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def speed() -> str:
    """How long many series take."""
    random = np.random.default_rng(1)
    values = 1000 * np.exp(np.cumsum(random.normal(0.01, 0.05, (MONTHS, MANY)), axis=0))
    nothing_known = np.zeros(values.shape, dtype=bool)
    batch = Batch(values, np.full(MANY, 24_000.0), np.zeros(values.shape), nothing_known, np.full(MANY, MONTHS))
    wall, cpu = time.perf_counter(), time.process_time()
    find(batch)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return f"{MANY:,} series of {MONTHS} months: {wall:.1f} s, {cpu:.1f} s of processor time."


def measured(cases: Cases) -> dict[str, Figures]:
    """Every detector's figures; seconds are for 1,000 series."""
    rows = {"**reviewtui**": ours(cases)} | {name: peer(cases, expect) for name, expect in PEERS.items()}
    found = {name: figures(cases, judged) for name, judged in rows.items()}
    for name, row in found.items():
        object.__setattr__(row, "seconds", 1000 * rows[name].seconds / len(cases.roles))
    return found


def main() -> None:
    """Measure, print, and keep the table if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anomalies", description=__doc__)
    parser.add_argument("--cases", type=Path, required=True, metavar="DIR", help="the folder of labelled series")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {PAGE}")
    arguments = parser.parse_args()
    cases = read_cases(arguments.cases)
    counts = f"{len(cases.roles)} series, {len(cases.labels)} labelled anomalies."
    text = f"{table(measured(cases))}\n\n{counts} {speed()}"
    print(text)
    if arguments.write:
        from reviewtui.workspace.atomic import atomic_write

        before, rest = PAGE.read_text("utf-8").split(TABLE_START)
        _, after = rest.split(TABLE_END, 1)
        atomic_write(PAGE, f"{before}{TABLE_START}\n{text}\n{TABLE_END}{after}")


if __name__ == "__main__":
    main()
