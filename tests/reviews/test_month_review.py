"""A review from its first word to its closing, on real files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest

from reviewtui.anomalies.judge import judge_sheet
from reviewtui.errors import ReviewError
from reviewtui.metrics.sheet import Cell, Metric, MetricSheet, Product, Status
from reviewtui.months import Month, month_span
from reviewtui.reviews import saving
from reviewtui.reviews.month_review import MonthReview
from reviewtui.reviews.walkthrough import Reason
from reviewtui.screens.review_rows import review_rows
from reviewtui.widgets.list_layout import SectionLine, lines_of
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.dives import DIVES
from reviewtui.workspace.kinds.explanations import EXPLANATIONS
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.load import load_workspace
from reviewtui.workspace.store import RecordStore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIRST, OCTOBER = Month(2024, 1), Month(2026, 10)
TODAY = date(2026, 11, 5)
MONTHS = month_span(FIRST, Month(2026, 11))


def row(values: Mapping[Month, float] | None = None) -> tuple[Cell, ...]:
    """A quiet row, 100 in one month and 101 in the next, but for `values`; the open month has none yet."""
    cells = [Cell((values or {}).get(month, 100.0 + place % 2), Status.OK) for place, month in enumerate(MONTHS[:-1])]
    return (*cells, Cell(None, Status.PARTIAL))


def sheet() -> MetricSheet:
    """Two products; the MRR of replay leaps in October."""
    metrics = (
        Metric("mrr", "MRR", "revenue", "money"),
        Metric("tickets", "Tickets", "support", "count", kind="input"),
        Metric("nps", "NPS", "nps", "score"),
    )
    return MetricSheet(
        as_of=TODAY,
        months=MONTHS,
        products=(Product("replay", "Replay", "growth", "replay"), Product("flags", "Flags", "", "flags")),
        metrics=metrics,
        rows={
            ("replay", "mrr"): row({OCTOBER: 180.0}),
            ("replay", "tickets"): row({OCTOBER: 190.0}),
            ("replay", "nps"): row(),
            ("flags", "mrr"): row(),
        },
    )


@pytest.fixture
def store(tmp_path: Path) -> RecordStore:
    """The records of an empty workspace."""
    (tmp_path / "reviewtui.toml").write_text("schema = 1\n")
    return RecordStore(tmp_path, me="ada", random=Random(7))


def review_of(store: RecordStore, month: Month = OCTOBER) -> MonthReview:
    numbers = sheet()
    return MonthReview(numbers, judge_sheet(numbers), store.load(), numbers.products[0], month, TODAY)


def explain(store: RecordStore, metric: str, verdict: str = "explained") -> None:
    facts = {"metric": metric, "month": OCTOBER, "verdict": verdict, "reason": "A campaign.", "said_on": TODAY}
    store.create(EXPLANATIONS, "replay", facts, TODAY, review=OCTOBER)


def test_a_review_starts_with_what_is_out_of_range_inputs_first(store: RecordStore) -> None:
    review = review_of(store)
    assert [item.metric.id for item in review.unexplained] == ["tickets", "mrr"]
    assert [stop.metric.id for stop in review.walk.stops] == ["tickets", "mrr"]
    assert [metric.id for metric in review.walk.routine] == ["nps"]
    assert (review.term.ordinal, review.term.quarter.label, review.mode) == (2, "Q4 2026", "sync")


def test_a_word_on_an_anomaly_moves_it_among_the_explained(store: RecordStore) -> None:
    explain(store, "tickets")
    explain(store, "mrr", "unknown")
    review = review_of(store)
    assert review.unexplained == ()
    assert {stop.metric.id: stop.reason for stop in review.walk.stops} == {
        "tickets": Reason.EXPLAINED,
        "mrr": Reason.EXPLAINED,
    }


def test_what_only_follows_is_open_until_what_it_follows_from_has_a_word(store: RecordStore) -> None:
    numbers = sheet()
    numbers = replace(numbers, metrics=(*numbers.metrics, Metric("arr", "ARR", "revenue", "money")))
    numbers = numbers.with_rows({("replay", "arr"): row({OCTOBER: 180.0})})

    def stop_of_arr() -> tuple[Reason, str, bool]:
        review = replace(review_of(store), sheet=numbers, judgements=judge_sheet(numbers))
        (stop,) = [stop for stop in review.walk.stops if stop.metric.id == "arr"]
        return stop.reason, review.follows_words("arr"), review.is_open(stop)

    assert stop_of_arr() == (Reason.FOLLOWS, "follows from MRR", True)
    explain(store, "mrr")
    assert stop_of_arr() == (Reason.FOLLOWS, "follows from MRR", False)


def test_the_section_of_exceptions_counts_exceptions_only(store: RecordStore) -> None:
    titles = [line for line in lines_of(review_rows(review_of(store))) if isinstance(line, SectionLine)]
    assert SectionLine("Exceptions", 2) in titles


def test_a_comment_is_a_reason_to_stop(store: RecordStore) -> None:
    facts = {"metric": "nps", "month": OCTOBER, "text": "Why?", "said_on": TODAY, "kind": "question"}
    store.create(COMMENTS, "replay", facts, TODAY, review=OCTOBER)
    assert [stop.reason for stop in review_of(store).walk.stops if stop.metric.id == "nps"] == [Reason.NOTED]


def test_what_was_due_waits_for_a_word_and_what_was_done_is_told(store: RecordStore) -> None:
    facts = {"title": "Ask billing", "owner": "ada", "created_on": date(2026, 10, 3), "due": OCTOBER}
    todo = store.create(TODOS, "replay", facts, date(2026, 10, 3))
    review = review_of(store)
    assert (review.undisposed, review.last_time) == ((todo,), (todo,))
    done = store.save(todo, {"state": "done", "evidence": "They answered."}).record
    review = review_of(store)
    assert (review.undisposed, review.last_time) == ((), (done,))


def test_a_deep_dive_meant_for_the_review_needs_a_finding(store: RecordStore) -> None:
    facts = {"question": "Why?", "proposed_on": TODAY, "target_review": OCTOBER}
    dive = store.create(DIVES, "replay", facts, TODAY)
    assert review_of(store).facts.dives_without_finding == 1
    store.save(dive, {"state": "done", "finding": "A campaign."})
    assert review_of(store).facts.dives_without_finding == 0


def test_closing_freezes_the_numbers_and_needs_everything_settled(store: RecordStore) -> None:
    workspace = load_workspace(store.root)
    with pytest.raises(ReviewError, match="2 anomalies have no explanation"):
        saving.close(review_of(store), store, workspace)
    assert not list(store.root.rglob("snapshot.toml"))
    explain(store, "tickets")
    explain(store, "mrr")
    saving.exported(review_of(store), store, "markdown")
    record = saving.close(review_of(store), store, workspace)
    assert record.is_closed
    [snapshot] = load_workspace(store.root).snapshots
    seen = snapshot.seen("mrr", OCTOBER)
    assert seen is not None
    assert (seen.value, snapshot.taken_on) == (180.0, TODAY)
    assert review_of(store).streak == 1


def test_a_closed_review_changes_only_after_it_was_opened_and_keeps_what_it_froze(store: RecordStore) -> None:
    workspace = load_workspace(store.root)
    saving.close(review_of(store), store, workspace, "In a hurry.")
    with pytest.raises(ReviewError, match="closed"):
        saving.changed(review_of(store), store, {"verdict": "Fine."})
    saving.reopen(review_of(store), store, "A late invoice.")
    saving.changed(review_of(store), store, {"verdict": "Fine."})
    later = review_of(store)
    other = replace(later, sheet=later.sheet.with_rows({("replay", "mrr"): row({OCTOBER: 200.0})}))
    record = saving.close(other, store, workspace, "In a hurry.")
    assert [bool(item.reopened_why) for item in record.closings] == [True, False]
    folder = store.root / "products" / "replay" / "reviews" / "2026-10"
    assert sorted(path.name for path in folder.glob("snapshot*")) == [
        next(path.name for path in folder.glob("snapshot-*.toml")),
        "snapshot.toml",
    ]
    [snapshot] = load_workspace(store.root).snapshots
    assert snapshot.seen("mrr", OCTOBER) == (200.0, "ok")


def test_answers_and_ticks_are_kept(store: RecordStore) -> None:
    saving.answered(review_of(store), store, "yield", "Users want search.")
    saving.answered(review_of(store), store, "shipped", "Nothing yet.")
    saving.answered(review_of(store), store, "shipped", "")
    saving.tick(review_of(store), store, "comments_invited", done=True)
    review = review_of(store)
    assert review.record is not None
    assert [(answer.id, answer.text) for answer in review.record.answers] == [("yield", "Users want search.")]
    assert [line.item.id for line in review.checklist if line.item.done] == ["comments_invited"]
    assert review.focus_lacks == (
        "What was learned from what shipped this quarter?",
        "What must be understood before the next quarter is planned?",
        "No question for the reviews to come has been written down.",
    )
