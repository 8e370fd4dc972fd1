"""The customers behind a month's MRR, on a small company whose customers are known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.customers import CUSTOMERS, Sorting, sorted_rows
from reviewtui.metrics.drill_job import drill
from reviewtui.metrics.drilldown import CellQuestion, DrillRequest
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.months import Month
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import open_session
from tests.metrics.drilling import total
from tests.metrics.test_revenue_ledger import LEDGER, ledger
from tests.metrics.worksheets import Company

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.drilldown import DrillDown, RowTable

MARCH = ("2025-03-01", "2025-03-31")
APRIL = ("2025-04-01", "2025-04-30")


def customers(company: Company, product: str = "replay", month: str = "2025-04", most: int = 500) -> DrillDown:
    """The customers of a month."""
    workspace = company.write().workspace()
    question = CellQuestion(product, CUSTOMERS, Month.parse(month))
    request = DrillRequest(question, EvaluationRequest.of(workspace, date(2025, 6, 10)), most)
    session = open_session(SourceRequest(workspace.sources, workspace.views, view_seconds=5.0), lambda _: None)
    try:
        return drill(session, request)
    finally:
        session.close()


def table(found: DrillDown) -> RowTable:
    assert found.rows is not None
    return found.rows


def by_name(found: DrillDown, column: str) -> dict[object, object]:
    """Each customer's value in a column."""
    names = [item.name for item in table(found).columns]
    return {row[0]: row[names.index(column)] for row in table(found).rows}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return (
        Company(tmp_path)
        .add(
            "customer",
            "customer_id, name, org_id, is_internal",
            [
                ("a", "Acme", "oa", False),
                ("b", "東京電力", "ob", False),
                ("c", "=cmd()", None, False),
                ("d", "شركة", "od", False),
                ("e", "[/oops]", "oe", False),
                ("us", "Ourselves", "ous", True),
            ],
        )
        .bill("a", ("2025-01-01", "2025-01-31", 50.0), ("2025-03-01", "2025-03-31", 60.0), (*APRIL, 100.0))
        .bill("b", (*MARCH, 300.0), (*APRIL, 200.0))
        .bill("c", (*APRIL, 75.0))
        .bill("d", ("2025-01-01", "2025-01-31", 10.0), (*APRIL, 25.0))
        .bill("e", (*MARCH, 40.0))
        .bill("us", (*APRIL, 9000.0))
        .bill("a", (*APRIL, 600.0), product="flags", sub="a-flags")
    )


class TestTheList:
    def test_customers_have_their_mrr_change_and_movement(self, company: Company) -> None:
        found = customers(company)
        assert by_name(found, "MRR now") == {"東京電力": 200, "Acme": 100, "=cmd()": 75, "[/oops]": 0, "شركة": 25}
        assert by_name(found, "Change") == {"東京電力": -100, "Acme": 40, "=cmd()": 75, "[/oops]": -40, "شركة": 25}
        assert by_name(found, "Movement") == {
            "東京電力": "contraction",
            "Acme": "expansion",
            "=cmd()": "new",
            "[/oops]": "churned",
            "شركة": "reactivated",
        }

    def test_the_biggest_of_either_month_come_first(self, company: Company) -> None:
        assert [row[0] for row in table(customers(company)).rows] == ["東京電力", "Acme", "=cmd()", "[/oops]", "شركة"]

    def test_shares_are_of_the_products_mrr_and_add_up(self, company: Company) -> None:
        found = customers(company)
        # 200, 100, 75, 25 and 0 of 400.
        assert by_name(found, "Share") == {
            "東京電力": 0.5,
            "Acme": 0.25,
            "=cmd()": 0.1875,
            "[/oops]": 0,
            "شركة": 0.0625,
        }
        assert total(found, "Share") == pytest.approx(1)

    def test_a_share_is_the_same_in_whatever_order_customers_are_added_up(self, tmp_path: Path) -> None:
        company = Company(tmp_path)
        for place in range(10):
            company.bill(str(place), ("2025-03-05", "2025-04-05", 0.1))
        assert set(by_name(customers(company), "Share").values()) == {0.1}

    def test_all_products_together_add_up_what_a_customer_pays(self, company: Company) -> None:
        assert by_name(customers(company, "*"), "MRR now")["Acme"] == 700

    def test_they_pay_since_their_first_month_whatever_came_between(self, company: Company) -> None:
        since = by_name(customers(company), "Paying since")
        assert since == {
            "東京電力": "2025-03", "Acme": "2025-01", "=cmd()": "2025-04", "[/oops]": "2025-03", "شركة": "2025-01",
        }  # fmt: skip

    def test_only_so_many_are_listed_but_all_are_counted_and_added(self, company: Company) -> None:
        found = customers(company, most=2)
        assert (len(table(found).rows), table(found).found, total(found, "MRR now")) == (2, 5, 400)

    def test_the_columns_of_tables_that_are_not_there_are_left_out(self, company: Company) -> None:
        names = [column.name for column in table(customers(company)).columns]
        assert names == ["Customer", "Segment", "MRR now", "Change", "Movement", "Share", "Paying since"]


