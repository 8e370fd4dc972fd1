"""What is remembered of the rows behind cells."""

from __future__ import annotations

from reviewtui.cell_rows import MOST_REMEMBERED, CellKey, CellRows
from reviewtui.metrics.drilldown import DrillDown
from tests.sheets import make_sheet


def key(number: int) -> CellKey:
    return CellKey("replay", "mrr", f"{2000 + number}-01")


def rows() -> CellRows[CellKey, DrillDown]:
    return CellRows(lambda *_: DrillDown())


def test_rows_belong_to_one_sheet() -> None:
    found, known = DrillDown(reason="here"), rows()
    first, second = make_sheet(), make_sheet(factor=2.0)
    known.keep(first, key(1), found)
    assert known.known(first, key(1)) is found
    assert known.known(second, key(1)) is None
    known.keep(second, key(2), found)
    assert known.known(first, key(1)) is None


def test_the_oldest_are_forgotten() -> None:
    known, sheet = rows(), make_sheet()
    for number in range(MOST_REMEMBERED + 2):
        known.keep(sheet, key(number), DrillDown())
    assert known.known(sheet, key(1)) is None
    assert known.known(sheet, key(2)) is not None
