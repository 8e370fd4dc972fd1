"""Measure the search: `python -m benchmarks.search [RECORDS]`, by default 5,000 records of about 120 words each.

Printed are the first search, which makes the index, searches after it in one process, the second use in a process of
its own (the command as a person runs it), and the same search without any index.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from reviewtui.workspace.search import Found

RECORDS = 5_000
WORDS = 120
REPETITIONS = 15
SEARCHES = (
    "export slow",
    '"slow export"',
    "expo tag:theme/export",
    "type:interview after:2026-03 has:followup",
    "zebra",
)
FIRST_DAY = date(2025, 6, 1)
SETTLING_SECONDS = 2.2
"""A file written a moment ago is read again at every search until it is older than this."""
VOCABULARY = (
    "export", "slow", "dashboard", "replay", "customer", "pricing", "churn", "invite", "team", "alert", "funnel",
    "cohort", "query", "property", "filter", "chart", "person", "event", "action", "survey", "flag", "experiment",
    "plan", "billing", "invoice", "limit", "trial", "support", "answer", "guide", "mobile", "browser",
)  # fmt: skip


def make_workspace(root: Path, records: int) -> None:
    """Interviews, dives, to-dos and comments in the form the program writes."""
    from reviewtui.workspace.store import RecordStore

    root.mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\n")
    store, chance = RecordStore(root, me="ann", random=random.Random(1)), random.Random(2)
    for number in range(records):
        day = FIRST_DAY + timedelta(days=chance.randrange(500))
        _create(store, number % 4, day, " ".join(chance.choices(VOCABULARY, k=WORDS)) + ".")


def _create(store: Any, which: int, day: date, text: str) -> None:
    from reviewtui.months import Month
    from reviewtui.workspace.kinds.comments import COMMENTS
    from reviewtui.workspace.kinds.dives import DIVES
    from reviewtui.workspace.kinds.interviews import INTERVIEWS
    from reviewtui.workspace.kinds.todos import TODOS

    title = " ".join(text.split()[:5])
    if which == 0:
        values: dict[str, Any] = {"topic": title, "held_on": day, "tags": ("theme/export",), "summary": text}
        store.create(INTERVIEWS, "", values, day)
    elif which == 1:
        store.create(DIVES, "replay", {"question": title, "proposed_on": day, "finding": text}, day)
    elif which == 2:
        store.create(TODOS, "replay", {"title": title, "created_on": day, "note": text}, day)
    else:
        said = {"said_on": day, "metric": "mrr", "month": Month.of(day), "text": text}
        store.create(COMMENTS, "replay", said, day, review=Month.of(day))


def timed(search: Callable[[], Found]) -> tuple[float, Found]:
    """Milliseconds, and what was found."""
    started = time.perf_counter()
    found = search()
    return (time.perf_counter() - started) * 1000, found


def main() -> None:
    """Print the table."""
    from reviewtui.workspace.search import Library

    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as folder:
        root, cache = Path(folder) / "reviews", Path(folder) / "cache"
        make_workspace(root, records)
        time.sleep(SETTLING_SECONDS)
        library = Library(root, cache)
        first, _ = timed(lambda: library.search(SEARCHES[0]))
        size = sum(path.stat().st_size for path in cache.iterdir()) / 1e6
        print(f"| first search of {records:,} records, with making the index ({size:.1f} MB) | {first:,.0f} ms |")
        for words in SEARCHES:
            runs = [timed(lambda words=words: library.search(words)) for _ in range(REPETITIONS)]  # type: ignore[misc]
            times = sorted(elapsed for elapsed, _ in runs)
            print(f"| `{words}`: {runs[0][1].total:,} found | {median(times):.0f} ms, at most {times[-1]:.0f} ms |")
        library.close()
        again, _ = timed(lambda: Library(root, cache).search(SEARCHES[0]))
        print(f"| second use, index opened anew | {again:.0f} ms |")
        (Path(folder) / "file").write_text("")
        plain, _ = timed(lambda: Library(root, Path(folder) / "file" / "x").search(SEARCHES[0]))
        print(f"| without an index | {plain:,.0f} ms |")
        command = [sys.executable, "-m", "reviewtui", "--workspace", str(root), "search", "export"]
        subprocess.run(command, capture_output=True, check=True)
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        elapsed = (time.perf_counter() - started) * 1000
        print(f"| `reviewtui search`, second use, with the start of Python | {elapsed:.0f} ms |")


if __name__ == "__main__":
    main()
