"""How long a pull takes on each engine, what comes back, and whether it is the same everywhere.

`python -m benchmarks.engines [--events 5000000] [--engine duckdb --engine clickhouse --engine spark] [--cores 1 2]`.
All engines read the same Parquet files; DuckDB is the reference. Engines that are not installed are left out, with the
reason. The files are kept in the cache folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

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
        options = {"spark.driver.memory": "2g", "spark.sql.shuffle.partitions": str(4 * cores)}
        url, master = "", f"local[{cores}]"
    config = EngineConfig("warehouse", kind, url=url, master=master, parquet=paths, options=options)
    return open_engine(config, folder), config


def pull_once(kind: str, events: int, cores: int) -> None:
    """Pull with one engine, in this process, compare with DuckDB's numbers, and print the figures as JSON."""
    paths = parquet_files(events)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "reviewtui.toml").write_text('schema = 1\nbase_currency = "USD"\n', "utf-8")
        plain = load_workspace(folder)
        engine, config = opened(kind, paths, cores, folder)
        report = pull_with(engine, on_engine(plain, config), AS_OF)
        figures = {section.name: round(section.seconds, 1) for section in report.sections}
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
    print(
        json.dumps(
            {"seconds": figures, "bytes": size, "rows": rows, "cells": cells, "wrong": len(wrong), "problems": problems}
        )
    )


def main() -> None:
    """Print a line for each engine and number of cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--cores", type=int, nargs="*", default=[2])
    parser.add_argument("--once", nargs=2, metavar=("ENGINE", "CORES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        pull_once(options.once[0], options.events, int(options.once[1]))
        return
    missing = {"clickhouse": missing_clickhouse(), "spark": missing_spark()}
    print("| engine | cores | events | pull s | peak MB | cells | differ | rows back | bytes back | sections, s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---|")
    for kind in options.engine or ENGINES:
        if missing.get(kind):
            print(f"{kind} left out: {missing[kind]}", file=sys.stderr)
            continue
        for cores in options.cores:
            command = [sys.executable, "-m", "benchmarks.engines", "--events", str(options.events)]
            result = run([*command, "--once", kind, str(cores)])
            found = json.loads(result.output.strip().splitlines()[-1])
            seconds = found["seconds"]
            listed = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
            print(
                f"| {kind} | {cores} | {options.events:,} | {sum(seconds.values()):.1f} | {result.peak_mb:,.0f} |"
                f" {found['cells']:,} | {found['wrong']} | {found['rows']:,} | {found['bytes']:,} | {listed} |",
                flush=True,
            )
            for message in found["problems"]:
                print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
