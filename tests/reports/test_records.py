"""CSV and JSON: what other programs read."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

from reviewtui.commands.selection import Wanted, select
from reviewtui.metrics.sheet import Cell, CellSource, Metric, MetricSheet, Product, Status
from reviewtui.reports.records import CSV_COLUMNS, number_text, write_csv, write_json
from tests.commands.support import FLAGS, MRR, REPLAY, ok, sheet

HOSTILE = (
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    "\tx",
    "\rx",
    "\n=x",
    " =x",
    "\u202e=x",
    "＝x",
    'a"b,c\nd',
    "\x1b]52;c;AAAA\x07",
    "\x9b2J",
    "名前",
)


def csv_of(grid: MetricSheet, wanted: Wanted | None = None) -> str:
    """The CSV of a sheet."""
    stream = io.StringIO()
    write_csv(select(grid, wanted or Wanted()), stream)
    return stream.getvalue()


def json_of(grid: MetricSheet) -> dict[str, object]:
    """The JSON of a sheet, read back."""
    stream = io.StringIO()
    write_json(select(grid, Wanted()), "Acme", stream)
    document: dict[str, object] = json.loads(stream.getvalue())
    return document


class TestCsv:
    def test_it_has_exactly_the_promised_columns_and_bare_line_feeds(self) -> None:
        text = csv_of(sheet({("replay", "mrr"): ok(1.5, None, 3)}))
        assert text == (
            "product,month,metric,value,n,status,low,high,score,anomaly,source\n"
            "replay,2025-02,mrr,1.5,,ok,,,,,computed\n"
            "replay,2025-03,mrr,,,missing,,,,,computed\n"
            "replay,2025-04,mrr,3.0,,ok,,,,,computed\n"
        )

    def test_rows_go_by_product_then_metric_then_month(self) -> None:
        grid = sheet(
            {("flags", "mrr"): ok(1, 2), ("replay", "unique_users"): ok(3, 4), ("replay", "mrr"): ok(5, 6)}, count=2
        )
        rows = [line.split(",")[:4] for line in csv_of(grid).splitlines()[1:]]
        assert [row[0] for row in rows] == ["replay"] * 4 + ["flags"] * 2
        assert [row[2] for row in rows] == ["mrr", "mrr", "unique_users", "unique_users", "mrr", "mrr"]
        assert [row[1] for row in rows] == ["2025-02", "2025-03"] * 3

    def test_status_sample_size_and_source_are_written(self) -> None:
        cell = Cell(-12.5, Status.LOW_N, n=4, source=CellSource.IMPORTED)
        assert csv_of(sheet({("replay", "mrr"): [cell]}, count=1)).splitlines()[1] == (
            "replay,2025-02,mrr,-12.5,4.0,low_n,,,,,imported"
        )

    def test_all_products_together_are_a_star(self) -> None:
        everything = Product("*", "All products")
        grid = sheet({("*", "mrr"): ok(1)}, products=[everything], count=1)
        assert csv_of(grid).splitlines()[1].startswith("*,")

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_no_text_is_taken_for_a_formula_or_reaches_a_terminal(self, hostile: str) -> None:
        product, metric = Product(hostile, hostile), Metric(hostile, hostile, "own", "")
        grid = sheet({(hostile, hostile): ok(-42.5)}, products=[product], metrics=[metric], count=1)
        _, row = csv.reader(io.StringIO(csv_of(grid)))
        for text in (row[0], row[2]):
            assert text.lstrip(" ")[0] not in "=+-@＝＋－＠\t\r\n"
            assert all(ord(character) >= 0x20 and not 0x7F <= ord(character) < 0xA0 for character in text)
        assert row[3] == "-42.5"


class TestNumbers:
    @pytest.mark.parametrize(
        "number", [0.1 + 0.2, 1e22, 5.0, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3, 123456789.125]
    )
    def test_a_number_reads_back_to_the_same_double(self, number: float) -> None:
        assert math.copysign(1, float(number_text(number))) == math.copysign(1, number)
        assert float(number_text(number)) == number

    def test_whole_numbers_are_written_as_doubles_too(self) -> None:
        assert (number_text(5), number_text(5.0)) == ("5.0", "5.0")

    @pytest.mark.parametrize("number", [None, math.nan, math.inf, -math.inf])
    def test_what_is_no_number_is_empty(self, number: float | None) -> None:
        assert number_text(number) == ""


class TestJson:
    def test_it_nests_cells_in_metrics_in_products(self) -> None:
        grid = sheet({("replay", "mrr"): [Cell(0.1, Status.OK, n=3)], ("flags", "mrr"): ok(None)}, count=1)
        facts = {"section": "revenue", "unit": "money", "direction": "neutral", "kind": "output", "definition": ""}
        nothing = {"low": None, "high": None, "score": None, "anomaly": None, "source": "computed"}

        def product(id_: str, name: str, stage: str | None, cell: dict[str, object]) -> dict[str, object]:
            cells = [{"month": "2025-02", **cell, **nothing}]
            return {
                "id": id_,
                "name": name,
                "stage": stage,
                "metrics": [{"id": "mrr", "name": "MRR", **facts, "cells": cells}],
            }

        assert json_of(grid) == {
            "workspace": "Acme",
            "as_of": "2025-04-10",
            "products": [
                product("replay", REPLAY.name, "growth", {"value": 0.1, "n": 3.0, "status": "ok"}),
                product("flags", FLAGS.name, None, {"value": None, "n": None, "status": "missing"}),
            ],
        }

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_every_text_reads_back_and_only_plain_characters_are_written(self, hostile: str) -> None:
        grid = sheet({(hostile, "mrr"): ok(1)}, products=[Product(hostile, hostile)], count=1)
        stream = io.StringIO()
        write_json(select(grid, Wanted()), hostile, stream)
        assert stream.getvalue().rstrip("\n").isascii()
        assert stream.getvalue().rstrip("\n").isprintable()
        assert json.loads(stream.getvalue())["products"][0]["id"] == hostile

    def test_a_value_that_is_no_number_is_null(self) -> None:
        grid = sheet({("replay", "mrr"): [Cell(math.nan, Status.OK)]}, count=1)
        assert '"value": null' in json.dumps(json_of(grid))


def test_csv_and_json_hold_the_same_cells() -> None:
    grid = sheet({("replay", "mrr"): ok(1, None, 1 / 3), ("flags", "mrr"): ok(4, 5, 6)})
    rows = list(csv.DictReader(io.StringIO(csv_of(grid))))
    document = json.loads(json.dumps(json_of(grid)))
    nested = [
        (product["id"], cell["month"], metric["id"], cell["value"])
        for product in document["products"]
        for metric in product["metrics"]
        for cell in metric["cells"]
    ]
    assert nested == [
        (row["product"], row["month"], row["metric"], float(row["value"]) if row["value"] else None) for row in rows
    ]
    assert tuple(rows[0]) == CSV_COLUMNS
    assert MRR.id == rows[0]["metric"]
