"""The numbers shown last stand on the screen until the first new ones are there, and say so."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reviewtui.anomalies.judgements import NOTHING_JUDGED
from reviewtui.app import ReviewApp
from reviewtui.errors import SourceError
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.screens.review import month_review
from reviewtui.sources.state import Progress
from reviewtui.widgets.notice import Notice
from tests.screens.conftest import cursor, grid_of
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
