"""The table and the Markdown that a person reads."""

from __future__ import annotations

import pytest

from reviewtui.commands.selection import Wanted, select
from reviewtui.commands.table import display_width, fit, markdown_lines, text_lines
from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product, Status
from tests.commands.support import MRR, REPLAY, ok, sheet


def table(grid: MetricSheet, width: int = 100, wanted: Wanted | None = None, *, all_months: bool = False) -> list[str]:
    """The lines of the table."""
    return list(text_lines(select(grid, wanted or Wanted()), width, all_months=all_months))


def markdown(grid: MetricSheet, *, all_months: bool = False) -> list[str]:
    """The lines of the Markdown."""
    return list(markdown_lines(select(grid, Wanted()), all_months=all_months))


@pytest.fixture
def grid() -> MetricSheet:
    """One product, two sections, three months."""
    return sheet(
        {
            ("replay", "mrr"): ok(9900.0, 12345.0, 510_200.0),
            ("replay", "churn_rate"): ok(0.033, None, -0.01),
            ("replay", "unique_users"): ok(7, 8, 1_250_000),
        }
    )


class TestTable:
    def test_it_reads_as_a_finance_sheet(self, grid: MetricSheet) -> None:
        assert table(grid) == [
            "Session replay, growth stage",
            "                      Feb 25   Mar 25   Apr 25",
            "REVENUE",
            "MRR                    9.90k    12.3k   510.2k",
            "Revenue churn rate     3.3 %        ·   −1.0 %",
            "USAGE",
            "Unique monthly users       7        8    1.25M",
            "",
            "money in USD   · no data",
        ]

    def test_each_status_has_a_mark_and_the_legend_explains_those_shown(self) -> None:
        cells = [Cell(1.0, Status.FORECAST), Cell(2.0, Status.LOW_N), Cell(None, Status.NA)]
        lines = table(sheet({("replay", "unique_users"): cells}))
        assert lines[3].split() == ["Unique", "monthly", "users", "1~", "2?", "n/a"]
        assert lines[-1] == "n/a cannot be computed   ~ forecast   ? few answers"

    def test_only_the_newest_months_that_fit_are_shown(self) -> None:
        long = sheet({("replay", "mrr"): ok(*range(1000, 1028))}, first="2023-01", count=28)
        lines = table(long, width=60)
        assert max(map(display_width, lines)) <= 60
        assert lines[1].split()[-2:] == ["Apr", "25"]
        assert "23 earlier months not shown; --from 2023-01 shows them." in lines

    def test_months_that_were_asked_for_are_all_shown_in_blocks(self) -> None:
        long = sheet({("replay", "mrr"): ok(*range(1000, 1028))}, first="2023-01", count=28)
        lines = table(long, width=60, all_months=True)
        shown = [word for line in lines if line.startswith(" ") for word in line.split("   ") if word.strip()]
        assert len(" ".join(shown).split()) == 2 * 28
        assert max(map(display_width, lines)) <= 60

    def test_a_narrow_terminal_still_gets_a_month(self, grid: MetricSheet) -> None:
        assert any("510.2k" in line for line in table(grid, width=10))

    def test_wide_characters_keep_the_columns_aligned(self) -> None:
        name = Metric("w", "売上高の合計", "own", "count")
        lines = table(sheet({("replay", "w"): ok(1, 2, 3), ("replay", "mrr"): ok(1, 2, 3)}, metrics=[MRR, name]))
        rows = [line for line in lines if line.endswith("3")]
        assert len({display_width(line) for line in rows}) == 1

    def test_data_cannot_act_on_the_terminal(self) -> None:
        evil = "\x1b[2J\x9b\u202eé\n\x07"
        grid = sheet(
            {(evil, "e"): ok(1)},
            products=[Product(evil, evil, evil)],
            metrics=[Metric("e", evil, evil, evil)],
            count=1,
        )
        assert all(line.isprintable() for line in table(grid))

    def test_nothing_selected_prints_nothing(self) -> None:
        assert table(sheet({})) == []


class TestMarkdown:
    def test_it_has_a_pipe_table_for_each_section(self, grid: MetricSheet) -> None:
        assert markdown(grid) == [
            "## Session replay, growth stage",
            "",
            "### Revenue",
            "",
            "| Metric | Feb 25 | Mar 25 | Apr 25 |",
            "| --- | ---: | ---: | ---: |",
            "| MRR | 9.90k | 12.3k | 510.2k |",
            "| Revenue churn rate | 3.3 % | · | −1.0 % |",
            "",
            "### Usage",
            "",
            "| Metric | Feb 25 | Mar 25 | Apr 25 |",
            "| --- | ---: | ---: | ---: |",
            "| Unique monthly users | 7 | 8 | 1.25M |",
            "",
            "money in USD; · no data",
        ]

    def test_it_shows_the_newest_year_unless_months_were_asked_for(self) -> None:
        long = sheet({("replay", "mrr"): ok(*range(1000, 1028))}, first="2023-01", count=28)
        assert markdown(long)[4].count("|") == 12 + 2
        assert markdown(long, all_months=True)[4].count("|") == 28 + 2

    @pytest.mark.parametrize("evil", ["a|b", "<img src=x>", "[x](javascript:1)", "# h", "**b**", "`c`", "x\n## y"])
    def test_data_is_never_markup(self, evil: str) -> None:
        grid = sheet({("p", "e"): ok(1)}, products=[Product("p", evil)], metrics=[Metric("e", evil, evil, "")], count=1)
        lines = markdown(grid)
        assert [line[:3] for line in lines if line.startswith("#")] == ["## ", "###"]
        row = next(line for line in lines if line.startswith("| ") and "---" not in line and "Metric" not in line)
        assert row.replace("\\|", "").count("|") == 3
        for active in "<>[]*`":
            assert all(line[place - 1] == "\\" for line in lines for place, each in enumerate(line) if each == active)


class TestWidths:
    @pytest.mark.parametrize(("text", "width"), [("abc", 3), ("売上", 4), ("e\u0301", 1), ("", 0)])
    def test_width_counts_columns_not_characters(self, text: str, width: int) -> None:
        assert display_width(text) == width

    @pytest.mark.parametrize("text", ["short", "far too long for it", "売上高の合計です", ""])
    def test_fitted_text_has_exactly_the_width(self, text: str) -> None:
        assert display_width(fit(text, 8)) == 8

    def test_a_product_without_a_name_is_called_by_its_id(self) -> None:
        grid = sheet({("replay", "mrr"): ok(1)}, products=[Product("replay", "")], count=1)
        assert table(grid)[0] == REPLAY.id
