"""Changes, means and distances from the target; every figure is worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reviewtui.metrics.derived import Values, derived_cell, derived_unit, misses_target
from reviewtui.metrics.formats import format_change, format_step
from reviewtui.metrics.series import Period, Series
from reviewtui.metrics.sheet import (
    MISSING_CELL,
    Cell,
    Direction,
    Metric,
    MetricSheet,
    Redefinition,
    Status,
    Target,
    Unit,
)
from reviewtui.months import Month, month_span

FIRST = Month(2025, 1)


def series(*cells: Cell | float, unit: str = Unit.MONEY, cadence: str = "monthly", aggregate: str = "sum") -> Series:
    """A metric with these cells from January 2025 on."""
    metric = Metric("m", "M", "revenue", unit, Direction.UP, cadence=cadence, aggregate=aggregate)
    row = tuple(cell if isinstance(cell, Cell) else Cell(cell, Status.OK) for cell in cells)
    months = month_span(FIRST, FIRST + (len(cells) - 1))
    return Series(MetricSheet(date(2027, 1, 1), months, (), (metric,), {}), "p", metric, row)


def at(one: Series, place: int, values: Values) -> Cell:
    return derived_cell(one, Period.of(FIRST + place), values)


def with_target(one: Series, low: float | None, high: float | None, direction: Direction = Direction.UP) -> Series:
    metric = one.metric._replace(direction=direction)
    return one._replace(metric=metric, sheet=replace(one.sheet, targets={("p", "m"): Target(low, high)}))


class TestAgainstAnEarlierMonth:
    def test_amounts_change_in_per_cent(self) -> None:
        cell = at(series(80.0, 100.0), 1, Values.MOM)
        assert (cell.value, cell.status, cell.note) == (0.25, Status.OK, "against Jan 2025")
        assert derived_unit(Unit.MONEY, Values.MOM) == Unit.PERCENT

    def test_rates_change_in_percent_points(self) -> None:
        assert at(series(0.04, 0.0325, unit=Unit.PERCENT), 1, Values.MOM).value == pytest.approx(-0.0075)
        assert derived_unit(Unit.PERCENT, Values.MOM) == Unit.PERCENT_POINTS

    def test_scores_change_in_points(self) -> None:
        assert at(series(31.0, 28.5, unit=Unit.SCORE), 1, Values.MOM).value == -2.5

    def test_from_below_zero_up_is_up(self) -> None:
        assert at(series(-10.0, -5.0), 1, Values.MOM).value == 0.5

    def test_a_year_is_twelve_months(self) -> None:
        cell = at(series(*[50.0] * 12, 75.0), 12, Values.YOY)
        assert (cell.value, cell.note) == (0.5, "against Jan 2025")

    def test_a_quarterly_metric_is_compared_with_the_quarter_before(self) -> None:
        gap = Cell(None, Status.NA)
        assert at(series(gap, gap, 1.0, gap, gap, 1.1, cadence="quarterly"), 5, Values.MOM).value == pytest.approx(0.1)

    @pytest.mark.parametrize("status", [Status.PARTIAL, Status.FORECAST])
    def test_nothing_for_or_against_a_month_that_is_not_over(self, status: Status) -> None:
        open_month = Cell(10.0, status)
        assert at(series(100.0, open_month), 1, Values.MOM).note == "Feb 2025 is not complete"
        assert at(series(open_month, 100.0), 1, Values.MOM).value is None

    @pytest.mark.parametrize("values", [Values.MOM, Values.YOY])
    def test_nothing_across_a_changed_definition(self, values: Values) -> None:
        one = series(*[50.0] * 12, 75.0)
        changed = one._replace(sheet=replace(one.sheet, redefinitions=(Redefinition("p", Month(2026, 1), ("m",)),)))
        cell = at(changed, 12, values)
        assert (cell.value, cell.status) == (None, Status.NA)
        assert "definition changed" in cell.note

    def test_without_a_base_it_says_why(self) -> None:
        assert at(series(0.0, 5.0), 1, Values.MOM).note == "there is no per cent of zero"
        assert "one side of zero" in at(series(-5.0, 5.0), 1, Values.MOM).note
        assert at(series(5.0), 0, Values.MOM).note == "Dec 2024 has no value to compare with"
        assert at(series(MISSING_CELL, 5.0), 1, Values.MOM).note == "Jan 2025 has no value to compare with"

    def test_a_month_without_data_stays_without_data(self) -> None:
        assert at(series(5.0, MISSING_CELL), 1, Values.MOM).status is Status.MISSING

    @pytest.mark.parametrize("status", [Status.LOW_N, Status.IMMATURE, Status.RESTATED])
    def test_doubt_about_one_value_is_doubt_about_the_change(self, status: Status) -> None:
        assert at(series(Cell(5.0, status), 6.0), 1, Values.MOM).status is status
        assert at(series(5.0, Cell(6.0, status)), 1, Values.MOM).status is status

    def test_the_first_month_of_all_has_none_before_it(self) -> None:
        metric = Metric("m", "M", "revenue", Unit.COUNT)
        sheet = MetricSheet(date(2027, 1, 1), (Month(1, 1),), (), (metric,), {})
        one = Series(sheet, "p", metric, (Cell(1.0, Status.OK),))
        assert derived_cell(one, Period.of(Month(1, 1)), Values.YOY).value is None


class TestQuarters:
    def test_a_quarter_is_compared_with_the_quarter_before_and_with_a_year_before(self) -> None:
        flows = series(1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 3.0, 3.0)
        second = Period(Month(2025, 4), Month(2025, 6))
        assert derived_cell(flows, second, Values.MOM).value == 1.0  # 12 after 6
        assert derived_cell(flows, Period(Month(2026, 1), Month(2026, 3)), Values.YOY).value == 0.5  # 9 after 6

    def test_a_monthly_target_says_nothing_of_a_sum(self) -> None:
        one = with_target(series(1.0, 2.0, 3.0), 2.0, None)
        cell = derived_cell(one, Period(Month(2025, 1), Month(2025, 3)), Values.TARGET)
        assert cell.note == "the target is for a month, not for a quarter"


class TestMean:
    def test_it_is_over_three_months(self) -> None:
        cell = at(series(1.0, 2.0, 6.0), 2, Values.MEAN)
        assert (cell.value, cell.note) == (3.0, "the mean of Jan 25 to Mar 25")

    @pytest.mark.parametrize("gap", [MISSING_CELL, Cell(None, Status.NA), Cell(2.0, Status.PARTIAL)])
    def test_it_needs_all_three(self, gap: Cell) -> None:
        assert at(series(1.0, gap, 6.0), 2, Values.MEAN).value is None
        assert at(series(1.0, 6.0), 1, Values.MEAN).value is None

    def test_huge_values_have_a_mean(self) -> None:
        assert at(series(*[1.7e308] * 3), 2, Values.MEAN).value == pytest.approx(1.7e308)

    def test_not_across_a_changed_definition(self) -> None:
        one = series(1.0, 2.0, 6.0)
        changed = one._replace(sheet=replace(one.sheet, redefinitions=(Redefinition("p", Month(2025, 3)),)))
        assert at(changed, 2, Values.MEAN).value is None


class TestTarget:
    @pytest.mark.parametrize(
        ("value", "low", "high", "gap"),
        [
            (90.0, 100.0, None, -0.1), (125.0, 100.0, None, 0.25), (90.0, None, 100.0, -0.1),
            (110.0, 100.0, 120.0, 0.0), (90.0, 100.0, 120.0, -0.1), (150.0, 100.0, 120.0, 0.25),
        ],
    )  # fmt: skip
    def test_the_gap_is_measured_from_the_nearest_end(
        self, value: float, low: float | None, high: float | None, gap: float
    ) -> None:
        assert at(with_target(series(value), low, high), 0, Values.TARGET).value == pytest.approx(gap)

    def test_rates_miss_by_percent_points(self) -> None:
        one = with_target(series(0.12, unit=Unit.PERCENT), 0.15, 0.20)
        assert at(one, 0, Values.TARGET).value == pytest.approx(-0.03)

    def test_without_a_target_it_says_so(self) -> None:
        assert at(series(1.0), 0, Values.TARGET).note == "there is no target for this metric"

    @pytest.mark.parametrize(
        ("value", "low", "high", "direction", "missed"),
        [
            (9.0, 10.0, None, Direction.UP, True),
            (11.0, 10.0, None, Direction.UP, False),
            (11.0, None, 10.0, Direction.DOWN, True),
            (9.0, None, 10.0, Direction.DOWN, False),
            (25.0, 15.0, 20.0, Direction.UP, False),
            (10.0, 15.0, 20.0, Direction.DOWN, False),
            (25.0, 15.0, 20.0, Direction.NEUTRAL, True),
            (10.0, 15.0, 20.0, Direction.UP, True),
        ],
    )
    def test_beyond_a_band_on_the_good_side_is_no_miss(
        self, value: float, low: float | None, high: float | None, direction: Direction, missed: bool
    ) -> None:
        metric = Metric("m", "M", "revenue", Unit.COUNT, direction)
        assert misses_target(value, Target(low, high), metric) is missed


def test_a_step_is_written_as_a_change_is() -> None:
    assert format_step(0.25, Unit.PERCENT) == format_change(125.0, 100.0, Unit.MONEY) == "+25.0%"
    assert format_step(-0.0075, Unit.PERCENT_POINTS) == "−0.8pp"
    assert format_step(None, Unit.PERCENT) == ""
