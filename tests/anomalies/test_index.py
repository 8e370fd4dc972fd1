"""What screens are told about anomalies: the look-up, the words of the panel, the band of the chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from reviewtui.anomalies.index import AnomalyIndex
from reviewtui.anomalies.judge import judge_sheet
from reviewtui.metrics.sheet import Unit
from reviewtui.widgets.trend import trend_of
from reviewtui.widgets.trend_chart import chart_lines
from reviewtui.widgets.verdict_facts import verdict_facts, with_band
from reviewtui.workspace.kinds.explanations import Explanation
from tests.anomalies.made import NEWEST, cells, metric, noisy, sheet

TICKETS, USERS = metric("tickets_created", Unit.COUNT), metric("unique_users", Unit.COUNT, kind="input")
GROWTH = metric("unique_users_growth", Unit.PERCENT, growth_of="unique_users")


def index_of(*said: Explanation) -> AnomalyIndex:
    """Two products; in the newest month tickets of one and users of both are far out."""
    rows = {}
    for place, product in enumerate(("flags", "replay")):
        users = [*noisy(40, seed=place, level=1000), 1500.0]
        growth = [0.0, *(after / before - 1 for before, after in pairwise(users))]
        rows[product, TICKETS.id] = cells([*noisy(40, seed=5 + place), 180.0 if product == "flags" else 100.0])
        rows[product, USERS.id] = cells(users)
        rows[product, GROWTH.id] = cells(growth)
    numbers = sheet(rows, (TICKETS, USERS, GROWTH))
    return AnomalyIndex(numbers, judge_sheet(numbers), said, NEWEST)


EXPLAINED = Explanation(
    id="x-1",
    product="flags",
    review=NEWEST,
    metric=USERS.id,
    month=NEWEST,
    verdict="explained",
    said_on=date(2026, 11, 2),
    reason="A campaign.",
)


def test_what_waits_for_an_explanation_goes_over_all_products_inputs_first() -> None:
    waiting = [item.key for item in index_of().to_explain]
    assert sorted(waiting[:2]) == [("flags", USERS.id), ("replay", USERS.id)]
    assert waiting[2:] == [("flags", TICKETS.id)]


def test_an_explained_one_waits_no_longer() -> None:
    assert ("flags", USERS.id) not in [item.key for item in index_of(EXPLAINED).to_explain]


def test_a_cell_is_looked_up_and_an_ordinary_one_is_none() -> None:
    index = index_of()
    found = index.at("flags", TICKETS.id, NEWEST)
    assert found is not None
    assert found.cell.value == 180.0
    assert index.at("replay", TICKETS.id, NEWEST) is None
    assert index.metrics_of("replay") == {USERS.id, GROWTH.id}


def test_the_panel_says_range_reason_and_what_moved_with_it() -> None:
    facts = verdict_facts(index_of(EXPLAINED), "flags", USERS, NEWEST)
    assert facts is not None
    assert facts.expected.startswith("▲ Expected ")
    assert " · spike, " in facts.expected
    assert "times the usual monthly movement above the expected" in facts.reason
    assert facts.state == "Explained: A campaign; with it moved UNIQUE_USERS_GROWTH"
    assert not facts.is_open


def test_sentences_of_an_explanation_are_one_line_in_the_panel() -> None:
    said = replace(EXPLAINED, reason="A campaign.\nIt ends in May.\n")
    facts = verdict_facts(index_of(said), "flags", USERS, NEWEST)
    assert facts is not None
    assert facts.state == "Explained: A campaign. It ends in May; with it moved UNIQUE_USERS_GROWTH"


def test_the_panel_does_not_say_how_far_out_a_missing_month_is() -> None:
    users = [*noisy(40, seed=0, level=1000), None]
    numbers = sheet({("flags", USERS.id): cells(users)}, (USERS,))
    facts = verdict_facts(AnomalyIndex(numbers, judge_sheet(numbers), (), NEWEST), "flags", USERS, NEWEST)
    assert facts is not None
    assert facts.expected.endswith(" · missing")


def test_the_panel_says_that_a_value_is_ordinary_and_nothing_where_it_is_not_judged() -> None:
    index = index_of()
    facts = verdict_facts(index, "replay", TICKETS, NEWEST)
    assert facts is not None
    assert (facts.expected[-11:], facts.reason, facts.is_open) == (" · ordinary", "", False)
    assert verdict_facts(index, "replay", TICKETS, index.sheet.months[3]) is None


def test_the_band_belongs_to_the_months_of_the_chart() -> None:
    index = index_of()
    trend = trend_of(index.sheet, "flags", TICKETS, NEWEST)
    row = index.judgements.row("flags", TICKETS.id)
    band = with_band(trend, row, index.sheet.months).band
    assert len(band) == len(trend.months)
    newest = row[-1]
    assert newest is not None
    assert band[-1] == (newest.low, newest.high)
    assert band[: 12 - (41 - len(band))] == (None,) * (12 - (41 - len(band)))


def test_the_band_lies_behind_the_line_and_its_marks() -> None:
    """What is drawn stays as it is."""
    index = index_of()
    trend = trend_of(index.sheet, "flags", TICKETS, NEWEST)
    plain = chart_lines(trend, 60, 10)
    shaded = chart_lines(trend._replace(band=((60.0, 140.0),) * len(trend.months)), 60, 10)
    before, after = ("".join(span.text for line in lines for span in line) for lines in (plain, shaded))
    assert before == after
    assert {span.role for line in shaded for span in line if span.ground} >= {"", "line"}
    assert not any(span.ground for line in plain for span in line)
