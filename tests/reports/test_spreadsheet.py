"""The workbook, read back by another program's library."""

from __future__ import annotations

import io
import math
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from reviewtui.commands.selection import Wanted, select
from reviewtui.metrics.sheet import Cell, DefinitionVersion, Layout, Metric, MetricSheet, Product, Status, Unit
from reviewtui.months import Month
from reviewtui.reports.spreadsheet import spreadsheet
from reviewtui.workspace.model import Link
from tests.commands.support import CHURN, FLAGS, MRR, REPLAY, USERS, ok, sheet
from tests.sheets import hostile_sheet, hostile_strings, make_sheet

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.workbook import Workbook


FEBRUARY = datetime(2025, 2, 1)  # noqa: DTZ001 - as a spreadsheet has it


def made(grid: MetricSheet, wanted: Wanted | None = None) -> tuple[bytes, tuple[str, ...]]:
    """The file and what was cut in it."""
    return spreadsheet(select(grid, wanted or Wanted()), "Acme reviews", lambda _: None)


def opened(grid: MetricSheet) -> Workbook:
    """The workbook as another program sees it."""
    return openpyxl.load_workbook(io.BytesIO(made(grid)[0]))


def one_product(*rows: tuple[Metric, tuple[Cell, ...]], months: int = 3) -> MetricSheet:
    """A sheet of one product up to April 2025, seen on the 10th of it."""
    return sheet(
        {("replay", metric.id): cells for metric, cells in rows},
        products=[REPLAY],
        metrics=[metric for metric, _ in rows],
        count=months,
    )


def texts_of(book: Workbook) -> list[str]:
    """Every text of every cell."""
    return [cell.value for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]


GRID = one_product((MRR, ok(20_000.5, None, -3.0)), (CHURN, ok(0.033, 0.01, None)), (USERS, ok(1, 2, 3)))


class TestLayout:
    def test_metrics_are_rows_by_section_and_months_are_columns(self) -> None:
        page = opened(GRID)["Session replay"]
        assert [[cell.value for cell in row[:3]] for row in page.iter_rows(min_row=4)] == [
            ["Metric", "id", FEBRUARY],
            ["Revenue", None, None],
            ["MRR", "mrr", 20_000.5],
            ["Revenue churn rate", "churn_rate", 0.033],
            ["Usage", None, None],
            ["Unique monthly users", "unique_users", 1],
        ]

    def test_the_title_says_what_and_from_when_once(self) -> None:
        page = opened(GRID)["Session replay"]
        assert (page["A1"].value, page["B1"].value) == ("Session replay", "replay")
        assert page["A2"].value == "Acme reviews, as of 2025-04-10, money in USD"
        assert page["A3"].value == "Invoice lines are spread back from the end of their period."

    def test_months_are_dates_and_the_open_one_is_called_partial(self) -> None:
        header = list(opened(GRID)["Session replay"][4])[2:]
        assert [str(cell.value) for cell in header] == [f"2025-{month}-01 00:00:00" for month in ("02", "03", "04")]
        assert [cell.number_format for cell in header] == ["mmm yy", "mmm yy", 'mmm yy" (partial)"']
        assert header[2].font.italic

    def test_names_ids_and_header_stay_in_view(self) -> None:
        page = opened(GRID)["Session replay"]
        assert page.freeze_panes == "C5"
        assert page.page_setup.orientation == "landscape"
        assert page.print_title_rows == "$4:$4"
        assert page.sheet_properties.pageSetUpPr is not None
        assert page.sheet_properties.pageSetUpPr.fitToPage

    def test_a_section_row_is_bold_and_filled(self) -> None:
        cell = opened(GRID)["Session replay"]["A5"]
        assert cell.value == "Revenue"
        assert cell.font.bold
        assert cell.fill.fgColor.rgb == "FFDDE6EE"

    def test_months_before_spreadsheet_dates_are_text(self) -> None:
        grid = sheet({("replay", "mrr"): ok(1.0)}, products=[REPLAY], metrics=[MRR], first="1850-03", count=1)
        assert opened(grid)["Session replay"]["C4"].value == "1850-03"


class TestNumbers:
    def test_each_unit_has_its_format(self) -> None:
        page = opened(GRID)["Session replay"]
        assert page["C6"].number_format == '#,##0;"−"#,##0'
        assert page["C7"].number_format == '#,##0.0%;"−"#,##0.0%'

    @pytest.mark.parametrize("number", [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -123456789.12345679])
    def test_a_number_reads_back_to_the_same_double(self, number: float) -> None:
        value = opened(one_product((MRR, ok(number)), months=1))["Session replay"]["C6"].value
        assert isinstance(value, float)
        assert value == number

    @pytest.mark.parametrize("number", [math.nan, math.inf])
    def test_what_is_no_number_is_not_written_as_one(self, number: float) -> None:
        cell = Cell(number, Status.OK)
        assert not isinstance(opened(one_product((MRR, (cell,)), months=1))["Session replay"]["C6"].value, float)


