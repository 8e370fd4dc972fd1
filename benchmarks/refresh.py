"""What a refresh costs: a large file with one month more, and unchanged.

The earlier state of the file is made once, by leaving out the newest complete month and the open one. Before every
measured run the cache is put back to what an earlier run left.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.measure import Comparison, compare, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EARLIER_DAY = date(2026, 10, 2)
LATER_DAY = date(2026, 11, 2)
"""October is new between the two; the file ends before the second."""

DATED = {
    "event": "occurred_at",
    "usage_day": "day",
    "product_intent": "first_intent_at",
    "survey_response": "submitted_at",
    "ticket": "created_at",
    "refund": "refunded_on",
    "invoice_line": "least(period_end, cast(period_start as date) + 31)",
}
"""The tables that grow, and the day on which a row of them is written."""

SCAN = "one scan of the same columns"


def file_before(origin: Path, folder: Path, day: date) -> Path:
    """The file as it was on `day`, made once."""
    path = folder / f"{origin.stem}-{day}.duckdb"
    if not path.exists():
        import duckdb

        print(f"making {path} …", file=sys.stderr)
        partial = path.with_suffix(".partial")
        shutil.copy(origin, partial)
        with duckdb.connect(str(partial), config={"threads": "2"}) as connection:
            connection.execute("set timezone = 'UTC'")
            tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
            for table, written in DATED.items():
                if table in tables:
                    connection.execute(f"delete from {table} where {written} >= date '{day.replace(day=1)}'")
        partial.rename(path)
    return path


def _workspace(origin: Path, folder: Path) -> Path:
    """A copy of the workspace of `origin` without its data, whose file can be exchanged."""
    root = folder / "workspace"
    if not root.exists():
        shutil.copytree(origin.parent.parent, root, ignore=shutil.ignore_patterns("*.duckdb"))
    return root


def _put(source: Path, place: Path) -> None:
    """Exchange the workspace's file; the time it was written long ago comes with it."""
    place.unlink(missing_ok=True)
    os.link(source, place)
    os.utime(place, (0, 0))


@contextmanager
def _own_cache(folder: Path) -> Iterator[Path]:
    """A cache folder that only this measurement uses."""
    place = (folder / "cache").resolve()
    shutil.rmtree(place, ignore_errors=True)
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(place)
    try:
        yield place
    finally:
        os.environ.pop("XDG_CACHE_HOME")
        if before is not None:
            os.environ["XDG_CACHE_HOME"] = before


def metrics_on(root: Path, day: date, *options: str) -> list[str]:
    """The command a script runs."""
    command = [sys.executable, "-m", "reviewtui", "--workspace", str(root), "--as-of", str(day)]
    return [*command, "metrics", "--format", "csv", *options]


def refreshes(kind: str, origin: Path, folder: Path, repetitions: int) -> list[Comparison]:
    """A new month, and an unchanged file, against one scan; `kind` names the file."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier, later = (file_before(origin, folder, day) for day in (EARLIER_DAY, LATER_DAY))
    root = _workspace(origin, folder)
    place = root / "data" / origin.name
    scan = [sys.executable, "-m", "benchmarks.scan", str(place)]
    with _own_cache(folder) as cache:
        kept = folder / "kept"
        _put(earlier, place)
        run(metrics_on(root, EARLIER_DAY))
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(cache, kept)

        def one_month_later() -> None:
            shutil.rmtree(cache)
            shutil.copytree(kept, cache)
            _put(later, place)

        newer = metrics_on(root, LATER_DAY)
        rows = [
            compare(f"{kind}: refresh after one new month", newer, SCAN, scan, repetitions, prepare=one_month_later)
        ]
        rows.append(compare(f"{kind}: unchanged file", newer, SCAN, scan, repetitions))
    return rows
