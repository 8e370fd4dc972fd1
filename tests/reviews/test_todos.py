"""To-dos: what is due, what was put off, and the figures; expected values worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from reviewtui.reviews.todos import (
    Figures,
    by_owner,
    by_owner_group,
    by_product,
    figures,
    figures_by,
    first_due,
    is_due,
    is_red,
    lacks,
    opening_list,
    times_carried,
    to_dispose,
)
from tests.reviews.records import DECEMBER, NOVEMBER, OCTOBER, todo

SEPTEMBER = OCTOBER - 1
TODAY = date(2026, 12, 3)


class TestDue:
    @pytest.mark.parametrize(
        ("state", "due", "expected"),
        [
            ("open", OCTOBER, True),
            ("open", NOVEMBER, True),
            ("open", DECEMBER, False),
            ("open", None, True),
            ("blocked", NOVEMBER, True),
            ("blocked", DECEMBER, False),
            ("done", NOVEMBER, False),
            ("dropped", OCTOBER, False),
        ],
    )
    def test_a_review_disposes_of_what_is_open_and_due_by_then(self, state: str, due: object, expected: bool) -> None:
        item = todo("t-1", due, state)  # type: ignore[arg-type]
        assert is_due(item, NOVEMBER) is expected
        assert to_dispose([item], NOVEMBER) == ((item,) if expected else ())

    def test_the_oldest_come_first_then_those_put_off_most_often(self) -> None:
        items = [
            todo("t-1"),
            todo("t-2", carried=(OCTOBER,)),
            todo("t-3", OCTOBER),
            todo("t-4", created_on=date(2026, 11, 1)),
            todo("t-5", None),
        ]
        assert [item.id for item in to_dispose(items, NOVEMBER)] == ["t-5", "t-3", "t-2", "t-4", "t-1"]

    def test_a_new_review_lists_every_open_one_first_those_to_dispose_of(self) -> None:
        items = [todo("t-1", DECEMBER), todo("t-2"), todo("t-3", state="done"), todo("t-4", DECEMBER, "blocked")]
        assert [item.id for item in opening_list(items, NOVEMBER)] == ["t-2", "t-1", "t-4"]


class TestCarried:
    def test_carried_twice_is_red_while_it_is_open(self) -> None:
        twice = (SEPTEMBER, OCTOBER)
        assert not is_red(todo("t-1", carried=(OCTOBER,)))
        assert is_red(todo("t-1", carried=twice))
        assert is_red(todo("t-1", state="blocked", carried=twice))
        assert not is_red(todo("t-1", state="done", carried=twice))

    def test_two_people_who_carry_it_in_one_review_carry_it_once(self) -> None:
        item = todo("t-1", carried=(OCTOBER, OCTOBER))
        assert times_carried(item) == 1
        assert not is_red(item)

    def test_it_was_first_due_at_the_first_review_that_carried_it(self) -> None:
        assert first_due(todo("t-1", DECEMBER, carried=(NOVEMBER, OCTOBER))) == OCTOBER
        assert first_due(todo("t-1", DECEMBER)) == DECEMBER
        assert first_due(todo("t-1", None)) is None


class TestWords:
    def test_done_needs_evidence_dropped_a_reason_blocked_somebody(self) -> None:
        assert "how one can see" in lacks(todo("t-1", state="done", evidence=" \n"))
        assert "says why" in lacks(todo("t-1", state="dropped"))
        assert "on whom" in lacks(todo("t-1", state="blocked"))
        assert lacks(todo("t-1", state="done", evidence="PR 12")) == ""
        assert lacks(todo("t-1", state="dropped", reason="no longer sold")) == ""
        assert lacks(todo("t-1", state="blocked", blocked_on="Bob")) == ""
        assert lacks(todo("t-1")) == ""


class TestFigures:
    ITEMS = (
        todo("t-1", OCTOBER, "done", evidence="seen", created_on=date(2026, 10, 1)),
        todo("t-2", NOVEMBER, "done", evidence="seen", carried=(OCTOBER,), created_on=date(2026, 10, 1)),
        todo("t-3", NOVEMBER, created_on=date(2026, 11, 3)),
        todo("t-4", NOVEMBER, carried=(SEPTEMBER, OCTOBER), created_on=date(2026, 9, 4), owner="bob"),
        todo("t-5", DECEMBER, "blocked", blocked_on="Eve", created_on=date(2026, 11, 23), owner="bob "),
        todo("t-6", OCTOBER, "dropped", reason="sold", created_on=date(2026, 9, 1), owner_group="team", product="web"),
        todo("t-7", OCTOBER, "done", evidence="late", blocked_on="Eve", created_on=date(2026, 9, 1), product="web"),
    )
    """Open: t-3 of 30 days, t-4 of 90, t-5 of 10. Due by November: t-3 and t-4.

    First due by November: t-1 kept; t-2 and t-4 carried; t-7 was blocked; t-3 is under review now and says nothing yet.
    """

    def test_they_are_as_counted_by_hand(self) -> None:
        assert figures("all", self.ITEMS, NOVEMBER, TODAY) == Figures(
            "all",
            open=3,
            due=2,
            blocked=1,
            red=1,
            done=3,
            dropped=1,
            carried=2,
            reached=4,
            kept=1,
            median_age_days=30.0,
        )
        assert figures("all", self.ITEMS, NOVEMBER, TODAY).completion == 0.25

    def test_once_its_review_is_over_an_open_one_counts_as_not_kept(self) -> None:
        later = figures("all", self.ITEMS, DECEMBER, TODAY)
        assert (later.reached, later.kept) == (5, 1)

    def test_nothing_gives_no_share_and_no_age(self) -> None:
        none = figures("", (), NOVEMBER, TODAY)
        assert (none.completion, none.median_age_days, none.open) == (None, None, 0)

    def test_groups_are_by_product_owner_and_owner_group(self) -> None:
        assert [(item.key, item.open) for item in figures_by(by_product, self.ITEMS, NOVEMBER, TODAY)] == [
            ("replay", 3), ("web", 0),
        ]  # fmt: skip
        assert [(item.key, item.open) for item in figures_by(by_owner, self.ITEMS, NOVEMBER, TODAY)] == [
            ("ada", 1), ("bob", 2),
        ]  # fmt: skip
        groups = figures_by(by_owner_group, self.ITEMS, NOVEMBER, TODAY)
        assert [(item.key, item.dropped, item.median_age_days) for item in groups] == [
            ("pm", 0, 30.0),
            ("team", 1, None),
        ]
