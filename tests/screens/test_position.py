"""Where the grid stands when it opens again, and how the numbers are looked at then."""

from __future__ import annotations

from datetime import date

from reviewtui.app import NEWEST_KEY, _remembered, remembered_options, remembered_position
from reviewtui.metrics.derived import Values
from reviewtui.months import Month
from reviewtui.settings import SessionState
from reviewtui.sheet_state import RowFilter, ViewOptions
from tests.screens.conftest import app_of, running

LEFT = SessionState("replay", "mrr", Month(2026, 8), other={NEWEST_KEY: "2026-10"})


def test_within_a_month_it_stands_where_it_was_left() -> None:
    assert remembered_position(LEFT, date(2026, 11, 30)).month == "2026-08"


def test_in_a_new_month_it_stands_on_the_newest_complete_one() -> None:
    place = remembered_position(LEFT, date(2026, 12, 1))
    assert (place.product, place.metric, place.month) == ("replay", "mrr", None)


def test_the_view_is_remembered_and_the_usual_one_where_it_makes_no_sense() -> None:
    session = SessionState(values="yoy", quarters=True, rows="input", pins=("mrr", "nrr", "mrr"), folded=("usage",))
    expected = ViewOptions(Values.YOY, True, RowFilter.INPUT, "", ("mrr", "nrr"), ("usage",))
    assert remembered_options(session) == expected
    assert remembered_options(SessionState(values="tan", rows="odd")) == ViewOptions()


async def test_what_was_chosen_is_what_the_next_session_starts_with() -> None:
    app = app_of()
    async with running(app) as pilot:
        await pilot.press("j", "*", "t", "t", "v", "}", "z", "C")
    session = SessionState(**_remembered(app, {}))
    assert remembered_options(session) == app.view_options
    assert app.view_options == ViewOptions(Values.YOY, True, RowFilter.ALL, "", ("arr",), ("revenue",))
    assert session.theme == "reviewtui-light"
