"""The sentences, and the list: what follows from what, what is explained, and in which order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.anomalies.judge import judge_sheet
from reviewtui.anomalies.listed import State, anomalies_of, said_last, to_explain
from reviewtui.anomalies.reasons import range_words, reason
from reviewtui.anomalies.verdicts import Kind, Verdict
from reviewtui.metrics.sheet import Unit
from reviewtui.workspace.kinds.explanations import Explanation
from tests.anomalies.made import NEWEST, cells, metric, noisy, sheet

if TYPE_CHECKING:
    from reviewtui.metrics.sheet import MetricSheet

RATES = [0.010, 0.012, 0.009, 0.011, 0.010, 0.012, 0.011, 0.010]
"""Steps of 0.2, 0.3, 0.2, 0.1, 0.2, 0.1, 0.1 percent points: their median is 0.2."""


class TestReasons:
    def test_a_spike_is_told_in_the_metrics_own_movements(self) -> None:
        """3.3 less 1.5 is 1.8, nine times 0.2."""
        verdict = Verdict(0.008, 0.015, 0.011, 3.4, Kind.SPIKE, is_above=True)
        assert reason(verdict, cells([*RATES, 0.033]), Unit.PERCENT) == (
            "3.3 % is 9.0 times the usual monthly movement above the expected 0.8–1.5 %, highest in 9 months."
        )

    def test_a_dip_just_below_a_range_that_reaches_below_zero(self) -> None:
        verdict = Verdict(-0.002, 0.012, 0.005, 1.1, Kind.DIP)
        assert reason(verdict, cells([*RATES, -0.0021]), Unit.PERCENT) == (
            "−0.21 % is just below the expected −0.20 to 1.20 %, lowest in 9 months."
        )

    @pytest.mark.parametrize(
        ("verdict", "value", "words"),
        [
            (Verdict(90, 110, 100, 0.4), 104.0, "104 is within the expected 90–110."),
            (
                Verdict(90, 110, 100, 99, Kind.MISSING),
                None,
                "There is no value, though every month before had one; expected 90–110.",
            ),
            (
                Verdict(90, 110, 100, 1.3, Kind.FLATLINE, 4),
                101.0,
                "101 is exactly the same value as before, 4 months in a row.",
            ),
            (
                Verdict(90, 110, 100, 80, Kind.UNIT_ERROR, is_above=True),
                10_100.0,
                "10.1k is about 100 times the expected 90–110: a wrong unit?",
            ),
            (
                Verdict(90, 110, 100, 9, Kind.UNIT_ERROR),
                1.0,
                "1 is about 1/100 of the expected 90–110: a wrong unit?",
            ),
            (
                Verdict(90, 110, 100, 20, Kind.SIGN_FLIP),
                -99.0,
                "−99 is about as large as the expected 90–110, with the other sign.",
            ),
            (
                Verdict(90, 110, 100, 1.2, Kind.SHIFT_UP, 3, is_above=True),
                109.0,
                (
                    "109 by itself is within the expected 90–110, but the last 3 months together are too far above"
                    " what was expected."
                ),
            ),
            (
                Verdict(90, 110, 100, 1.2, Kind.TREND_DOWN, 4),
                91.0,
                (
                    "91 by itself is within the expected 90–110, but the last 4 months together are too far below"
                    " what was expected, each further than the one before."
                ),
            ),
        ],
    )
    def test_every_kind_has_a_sentence(self, verdict: Verdict, value: float | None, words: str) -> None:
        assert reason(verdict, cells([90.0, 111.0, value]), Unit.COUNT) == words

    @pytest.mark.parametrize(
        ("low", "high", "value", "unit", "words"),
        [
            (201.2, 247.6, 248.0, Unit.COUNT, "201.20–247.60"),
            (201.2, 247.6, 249.0, Unit.COUNT, "201–248"),
            (30.0, 41.21, 41.24, Unit.SCORE, "30.0–<41.2"),
            (0.00001, 0.2, 0.0, Unit.PERCENT, ">0.00–20.00 %"),
            (0.4, 7_610.0, 0.0, Unit.MONEY, "0.4–7.61k"),
            (201.2, 247.6, 247.5, Unit.COUNT, "201–248"),
        ],
    )
    def test_a_value_outside_of_its_range_is_not_printed_within_it(
        self, low: float, high: float, value: float, unit: Unit, words: str
    ) -> None:
        kind = None if low <= value <= high else Kind.SPIKE
        assert range_words(Verdict(low, high, (low + high) / 2, 1.1, kind), unit, value) == words

    def test_a_value_within_its_range_says_why_it_is_listed(self) -> None:
        shift = Verdict(0, 7_610, 2_000, 1.2, Kind.SHIFT_DOWN, 3)
        assert range_words(shift, Unit.MONEY, 0.0) == "0–7.61k, 3 mo off"
        flat = Verdict(90, 110, 100, 1.2, Kind.FLATLINE, 4)
        assert range_words(flat, Unit.COUNT, 101.0) == "90–110, same 4 mo"

    def test_what_never_moved_has_no_usual_movement(self) -> None:
        verdict = Verdict(5, 5, 5, 99, Kind.SPIKE, is_above=True)
        words = "9 is above the expected 5–5, highest in 13 months."
        assert reason(verdict, cells([5.0] * 12 + [9.0]), Unit.COUNT) == words


METRICS = (
    metric("mrr"),
    metric("arr"),
    metric("churned_mrr", kind="input"),
    metric("tickets_created", Unit.COUNT),
    metric("unique_users", Unit.COUNT, kind="input"),
    metric("mrr_growth", Unit.PERCENT),
    metric("mrr_growth_3m", Unit.PERCENT),
    metric("churn_rate", Unit.PERCENT),
    metric("nrr", Unit.PERCENT),
    metric("arpa"),
    metric("ltv"),
    metric("tickets_by_ten")._replace(formula="tickets_created / 10"),
)


def company(last: dict[tuple[str, str], float | None]) -> MetricSheet:
    """A sheet whose newest month has the values of `last`; all else is ordinary."""
    rows = {}
    for product in ("replay", "*"):
        for place, item in enumerate(METRICS):
            key = (product, item.id)
            values: list[float | None] = [*noisy(40, seed=20 + place)]
            rows[key] = cells([*values[:-1], last.get(key, 100.0)])
    return sheet(rows, METRICS)


def listed(last: dict[tuple[str, str], float | None], *said: Explanation) -> list[tuple[str, str, str, str]]:
    """Product, metric, what it follows and state of each anomaly."""
    numbers = company(last)
    found = anomalies_of(numbers, judge_sheet(numbers), NEWEST, said_last(said), NEWEST)
    return [
        (item.product, item.metric.id, "/".join(item.follows) if item.follows else "", str(item.state))
        for item in found
    ]


def said(metric_id: str, verdict: str, day: int = 1, **more: object) -> Explanation:
    """What somebody said about a metric of the newest month."""
    return Explanation(
        id=f"x-{day}",
        product="replay",
        review=NEWEST,
        metric=metric_id,
        month=NEWEST,
        verdict=verdict,
        said_on=date(2026, 11, day),
        **more,  # type: ignore[arg-type]
    )


REPLAY_FALL = {("replay", name): 50.0 for name in ("mrr", "arr")} | {("replay", "churned_mrr"): 180.0}


class TestTheList:
    def test_what_is_made_of_another_follows_it(self) -> None:
        """One customer left: MRR and ARR fall, and all products together with them."""
        last: dict[tuple[str, str], float | None] = {**REPLAY_FALL, ("*", "mrr"): 60.0}
        assert listed(last) == [
            ("replay", "churned_mrr", "", "open"),
            ("replay", "mrr", "replay/churned_mrr", "open"),
            ("replay", "arr", "replay/churned_mrr", "open"),
            ("*", "mrr", "replay/churned_mrr", "open"),
        ]

    @pytest.mark.parametrize(
        ("names", "lead"),
        [
            (("mrr_growth", "mrr_growth_3m"), "mrr_growth"),
            (("churn_rate", "churned_mrr"), "churned_mrr"),
            (("mrr", "mrr_growth_3m"), "mrr"),
            (("churned_mrr", "nrr"), "churned_mrr"),
            (("churn_rate", "nrr", "mrr_growth_3m"), "churn_rate"),
            (("tickets_created", "tickets_by_ten"), "tickets_created"),
        ],
    )
    def test_one_thing_that_happened_is_one_entry(self, names: tuple[str, ...], lead: str) -> None:
        """A rate follows its numerator, a mean of months its month; through ordinary metrics, too."""
        falls = ("nrr", "mrr_growth_3m") if "churn_rate" in names or "churned_mrr" in names else ()
        rows = listed({("replay", name): 10.0 if name in falls else 190.0 for name in names})
        assert rows[0][1:3] == (lead, "")
        assert {row[1:3] for row in rows[1:]} == {(name, f"replay/{lead}") for name in names if name != lead}

    def test_churn_cannot_raise_what_is_computed_from_an_ordinary_mrr(self) -> None:
        """LTV is made of the ARPA, that of the MRR; both are as ever while churn and LTV are high."""
        assert listed({("replay", "churned_mrr"): 190.0, ("replay", "ltv"): 190.0}) == [
            ("replay", "churned_mrr", "", "open"),
            ("replay", "ltv", "", "open"),
        ]
        fallen = listed({("replay", "churned_mrr"): 190.0, ("replay", "ltv"): 10.0})
        assert fallen[1] == ("replay", "ltv", "replay/churned_mrr", "open")

    def test_metrics_that_have_nothing_to_do_with_each_other_stay_apart(self) -> None:
        rows = listed({("replay", "churn_rate"): 190.0, ("replay", "unique_users"): 190.0})
        assert [row[2] for row in rows] == ["", ""]

    def test_inputs_come_before_outputs_whatever_the_score(self) -> None:
        last: dict[tuple[str, str], float | None] = {
            ("replay", "tickets_created"): 300.0,
            ("replay", "unique_users"): 130.0,
        }
        assert [row[1] for row in listed(last)] == ["unique_users", "tickets_created"]

    def test_metrics_without_a_value_are_one_exception(self) -> None:
        last: dict[tuple[str, str], float | None] = {
            ("replay", "unique_users"): None,
            ("replay", "tickets_created"): None,
        }
        assert [(row[1], row[2]) for row in listed(last)] == [
            ("tickets_created", ""),
            ("unique_users", "replay/tickets_created"),
        ]

    def test_an_explanation_settles_what_follows_too(self) -> None:
        rows = listed({**REPLAY_FALL}, said("churned_mrr", "explained"))
        assert [row[3] for row in rows] == ["explained", "follows", "follows"]

    @pytest.mark.parametrize(
        ("explanation", "state"),
        [
            (said("tickets_created", "expected"), State.EXPECTED),
            (said("tickets_created", "unknown"), State.OPEN),
            (said("tickets_created", "snoozed"), State.SNOOZED),
            (said("tickets_created", "snoozed", until=NEWEST + 1), State.SNOOZED),
            (said("tickets_created", "snoozed", until=NEWEST), State.OPEN),
            (said("mrr", "explained"), State.OPEN),
        ],
    )
    def test_what_was_said_decides_the_state(self, explanation: Explanation, state: State) -> None:
        assert listed({("replay", "tickets_created"): 300.0}, explanation)[0][3] == state

    def test_what_was_said_last_counts(self) -> None:
        sayings = said("tickets_created", "explained", 9), said("tickets_created", "unknown", 3)
        assert listed({("replay", "tickets_created"): 300.0}, *sayings)[0][3] == "explained"

    def test_only_what_is_open_and_follows_nothing_is_to_explain(self) -> None:
        numbers = company({**REPLAY_FALL, ("replay", "tickets_created"): 300.0})
        found = anomalies_of(numbers, judge_sheet(numbers), NEWEST, {}, NEWEST)
        assert [item.metric.id for item in to_explain(found)] == ["churned_mrr", "tickets_created"]
