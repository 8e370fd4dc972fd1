"""Every month is judged from the months before it, and from nothing else."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewtui.anomalies.detector import FIRST_JUDGED, LANES, Batch, Found, find
from reviewtui.anomalies.runs import Runs
from tests.anomalies.made import EDGE, batch, distances, found, noisy

FIELDS = tuple(Found.__dataclass_fields__)

SERIES = st.lists(
    st.lists(
        st.one_of(
            st.floats(-1e4, 1e4, allow_nan=False),
            st.sampled_from([0.0, 1.0, 5.0, float("nan"), 1e6]),
        ),
        min_size=14,
        max_size=40,
    ),
    min_size=1,
    max_size=5,
)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal to the last bit, NaN being equal to NaN."""
    return np.array_equal(one, other, equal_nan=True)


class TestNothingButThePast:
    @settings(max_examples=20)
    @given(series=SERIES, cut=st.integers(1, 39))
    def test_cutting_the_future_off_changes_no_number(self, series: list[list[float]], cut: int) -> None:
        whole = batch(series)
        cut = min(cut, len(whole.values))
        short = np.minimum(whole.lengths, cut)
        before = find(Batch(whole.values[:cut], whole.first_months, whole.floors[:cut], whole.anew[:cut], short))
        after = find(whole)
        for name in FIELDS:
            assert same(getattr(before, name), getattr(after, name)[:cut]), name

    @settings(max_examples=15)
    @given(series=SERIES)
    def test_the_other_series_change_no_number(self, series: list[list[float]]) -> None:
        together = find(batch(series))
        for place, numbers in enumerate(series):
            alone = find(batch([numbers]))
            for name in FIELDS:
                assert same(getattr(alone, name)[:, 0], getattr(together, name)[: len(numbers), place]), name

    def test_a_longer_neighbour_tells_nothing_about_months_without_a_value(self) -> None:
        """A series that stops early beside one that goes on: the months after its last value are judged the same."""
        stopped = [*noisy(16), float("nan"), float("nan"), float("nan")]
        together, alone = find(batch([stopped, noisy(40)])), find(batch([stopped]))
        assert same(alone.middle[:, 0], together.middle[:19, 0])
        assert not np.isnan(alone.middle[FIRST_JUDGED:, 0]).any()
        assert np.isnan(together.middle[19:, 0]).all()

    def test_the_order_of_many_series_changes_no_number(self) -> None:
        """More than are worked on at once."""
        series = [noisy(20 + seed % 9, seed=seed) for seed in range(LANES + 50)]
        forth, back = find(batch(series)), find(batch(series[::-1]))
        for name in FIELDS:
            assert same(getattr(forth, name), getattr(back, name)[:, ::-1]), name


class TestOrdinarySeries:
    def test_nothing_is_judged_in_the_first_year(self) -> None:
        judged = ~np.isnan(distances(noisy(30)))
        assert not judged[:FIRST_JUDGED].any()
        assert judged[FIRST_JUDGED:].all()

    @pytest.mark.parametrize("factor", [1e-6, 0.25, 1000.0])
    def test_the_unit_makes_no_difference(self, factor: float) -> None:
        """Dollars or thousands of them, seconds or hours."""
        numbers = noisy(48, growth=1.5)
        other = distances([factor * number for number in numbers])
        assert np.allclose(distances(numbers), other, rtol=1e-3, atol=1e-3, equal_nan=True)

    def test_few_months_of_steady_noise_are_far_out(self) -> None:
        far = [np.abs(distances(noisy(60, seed=seed))) > EDGE for seed in range(40)]
        assert 0.005 < float(np.mean([part[FIRST_JUDGED:] for part in far])) < 0.03

    def test_growth_is_no_exception(self) -> None:
        """One per cent of noise around a steady fifteen per cent a month."""
        random = np.random.default_rng(3)
        numbers = [1000 * 1.15**month * (1 + 0.01 * float(random.normal())) for month in range(40)]
        assert np.nanmax(np.abs(distances(numbers))[24:]) < 4

    def test_a_season_is_learnt_within_two_years(self) -> None:
        """Every December is three times a usual month."""
        random = np.random.default_rng(5)
        numbers = [(300 if month % 12 == 11 else 100) + float(random.normal()) for month in range(60)]
        far = distances(numbers)
        assert abs(far[23]) > EDGE
        assert np.abs(far[[47, 59]]).max() < EDGE
        numbers[59] = 100.0
        assert distances(numbers)[59] < -EDGE


