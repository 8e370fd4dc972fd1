"""Leads that are known are found, with their lag; in noise nothing is found more often than is promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from reviewtui.anomalies.leading import LEAST_MONTHS, LEAST_PAIRS, MOST_CHANCE, leads
from reviewtui.anomalies.leading_inputs import lead_words, leading_inputs
from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product, Redefinition, Status
from reviewtui.months import Month, month_span
from tests.thoroughness import some_or_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Maker = Callable[[np.random.Generator, int], np.ndarray]

MONTHS = 60


def growing(random: np.random.Generator, months: int) -> np.ndarray:
    """A level that grows by 2 % a month, give or take."""
    return np.asarray(1000 * np.exp(np.cumsum(0.02 + 0.02 * random.standard_normal(months))))


def noise(random: np.random.Generator, months: int) -> np.ndarray:
    return 100 + 3 * random.standard_normal(months)


def walk(random: np.random.Generator, months: int) -> np.ndarray:
    return 500 + np.cumsum(random.standard_normal(months))


def swinging(random: np.random.Generator, months: int) -> np.ndarray:
    """A level whose changes go on for some months."""
    change = np.zeros(months)
    for month in range(1, months):
        change[month] = 0.6 * change[month - 1] + random.standard_normal()
    return 500 + np.cumsum(change)


def seasonal(random: np.random.Generator, months: int) -> np.ndarray:
    """The same ups and downs every year."""
    shape = 3 * random.standard_normal(12)
    return 100 + np.resize(shape, months) + random.standard_normal(months)


def rare(random: np.random.Generator, months: int) -> np.ndarray:
    return random.poisson(3, months).astype(float)


KINDS = (growing, noise, walk, swinging, seasonal, rare)


def following(leader: np.ndarray, lag: int, strength: float, random: np.random.Generator) -> list[float]:
    """A level whose growth is `strength` times the leader's growth `lag` months before, and noise."""
    change = 0.02 * random.standard_normal(len(leader))
    change[lag + 1 :] += strength * np.diff(np.log(leader))[:-lag]
    return [float(value) for value in 1000 * np.exp(np.cumsum(change))]


def others(random: np.random.Generator, months: int, count: int = 15) -> dict[str, list[float | None]]:
    return {f"m{place}": [float(value) for value in growing(random, months)] for place in range(count)}


@pytest.mark.parametrize("lag", range(1, 7))
def test_a_strong_lead_is_found_with_its_lag(lag: int) -> None:
    random = np.random.default_rng(lag)
    leader = growing(random, MONTHS)
    inputs: dict[str, Sequence[float | None]] = {**others(random, MONTHS), "leader": leader.tolist()}
    (found,) = leads(following(leader, lag, 2.5, random), inputs).found
    assert (found.metric, found.lag) == ("leader", lag)
    assert found.strength > 0.5
    assert found.chance <= MOST_CHANCE
    assert found.pairs >= LEAST_PAIRS


def test_a_lead_the_other_way_has_a_negative_strength() -> None:
    random = np.random.default_rng(1)
    leader = growing(random, MONTHS)
    (found,) = leads(following(leader, 2, -2.5, random), {"leader": [float(value) for value in leader]}).found
    assert (found.lag, found.strength < -0.5) == (2, True)
    assert lead_words(found).startswith("2 months before, the other way; strength 0.")


def test_what_moves_in_the_same_month_does_not_lead() -> None:
    random = np.random.default_rng(5)
    leader = growing(random, MONTHS)
    together = [float(value * (1 + 0.002 * random.standard_normal())) for value in leader]
    assert leads(together, {"leader": [float(value) for value in leader]}).found == ()


def test_what_follows_is_not_taken_for_a_lead() -> None:
    false = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        leader = growing(random, MONTHS)
        follower = following(leader, 3, 2.5, random)
        false += bool(leads([float(value) for value in leader], {"follower": follower}).found)
    assert false <= 6


def test_a_single_month_that_both_share_is_no_lead() -> None:
    random = np.random.default_rng(7)
    one, other = growing(random, MONTHS), growing(random, MONTHS)
    one[30] *= 40
    other[32] *= 40
    assert leads([float(value) for value in other], {"one": [float(value) for value in one]}).found == ()


def test_trends_alone_are_no_lead() -> None:
    months = np.arange(MONTHS)
    straight = [float(value) for value in 100 + 5.0 * months]
    curved = [float(value) for value in 100 * 1.05**months]
    assert leads(straight, {"curved": curved}).found == ()


