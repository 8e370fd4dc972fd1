"""Numbers that would be false are not shown, and numbers that could be misread say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from reviewtui.workspace.model import ProductConfig
from tests.metrics.worksheets import Company, messages, statuses, value

if TYPE_CHECKING:
    from pathlib import Path

SEEN = "product_id, event, user_id, org_id, occurred_at"


def test_without_a_column_the_metrics_that_need_it_are_missing_and_named(tmp_path: Path) -> None:
    company = Company(tmp_path).run(
        """create table ticket as select 't1' as ticket_id, 'replay' as product_id,
            timestamptz '2025-04-02 09:00+00' as created_at;
        create table event as select 'replay' as product_id, 'seen' as event, 'u' as user_id,
            timestamptz '2025-04-02 09:00+00' as occurred_at"""
    )
    sheet = company.sheet("2025-05-10")
    assert value(sheet, "replay", "tickets_created", "2025-04") == 1
    assert value(sheet, "replay", "unique_users", "2025-04") == 1
    for metric in ("tickets_escalated", "escalated_sla", "sla", "unique_orgs", "unique_orgs_growth"):
        assert statuses(sheet, "replay", metric, "2025-04") == ["missing"], metric
    assert "no column org_id: unique_orgs, unique_orgs_growth cannot be computed" in messages(sheet)
    assert "no column escalated_at: tickets_escalated, escalated_sla cannot be computed" in messages(sheet)


def test_a_key_action_that_never_happens_is_named(tmp_path: Path) -> None:
    company = Company(tmp_path, products=(ProductConfig("replay", "replay", key_action=("sene",)),))
    sheet = company.add("event", SEEN, [("replay", "seen", "u", "o", "2025-04-02 09:00+00")]).sheet("2025-05-10")
    assert "none of" not in messages(sheet)
    assert "no event of this product is one of its key actions (sene)" in messages(sheet)


@pytest.mark.parametrize(("newest", "warned"), [("2025-04-29", True), ("2025-04-30", False), ("2025-05-02", False)])
def test_events_that_end_inside_a_month_that_is_over_are_told(tmp_path: Path, newest: str, warned: bool) -> None:
    rows: list[tuple[object, ...]] = [("replay", "seen", "u", "o", f"{day} 09:00+00") for day in ("2025-04-01", newest)]
    sheet = Company(tmp_path).add("event", SEEN, rows).sheet("2025-05-10")
    assert ("2025-04 is over, but its events are not complete" in messages(sheet)) is warned


def test_the_total_says_which_products_have_no_data_any_more(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.add("event", SEEN, [("flags", "seen", "a", "o", "2025-02-02 09:00+00")])
    company.add("event", SEEN, [("replay", "seen", "b", "o", f"2025-{month:02d}-02 09:00+00") for month in (2, 3, 4)])
    sheet = company.sheet("2025-05-10")
    assert sheet.cell("*", "unique_users", Month(2025, 2)).note == ""
    assert sheet.cell("*", "unique_users", Month(2025, 3)).note == "without flags: no data in this month"


def test_an_open_month_gives_no_parts_of_a_rate_it_withholds(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("A", ("2025-03-12", "2025-04-12", 100))
    cell = (
        company.bill("B", ("2025-04-02", "2025-05-02", 10)).sheet("2025-05-10").cell("*", "churn_rate", Month(2025, 5))
    )
    assert (cell.status, cell.value, cell.n, cell.numerator, cell.denominator) == ("partial", None, None, None, None)


def test_an_open_month_without_a_rate_has_no_forecast(tmp_path: Path) -> None:
    company = Company(tmp_path)
    company.bill("A", ("2025-03-12", "2025-04-12", 100), ("2025-04-05", "2025-05-05", 100), currency="EUR")
    company.add("fx_rate", "month, currency, rate_to_base", [("2025-04-01", "EUR", 1.1)])
    company.add(
        "subscription", "subscription_id, customer_id, product_id, started_on", [("s", "B", "replay", "2025-01-20")]
    )
    company.add("usage_day", "product_id, customer_id, day, revenue", [("replay", "B", "2025-05-01", 5)])
    assert statuses(company.sheet("2025-05-10"), "replay", "mrr", "2025-04", "2025-05") == ["ok", "na"]


def test_the_first_month_does_not_pass_old_users_off_as_new(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("replay", "seen", "b", "o", f"2025-{month:02d}-02 09:00+00") for month in (2, 3)]
    sheet = Company(tmp_path).add("event", SEEN, rows).sheet("2025-05-10")
    assert "history starts here" in sheet.cell("replay", "users_new", Month(2025, 2)).note
    assert sheet.cell("replay", "users_new", Month(2025, 3)).note == ""
