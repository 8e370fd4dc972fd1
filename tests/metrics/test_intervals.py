"""The Wilson interval, against values worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.intervals import PROPORTIONS, wilson_interval

# z = 1.96, z^2 = 3.8416: for none of n the upper end is z^2 / (n + z^2), for half of 10 the centre is one half and the
# half-width 1.96 sqrt(0.025 + 3.8416/400) / 1.38416.
VECTORS = {
    (0, 10): (0.0, 0.27754),
    (10, 10): (0.72246, 1.0),
    (5, 10): (0.23659, 0.76341),
    (1, 1): (0.20655, 1.0),
    (50, 100): (0.40383, 0.59617),
    (3, 193): (0.00530, 0.04470),
}


@pytest.mark.parametrize("counts", VECTORS)
def test_the_interval_of_a_share(counts: tuple[int, int]) -> None:
    assert wilson_interval(*counts) == pytest.approx(VECTORS[counts], abs=1e-5)


@pytest.mark.parametrize("counts", [(0, 0), (1, -1), (-1, 10), (11, 10)])
def test_what_is_no_share_of_cases_has_none(counts: tuple[int, int]) -> None:
    assert wilson_interval(*counts) is None


@given(st.integers(1, 10**9).flatmap(lambda cases: st.tuples(st.integers(0, cases), st.just(cases))))
def test_it_holds_the_share_and_stays_within_none_and_all(counts: tuple[int, int]) -> None:
    interval = wilson_interval(*counts)
    assert interval is not None
    low, high = interval
    assert 0 <= low <= counts[0] / counts[1] + 1e-12
    assert counts[0] / counts[1] - 1e-12 <= high <= 1


def test_it_is_computed_for_shares_of_counted_cases_only() -> None:
    catalogue = {metric.id: metric for metric in load_catalogue()}
    assert all(catalogue[metric].unit == "percent" and catalogue[metric].parts for metric in PROPORTIONS)
    assert not any("mrr" in part for metric in PROPORTIONS for part in catalogue[metric].parts)
