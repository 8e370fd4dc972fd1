"""Spreadsheets in and out: a sheet of 60 metrics by 120 months, and 40 products of that size."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.measure import Comparison, compare

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTS, METRICS, MONTHS = 40, 60, 120
AS_OF = date(2026, 11, 22)
NOTHING = "`python -c pass`"


def _workspace(root: Path) -> Path:
    """A workspace with a value in every cell, made once."""
    data = root / "values.duckdb"
    if not data.exists():
        import duckdb

        root.mkdir(parents=True, exist_ok=True)
        partial = data.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with duckdb.connect(str(partial)) as connection:
            connection.execute(
                f"""create table metric_value as
                select 'product_' || p as product_id, date '2016-11-01' + to_months(m::integer) as month,
                    'metric_' || k as metric, (p * 1000 + k * 10 + m) * 1.25 as value
                from range({PRODUCTS}) a(p), range({METRICS}) b(k), range({MONTHS}) c(m)"""
            )
        partial.rename(data)
        (root / "reviewtui.toml").write_text('schema = 1\n[[source]]\npath = "values.duckdb"\n', "utf-8")
    return root


def _spreadsheet(path: Path) -> Path:
    months = [f"{2016 + (10 + month) // 12}-{(10 + month) % 12 + 1:02d}" for month in range(MONTHS)]
    lines = [",".join(["Metric", *months])]
    lines += [
        ",".join([f"Metric {k}", *(f"{k * 10 + month + 0.5}" for month in range(MONTHS))]) for k in range(METRICS)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def spreadsheets(folder: Path, repetitions: int) -> list[Comparison]:
    """Import of one sheet, export of everything in each kind of file, from kept numbers."""
    root = _workspace(folder)
    nothing = [sys.executable, "-c", "pass"]
    program = [sys.executable, "-m", "reviewtui", "--workspace", str(root), "--as-of", str(AS_OF)]
    sheet = _spreadsheet(folder / "last-year.csv")
    rows = [
        compare(
            f"`import` of {METRICS} x {MONTHS} cells",
            [*program, "import", str(sheet), "--product", "product_1", "--dry-run"],
            NOTHING,
            nothing,
            repetitions,
        )
    ]
    for ending in ("xlsx", "csv", "parquet"):
        command = [*program, "export", str(folder / f"grid.{ending}"), "--replace"]
        name = f"`export` of {PRODUCTS} x {METRICS} x {MONTHS} cells as .{ending}"
        rows.append(compare(name, command, NOTHING, nothing, repetitions))
    return rows
