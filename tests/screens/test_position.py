"""Where the grid stands when it opens again, and how the numbers are looked at then."""

from __future__ import annotations

from datetime import date

import pytest

from reviewtui.metrics.derived import Values
from reviewtui.months import Month
from reviewtui.remembering import COMPARED_KEY, NEWEST_KEY, left_by, remembered_options, remembered_position
from reviewtui.screens.compare import CompareScreen
from reviewtui.settings import SessionState
from reviewtui.sheet_state import RowFilter, ViewOptions
from reviewtui.widgets.comparison_view import CompareOptions
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
    session = left_by(app, SessionState(other={"kept": 1}))
    assert session.other == {"kept": 1, NEWEST_KEY: "2026-10"}
    assert remembered_options(session) == app.view_options
    assert app.view_options == ViewOptions(Values.YOY, True, RowFilter.ALL, "", ("arr",), ("revenue",))
    assert session.theme == "reviewtui-light"


async def test_how_products_were_compared_is_remembered() -> None:
    app = app_of()
    async with running(app) as pilot:
        await pilot.press("7", "S", "t", "v")
    assert app.compare_options is not None
    session = left_by(app, SessionState())
    again = app_of()
    again.compared_before = session.other[COMPARED_KEY]
    async with running(again) as pilot:
        await pilot.press("7")
        assert isinstance(again.screen, CompareScreen)
        assert again.screen.compared == app.compare_options
    assert left_by(again, session).other[COMPARED_KEY] == session.other[COMPARED_KEY]


@pytest.mark.parametrize("written", [None, 3, {}, {"order": ["x"], "values": 1, "second": 2, "by_stage": "yes"}])
def test_a_comparison_that_makes_no_sense_is_the_usual_one(written: object) -> None:
    assert CompareOptions.of_settings(written) == CompareOptions()
