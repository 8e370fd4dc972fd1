"""What is in the demo's tables: every canonical kind, the promised volumes, and references that lead somewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from reviewtui.sources.canonical import CANONICAL_TABLES, TABLES_BY_NAME
from tests.demo.conftest import AS_OF, TIMELINE

if TYPE_CHECKING:
    from tests.demo.conftest import Query

LEFT_OUT = {"subscription_period", "event_month", "cost_week"}
"""Alternatives to tables that the demo has."""

TABLES = [table.name for table in CANONICAL_TABLES if table.name not in LEFT_OUT]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_all_columns_of_its_canonical_form_and_rows(query: Query, name: str) -> None:
    columns = {row[0] for row in query(f"DESCRIBE {name}")}
    assert columns == set(TABLES_BY_NAME[name].column_names)
    assert query(f"SELECT count(*) > 0 FROM {name}") == [(True,)]


@pytest.mark.parametrize("name", [name for name in TABLES if TABLES_BY_NAME[name].key])
def test_keys_are_unique(query: Query, name: str) -> None:
    key = TABLES_BY_NAME[name].key
    assert query(f"SELECT count(*) - count(DISTINCT {key}) FROM {name}") == [(0,)]


@pytest.mark.parametrize("name", TABLES)
def test_required_columns_are_never_empty(query: Query, name: str) -> None:
    for column in TABLES_BY_NAME[name].required:
        assert query(f'SELECT count(*) FROM {name} WHERE "{column}" IS NULL') == [(0,)], column


@pytest.mark.parametrize(
    ("name", "fewest", "most"),
    [
        ("event", 270_000, 330_000),
        ("invoice_line", 17_000, 24_000),
        ("survey_response", 3_000, 6_000),
        ("ticket", 6_000, 10_000),
        ("cost_line", 20_000, 30_000),
        ("customer", 500, 1_200),
    ],
)
def test_volumes_at_scale_one(query: Query, name: str, fewest: int, most: int) -> None:
    [(count,)] = query(f"SELECT count(*) FROM {name}")
    assert fewest <= count <= most


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("subscription", "customer_id", "customer"),
        ("invoice_line", "customer_id", "customer"),
        ("invoice_line", "subscription_id", "subscription"),
        ("refund", "customer_id", "customer"),
        ("refund", "invoice_id", "invoice_line"),
        ("usage_day", "customer_id", "customer"),
        ("ticket_event", "ticket_id", "ticket"),
        ("ticket", "requester_id", "event"),
        ("product_intent", "product_id", "subscription"),
        ("event", "product_id", "subscription"),
    ],
)
def test_references_lead_somewhere(query: Query, table: str, column: str, target: str) -> None:
    goal = "user_id" if column == "requester_id" else column
    [(lost, total)] = query(
        f"SELECT count(*) FILTER (NOT EXISTS (FROM {target} t WHERE t.{goal} = x.{column})), count(*)"
        f" FROM {table} x WHERE x.{column} IS NOT NULL"
    )
    # A person around may have done nothing that is recorded; everything else is exact.
    assert lost <= (total * 0.15 if column == "requester_id" else 0)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("event", "occurred_at"),
        ("ticket", "created_at"),
        ("ticket", "solved_at"),
        ("ticket_event", "at"),
        ("survey_response", "submitted_at"),
        ("product_intent", "first_intent_at"),
        ("subscription", "started_on"),
        ("invoice_line", "paid_on"),
        ("usage_day", "day"),
        ("cost_line", "day"),
        ("query_log", "day"),
    ],
)
def test_nothing_is_known_of_the_as_of_day_or_later(query: Query, table: str, column: str) -> None:
    [(newest,)] = query(f'SELECT max("{column}")::DATE FROM {table}')
    assert AS_OF - timedelta(days=3) <= newest < AS_OF


@pytest.mark.parametrize("table", ["usage_day", "cost_line", "query_log"])
def test_daily_tables_cover_every_day_from_the_first_month(query: Query, table: str) -> None:
    days = (AS_OF - TIMELINE.first_day).days
    assert query(f"SELECT min(day), count(DISTINCT day) FROM {table}") == [(TIMELINE.first_day, days)]


def test_events_are_in_order_of_time(query: Query) -> None:
    steps_back = "SELECT occurred_at < lag(occurred_at) OVER (ORDER BY rowid) AS is_back FROM event"
    assert query(f"SELECT count(*) FROM ({steps_back}) WHERE is_back") == [(0,)]


@pytest.mark.parametrize(
    ("table", "column"),
    [("invoice_line", "period_end"), ("refund", "refunded_on"), ("event", "occurred_at"), ("metric_value", "month")],
)
def test_the_data_begins_with_the_first_of_36_months(query: Query, table: str, column: str) -> None:
    first = TIMELINE.first_day
    assert query(f"SELECT min({column})::DATE BETWEEN ? AND ? FROM {table}", first, first + timedelta(30)) == [(True,)]


def test_every_product_is_invoiced_in_the_latest_complete_month(query: Query) -> None:
    [(products,)] = query(
        "SELECT count(DISTINCT product_id) FROM invoice_line WHERE period_end >= ? AND period_end < ?",
        TIMELINE.month(35).first_day,
        TIMELINE.month(36).first_day,
    )
    assert products == 4


def test_lines_end_on_the_anniversaries_of_their_subscription(query: Query) -> None:
    sql = """
        SELECT count(*) FROM invoice_line l JOIN subscription s USING (subscription_id)
        WHERE l.kind = 'recurring' AND l.period_end <>
            (s.started_on + to_months(datediff('month', s.started_on, l.period_end)::INTEGER))::DATE
    """
    assert query(sql) == [(0,)]


def test_the_open_month_is_invoiced_in_part_and_metered_for_the_rest(query: Query) -> None:
    opens = TIMELINE.month(36).first_day
    [(invoiced,)] = query(
        "SELECT count(DISTINCT customer_id) FROM invoice_line WHERE period_end >= ? AND period_end < ?", opens, AS_OF
    )
    [(metered, revenue)] = query(
        "SELECT count(DISTINCT customer_id), sum(revenue) FROM usage_day WHERE day >= ? AND customer_id IS NOT NULL",
        opens,
    )
    assert invoiced > 100
    assert metered > invoiced
    assert revenue > 100_000


def test_metered_revenue_of_a_closed_period_is_what_its_invoice_says(query: Query) -> None:
    sql = """
        WITH one AS (
            SELECT customer_id, product_id FROM subscription GROUP BY ALL HAVING count(*) = 1
        ), billed AS (
            SELECT customer_id, product_id, sum(amount) AS amount,
                   min(period_start) AS starts, max(period_end) AS ends
            FROM invoice_line SEMI JOIN one USING (customer_id, product_id)
            WHERE kind = 'recurring' AND currency = 'USD' AND status IN ('paid', 'open')
            GROUP BY invoice_id, customer_id, product_id
        )
        SELECT count(*), max(abs(b.amount - (
            SELECT sum(revenue) FROM usage_day u
            WHERE u.customer_id = b.customer_id AND u.product_id = b.product_id
              AND u.day >= b.starts AND u.day < b.ends)))
        FROM billed b WHERE amount > 0 AND starts >= ? AND ends - starts <= 31
    """
    [(periods, largest_gap)] = query(sql, TIMELINE.month(34).first_day)
    assert periods > 100
    assert float(largest_gap) < 0.05


def test_billing_has_its_oddities(query: Query) -> None:
    facts = {
        "free trials": "SELECT count(*) FROM invoice_line WHERE kind = 'recurring' AND amount = 0",
        "negative lines": "SELECT count(*) FROM invoice_line WHERE kind = 'recurring' AND amount < 0",
        "void lines": "SELECT count(*) FROM invoice_line WHERE status = 'void'",
        "lost invoices": "SELECT count(*) FROM invoice_line WHERE status = 'uncollectible'",
        "tax": "SELECT count(*) FROM invoice_line WHERE kind = 'tax'",
        "one-off": "SELECT count(*) FROM invoice_line WHERE kind = 'one_off' AND subscription_id IS NULL",
        "annual": "SELECT count(*) FROM invoice_line WHERE period_end - period_start >= 365",
        "yen": "SELECT count(*) FROM invoice_line WHERE currency = 'JPY' AND amount = round(amount)",
        "euro": "SELECT count(*) FROM invoice_line WHERE currency = 'EUR'",
        "internal": "SELECT count(*) - 1 FROM customer WHERE is_internal",
        "several products": "SELECT count(*) FROM (SELECT customer_id FROM subscription GROUP BY ALL"
        " HAVING count(DISTINCT product_id) > 1)",
        "several subscriptions of one product": "SELECT count(*) FROM (SELECT customer_id FROM subscription"
        " GROUP BY customer_id, product_id HAVING count(*) > 1)",
        "came back": "SELECT count(*) FROM subscription a JOIN subscription b USING (customer_id, product_id)"
        " WHERE b.started_on > a.ended_on + 31",
        "formula name": "SELECT count(*) FROM customer WHERE name = '=cmd()'",
        "Japanese name": "SELECT count(*) FROM customer WHERE name = '架空製作所'",
        "Arabic name": "SELECT count(*) FROM customer WHERE name = 'شركة المثال للتجارة'",
        "bracket metric": "SELECT count(*) FROM metric_value WHERE metric = 'docs score [0-10]'",
    }
    assert [name for name, sql in facts.items() if query(sql)[0][0] < 1] == []


def test_exchange_rates_move_and_cover_every_month(query: Query) -> None:
    for currency, months, different in query(
        "SELECT currency, count(*), count(DISTINCT rate_to_base) FROM fx_rate WHERE month >= ? GROUP BY currency",
        TIMELINE.first_day,
    ):
        assert (currency, months) in {("EUR", 37), ("JPY", 37)}
        assert different > 30


def test_weekends_are_quiet(query: Query) -> None:
    [(weekend, all_days)] = query("SELECT count(*) FILTER (isodow(occurred_at) >= 6), count(*) FROM event")
    assert 0.03 < weekend / all_days < 0.15


def test_ticket_moments_follow_one_another(query: Query) -> None:
    assert query(
        "SELECT count(*) FROM ticket WHERE first_reply_at < created_at OR escalated_at < created_at"
        " OR escalation_reply_at < escalated_at OR solved_at < first_reply_at"
        " OR (escalated_at IS NULL) <> (escalation_priority IS NULL)"
    ) == [(0,)]
