"""One metric over several products: order, index and what cannot be compared, with figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reviewtui.metrics.comparison import (
    LACKING_SECTION,
    TOGETHER_SECTION,
    ComparedRow,
    Order,
    comparable_metrics,
    compared_metrics,
    compared_products,
    indexed,
    ordered,
    sideways,
    why_not_indexed,
)
from reviewtui.metrics.sheet import (
    ALL_PRODUCTS,
    Cell,
    Layout,
    Metric,
    MetricSheet,
    Product,
    Redefinition,
    Status,
    Target,
    Unit,
)
from reviewtui.months import Month, month_span

MRR = Metric("mrr", "MRR", "revenue", Unit.MONEY)
USERS = Metric("users", "Users", "usage", Unit.COUNT)
CHURN = Metric("churn", "Churn", "revenue", Unit.PERCENT)
MONTHS = month_span(Month(2026, 6), Month(2026, 10))
PRODUCTS = (
    Product("replay", "Session replay", "growth"),
    Product("flags", "Feature flags", "mature"),
    Product("forms", "Forms", "beta"),
    Product(ALL_PRODUCTS, "All products"),
)


def cells(*values: float | None, last: Status = Status.PARTIAL) -> tuple[Cell, ...]:
    """One a month; None: no data; the last month is the open one."""
    known = [Cell(value, Status.MISSING if value is None else Status.OK) for value in values]
    known[-1] = known[-1]._replace(status=last) if known[-1].value is not None else known[-1]
    return tuple(known)


def sheet_of(**rows: tuple[Cell, ...]) -> MetricSheet:
    """MRR of the products named; `together` is all of them."""
    products = {"together": ALL_PRODUCTS}
    return MetricSheet(
        date(2026, 10, 12),
        MONTHS,
        PRODUCTS,
        (MRR, USERS, CHURN),
        {(products.get(name, name), "mrr"): row for name, row in rows.items()},
    )


SHEET = sheet_of(
    replay=cells(100, 110, 121, 150, 60),
    flags=cells(None, 200, 210, 190, 80),
    forms=cells(10, 20, 30, 300, 5),
    together=cells(110, 330, 361, 640, 145),
)


def names(sheet: MetricSheet, order: Order, *, by_stage: bool = False) -> list[str]:
    rows = ordered(sheet, compared_products(sheet, MRR), order, by_stage=by_stage)
    return [row.id for row in rows]


def values(sheet: MetricSheet, row_id: str) -> list[float | None]:
    rows = {row.id: row for row in indexed(sheet, compared_products(sheet, MRR)).rows}
    return [cell.value for cell in rows[row_id].cells]


def notes(sheet: MetricSheet, row_id: str) -> list[str]:
    rows = {row.id: row for row in indexed(sheet, compared_products(sheet, MRR)).rows}
    return [cell.note for cell in rows[row_id].cells]


class TestOrder:
    def test_the_largest_newest_complete_value_comes_first_and_the_total_after_all(self) -> None:
        # September: Forms 300, Feature flags 190, Session replay 150.
        assert names(SHEET, Order.VALUE) == ["forms", "flags", "replay", ALL_PRODUCTS]

    def test_who_changed_most_in_the_newest_complete_month_comes_first(self) -> None:
        # Forms +900 %, Session replay 150 / 121 = +24 %, Feature flags 190 / 210 = -9.5 %.
        assert names(SHEET, Order.GROWTH) == ["forms", "replay", "flags", ALL_PRODUCTS]

    def test_names_are_compared_without_case(self) -> None:
        sheet = replace(SHEET, products=(Product("replay", "a"), Product("flags", "B"), Product("forms", "c")))
        assert names(sheet, Order.NAME) == ["replay", "flags", "forms"]

    def test_stages_come_in_the_order_of_a_products_life(self) -> None:
        assert names(SHEET, Order.VALUE, by_stage=True) == ["forms", "replay", "flags", ALL_PRODUCTS]

    def test_products_without_a_number_to_sort_by_follow_by_name(self) -> None:
        sheet = sheet_of(replay=cells(1, 2, 3, None, None), flags=cells(1, 1, 1, 1, 1), forms=cells(1, 2, 3, None, 4))
        assert names(sheet, Order.VALUE) == ["flags", "forms", "replay", ALL_PRODUCTS]

    def test_a_quarterly_metric_is_sorted_by_its_newest_quarter(self) -> None:
        sheet = replace(
            sheet_of(replay=cells(1, None, None, None, None), flags=cells(5, None, None, None, None)),
            as_of=date(2026, 9, 3),
        )
        metric = MRR._replace(cadence="quarterly")
        rows = ordered(sheet, compared_products(sheet, metric), Order.VALUE)
        assert [row.id for row in rows][:2] == ["flags", "replay"]


class TestTheIndex:
    def test_the_first_month_that_all_have_is_100(self) -> None:
        assert indexed(SHEET, compared_products(SHEET, MRR)).base == Month(2026, 7)
        # 121 / 110 and 150 / 110; October is not over.
        assert values(SHEET, "replay") == [None, 100, pytest.approx(110), pytest.approx(136.363636), None]
        assert values(SHEET, "flags") == [None, 100, pytest.approx(105), pytest.approx(95), None]

    def test_the_total_is_indexed_to_the_same_month(self) -> None:
        assert values(SHEET, ALL_PRODUCTS) == [None, 100, pytest.approx(109.393939), pytest.approx(193.939394), None]

    def test_the_total_does_not_decide_about_the_month(self) -> None:
        sheet = sheet_of(
            replay=cells(1, 2, 3, 4, 5), flags=cells(1, 2, 3, 4, 5), forms=cells(1, 2, 3, 4, 5),
            together=cells(None, None, 3, 4, 5),
        )  # fmt: skip
        assert indexed(sheet, compared_products(sheet, MRR)).base == Month(2026, 6)
        assert notes(sheet, ALL_PRODUCTS)[2] == "there is no value in Jun 2026, where the index begins"

    def test_empty_months_say_why(self) -> None:
        assert notes(SHEET, "replay")[0] == "the index begins in Jul 2026"
        assert notes(SHEET, "replay")[4] == "the month is not over"

    @pytest.mark.parametrize(("base", "words"), [(0.0, "is zero"), (-3.0, "is below zero")])
    def test_a_base_of_zero_or_less_gives_no_index_and_says_so(self, base: float, words: str) -> None:
        sheet = sheet_of(replay=cells(*[base] * 4, 5), flags=cells(1, 2, 3, 4, 5), forms=cells(1, 1, 1, 1, 1))
        assert values(sheet, "replay") == [None] * 5
        assert notes(sheet, "replay")[1] == f"the value of Jun 2026 {words}: there is no index of it"
        assert values(sheet, "flags")[1] == pytest.approx(200)

    @pytest.mark.parametrize("first", [0.0, -3.0])
    def test_it_begins_where_all_are_above_zero_if_there_is_such_a_month(self, first: float) -> None:
        sheet = sheet_of(replay=cells(first, 2, 3, 4, 5), flags=cells(1, 2, 3, 4, 5))
        assert indexed(sheet, compared_products(sheet, MRR)).base == Month(2026, 7)
        assert values(sheet, "replay") == [None, 100, pytest.approx(150), pytest.approx(200), None]

    def test_products_without_the_metric_do_not_decide_about_the_month(self) -> None:
        sheet = sheet_of(replay=cells(50, 100, 1, 1, 1))
        assert values(sheet, "replay")[:2] == [100, 200]

    def test_without_a_common_month_there_is_no_index(self) -> None:
        sheet = sheet_of(replay=cells(1, 2, None, None, None), flags=cells(None, None, 3, 4, 5))
        assert indexed(sheet, compared_products(sheet, MRR)).base is None
        assert notes(sheet, "flags")[3] == "there is no month in which all of them have a value"

    def test_nothing_is_indexed_across_a_changed_definition(self) -> None:
        sheet = replace(SHEET, redefinitions=(Redefinition("replay", Month(2026, 9), ("mrr",)),))
        assert values(sheet, "replay") == [None, 100, pytest.approx(110), None, None]
        assert notes(sheet, "replay")[3] == "the definition changed after Jul 2026"

    @pytest.mark.parametrize("unit", [Unit.PERCENT, Unit.PERCENT_POINTS, Unit.SCORE])
    def test_rates_and_scores_are_not_indexed(self, unit: Unit) -> None:
        assert why_not_indexed(MRR._replace(unit=unit)).endswith("are not indexed: they compare as they are.")
        assert why_not_indexed(MRR) == ""

    def test_two_metrics_of_a_product_have_a_common_month_too(self) -> None:
        rows = {("replay", "mrr"): cells(1, 2, 4, 6, 8), ("replay", "users"): cells(None, 10, 5, 20, 1)}
        sheet = replace(SHEET, rows=rows)
        found = indexed(sheet, compared_metrics(sheet, PRODUCTS[0], (MRR, USERS)))
        assert found.base == Month(2026, 7)
        assert [[cell.value for cell in row.cells][1:4] for row in found.rows] == [[100, 200, 300], [100, 50, 200]]


class TestWhatCannotBeCompared:
    def lacking(self, sheet: MetricSheet, product: str) -> ComparedRow:
        return next(row for row in compared_products(sheet, MRR) if row.id == product)

    def test_a_product_without_the_metric_is_last_with_the_reason(self) -> None:
        sheet = sheet_of(forms=cells(1, 2, 3, 4, 5), together=cells(1, 2, 3, 4, 5))
        assert names(sheet, Order.VALUE) == ["forms", ALL_PRODUCTS, "flags", "replay"]
        assert self.lacking(sheet, "flags").reason == "there are no data for it"

    def test_a_product_that_never_had_a_value_says_what_its_newest_cell_says(self) -> None:
        empty = (Cell(None, Status.NA, note="no rate for EUR"),) * 5
        assert self.lacking(sheet_of(flags=empty), "flags").reason == "it has no value in any month: no rate for EUR"

    def test_a_product_that_counts_it_in_another_unit_is_not_compared(self) -> None:
        sheet = replace(SHEET, own_metrics={("flags", "mrr"): MRR._replace(unit="GB")})
        assert self.lacking(sheet, "flags").reason == "it is counted in GB here"

    def test_a_product_that_hides_it_is_not_compared(self) -> None:
        sheet = replace(SHEET, layouts={"flags": Layout(hidden=("mrr",))})
        assert self.lacking(sheet, "flags").reason == "it is hidden in the file of the product"

    def test_only_metrics_that_some_product_shows_can_be_compared(self) -> None:
        assert comparable_metrics(SHEET) == (MRR,)


class TestTheSheetFromTheSide:
    def test_rows_are_products_in_their_sections(self) -> None:
        sheet = sheet_of(replay=cells(1, 2, 3, 4, 5), forms=cells(1, 2, 3, 4, 5), together=cells(1, 2, 3, 4, 5))
        rows = ordered(sheet, compared_products(sheet, MRR), Order.NAME, by_stage=True)
        side = sideways(sheet, Product("mrr", "MRR"), rows, by_stage=True)
        assert [(metric.name, metric.section) for metric in side.metrics] == [
            ("Forms", "beta stage"),
            ("Session replay", "growth stage"),
            ("All products", TOGETHER_SECTION),
            ("Feature flags", LACKING_SECTION),
        ]

    def test_in_one_list_the_name_says_the_stage(self) -> None:
        side = sideways(SHEET, Product("mrr", "MRR"), compared_products(SHEET, MRR))
        assert side.metrics[0].name == "Session replay · growth"
        assert side.cell("mrr", "flags", Month(2026, 9)).value == 190

    def test_targets_and_changed_definitions_come_along_but_no_target_for_an_index(self) -> None:
        sheet = replace(
            SHEET,
            targets={("flags", "mrr"): Target(100.0, None)},
            redefinitions=(Redefinition("flags", Month(2026, 8)), Redefinition("forms", Month(2026, 8), ("users",))),
        )
        rows = compared_products(sheet, MRR)
        side = sideways(sheet, Product("mrr", "MRR"), rows)
        assert side.targets == {("mrr", "flags"): Target(100.0, None)}
        assert side.redefinitions == (Redefinition("mrr", Month(2026, 8), ("flags",)),)
        assert sideways(sheet, Product("mrr", "MRR"), indexed(sheet, rows).rows).targets == {}
