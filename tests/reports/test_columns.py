"""What is printed from packed columns is what the cells and verdicts say, whatever months are asked for."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewtui.anomalies.judge import judge_sheet
from reviewtui.metrics.sheet_file import sheet_bytes, sheet_of
from reviewtui.months import Month, month_span
from reviewtui.reports.records import CSV_COLUMNS, number_text, write_csv
from reviewtui.reports.selection import Selection
from tests.sheets import make_sheet

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

SHEET = make_sheet(first=Month(2022, 1))
JUDGED = judge_sheet(SHEET)


def cell_by_cell(selection: Selection) -> list[list[str]]:
    """The rows of the CSV from cells and verdicts."""
    found = []
    for product, metrics in selection.rows:
        for metric in metrics:
            for month, cell, verdict in selection.judged(product, metric):
                numbers = ["", "", "", ""]
                if verdict is not None:
                    numbers = [repr(verdict.low), repr(verdict.high), repr(verdict.score), str(verdict.anomaly or "")]
                value = [number_text(cell.value), number_text(cell.n), str(cell.status)]
                found.append([product.id, str(month), metric.id, *value, *numbers, str(cell.source)])
    return found


def kept(sheet: MetricSheet) -> MetricSheet:
    """The sheet as it is read from a file."""
    found = sheet_of(sheet_bytes(sheet))
    assert found is not None
    return found


@pytest.mark.parametrize("is_kept", [False, True], ids=["just computed", "kept"])
@pytest.mark.parametrize(
    "months",
    [
        SHEET.months,
        SHEET.months[5:9],
        month_span(SHEET.months[0] - 3, SHEET.months[2]),
        month_span(SHEET.months[-2], SHEET.months[-1] + 4),
        month_span(Month(2010, 1), Month(2010, 3)),
        (),
    ],
    ids=["all", "some", "from before", "until after", "none of them", "nothing"],
)
def test_columns_say_what_cells_and_verdicts_say(months: tuple[Month, ...], is_kept: bool) -> None:
    sheet = kept(SHEET) if is_kept else SHEET
    rows = tuple((product, sheet.metrics) for product in sheet.products)
    selection = Selection(sheet, rows, months, judgements=JUDGED)
    stream = io.StringIO()
    write_csv(selection, stream)
    header, *found = csv.reader(io.StringIO(stream.getvalue()))
    assert header == list(CSV_COLUMNS)
    assert found == cell_by_cell(selection)
    assert len(found) == len(months) * len(sheet.metrics) * len(sheet.products)


def test_anomalies_are_among_them() -> None:
    rows = ((SHEET.products[0], SHEET.metrics),)
    stream = io.StringIO()
    write_csv(Selection(replace(SHEET), rows, SHEET.months, judgements=JUDGED), stream)
    assert {row["anomaly"] for row in csv.DictReader(io.StringIO(stream.getvalue()))} > {""}
