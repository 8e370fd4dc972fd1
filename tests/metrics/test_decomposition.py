"""What other cells of the sheet tell about a change, on sheets whose numbers are made by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.changes import change_of, needs_rows
from reviewtui.metrics.contributions import Amounts
from reviewtui.metrics.decomposition import from_cells
from reviewtui.metrics.drivers import Group, Split
from reviewtui.metrics.sheet import Cell, CellSource, Metric, MetricSheet, Product, Redefinition, Status
from reviewtui.metrics.split_breakdown import from_split
from reviewtui.months import Month, month_span

if TYPE_CHECKING:
    from reviewtui.metrics.contributions import Breakdown

JULY, SEPTEMBER, OCTOBER = Month(2026, 7), Month(2026, 9), Month(2026, 10)
FLOWS = ("new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "fx_effect")


def money(metric_id: str, **facts: object) -> Metric:
    return Metric(metric_id, metric_id.upper(), "revenue", "money", **facts)  # type: ignore[arg-type]


def made(metrics: list[Metric], values: dict[str, list[Cell | float | None]], product: str = "p") -> MetricSheet:
    """A sheet of July to October; a plain number is an ordinary cell."""
    rows = {
        (product, name): tuple(
            item if isinstance(item, Cell) else Cell(item, Status.OK if item is not None else Status.NA) for item in row
        )
        for name, row in values.items()
    }
    products = (Product("p", "P"), Product("q", "Q"), Product("*", "All"))
    return MetricSheet(date(2026, 11, 10), month_span(JULY, OCTOBER), products, tuple(metrics), rows)


def broken(sheet: MetricSheet, metric: Metric, month: Month = OCTOBER, product: str = "p") -> dict[str, Breakdown]:
    """Every breakdown by its id; each adds up exactly."""
    found = from_cells(sheet, change_of(sheet, product, metric, month))
    for item in found:
        assert sum((Fraction(row.effect) for row in item.rows), Fraction(0)) == Fraction(item.change)
    return {item.id: item for item in found}


def effects(breakdown: Breakdown) -> dict[str, object]:
    return {row.name: pytest.approx(float(row.effect)) for row in breakdown.rows}


def quotient(value: float, above: float, below: float) -> Cell:
    return Cell(value, Status.OK, below, above, below)


def test_mrr_is_explained_by_what_came_and_went() -> None:
    mrr = money("mrr")
    flows: dict[str, list[Cell | float | None]] = {name: [0.0, 0.0, 0.0, 0.0] for name in FLOWS}
    flows |= {"new_mrr": [0, 0, 0, 120.0], "churned_mrr": [0, 0, 0, 30.0], "fx_effect": [0, 0, 0, -2.5]}
    sheet = made([mrr, *(money(name) for name in FLOWS)], {"mrr": [900, 950, 1000.0, 1087.5], **flows})
    found = broken(sheet, mrr)["flows"]
    assert effects(found) == {
        "NEW_MRR": 120, "CHURNED_MRR": -30, "FX_EFFECT": -2.5, "CONTRACTION_MRR": 0, "EXPANSION_MRR": 0,
        "REACTIVATION_MRR": 0,
    }  # fmt: skip
    assert [row.metric for row in found.rows][:2] == ["new_mrr", "churned_mrr"]


def test_flows_that_do_not_make_the_change_are_not_shown() -> None:
    mrr = money("mrr")
    flows: dict[str, list[Cell | float | None]] = {name: [0.0, 0.0, 0.0, 0.0] for name in FLOWS}
    sheet = made([mrr, *(money(name) for name in FLOWS)], {"mrr": [900, 950, 1000.0, 1100.0], **flows})
    assert broken(sheet, mrr) == {}


def test_a_rate_is_explained_by_numerator_and_denominator() -> None:
    churn = Metric("churn_rate", "Churn", "revenue", "percent", parts=("churned_mrr", "opening_mrr"),
                   numerator="churned MRR", denominator="opening MRR")  # fmt: skip
    row: list[Cell | float | None] = [None, None, quotient(0.10, 10, 100), quotient(0.15, 30, 200)]
    sheet = made([churn, money("churned_mrr")], {"churn_rate": row, "churned_mrr": [0, 0, 10.0, 30.0]})
    found = broken(sheet, churn)["parts"]
    assert effects(found) == {"CHURNED_MRR": 0.15, "Opening MRR": -0.10}
    assert [(item.before, item.now) for item in found.rows] == [(10, 30), (100, 200)]


def test_a_numerator_that_is_a_sum_is_explained_by_its_terms() -> None:
    nrr = Metric("nrr", "NRR", "revenue", "percent", parts=("kept_mrr", "opening_mrr"), denominator="opening MRR")
    row: list[Cell | float | None] = [None, None, quotient(1.05, 105, 100), quotient(0.90, 90, 100)]
    sheet = made(
        [nrr, *(money(name) for name in ("expansion_mrr", "contraction_mrr", "churned_mrr"))],
        {"nrr": row, "expansion_mrr": [0, 0, 10.0, 5.0], "contraction_mrr": [0, 0, 5.0, 5.0],
         "churned_mrr": [0, 0, 0.0, 10.0]},
    )  # fmt: skip
    assert effects(broken(sheet, nrr)["parts"]) == {
        "CHURNED_MRR": -0.10, "EXPANSION_MRR": -0.05, "CONTRACTION_MRR": 0, "Opening MRR": 0,
    }  # fmt: skip


def test_a_score_in_hundreds_keeps_its_factor() -> None:
    nps = Metric(
        "nps", "NPS", "nps", "score", parts=("net_promoters", "nps_responses"), numerator="net", denominator="n"
    )
    row: list[Cell | float | None] = [None, None, quotient(50.0, 5, 10), quotient(20.0, 2, 10)]
    assert effects(broken(made([nps], {"nps": row}), nps)["parts"]) == {"Net": -30, "N": 0}


def test_a_mean_over_three_months_is_explained_by_the_month_that_came_and_the_one_that_went() -> None:
    mean = Metric("mrr_growth_3m", "Mean", "revenue", "percent")
    growth = Metric("mrr_growth", "Growth", "revenue", "percent")
    sheet = made([mean, growth], {"mrr_growth": [0.01, 0.02, 0.03, 0.07], "mrr_growth_3m": [None, None, 0.02, 0.04]})
    assert effects(broken(sheet, mean)["window"]) == {"Oct 2026 came in": 0.07 / 3, "Jul 2026 went out": -0.01 / 3}


def test_all_products_together_are_explained_by_product_and_by_what_overlaps() -> None:
    users = Metric("unique_users", "Users", "usage", "count")
    sheet = made([users], {"unique_users": [0, 0, 10.0, 14.0]})
    sheet = sheet.with_rows({
        ("q", "unique_users"): tuple(Cell(value, Status.OK) for value in (0.0, 0.0, 5.0, 9.0)),
        ("*", "unique_users"): tuple(Cell(value, Status.OK) for value in (0.0, 0.0, 12.0, 18.0)),
    })  # fmt: skip
    found = broken(sheet, users, product="*")["product"]
    assert effects(found) == {"P": 4, "Q": 4, "Counted in several products": -2}


class TestFormulas:
    def sheet(self, formula: str) -> tuple[MetricSheet, Metric]:
        own = Metric("own", "Own", "mine", "ratio", formula=formula)
        cells: list[Cell | float | None] = [None, None]
        cells += [Cell(value, Status.OK, source=CellSource.CUSTOM) for value in (6.0, 20.0)]
        return made([own, money("a"), money("b")], {"own": cells, "a": [0, 0, 2.0, 4.0], "b": [0, 0, 3.0, 5.0]}), own

    def test_a_formula_is_explained_by_its_operands(self) -> None:
        sheet, own = self.sheet("a * b")
        assert effects(broken(sheet, own)["operands"]) == {"A": 8, "B": 6}
        assert "operands are what moved it" in needs_rows(change_of(sheet, "p", own, OCTOBER))

    def test_sql_of_ones_own_says_that_it_cannot_be_split(self) -> None:
        for formula in ("", "the SQL in metrics/own.toml"):
            sheet, own = self.sheet(formula)
            assert broken(sheet, own) == {}
            assert needs_rows(change_of(sheet, "p", own, OCTOBER)).startswith("SQL of your own computes this metric")

    def test_names_that_are_not_there_are_survived(self) -> None:
        sheet, own = self.sheet("a * `[/oops]`")
        assert broken(sheet, own) == {}


class TestWhyThereIsNothing:
    def test_a_month_without_a_value(self) -> None:
        mrr = money("mrr")
        sheet = made([mrr], {"mrr": [None, 1.0, None, 2.0]})
        assert change_of(sheet, "p", mrr, OCTOBER).reason == "There is no value in Sep 2026 to compare with."
        assert "no value in Sep 2026" in change_of(sheet, "p", mrr, SEPTEMBER).reason

    def test_another_definition(self) -> None:
        mrr = money("mrr")
        sheet = made([mrr], {"mrr": [1.0, 1.0, 1.0, 2.0]})
        sheet = MetricSheet(
            sheet.as_of, sheet.months, sheet.products, sheet.metrics, sheet.rows,
            redefinitions=(Redefinition("p", OCTOBER),),
        )  # fmt: skip
        assert "means something else since Oct 2026" in change_of(sheet, "p", mrr, OCTOBER).reason
        assert broken(sheet, mrr) == {}

    def test_an_imported_value(self) -> None:
        mrr = money("mrr")
        sheet = made([mrr], {"mrr": [1.0, 1.0, Cell(1.0, Status.OK, source=CellSource.IMPORTED), 2.0]})
        assert needs_rows(change_of(sheet, "p", mrr, OCTOBER)).startswith("The value is imported")

    def test_a_quarterly_metric_is_compared_with_the_quarter_before(self) -> None:
        nrr = Metric("quarterly_nrr", "NRR", "revenue", "percent", cadence="quarterly")
        sheet = made([nrr], {"quarterly_nrr": [1.02, None, None, 1.05]})
        change = change_of(sheet, "p", nrr, OCTOBER)
        assert (change.before, change.values, change.reason) == (JULY, (1.02, 1.05), "")


def test_groups_that_were_read_are_weighed_and_what_the_number_has_besides_is_said() -> None:
    mrr = money("mrr")
    sheet = made([mrr], {"mrr": [1.0, 1.0, 100.0, 130.0]})
    groups = (Group("a", "Acme", "new", Amounts(0, 20)), Group("b", "Beta", "", Amounts(50, 45), 0, 5, 2))
    split = Split(
        "customer", "By customer", groups, Amounts(100, 125), Group(None, "", "", Amounts(50, 60), items=7), True
    )
    found = from_split(split, change_of(sheet, "p", mrr, OCTOBER))
    assert found is not None
    assert [(row.name, row.detail, float(row.effect)) for row in found.rows] == [
        ("Acme", "new", 20.0), ("Beta", "+0 −5", -5.0), ("Everything else: 7 more", "", 10.0),
        ("Not found in the rows", "", 5.0),
    ]  # fmt: skip
