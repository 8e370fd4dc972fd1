"""What a cell is worth: a number, a true zero, nothing that could be computed, or nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.sheet import Cell, CellSource, Status
from reviewtui.months import Month
from reviewtui.workspace.model import KnownEvent, ProductConfig
from tests.metrics.worksheets import Company, messages, statuses, value, values

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet
    from tests.metrics.worksheets import Rows

IMPORT = "product_id, month, metric, value, n, source, imported_at"
FEBRUARY_TO_JUNE = ("2025-02", "2025-03", "2025-04", "2025-05", "2025-06")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    products = (
        ProductConfig("replay", "replay", name="Zebra replay", stage="growth"),
        ProductConfig("idle", "idle", name="Idle", stage="idea"),
    )
    events = (
        KnownEvent("e1", "replay", Month(2025, 5), "definition", ("unique_users",)),
        KnownEvent("e2", "flags", Month(2025, 5), "definition"),
        KnownEvent("e3", "replay", Month(2025, 5), "price"),
    )
    company = Company(tmp_path_factory.mktemp("statuses"), products=products, events=events)
    for product in ("replay", "flags"):
        company.bill("a", ("2025-01-12", "2025-02-12", 10.0), product=product)
        company.bill("a", ("2025-03-12", "2025-04-12", 10.0), ("2025-04-12", "2025-05-12", 20.0), product=product)
        company.bill("a", ("2025-05-02", "2025-06-02", 30.0), product=product)
        days = ("2025-03-10", "2025-04-10", "2025-05-10")
        rows: Rows = [(product, "play", "u", f"{day} 12:00:00") for day in days]
        company.add("event", "product_id, event, user_id, occurred_at", rows)
    imports: list[tuple[str, str, str, float, float | None, str | None, str | None]] = [
        ("replay", "2025-01-01", "mrr", 5, None, "sheet.xlsx", None),  # before the computed months
        ("replay", "2025-04-01", "mrr", 999, None, "sheet.xlsx", None),  # computed: 10
        ("replay", "2025-03-15", "churn_rate", 0.5, 40, None, None),
        ("replay", "2025-05-15", "quick_ratio", 4, 40, None, None),  # not computed: nothing was lost
        ("replay", "2025-01-01", "mood", 7, None, None, None),
        ("replay", "2025-03-01", "mood", 8, None, None, "2025-04-01"),
        ("replay", "2025-03-01", "mood", 9, None, None, "2025-05-01"),  # the newer import
        ("replay", "2025-06-01", "mood", 3, None, None, None),
        ("*", "2025-02-01", "nps", 33, 120, None, None),
        ("typed", "2025-02-01", "mrr", 12, None, None, None),
        ("replay", "2026-01-01", "mood", 3, None, None, None),  # not yet
    ]
    company.add("metric_value", IMPORT, [tuple(row) for row in imports])
    company.add(
        "subscription", "subscription_id, customer_id, product_id, started_on", [("s", "a", "sold", "2025-01-01")]
    )
    return company.sheet("2025-06-10")


def cell(sheet: MetricSheet, product: str, metric: str, month: str) -> Cell:
    return sheet.cell(product, metric, Month.parse(month))


def test_outside_the_data_of_its_table_a_cell_is_missing(sheet: MetricSheet) -> None:
    assert statuses(sheet, "replay", "unique_users", *FEBRUARY_TO_JUNE) == ["missing", "ok", "ok", "ok", "missing"]
    assert statuses(sheet, "replay", "new_mrr", "2025-01") == ["missing"]
    assert values(sheet, "replay", "unique_users", "2025-02", "2025-06") == [None, None]


def test_between_its_data_a_count_is_a_true_zero_and_a_ratio_not_available(sheet: MetricSheet) -> None:
    assert cell(sheet, "replay", "mrr", "2025-03")[:2] == (0, Status.OK)
    assert cell(sheet, "replay", "paying_customers", "2025-03")[:2] == (0, Status.OK)
    arpa = cell(sheet, "replay", "arpa", "2025-03")
    assert arpa[:2] == (None, Status.NA)
    assert arpa.note == "paying customers is 0"


def test_the_open_month_shows_totals_so_far_and_no_rates(sheet: MetricSheet) -> None:
    assert cell(sheet, "replay", "mrr", "2025-06")[:2] == (30, Status.PARTIAL)
    assert cell(sheet, "replay", "paying_customers", "2025-06")[:2] == (1, Status.PARTIAL)
    for metric in ("mrr_growth", "mrr_growth_3m", "nrr", "churn_rate", "arpa", "paying_customers_growth"):
        assert cell(sheet, "replay", metric, "2025-06")[:2] == (None, Status.PARTIAL), metric


def test_quarterly_metrics_are_not_available_inside_a_quarter(sheet: MetricSheet) -> None:
    for metric in ("quarterly_nrr", "quarterly_grr", "annualised_nrr", "retention_1m"):
        assert statuses(sheet, "replay", metric, "2025-04", "2025-05") == ["na", "na"], metric
        assert statuses(sheet, "replay", metric, "2025-06") in (["partial"], ["missing"]), metric
    assert cell(sheet, "replay", "quarterly_nrr", "2025-04").note == "reported in the last month of a quarter"


def test_imported_values_fill_what_is_not_computed(sheet: MetricSheet) -> None:
    filled = cell(sheet, "replay", "mrr", "2025-01")
    assert filled == Cell(5, Status.OK, source=CellSource.IMPORTED, note="source: sheet.xlsx")
    assert cell(sheet, "replay", "quick_ratio", "2025-05")[:3] == (4, Status.OK, 40)
    assert cell(sheet, "*", "nps", "2025-02")[:3] == (33, Status.OK, 120)


def test_computed_values_win_over_imported_ones(sheet: MetricSheet) -> None:
    computed = cell(sheet, "replay", "mrr", "2025-04")
    assert (computed.value, computed.source) == (10, CellSource.COMPUTED)
    assert value(sheet, "replay", "churn_rate", "2025-03") == 1.0  # the only customer left


def test_an_unknown_imported_metric_is_a_row(sheet: MetricSheet) -> None:
    assert "mood" in [metric.id for metric in sheet.metrics]
    assert values(sheet, "replay", "mood", "2025-01", "2025-02", "2025-03", "2025-06") == [7, None, 9, 3]
    assert statuses(sheet, "replay", "mood", "2025-01", "2025-02", "2025-06") == ["ok", "missing", "partial"]
    assert str(sheet.months[-1]) == "2025-06"


def test_no_growth_is_computed_across_a_change_of_definition(sheet: MetricSheet) -> None:
    assert statuses(sheet, "replay", "unique_users_growth", "2025-04", "2025-05") == ["ok", "na"]
    assert "definition" in cell(sheet, "replay", "unique_users_growth", "2025-05").note
    assert statuses(sheet, "replay", "mrr_growth", "2025-05") == ["ok"]
    assert statuses(sheet, "flags", "unique_users_growth", "2025-05") == ["na"]
    assert statuses(sheet, "flags", "mrr_growth", "2025-05") == ["na"]
    assert value(sheet, "replay", "mrr_growth", "2025-05") == 1.0


def test_products_are_listed_by_name_and_the_total_is_last(sheet: MetricSheet) -> None:
    listed = [(product.id, product.name) for product in sheet.products]
    assert listed == [
        ("flags", "flags"),
        ("idle", "Idle"),
        ("sold", "sold"),
        ("typed", "typed"),
        ("replay", "Zebra replay"),
        ("*", "All products"),
    ]


def test_a_product_nobody_has_data_for_is_named(sheet: MetricSheet) -> None:
    assert "products/idle/product.toml [warning] no source has data for the product 'idle'" in messages(sheet)
    assert "replay" not in messages(sheet)


@pytest.mark.parametrize(
    ("as_of", "status"), [("2025-01-30", "partial"), ("2025-01-31", "partial"), ("2025-02-01", "ok")]
)
def test_the_last_day_of_a_month_does_not_complete_it(tmp_path: Path, as_of: str, status: str) -> None:
    company = Company(tmp_path).bill("a", ("2024-12-05", "2025-01-05", 10.0))
    assert statuses(company.sheet(as_of), "replay", "mrr", "2025-01") == [status]


def test_months_after_as_of_do_not_exist(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("a", ("2024-01-15", "2025-01-15", 120.0))
    company.add("event", "product_id, event, user_id, occurred_at", [("replay", "e", "u", "2024-12-10 12:00:00")])
    company.add("survey_response", "product_id, submitted_at, score", [("replay", "2024-12-10 12:00:00", 9)])
    company.add("ticket", "ticket_id, product_id, created_at", [("t", "replay", "2024-12-10 12:00:00")])
    company.add("product_intent", "product_id, org_id, first_intent_at", [("replay", "o", "2024-12-10 12:00:00")])
    company.add("refund", "product_id, refunded_on, amount", [("replay", "2024-12-10", 1)])
    sheet = company.sheet("2024-06-10")
    assert [str(sheet.months[0]), str(sheet.months[-1])] == ["2024-02", "2024-06"]
    assert values(sheet, "replay", "mrr", "2024-05", "2024-06") == [10, 10]
    assert messages(sheet) == ""


def test_imported_months_may_be_text(tmp_path: Path) -> None:
    company = Company(tmp_path).run(
        """create table metric_value as select * from (values
            ('replay', '2025-01', 'nps', '12'),
            ('replay', ' 2025-02-01 ', 'nps', '13.5'),
            ('replay', 'Q1', 'nps', '1')
        ) v(product_id, month, metric, value)"""
    )
    sheet = company.sheet("2025-06-10")
    assert values(sheet, "replay", "nps", "2025-01", "2025-02") == [12, 13.5]
    assert "1 value of month (VARCHAR)" in messages(sheet)


def test_a_workspace_without_data_is_an_empty_sheet(tmp_path: Path) -> None:
    sheet = Company(tmp_path).sheet("2025-06-10")
    assert sheet.products == ()
    assert [str(month) for month in sheet.months] == ["2025-06"]
    assert dict(sheet.rows) == {}
