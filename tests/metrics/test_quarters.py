"""Quarters put together from months; every figure is worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.quarters import NO_PARTS, NO_QUOTIENT, NOT_ADDITIVE, NOT_KNOWN, REDEFINED, period_cell
from reviewtui.metrics.series import Period, Series, period_label, periods_of
from reviewtui.metrics.sheet import (
    MISSING_CELL,
    Aggregate,
    Cell,
    Metric,
    MetricSheet,
    Redefinition,
    Status,
    Unit,
)
from reviewtui.months import Month, month_span

Q1 = Period(Month(2026, 1), Month(2026, 3))


def series(aggregate: str, *cells: Cell, unit: str = Unit.COUNT, cadence: str = "monthly") -> Series:
    """A metric with these cells from January 2026 on."""
    months = month_span(Month(2026, 1), Month(2026, 1) + (len(cells) - 1))
    metric = Metric("m", "M", "usage", unit, denominator="opening users", aggregate=aggregate, cadence=cadence)
    return Series(MetricSheet(date(2026, 11, 10), months, (), (metric,), {}), "p", metric, cells)


def value(amount: float) -> Cell:
    return Cell(amount, Status.OK)


def quotient(above: float, below: float, status: Status = Status.OK) -> Cell:
    return Cell(above / below, status, below, above, below)


def na(why: str) -> Cell:
    return Cell(None, Status.NA, note=why)


def test_flows_add_up() -> None:
    cell = period_cell(series("sum", value(10), value(0), value(-2.5)), Q1)
    assert (cell.value, cell.status) == (7.5, Status.OK)


def test_a_stock_is_what_it_was_at_the_end() -> None:
    assert period_cell(series("last", value(10), value(30), value(20)), Q1).value == 20


def test_a_quarterly_metric_shows_its_closing_month_whatever_it_is() -> None:
    assert period_cell(series("", na(""), na(""), value(0.9), cadence="quarterly"), Q1).value == 0.9


def test_a_rate_is_computed_again_from_what_it_is_made_of() -> None:
    # 9 of 10, 40 of 80 and 1 of 10 in time: 50 of 100, where the mean of the rates would be 50 % too but the last 10 %.
    cell = period_cell(series("ratio", quotient(9, 10), quotient(40, 80), quotient(1, 10), unit=Unit.PERCENT), Q1)
    assert (cell.value, cell.numerator, cell.denominator, cell.n) == (0.5, 50, 100, 100)


def test_a_score_counts_in_hundredths() -> None:
    months = [Cell(100 * above / below, Status.OK, below, above, below) for above, below in ((4, 10), (0, 5), (6, 10))]
    assert period_cell(series("ratio", *months, unit=Unit.SCORE), Q1).value == pytest.approx(40.0)
    plain = [quotient(1, 2), quotient(3, 2), quotient(5, 2)]
    assert period_cell(series("ratio", *plain, unit=Unit.SCORE), Q1).value == 1.5


@pytest.mark.parametrize("aggregate", ["ratio", "opening"])
def test_a_value_that_is_more_than_its_quotient_makes_no_quarter(aggregate: str) -> None:
    assert period_cell(series(aggregate, *[Cell(7.0, Status.OK, 2, 1, 2)] * 3), Q1).note == NO_QUOTIENT


def test_few_answers_a_month_may_be_enough_in_a_quarter() -> None:
    few = [quotient(3, 6, Status.LOW_N)] * 3
    assert period_cell(series("ratio", *few), Q1).status is Status.OK
    fewer = [quotient(1, 3, Status.LOW_N)] * 3
    assert period_cell(series("ratio", *fewer), Q1).status is Status.LOW_N


def test_a_month_in_which_nothing_was_due_adds_nothing_to_a_rate() -> None:
    nothing_due = Cell(None, Status.NA, 0, 0, 0, note="met and breached is 0")
    cell = period_cell(series("ratio", quotient(1, 2), nothing_due, quotient(2, 2)), Q1)
    assert (cell.value, cell.status) == (0.75, Status.OK)


def test_a_share_of_the_opening_stock_is_measured_against_the_first_month() -> None:
    # 5, 6 and 4 left; 100 at the start of January, 110 of February, 120 of March: 15 of 100.
    cell = period_cell(series("opening", quotient(5, 100), quotient(6, 110), quotient(4, 120), unit=Unit.PERCENT), Q1)
    assert (cell.value, cell.numerator, cell.denominator) == (0.15, 15, 100)


def test_growth_of_a_quarter_is_closing_over_opening() -> None:
    # 100 to 110 to 99 to 132: up 10, down 11, up 33.
    cells = [quotient(10, 100), quotient(-11, 110), quotient(33, 99)]
    assert period_cell(series("opening", *cells), Q1).value == pytest.approx(132 / 100 - 1)


def test_the_growth_of_a_quarter_needs_all_of_its_months() -> None:
    cell = period_cell(series("opening", na("no opening MRR yet"), quotient(1, 10), quotient(1, 10)), Q1)
    assert cell.value is None
    assert cell.note == "Jan 2026 has no value, and all of its months are needed"


@pytest.mark.parametrize(("aggregate", "why"), [("none", NOT_ADDITIVE), ("", NOT_KNOWN), ("typo", NOT_KNOWN)])
def test_what_cannot_be_put_together_says_why(aggregate: str, why: str) -> None:
    cell = period_cell(series(aggregate, *[quotient(1, 2)] * 3), Q1)
    assert (cell.value, cell.status, cell.note) == (None, Status.NA, why)


@pytest.mark.parametrize("aggregate", ["ratio", "opening"])
def test_values_without_their_parts_make_no_rate(aggregate: str) -> None:
    assert period_cell(series(aggregate, value(0.5), value(0.5), value(0.5)), Q1).note == NO_PARTS
    assert period_cell(series(aggregate, value(0.5), quotient(1, 2), quotient(1, 2)), Q1).value is None


def test_a_quarter_that_lacks_a_month_is_marked() -> None:
    cell = period_cell(series("sum", MISSING_CELL, value(3), value(4)), Q1)
    assert (cell.value, cell.status) == (7, Status.PARTIAL)
    assert "without Jan 26" in cell.note


def test_a_quarter_without_any_data_is_missing() -> None:
    assert period_cell(series("sum", *[MISSING_CELL] * 3), Q1) == MISSING_CELL


def test_a_quarter_without_values_says_what_its_months_say() -> None:
    cell = period_cell(series("sum", na("no exchange rate for EUR"), *[na("no exchange rate for SEK")] * 2), Q1)
    assert (cell.value, cell.note) == (None, "no exchange rate for SEK")


@pytest.mark.parametrize("status", [Status.IMMATURE, Status.RESTATED])
def test_doubt_about_a_month_is_doubt_about_the_quarter(status: Status) -> None:
    cells = (value(1), Cell(1, status), value(1))
    assert period_cell(series("sum", *cells), Q1).status is status


def test_nothing_is_added_across_a_changed_definition() -> None:
    one = series("sum", value(1), value(1), value(1))
    changed = replace(one.sheet, redefinitions=(Redefinition("p", Month(2026, 2)),))
    assert period_cell(one._replace(sheet=changed), Q1).note == REDEFINED
    at_its_start = replace(one.sheet, redefinitions=(Redefinition("p", Month(2026, 1)),))
    assert period_cell(one._replace(sheet=at_its_start), Q1).value == 3


def test_movements_still_explain_the_change_of_mrr() -> None:
    """Opening 100, then +20 -5, +10 -0, +0 -25: the quarter closes at 100 again."""
    new = period_cell(series("sum", value(20), value(10), value(0)), Q1).value
    churned = period_cell(series("sum", value(5), value(0), value(25)), Q1).value
    closing = period_cell(series("last", value(115), value(125), value(100)), Q1).value
    assert new is not None
    assert churned is not None
    assert 100 + new - churned == closing


class TestColumns:
    def columns(self, as_of: date, first: Month, fiscal_year_start: int = 1) -> list[str]:
        sheet = MetricSheet(as_of, month_span(first, Month.of(as_of)), (), (), {}, fiscal_year_start=fiscal_year_start)
        return [period_label(period, fiscal_year_start) for period in periods_of(sheet, quarters=True)]

    def test_closed_quarters_are_folded_and_the_open_one_shows_its_months(self) -> None:
        assert self.columns(date(2026, 11, 10), Month(2026, 1)) == ["Q1 26", "Q2 26", "Q3 26", "Oct 26", "Nov 26"]

    def test_a_quarter_is_closed_once_its_last_day_is_over(self) -> None:
        assert self.columns(date(2026, 9, 30), Month(2026, 4)) == ["Q2 26", "Jul 26", "Aug 26", "Sep 26"]
        assert self.columns(date(2026, 10, 1), Month(2026, 4)) == ["Q2 26", "Q3 26", "Oct 26"]

    def test_a_quarter_may_begin_before_the_data(self) -> None:
        assert self.columns(date(2026, 7, 10), Month(2026, 3)) == ["Q1 26", "Q2 26", "Jul 26"]

    def test_quarters_follow_the_fiscal_calendar(self) -> None:
        # The fiscal year begins in February: Feb to Apr is the first quarter of the year that ends in January 2027.
        assert self.columns(date(2026, 11, 10), Month(2026, 1), 2) == ["Q4 26", "Q1 27", "Q2 27", "Q3 27", "Nov 26"]

    def test_without_quarters_there_is_a_column_a_month(self) -> None:
        sheet = MetricSheet(date(2026, 3, 3), month_span(Month(2026, 1), Month(2026, 3)), (), (), {})
        assert periods_of(sheet) == tuple(Period.of(month) for month in sheet.months)


def test_every_metric_of_the_catalogue_says_how_its_months_make_a_quarter() -> None:
    for metric in load_catalogue():
        aggregate = Aggregate(metric.aggregate)
        if aggregate in (Aggregate.RATIO, Aggregate.OPENING):
            assert metric.parts, metric.id