@pytest.mark.parametrize(
    "kind", some_or_all((noise, seasonal, None), (*KINDS, None)), ids=lambda kind: kind.__name__ if kind else "mixed"
)
def test_in_noise_no_more_is_found_than_is_promised(kind: Maker | None) -> None:
    """Each seed searches 9 unrelated series; a find in one of them is a false one."""
    seeds, false = 80, 0
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        made = [(kind or KINDS[(seed + place) % len(KINDS)])(random, 48) for place in range(10)]
        series = [[float(value) for value in item] for item in made]
        false += bool(leads(series[0], {str(place): values for place, values in enumerate(series[1:])}).found)
    # Three standard deviations above the promise, for so many seeds.
    most = MOST_CHANCE + 3 * (MOST_CHANCE * (1 - MOST_CHANCE) / seeds) ** 0.5
    assert false / seeds <= most


def test_too_short_a_history_is_said_and_nothing_is_guessed() -> None:
    random = np.random.default_rng(8)
    leader = growing(random, LEAST_MONTHS - 1)
    found = leads(following(leader, 1, 5.0, random), {"leader": [float(value) for value in leader]})
    assert (found.found, found.compared, found.too_short, found.most_months) == ((), 0, 1, LEAST_MONTHS - 1)
    longer = growing(random, LEAST_MONTHS)
    assert leads(following(longer, 1, 5.0, random), {"leader": [float(value) for value in longer]}).compared == 1


@pytest.mark.parametrize("values", [[], [None] * 60, [5.0] * 60, [0.0, 1.0] * 30, [1e300, -1e300] * 30])
def test_odd_series_are_survived(values: list[float | None]) -> None:
    random = np.random.default_rng(9)
    steady = [float(value) for value in growing(random, len(values))]
    assert leads(steady, {"odd": values}).found == ()
    assert leads(values, {"steady": steady}).found == ()


class TestOnASheet:
    METRICS = (
        Metric("mrr", "MRR", "revenue", "money", kind="output"),
        Metric("ltv", "LTV", "revenue", "money", kind="output"),
        Metric("users_new", "New users", "usage", "count", kind="input"),
        Metric("nps", "NPS", "nps", "score", kind="input"),
    )

    def sheet(self, months: int = 48) -> MetricSheet:
        random = np.random.default_rng(11)
        span = month_span(Month(2022, 1), Month(2022, 1) + (months - 1))
        leader = growing(random, months)
        made = {
            "mrr": following(leader, 2, 2.5, random),
            "ltv": [float(value) for value in growing(random, months)],
            "users_new": [float(value) for value in leader],
            "nps": [float(value) for value in noise(random, months)],
        }
        rows = {("p", name): tuple(Cell(value, Status.OK) for value in values) for name, values in made.items()}
        return MetricSheet(date(2026, 1, 10), span, (Product("p", "P"),), self.METRICS, rows)

    def test_inputs_that_led_an_output_are_named(self) -> None:
        sheet = self.sheet()
        found = leading_inputs(sheet, "p", self.METRICS[0], sheet.months[-1])
        assert [(metric.id, lead.lag) for metric, lead in found.found] == [("users_new", 2)]
        assert found.summary.startswith("2 inputs compared")
        assert found.summary.endswith("It is no proof of a cause.")

    def test_inputs_are_led_by_nothing_and_means_over_months_are_not_asked(self) -> None:
        sheet = self.sheet()
        assert leading_inputs(sheet, "p", self.METRICS[2], sheet.months[-1]) == ((), "")
        assert leading_inputs(sheet, "p", self.METRICS[1], sheet.months[-1]).found == ()

    def test_only_months_of_the_present_definition_count(self) -> None:
        sheet = self.sheet()
        changed = replace(sheet, redefinitions=(Redefinition("p", sheet.months[-10]),))
        found = leading_inputs(changed, "p", self.METRICS[0], sheet.months[-1])
        assert found.summary.startswith("Not enough history: 10 months in common")

    def test_later_months_and_months_that_are_not_final_are_not_looked_at(self) -> None:
        sheet = self.sheet()
        until = leading_inputs(sheet, "p", self.METRICS[0], sheet.months[19])
        assert until.summary.startswith("Not enough history: 20 months")
        row = tuple(cell._replace(status=Status.PARTIAL) for cell in sheet.rows["p", "mrr"])
        partial = sheet.with_rows({("p", "mrr"): row})
        assert "0 months in common" in leading_inputs(partial, "p", self.METRICS[0], sheet.months[-1]).summary