class TestAnswers:
    def test_the_last_valid_answer_until_the_end_of_the_month_counts(self, company: Company) -> None:
        company.add(
            "survey_response",
            "response_id, product_id, user_id, org_id, submitted_at, score",
            [
                ("1", "replay", "u1", "oa", "2025-02-03 10:00", 3),
                ("2", "replay", "u2", "oa", "2025-04-30 23:00", 9),
                ("3", "replay", "u1", "oa", "2025-05-01 00:00", 1),
                ("4", "flags", "u1", "oa", "2025-04-30 23:30", 2),
                ("5", "replay", "u3", "ob", "2025-04-02 10:00", 11),
                ("6", "replay", "u4", None, "2025-04-02 10:00", 0),
            ],
        )
        found = customers(company)
        scores, days = by_name(found, "NPS"), by_name(found, "Answered")
        assert scores == {"東京電力": None, "Acme": 9, "=cmd()": None, "[/oops]": None, "شركة": None}
        assert days["Acme"] == date(2025, 4, 30)
        assert by_name(customers(company, "*"), "NPS")["Acme"] == 2


class TestTickets:
    def test_tickets_that_were_open_at_the_end_of_the_month_count(self, company: Company) -> None:
        company.add(
            "ticket",
            "ticket_id, product_id, org_id, created_at, solved_at, status",
            [
                ("1", "replay", "oa", "2025-04-02 10:00", None, "open"),
                ("2", "replay", "oa", "2025-02-02 10:00", "2025-05-01 08:00", "solved"),
                ("3", "replay", "oa", "2025-04-02 10:00", "2025-04-03 10:00", "solved"),
                ("4", "replay", "oa", "2025-05-02 10:00", None, "open"),
                ("5", "replay", "oa", "2025-04-02 10:00", None, "spam"),
                ("6", "replay", "oa", "2025-04-02 10:00", None, "closed"),
                ("7", "flags", "oa", "2025-04-02 10:00", None, None),
            ],
        )
        found = customers(company)
        assert by_name(found, "Open tickets") == {"東京電力": 0, "Acme": 2, "=cmd()": None, "[/oops]": 0, "شركة": 0}
        assert by_name(customers(company, "*"), "Open tickets")["Acme"] == 3

    def test_customers_without_an_organisation_say_that_nothing_is_known(self, tmp_path: Path) -> None:
        company = (
            Company(tmp_path)
            .run("create table customer (customer_id varchar, name varchar)")
            .run("insert into customer values ('a', 'Acme')")
            .add("ticket", "ticket_id, product_id, org_id, created_at", [("1", "replay", "oa", "2025-04-02")])
            .bill("a", (*APRIL, 100.0))
        )
        found = customers(company)
        assert "Open tickets" not in [column.name for column in table(found).columns]
        assert table(found).note == "No customer has an org_id, so their answers and tickets are not known."


class TestTheCell:
    @pytest.mark.parametrize("place", LEDGER, ids=lambda place: f"{place[0]}-{place[1]}")
    def test_customers_add_up_to_the_mrr_of_every_cell_of_the_ledger(
        self, tmp_path: Path, place: tuple[str, str]
    ) -> None:
        found = customers(ledger(Company(tmp_path)), *place)
        assert total(found, "MRR now") == pytest.approx(LEDGER[place][6], abs=0.001)

    def test_a_month_in_which_nobody_pays_has_no_customers(self, company: Company) -> None:
        assert table(customers(company, "replay", "2024-06")).found == 0


class TestSorting:
    def names(self, company: Company, column: str, *, reverse: bool = False) -> list[object]:
        return [row[0] for row in sorted_rows(table(customers(company)), Sorting(column, reverse))]

    def test_amounts_fall_and_names_rise(self, company: Company) -> None:
        assert self.names(company, "MRR now") == ["東京電力", "Acme", "=cmd()", "شركة", "[/oops]"]
        assert self.names(company, "Customer") == ["=cmd()", "[/oops]", "Acme", "شركة", "東京電力"]
        assert self.names(company, "Paying since")[:2] == ["=cmd()", "東京電力"]

    def test_they_can_be_turned_round(self, company: Company) -> None:
        assert self.names(company, "MRR now", reverse=True) == ["[/oops]", "شركة", "=cmd()", "Acme", "東京電力"]
        assert self.names(company, "Customer", reverse=True)[0] == "東京電力"

    def test_rows_without_a_value_are_last_in_either_direction(self, company: Company) -> None:
        company.add("ticket", "ticket_id, product_id, org_id, created_at", [("1", "replay", "oa", "2025-04-02")])
        assert self.names(company, "Open tickets")[-1] == "=cmd()"
        assert self.names(company, "Open tickets", reverse=True)[-1] == "=cmd()"
