"""Each hidden story is in the raw data, in the month that `fixtures/demo/stories.toml` gives it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from reviewtui.demo.stories import load_stories
from reviewtui.demo.timeline import LATEST
from tests.demo.conftest import TIMELINE

if TYPE_CHECKING:
    from datetime import date

    from tests.demo.conftest import Query

STORIES = load_stories()
KEY_ACTIONS = {
    "forms": ["form published", "submission received"],
    "flows": ["flow switched on", "flow run reviewed"],
    "assist": ["answer accepted"],
    "texts": ["campaign sent"],
}
MRR = """
    WITH line AS (
        SELECT l.*, greatest(1, round((period_end - period_start) / 30.44))::INTEGER AS months
        FROM invoice_line l ANTI JOIN (FROM customer WHERE is_internal) USING (customer_id)
        WHERE kind = 'recurring' AND subscription_id IS NOT NULL AND status IN ('paid', 'open')
    ), slice AS (
        SELECT product_id, customer_id, currency, amount / months AS amount,
               (date_trunc('month', period_end) - to_months(unnest(range(months))::INTEGER))::DATE AS month
        FROM line
    )
    SELECT product_id, customer_id, month, sum(amount * coalesce(rate_to_base, 1)) AS mrr
    FROM slice LEFT JOIN fx_rate USING (month, currency) GROUP BY ALL
