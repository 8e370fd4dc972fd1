"""The Parquet file, read back."""

from __future__ import annotations

import io
import math
from datetime import date

import polars as pl

from reviewtui.commands.selection import Wanted, select
from reviewtui.metrics.sheet import Cell, CellSource, MetricSheet, Product, Status
from reviewtui.reports.parquet import parquet
from reviewtui.reports.records import CSV_COLUMNS
from tests.commands.support import FLAGS, MRR, REPLAY, ok, sheet


def made(grid: MetricSheet) -> bytes:
    """The file."""
    return parquet(select(grid, Wanted(), hidden=True))


def read(grid: MetricSheet) -> pl.DataFrame:
    """The rows of the file."""
    return pl.read_parquet(io.BytesIO(made(grid)))


def test_it_has_the_columns_of_the_csv_in_their_types() -> None:
    frame = read(sheet({("replay", "mrr"): ok(1.5, None, 3)}))
    assert tuple(frame.columns) == CSV_COLUMNS
    assert frame.schema["month"] == pl.Date
    assert {name for name, kind in frame.schema.items() if kind == pl.Float64} == {"value", "n", "low", "high", "score"}


def test_rows_are_cells_with_the_first_day_of_their_month() -> None:
    cell = Cell(-12.5, Status.LOW_N, n=4, source=CellSource.IMPORTED)
    frame = read(sheet({("replay", "mrr"): [cell], ("flags", "mrr"): ok(None)}, count=1))
    assert frame.rows() == [
        ("replay", date(2025, 2, 1), "mrr", -12.5, 4.0, "low_n", None, None, None, None, "imported"),
        ("flags", date(2025, 2, 1), "mrr", None, None, "missing", None, None, None, None, "computed"),
    ]
    assert (REPLAY.id, FLAGS.id, MRR.id) == ("replay", "flags", "mrr")


def test_doubles_are_exact_and_what_is_no_number_is_null() -> None:
    frame = read(sheet({("replay", "mrr"): [Cell(0.1 + 0.2, Status.OK), Cell(math.nan, Status.OK)]}, count=2))
    assert frame["value"].to_list() == [0.30000000000000004, None]


def test_ids_are_as_they_are() -> None:
    grid = sheet({("=1\x1b", "mrr"): ok(1)}, products=[Product("=1\x1b", "x")], count=1)
    assert read(grid)["product"].to_list() == ["=1\x1b"]


def test_a_lone_surrogate_is_replaced() -> None:
    grid = sheet({("\ud800", "mrr"): ok(1)}, products=[Product("\ud800", "x")], count=1)
    assert read(grid)["product"].to_list() == ["\ufffd"]


def test_the_same_numbers_give_the_same_bytes() -> None:
    grid = sheet({("replay", "mrr"): ok(1, 2, 3)})
    assert made(grid) == made(grid)