class TestCellsWithoutAnOrdinaryValue:
    def cell(self, cell: Cell) -> SheetCell:
        """The cell as the workbook has it, in a complete month."""
        found: SheetCell = opened(one_product((MRR, (cell, *ok(1.0, 2.0)))))["Session replay"]["C6"]
        return found

    def test_what_cannot_be_computed_says_so_and_why(self) -> None:
        cell = self.cell(Cell(None, Status.NA, note="opening MRR is 0"))
        assert cell.value == "n/a"
        assert cell.font.italic
        assert cell.comment is not None
        assert cell.comment.text == "opening MRR is 0"

    def test_missing_is_empty(self) -> None:
        assert self.cell(Cell(None, Status.MISSING)).value is None

    def test_few_answers_are_grey_and_marked(self) -> None:
        cell = self.cell(Cell(31.0, Status.LOW_N))
        assert (cell.value, cell.number_format) == (31, '"? "#,##0;"? −"#,##0')
        assert cell.font.italic

    def test_a_note_that_cells_of_a_row_share_stands_at_the_newest(self) -> None:
        nothing = Cell(None, Status.NA, note="reported once a quarter")
        page = opened(one_product((MRR, (nothing, nothing, Cell(1.0, Status.OK)))))["Session replay"]
        assert page["C6"].comment is None
        assert page["D6"].comment is not None

    def test_the_notes_of_the_open_month_stand_at_its_header(self) -> None:
        partial = Cell(7.0, Status.PARTIAL, note="the month is not complete")
        page = opened(one_product((MRR, (*ok(1.0, 2.0), partial))))["Session replay"]
        assert (page["E6"].value, page["E6"].comment) == (7, None)
        assert page["E4"].comment is not None
        assert page["E4"].comment.text == "the month is not complete"
        assert page["E6"].fill.fgColor.rgb == "FFF2F2F2"


class TestSheets:
    def test_several_products_have_an_overview_of_the_newest_complete_month(self) -> None:
        book = opened(
            sheet(
                {("replay", "mrr"): ok(1, 2000, 3), ("flags", "mrr"): ok(4, 5, 6), ("flags", "unique_users"): ok(7, 8)}
            )
        )
        assert book.sheetnames == ["Overview", "Session replay", "Feature flags", "Definitions"]
        page = book["Overview"]
        assert page["A1"].value == "Overview, Mar 2025"
        assert [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] == [
            ["Product", "id", "Stage", "Sheet", "MRR", "Unique monthly users"],
            ["Session replay", "replay", "growth", "Session replay", 2000, None],
            ["Feature flags", "flags", None, "Feature flags", 5, 8],
        ]

    def test_hidden_metrics_are_left_out(self) -> None:
        grid = replace(GRID, layouts={"replay": Layout(hidden=("churn_rate",))})
        assert "churn_rate" not in texts_of(opened(grid))

    def test_definitions_say_what_each_metric_means(self) -> None:
        metric = MRR._replace(
            definition="What customers\npay.",
            formula="sum",
            owner="Ada",
            links=(Link("Board", "https://example.com"),),
            versions=(
                DefinitionVersion(None, "Old."),
                DefinitionVersion(Month(2025, 2), "What customers\npay.", "sum"),
            ),
        )
        page = opened(one_product((metric, ok(1, 2, 3))))["Definitions"]
        assert [cell.value for cell in page[1]][:4] == ["id", "Name", "Section", "Unit"]
        assert [cell.value for cell in page[2]] == [
            "mrr", "MRR", "Revenue", "money", None, "output", "What customers\npay.", "sum", None, None, "Ada",
            "Board: https://example.com", "from the beginning until 2025-02: Old.", None,
        ]  # fmt: skip
        assert page["L2"].hyperlink is None

    def test_a_metric_that_products_define_differently_has_both_definitions(self) -> None:
        grid = sheet({("replay", "mrr"): ok(1, 2, 3), ("flags", "mrr"): ok(4, 5, 6)})
        grid = replace(grid, own_metrics={("flags", "mrr"): MRR._replace(definition="Seats only.")})
        page = opened(grid)["Definitions"]
        rows = [[page.cell(row, column).value for column in (1, 7, 14)] for row in (2, 3)]
        assert rows == [["mrr", None, "Session replay"], ["mrr", "Seats only.", "Feature flags"]]

    def test_every_status_and_unit_can_be_written(self) -> None:
        book = opened(make_sheet())
        assert book.sheetnames[1:] == ["Session replay", "Feature b flags b", "All products", "Definitions"]


class TestHostileText:
    def test_no_text_is_a_formula_a_link_or_acts_on_a_reader(self) -> None:
        data, _ = made(hostile_sheet())
        book = openpyxl.load_workbook(io.BytesIO(data))
        for page in book:
            for row in page.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    assert cell.hyperlink is None
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                text = archive.read(name).decode()
                assert "<f>" not in text
                assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)

    def test_what_looks_like_a_formula_stays_text_when_it_is_edited(self) -> None:
        metric = Metric("own", "=cmd()", "own", Unit.COUNT)
        cell = opened(one_product((metric, ok(1)), months=1))["Session replay"]["A6"]
        assert (cell.value, cell.data_type, cell.quotePrefix) == ("=cmd()", "s", True)

    def test_names_keep_their_letters(self) -> None:
        for name in ("東京の数", "الإيرادات", "a & b <c>"):
            grid = one_product((Metric("own", name, "own", Unit.COUNT), ok(1)), months=1)
            assert opened(grid)["Session replay"]["A6"].value == name

    def test_every_hostile_product_gets_its_sheet(self) -> None:
        products = [Product(f"p{place}", name) for place, name in enumerate(hostile_strings())]
        grid = sheet({(each.id, "mrr"): ok(1, 2, 3) for each in products}, products=products, metrics=[MRR])
        assert len(opened(grid).sheetnames) == len(products) + 2

    def test_a_text_too_long_for_a_cell_is_cut_and_told(self) -> None:
        metric = MRR._replace(definition="x" * 40_000)
        data, cut = made(one_product((metric, ok(1)), months=1))
        assert cut == ("the definition of mrr",)
        definition = openpyxl.load_workbook(io.BytesIO(data))["Definitions"]["G2"].value
        assert definition == "x" * 32_766 + "…"


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert made(GRID) == made(GRID)
    assert FLAGS.id not in {page.title for page in opened(GRID)}
