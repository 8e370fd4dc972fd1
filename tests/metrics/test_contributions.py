"""Contributions add up to the change to the last digit, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from reviewtui.metrics.contributions import (
    Amounts,
    Contribution,
    Part,
    Weights,
    add_up,
    change_between,
    effect,
    shared_out,
    weights,
)

numbers = st.floats(-1e15, 1e15, allow_nan=False, allow_infinity=False)
positive = st.floats(1e-3, 1e9)


def exact_sum(effects: list[Decimal]) -> Fraction:
    return sum((Fraction(item) for item in effects), Fraction(0))


@given(st.lists(st.tuples(st.text(max_size=5), numbers), max_size=12), numbers, numbers)
def test_rows_sum_to_the_change_exactly(parts: list[tuple[str, float]], before: float, now: float) -> None:
    made = [Part(Contribution(name), value) for name, value in parts]
    found = add_up("x", "X", made, (before, now), "Gap")
    assert exact_sum([row.effect for row in found.rows]) == Fraction(repr(now)) - Fraction(repr(before))
    assert found.change == change_between(before, now)


@given(positive, positive, positive, positive)
def test_numerator_and_denominator_share_the_change_of_a_quotient(
    above_before: float, above_now: float, below_before: float, below_now: float
) -> None:
    total = Amounts(above_before, above_now, below_before, below_now)
    weight = weights(total)
    assert weight is not None
    change = above_now / below_now - above_before / below_before
    scale = max(
        above_now / below_now, above_before / below_before, abs(effect(Amounts(above_before, above_now), weight))
    )
    assert isclose(effect(total, weight), change, rel_tol=1e-9, abs_tol=1e-9 * scale)


def test_the_weights_of_a_quotient_by_hand() -> None:
    # 10 of 100 become 30 of 200: the rate goes from 0.10 to 0.15.
    # Numerator: 20 x (1/100 + 1/200) / 2 = 0.15. Denominator: -(10 + 30) / 2 x 100 / (100 x 200) = -0.10.
    total = Amounts(10, 30, 100, 200)
    weight = weights(total)
    assert weight is not None
    assert isclose(effect(Amounts(10, 30), weight), 0.15)
    assert isclose(effect(Amounts(0, 0, 100, 200), weight), -0.10)


def test_a_level_weighs_one_and_a_quotient_without_a_denominator_has_no_weights() -> None:
    assert weights(Amounts(5, 7), 12.0) == Weights(12.0, 0.0)
    assert weights(Amounts(5, 7, 0, 3)) is None


def test_the_largest_comes_first_and_takes_what_rounding_leaves() -> None:
    made = [
        Part(Contribution("b"), 1 / 3),
        Part(Contribution("a"), -2.0),
        Part(Contribution("rest", is_rest=True), 9.0),
    ]
    found = add_up("x", "X", made, (0.0, 1 / 3 + 7.0), "Gap")
    assert [row.name for row in found.rows] == ["a", "b", "rest"]
    assert exact_sum([row.effect for row in found.rows]) == Fraction(repr(1 / 3 + 7.0))


def test_what_the_parts_do_not_have_is_a_row_of_its_own() -> None:
    found = add_up("x", "X", [Part(Contribution("a"), 5.0)], (0.0, 8.0), "Gap")
    assert [(row.name, row.effect, row.is_rest) for row in found.rows] == [
        ("a", Decimal(5), False), ("Gap", Decimal(3), True),
    ]  # fmt: skip


def test_no_change_has_no_rows() -> None:
    assert add_up("x", "X", [], (4.0, 4.0), "Gap").rows == ()


class TestSharingOut:
    def test_a_product_is_shared_between_its_factors(self) -> None:
        # 2 x 3 = 6 becomes 4 x 5 = 20. First factor alone +6 (at 3) or +10 (at 5): 8. Second: +4 or +8: 6.
        assert shared_out([2, 3], [4, 5], lambda mixed: mixed[0] * mixed[1]) == [8.0, 6.0]

    def test_a_mixture_without_a_value_is_not_shared(self) -> None:
        assert shared_out([0, 0], [1, 1], lambda mixed: mixed[0] / mixed[1] if mixed[1] else None) is None

    @given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=1, max_size=5))
    def test_shares_sum_to_the_change(self, pairs: list[tuple[float, float]]) -> None:
        def worth(mixed: object) -> float:
            values = list(mixed)  # type: ignore[call-overload]
            return float(sum(value * values[at - 1] for at, value in enumerate(values)))

        before, now = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        shares = shared_out(before, now, worth)
        assert shares is not None
        assert isclose(sum(shares), worth(now) - worth(before), rel_tol=1e-9, abs_tol=1e-6)
