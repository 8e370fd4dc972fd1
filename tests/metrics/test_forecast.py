"""Where the open month is heading: every rule, as seen on the morning of 4 June 2025.

A billing period runs from one monthly anniversary of the subscription's start to the next and belongs to the month it
ends in. Usage is known up to and including 3 June.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from tests.metrics.worksheets import Company, statuses, value

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet
    from tests.metrics.worksheets import Rows

AS_OF = "2025-06-04"
JUNE = Month(2025, 6)
SUBSCRIPTION = "subscription_id, customer_id, product_id, started_on, ended_on, billing_limit"
USAGE = "product_id, customer_id, day, revenue"


def usage(product: str, customer: str | None, first: str, last: str, revenue: float) -> Rows:
    """The same revenue on every day from `first` to `last`."""
    start = date.fromisoformat(first)
    length = (date.fromisoformat(last) - start).days + 1
    return [(product, customer, start + timedelta(days=day), revenue) for day in range(length)]


def subscriber(
    company: Company,
    product: str,
    started: str,
    *days: tuple[str, str, float],
    ended: str | None = None,
    limit: float | None = None,
    customer: str = "c",
) -> None:
    """A subscription with usage as (first day, last day, revenue a day)."""
    name = f"{product} {customer} {started}"
    company.add("subscription", SUBSCRIPTION, [(name, customer, product, started, ended, limit)])
    for first, last, revenue in days:
        company.add("usage_day", USAGE, usage(product, customer, first, last, revenue))


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> MetricSheet:
    company = Company(tmp_path_factory.mktemp("forecast"))
    # The period runs from 20 May to 20 June, 31 days; 15 of them have passed.
    late = ("2025-05-20", "2025-06-03", 10.0)
    subscriber(company, "projected", "2024-01-20", late)
    subscriber(company, "limited", "2024-01-20", late, limit=200)
    subscriber(company, "below limit", "2024-01-20", late, limit=1000)
    subscriber(company, "cancelled", "2024-01-20", ("2025-05-20", "2025-05-31", 10), ended="2025-06-01")
    subscriber(company, "long gone", "2024-01-20", ("2025-05-10", "2025-05-15", 10), ended="2025-05-16")
    subscriber(company, "before", "2024-01-20", ("2025-04-20", "2025-05-19", 99), late)
    # 30 May to 30 June: 5 days have passed, 26 are left.
    early = [("2025-05-28", "2025-05-29", 30.0), ("2025-05-30", "2025-06-03", 10.0)]
    subscriber(company, "first days", "2024-01-30", *early)
    # 28 May to 28 June: exactly 7 of 31 days.
    subscriber(company, "seven days", "2024-01-28", ("2025-05-20", "2025-05-27", 500), ("2025-05-28", "2025-06-03", 10))
    # 30 and 31 days old on 4 June.
    subscriber(company, "young", "2025-05-05", ("2025-05-05", "2025-06-03", 3))
    subscriber(company, "old enough", "2025-05-04", ("2025-05-04", "2025-06-03", 3))
    # The period ended on 2 June; what was used since belongs to July.
    subscriber(company, "over", "2024-01-02", ("2025-05-02", "2025-06-01", 2), ("2025-06-02", "2025-06-03", 50))
    # Started on the 31st: 31 May to 30 June; 4 days of 30.
    subscriber(company, "month end", "2025-01-31", ("2025-05-28", "2025-06-03", 7))
    subscriber(company, "invoiced", "2024-01-20", late)
    company.bill("c", ("2025-05-02", "2025-06-02", 75.0), product="invoiced")
    subscriber(company, "some invoiced", "2024-01-20", late)
    subscriber(company, "some invoiced", "2024-01-20", late, customer="d")
    company.bill("d", ("2025-05-02", "2025-06-02", 75.0), product="some invoiced")
    subscriber(company, "staffed", "2024-01-20", late)
    subscriber(company, "staffed", "2024-01-20", late, customer="staff")
    company.add("customer", "customer_id, is_internal", [("staff", True)])
    # Usage that belongs to nobody.
    company.add("usage_day", USAGE, usage("nobody", None, "2025-05-20", "2025-06-03", 10))
    company.add("subscription", SUBSCRIPTION, [("n", "c", "nobody", "2024-01-20", None, None)])
    company.bill("c", ("2025-04-12", "2025-05-12", 40.0), ("2025-05-02", "2025-06-02", 33.0), product="nobody")
    return company.sheet(AS_OF)


FORECASTS = {
    "projected": 150 / 15 * 31,
    "limited": 200,
    "below limit": 310,
    "cancelled": 12 * 10,  # final: 20 to 31 May
    "before": 310,  # the period before does not count
    "first days": 50 + (60 + 50) / 168 * (26 * 24),  # so far, and the last 7 days by the hour for the hours left
    "seven days": 70 / 7 * 31,
    "young": 30 * 3,  # as it is
    "old enough": 31 * 3,  # its period has just ended
    "over": 31 * 2,
    "month end": 28 + 49 / 168 * (26 * 24),
    "some invoiced": 75 + 310,
    "staffed": 310,
}


@pytest.mark.parametrize("product", FORECASTS)
def test_forecast_of_the_open_month(sheet: MetricSheet, product: str) -> None:
    assert value(sheet, product, "mrr", "2025-06") == pytest.approx(FORECASTS[product])
    assert value(sheet, product, "arr", "2025-06") == pytest.approx(12 * FORECASTS[product])
    assert statuses(sheet, product, "mrr", "2025-06") == ["forecast"]
    assert statuses(sheet, product, "arr", "2025-06") == ["forecast"]


def test_a_forecast_tells_what_it_is_made_of(sheet: MetricSheet) -> None:
    assert sheet.cell("some invoiced", "mrr", JUNE).note.startswith("75 invoiced so far, 310 expected")
    assert sheet.cell("some invoiced", "arr", JUNE).note.startswith("12 × the MRR: 75 invoiced so far, 310 expected")


def test_a_subscription_that_ended_before_the_period_has_no_forecast(sheet: MetricSheet) -> None:
    assert statuses(sheet, "long gone", "mrr", "2025-06") == ["missing"]


def test_what_is_invoiced_is_not_forecast_again(sheet: MetricSheet) -> None:
    assert value(sheet, "invoiced", "mrr", "2025-06") == 75
    assert statuses(sheet, "invoiced", "mrr", "2025-06") == ["forecast"]


def test_usage_of_nobody_leaves_the_month_to_date(sheet: MetricSheet) -> None:
    assert value(sheet, "nobody", "mrr", "2025-06") == 33
    assert statuses(sheet, "nobody", "mrr", "2025-06") == ["partial"]


def test_other_metrics_of_the_open_month_stay_partial(sheet: MetricSheet) -> None:
    assert statuses(sheet, "some invoiced", "new_mrr", "2025-06") == ["partial"]
    assert statuses(sheet, "some invoiced", "mrr_growth", "2025-06") == ["partial"]
    assert value(sheet, "some invoiced", "mrr_growth", "2025-06") is None


def test_there_is_no_total_while_a_billed_product_has_no_forecast(sheet: MetricSheet) -> None:
    assert statuses(sheet, "*", "mrr", "2025-06") == ["partial"]


def test_forecasts_of_all_products_add_up(tmp_path: Path) -> None:
    company = Company(tmp_path)
    subscriber(company, "one", "2024-01-20", ("2025-05-20", "2025-06-03", 10))
    subscriber(company, "two", "2024-01-20", ("2025-05-20", "2025-06-03", 1))
    company.bill("c", ("2025-04-12", "2025-05-12", 40.0), product="one")
    sheet = company.sheet(AS_OF)
    assert value(sheet, "*", "mrr", "2025-06") == pytest.approx(341)
    assert statuses(sheet, "*", "mrr", "2025-05", "2025-06") == ["ok", "forecast"]


def test_a_table_without_customers_gives_no_forecast(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.add("subscription", SUBSCRIPTION, [("s", "c", "one", "2024-01-20", None, None)])
    company.bill("c", ("2025-05-02", "2025-06-02", 33.0), product="one")
    company.run("create table usage_day as select 'one' as product_id, date '2025-06-01' as day, 10.0 as revenue")
    sheet = company.sheet(AS_OF)
    assert value(sheet, "one", "mrr", "2025-06") == 33
    assert statuses(sheet, "one", "mrr", "2025-06") == ["partial"]
