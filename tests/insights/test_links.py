"""Evidence leads both ways."""

from __future__ import annotations

from datetime import date

from reviewtui.insights.links import (
    SaidIndex,
    back_links,
    cell_of,
    cell_ref,
    lacks_contradiction,
    mentions,
    ref_parts,
    said_months,
)
from reviewtui.months import Month
from reviewtui.workspace.kinds.todos import Todo
from reviewtui.workspace.kinds.visits import Account, Visit
from tests.insights.samples import Evidence, Quote, dive, interview, records

MARCH = Month(2026, 3)


def test_a_reference_names_a_record_and_perhaps_a_quote() -> None:
    """Cells are named by metric and month."""
    assert ref_parts("i-260310-0001#q1") == ("i-260310-0001", "q1")
    assert ref_parts(" i-260310-0001 ") == ("i-260310-0001", "")
    assert cell_of(cell_ref("churn_rate", MARCH)) == ("churn_rate", MARCH)
    assert cell_of("churn_rate@soon") is None
    assert cell_of("@2026-03") is None


def test_what_users_said_about_a_metric_around_a_month() -> None:
    """The nearest first, then the newest; of an interview with quotes only the quotes that speak to it."""
    whole = interview(1, metrics=("churn_rate",), held_on=date(2026, 2, 3))
    quoted = interview(
        2,
        metrics=("churn_rate",),
        quotes=(
            Quote(id="q1", text="We may leave.", metrics=("churn_rate",), stance="supports"),
            Quote(id="q2", text="Nice colours.", metrics=("nps",)),
            Quote(
                id="q3", text="Last year was bad.", metrics=("churn_rate",), month=Month(2025, 1), until=Month(2025, 12)
            ),
        ),
    )
    far = interview(3, metrics=("churn_rate",), held_on=date(2026, 5, 1))
    elsewhere = interview(4, metrics=("churn_rate",), products=("replay",))
    general = interview(5, metrics=("churn_rate",), products=(), held_on=date(2026, 3, 20))
    given = records(whole, quoted, far, elsewhere, general)
    found = mentions(given, "web", "churn_rate", MARCH)
    assert [(item.interview.id, item.quote and item.quote.id, item.distance, item.stance) for item in found] == [
        (general.id, None, 0, "context"),
        (quoted.id, "q1", 0, "supports"),
        (whole.id, None, 1, "context"),
    ]
    assert [item.quote.id for item in mentions(given, "web", "churn_rate", Month(2025, 6)) if item.quote] == ["q3"]
    assert {item.interview.id for item in mentions(given, "*", "churn_rate", MARCH, around=0)} >= {elsewhere.id}


def test_the_grid_knows_the_months_somebody_spoke_about() -> None:
    """Two people in a month count as two; a quote over several months counts in each."""
    given = records(
        interview(1, metrics=("mrr",)),
        interview(2, quotes=(Quote(id="q", text="x", metrics=("mrr", "nps"), month=Month(2026, 2), until=MARCH),)),
        interview(3, metrics=("mrr",), products=("replay",)),
    )
    assert said_months(given, "web") == {"mrr": {MARCH: 2, Month(2026, 2): 1}, "nps": {Month(2026, 2): 1, MARCH: 1}}


def test_a_look_up_counts_what_was_said_in_a_run_of_months() -> None:
    """A quarter has the sum of its months."""
    index = SaidIndex(records(interview(1, metrics=("mrr",)), interview(2, metrics=("mrr",), held_on=date(2026, 1, 2))))
    assert index.count("web", "mrr", Month(2026, 1), MARCH) == 2
    assert index.count("web", "mrr", MARCH, MARCH) == 1
    assert index.count("web", "nps", MARCH, MARCH) == 0
    assert index.count("replay", "mrr", MARCH, MARCH) == 0


def test_a_quote_about_all_of_time_is_about_ten_years() -> None:
    """A slip of the pen in a file does not fill the memory."""
    given = records(
        interview(quotes=(Quote(id="q", text="x", metrics=("mrr",), month=Month(2020, 1), until=Month(9999, 12)),))
    )
    assert len(said_months(given, "web")["mrr"]) == 121


def test_a_record_knows_who_points_at_it() -> None:
    """Dives, quotes, to-dos and visits."""
    held = interview()
    using = dive(evidence=(Evidence(id="e1", kind="interview", ref=f"{held.id}#q1", stance="contradicts"),))
    todo = Todo(id="t-260311-0001", title="Ask", created_on=date(2026, 3, 11), origin=held.id)
    visit = Visit(
        id="v-260301-0001",
        city="Berlin",
        starts_on=date(2026, 3, 9),
        accounts=(Account(id="a1", company="Acme", interview=held.id),),
    )
    other = interview(2, quotes=(Quote(id="q9", text="x", refs=(using.id,)),))
    given = records(held, using, todo, visit, other)
    assert [(link.record.id, link.stance, link.quote) for link in back_links(given, held.id)] == [
        (using.id, "contradicts", "q1"),
        (todo.id, "", ""),
        (visit.id, "", ""),
    ]
    assert [(link.record.id, link.quote) for link in back_links(given, using.id)] == [(other.id, "q9")]


def test_evidence_that_only_agrees_is_marked() -> None:
    """Where there is none, nothing is said."""
    assert lacks_contradiction(("supports", "context"))
    assert not lacks_contradiction(("supports", "contradicts"))
    assert not lacks_contradiction(())
