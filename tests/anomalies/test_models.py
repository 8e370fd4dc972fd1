"""The bank of models: what the recursion must give, worked out by hand where it can be."""

from __future__ import annotations

import numpy as np

from reviewtui.anomalies.models import LEVELS, SEASONS, SLOPES, STEADY, YEAR, bank, steady
from reviewtui.anomalies.scales import scaled, smallest_steps


def test_every_combination_is_a_model_and_three_of_four_have_a_season() -> None:
    assert len(bank().damping) == len(LEVELS) * len(SLOPES) * len(SEASONS) == 32
    assert bank().season_gain.shape == (STEADY, YEAR, 8, 3)
    assert (np.abs(bank().season_gain).max(axis=(0, 1)) > 0).all()


def test_the_first_month_is_the_level() -> None:
    """Nothing is known before it."""
    assert np.allclose(bank().level_gain[0], 1, atol=1e-3)


def test_a_random_walk_believes_the_last_month_and_a_fixed_level_the_mean() -> None:
    walk, fixed = len(bank().damping) - len(SEASONS) * len(SLOPES), 0
    assert bank().level_gain[-1][walk] > 0.9
    assert bank().level_gain[-1][fixed] < 0.1


def test_what_goes_into_a_season_adds_up_to_nothing() -> None:
    assert np.allclose(bank().season_gain.sum(axis=1), 0, atol=1e-5)


def test_gains_repeat_with_the_year_once_they_are_steady() -> None:
    assert [steady(age) for age in (0, STEADY - 1, STEADY, STEADY + 11, STEADY + 12)] == [0, 119, 108, 119, 108]


def test_the_smallest_step_is_the_power_of_ten_that_divides_all() -> None:
    values = np.array([[3.0, 0.5, 1200.0, 0.1234567891234, 0.0], [7.0, 2.25, 3400.0, 9.876, 0.0]])
    assert smallest_steps(values).tolist() == [1.0, 0.01, 100.0, 0.0, 0.0]


def test_every_scale_gives_the_value_back() -> None:
    values = np.array([[3.0, 40.0], [5.0, 44.0], [4.0, 39.0]])
    series = scaled(values, np.array([24000.0, 24001.0]), smallest_steps(values))
    for month in range(3):
        back = series.as_value(series.values[month], month)
        assert np.allclose(back, values[month], rtol=1e-5)


def test_a_scale_that_cannot_hold_a_zero_is_not_used() -> None:
    series = scaled(np.array([[0.0], [5.0], [4.0]]), np.array([24000.0]), np.array([1.0]))
    assert series.usable[:, 0].tolist() == [True, True, False, False]


def test_a_month_has_its_own_number_of_working_days() -> None:
    """February 2026 has 20 weekdays, March 22: on the scale of working days both are the same rate."""
    values = np.array([[20.0], [22.0]])
    series = scaled(values, np.array([2026 * 12 + 1.0]), np.array([1.0]))
    assert abs(series.values[1, 3, 0]) < 1e-6
