"""Measure and print the table: `python -m benchmarks [--large | --screen] [--write]`.

With `--screen` the app is measured in a pseudo-terminal (some minutes). Without `--large` only the demo is measured
(two minutes). With it two files of 50 million events are made first (half an hour in all, 7 GB of disk in
`.benchmarks/`). `--write` keeps the table in `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import platform
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks import screen
from benchmarks.measure import Comparison, compare
from benchmarks.plain_events import plain_workspace
from benchmarks.refresh import SCAN, refreshes
from benchmarks.spreadsheets import NOTHING, spreadsheets

AS_OF = date(2026, 11, 22)
SMALL_REPETITIONS = 9
LARGE_REPETITIONS = 3
LARGE_SCALE = 165.0
FOLDER = Path(".benchmarks")
PAGE = Path("docs/benchmarks.md")
TABLE_START = "<!-- table: made by `python -m benchmarks --large --write` -->"
TABLE_END = "<!-- end of table -->"
SCREEN_START = "<!-- table: made by `python -m benchmarks --screen --write` -->"

PYTHON = sys.executable


def demo_workspace(scale: float) -> Path:
    """The demo at `scale`, made once."""
    from reviewtui.demo.generate import make_demo

    root = FOLDER / f"demo-{AS_OF}-{scale:g}"
    if not (root / "reviewtui.toml").exists():
        print(f"making {root} …", file=sys.stderr)
        make_demo(root, AS_OF, scale=scale)
    return root


def metrics_command(root: Path) -> list[str]:
    """The command a script runs."""
    return [PYTHON, "-m", "reviewtui", "--workspace", str(root), "--as-of", str(AS_OF), "metrics", "--format", "csv"]


def counted(root: Path) -> str:
    """How much data a workspace has, in words."""
    import duckdb

    (data,) = root.glob("data/*.duckdb")
    with duckdb.connect(str(data), read_only=True) as connection:
        events, lines = (
            connection.execute(f"select count(*) from {table}").fetchall()[0][0] for table in ("event", "invoice_line")
        )
    return f"{events / 1e6:.3g} M events, {lines / 1e3:,.0f} k invoice lines"


def small() -> list[Comparison]:
    """`metrics` on the demo, computed and from what was kept; spreadsheets in and out."""
    root = demo_workspace(1.0)
    name = f"`metrics --fresh` on the demo ({counted(root)})"
    load, nothing = [PYTHON, "-c", "import duckdb"], [PYTHON, "-c", "pass"]
    return [
        compare(name, [*metrics_command(root), "--fresh"], "`import duckdb`", load, SMALL_REPETITIONS),
        compare("`metrics` on the demo, unchanged", metrics_command(root), NOTHING, nothing, SMALL_REPETITIONS),
        *spreadsheets(FOLDER / "spreadsheets", LARGE_REPETITIONS),
    ]


def large() -> list[Comparison]:
    """All metrics of large files against one scan of the same columns, and their refreshes."""
    rows = []
    demo = demo_workspace(LARGE_SCALE)
    # Its SQL of a user's own counts distinct persons of all events at once: refused at this size, for want of memory.
    (demo / "metrics" / "team_orgs.toml").unlink(missing_ok=True)
    for kind, root in (("plain", plain_workspace(FOLDER / "plain")), ("demo", demo)):
        (data,) = root.glob("data/*.duckdb")
        scan = [PYTHON, "-m", "benchmarks.scan", str(data)]
        name = f"{kind}: all metrics, {counted(root)}"
        rows.append(compare(name, [*metrics_command(root), "--fresh"], SCAN, scan, LARGE_REPETITIONS))
        rows += refreshes(kind, data, FOLDER / f"refresh-{kind}", LARGE_REPETITIONS)
    return rows


def table(rows: list[Comparison]) -> str:
    """The comparisons as Markdown."""
    lines = [
        "| what | reference | wall s | reference s | ratio | CPU ratio | peak MB |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row.name} | {row.reference} | {row.wall:.2f} | {row.reference_wall:.2f} | {row.ratio:.3g} | "
        f"{row.cpu_ratio:.3g} | {row.peak_mb:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)


def screen_table() -> str:
    """The figures of the app in a terminal, beside those of references."""
    root = demo_workspace(1.0)
    found = screen.measured([screen.own(root, AS_OF, FOLDER / "home"), *screen.references(FOLDER)])
    return screen.table(screen.rows(found))


def keep(text: str, start: str) -> None:
    """Put a table into the page, in place of the one after `start`."""
    from reviewtui.workspace.atomic import atomic_write

    before, rest = PAGE.read_text("utf-8").split(start)
    _, after = rest.split(TABLE_END, 1)
    atomic_write(PAGE, f"{before}{start}\n{text}\n{TABLE_END}{after}")


def main() -> None:
    """Measure, print, and keep the table if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--large", action="store_true", help="also measure 50 million events")
    kind.add_argument("--screen", action="store_true", help="measure the app in a pseudo-terminal instead")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {PAGE}")
    arguments = parser.parse_args()
    figures = screen_table() if arguments.screen else table(small() + (large() if arguments.large else []))
    versions = f"Python {platform.python_version()}, duckdb {version('duckdb')}, textual {version('textual')}"
    machine = f"{platform.system()} {platform.machine()}, 2 threads"
    text = f"{figures}\n\n{versions}, {machine}; medians of interleaved runs."
    print(text)
    if arguments.write:
        keep(text, SCREEN_START if arguments.screen else TABLE_START)


if __name__ == "__main__":
    main()
