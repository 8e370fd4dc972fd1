"""The words for what is out of the ordinary, and the one number of sensitivity."""

from __future__ import annotations

import pytest

from reviewtui.anomalies.judge import became_of
from reviewtui.anomalies.kinds import kind_of_distance, kind_of_run
from reviewtui.anomalies.marks import mark
from reviewtui.anomalies.sensitivity import edge, rarity
from reviewtui.anomalies.verdicts import Kind, Verdict


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (130.0, Kind.SPIKE),
        (75.0, Kind.DIP),
        (0.0, Kind.DIP),
        (10_200.0, Kind.UNIT_ERROR),
        (1_000.0, Kind.UNIT_ERROR),
        (0.98, Kind.UNIT_ERROR),
        (300.0, Kind.SPIKE),
        (-97.0, Kind.SIGN_FLIP),
        (-300.0, Kind.DIP),
    ],
)
def test_a_value_far_from_a_hundred_is_named(value: float, kind: Kind) -> None:
    """Expected is 100, give or take 5."""
    assert kind_of_distance(value, 100.0, 5.0, 5.0, (value - 100) / 5) is kind


def test_ten_times_a_vague_expectation_may_be_real() -> None:
    """Expected is 100, give or take 60: 1,000 may be, 100 times as much is not."""
    assert kind_of_distance(1_000.0, 100.0, 60.0, 60.0, 15.0) is Kind.SPIKE
    assert kind_of_distance(10_000.0, 100.0, 60.0, 60.0, 165.0) is Kind.UNIT_ERROR


def test_what_has_had_both_signs_has_no_wrong_one() -> None:
    assert kind_of_distance(-97.0, 100.0, 5.0, 5.0, -39.0, had_both_signs=True) is Kind.DIP


def test_a_run_is_a_shift_or_a_trend_by_whether_it_goes_on() -> None:
    assert kind_of_run(is_above=True, is_rising=False) is Kind.SHIFT_UP
    assert kind_of_run(is_above=False, is_rising=True) is Kind.TREND_DOWN


@pytest.mark.parametrize(
    ("later", "kind"),
    [
        ([], None),
        ([150.0], None),
        ([149.0, 152.0], Kind.SHIFT_UP),
        ([149.0, 101.0, 99.0], None),
        ([float("nan"), 140.0, 145.0], Kind.SHIFT_UP),
        ([124.0, 124.0], None),
    ],
)
def test_following_months_tell_a_shift_from_a_spike(later: list[float], kind: Kind | None) -> None:
    """150 where 100 was expected: a shift if their median keeps more than half of the jump."""
    assert became_of(150.0, 100.0, later) is kind


def test_a_dip_becomes_a_shift_down() -> None:
    assert became_of(50.0, 100.0, [55.0, 48.0]) is Kind.SHIFT_DOWN


def test_fewer_false_alarms_need_a_greater_distance() -> None:
    assert edge(25) == 2.52
    assert edge(10) == 2.94
    assert edge(1000) == edge(100) < edge(50) < edge(25) < edge(20) < edge(10) < edge(1) == edge(0.01)


def test_rarity_is_the_other_way_round() -> None:
    assert [rarity(distance) for distance in (2.52, -2.94, 4.33, 50.0, 0.3)] == [40, 100, 1000, 1000, 10]


def test_every_kind_has_a_mark_and_ordinary_values_none() -> None:
    assert {mark(Verdict(0, 1, 0.5, 2, kind)) for kind in Kind} == {"▲", "▼", "!"}
    assert mark(Verdict(0, 1, 0.5, 0.2)) == mark(None) == ""
