"""Where metrics and months stand in a sheet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.imports.files import cells, fill, of_sheet, places, understood, workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.imports.files import Rows


class TestOrientation:
    def test_metrics_are_rows_and_months_are_columns(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["Metric", "2026-01", "2026-02"], ["MRR", 5, 6], ["MAU", 70, None]])
        assert cells(found) == {
            "replay mrr 2026-01": 5,
            "replay mrr 2026-02": 6,
            "replay unique_users 2026-01": 70,
        }
        assert not found.has_faults

    def test_months_are_rows_and_metrics_are_columns(self, tmp_path: Path) -> None:
        rows = [["Month", "MRR", "MAU"], [date(2026, 1, 1), 5, 70], [date(2026, 2, 1), 6, None]]
        assert cells(of_sheet(tmp_path, rows)) == {
            "replay mrr 2026-01": 5,
            "replay mrr 2026-02": 6,
            "replay unique_users 2026-01": 70,
        }

    def test_one_metric_and_one_month_are_enough_in_both_directions(self, tmp_path: Path) -> None:
        expected = {"replay mrr 2026-01": 5}
        assert cells(of_sheet(tmp_path, [["", "Jan 2026"], ["MRR", 5]])) == expected
        assert cells(of_sheet(tmp_path, [["", "MRR"], ["Jan 2026", 5]])) == expected

    def test_titles_above_and_blank_rows_between_do_not_matter(self, tmp_path: Path) -> None:
        rows = [
            ["Growth review"],
            ["made by finance, March"],
            [],
            [None, None, "Jan 26", "Feb 26"],
            [],
            [None, "MRR", 5, 6],
        ]
        assert cells(of_sheet(tmp_path, rows)) == {"replay mrr 2026-01": 5, "replay mrr 2026-02": 6}


class TestTwoHeaderRows:
    def test_years_in_merged_cells_stand_over_the_months(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "replay"
        fill(sheet, [[None, 2025, None, 2026], ["Kennzahl", "Nov", "Dez", "Jan", "Feb"], ["MRR", 1, 2, 3, 4]])
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("D1:E1")
        book.save(tmp_path / "book.xlsx")
        found = understood(tmp_path / "book.xlsx")
        assert [str(value.month) for value in found.values] == ["2025-11", "2025-12", "2026-01", "2026-02"]
        assert found.sheets[0].shape == "months run across, named in row 2, years in row 1"

    def test_years_below_the_months_are_found_too(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "Dec", "Jan"], ["", 2025, 2026], ["MRR", 1, 2]])
        assert cells(found) == {"replay mrr 2025-12": 1, "replay mrr 2026-01": 2}

    def test_years_in_a_column_stand_beside_the_months(self, tmp_path: Path) -> None:
        rows = [["Year", "Month", "MRR"], [2025, "Dec", 1], [2026, "Jan", 2], [None, "Feb", 3]]
        assert cells(of_sheet(tmp_path, rows)) == {
            "replay mrr 2025-12": 1,
            "replay mrr 2026-01": 2,
            "replay mrr 2026-02": 3,
        }

    def test_the_year_of_the_title_is_taken_and_said(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["KPIs 2025"], ["", "Nov", "Dec", "Jan"], ["MRR", 1, 2, 3]])
        assert [str(value.month) for value in found.values] == ["2025-11", "2025-12", "2026-01"]
        assert any("2025 is taken from the title" in remark for remark in found.sheets[0].remarks)
        assert any("After December" in remark for remark in found.sheets[0].remarks)

    def test_the_year_of_the_sheets_name_is_taken(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "Jan"], ["MRR", 1]], name="2026", product="replay")
        assert cells(found) == {"replay mrr 2026-01": 1}

    def test_months_without_any_year_are_a_fault(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "Jan", "Feb"], ["MRR", 1, 2]])
        assert not found.values
        assert set(places(found, faults=True).values()) == {"its month has no year; write the year above it"}


class TestLanguages:
    @pytest.mark.parametrize(
        "headers",
        [
            ["Jänner 2026", "Feber 2026", "März 2026"],
            ["janv. 2026", "févr. 2026", "mars 2026"],
            ["enero 2026", "febrero 2026", "marzo 2026"],
            ["2026年1月", "2026年2月", "2026年3月"],
            ["01.01.2026", "01.02.2026", "01.03.2026"],
            ["01/01/2026", "02/01/2026", "03/01/2026"],
            ["Jan-26", "Feb-26", "Mar-26"],
        ],
    )
    def test_text_dates_are_months(self, tmp_path: Path, headers: list[str]) -> None:
        found = of_sheet(tmp_path, [["", *headers], ["MRR", 1, 2, 3]])
        assert [str(value.month) for value in found.values] == ["2026-01", "2026-02", "2026-03"]

    def test_three_languages_may_meet_in_one_row(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "Dez 2025", "janvier 2026", "Feb 2026"], ["MRR", 1, 2, 3]])
        assert [str(value.month) for value in found.values] == ["2025-12", "2026-01", "2026-02"]

    def test_a_date_that_reads_two_ways_is_said(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "03/04/2026"], ["MRR", 1]])
        assert cells(found) == {"replay mrr 2026-04": 1}
        assert any("03/04/2026" in remark and "day first" in remark for remark in found.sheets[0].remarks)


class TestSectionsAndTotals:
    def test_a_row_with_a_name_and_no_values_is_a_section(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], ["REVENUE"], ["MRR", 1], [], ["USAGE"], ["MAU", 2]])
        assert found.sheets[0].sections == ("REVENUE", "USAGE")
        assert [row.section for row in found.sheets[0].rows] == ["REVENUE", "USAGE"]

    def test_totals_and_quarters_are_left_out_and_said(self, tmp_path: Path) -> None:
        rows = [
            ["", "Jan 2026", "Feb 2026", "Mar 2026", "Q1 2026", "Total", "2026", "Comment"],
            ["MRR", 1, 2, 3, 6, 6, 6, "fine"],
            ["Summe", 1, 2, 3, 6, 6, 6, None],
            ["Grand Total", 1, 2, 3, 6, 6, 6, None],
        ]
        found = of_sheet(tmp_path, rows)
        assert len(found.values) == 3
        assert not found.has_faults
        assert places(found) == {
            "replay row 3": "'Summe' is a total",
            "replay row 4": "'Grand Total' is a total",
            "replay column E": "'Q1 2026' is a quarter or a half-year",
            "replay column F": "'Total' is a total",
            "replay column G": "'2026' is a whole year",
        }
        assert "The text in column H ('Comment') is not used." in found.sheets[0].remarks

    def test_the_total_of_a_section_is_a_total_and_total_cost_is_a_metric(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], ["Costs"], ["Hosting", 1], ["Total costs", 1], ["Total cost", 5]])
        assert "replay row 4" in places(found)
        assert cells(found)["replay total_cost 2026-01"] == 5

    def test_a_plan_is_not_taken_for_what_happened(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "Jan 2026 Actual", "Feb 2026 Budget"], ["MRR", 1, 2]])
        assert cells(found) == {"replay mrr 2026-01": 1}
        assert places(found) == {"replay column C": "'Feb 2026 Budget' is a plan or a forecast, not what happened"}

    def test_a_month_that_is_not_over_has_no_value_yet(self, tmp_path: Path) -> None:
        rows = [["", "2026-01", "2026-02", "2026-03"], ["MRR", 1, 2, 3], ["MAU", 4, 5, None]]
        found = of_sheet(tmp_path, rows, as_of=date(2026, 2, 28))
        assert list(cells(found)) == ["replay mrr 2026-01", "replay unique_users 2026-01"]
        assert [(item.reason, item.count) for item in found.all_left_out] == [
            ("2026-02 is not over on 2026-02-28; import it again when it is", 2),
            ("2026-03 is not over on 2026-02-28; import it again when it is", 1),
        ]

    def test_values_without_a_name_or_a_header_are_reported(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01", "2026-02"], ["MRR", 1, 2, 99], [None, 3, 4]])
        assert places(found) == {
            "replay!B3": "its line has no name; write the metric's name beside it",
            "replay column D": "no month stands over it",
        }

    def test_the_same_name_in_two_sections_is_two_metrics(self, tmp_path: Path) -> None:
        rows = [["", "2026-01"], ["Trials"], ["Started", 1], ["Pilots"], ["Started", 2]]
        assert cells(of_sheet(tmp_path, rows)) == {
            "replay trials_started 2026-01": 1,
            "replay pilots_started 2026-01": 2,
        }


class TestNamesLikeKnownOnes:
    def test_a_name_that_is_only_like_a_known_metric_never_becomes_its_values(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], ["Ø NPS", 30], ["NPS", 40]])
        assert cells(found) == {"replay nps 2026-01": 40, "replay own_nps 2026-01": 30}
        assert found.unsure_names() == {"Ø NPS": ("nps",)}

    def test_neither_does_a_name_together_with_its_section(self, tmp_path: Path) -> None:
        rows = [["", "2026-01"], ["Users"], ["New", 1], ["Teams"], ["New", 2]]
        assert cells(of_sheet(tmp_path, rows)) == {"replay own_users_new 2026-01": 1, "replay teams_new 2026-01": 2}


class TestProducts:
    def test_sheets_are_products_by_id_or_name(self, tmp_path: Path) -> None:
        rows = [["", "2026-01"], ["MRR", 1]]
        sheets = {"session REPLAY": rows, "Feature flags": rows, "Brand new": rows, "All products": rows}
        found = understood(workbook(tmp_path / "book.xlsx", sheets))
        assert sorted(cells(found)) == [
            "* mrr 2026-01",
            "brand-new mrr 2026-01",
            "flags mrr 2026-01",
            "replay mrr 2026-01",
        ]
        assert [sheet.new_products for sheet in found.sheets] == [(), (), ("brand-new",), ()]

    @pytest.mark.parametrize(("name", "product"), [("売上 2", "売上-2"), ("مبيعات", "مبيعات")])
    def test_a_new_product_keeps_the_letters_of_its_language(self, tmp_path: Path, name: str, product: str) -> None:
        assert cells(of_sheet(tmp_path, [["", "2026-01"], ["MRR", 1]], name=name)) == {f"{product} mrr 2026-01": 1}

    def test_a_sheet_without_months_is_skipped_and_said(self, tmp_path: Path) -> None:
        about: Rows = [["About"], ["MRR", "what customers pay"]]
        sheets: dict[str, Rows] = {"replay": [["", "2026-01"], ["MRR", 1]], "README": about, "Leer": []}
        found = understood(workbook(tmp_path / "book.xlsx", sheets))
        assert [bool(sheet.skipped) for sheet in found.sheets] == [False, True, True]
        assert not found.has_faults

    @pytest.mark.parametrize("header", [["Product", "Metric"], ["Metric", "Product"], ["", ""]])
    def test_a_column_of_products_is_understood_on_either_side(self, tmp_path: Path, header: list[str]) -> None:
        def line(product: str | None, metric: str) -> list[str | None]:
            return [metric, product] if header[0] == "Metric" else [product, metric]

        rows = [
            [*header, "2026-01"],
            [*line("replay", "MRR"), 1],
            [*line("replay", "MAU"), 2],
            [*line("Feature flags", "MRR"), 3],
        ]
        assert cells(of_sheet(tmp_path, rows, name="Sheet1")) == {
            "replay mrr 2026-01": 1,
            "replay unique_users 2026-01": 2,
            "flags mrr 2026-01": 3,
        }

    def test_a_product_in_merged_cells_holds_for_its_rows(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        rows = [["Product", "Metric", "2026-01"], ["replay", "MRR", 1], [None, "MAU", 2], ["flags", "MRR", 3]]
        fill(sheet, rows)
        sheet.merge_cells("A2:A3")
        book.save(tmp_path / "book.xlsx")
        assert cells(understood(tmp_path / "book.xlsx")) == {
            "replay mrr 2026-01": 1,
            "replay unique_users 2026-01": 2,
            "flags mrr 2026-01": 3,
        }

    def test_tables_below_each_other_are_all_read(self, tmp_path: Path) -> None:
        rows = [["", "2025-11", "2025-12"], ["MRR", 1, 2], [], ["", "2026-01", "2026-02"], ["MRR", 3, 4]]
        assert list(cells(of_sheet(tmp_path, rows)).values()) == [1, 2, 3, 4]


class TestLongForms:
    def test_product_month_metric_value(self, tmp_path: Path) -> None:
        path = tmp_path / "long.csv"
        path.write_text("product_id,month,metric,value,n\nreplay,2026-01,mrr,123.456,\nreplay,2026-01,nps,40,12\n")
        found = understood(path)
        assert cells(found) == {"replay mrr 2026-01": 123.456, "replay nps 2026-01": 40}
        assert [value.n for value in found.values] == [None, 12]
        assert not found.sheets[0].remarks

    def test_months_that_were_not_over_are_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "metrics.csv"
        path.write_text(
            "product,month,metric,value,n,status,low,high,score,anomaly,source\n"
            "*,2026-01,mrr,5.5,,ok,,,,,computed\n*,2026-02,mrr,,,missing,,,,,computed\n"
            "*,2026-03,mrr,7.5,,forecast,,,,,computed\n*,2026-01,'=sum,1.0,,ok,,,,,imported\n"
        )
        found = understood(path)
        assert cells(found) == {"* mrr 2026-01": 5.5, "* =sum 2026-01": 1}
        assert list(places(found).values()) == ["the status forecast: the month was not over"]

    def test_a_column_a_metric_beside_product_and_month(self, tmp_path: Path) -> None:
        path = tmp_path / "tidy.csv"
        path.write_text("Month;Product;MRR;MAU\n2026-01;replay;1,5;2\n2026-01;flags;3,5;oops\n2026-02;replay;5;6\n")
        found = understood(path)
        assert cells(found) == {
            "replay mrr 2026-01": 1.5,
            "replay unique_users 2026-01": 2,
            "flags mrr 2026-01": 3.5,
            "replay mrr 2026-02": 5,
            "replay unique_users 2026-02": 6,
        }
        assert places(found) == {"tidy.csv!D3": "'oops' is not a number"}
