"""What people get wrong in cost data and cost models: said with file and line, and never turned into a wrong figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.costs.books import DIRECT, Books, messages

if TYPE_CHECKING:
    from pathlib import Path

SHARED = '[[rule]]\nid = "pool"\ntag = "ingress"\nkind = "shared"\nproxy = "bytes"\nwhy = "measured"\n'


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return Books(tmp_path)


def test_the_same_lines_twice_withhold_every_figure(books: Books) -> None:
    books.model().line("100", line_id="a").line("100", line_id="a")
    report = books.report()
    assert report.rows == ()
    assert "1 cost line equal to another one in every column" in messages(report)


def test_lines_with_one_id_that_differ_are_lines(books: Books) -> None:
    books.model().line("100", line_id="a").line("-30", line_id="a")
    assert books.figures()["allocation.total_cost"] == "70"


def test_the_same_table_in_two_sources_is_loaded_twice(books: Books, tmp_path: Path) -> None:
    books.model().line("100").line("20")
    workspace = books.write()
    (tmp_path / "copy.duckdb").write_bytes((tmp_path / "bill.duckdb").read_bytes())
    with (tmp_path / "reviewtui.toml").open("a") as file:
        file.write('[[source]]\npath = "copy.duckdb"\n')
    inputs = books.inputs(type(workspace)(**{**vars(workspace), **_sources(tmp_path)}))
    assert inputs.withheld
    assert "the same cost lines as in" in str(inputs.problems)


def _sources(root: Path) -> dict[str, object]:
    from reviewtui.workspace.load import load_workspace

    return {"sources": load_workspace(root).sources}


def test_several_currencies_are_refused(books: Books) -> None:
    books.model().line("100").line("50", currency="EUR")
    report = books.report()
    assert report.rows == ()
    assert "several currencies (EUR, USD)" in messages(report)


def test_one_other_currency_takes_its_rate(books: Books) -> None:
    books.model().line("100", currency="EUR").line("10", currency="EUR", day="2026-03-01")
    books.run("create table fx_rate (month date, currency varchar, rate_to_base double)")
    books.run("insert into fx_rate values ('2026-04-01', 'EUR', 1.1)")
    report = books.report()
    assert {(row.period, row.value) for row in report.rows if row.measure == "total_cost"} == {("2026-04", "110")}
    assert "No rate for EUR in 2026-03" in messages(report)


def test_shares_over_one_are_an_error(books: Books) -> None:
    books.line("100", "ingress").model(SHARED + "share = 0.7\n").model(SHARED + "share = 0.4\n", "flags")
    text = messages(books.report())
    assert "error: products/replay/cost.toml:3: The shares of the pool `ingress` add up to 110 %" in text


def test_a_share_that_is_no_share_is_missing_not_zero(books: Books) -> None:
    books.line("100", "ingress").model(SHARED + "share = 1.5\n")
    workspace = books.write()
    assert "cost.toml:9: `share` is a share from 0 to 1, not 1.5" in str(workspace.problems[0])
    report = books.report()
    assert not [row for row in report.rows if row.section == "allocation"]
    assert "The rule `pool` has no share for the region us in 2026-04" in messages(report)


def test_a_missing_share_for_a_region_withholds_its_months(books: Books) -> None:
    books.line("100", "ingress").line("40", "ingress", region="eu").line("7", "ingress", day="2026-03-01")
    books.model(SHARED + 'region = "us"\nshare = 0.5\n')
    report = books.report()
    assert {row.period for row in report.rows if row.section == "allocation"} == {"2026-03"}
    assert "error: products/replay/cost.toml:3: The rule `pool` has no share for the region eu in 2026-04" in messages(
        report
    )


def test_a_region_without_a_query_log_has_no_share(books: Books) -> None:
    books.line("100", "warehouse").model('[[rule]]\nid = "queries"\ntag = "warehouse"\nkind = "querylog"\n')
    assert "the query log has nothing of it" in messages(books.report())


def test_a_rule_that_wins_every_line_is_named(books: Books) -> None:
    books.line("100").line("50").model()
    assert "wins every cost line of 2026-04" in messages(books.report())


def test_no_rule_can_be_written_for_every_tag(books: Books) -> None:
    books.line("100", "other").model('[[rule]]\nid = "all"\ntag = "*"\nkind = "direct"\n')
    assert books.figures()["reconcile.unallocated"] == "100"
    assert "no rule catches every line" in str(books.write().problems)


def test_negative_totals_are_figures_like_others(books: Books) -> None:
    books.line("20").line("-100.50", category="Credit").usage("10", "50").model()
    figures = books.figures()
    assert figures["allocation.total_cost"] == "-80.5"
    assert figures["unit.cost_per_unit"] == "-8.05"
    assert figures["reconcile.unallocated_pct"] == ""


@pytest.mark.parametrize(("volume", "revenue"), [("0", "0"), ("0", "50"), ("10", "0")])
def test_zero_volume_or_revenue_gives_no_figure(books: Books, volume: str, revenue: str) -> None:
    books.line("20").usage(volume, revenue).model()
    figures = books.figures()
    assert (figures["unit.cost_per_unit"] == "") == (volume == "0")
    assert (figures["unit.gross_margin_pct"] == "") == (revenue == "0")


def test_breakdown_without_volume_keeps_the_modelled_unit(books: Books) -> None:
    storage = "".join(
        f"[assumption.{name}]\nvalue = {value}\nlow = {value}\nhigh = {value}\n"
        for name, value in (("retention_days", 30), ("avg_size_gb", "0.5"), ("storage_rate_gb_month", "0.02"))
    )
    books.line("20", service="disks").usage("0", "50")
    books.model(f'storage_component = "disks"\n{DIRECT}{storage}')
    figures = books.figures()
    assert figures["breakdown.storage_modelled_per_unit"] == "0.01"
    assert figures["breakdown.storage_modelled_total"] == "0"
    assert figures["breakdown.storage_model_vs_bill_pct"] == "-100"
    assert figures["breakdown.non_storage_per_unit"] == figures["breakdown.modelled_cost_per_unit"] == ""


def test_usage_in_another_unit_is_left_out_and_said(books: Books) -> None:
    books.line("20").usage("10").usage("99", unit="event").model()
    report = books.report()
    assert [row.value for row in report.rows if (row.measure, row.region) == ("volume", "all")] == ["10"]
    assert "1 row of usage_day in another unit (`event`) left out" in messages(report)


def test_a_correction_of_a_past_month_counts_in_that_month(books: Books) -> None:
    books.line("20", day="2026-03-05").line("-5", day="2026-03-05", category="Adjustment").line("7").model()
    totals = {
        row.period: row.value for row in books.report().rows if (row.measure, row.region) == ("total_cost", "all")
    }
    assert totals == {"2026-03": "15", "2026-04": "7"}


def test_amounts_that_are_no_numbers_are_said(books: Books) -> None:
    books.model().statements[0] = "create table cost_line (day varchar, tags varchar, amount varchar)"
    books.run("insert into cost_line values ('2026-04-01', 'replay; x', '0.1'), ('2026-04-02', 'replay', '1,5')")
    books.run("insert into cost_line values ('soon', 'replay', '3'), ('2026-04-03', 'replay', '0.2')")
    text = messages(books.report())
    assert "1 cost line with an amount that is no number: left out" in text
    assert "1 cost line without a usable day: left out" in text
    figures = {row.measure: row.value for row in books.report().rows if row.section == "allocation"}
    assert figures["total_cost"] == "0.3"


def test_binary_amounts_count_as_the_decimals_that_they_mean(books: Books) -> None:
    books.model().statements[0] = "create table cost_line (day date, tags varchar, amount double)"
    books.run("insert into cost_line select '2026-04-01', 'replay', 0.1 + i - i from range(3) r(i)")
    books.run("insert into cost_line values ('2026-04-01', 'replay', 0.7), ('2026-04-02', 'x', 0.1)")
    report = books.report()
    assert "equal to another one" in messages(report)
    books.statements[-2] = "insert into cost_line values ('2026-04-03', 'replay', 0.2)"
    assert books.figures()["allocation.total_cost"] == "0.9"


def test_rules_of_another_schema_key_are_said_with_their_line(books: Books) -> None:
    books.line("1").model('[[rule]]\nid = "own"\ntag = "replay"\nkind = "drect"\n')
    problems = [str(problem) for problem in books.write().problems]
    assert 'products/replay/cost.toml:6: "drect" is not one of: direct, network' in problems[1]


def test_a_product_before_its_launch_gets_a_word_and_no_figures(books: Books) -> None:
    report = books.line("1").model()
    found = report.report(stage="beta")
    assert found.rows == ()
    assert "Ship first" in found.notes[0]


def test_dead_rules_gaps_and_unmapped_services_are_named(books: Books) -> None:
    more = '[[rule]]\nid = "old"\ntag = "gone"\nkind = "direct"\n[[service]]\nname = "queue"\npath = ["write"]\n'
    text = messages(books.line("1").line("2", "").model(DIRECT + more).report())
    assert "The rule `old` matches no cost line in 2026-04" in text
    assert "The service `queue` has no cost line in 2026-04" in text
    assert "not in the map: `api`" in text
    assert "No service of the map is on the read path" in text
