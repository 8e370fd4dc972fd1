"""What the panel says about a cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from reviewtui.metrics.sheet import Cell, Metric, Redefinition, Status, Target, Unit
from reviewtui.months import Month
from reviewtui.text import safe_text
from reviewtui.widgets.cell_facts import CellFacts, cell_facts, copy_text
from reviewtui.widgets.panel_text import panel_lines
from reviewtui.workspace.model import KnownEvent, Link
from tests.sheets import OPEN_MONTH, REVIEW_MONTH, hostile_sheet, make_sheet

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet


def metric(sheet: MetricSheet, metric_id: str) -> Metric:
    return next(item for item in sheet.metrics if item.id == metric_id)


def facts(metric_id: str, month: Month = REVIEW_MONTH) -> CellFacts:
    sheet = make_sheet()
    return cell_facts(sheet, "replay", metric(sheet, metric_id), month)


def test_the_value_is_exact_and_names_its_currency() -> None:
    assert facts("mrr").value == "444,128.90 USD"


def test_a_quotient_names_its_numerator_and_denominator() -> None:
    assert facts("churn_rate").quotient == "churned MRR 15,528.26 / opening MRR 410,233.40"


def test_a_sample_size_is_told() -> None:
    assert facts("nps").quotient == "n = 212"


def test_it_is_compared_with_the_month_and_the_year_before() -> None:
    month, year = facts("mrr").comparisons
    assert (month.name, month.change.text, month.against) == ("MoM", "+5.5%", "Sep 26 421.0k")
    assert (year.name, year.against) == ("YoY", "Oct 25 372.3k")


def test_a_quarterly_metric_is_compared_with_the_quarter_before() -> None:
    assert [item.name for item in facts("quarterly_nrr").comparisons] == ["QoQ", "YoY"]


def test_a_partial_month_is_never_compared() -> None:
    assert all(item.change.text == "" for item in facts("mrr", OPEN_MONTH).comparisons)


def test_a_cell_says_why_it_has_no_value() -> None:
    assert facts("mrr_growth", OPEN_MONTH).sentence == "The month is not over, so there is no rate yet."


def test_a_status_without_a_reason_of_its_own_has_a_sentence() -> None:
    assert facts("mrr", OPEN_MONTH).sentence == "The month so far: it is not over yet."


def test_an_ordinary_value_needs_no_sentence() -> None:
    assert facts("mrr").sentence == ""


def test_the_source_and_its_age_are_told() -> None:
    assert facts("mrr").source.startswith("Computed from acme.duckdb of 2026-11-09")
    assert facts("total_cost").source.startswith("Imported from costs.duckdb of 2026-11-08")
    assert "512 bytes of its .wal" in facts("total_cost").source


def test_what_is_not_there_comes_from_nowhere() -> None:
    sheet = make_sheet()
    gone = replace(sheet, rows={key: row for key, row in sheet.rows.items() if key[1] != "mrr"})
    assert cell_facts(gone, "replay", gone.metrics[0], REVIEW_MONTH).source == ""


def test_a_value_that_no_source_has_is_from_the_imported_files() -> None:
    sheet = make_sheet()
    total = next(metric for metric in sheet.metrics if metric.id == "total_cost")
    sheet = replace(sheet, sources=tuple(item for item in sheet.sources if "metric_value" not in item.tables))
    assert cell_facts(sheet, "replay", total, REVIEW_MONTH).source == "Imported from imports/ of the workspace"


def test_attribution_currency_and_direction_are_told() -> None:
    assert "end of their period" in facts("mrr").basis
    assert facts("mrr").basis.endswith("in USD · up is good")
    assert "one value a quarter" in facts("quarterly_nrr").basis


def test_the_history_is_a_year_and_stays_while_the_cursor_moves_in_it() -> None:
    this, before = facts("mrr"), facts("mrr", REVIEW_MONTH - 1)
    assert [fact.month for fact in this.history[:2]] == ["Nov 26", "Oct 26"]
    assert (this.history_at, before.history_at) == (1, 2)
    assert this.history == before.history


def test_further_back_the_history_is_that_of_an_earlier_year() -> None:
    earlier = facts("mrr", Month(2024, 3))
    assert earlier.history[earlier.history_at].month == "Mar 24"


def test_a_month_outside_the_sheet_has_no_line_in_the_history() -> None:
    assert facts("mrr", Month(2030, 1)).history_at == -1


def test_the_first_months_of_the_calendar_have_no_year_before() -> None:
    sheet = make_sheet()
    assert cell_facts(sheet, "replay", sheet.metrics[0], Month(1, 1)).comparisons[1].against == ""


def test_a_copied_value_pastes_as_a_number() -> None:
    sheet = make_sheet()
    cell = sheet.cell("replay", "fx_effect", REVIEW_MONTH)
    assert copy_text(cell, metric(sheet, "fx_effect")).startswith("-")
    assert copy_text(sheet.cell("replay", "nrr", REVIEW_MONTH), metric(sheet, "nrr")) == "104.85%"


class TestPanel:
    @pytest.mark.parametrize("size", [(40, 4), (80, 6), (120, 8), (52, 55), (1, 1), (300, 2)])
    def test_it_keeps_to_its_size(self, size: tuple[int, int]) -> None:
        width, height = size
        for item in make_sheet().metrics:
            lines = panel_lines(facts(item.id), width, height, more_key="Enter")
            assert len(lines) <= height
            assert all(sum(cell_len(span.text) for span in line) <= width for line in lines)

    def test_it_names_the_key_that_shows_more(self) -> None:
        last = panel_lines(facts("mrr"), 80, 4, more_key="Enter")[-1]
        assert "… Enter: more" in "".join(span.text for span in last)

    def test_a_high_panel_lists_the_months_before(self) -> None:
        text = ["".join(span.text for span in line) for line in panel_lines(facts("mrr"), 60, 40)]
        assert any(line.strip().startswith("Sep 26") for line in text)

    def test_hostile_names_are_safe_and_keep_to_the_width(self) -> None:
        sheet = hostile_sheet()
        for item in sheet.metrics:
            for line in panel_lines(cell_facts(sheet, "p0", item, REVIEW_MONTH), 60, 20):
                text = "".join(span.text for span in line)
                assert safe_text(text) == text
                assert cell_len(text) <= 60


def test_nothing_is_compared_across_a_changed_definition() -> None:
    sheet = make_sheet()
    changed = replace(sheet, redefinitions=(Redefinition("replay", REVIEW_MONTH, ("mrr",)),))

    def changes(metric_id: str, month: Month) -> list[str]:
        comparisons = cell_facts(changed, "replay", metric(changed, metric_id), month).comparisons
        return [comparison.change.text for comparison in comparisons]

    assert changes("mrr", REVIEW_MONTH) == ["", ""]
    assert "" not in changes("mrr", REVIEW_MONTH - 1)
    assert "" not in changes("arr", REVIEW_MONTH)


class TestWhatTheValueIsSeenAgainst:
    def test_a_target_says_whether_it_is_met(self) -> None:
        sheet = replace(make_sheet(), targets={("replay", "mrr"): Target(450_000.0, None)})
        target = cell_facts(sheet, "replay", metric(sheet, "mrr"), REVIEW_MONTH).target
        assert target.startswith("Target at least 450,000")
        assert target.endswith("below")

    def test_a_month_that_is_not_over_is_not_judged(self) -> None:
        sheet = replace(make_sheet(), targets={("replay", "mrr"): Target(450_000.0, None)})
        assert cell_facts(sheet, "replay", metric(sheet, "mrr"), OPEN_MONTH).target == "Target at least 450,000"

    def test_a_share_of_counted_cases_has_its_interval(self) -> None:
        sheet = make_sheet()
        cells = list(sheet.row("replay", "sla"))
        cells[sheet.months.index(REVIEW_MONTH)] = Cell(0.5, Status.OK, 10, 5, 10)
        counted = sheet.with_rows({("replay", "sla"): tuple(cells)})
        # 1.96 sqrt(0.25/10 + 1.96^2/400) / (1 + 1.96^2/10) = 26.3 points on both sides of one half.
        assert (
            cell_facts(counted, "replay", metric(sheet, "sla"), REVIEW_MONTH).interval
            == "95 % interval 23.7 % to 76.3 %"
        )

    def test_the_score_has_the_interval_of_its_rows(self) -> None:
        low, high = (Metric(f"nps_{end}", f"NPS {end}", "nps", Unit.SCORE) for end in ("low", "high"))
        sheet = make_sheet()
        count = len(sheet.months)
        rows = {
            ("replay", "nps_low"): (Cell(21.14, Status.OK),) * count,
            ("replay", "nps_high"): (Cell(59.56, Status.OK),) * count,
        }
        with_ends = replace(sheet.with_rows(rows), metrics=(*sheet.metrics, low, high))
        assert (
            cell_facts(with_ends, "replay", metric(sheet, "nps"), REVIEW_MONTH).interval == "95 % interval 21.1 to 59.6"
        )

    def test_a_ratio_of_money_has_none(self) -> None:
        assert facts("churn_rate").interval == ""

    def test_what_happened_in_the_month_is_told(self) -> None:
        event = KnownEvent("a", "replay", REVIEW_MONTH, "price", (), "New pricing [b]now[/b]")
        sheet = replace(make_sheet(), events=(event, event._replace(id="b", month=REVIEW_MONTH - 1, note="Before")))
        assert cell_facts(sheet, "replay", metric(sheet, "mrr"), REVIEW_MONTH).events == ("New pricing [b]now[/b]",)

    def test_owner_and_links_are_told(self) -> None:
        sheet = make_sheet()
        owned = sheet.metrics[0]._replace(owner="Ada", links=(Link("Runbook", "https://example.org/mrr"),))
        found = cell_facts(sheet, "replay", owned, REVIEW_MONTH)
        assert (found.owner, found.links) == ("Ada", ("Runbook https://example.org/mrr",))
        text = ["".join(span.text for span in line) for line in panel_lines(found, 52, 50)]
        assert any("Owner: Ada" in line for line in text)
        assert any("https://example.org/mrr" in line for line in text)
