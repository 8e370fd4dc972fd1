"""The numbers shown last stand on the screen until the first new ones are there, and say so."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reviewtui.anomalies.judgements import NOTHING_JUDGED
from reviewtui.app import ReviewApp
from reviewtui.errors import SourceError
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.messages import SheetLoaded
from reviewtui.screens.compare import CompareScreen
from reviewtui.screens.review import month_review
from reviewtui.sheet_state import Position, RowFilter, ViewOptions
from reviewtui.sources.state import Progress
from reviewtui.widgets.notice import Notice
from tests.screens.conftest import cursor, grid_of, settled, shown
from tests.sheets import AS_OF, REVIEW_MONTH, make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from reviewtui.loading import Report

WORDS = "These are the numbers shown last"


def banner(app: ReviewApp) -> str:
    notice = app.screen.query_one("#banner", Notice)
    return " ".join(text for text, _ in notice.lines(app.size.width)) if notice.display else ""


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    while not condition():
        await pilot.pause(0.01)


async def test_earlier_numbers_stand_there_until_new_ones_come() -> None:
    go_on = threading.Event()
    earlier, new = LoadedSheet(make_sheet()), LoadedSheet(replace(make_sheet(), currency="EUR"))

    def load(report: Report, cancel: threading.Event) -> LoadedSheet:
        go_on.wait(20)
        return new

    app = ReviewApp(Path(), AS_OF, load_sheet=load, earlier=earlier)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.sheet_state.loaded is earlier
        assert WORDS in banner(app)
        assert str(AS_OF) in banner(app)
        go_on.set()
        await until(pilot, lambda: app.sheet_state.loaded is new)
        await pilot.pause()
        assert WORDS not in banner(app)


async def test_the_newest_months_stand_there_until_the_others_come() -> None:
    go_on = threading.Event()
    whole = make_sheet()
    last = {key: cells[-2:] for key, cells in whole.rows.items()}
    newest = LoadedSheet(replace(whole, months=whole.months[-2:], rows=last))

    def load(report: Report, cancel: threading.Event) -> LoadedSheet:
        report(Progress("Computing the months before"), newest)
        go_on.wait(20)
        return LoadedSheet(whole)

    app = ReviewApp(Path(), AS_OF, load_sheet=load)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.sheet_state.loaded is newest)
        await until(pilot, lambda: "The newest months. Computing the months before" in banner(app))
        grid = grid_of(pilot)
        assert grid.view is not None
        assert len(grid.view.months) == 2
        cell = cursor(pilot)
        assert month_review(app, None, REVIEW_MONTH) is None
        assert app.judgements is NOTHING_JUDGED
        go_on.set()
        await until(pilot, lambda: app.sheet_state.loaded is not newest)
        assert month_review(app, None, REVIEW_MONTH) is not None
        await pilot.pause()
        assert grid.view.months == whole.months
        assert cursor(pilot) == cell
        assert "The newest months" not in banner(app)


async def test_where_the_others_cannot_be_had_the_newest_months_stay_and_say_so() -> None:
    whole = make_sheet()
    last = {key: cells[-2:] for key, cells in whole.rows.items()}
    newest = LoadedSheet(replace(whole, months=whole.months[-2:], rows=last))

    def load(report: Report, cancel: threading.Event) -> LoadedSheet:
        report(Progress("Computing the months before"), newest)
        raise SourceError("The file is gone.", "No file")

    app = ReviewApp(Path(), AS_OF, load_sheet=load)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "Only the newest months could be computed. The file is gone." in banner(app))
        assert app.sheet_state.is_begun
        assert month_review(app, None, REVIEW_MONTH) is None
        assert app.judgements is NOTHING_JUDGED


@pytest.mark.parametrize("moves", [False, True])
async def test_the_place_that_the_newest_months_do_not_reach_is_found_again(moves: bool) -> None:
    go_on = threading.Event()
    whole = make_sheet()
    last = {key: cells[-2:] for key, cells in whole.rows.items() if key[1] != "churn_rate"}
    newest = LoadedSheet(replace(whole, months=whole.months[-2:], rows=last))

    def load(report: Report, cancel: threading.Event) -> LoadedSheet:
        report(Progress("Computing the months before"), newest)
        go_on.wait(20)
        return LoadedSheet(whole)

    wanted = Position("replay", "churn_rate", str(REVIEW_MONTH - 5))
    app = ReviewApp(Path(), AS_OF, load_sheet=load, position=wanted)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.place_given is not None)
        assert app.position != wanted
        assert app.place_to_keep == wanted
        if moves:
            await pilot.press("j")
        meanwhile = app.position
        go_on.set()
        await until(pilot, lambda: not app.sheet_state.is_begun)
        await pilot.pause()
        assert app.position == (meanwhile if moves else wanted)


async def test_new_numbers_leave_the_screen_in_front_where_it_is() -> None:
    options = ViewOptions(rows=RowFilter.PINNED, pins=("mrr",))
    app = ReviewApp(
        Path(), AS_OF, loaded=LoadedSheet(make_sheet()), view_options=options, position=Position("replay", "mrr", None)
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("7")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        screen.choose_metric("churn_rate")
        await settled(pilot)
        app.post_message(SheetLoaded(LoadedSheet(make_sheet())))
        await settled(pilot)
        assert app.position.metric == "churn_rate"
        assert "Compare · Revenue churn rate" in shown(pilot)[0]


async def test_the_newest_months_take_nothing_away_that_is_shown() -> None:
    go_on = threading.Event()
    earlier, newest = LoadedSheet(make_sheet()), LoadedSheet(replace(make_sheet(), currency="EUR"))

    def load(report: Report, cancel: threading.Event) -> LoadedSheet:
        report(Progress("Computing the months before"), newest)
        go_on.wait(20)
        return newest

    app = ReviewApp(Path(), AS_OF, load_sheet=load, earlier=earlier)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.sheet_state.progress == Progress("Computing the months before"))
        assert app.sheet_state.loaded is earlier
        assert WORDS in banner(app)
        go_on.set()
        await until(pilot, lambda: app.sheet_state.loaded is newest)


async def test_earlier_numbers_stay_if_new_ones_cannot_be_had() -> None:
    def load(report: Report, cancel: threading.Event) -> LoadedSheet:
        raise SourceError("The file is gone.", "No file")

    app = ReviewApp(Path(), AS_OF, load_sheet=load, earlier=LoadedSheet(make_sheet()))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.sheet_state.failure is not None)
        await pilot.pause()
        assert "These are the numbers from before. The file is gone." in banner(app)
