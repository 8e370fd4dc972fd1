"""The pure decisions behind the grid: widths, texts, sparklines, changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reviewtui.metrics.derived import Values
from reviewtui.metrics.sheet import ALL_PRODUCTS, Cell, Direction, Metric, Status, Target, Unit
from reviewtui.sheet_state import ViewOptions
from reviewtui.text import safe_text
from reviewtui.widgets.change import NO_CHANGE, Change, Tone, change_between
from reviewtui.widgets.fitting import fit, fit_right, shorten, wrap
from reviewtui.widgets.grid_layout import CELL_WIDTH, plan_layout
from reviewtui.widgets.sheet_view import SheetView
from reviewtui.widgets.sparkline import sparkline
from tests.sheets import REVIEW_MONTH, hostile_strings, make_sheet

MRR = Metric("mrr", "MRR", "revenue", Unit.MONEY, Direction.UP)
CHURN = Metric("churn_rate", "Churn", "revenue", Unit.PERCENT, Direction.DOWN)


def ok(value: float) -> Cell:
    return Cell(value, Status.OK)


class TestLayout:
    @given(width=st.integers(40, 400), label=st.integers(0, 200), months=st.integers(1, 300))
    def test_everything_fits_into_the_width(self, width: int, label: int, months: int) -> None:
        plan = plan_layout(width, label, months)
        assert plan.width <= width
        assert 1 <= plan.months <= months
        assert plan.label >= 10

    def test_80_columns_show_five_months_and_no_trend(self) -> None:
        plan = plan_layout(80, 30, 40)
        assert (plan.months, plan.trend_months, plan.delta > 0) == (5, 0, True)

    def test_a_wide_screen_shows_two_years_of_trend(self) -> None:
        assert plan_layout(148, 30, 40).trend_months == 24


class TestSparkline:
    def test_it_rises_from_the_lowest_to_the_highest_block(self) -> None:
        assert sparkline([1.0, 2.0, 3.0, 8.0], 4) == "▁▂▃█"

    def test_a_missing_month_is_a_gap(self) -> None:
        assert sparkline([1.0, None, 2.0], 5) == "  ▁ █"

    def test_a_value_that_never_moves_is_a_level_line(self) -> None:
        assert sparkline([5.0, 5.0], 2) == "▄▄"

    @given(st.lists(st.none() | st.floats(), max_size=40), st.integers(1, 30))
    def test_any_values_make_a_text_of_the_width(self, values: list[float | None], width: int) -> None:
        assert len(sparkline(values, width)) == width


class TestChange:
    def test_a_rise_of_a_metric_that_should_rise_is_good(self) -> None:
        assert change_between(ok(100), ok(110), MRR) == Change("+10.0%", Tone.GOOD)

    def test_a_rise_of_a_metric_that_should_fall_is_bad_and_in_percent_points(self) -> None:
        assert change_between(ok(0.011), ok(0.033), CHURN) == Change("+2.2pp", Tone.BAD)

    def test_a_small_move_is_quiet(self) -> None:
        assert change_between(ok(100), ok(101), MRR).tone is Tone.FLAT

    @pytest.mark.parametrize("status", [Status.PARTIAL, Status.FORECAST])
    def test_a_month_that_is_not_over_is_never_compared(self, status: Status) -> None:
        unfinished = Cell(30.0, status)
        assert change_between(ok(100), unfinished, MRR) == NO_CHANGE
        assert change_between(unfinished, ok(100), MRR) == NO_CHANGE

    def test_a_value_that_is_not_final_has_no_tone(self) -> None:
        assert change_between(ok(100), Cell(50, Status.IMMATURE), MRR) == Change("−50.0%", Tone.FLAT)

    def test_a_change_from_nothing_is_not_a_number(self) -> None:
        assert change_between(Cell(None, Status.NA), ok(1), MRR) == NO_CHANGE
        assert change_between(ok(0), ok(1), MRR) == NO_CHANGE


class TestFitting:
    @pytest.mark.parametrize("text", [*hostile_strings(), "東京の月間アクティブ", "e\u0301" * 30])
    @pytest.mark.parametrize("width", [1, 2, 7, 24])
    def test_any_text_takes_exactly_its_cells(self, text: str, width: int) -> None:
        for fitted in (fit(text, width), fit_right(text, width)):
            assert cell_len(fitted) == width
            assert safe_text(fitted) == fitted

    @pytest.mark.parametrize("text", [*hostile_strings(), "one two three four", "東京 " * 20])
    def test_wrapped_lines_are_never_too_long(self, text: str) -> None:
        assert all(cell_len(line) <= 10 for line in wrap(text, 10))

    def test_words_stay_whole_where_they_can(self) -> None:
        assert wrap("one two three", 8) == ["one two", "three"]

    def test_what_is_left_out_is_marked(self) -> None:
        assert shorten("Revenue churn", 8) == "Revenue…"


class TestSheetView:
    def test_sections_are_titles_and_metrics_lie_below(self) -> None:
        view = SheetView(make_sheet(), "replay")
        assert [row.title for row in view.rows if row.metric is None] == [
            "REVENUE", "USAGE", "NPS", "SUPPORT", "COST", "MY OWN",
        ]  # fmt: skip
        assert view.section_of(3) == "REVENUE"

    def test_a_product_without_data_for_a_metric_has_no_row_for_it(self) -> None:
        assert SheetView(make_sheet(), "flags").line_of_metric("sla") is None

    @pytest.mark.parametrize("product", ["replay", "flags", ALL_PRODUCTS])
    @pytest.mark.parametrize("factor", [1.0, -1e6, 1e13])
    def test_every_cell_takes_exactly_its_width(self, product: str, factor: float) -> None:
        view = SheetView(make_sheet(factor=factor), product)
        for line in range(len(view.rows)):
            for place in range(len(view.months)):
                assert cell_len(view.cell_text(line, place).text) == CELL_WIDTH

    @pytest.mark.parametrize("values", Values)
    @pytest.mark.parametrize("quarters", [False, True])
    @pytest.mark.parametrize("factor", [1.0, -1e6, 1e13])
    def test_every_view_of_a_cell_takes_exactly_its_width(self, values: Values, quarters: bool, factor: float) -> None:
        sheet = make_sheet(factor=factor)
        targets = {("replay", metric.id): Target(1e-9, None) for metric in sheet.metrics}
        view = SheetView(replace(sheet, targets=targets), "replay", ViewOptions(values, quarters))
        for line in view.stops:
            for place in range(len(view.months)):
                assert cell_len(view.cell_text(line, place).text) == CELL_WIDTH

    def test_a_status_is_a_mark_and_a_role(self) -> None:
        view = SheetView(make_sheet(), "replay")
        line, last = view.line_of_metric("mrr") or 0, len(view.months) - 1
        assert view.cell_text(line, last).text.endswith("…")
        assert view.cell_text(line, last).role == "unsettled"
        growth = view.line_of_metric("mrr_growth") or 0
        assert (view.cell_text(growth, last).text.strip(), view.cell_text(growth, last).role) == ("n/a", "missing")

    def test_the_change_column_belongs_to_the_newest_complete_month(self) -> None:
        view = SheetView(make_sheet(), "replay")
        assert view.months[view.review_place] == REVIEW_MONTH
        assert view.review_change(view.line_of_metric("churn_rate") or 0).tone is Tone.BAD
