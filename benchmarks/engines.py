"""How long a pull takes on each engine, what comes back, and whether it is the same everywhere.

`python -m benchmarks.engines [--events 5000000] [--engine duckdb --engine clickhouse --engine spark] [--cores 1 2]
[--rows 200000]`.
All engines read the same Parquet files; DuckDB is the reference. Engines that are not installed are left out, with the
reason. The files are kept in the cache folder. For Spark, what each section shuffles is told too and, with
`--cores 1 2`, how long it would take on more nodes. With `--rows N`, the rows behind the months are brought too, so
many of each table at most, and their seconds, number and bytes are told beside the sections.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from tests.engines.companies import differences, on_engine, pull_with
from tests.engines.duck_engine import DuckEngine
from tests.engines.servers import missing_clickhouse, missing_spark

from benchmarks.measure import run
from benchmarks.plain_events import tables
from reviewtui.engines.opening import open_engine
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.model import EngineConfig

if TYPE_CHECKING:
    from reviewtui.engines.engine import Engine

ENGINES = ("duckdb", "clickhouse", "spark")
AS_OF = date(2026, 11, 22)
BYTES_PER_SECOND = 125_000_000
"""What the network of one node is taken to carry: a gigabit."""

LOGS = "spark-events"
NODES = (1, 2, 4, 8, 16)
NAMES = ("event", "invoice_line", "fx_rate", "product_intent")


def parquet_files(events: int) -> dict[str, str]:
    """The files with so many events, made once."""
    import platformdirs

    folder = platformdirs.user_cache_path("reviewtui-benchmarks", appauthor=False) / f"parquet-{events}"
    paths = {name: folder / f"{name}.parquet" for name in NAMES}
    if not all(path.exists() for path in paths.values()):
        print(f"making {folder} …", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(":memory:", config={"threads": "2", "memory_limit": "2GB"}) as connection:
            connection.execute("set timezone = 'UTC'")
            for name, statement in zip(NAMES, tables(events), strict=True):
                connection.execute(statement)
                connection.execute(f"copy {name} to '{paths[name]}' (format parquet)")
                connection.execute(f"drop table {name}")
    return {name: str(path) for name, path in paths.items()}


def section_at(moments: list[tuple[float, str]], moment: float) -> str:
    """The section that was being pulled; `moments` says what was begun when, in order."""
    begun = [name for start, name in moments if start <= moment]
    return begun[-1] if begun else "inputs"


def shuffled(folder: Path, moments: list[tuple[float, str]]) -> dict[str, int]:
    """Section to the bytes that Spark's tasks handed to other tasks, from its log of events in `folder`."""
    total: dict[str, int] = {}
    for log in folder.iterdir():
        with log.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith('{"Event":"SparkListenerTaskEnd"'):
                    continue
                task = json.loads(line)
                written = task.get("Task Metrics", {}).get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
                name = section_at(moments, task["Task Info"]["Finish Time"] / 1000)
                total[name] = total.get(name, 0) + int(written)
    return total


def projected(one: float, two: float, shuffle: int, nodes: int) -> float:
    """Seconds on `nodes` machines like this one.

    `one` and `two` are the seconds on one and two cores. The part that did not get faster stays as it is, the other is
    divided, and what is shuffled goes over the network but for the part that stays on its node.
    """
    parallel = min(one, max(0.0, 2 * (one - two)))
    travels = shuffle * (1 - 1 / nodes) / (nodes * BYTES_PER_SECOND)
    return one - parallel + parallel / (2 * nodes) + travels


def opened(kind: str, paths: dict[str, str], cores: int, folder: Path) -> tuple[Engine, EngineConfig]:
    """One engine over the files with so many cores."""
    if kind == "duckdb":
        database = folder / "parquet.duckdb"
        if not database.exists():
            with duckdb.connect(str(database)) as connection:
                for name, path in paths.items():
                    connection.execute(f"create view {name} as select * from '{path}'")
        return DuckEngine(database, threads=cores), EngineConfig("warehouse", "postgresql")
    options = {"max_threads": str(cores)}
    url, master = "chdb://memory", ""
    if kind == "spark":
        (folder / LOGS).mkdir()
        options = {
            "spark.driver.memory": "2g",
            "spark.sql.shuffle.partitions": str(4 * cores),
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": (folder / LOGS).as_uri(),
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
        }
        url, master = "", f"local[{cores}]"
    config = EngineConfig("warehouse", kind, url=url, master=master, parquet=paths, options=options)
    return open_engine(config, folder), config


