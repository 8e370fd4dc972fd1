"""The inbox: its parts, its order, what is folded, what a restated number does to an explanation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from reviewtui.anomalies.explaining import given_in, is_restated, value_facts
from reviewtui.anomalies.inbox import Entry, Part, entries_of
from reviewtui.anomalies.index import AnomalyIndex
from reviewtui.anomalies.judge import judge_sheet
from reviewtui.anomalies.verdicts import Kind, Verdict
from reviewtui.metrics.sheet import MISSING_CELL, Cell, Status, Unit
from reviewtui.workspace.kinds.explanations import Explanation
from tests.anomalies.made import NEWEST, cells, metric, noisy, sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewtui.metrics.sheet import MetricSheet
    from reviewtui.months import Month

METRICS = (metric("mrr"), metric("arr"), metric("nps", Unit.SCORE, kind="input"), metric("unique_users", kind="input"))
BEFORE = NEWEST - 3


def company(odd: dict[tuple[str, str, Month], float]) -> MetricSheet:
    """Two products and all together; ordinary but for the cells of `odd`."""
    rows = {}
    for number, product in enumerate(("flags", "replay")):
        for place, item in enumerate(METRICS):
            values: list[float | None] = [*noisy(40, seed=20 + place + 7 * number), 100.0]
            for (owner, name, month), value in odd.items():
                if (owner, name) == (product, item.id):
                    values[40 - (NEWEST.index - month.index)] = value
            rows[product, item.id] = cells(values)
    return sheet(rows, METRICS)


def say(metric_id: str, verdict: str = "explained", month: Month = NEWEST, **facts: Any) -> Explanation:
    values = {
        "id": f"x-{metric_id}",
        "product": "replay",
        "review": NEWEST,
        "said_on": date(2026, 11, 3),
        "value": "190.0",
    }
    return Explanation(metric=metric_id, month=month, verdict=verdict, **{**values, **facts})


def listed(made: MetricSheet, said: Sequence[Explanation] = (), product: str = "", months: int = 12) -> list[Entry]:
    index = AnomalyIndex(made, judge_sheet(made), said, NEWEST)
    found = entries_of(index, made.months[-months:], said, product)
    # Noise of its own months is not what these tests are about.
    return [item for item in found if item.cell.value is None or item.cell.value > 150 or item.verdict is None]


def names(entries: list[Entry]) -> list[tuple[str, str, str, str]]:
    return [(item.part.value, item.product, item.metric.id, str(item.month)) for item in entries]


def test_inputs_come_before_outputs_and_what_waited_longer_before_what_is_new() -> None:
    made = company(
        {("replay", "mrr", NEWEST): 190.0, ("flags", "nps", NEWEST): 190.0, ("replay", "nps", BEFORE): 190.0}
    )
    found = listed(made)
    assert [(item.product, item.metric.id) for item in found][-1] == ("replay", "mrr")
    assert {(item.product, item.metric.id) for item in found[:2]} == {("flags", "nps"), ("replay", "nps")}
    assert [item.months_open(NEWEST) for item in found if item.product == "replay"] == [3, 0]
    waited = next(item for item in found if item.months_open(NEWEST) == 3)
    assert waited.verdict is not None
    # A quarter of a year adds a quarter to its score.
    assert waited.weight(NEWEST) == pytest.approx(waited.verdict.score * 1.25)


def test_what_follows_is_folded_under_what_it_follows_from() -> None:
    made = company({("replay", "mrr", NEWEST): 190.0, ("replay", "arr", NEWEST): 190.0})
    (found,) = listed(made)
    assert (found.metric.id, [item.metric.id for item in found.followers]) == ("mrr", ["arr"])


def test_parts_follow_from_what_was_said() -> None:
    odd = {("replay", name, NEWEST): 190.0 for name in ("mrr", "nps", "unique_users")}
    said = [say("mrr", "snoozed", until=NEWEST + 1), say("nps", "unknown"), say("unique_users", "expected")]
    assert names(listed(company(odd), said)) == [
        ("To explain", "replay", "nps", "2026-10"),
        ("Snoozed", "replay", "mrr", "2026-10"),
        ("Explained", "replay", "unique_users", "2026-10"),
    ]


def test_what_is_snoozed_comes_back_in_its_month() -> None:
    (found,) = listed(company({("replay", "mrr", NEWEST): 190.0}), [say("mrr", "snoozed", until=NEWEST)])
    assert found.part is Part.UNEXPLAINED


def test_one_product_and_only_the_months_that_are_asked_for_are_listed() -> None:
    made = company({("replay", "mrr", BEFORE): 190.0, ("flags", "mrr", NEWEST): 190.0})
    assert names(listed(made, product="flags")) == [("To explain", "flags", "mrr", "2026-10")]
    assert names(listed(made, months=3)) == [("To explain", "flags", "mrr", "2026-10")]


class TestRestated:
    def test_an_explanation_survives_and_says_that_the_number_changed(self) -> None:
        made = company({("replay", "mrr", NEWEST): 190.0})
        (same,) = listed(made, [say("mrr")])
        (other,) = listed(made, [say("mrr", value="260.5")])
        assert (same.part, same.is_restated) == (Part.EXPLAINED, False)
        assert (other.part, other.is_restated) == (Part.EXPLAINED, True)

    def test_what_is_no_longer_out_of_the_ordinary_stays_listed(self) -> None:
        (found,) = listed(company({}), [say("mrr")])
        assert (found.metric.id, found.verdict, found.is_restated, found.part) == ("mrr", None, True, Part.EXPLAINED)

    def test_of_a_metric_or_a_month_that_is_gone_nothing_is_listed(self) -> None:
        assert listed(company({}), [say("gone"), say("mrr", month=NEWEST - 30)]) == []

    @pytest.mark.parametrize(
        ("value", "anomaly", "now", "is_other"),
        [
            ("100.0", "spike", 100.0, False),
            ("100.0", "spike", 100.00000000001, False),
            ("100.0", "spike", 100.01, True),
            ("100.0", "spike", None, True),
            ("", "missing", None, False),
            ("", "missing", 3.0, True),
            ("", "", 3.0, False),
            ("0", "dip", 0.0, False),
        ],
    )
    def test_the_value_is_compared_as_it_was_written(
        self, value: str, anomaly: str, now: float | None, *, is_other: bool
    ) -> None:
        cell = MISSING_CELL if now is None else Cell(now, Status.OK)
        assert is_restated(say("mrr", value=value, anomaly=anomaly), cell) is is_other

    def test_the_value_is_kept_digit_by_digit(self) -> None:
        verdict = Verdict(1, 2, 1.5, 3.0, Kind.SPIKE, is_above=True)
        assert value_facts(Cell(0.1 + 0.2, Status.OK), verdict) == {"value": "0.30000000000000004", "anomaly": "spike"}
        assert value_facts(MISSING_CELL, None) == {"value": "", "anomaly": ""}
        assert value_facts(Cell(float("inf"), Status.OK), None)["value"] == ""


def test_a_review_has_one_explanation_of_a_cell_and_the_newest_counts() -> None:
    early, late = say("mrr", id="x-1", said_on=date(2026, 11, 3)), say("mrr", id="x-2", said_on=date(2026, 11, 4))
    earlier_review = say("mrr", id="x-3", review=NEWEST - 1)
    about = ("replay", "mrr", NEWEST, NEWEST)
    assert given_in([late, early, earlier_review], *about) is late
    assert given_in([earlier_review], *about) is None
