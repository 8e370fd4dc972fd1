"""Try the record store under faults and print the figures: `python -m benchmarks.faults [--write]`.

Some minutes. `--write` keeps the table in `docs/reliability.md`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.fault_saves import LONG_NOTE, todo_in, workspace
from benchmarks.fault_trials import run_apart
from reviewtui.months import Month
from reviewtui.workspace.atomic import atomic_write
from reviewtui.workspace.kinds.base import plain
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.record_text import new_text, stored_values
from reviewtui.workspace.records import new_record_id
from reviewtui.workspace.store import RecordStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.workspace.kinds.base import RecordKind

COUNTS = {"crash_points": 1, "faults": 6, "kills": 200, "round_trips": 10_000, "mutated": 2_000, "race": 200}
"""Each trial and how often; `faults` counts the errors that each operation fails with."""

RECORDS = 5_000
SAVES = 200
SETTLING_SECONDS = 2.5
"""A file that was just written is read again by the next look, as its time stamp may not tell the next change."""
PAGE = Path("docs/reliability.md")
TABLE_START = "<!-- table: made by `python -m benchmarks.faults --write` -->"
TABLE_END = "<!-- end of table -->"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    figure: str
    remarks: str


def trials(folder: Path) -> list[Row]:
    """Every trial with its number of tries and of failures."""
    rows = []
    for name, count in COUNTS.items():
        print(f"{name} …", file=sys.stderr)
        trial = run_apart(name, folder / name, count)
        for wrong in trial.wrong[:20]:
            print(f"  {wrong}", file=sys.stderr)
        rows.append(Row(trial.name, f"{trial.tried:,} tried, {len(trial.wrong)} wrong", trial.remarks))
    return rows


def latencies(folder: Path) -> list[Row]:
    """How long a save takes from the call to the durable file, and the reading of many records."""
    print("latencies …", file=sys.stderr)
    store = workspace(folder / "latency")
    todo = todo_in(store)
    times = []
    for number in range(SAVES):
        start = time.perf_counter()
        todo = store.save(todo, {"owner": f"o{number}", "note": f"{LONG_NOTE}\n{number}"}).record
        times.append((time.perf_counter() - start) * 1000)
    fresh = RecordStore(many_records(folder / "many"))
    time.sleep(SETTLING_SECONDS)
    first, first_cpu = _timed(fresh.load)
    again, _ = _timed(fresh.load)
    todo = fresh.load().of(TODOS)[0]
    saved, _ = _timed(lambda: fresh.save(todo, {"owner": "cy"}))
    middle, high = statistics.median(times[1:]), statistics.quantiles(times[1:], n=20)[-1]
    return [
        Row("a save of a note of 5 kB", f"median {middle:.0f} ms, 95 % {high:.0f} ms", "two fsyncs, merged, read back"),
        Row(f"a save among {RECORDS:,} records", f"{saved:.0f} ms", ""),
        Row(
            f"reading {RECORDS:,} records",
            f"{first / 1000:.2f} s",
            f"{first_cpu / 1000:.2f} s of processor, in a thread",
        ),
        Row(f"looking at {RECORDS:,} records again", f"{again:.0f} ms", "every five seconds, in a thread"),
    ]


def many_records(root: Path) -> Path:
    """A workspace of as many comments and to-dos as ten years of seven products make."""
    workspace(root)
    chance = Random(3)
    for number in range(RECORDS):
        day = date(2017, 1, 1) + timedelta(days=chance.randrange(3650))
        month, product = Month.of(day), f"products/p{number % 7}"
        if number % 2:
            kind: RecordKind[Any] = TODOS
            place = f"{product}/todos"
            values: dict[str, Any] = {
                "title": "Ask billing about it",
                "created_on": day,
                "owner": "bo",
                "due": month + 1,
            }
            values |= {"note": "Ask Ada. Then ask Bo.", "links": ("https://a.example", "https://b.example")}
        else:
            kind, place = COMMENTS, f"{product}/reviews/{month}"
            values = {"said_on": day, "metric": "mrr", "month": month, "author": "ana"}
            values |= {"text": 'It fell. "Nobody" knows why. See C:\\numbers.\n\nA second paragraph.'}
        tomls = {key: plain(value) for key, value in values.items()}
        path = root / place / f"{new_record_id(kind.letter, day, chance)}-x.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new_text(kind.fields, stored_values(kind.fields, tomls, by_sentence=True)))
    return root


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | figure | |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {row.what} | {row.figure} | {row.remarks} |" for row in rows)])


def main() -> None:
    """Print the table; keep it if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"keep the table in {PAGE}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = table([*trials(Path(folder)), *latencies(Path(folder))])
    print(text)
    if options.write:
        head, _, rest = PAGE.read_text("utf-8").partition(TABLE_START)
        atomic_write(PAGE, f"{head}{TABLE_START}\n{text}\n{TABLE_END}{rest.partition(TABLE_END)[2]}")


if __name__ == "__main__":
    main()
