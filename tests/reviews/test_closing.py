"""Closing a review, opening it again, and the walk through its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reviewtui.errors import ReviewError
from reviewtui.metrics.sheet import Metric
from reviewtui.months import Month
from reviewtui.reviews.checklist import Facts
from reviewtui.reviews.closing import closed, missing_for_closing, overrides_before, reopened
from reviewtui.reviews.walkthrough import Reason, routine_words, walk_through
from reviewtui.workspace.kinds.reviews import Review

DAY = date(2026, 11, 5)
READY = Facts(
    unreadable_sources=0,
    changed_sources=0,
    unexplained=0,
    undisposed=0,
    dives_without_finding=0,
    new_todos=0,
    new_todos_without_owner=0,
    todos_without_due=0,
)
EXPORTED = Review(
    id="replay/2026-10", product="replay", review=Month(2026, 10), summary_exported=("markdown",), mode="async"
)


def test_a_review_with_everything_settled_closes() -> None:
    record = closed(EXPORTED, READY, on=DAY, by="ada", closing_id="k1", snapshot="abc")
    assert record.is_closed
    assert record.held_on == DAY
    assert (record.closings[0].by, record.closings[0].snapshot, record.closings[0].overrides) == ("ada", "abc", "")


def test_what_is_missing_is_said_and_keeps_it_open() -> None:
    left = replace(READY, undisposed=1, unexplained=2)
    assert missing_for_closing(None, left) == (
        "1 to-do of earlier reviews waits for a word.",
        "2 anomalies have no explanation.",
        "The summary has not been exported.",
    )
    with pytest.raises(ReviewError, match="2 anomalies have no explanation"):
        closed(EXPORTED, left, on=DAY, by="ada", closing_id="k1")


def test_a_typed_reason_closes_it_nevertheless_and_is_read_at_the_next_review() -> None:
    record = closed(EXPORTED, replace(READY, unexplained=1), on=DAY, by="ada", closing_id="k1", override="Ada is ill.")
    assert record.is_closed
    assert overrides_before([record], "replay", Month(2026, 11)) == ((Month(2026, 10), "Ada is ill."),)
    assert overrides_before([record], "replay", Month(2026, 10)) == ()
    assert overrides_before([record], "other", Month(2026, 11)) == ()


def test_a_reason_that_was_not_needed_is_not_kept() -> None:
    assert closed(EXPORTED, READY, on=DAY, by="ada", closing_id="k1", override="x").closings[0].overrides == ""


def test_a_closed_review_is_not_closed_twice() -> None:
    record = closed(EXPORTED, READY, on=DAY, by="ada", closing_id="k1")
    with pytest.raises(ReviewError, match="closed already"):
        closed(record, READY, on=DAY, by="ada", closing_id="k2")


def test_an_opened_review_keeps_its_history_and_can_be_closed_again() -> None:
    once = closed(EXPORTED, READY, on=DAY, by="ada", closing_id="k1")
    again = reopened(once, on=date(2026, 11, 9), by="eve", why="A late invoice.")
    assert not again.is_closed
    twice = closed(again, READY, on=date(2026, 11, 9), by="eve", closing_id="k2")
    assert twice.is_closed
    assert [(item.id, item.reopened_why) for item in twice.closings] == [("k1", "A late invoice."), ("k2", "")]
    assert twice.held_on == DAY


def test_opening_needs_a_reason_and_a_closed_review() -> None:
    with pytest.raises(ReviewError, match="open"):
        reopened(EXPORTED, on=DAY, by="ada", why="x")
    with pytest.raises(ReviewError, match="Say why"):
        reopened(closed(EXPORTED, READY, on=DAY, by="ada", closing_id="k1"), on=DAY, by="ada", why=" ")


def test_the_walk_starts_with_unexplained_inputs_then_outputs_the_largest_first() -> None:
    metrics = [
        Metric("mrr", "MRR", "revenue", "money"),
        Metric("churn", "Churn", "revenue", "percent"),
        Metric("users", "Users", "usage", "count", kind="input"),
        Metric("tickets", "Tickets", "support", "count", kind="input"),
        Metric("nps", "NPS", "nps", "score"),
        Metric("sla", "SLA", "support", "percent"),
    ]
    walk = walk_through(
        metrics,
        {"mrr": 1.2, "churn": 4.0, "tickets": 1.1, "users": 1.1},
        {Reason.NOTED: ["nps", "mrr"], Reason.RESTATED: ["nps"]},
    )
    assert [(stop.metric.id, stop.reason) for stop in walk.stops] == [
        ("users", Reason.UNEXPLAINED),
        ("tickets", Reason.UNEXPLAINED),
        ("churn", Reason.UNEXPLAINED),
        ("mrr", Reason.UNEXPLAINED),
        ("nps", Reason.RESTATED),
    ]
    assert [metric.id for metric in walk.routine] == ["sla"]
    assert routine_words(walk) == "1 metric within routine variation."


def test_a_metric_without_a_value_is_not_within_routine_variation() -> None:
    metrics = [Metric(name, name, "revenue", "money") for name in ("mrr", "arr", "nps")]
    assert routine_words(walk_through(metrics, {}, {}, {"nps"})) == (
        "2 metrics within routine variation, 1 without a value."
    )
    assert routine_words(walk_through(metrics[:1], {}, {}, {"mrr"})) == "1 metric without a value."
    assert routine_words(walk_through(metrics[:1], {"mrr": 2.0}, {}, {"mrr"})) == "Every metric is an exception."
