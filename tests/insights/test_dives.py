"""Deep dives: not too many, never the same twice; query results that can be compared; finding people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.insights.dives import TEMPLATES, by_state, cannot_become, earlier, filled, too_many
from reviewtui.insights.outreach import cautions, recruiting_yield, visit_progress
from reviewtui.insights.query_evidence import cannot_keep, changed, figures_text
from reviewtui.metrics.catalogue import load_catalogue
from reviewtui.months import Month
from reviewtui.workspace.kinds.recruiting import Recruiting
from reviewtui.workspace.kinds.visits import Account, Visit
from tests.insights.samples import dive, records


def test_dives_are_listed_by_state_and_newest_first() -> None:
    """What is worked on comes first; empty states are there too."""
    old, new = dive(1), dive(2, proposed_on=date(2026, 5, 1))
    listed = by_state([old, new, dive(3, state="done")])
    assert list(listed) == ["in_progress", "proposed", "done", "dropped"]
    assert listed["proposed"] == (new, old)
    assert listed["in_progress"] == ()


def test_more_than_three_in_progress_is_too_much() -> None:
    """A review has room for a couple."""
    going = [dive(place, state="in_progress") for place in range(4)]
    assert too_many(going[:3]) == ""
    assert too_many(going).startswith("4 deep dives are in progress")


def test_the_same_question_is_found_by_metric_or_by_words() -> None:
    """Of this product by metric; by words wherever it was asked."""
    same = dive(1, state="done")
    other_metric = dive(2, metrics=("nps",), question="Who answers our surveys?")
    elsewhere = dive(3, product="replay", question="Why did so many users leave in May?")
    given_records = records(same, other_metric, elsewhere)
    assert earlier(given_records, "web", ["churn_rate"]) == (same,)
    assert set(earlier(given_records, "web", [], "Why did so many people leave, May?")) == {same, elsewhere}
    assert earlier(given_records, "web", ["mrr"], "What about prices?") == ()


def test_done_needs_a_finding_and_dropped_a_reason() -> None:
    """Blank words are none."""
    assert cannot_become("done", " \n", "")
    assert not cannot_become("done", "They left for a reason.", "")
    assert cannot_become("dropped", "x", "")
    assert not cannot_become("in_progress", "", "")


def test_templates_speak_of_metrics_that_exist() -> None:
    """And take the month of the cell they are started from."""
    known = {metric.id for metric in load_catalogue()}
    for template in TEMPLATES:
        assert set(template.metrics) <= known
        assert len(template.hypotheses) >= 3
    assert filled(TEMPLATES[0], Month(2026, 3)).question == "Why did so many customers leave or pay less in Mar 2026?"


def test_a_result_is_kept_as_lines_that_read_back() -> None:
    """Tabs and line ends inside a value are written out; nothing is not an empty text."""
    text = figures_text(["name", "n"], [("a\tb\nc\\", "1"), (None, "2"), ("", "3")])
    assert text == "name\tn\na\\tb\\nc\\\\\t1\nNULL\t2\n\t3"


def test_a_changed_result_says_what_is_different() -> None:
    """The order of rows says nothing; repeated rows count."""
    kept = "n\n1\n2\n2"
    assert not changed(kept, "n\n2\n1\n2").is_change
    found = changed(kept, "n\n2\n1\n3")
    assert (found.gone, found.new) == (("2",), ("3",))
    assert found.words == "The result has changed: 1 of its rows are gone, 1 are new."
    assert changed(kept, "m\n1\n2\n2").words == "The result has other columns than when it was added."


@given(st.lists(st.tuples(st.one_of(st.none(), st.text()), st.text()), max_size=8))
def test_results_equal_themselves_and_keep_their_rows(rows: list[tuple[str | None, str]]) -> None:
    """Whatever the values hold, one line is one row."""
    text = figures_text(["a", "b"], rows)
    assert text.count("\n") == len(rows)
    assert not changed(text, figures_text(["a", "b"], rows[::-1])).is_change


@pytest.mark.parametrize(
    ("rows", "text", "cut", "is_refused"),
    [(50, "x", "", False), (51, "x", "", True), (1, "x", "cut", True), (1, "x" * 20_001, "", True)],
)
def test_long_results_are_no_evidence(rows: int, text: str, cut: str, is_refused: bool) -> None:
    """What nobody reads proves nothing."""
    assert bool(cannot_keep(rows, text, cut)) is is_refused


def recruiting(**values: object) -> Recruiting:
    """A round of invitations that nothing is wrong with."""
    facts = {"cohort": "top users", "started_on": date(2026, 3, 1), "wait_days": 14}
    return Recruiting(id="r-260301-0001", **{**facts, **values})  # type: ignore[arg-type]


def test_a_round_of_invitations_is_counted_step_by_step() -> None:
    """Each share is of the step before."""
    round_ = recruiting(invited=120, replied=18, booked=9, held=7)
    assert recruiting_yield(round_).words == "120 invited, 18 replied (15 %), 9 booked (50 %), 7 held (78 %)"
    assert cautions(round_) == ()
    assert recruiting_yield(recruiting(invited=0, replied=0)).words == "0 invited, 0 replied"


def test_a_round_that_bothers_too_many_is_pointed_out() -> None:
    """Two weeks of peace after a survey; large cohorts begin small; numbers that cannot be are questioned."""
    assert len(cautions(recruiting(wait_days=13))) == 1
    assert cautions(recruiting(wait_days=None, channel="email")) == ()
    assert cautions(recruiting(cohort_size=1_000)) == ()
    assert len(cautions(recruiting(cohort_size=1_001))) == 1
    assert cautions(recruiting(cohort_size=1_001, rollout_percent=30)) == ()
    assert len(cautions(recruiting(cohort_size=1_001, rollout_percent=31))) == 1
    assert len(cautions(recruiting(invited=5, replied=6))) == 1


def test_a_visit_says_what_to_do_next() -> None:
    """Enough accounts first, then whatever is furthest behind."""
    few = Visit(id="v-1", city="Berlin", starts_on=date(2026, 5, 1), accounts=(Account(id="a", company="Acme"),))
    assert visit_progress(few).next_step == "Look for 11 more accounts: about 30 % of those asked are met."
    accounts = [Account(id=str(place), company=f"C{place}", state="met") for place in range(11)]
    going = Visit(
        id="v-2",
        city="Berlin",
        starts_on=date(2026, 5, 1),
        accounts=(*accounts, Account(id="z", company="Zeta", state="contacted")),
    )
    progress = visit_progress(going)
    assert (progress.accounts, progress.met, progress.expected) == (12, 11, 4)
    assert progress.next_step == "Zeta: have the account owner name the right people."
    done = Visit(
        id="v-3",
        city="Berlin",
        starts_on=date(2026, 5, 1),
        accounts=tuple(Account(id=str(place), company="C", state="followed_up") for place in range(12)),
    )
    assert visit_progress(done).next_step == "Nothing is left to do."
