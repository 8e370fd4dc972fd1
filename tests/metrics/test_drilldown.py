"""The rows behind a cell give the cell, on small companies whose rows are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import SourceError
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.metrics.drill_plans import (
    ADDS_UP_TO,
    COST_ROWS,
    LAGS,
    REFUND_ROWS,
    REVENUE_ROWS,
    SUPPORT_ROWS,
    USAGE_ROWS,
)
from reviewtui.workspace.model import ActivationVersion, Criterion, ProductConfig, SourceConfig
from tests.metrics.drilling import behind, column, segments, total
from tests.metrics.test_revenue_ledger import LEDGER, MOVEMENTS, ledger
from tests.metrics.worksheets import Company, value

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LINE_SUMS = {"mrr": "MRR now", "fx_effect": "FX"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return ledger(Company(tmp_path_factory.mktemp("ledger")))


class TestRevenue:
    @pytest.mark.parametrize("place", LEDGER, ids=lambda place: f"{place[0]}-{place[1]}")
    def test_customers_add_up_to_every_cell_of_the_ledger(self, book: Company, place: tuple[str, str]) -> None:
        found = behind(book, *place[:1], "mrr_growth", place[1])
        changes = dict.fromkeys(("new", "reactivated", "expansion", "contraction", "churned", "unchanged"), 0.0)
        for movement, change in zip(column(found, "Movement"), column(found, "Change"), strict=True):
            changes[str(movement)] += float(str(change))
        new, reactivated, expansion, contraction, churned, fx, mrr, _ = LEDGER[place]
        assert changes == pytest.approx(
            {"new": new, "reactivated": reactivated, "expansion": expansion, "contraction": -contraction,
             "churned": -churned, "unchanged": 0}, abs=0.001
        )  # fmt: skip
        assert total(found, "FX") == pytest.approx(fx, abs=0.001)
        assert total(found, "MRR now") == pytest.approx(mrr, abs=0.001)

    @pytest.mark.parametrize("movement", MOVEMENTS)
    def test_the_rows_of_a_movement_add_up_to_its_cell(self, book: Company, movement: str) -> None:
        found = behind(book, "replay", movement, "2025-04")
        expected = LEDGER["replay", "2025-04"][MOVEMENTS.index(movement)]
        added = total(found, LINE_SUMS.get(movement, "Change"))
        assert abs(added or 0) == pytest.approx(abs(expected), abs=0.001)

    def test_each_customer_is_named_with_how_they_moved(self, book: Company) -> None:
        found = behind(book, "replay", "nrr", "2025-04")
        moved = dict(zip(column(found, "Customer"), column(found, "Movement"), strict=True))
        assert moved == {"A": "expansion", "F": "expansion", "D": "contraction", "E": "churned"}
        changes = dict(zip(column(found, "Customer"), column(found, "Change"), strict=True))
        assert changes == pytest.approx({"A": 50, "F": 18.75, "D": -30, "E": -40})

    def test_who_changed_most_comes_first(self, book: Company) -> None:
        assert column(behind(book, "replay", "nrr", "2025-04"), "Customer") == ["A", "E", "D", "F"]

    def test_who_pays_most_comes_first(self, book: Company) -> None:
        found = behind(book, "replay", "mrr", "2025-02")
        assert column(found, "Customer") == ["A", "B", "F", "D", "E"]
        assert column(found, "MRR now") == pytest.approx([100, 100, 100, 80, 40])

    def test_a_customer_who_came_back_is_told_from_a_new_one(self, book: Company) -> None:
        found = behind(book, "replay", "reactivation_mrr", "2025-05")
        assert (column(found, "Customer"), column(found, "MRR now")) == (["E"], [60.0])
        assert behind(book, "replay", "new_mrr", "2025-05").rows.found == 0  # type: ignore[union-attr]

    def test_moving_to_another_product_is_no_churn_of_all_together(self, book: Company) -> None:
        assert behind(book, "*", "churned_mrr", "2025-05").rows.found == 0  # type: ignore[union-attr]

    def test_the_number_of_rows_is_the_number_of_paying_customers(self, book: Company) -> None:
        for (product, month), row in LEDGER.items():
            assert behind(book, product, "paying_customers", month).rows.found == row[-1]  # type: ignore[union-attr]

    def test_a_cohort_gives_quarterly_retention(self, tmp_path: Path) -> None:
        company = Company(tmp_path)
        for customer, amounts in {"A": (100, 100, 100, 150), "B": (80, 80, 0, 40), "C": (60, 0, 0, 0)}.items():
            company.bill(
                customer,
                *(
                    (f"2025-{i + 2:02d}-05", f"2025-{i + 3:02d}-05", amount)
                    for i, amount in enumerate(amounts)
                    if amount
                ),
            )
        found = behind(company, "replay", "quarterly_nrr", "2025-06", as_of="2025-08-01")
        assert (total(found, "Opening"), total(found, "Closing"), total(found, "Retained")) == (240, 190, 140)
        sheet = company.sheet("2025-08-01")
        assert value(sheet, "replay", "quarterly_nrr", "2025-06") == pytest.approx(190 / 240)
        assert value(sheet, "replay", "quarterly_grr", "2025-06") == pytest.approx(140 / 240)

    def test_only_so_many_rows_are_fetched_and_their_number_is_told(self, book: Company) -> None:
        found = behind(book, "replay", "mrr", "2025-05", most=3)
        assert found.rows is not None
        assert (len(found.rows.rows), found.rows.found) == (3, 8)
        assert total(found, "MRR now") == pytest.approx(625.8333, abs=0.001)

    def test_refunds_are_listed(self, book: Company) -> None:
        found = behind(book, "replay", "refunds", "2025-04")
        assert (column(found, "Customer"), total(found, "In base currency")) == (["G"], 80)

    def test_segments_share_the_value(self, tmp_path: Path) -> None:
        company = Company(tmp_path)
        company.run("create table customer (customer_id VARCHAR, name VARCHAR, segment VARCHAR)")
        company.run("insert into customer values ('A', 'Acme', 'team'), ('B', 'Beta', 'team'), ('C', '=cmd()', '')")
        for customer, before, now in (("A", 100, 60), ("B", 50, 90), ("C", 30, 0)):
            company.bill(customer, ("2025-02-05", "2025-03-05", before))
            if now:
                company.bill(customer, ("2025-03-05", "2025-04-05", now))
        assert segments(behind(company, "replay", "mrr", "2025-04")) == {"team": 150.0}
        churn = behind(company, "replay", "churn_rate", "2025-04")
        assert segments(churn) == {"team": 0.0, "(no segment)": 1.0}
        assert column(churn, "Customer") == ["=cmd()"]
        assert segments(behind(company, "replay", "arpa", "2025-04")) == {"team": 75.0}

    def test_cents_of_a_segment_add_up_in_whatever_order_they_are_read(self, tmp_path: Path) -> None:
        company = Company(tmp_path)
        company.run("create table customer (customer_id VARCHAR, name VARCHAR, segment VARCHAR)")
        for place in range(10):
            company.run(f"insert into customer values ('{place}', '{place}', 'team')")
            company.bill(str(place), ("2025-03-05", "2025-04-05", 0.1))
        company.add(
            "refund",
            "product_id, customer_id, refunded_on, amount",
            [("replay", str(place), "2025-04-12", 0.1) for place in range(10)],
        )
        assert segments(behind(company, "replay", "mrr", "2025-04")) == {"team": 1.0}
        assert segments(behind(company, "replay", "refunds", "2025-04")) == {"team": 1.0}

    def test_shares_are_split_by_sku(self, tmp_path: Path) -> None:
        groups = ProductConfig("replay", "replay", revenue_share={"seats": ("seat",)})
        company = Company(tmp_path, products=(groups,))
        company.bill("A", ("2025-02-05", "2025-03-05", 40), sku="seat")
        company.bill("A", ("2025-02-05", "2025-03-05", 60), sku="storage")
        found = behind(company, "replay", "revenue_share.seats", "2025-03")
        assert (column(found, "SKU"), column(found, "MRR")) == (["seat"], [40.0])


EVENT = "product_id, event, user_id, org_id, occurred_at"


def seen(user: str, org: str | None, *days: str) -> list[tuple[object, ...]]:
    return [("replay", "view", user, org, f"{day} 12:00:00+00") for day in days]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(tmp_path_factory.mktemp("visits"))
    company.add("customer", "customer_id, name, org_id, is_internal", [("c1", "One", "o1", False)])
    company.add("event", EVENT, seen("u1", "o1", "2025-02-10", "2025-03-10", "2025-04-28"))
    company.add("event", EVENT, seen("u2", "o1", "2025-02-11", "2025-04-11"))
    company.add("event", EVENT, seen("u3", "o2", "2025-04-12", "2025-04-13"))
    company.add("event", EVENT, seen("u3", "o1", "2025-04-14"))
    company.add("event", EVENT, seen("u4", None, "2025-03-15"))
    company.add("event", EVENT, seen("u5", None, "2025-04-30"))
    return company


class TestUsage:
    def test_organisations_are_listed_by_users(self, visits: Company) -> None:
        found = behind(visits, "replay", "unique_users", "2025-04")
        listed = dict(zip(column(found, "Organisation"), column(found, "Users"), strict=True))
        assert listed == {"One": 3, "o2": 1, "(no organisation)": 1}
        assert value(visits.sheet(), "replay", "unique_users", "2025-04") == 4

    @pytest.mark.parametrize(
        ("metric", "name", "expected"),
        [
            ("users_new", "New", {"One": 1, "o2": 1, "(no organisation)": 1}),
            ("users_returning", "Returning", {"One": 1}),
            ("users_resurrecting", "Resurrecting", {"One": 1}),
            ("users_dormant", "Dormant", {"(no organisation)": 1}),
        ],
    )
    def test_who_came_and_who_stayed_away(
        self, visits: Company, metric: str, name: str, expected: dict[str, int]
    ) -> None:
        found = behind(visits, "replay", metric, "2025-04")
        listed = dict(zip(column(found, "Organisation"), column(found, name), strict=True))
        assert {org: count for org, count in listed.items() if count} == expected

    def test_the_last_seven_and_thirty_days(self, visits: Company) -> None:
        found = behind(visits, "replay", "wau_mau", "2025-04")
        assert total(found, "7 days") == 2
        assert value(visits.sheet(), "replay", "wau_mau", "2025-04") == pytest.approx(2 / 4)

    def test_cohorts_give_retention(self, visits: Company) -> None:
        found = behind(visits, "replay", "retention_1m", "2025-06", as_of="2025-07-10")
        # March: u1 and u4, u1 again in April. April: four users, nobody in May. May: nobody.
        assert (column(found, "Cohort"), column(found, "Users")) == (["Mar 25", "Apr 25"], [2, 4])
        assert (total(found, "Users"), total(found, "Active again")) == (6, 1)

    def test_days_and_weeks_count_persons_once(self, visits: Company) -> None:
        strip = behind(visits, "replay", "unique_users", "2025-04").strip
        assert strip is not None
        assert (str(strip.days[0]), str(strip.days[-1])) == ("2025-03-20", "2025-04-30")
        # u2 on 11, u3 on 12, 13 and 14, u1 on 28, u5 on 30 April.
        assert {str(day): n for day, n in zip(strip.days, strip.counts, strict=True) if n} == {
            "2025-04-11": 1, "2025-04-12": 1, "2025-04-13": 1, "2025-04-14": 1, "2025-04-28": 1, "2025-04-30": 1,
        }  # fmt: skip
        assert strip.weeks == (0, 0, 0, 2, 0, 2)

    def test_months_without_days_have_no_strip(self, tmp_path: Path) -> None:
        company = Company(tmp_path)
        company.add(
            "event_month",
            "product_id, month, event, user_id, org_id, n",
            [("replay", "2025-03-01", "view", "u1", "o1", 3), ("replay", "2025-04-01", "view", "u1", "o1", 1)],
        )
        found = behind(company, "replay", "users_returning", "2025-04")
        assert (column(found, "Returning"), found.strip) == ([1], None)


def test_activation_is_told_by_criterion(tmp_path: Path) -> None:
    version = ActivationVersion((Criterion("setup"), Criterion("view", 2)))
    company = Company(tmp_path, products=(ProductConfig("replay", "replay", activation=(version,)),))
    company.add(
        "product_intent",
        "product_id, org_id, first_intent_at",
        [
            ("replay", org, f"2025-{month}-03 00:00:00+00")
            for org, month in (("a", "03"), ("b", "03"), ("c", "03"), ("d", "04"))
        ],
    )
    done = (
        ("a", "setup", 4),
        ("a", "view", 5),
        ("a", "view", 6),
        ("b", "setup", 4),
        ("b", "view", 5),
        ("c", "view", 30),
    )
    company.add(
        "event", EVENT, [("replay", event, "u", org, f"2025-03-{day:02d} 00:00:00+00") for org, event, day in done]
    )
    found = behind(company, "replay", "activation_rate", "2025-03")
    assert dict(zip(column(found, "Criterion"), column(found, "Met it"), strict=True)) == {
        "setup": 2, "view x 2": 1, "all criteria: activated": 1,
    }  # fmt: skip
    assert column(found, "Of") == [3, 3, 3]
    assert value(company.sheet(), "replay", "activation_rate", "2025-03") == pytest.approx(1 / 3)


class TestNps:
    def test_the_answers_that_count_are_listed_with_detractors_who_wrote_first(self, tmp_path: Path) -> None:
        company = Company(tmp_path)
        company.run(
            "create table survey_response (response_id VARCHAR, product_id VARCHAR, user_id VARCHAR,"
            " submitted_at TIMESTAMPTZ, score DOUBLE, comment VARCHAR)"
        )
        company.run(
            """insert into survey_response values
            ('1', 'replay', 'u1', '2025-03-10 10:00:00+00', 3, 'too slow'),
            ('2', 'replay', 'u2', '2025-03-11 10:00:00+00', 10, '[/oops] great'),
            ('3', 'replay', 'u3', '2025-03-12 10:00:00+00', 2, null),
            ('4', 'replay', 'u1', '2025-03-05 10:00:00+00', 9, 'earlier answer of the same person'),
            ('5', 'replay', 'u4', '2025-03-02 10:00:00+00', 9, 'before the 28 days'),
            ('6', 'replay', 'u5', '2025-03-20 10:00:00+00', 11, 'no valid score')"""
        )
        found = behind(company, "replay", "nps", "2025-03")
        assert column(found, "Comment") == ["too slow", "[/oops] great", ""]
        assert column(found, "Kind") == ["detractor", "promoter", "detractor"]
        assert value(company.sheet(), "replay", "nps_responses", "2025-03") == 3


class TestSupport:
    @pytest.fixture
    def desk(self, tmp_path: Path) -> Company:
        company = Company(tmp_path)
        columns = (
            "ticket_id, product_id, created_at, priority, first_reply_at, escalated_at, escalation_reply_at, status"
        )
        return company.add(
            "ticket",
            columns,
            [
                # A Monday; high within 12 hours.
                ("1", "replay", "2025-03-03 09:00:00+00", "high", "2025-03-03 10:00:00+00", None, None, "closed"),
                ("2", "replay", "2025-03-03 09:00:00+00", "high", "2025-03-04 10:00:00+00", None, None, "closed"),
                ("3", "replay", "2025-03-04 09:00:00+00", "low", None, None, None, "open"),
                ("4", "replay", "2025-03-05 09:00:00+00", "high", "2025-03-05 09:30:00+00", "2025-03-06 09:00:00+00",
                 "2025-03-07 09:00:00+00", "closed"),
                ("5", "replay", "2025-03-06 09:00:00+00", "high", None, None, None, "spam"),
            ],
        )  # fmt: skip

    def test_tickets_of_the_month_are_listed(self, desk: Company) -> None:
        assert column(behind(desk, "replay", "tickets_created", "2025-03"), "Ticket") == ["4", "3", "1", "2"]
        assert column(behind(desk, "replay", "tickets_escalated", "2025-03"), "Ticket") == ["4"]

    def test_late_replies_come_first(self, desk: Company) -> None:
        found = behind(desk, "replay", "sla", "2025-03")
        assert list(zip(column(found, "Ticket"), column(found, "Verdict"), strict=True)) == [
            ("2", "breached"),
            ("1", "met"),
        ]
        assert value(desk.sheet(), "replay", "sla", "2025-03") == pytest.approx(1 / 2)
        assert column(behind(desk, "replay", "escalated_sla", "2025-03"), "Verdict") == ["met"]


def test_an_imported_value_tells_where_it_came_from(tmp_path: Path) -> None:
    company = Company(tmp_path).add(
        "metric_value",
        "product_id, month, metric, value, n, source, imported_at",
        [
            ("replay", "2025-03-01", "margin", 0.4, None, "sheet 2024", "2025-04-01 00:00:00"),
            ("replay", "2025-03-01", "margin", 0.5, 7, "=cmd()", "2025-05-01 00:00:00"),
            ("replay", "2025-04-01", "margin", 0.6, None, "other month", "2025-05-01 00:00:00"),
        ],
    )
    found = behind(company, "replay", "margin", "2025-03", imported=True)
    assert (column(found, "Value"), column(found, "Source")) == ([0.5, 0.4], ["=cmd()", "sheet 2024"])


def test_a_metric_of_another_kind_says_why_it_has_no_rows(tmp_path: Path) -> None:
    company = Company(tmp_path).bill("A", ("2025-02-05", "2025-03-05", 40))
    found = behind(company, "replay", "my_own", "2025-03")
    assert found.rows is None
    assert "no rows" in found.reason


class TestSourcesThatCannotBeRead:
    """Rows of a file that is away are not rows that do not exist."""

    def gone(self, folder: Path) -> SourceConfig:
        return SourceConfig("gone", folder / "gone.duckdb")

    @pytest.mark.parametrize(("metric", "imported"), [("mrr", False), ("unique_users", False), ("mrr", True)])
    def test_no_rows_and_a_file_that_is_gone_is_an_error(self, tmp_path: Path, metric: str, *, imported: bool) -> None:
        company = Company(tmp_path, sources=(self.gone(tmp_path),))
        with pytest.raises(SourceError, match=r"gone\.duckdb.*does not exist"):
            behind(company, "replay", metric, "2025-03", imported=imported)

    def test_what_another_file_has_is_still_shown(self, tmp_path: Path) -> None:
        company = Company(tmp_path).bill("A", ("2025-02-05", "2025-03-05", 40))
        company.settings["sources"] = (*company.workspace().sources, self.gone(tmp_path))
        assert column(behind(company, "replay", "mrr", "2025-03"), "Customer") == ["A"]


def test_every_metric_of_the_catalogue_has_rows_that_explain_it() -> None:
    planned: dict[str, Collection[str]] = {
        "revenue": REVENUE_ROWS,
        "support": SUPPORT_ROWS,
        "usage": {**USAGE_ROWS, **LAGS},
        "costs": COST_ROWS,
    }
    single = {"revenue_share", "refund", "activation", "nps"}
    for metric in load_catalogue():
        assert metric.query in single or metric.id in planned[metric.query], metric.id


def test_sums_are_promised_only_of_columns_that_are_summed() -> None:
    plans = {**REVENUE_ROWS, **SUPPORT_ROWS, **USAGE_ROWS, **COST_ROWS, "refunds": REFUND_ROWS}
    for metric_id, (heading, _) in ADDS_UP_TO.items():
        plan = plans.get(metric_id)
        assert heading == "" or plan is None or heading in plan.sums, metric_id