"""


def first_day(story: str, later: int = 0) -> date:
    return TIMELINE.month(STORIES[story].first + later).first_day


def mrr(query: Query, product: str) -> list[float]:
    rows = query(f"SELECT month, sum(mrr) FROM ({MRR}) WHERE product_id = ? GROUP BY month ORDER BY month", product)
    by_month: dict[date, Any] = dict(rows)
    return [by_month.get(TIMELINE.month(index).first_day, 0.0) for index in range(LATEST + 1)]


def growth(query: Query, product: str, first: int = 0) -> list[float]:
    return [after / before - 1 for before, after in itertools.pairwise(mrr(query, product)[first:])]


def users(query: Query, product: str) -> list[int]:
    rows = query(
        "SELECT date_trunc('month', occurred_at)::DATE, count(DISTINCT user_id) FROM event"
        " WHERE product_id = ? AND list_contains(?, event) GROUP BY ALL",
        product,
        KEY_ACTIONS[product],
    )
    by_month: dict[date, Any] = dict(rows)
    return [by_month.get(TIMELINE.month(index).first_day, 0) for index in range(LATEST + 2)]


def per_month(query: Query, sql: str, product: str) -> list[float]:
    by_month: dict[date, Any] = dict(query(sql, product))
    return [float(by_month.get(TIMELINE.month(index).first_day, 0)) for index in range(LATEST + 1)]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def test_every_story_says_what_happened_and_when() -> None:
    for story in STORIES.values():
        assert story.what.endswith(".")
        assert story.metrics
        assert 0 < story.first <= LATEST


@pytest.mark.parametrize(
    ("product", "starts", "slowest", "fastest"),
    [("forms", 0, 0.005, 0.03), ("flows", 0, 0.06, 0.095), ("assist", 26, 0.15, 0.25), ("texts", 0, -0.04, -0.008)],
)
def test_products_grow_as_their_stage_promises(
    query: Query, product: str, starts: int, slowest: float, fastest: float
) -> None:
    assert slowest < mean(growth(query, product, starts)) < fastest


def test_the_mature_product_is_the_large_one(query: Query) -> None:
    assert 400_000 < mrr(query, "forms")[LATEST] < 620_000
    assert mrr(query, "assist")[:26] == [0.0] * 26
    assert mrr(query, "assist")[26] > 0


def test_the_whale_leaves_one_product_and_stays_in_another(query: Query) -> None:
    index = STORIES["whale"].first
    rows = query(
        f"SELECT product_id, month, mrr FROM ({MRR}) JOIN customer USING (customer_id)"
        " WHERE name = 'Brackenhall Assurance'"
    )
    held = {(product, month): amount for product, month, amount in rows}
    before = mrr(query, "forms")[index - 1]
    assert held["forms", first_day("whale", -1)] / before > 0.07
    assert ("forms", first_day("whale")) not in held
    assert ("flows", first_day("whale")) in held
    assert growth(query, "forms")[index - 1] < -0.03


def test_the_launch_lifts_revenue_and_users_for_good(query: Query) -> None:
    index = STORIES["launch"].first
    assert growth(query, "flows")[index - 1] > 0.12
    counted = users(query, "flows")
    assert min(counted[index : index + 4]) > 1.25 * counted[index - 1]
    assert query(
        "SELECT min(occurred_at)::DATE >= ? FROM event WHERE event = 'blueprint applied'", first_day("launch")
    ) == [(True,)]


def test_the_broken_event_hides_two_users_in_three_for_one_month(query: Query) -> None:
    index = STORIES["broken_event"].first
    counted = users(query, "flows")
    assert 0.25 < counted[index] / counted[index - 1] < 0.45
    assert counted[index + 1] > counted[index - 1]
    assert growth(query, "flows")[index - 1] > 0.04


def test_the_dip_of_the_score_comes_with_comments_and_slow_answers(query: Query) -> None:
    index = STORIES["nps_dip"].first
    score = per_month(
        query,
        "SELECT date_trunc('month', submitted_at)::DATE, 100.0 * (count(*) FILTER (score BETWEEN 9 AND 10)"
        " - count(*) FILTER (score <= 6)) / count(*) FROM survey_response WHERE product_id = ? GROUP BY ALL",
        "forms",
    )
    assert score[index] < -10
    assert min(score[index - 3 : index] + score[index + 1 : index + 4]) > 15
    said: dict[date, int] = dict(
        query(
            "SELECT date_trunc('month', submitted_at)::DATE, count(*) FROM survey_response"
            " WHERE comment ILIKE '%draft%' OR comment ILIKE '%saving fails%' GROUP BY ALL"
        )
    )
    assert set(said) == {first_day("nps_dip")}
    assert said[first_day("nps_dip")] > 8
    tickets = per_month(
        query,
        "SELECT date_trunc('month', created_at)::DATE, count(*) FROM ticket WHERE product_id = ? GROUP BY ALL",
        "forms",
    )
    assert tickets[index] > 1.4 * tickets[index - 1]


def test_the_tag_of_one_component_falls_to_nothing_while_its_cost_does_not(query: Query) -> None:
    story = STORIES["tagging_break"]
    tagged = per_month(
        query,
        "SELECT date_trunc('month', day)::DATE, sum(amount) FROM cost_line"
        " WHERE list_contains(tags, ? || '-workers') GROUP BY ALL",
        "flows",
    )
    cost = per_month(
        query,
        "SELECT date_trunc('month', day)::DATE, sum(amount) FROM cost_line"
        " WHERE service = ? || '-workers' GROUP BY ALL",
        "flows",
    )
    months = range(story.first, story.first + story.months)
    assert [tagged[index] for index in months] == [0.0, 0.0]
    assert [index for index in range(LATEST + 1) if tagged[index] == 0.0] == list(months)
    assert min(cost[index] for index in months) > 0.9 * cost[story.first - 1]


def test_events_and_tickets_of_one_product_stop_while_its_invoices_go_on(query: Query) -> None:
    stops = first_day("data_stops")
    for sql in (
        "SELECT max(occurred_at)::DATE FROM event WHERE product_id = 'texts'",
        "SELECT max(greatest(created_at, escalated_at, solved_at))::DATE FROM ticket WHERE product_id = 'texts'",
    ):
        [(newest,)] = query(sql)
        assert newest < stops
        assert (stops - newest).days <= 4
    assert query(
        "SELECT count(*) FROM ticket_event JOIN ticket USING (ticket_id) WHERE product_id = 'texts' AND \"at\" >= ?",
        stops,
    ) == [(0,)]
    assert query("SELECT max(period_end) > ? FROM invoice_line WHERE product_id = 'texts'", stops) == [(True,)]


def test_the_price_rise_expands_revenue_in_one_month(query: Query) -> None:
    index = STORIES["price"].first
    rates = growth(query, "forms")
    assert rates[index - 1] > 0.03
    assert rates[index - 1] > max(rates[index - 2], rates[index])


def test_the_large_refund_is_worth_a_flag_and_does_not_move_revenue(query: Query) -> None:
    index = STORIES["big_refund"].first
    [(month, amount)] = query(
        "SELECT date_trunc('month', refunded_on)::DATE, amount FROM refund WHERE currency = 'USD'"
        " ORDER BY amount DESC LIMIT 1"
    )
    assert month == first_day("big_refund")
    assert float(amount) > 0.02 * mrr(query, "forms")[index]
    assert growth(query, "forms")[index - 1] > -0.01


def activation(query: Query, product: str, wanted: dict[str, int]) -> list[float]:
    met = " AND ".join(
        "(SELECT count(*) FROM event e WHERE e.org_id = i.org_id AND e.product_id = i.product_id"
        f" AND e.event = '{event}'"
        f" AND e.occurred_at BETWEEN first_intent_at AND first_intent_at + INTERVAL 336 HOUR) >= {count}"
        for event, count in wanted.items()
    )
    return per_month(
        query,
        "SELECT date_trunc('month', first_intent_at)::DATE,"
        f" count(*) FILTER ({met}) / count(*) FROM product_intent i WHERE product_id = ? GROUP BY ALL",
        product,
    )


def test_activation_falls_when_it_is_defined_more_strictly(query: Query) -> None:
    index = STORIES["activation_change"].first
    loose = activation(query, "flows", {"flow switched on": 1})
    strict = activation(query, "flows", {"flow switched on": 1, "flow run reviewed": 2})
    assert 0.55 < mean(loose[index - 6 : index]) < 0.9
    assert mean(loose[index - 6 : index]) > mean(strict[index : index + 6]) + 0.05
    assert 0.3 < mean(strict[index : index + 6]) < 0.7


@pytest.mark.parametrize(
    ("product", "wanted", "first"),
    [("forms", {"form published": 1, "submission received": 2}, 0), ("assist", {"answer accepted": 3}, 26)],
)
def test_about_half_of_those_who_try_a_product_get_going(
    query: Query, product: str, wanted: dict[str, int], first: int
) -> None:
    assert 0.25 < mean(activation(query, product, wanted)[first:]) < 0.65


@pytest.mark.parametrize("product", ["forms", "flows", "texts"])
def test_most_users_come_back_a_month_later(query: Query, product: str) -> None:
    [(back, active)] = query(
        "WITH m AS (SELECT DISTINCT user_id, date_trunc('month', occurred_at)::DATE AS month FROM event"
        " WHERE product_id = $1 AND list_contains($2, event) AND occurred_at < $3)"
        " SELECT count(b.user_id), count(*) FROM m a LEFT JOIN m b ON b.user_id = a.user_id"
        " AND b.month = (a.month + INTERVAL 1 MONTH)::DATE WHERE a.month < $4",
        product,
        KEY_ACTIONS[product],
        first_day("broken_event"),
        first_day("broken_event", -1),
    )
    assert 0.5 < back / active < 0.92
