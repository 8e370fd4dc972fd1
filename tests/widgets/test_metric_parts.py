"""The parts of the metric screen as lines: tables of rows and months, six weeks, sums that give the cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reviewtui.metrics.drilldown import Column, DayStrip, DrillDown, RowTable
from reviewtui.metrics.operands import operands
from reviewtui.metrics.sheet import Cell, Metric, Status, Unit
from reviewtui.months import Month
from reviewtui.text import safe_text
from reviewtui.widgets.cell_facts import cell_facts
from reviewtui.widgets.day_strip import strip_lines
from reviewtui.widgets.metric_sections import SECTIONS, Section, section_lines, sum_check
from reviewtui.widgets.month_table import month_lines
from reviewtui.widgets.row_table import column_widths, datum_text, table_lines
from reviewtui.widgets.spans import Line, line_width
from tests.sheets import REVIEW_MONTH, hostile_strings, make_sheet

TABLE = RowTable(
    "Customers",
    (
        Column("Customer"),
        Column("Segment", rank=2),
        Column("MRR before", Unit.MONEY, rank=1),
        Column("MRR", Unit.MONEY),
    ),
    (("Acme and sons", "team", 1000.0, 1234.5), ("東京電力", "business", -5.0, 0.0)),
    2,
    (None, None, 995.0, 1234.5),
)


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


class TestRows:
    def test_numbers_are_aligned_at_the_right_with_two_decimals(self) -> None:
        assert texts(table_lines(TABLE, 60, 0, 10)) == [
            "Customer       Segment   MRR before       MRR",
            "Together                     995.00  1,234.50",
            "Acme and sons  team        1,000.00  1,234.50",
            "東京電力       business       −5.00      0.00",
        ]

    def test_columns_of_the_highest_rank_go_first(self) -> None:
        assert texts(table_lines(TABLE, 36, 0, 1))[0].split() == ["Customer", "MRR", "before", "MRR"]
        assert texts(table_lines(TABLE, 25, 0, 1))[0].split() == ["Customer", "MRR"]

    def test_rows_are_shown_from_the_first_asked_for(self) -> None:
        assert texts(table_lines(TABLE, 60, 1, 3))[-1].startswith("東京電力")

    def test_times_and_days_are_written_as_such(self) -> None:
        assert datum_text(datetime(2026, 3, 4, 5, 6, 7), "") == "2026-03-04 05:06"  # noqa: DTZ001 - a local time
        assert datum_text(date(2026, 3, 4), "") == "2026-03-04"
        assert datum_text(None, Unit.MONEY) == ""

    @given(
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), st.booleans()), min_size=1, max_size=9),
        st.integers(1, 90),
    )
    def test_columns_never_take_more_than_the_width(self, sizes: list[tuple[int, int, bool]], width: int) -> None:
        columns = [Column("n", Unit.COUNT if is_number else "", rank) for _, rank, is_number in sizes]
        widths = column_widths(columns, [size for size, _, _ in sizes], width)
        kept = [size for size in widths if size]
        assert sum(kept) + 2 * max(0, len(kept) - 1) <= width

    def test_hostile_names_are_safe_and_keep_to_the_width(self) -> None:
        names = hostile_strings()
        table = RowTable("x", (Column("Name"), Column("Comment")), tuple((name, name) for name in names), len(names))
        for line in texts(table_lines(table, 50, 0, len(names) + 1)):
            assert safe_text(line) == line
            assert cell_len(line) <= 50


class TestSixWeeks:
    STRIP = DayStrip(
        "Active users",
        tuple(date(2026, 9, 20) + timedelta(days=place) for place in range(42)),
        (0, 1, 2, 3, 4, 5, 8, *[0] * 35),
        (20, 0, 0, 0, 0, 0),
    )

    def test_each_week_is_a_line_with_its_days_and_total(self) -> None:
        lines = texts(strip_lines(self.STRIP, 80))
        assert lines[0] == "Active users · 20 Sep to 31 Oct"
        assert lines[2].split() == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "week"]
        # Of the highest, eight, each count is so many eighths.
        assert " ".join(lines[3].split()[5:]) == "0 1 ▂ 2 ▃ 3 ▄ 4 ▅ 5 ▆ 8 █ 20"
        assert len(lines) == 9

    def test_where_there_is_little_room_only_the_blocks_stay(self) -> None:
        lines = texts(strip_lines(self.STRIP, 46))
        assert all(cell_len(line) <= 46 for line in lines)
        assert "█" in lines[3]
        assert "5 " not in lines[3]


class TestMonths:
    @pytest.mark.parametrize("size", [(38, 8), (60, 12), (90, 60), (20, 3), (38, 1)])
    @pytest.mark.parametrize("metric_id", ["mrr", "churn_rate", "nps", "quarterly_nrr", "total_cost"])
    def test_the_month_in_question_is_always_among_them(self, size: tuple[int, int], metric_id: str) -> None:
        sheet = make_sheet()
        metric = next(item for item in sheet.metrics if item.id == metric_id)
        for place in (0, 5, len(sheet.months) - 1):
            lines = month_lines(sheet, "replay", metric, place, size)
            assert len(lines) <= size[1]
            if size[1] > 1:
                assert any(span.role == "chosen" for line in lines for span in line)

    def test_parts_and_notes_are_shown_where_there_is_room(self) -> None:
        sheet = make_sheet()
        churn = next(item for item in sheet.metrics if item.id == "churn_rate")
        place = sheet.months.index(REVIEW_MONTH)
        lines = month_lines(sheet, "replay", churn, place, (90, 4))
        line = next("".join(span.text for span in line) for line in lines if line[0].text.startswith("Oct 26"))
        assert "15.5k" in line
        assert "410.2k" in line
        assert all(line_width(line) <= 90 for line in lines)


class TestSums:
    METRIC = Metric("mrr", "MRR", "revenue", Unit.MONEY)
    ROWS = RowTable("Customers", (Column("Customer"), Column("MRR now", Unit.MONEY)), (("A", 5.0),), 1, (None, 5.0))

    def test_it_is_said_that_the_rows_give_the_cell(self) -> None:
        assert sum_check(self.ROWS, self.METRIC, Cell(5.004, Status.OK)) == ("They give the cell's value: 5.", True)

    def test_it_is_said_that_they_do_not_and_what_to_do(self) -> None:
        words, agrees = sum_check(self.ROWS, self.METRIC, Cell(7.0, Status.OK))
        assert not agrees
        assert words == "They give 5, but the cell's value is 7: the data have changed since. Press r on the grid."

    def test_a_forecast_is_no_sum_of_rows(self) -> None:
        assert sum_check(self.ROWS, self.METRIC, Cell(7.0, Status.FORECAST)) == ("", True)

    def test_nothing_is_said_where_rows_do_not_add_up_by_nature(self) -> None:
        growth = Metric("mrr_growth", "Growth", "revenue", Unit.PERCENT)
        assert sum_check(self.ROWS, growth, Cell(0.1, Status.OK)) == ("", True)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("size", [(1, 1), (20, 3), (60, 20), (140, 50)])
def test_a_section_keeps_to_its_size_with_and_without_data(section: Section, size: tuple[int, int]) -> None:
    sheet = make_sheet()
    facts = cell_facts(sheet, "replay", sheet.metrics[0], REVIEW_MONTH)
    subject = (sheet.metrics[0], sheet.cell("replay", "mrr", REVIEW_MONTH))
    for found in (DrillDown(), DrillDown(TABLE, TABLE, TestSixWeeks.STRIP)):
        lines = section_lines(section, found, facts, subject, size, 0)
        assert len(lines) <= size[1]


def test_a_formula_shows_the_values_it_used() -> None:
    sheet = make_sheet()
    formula = Metric("own", "Own", "my own", Unit.RATIO, formula="tickets_created / unique_users")
    found = operands(sheet, "replay", formula, REVIEW_MONTH)
    assert found.rows is not None
    assert [row[0] for row in found.rows.rows] == ["Tickets created", "Unique monthly users"]
    value = sheet.cell("replay", "unique_users", REVIEW_MONTH).value
    assert found.rows.rows[1][1] == f"{value:,.2f}".removesuffix(".00")


def test_a_formula_names_its_metrics_as_the_product_does() -> None:
    sheet = make_sheet()
    users = next(metric for metric in sheet.metrics if metric.id == "unique_users")
    sheet = replace(sheet, own_metrics={("replay", "unique_users"): users._replace(name="Seats")})
    found = operands(sheet, "replay", Metric("own", "Own", "my own", "", formula="unique_users / 2"), REVIEW_MONTH)
    assert found.rows is not None
    assert [row[0] for row in found.rows.rows] == ["Seats"]


def test_sql_of_ones_own_has_no_rows_and_says_so() -> None:
    found = operands(make_sheet(), "replay", Metric("own", "Own", "my own", ""), Month(2026, 10))
    assert (found.rows, "no rows" in found.reason) == (None, True)