def pull_once(kind: str, events: int, cores: int, most_rows: int) -> None:
    """Pull with one engine, in this process, compare with DuckDB's numbers, and print the figures as JSON."""
    paths = parquet_files(events)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "reviewtui.toml").write_text('schema = 1\nbase_currency = "USD"\n', "utf-8")
        plain = load_workspace(folder)
        engine, config = opened(kind, paths, cores, folder)
        moments: list[tuple[float, str]] = []

        def note(message: object) -> None:
            stage = getattr(message, "stage", "")
            if stage.startswith("Pulling "):
                name = re.split("[,:]", stage.removeprefix("Pulling "))[0].removesuffix(" metrics")
                moments.append((time.time(), name))

        report = pull_with(engine, on_engine(plain, config), AS_OF, most_rows=most_rows, on_message=note)
        shuffle = shuffled(folder / LOGS, moments) if kind == "spark" else {}
        figures = {section.name: round(section.seconds, 1) for section in report.sections}
        if figures.keys() - {name for _, name in moments}:
            raise SystemExit(f"of the sections {', '.join(figures)} progress named only {moments}")
        size, rows = (sum(getattr(section, name) for section in report.sections) for name in ("size", "rows"))
        reference = folder / "reference"
        reference.mkdir()
        other = replace(plain, root=reference)
        here, here_config = opened("duckdb", paths, 2, folder)
        pull_with(here, on_engine(other, here_config), AS_OF)
        from reviewtui.metrics.compute import compute_sheet

        sheet = compute_sheet(on_engine(other, here_config), AS_OF, is_fresh=True)
        wrong = differences(on_engine(plain, config), sheet, AS_OF)
        cells = sum(len(row) for row in sheet.rows.values())
    problems = [problem.message for problem in report.problems]
    facts = {"seconds": figures, "bytes": size, "rows": rows, "cells": cells, "wrong": len(wrong)}
    behind = [report.rows.seconds, report.rows.rows, report.rows.size] if report.rows is not None else []
    print(json.dumps(facts | {"shuffle": shuffle, "problems": problems, "behind": behind}))


def print_shuffle(runs: dict[int, dict[str, Any]]) -> None:
    """What each section shuffled, and, from the runs on one and two cores, how long it would take on more nodes."""
    found = runs[max(runs)]
    print(
        "\n| section | s | shuffled MB |" + "".join(f" {nodes} nodes, s |" for nodes in NODES if {1, 2} <= runs.keys())
    )
    print("|---|---:|---:|" + "---:|" * (len(NODES) if {1, 2} <= runs.keys() else 0))
    for name, seconds in found["seconds"].items():
        shuffle = found["shuffle"].get(name, 0)
        line = f"| {name} | {seconds:.1f} | {shuffle / 1e6:,.1f} |"
        if {1, 2} <= runs.keys():
            one, two = (runs[cores]["seconds"].get(name, seconds) for cores in (1, 2))
            line += "".join(f" {projected(one, two, shuffle, nodes):.1f} |" for nodes in NODES)
        print(line, flush=True)


def main() -> None:
    """Print a line for each engine and number of cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--cores", type=int, nargs="*", default=[2])
    parser.add_argument("--rows", type=int, default=0, metavar="N")
    parser.add_argument("--once", nargs=2, metavar=("ENGINE", "CORES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        pull_once(options.once[0], options.events, int(options.once[1]), options.rows)
        return
    missing = {"clickhouse": missing_clickhouse(), "spark": missing_spark()}
    print("| engine | cores | events | pull s | peak MB | cells | differ | rows back | bytes back | sections, s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---|")
    for kind in options.engine or ENGINES:
        if missing.get(kind):
            print(f"{kind} left out: {missing[kind]}", file=sys.stderr)
            continue
        runs: dict[int, dict[str, Any]] = {}
        for cores in options.cores:
            command = [sys.executable, "-m", "benchmarks.engines", "--events", str(options.events)]
            result = run([*command, "--rows", str(options.rows), "--once", kind, str(cores)])
            found = runs[cores] = json.loads(result.output.strip().splitlines()[-1])
            seconds = found["seconds"]
            listed = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
            if found["behind"]:
                spent, rows, size = found["behind"]
                listed += f"; rows behind {spent:.1f} s, {rows:,} rows, {size:,} bytes"
            print(
                f"| {kind} | {cores} | {options.events:,} | {sum(seconds.values()):.1f} | {result.peak_mb:,.0f} |"
                f" {found['cells']:,} | {found['wrong']} | {found['rows']:,} | {found['bytes']:,} | {listed} |",
                flush=True,
            )
            for message in found["problems"]:
                print(message, file=sys.stderr)
        if kind == "spark":
            print_shuffle(runs)


if __name__ == "__main__":
    main()
