"""What is typed as lines becomes rows, and rows become the same lines again."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewtui.insights.line_forms import (
    accounts_text,
    follow_ups_text,
    hypotheses_text,
    quotes_text,
    read_accounts,
    read_follow_ups,
    read_hypotheses,
    read_quotes,
)
from reviewtui.months import Month
from reviewtui.workspace.kinds.dives import Hypothesis
from reviewtui.workspace.kinds.interviews import FollowUp, Quote
from reviewtui.workspace.kinds.visits import Account

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 3, 10)


def numbered() -> Callable[[], str]:
    """Ids n1, n2, …"""
    numbers = count(1)
    return lambda: f"n{next(numbers)}"


def test_hypotheses_are_lines_with_a_sign() -> None:
    """A line without one is open; the ids of known ones stay, also after a small change."""
    before = (Hypothesis(id="h1", text="A few large customers."), Hypothesis(id="h2", text="The price."))
    typed = "+ The price.\n- A few larger customers.\n\nBilling\n?\n"
    assert read_hypotheses(typed, before, numbered()) == (
        Hypothesis(id="h2", text="The price.", state="supported"),
        Hypothesis(id="h1", text="A few larger customers.", state="rejected"),
        Hypothesis(id="n1", text="Billing"),
    )
    assert hypotheses_text(before) == "? A few large customers.\n? The price."


def test_quotes_are_paragraphs_with_facts_below() -> None:
    """Tags, metrics, stance and months; a line of other words belongs to the quote."""
    typed = "Too slow.\nReally.\n#theme/export @churn_rate - 2026-01..2026-03\n\n\nNice #colours\nindeed"
    before = (Quote(id="q1", text="Too slow.\nReally", refs=("cost:retention_days",)),)
    assert read_quotes(typed, before, numbered()) == (
        Quote(
            id="q1",
            text="Too slow.\nReally.",
            tags=("theme/export",),
            metrics=("churn_rate",),
            stance="contradicts",
            month=Month(2026, 1),
            until=Month(2026, 3),
            refs=("cost:retention_days",),
        ),
        Quote(id="n1", text="Nice #colours\nindeed"),
    )


def test_follow_ups_are_lines_to_tick_off() -> None:
    """Kind, person and link are optional; what was done before keeps its day."""
    before = (
        FollowUp(id="f1", text="Guide", done_on=date(2026, 3, 1)),
        FollowUp(id="f2", text="Slow list", kind="issue"),
    )
    typed = "[x] Guide\n[x] issue: Slow list @bob <https://issues/7>\n[ ] Call again @ann"
    assert read_follow_ups(typed, before, numbered(), DAY) == (
        FollowUp(id="f1", text="Guide", done_on=date(2026, 3, 1)),
        FollowUp(id="f2", text="Slow list", kind="issue", assignee="bob", link="https://issues/7", done_on=DAY),
        FollowUp(id="n1", text="Call again", assignee="ann"),
    )
    assert read_follow_ups("Guide", before, numbered(), DAY)[0].done_on is None


def test_accounts_are_lines_with_a_state() -> None:
    """A colon in a name is part of the name; notes of a known account stay."""
    before = (Account(id="a1", company="Acme", note="Uses SQL."),)
    typed = "met: Acme (bob)\nBeta (north)\nGamma: the firm"
    assert read_accounts(typed, before, numbered()) == (
        Account(id="a1", company="Acme", state="met", account_owner="bob", note="Uses SQL."),
        Account(id="n1", company="Beta", account_owner="north"),
        Account(id="n2", company="Gamma: the firm"),
    )


WORDS = st.text(alphabet="ab #@+-()<>:?[]x.é\\", min_size=1, max_size=14).map(lambda text: " ".join(text.split()))
LINES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)


@given(
    st.lists(LINES, max_size=3), st.sets(st.sampled_from(["a", "theme/b"])), st.sampled_from(["context", "supports"])
)
def test_quotes_read_back(texts: list[str], tags: set[str], stance: str) -> None:
    """Whatever they hold, as far as there is anything to see in them."""
    rows = tuple(
        Quote(id=f"q{place}", text=text.strip(), tags=tuple(sorted(tags)), stance=stance)
        for place, text in enumerate(dict.fromkeys(texts))
        if text.strip() and "\\" not in text
    )
    rows = tuple({row.text: row for row in rows}.values())
    assert read_quotes(quotes_text(rows), rows, numbered()) == rows


@given(
    st.lists(WORDS.filter(bool), max_size=4, unique=True),
    st.sampled_from(["", "ann"]),
    st.sampled_from(["", "http://x"]),
)
def test_follow_ups_read_back(texts: list[str], assignee: str, link: str) -> None:
    """Also where the words look like marks."""
    rows = tuple(FollowUp(id=f"f{place}", text=text, assignee=assignee, link=link) for place, text in enumerate(texts))
    assert read_follow_ups(follow_ups_text(rows), rows, numbered(), DAY) == rows


@given(st.lists(WORDS.filter(bool), max_size=4, unique=True))
def test_hypotheses_and_accounts_read_back(texts: list[str]) -> None:
    """One line each."""
    hypotheses = tuple(Hypothesis(id=f"h{place}", text=text) for place, text in enumerate(texts))
    assert read_hypotheses(hypotheses_text(hypotheses), hypotheses, numbered()) == hypotheses
    accounts = tuple(Account(id=f"a{place}", company=text) for place, text in enumerate(texts))
    assert read_accounts(accounts_text(accounts), accounts, numbered()) == accounts


@pytest.mark.parametrize("text", ["", "\n\n", " ", "#", "@", "\\", "()", "[x]"])
def test_nothing_is_read_from_nothing(text: str) -> None:
    """Marks without words make no row that could not be shown."""
    for rows in (read_hypotheses(text, (), numbered()), read_follow_ups(text, (), numbered(), DAY)):
        assert all(row.text.strip() for row in rows)
    assert all(row.text.strip() for row in read_quotes(text, (), numbered()))
    assert all(row.company.strip() for row in read_accounts(text, (), numbered()))
