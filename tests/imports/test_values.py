"""What stands in the cells: formats, per cent, gaps, notes, contradictions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from reviewtui.imports.mapping import Certainty, KnownMetric
from reviewtui.months import Month
from tests.imports.files import CATALOGUE, cells, comment, fill, of_sheet, places, understood, workbook

if TYPE_CHECKING:
    from pathlib import Path


class TestNumbers:
    def test_a_percent_format_leaves_the_fraction_as_stored(self, tmp_path: Path) -> None:
        rows = [["", "2026-01"], ["Revenue churn rate", 0.033]]
        path = workbook(tmp_path / "book.xlsx", {"replay": rows}, B2="0.0%")
        assert cells(understood(path)) == {"replay churn_rate 2026-01": 0.033}

    def test_text_and_currency_are_read(self, tmp_path: Path) -> None:
        rows = [
            ["", "2026-01", "2026-02", "2026-03"],
            ["MRR", "12.3k", "$1,234.56", "(1,000.5)"],
            ["NRR", "103 %", 1.01],
        ]
        found = of_sheet(tmp_path, rows)
        assert list(cells(found).values()) == [12_300, 1234.56, -1000.5, 1.03, 1.01]

    def test_blanks_and_marks_for_no_value_are_never_zero(self, tmp_path: Path) -> None:
        rows = [["", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"], ["MRR", 1, None, "n/a", "–", "#DIV/0!"]]
        found = of_sheet(tmp_path, rows)
        assert cells(found) == {"replay mrr 2026-01": 1}
        assert not found.has_faults
        assert set(places(found)) == {"replay!D2", "replay!E2", "replay!F2"}

    def test_text_a_date_or_a_truth_is_a_fault_with_its_cell(self, tmp_path: Path) -> None:
        rows = [["", "2026-01", "2026-02", "2026-03", "2026-04"], ["MRR", "soon", date(2026, 1, 2), True, 4]]
        found = of_sheet(tmp_path, rows)
        assert places(found, faults=True) == {
            "replay!B2": "'soon' is not a number",
            "replay!C2": "the date 2026-01-02, not a number",
            "replay!D2": "true or false, not a number",
        }

    def test_the_sheet_decides_what_one_comma_means(self, tmp_path: Path) -> None:
        rows = [["", "2026-01", "2026-02"], ["MRR", "1,234", "5,5"]]
        found = of_sheet(tmp_path, rows)
        assert list(cells(found).values()) == [1.234, 5.5]
        (remark,) = found.sheets[0].remarks
        assert "'1,234' in replay!B2" in remark
        assert "taken as 1.234" in remark

    def test_a_formula_without_a_result_is_reported(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01", "2026-02"], ["MRR", 1, "=B2*2"]])
        assert cells(found) == {"replay mrr 2026-01": 1}
        assert "formula whose result is not in the file" in places(found, faults=True)["replay!C2"]


class TestPercent:
    def test_a_rate_whose_name_says_per_cent_becomes_a_fraction(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01", "2026-02"], ["Revenue churn rate (%)", 3.3, 0.7]])
        assert list(cells(found).values()) == [0.033, 0.007]
        assert "is in per cent: 0.7 is taken as 0.007" in found.sheets[0].remarks[0]

    def test_a_unit_column_says_per_cent_too(self, tmp_path: Path) -> None:
        rows = [["Metric", "Unit", "2026-01"], ["NRR", "%", 103], ["MRR", "USD", 5]]
        assert cells(of_sheet(tmp_path, rows)) == {"replay nrr 2026-01": 1.03, "replay mrr 2026-01": 5}

    def test_a_rate_that_looks_a_hundred_times_too_large_is_said_and_not_changed(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], ["Revenue churn rate", 3.3]])
        assert cells(found) == {"replay churn_rate 2026-01": 3.3}
        assert found.doubtful_rates() == ("Revenue churn rate",)
        assert "--percent" in found.sheets[0].remarks[0]

    def test_a_person_can_say_that_it_is_per_cent(self, tmp_path: Path) -> None:
        rows = [["", "2026-01"], ["Revenue churn rate", 3.3]]
        found = of_sheet(tmp_path, rows, percent=frozenset({"revenue churn rate"}))
        assert cells(found) == {"replay churn_rate 2026-01": 0.033}

    def test_a_metric_that_is_no_rate_is_left_alone(self, tmp_path: Path) -> None:
        assert cells(of_sheet(tmp_path, [["", "2026-01"], ["NPS", 40]])) == {"replay nps 2026-01": 40}


class TestNames:
    @pytest.mark.parametrize(
        ("name", "metric"),
        [
            ("mrr", "mrr"),
            ("MRR:", "mrr"),
            ("Monthly Recurring Revenue", "mrr"),
            ("MAU", "unique_users"),
            ("Net revenue retention", "nrr"),
            ("Quick-Ratio", "quick_ratio"),
            ("paying customers", "paying_customers"),
            ("Zahlende Kunden", "paying_customers"),
            ("Customer churn rate (%)", "logo_churn_rate"),
        ],
    )
    def test_sure_names_are_mapped(self, tmp_path: Path, name: str, metric: str) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], [name, 0.5]])
        assert list(cells(found)) == [f"replay {metric} 2026-01"]
        assert found.sheets[0].rows[0].meaning.certainty is Certainty.KNOWN

    def test_churn_may_mean_two_things_and_is_kept_as_its_own(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], ["Churn", 0.5]])
        assert list(cells(found)) == ["replay churn 2026-01"]
        assert found.unsure_names() == {"Churn": ("churn_rate", "logo_churn_rate")}

    def test_a_close_name_is_not_taken_but_offered(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], ["Monthly reccuring revenue", 5]])
        assert list(cells(found)) == ["replay monthly_reccuring_revenue 2026-01"]
        assert found.unsure_names() == {"Monthly reccuring revenue": ("mrr", "new_mrr")}

    def test_what_a_person_says_counts_most_even_for_a_total(self, tmp_path: Path) -> None:
        rows = [["", "2026-01"], ["Total", 5], ["MRR", 3]]
        found = of_sheet(tmp_path, rows, mapped={"total": "mrr_all"})
        assert cells(found) == {"replay mrr_all 2026-01": 5, "replay mrr 2026-01": 3}

    def test_a_metric_of_the_workspace_is_known_by_its_name(self, tmp_path: Path) -> None:
        own = KnownMetric("seats_sold", "Seats sold", "count")
        found = of_sheet(tmp_path, [["", "2026-01"], ["seats SOLD", 5]], metrics=(*CATALOGUE, own))
        assert list(cells(found)) == ["replay seats_sold 2026-01"]

    def test_letters_of_any_language_make_an_id(self, tmp_path: Path) -> None:
        rows = [["", "2026-01"], ["月間 利用者", 1], ["Überstunden (Team)", 2], ["!!!", 3]]
        names = [name.split()[1] for name in cells(of_sheet(tmp_path, rows))]
        assert sorted(names)[1:] == ["uberstunden_team", "月間_利用者"]

    def test_long_names_that_begin_alike_stay_apart(self, tmp_path: Path) -> None:
        start = "a very long name that goes on and on until the end "
        found = of_sheet(tmp_path, [["", "2026-01"], [start + "one", 1], [start + "two", 2]])
        assert sorted(cells(found).values()) == [1, 2]
        assert not found.has_faults


class TestContradictions:
    def test_a_month_twice_with_the_same_value_counts_once(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01", "Jan 2026"], ["MRR", 5, 5]])
        assert cells(found) == {"replay mrr 2026-01": 5}
        assert not found.has_faults

    def test_a_month_twice_with_other_values_is_refused_with_both_cells(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01", "Jan 2026", "2026-02"], ["MRR", 5, 6, 7]])
        assert cells(found) == {"replay mrr 2026-02": 7}
        assert places(found, faults=True) == {
            "replay!B2": "mrr of replay in 2026-01 is 5 here and 6 in replay!C2: none is taken; keep one of them"
        }

    def test_two_names_for_one_metric_contradict_each_other_too(self, tmp_path: Path) -> None:
        found = of_sheet(tmp_path, [["", "2026-01"], ["MRR", 5], ["Monthly recurring revenue", 6]])
        assert not found.values
        assert list(places(found, faults=True)) == ["replay!B2"]


class TestNotes:
    def test_comments_keep_their_cell(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "replay"
        fill(sheet, [["Title"], ["", "2026-01", "2026-02"], ["MRR", 5, None]])
        for place, text in {"A1": "by finance", "A3": "without refunds", "B3": "one-off deal", "C3": "late"}.items():
            comment(sheet, place, text)
        book.save(tmp_path / "book.xlsx")
        notes = {
            note.place: (note.metric_id, note.month, note.text) for note in understood(tmp_path / "book.xlsx").notes
        }
        assert notes == {
            "replay!A1": ("", None, "by finance"),
            "replay!A3": ("mrr", None, "without refunds"),
            "replay!B3": ("mrr", Month(2026, 1), "one-off deal"),
            "replay!C3": ("mrr", Month(2026, 2), "late"),
        }

    def test_hidden_rows_columns_and_sheets_are_taken_and_said(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "replay"
        fill(sheet, [["", "2026-01", "2026-02"], ["MRR", 5, 6], ["MAU", 7, 8]])
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        fill(book.create_sheet("flags"), [["", "2026-01"], ["MRR", 1]])
        book.worksheets[1].sheet_state = "hidden"
        book.save(tmp_path / "book.xlsx")
        found = understood(tmp_path / "book.xlsx")
        assert len(found.values) == 5
        assert found.sheets[0].remarks == (
            "1 hidden row: taken all the same.",
            "1 hidden column: taken all the same.",
        )
        assert found.sheets[1].remarks == ("The sheet is hidden in the spreadsheet; it is taken all the same.",)

    def test_a_merged_block_of_values_belongs_to_its_first_cell(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "replay"
        fill(sheet, [["", "2026-01", "2026-02"], ["MRR", 5]])
        sheet.merge_cells("B2:C2")
        book.save(tmp_path / "book.xlsx")
        assert cells(understood(tmp_path / "book.xlsx")) == {"replay mrr 2026-01": 5}
