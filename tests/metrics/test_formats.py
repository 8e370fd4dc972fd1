"""Values are written as in a finance sheet."""

from __future__ import annotations

import math

import pytest

from reviewtui.metrics.formats import compact, exact, format_change, format_value
from reviewtui.metrics.sheet import Unit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (7.25, "7.2"),
        (99.96, "100"),
        (943, "943"),
        (999.4, "999"),
        (999.6, "1.00k"),
        (1000, "1.00k"),
        (1234, "1.23k"),
        (12_345, "12.3k"),
        (999_960, "1.00M"),
        (1_250_000, "1.25M"),
        (2.5e9, "2.50B"),
        (-1234, "−1.23k"),
        (-0.04, "−0.04"),
        (0.0333, "0.0333"),
        (1e-9, "1e-09"),
    ],
)
def test_compact_numbers_fit_seven_characters(value: float, text: str) -> None:
    assert compact(value) == text
    assert len(compact(value)) <= 7


@pytest.mark.parametrize("power", range(-3, 18))
@pytest.mark.parametrize("mantissa", [1, 2.5, 9.994, 9.995, 9.9999])
def test_no_size_breaks_the_column(power: int, mantissa: float) -> None:
    for sign in (1, -1):
        assert len(compact(sign * mantissa * 10**power)) <= 8


def test_exact_numbers_have_thousands_separators() -> None:
    assert exact(1234567.5) == "1,234,567.50"
    assert exact(-1200) == "−1,200"


def test_each_unit_is_written_its_own_way() -> None:
    assert format_value(0.0331, Unit.PERCENT) == "3.3 %"
    assert format_value(-0.0331, Unit.PERCENT, full=True) == "−3.31 %"
    assert format_value(0.0012, Unit.PERCENT_POINTS) == "0.1 pp"
    assert format_value(38.888, Unit.SCORE) == "38.9"
    assert format_value(0.0123, Unit.RATIO) == "0.0123"
    assert format_value(3.5, Unit.RATIO) == "3.50"
    assert format_value(2.25, Unit.DAYS) == "2.2 d"
    assert format_value(12.5, "GB", full=True) == "12.50 GB"


def test_no_value_is_never_a_number() -> None:
    assert format_value(None, Unit.MONEY) == ""
    assert format_value(math.nan, Unit.MONEY) == "n/a"
    assert format_value(math.inf, Unit.COUNT) == "n/a"


def test_changes_keep_per_cent_and_percent_points_apart() -> None:
    assert format_change(110, 100, Unit.MONEY) == "+10.0%"
    assert format_change(90, 100, Unit.COUNT) == "−10.0%"
    assert format_change(0.033, 0.011, Unit.PERCENT) == "+2.2pp"
    assert format_change(20, 35.5, Unit.SCORE) == "−15.5"


def test_a_change_from_nothing_is_not_written() -> None:
    assert format_change(10, 0, Unit.MONEY) == ""
    assert format_change(None, 5, Unit.MONEY) == ""
    assert format_change(1e9, 1, Unit.MONEY) == ">999%"
