"""Where the grid stands when it opens again."""

from __future__ import annotations

from datetime import date

from reviewtui.app import NEWEST_KEY, remembered_position
from reviewtui.months import Month
from reviewtui.settings import SessionState

LEFT = SessionState("replay", "mrr", Month(2026, 8), other={NEWEST_KEY: "2026-10"})


def test_within_a_month_it_stands_where_it_was_left() -> None:
    assert remembered_position(LEFT, date(2026, 11, 30)).month == "2026-08"


def test_in_a_new_month_it_stands_on_the_newest_complete_one() -> None:
    place = remembered_position(LEFT, date(2026, 12, 1))
    assert (place.product, place.metric, place.month) == ("replay", "mrr", None)