class TestWhatHasHappened:
    def test_a_spike_does_not_widen_the_next_range_nor_flag_the_next_month(self) -> None:
        plain = noisy(40)
        spiked = [*plain[:30], plain[30] + 60, *plain[31:]]
        before, after = found(plain), found(spiked)
        assert after.distance[30, 0] > 10
        for month in (31, 32, 33):
            wider = (after.above[month, 0] + after.below[month, 0]) / (before.above[month, 0] + before.below[month, 0])
            assert wider < 1.15
            assert abs(after.distance[month, 0]) < EDGE

    def test_a_level_that_stays_is_flagged_once(self) -> None:
        numbers = noisy(50)
        shifted = [*numbers[:30], *(number + 40 for number in numbers[30:])]
        far = np.abs(distances(shifted)) > EDGE
        assert far[30]
        assert not far[31:].any()
        assert abs(found(shifted).middle[34, 0] - 140) < 6

    def test_several_months_a_little_high_are_far_out_together(self) -> None:
        """(2 + 1.5 + 1.6 + 1.7) / 2 times 0.85."""
        runs = Runs(1)
        for distance in (2.0, 1.5, 1.6):
            runs.learn(np.array([distance]), np.array([True]))
        together, length, rising = runs.together(np.array([1.7]))
        assert (round(float(together[0]), 6), float(length[0]), bool(rising[0])) == (2.89, 4.0, False)

    def test_a_month_on_the_other_side_ends_a_run(self) -> None:
        runs = Runs(1)
        for distance in (2.0, -0.1):
            runs.learn(np.array([distance]), np.array([True]))
        assert runs.together(np.array([-1.0]))[1] == 2.0

    def test_a_value_that_repeats_to_the_digit_is_a_surprise_the_third_time(self) -> None:
        numbers = [round(number, 2) for number in noisy(30)]
        stuck = found([*numbers, numbers[-1], numbers[-1]])
        assert stuck.repeat[30, 0] < EDGE < stuck.repeat[31, 0]
        assert stuck.repeats[31, 0] == 2

    def test_zeros_and_coarse_numbers_may_repeat(self) -> None:
        assert np.nanmax(found([float(month % 2) for month in range(20)] + [0.0] * 6).repeat) == 0
        random = np.random.default_rng(1)
        assert np.nanmax(found([float(random.integers(4, 7)) for _ in range(60)]).repeat) < EDGE

    def test_a_series_that_begins_to_move_is_soon_ordinary(self) -> None:
        """A year and a half of nothing, then a product that sells."""
        random = np.random.default_rng(2)
        far = np.abs(distances([0.0] * 18 + [1000 + 100 * float(random.normal()) for _ in range(30)]))
        assert far[18] > EDGE
        assert (far[22:] > EDGE).mean() < 0.1

    def test_a_gap_is_bridged(self) -> None:
        numbers = noisy(40)
        numbers[25] = numbers[26] = float("nan")
        far = distances(numbers)
        assert abs(far[27]) < EDGE

    def test_where_something_known_happened_the_level_begins_anew(self) -> None:
        numbers = noisy(40)
        raised = [*numbers[:30], *(number + 50 for number in numbers[30:])]
        known = batch([raised])
        known.anew[30, 0] = True
        result = find(known)
        assert np.isnan(result.distance[30, 0])
        assert abs(result.distance[31, 0]) < EDGE
        assert abs(result.middle[31, 0] - 150) < 10

    def test_an_event_in_a_month_without_a_value_waits_for_the_next(self) -> None:
        numbers = noisy(40)
        raised = [*numbers[:30], float("nan"), *(number + 50 for number in numbers[31:])]
        known = batch([raised])
        known.anew[30, 0] = True
        result = find(known)
        assert np.isnan(result.distance[30:32, 0]).all()
        assert abs(result.distance[32, 0]) < EDGE


class TestUnusualSeries:
    @pytest.mark.parametrize(
        "numbers",
        [
            [1.0, 2.0, 3.0],
            [float("nan")] * 20,
            [0.0] * 130,
            [-7.5] * 40,
            [1e140 * month for month in range(40)],
            [-1e9 - month for month in range(40)],
            [1e-12 * month for month in range(40)],
            [*([5.0] * 20), 1e12, *([5.0] * 20)],
            [*([0.01] * 20), -1e12, *([0.0] * 20), 3.0],
            [float("nan"), *([1.0, float("nan")] * 40)],
            [100 * 1.02**month for month in range(130)],
        ],
    )
    def test_every_number_is_finite_or_absent_and_nobody_warns(self, numbers: list[float]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = found(numbers)
        for name in FIELDS:
            assert not np.isinf(getattr(result, name)).any(), name

    def test_ten_years_are_judged_to_the_end(self) -> None:
        assert not np.isnan(distances(noisy(150))[-1])

    def test_no_series_at_all_is_no_error(self) -> None:
        nothing = np.zeros((5, 0))
        none = Batch(nothing, np.zeros(0), nothing, nothing.astype(bool), np.zeros(0, dtype=int))
        assert find(none).distance.shape == (5, 0)
