"""What moved a cell, read from the raw tables: exact for every metric, and right where it was worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import pytest

from reviewtui.errors import SourceError
from reviewtui.metrics.changes import NOT_IN_ROWS, change_of, denominators_of, needs_rows
from reviewtui.metrics.decomposition import from_cells
from reviewtui.metrics.drilldown import CellQuestion
from reviewtui.metrics.driver_job import drive
from reviewtui.metrics.drivers import MOST_LISTED, DriverQuestion, DriverRequest, Drivers
from reviewtui.metrics.request import EvaluationRequest
from reviewtui.metrics.split_breakdown import from_split
from reviewtui.months import Month
from reviewtui.sources.request import SourceRequest
from reviewtui.sources.session import open_session
from reviewtui.workspace.model import SourceConfig
from tests.metrics.worksheets import Company

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.metrics.changes import Change
    from reviewtui.metrics.contributions import Breakdown
    from reviewtui.metrics.sheet import MetricSheet

AS_OF = "2025-06-10"
HOSTILE = "[/oops] '); drop table customer; --"
EVENT = "product_id, event, user_id, org_id, occurred_at"


class Asked(NamedTuple):
    """A company with its numbers."""

    company: Company
    sheet: MetricSheet

    def change(self, metric_id: str, month: str, product: str = "replay") -> Change:
        metric = next(item for item in self.sheet.metrics if item.id == metric_id)
        return change_of(self.sheet, product, self.sheet.meaning(product, metric), Month.parse(month))

    def read(self, change: Change, split: str = "", key: str = "", most: int = MOST_LISTED) -> Drivers:
        workspace = self.company.workspace()
        cell = CellQuestion(change.product, change.metric, change.month, products=("replay", "flags"))
        question = DriverQuestion(cell, change.before, denominators_of(change), split, key)
        session = open_session(SourceRequest(workspace.sources, workspace.views, view_seconds=5.0), lambda _: None)
        try:
            return drive(
                session, DriverRequest(question, EvaluationRequest.of(workspace, date.fromisoformat(AS_OF)), most)
            )
        finally:
            session.close()

    def split(
        self, metric_id: str, month: str, product: str = "replay", most: int = MOST_LISTED
    ) -> dict[str, Breakdown]:
        """Every breakdown that was read, by its id; each adds up exactly, and nothing is missing in its rows."""
        change = self.change(metric_id, month, product)
        assert change.reason == ""
        found = self.read(change, most=most)
        made = {item.id: item for item in (from_split(split, change) for split in found.splits) if item is not None}
        assert made
        for item in made.values():
            assert sum((Fraction(row.effect) for row in item.rows), Fraction(0)) == Fraction(item.change)
            assert NOT_IN_ROWS not in [row.name for row in item.rows]
        return made


def effects(breakdown: Breakdown) -> dict[str, object]:
    return {row.name: pytest.approx(float(row.effect), abs=1e-9) for row in breakdown.rows}


def seen(user: str, org: str | None, *days: str) -> list[tuple[object, ...]]:
    return [("replay", "view", user, org, f"{day} 12:00:00+00") for day in days]


def answer(number: str, user: str, day: str, score: float, comment: str = "", org: str | None = None) -> str:
    place = "null" if org is None else f"'{org}'"
    return f"('{number}', 'replay', '{user}', {place}, '{day} 10:00:00+00', {score}, '{comment}')"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    company = Company(tmp_path_factory.mktemp("moved"))
    company.run("create table customer (customer_id VARCHAR, name VARCHAR, org_id VARCHAR, segment VARCHAR)")
    company.run(
        "insert into customer values ('A', 'Acme', 'oa', 'team'), ('B', 'Beta', 'ob', 'team'),"
        " ('C', '[/oops] ''); drop table customer; --', 'oc', ''), ('D', 'Delta', 'od', 'solo')"
    )
    # MRR of March: A 100, B 80, C 40; of April: A 160, B 0, C 40, D 30; of May: A 160, C 30, D 30.
    for customer, amounts in {"A": (100, 160, 160), "B": (80, 0, 0), "C": (40, 40, 30), "D": (0, 30, 30)}.items():
        company.bill(customer, *((f"2025-{month - 1:02d}-05", f"2025-{month:02d}-05", amount)
                                 for month, amount in zip((3, 4, 5), amounts, strict=True) if amount))  # fmt: skip
    company.add("event", EVENT, seen("u1", "oa", "2025-03-10", "2025-04-28", "2025-05-05"))
    company.add("event", EVENT, seen("u2", "oa", "2025-03-11"))
    company.add("event", EVENT, [*seen("u3", "oc", "2025-04-12", "2025-05-06"), *seen("u3", "oa", "2025-04-14")])
    company.add("event", EVENT, seen("u4", None, "2025-03-15", "2025-05-20"))
    company.add("event", EVENT, seen("u5", "od", "2025-04-30", "2025-05-31"))
    company.add("event", EVENT, seen("u6", "od", "2025-04-29"))
    company.run(
        "create table survey_response (response_id VARCHAR, product_id VARCHAR, user_id VARCHAR, org_id VARCHAR,"
        " submitted_at TIMESTAMPTZ, score DOUBLE, comment VARCHAR)"
    )
    answers = (
        answer("1", "u1", "2025-03-10", 10), answer("2", "u2", "2025-03-11", 9), answer("3", "u3", "2025-03-12", 7),
        answer("4", "u4", "2025-03-13", 3), answer("5", "u1", "2025-04-10", 10),
        answer("6", "u5", "2025-04-11", 2, "[/oops] too slow", "oa"),
    )  # fmt: skip
    company.run(f"insert into survey_response values {', '.join(answers)}")
    columns = (
        "ticket_id, product_id, org_id, created_at, priority, first_reply_at, escalated_at, escalation_reply_at, status"
    )
    company.add(
        "ticket",
        columns,
        [
            ("1", "replay", "oa", "2025-03-03 09:00:00+00", "high", "2025-03-03 10:00:00+00", None, None, "closed"),
            ("2", "replay", "oa", "2025-03-04 09:00:00+00", "high", "2025-03-04 10:00:00+00",
             "2025-03-06 09:00:00+00", "2025-03-07 09:00:00+00", "closed"),
            ("3", "replay", "oc", "2025-04-02 09:00:00+00", "high", "2025-04-10 10:00:00+00", None, None, "closed"),
            ("4", "replay", "oc", "2025-04-03 09:00:00+00", "normal", "2025-04-03 10:00:00+00",
             "2025-04-04 09:00:00+00", "2025-04-28 09:00:00+00", "closed"),
            ("5", "replay", None, "2025-04-07 09:00:00+00", "low", "2025-04-07 10:00:00+00", None, None, "open"),
        ],
    )  # fmt: skip
    company.add("refund", "product_id, customer_id, refunded_on, amount", [("replay", "A", "2025-04-20", 12)])
    return Asked(company, company.sheet(AS_OF))


OTHERS = (
    "arr", "new_mrr", "paying_customers", "unique_orgs", "users_new", "wau_mau", "nps_responses", "tickets_escalated",
    "refunds", "arpa",
)  # fmt: skip
"""Metrics that no other test of this file splits."""


@pytest.mark.parametrize("metric", OTHERS)
def test_every_split_adds_up_to_the_change_of_april(asked: Asked, metric: str) -> None:
    change = asked.change(metric, "2025-04")
    assert needs_rows(change) == ""
    asked.split(metric, "2025-04")


@pytest.mark.parametrize("metric", ["mrr_growth", "nrr", "unique_users_growth"])
def test_every_split_of_a_rate_adds_up_to_the_change_of_may(asked: Asked, metric: str) -> None:
    asked.split(metric, "2025-05")


@pytest.mark.parametrize(
    ("month", "product", "among"),
    [
        ("2025-04", "replay", {"mrr", "churned_mrr", "arpa", "unique_users", "nps", "sla"}),
        ("2025-05", "*", {"mrr_growth", "churn_rate", "nrr", "unique_users_growth"}),
    ],
)
def test_whatever_the_metric_its_change_is_explained_to_the_last_digit_or_said_to_be_none(
    asked: Asked, month: str, product: str, among: set[str]
) -> None:
    """Every computed metric: each breakdown sums to the change exactly, and each of its groups opens."""
    explained = []
    for metric in asked.sheet.metrics_of(product, hidden=True):
        change = asked.change(metric.id, month, product)
        if change.reason or change.values[0] == change.values[1]:
            continue
        made = [*from_cells(asked.sheet, change)]
        if not needs_rows(change):
            splits = asked.read(change).splits
            made += [item for item in (from_split(split, change) for split in splits) if item is not None]
            groups = [(split.id, group.key) for split in splits for group in split.groups if group.key is not None]
            for split, key in groups[:1]:
                assert asked.read(change, split, key).records is not None, metric.id
        assert made or needs_rows(change), metric.id
        for item in made:
            assert sum((Fraction(row.effect) for row in item.rows), Fraction(0)) == Fraction(item.change), metric.id
            before, now = (Fraction(repr(value)) for value in change.values)
            assert Fraction(item.change) == now - before, metric.id
        explained += [metric.id] if made else []
    assert among <= {*explained}


def test_mrr_by_customer_and_by_segment(asked: Asked) -> None:
    found = asked.split("mrr", "2025-04")
    assert effects(found["customer"]) == {"Beta": -80, "Acme": 60, "Delta": 30}
    assert [row.detail for row in found["customer"].rows] == ["churned", "expansion", "new"]
    assert effects(found["segment"]) == {"solo": 30, "team": -20}
    assert [row.detail for row in found["segment"].rows] == ["", "+60 −80"]


def test_a_rate_by_customer_by_hand(asked: Asked) -> None:
    # April: 80 of 220 churned; May: 0 of 230. The weights are (1/220 + 1/230) / 2 and -80 / (2 x 220 x 230).
    above, below = (1 / 220 + 1 / 230) / 2, -80 / (2 * 220 * 230)
    expected = {"Beta": -80 * above - 80 * below, "Acme": 60 * below, "Delta": 30 * below}
    assert effects(asked.split("churn_rate", "2025-05")["customer"]) == pytest.approx(expected)


def test_rows_beyond_the_most_are_one_row(asked: Asked) -> None:
    found = asked.split("mrr", "2025-04", most=1)["customer"]
    assert effects(found) == {"Beta": -80, "Everything else: 2 more": 90}
    assert found.rows[-1].is_rest


def test_users_are_gained_and_lost_by_segment_each_user_once(asked: Asked) -> None:
    # Gained: u3 (of two segments), u5 and u6; lost: u2 of a team, u4 of no organisation.
    found = asked.split("unique_users", "2025-04")
    assert effects(found["segment"]) == {"solo": 2, "(several segments)": 1, "(no segment)": -1, "team": -1}
    assert effects(found["organisation"]) == {
        "Delta": 2, "(no organisation)": -1, "(several organisations)": 1, "Acme": -1,
    }  # fmt: skip


def test_answers_are_listed_with_their_comments_and_those_of_before_together(asked: Asked) -> None:
    # March: 2 promoters, 1 passive, 1 detractor, 25; April: 1 and 1, 0.
    found = asked.split("nps", "2025-04")
    rows = {row.name: row for row in found["answer"].rows}
    assert rows["2 Acme"].detail == "[/oops] too slow"
    assert float(rows["2 Acme"].effect) < 0 < float(rows["10 u1"].effect)
    assert "What counted in Mar 2025 and counts no longer: 4" in rows
    # The detractor of March and that of April weigh the same.
    assert [row.name for row in found["kind"].rows] == ["promoters", "passives"]


def test_replies_that_were_late_are_named(asked: Asked) -> None:
    # March: 1 of 1 in time; April: of tickets 3 and 5, the first was late.
    rows = asked.split("sla", "2025-04")["reply"].rows
    assert rows[0].name in ("3 breached", "What counted in Mar 2025 and counts no longer: 1")
    assert {row.name for row in rows} >= {"3 breached"}
    late = asked.split("escalated_sla", "2025-04")["reply"].rows
    assert "4 breached" in {row.name for row in late}


def test_a_denominator_with_rows_of_its_own_is_a_row(asked: Asked) -> None:
    rows = asked.split("tickets_per_user", "2025-04")["organisation"].rows
    assert {row.name for row in rows} >= {"Unique monthly users", "Acme", HOSTILE}


def test_all_products_together_are_split_too(asked: Asked) -> None:
    assert effects(asked.split("mrr", "2025-04", "*")["customer"]) == {"Beta": -80, "Acme": 60, "Delta": 30}


class TestRecords:
    @pytest.mark.parametrize(
        ("metric", "split", "key", "heading", "first"),
        [
            ("mrr", "customer", "A", "Billing lines of the customer", "2025-04"),
            ("mrr", "segment", "team", "Customers who pay", "Acme"),
            ("unique_users", "segment", "solo", "Users", "u5"),
            ("unique_orgs", "organisation", "Delta", "Organisations", "Delta"),
            ("nps", "answer", "6", "Answers, detractors first", "[/oops] too slow"),
            ("tickets_created", "organisation", HOSTILE, "Tickets created", "4"),
            ("sla", "reply", "3 2025-04-02 09:00:00", "Replies, late ones first", "3"),
        ],
    )
    def test_a_group_opens_down_to_its_records(
        self, asked: Asked, metric: str, split: str, key: str, heading: str, first: str
    ) -> None:
        records = asked.read(asked.change(metric, "2025-04"), split, key).records
        assert records is not None
        assert records.heading == heading
        assert first in [str(value) for value in records.rows[0]]

    def test_the_lines_of_a_customer_are_its_mrr_of_both_months(self, asked: Asked) -> None:
        records = asked.read(asked.change("mrr", "2025-04"), "customer", "A").records
        assert records is not None
        names = [column.name for column in records.columns]
        assert [records.totals[names.index(name)] for name in ("MRR before", "MRR now")] == [100, 160]

    def test_a_key_is_never_a_part_of_the_sql(self, asked: Asked) -> None:
        records = asked.read(asked.change("mrr", "2025-04"), "segment", "' or true --").records
        assert records is not None
        assert records.found == 0

    def test_a_split_that_is_not_known_is_said(self, asked: Asked) -> None:
        assert "cannot be split" in asked.read(asked.change("mrr", "2025-04"), "moon", "x").reason


def test_a_metric_without_rows_that_add_up_says_so(asked: Asked) -> None:
    change = asked.change("mrr_growth_3m", "2025-05")
    assert "cannot be split" in asked.read(change).reason


def test_a_file_that_is_gone_is_an_error(tmp_path: Path, asked: Asked) -> None:
    company = Company(tmp_path, sources=(SourceConfig("gone", tmp_path / "gone.duckdb"),))
    away = Asked(company, asked.sheet)
    with pytest.raises(SourceError, match=r"gone\.duckdb.*does not exist"):
        away.read(asked.change("mrr", "2025-04"))
