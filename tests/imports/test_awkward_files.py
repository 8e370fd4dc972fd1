"""Files that are damaged, hostile, huge or something else."""

from __future__ import annotations

import os
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import openpyxl
import openpyxl.chart
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewtui.errors import ReviewError
from reviewtui.imports import workbook as workbook_module
from reviewtui.imports.read_file import read_file
from tests.imports.files import cells, fill, of_sheet, places, understood, workbook
from tests.sheets import hostile_strings

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["", "2026-01"], ["MRR", 5]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path: Path) -> str:
    with pytest.raises(ReviewError) as caught:
        read_file(path)
    return caught.value.message


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "is empty (0 bytes)"),
            (OLE + bytes(600), "of before 2007 (.xls). Save it as .xlsx"),
            (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
            (b"%PDF-1.7", "is a PDF"),
            (b"PK\x03\x04 and no end", "is damaged"),
            (b"just text", "is no .xlsx workbook by its content"),
            (b"SQLite format 3\0", "is an SQLite file"),
        ],
    )
    def test_what_is_no_workbook_gets_a_sentence(self, tmp_path: Path, content: bytes, words: str) -> None:
        path = tmp_path / "book.xlsx"
        path.write_bytes(content)
        assert words in refusal(path)

    def test_a_cut_workbook_is_damaged(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "book.xlsx", {"replay": ROWS})
        content = path.read_bytes()
        for length in (len(content) // 2, len(content) - 10):
            path.write_bytes(content[:length])
            assert "damaged" in refusal(path)

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(place=st.integers(0, 4000), byte=st.integers(0, 255))
    def test_a_changed_byte_is_a_sentence_or_no_harm(self, tmp_path: Path, place: int, byte: int) -> None:
        content = bytearray(workbook(tmp_path / "book.xlsx", {"replay": ROWS}).read_bytes())
        content[place % len(content)] = byte
        (tmp_path / "book.xlsx").write_bytes(content)
        with suppress(ReviewError):
            understood(tmp_path / "book.xlsx")

    def test_an_archive_of_something_else_is_no_workbook(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
            archive.writestr("readme.txt", "hello")
        assert "no Excel workbook" in refusal(tmp_path / "book.xlsx")

    def test_a_bomb_is_refused_before_it_unpacks(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "book.xlsx", {"replay": ROWS})
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet9.xml", bytes(workbook_module.MOST_SHEET_BYTES + 1))
        assert path.stat().st_size < 1_000_000
        assert "would unpack to" in refusal(path)

    def test_entities_that_multiply_are_refused(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "good.xlsx", {"replay": ROWS})
        entities = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        with zipfile.ZipFile(path) as good, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
            for name in good.namelist():
                content = good.read(name)
                if name == "xl/workbook.xml":
                    content = entities.encode() + content.split(b"?>", 1)[-1].replace(b"replay", b"&b;")
                bad.writestr(name, content)
        assert "damaged" in refusal(tmp_path / "bad.xlsx")

    def test_a_pipe_or_a_folder_is_refused_without_waiting(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.csv")
        (tmp_path / "folder.csv").mkdir()
        assert "is no file" in refusal(tmp_path / "pipe.csv")
        assert "folder.csv" in refusal(tmp_path / "folder.csv")


class TestOddWorkbooks:
    def test_chart_sheets_and_empty_sheets_are_skipped_and_said(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        fill(book.worksheets[0], ROWS)
        book.worksheets[0].title = "replay"
        book.create_chartsheet("Chart").add_chart(openpyxl.chart.LineChart())
        book.create_sheet("Empty")
        book.save(tmp_path / "book.xlsx")
        found = understood(tmp_path / "book.xlsx")
        assert found.remarks == ("The chart sheet 'Chart' holds no cells: skipped.",)
        assert [sheet.skipped for sheet in found.sheets] == ["", "the sheet is empty"]

    def test_the_farthest_corner_is_only_one_cell(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.worksheets[0].title = "replay"
        fill(book.worksheets[0], ROWS)
        book.worksheets[0].cell(1_048_576, 16_384).value = "far"
        book.save(tmp_path / "book.xlsx")
        assert cells(understood(tmp_path / "book.xlsx")) == {"replay mrr 2026-01": 5}

    def test_ten_thousand_rows_and_sixteen_thousand_columns_are_read(self, tmp_path: Path) -> None:
        for name, rows, columns in (("tall.xlsx", 10_000, 3), ("wide.xlsx", 2, 16_000)):
            with xlsxwriter.Workbook(tmp_path / name) as book:
                sheet = book.add_worksheet("replay")
                sheet.write_row(0, 1, ["2026-01", "2026-02", "2026-03"])
                for row in range(1, rows):
                    sheet.write_string(row, 0, f"metric {row}")
                    sheet.write_row(row, 1, range(columns - 1))
            found = understood(tmp_path / name)
            assert len(found.values) == (rows - 1) * min(columns - 1, 3)

    def test_results_that_another_program_computed_are_read(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
            sheet = book.add_worksheet("replay")
            sheet.write_row(0, 1, ["2026-01", "2026-02"])
            sheet.write_string(1, 0, "MRR")
            sheet.write_number(1, 1, 5)
            sheet.write_formula(1, 2, "=B2*2", None, 10)
        assert list(cells(understood(tmp_path / "book.xlsx")).values()) == [5, 10]

    def test_hostile_names_are_metrics_and_products_like_any_other(self, tmp_path: Path) -> None:
        names = [name for name in hostile_strings() if name.strip() and not openpyxl_refuses(name)]
        rows = [["Product", "Metric", "2026-01"], *([name, f"m {name}", number] for number, name in enumerate(names))]
        found = of_sheet(tmp_path, rows)
        assert len(found.values) + sum(item.count for item in found.all_left_out) == len(names)
        assert all(value.product_id.isprintable() for value in found.values)
        assert all(value.metric_id.isprintable() and " " not in value.metric_id for value in found.values)

    def test_formulas_as_names_are_only_text(self, tmp_path: Path) -> None:
        path = tmp_path / "book.csv"
        path.write_text(",2026-01\n=cmd()|calc,5\n@SUM(1),6\n")
        assert sorted(cells(understood(path)).values()) == [5, 6]


def openpyxl_refuses(text: str) -> bool:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    no_xml = any(letter in "\ufffe\uffff" or "\ud800" <= letter <= "\udfff" for letter in text)
    return no_xml or ILLEGAL_CHARACTERS_RE.search(text) is not None


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    def test_common_delimiters_and_encodings_are_told(self, tmp_path: Path, delimiter: str, codec: str) -> None:
        path = tmp_path / "replay.csv"
        lines = [["Größe", "März 2026", "Mai 2026"], ["Umsätze", "5", "7"]]
        path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(codec))
        assert cells(understood(path)) == {"replay umsatze 2026-03": 5, "replay umsatze 2026-05": 7}

    def test_the_hint_of_a_spreadsheet_program_is_followed(self, tmp_path: Path) -> None:
        path = tmp_path / "replay.csv"
        path.write_text("sep=;\n;2026-01\nMRR;1,5\n")
        assert cells(understood(path)) == {"replay mrr 2026-01": 1.5}

    def test_ragged_rows_are_read_as_far_as_they_go(self, tmp_path: Path) -> None:
        path = tmp_path / "replay.csv"
        path.write_text('Metric,2026-01,2026-02\nMRR,5\n\nMAU,7,8,9\n"NPS\nscore",40\n')
        found = understood(path)
        assert cells(found) == {
            "replay mrr 2026-01": 5,
            "replay unique_users 2026-01": 7,
            "replay unique_users 2026-02": 8,
            "replay nps 2026-01": 40,
        }
        assert places(found) == {"replay.csv column D": "no month stands over it"}

    def test_a_field_without_end_is_a_sentence(self, tmp_path: Path) -> None:
        path = tmp_path / "replay.csv"
        path.write_text('Metric,2026-01\n"MRR,' + "5" * 200_000)
        assert "cannot be read from line 2 on" in refusal(path)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(content=st.binary(min_size=1, max_size=200))
    def test_no_bytes_raise_anything_but_a_sentence(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "replay.csv"
        path.write_bytes(content)
        with suppress(ReviewError):
            understood(path)
