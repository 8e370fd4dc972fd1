"""A load that begins before the screen: taken up where it is, and never done twice."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from reviewtui.early_load import EarlyLoad
from reviewtui.errors import Cancelled, SourceError
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.ready_sheet import KeptNumbers
from reviewtui.sources.state import Progress
from tests.sheets import make_sheet

if TYPE_CHECKING:
    from reviewtui.loading import Report

LOADED = LoadedSheet(make_sheet())
LONG = 30.0


def never(_report: object, _cancel: threading.Event) -> LoadedSheet:
    raise AssertionError("loaded twice")


def nothing() -> None:
    """No numbers are kept."""


def ignore(progress: Progress, newest: LoadedSheet | None = None) -> None:
    pass


def test_numbers_that_are_there_are_handed_out_at_once() -> None:
    early = EarlyLoad(lambda: KeptNumbers(LOADED, is_ready=True), never)
    assert early.ready_within(LONG) is LOADED


def test_whether_numbers_are_ready_is_known_before_anything_is_computed() -> None:
    assert EarlyLoad(lambda: KeptNumbers(LOADED, is_ready=True), never).knows_ready_within(LONG)
    begun = threading.Event()

    def compute(_report: object, _cancel: threading.Event) -> LoadedSheet:
        begun.set()
        return LOADED

    early = EarlyLoad(nothing, compute)
    assert not early.knows_ready_within(LONG)
    assert not begun.is_set()
    early.go_on()
    assert begun.wait(LONG)


def test_a_computation_is_not_waited_for_but_taken_up() -> None:
    go_on = threading.Event()

    def compute(report: Report, _cancel: threading.Event) -> LoadedSheet:
        report(Progress("Reading events", 1, 36))
        go_on.wait(LONG)
        report(Progress("Reading events", 36, 36))
        return LOADED

    early = EarlyLoad(nothing, compute)
    assert early.ready_within(LONG) is None
    seen: list[Progress] = []

    def see(progress: Progress, newest: LoadedSheet | None = None) -> None:
        seen.append(progress)
        go_on.set()

    assert early.load(see, threading.Event()) is LOADED
    assert [progress.done for progress in seen] == [1, 36]


def test_the_newest_months_are_handed_on_to_who_takes_it_up_later() -> None:
    newest, go_on = LoadedSheet(make_sheet()), threading.Event()

    def compute(report: Report, _cancel: threading.Event) -> LoadedSheet:
        report(Progress("Computing the months before"), newest)
        go_on.wait(LONG)
        return LOADED

    early = EarlyLoad(nothing, compute)
    assert early.ready_within(LONG) is None
    seen: list[LoadedSheet | None] = []

    def see(progress: Progress, newest: LoadedSheet | None = None) -> None:
        seen.append(newest)
        go_on.set()

    assert early.load(see, threading.Event()) is LOADED
    assert seen == [newest]


def test_the_numbers_shown_last_are_there_while_new_ones_are_computed() -> None:
    go_on = threading.Event()

    def compute(report: Report, _cancel: threading.Event) -> LoadedSheet:
        report(Progress("Reading events", 1, 36))
        go_on.wait(LONG)
        return LOADED

    earlier = LoadedSheet(make_sheet())
    early = EarlyLoad(lambda: KeptNumbers(earlier, is_ready=False), compute)
    assert early.ready_within(LONG) is None
    assert early.earlier is earlier
    go_on.set()
    assert early.load(ignore, threading.Event()) is LOADED


def test_a_second_load_reads_again() -> None:
    loads: list[int] = []

    def count(_report: object, _cancel: threading.Event) -> LoadedSheet:
        loads.append(1)
        return LOADED

    early = EarlyLoad(nothing, count)
    early.load(ignore, threading.Event())
    assert len(loads) == 1
    early.load(ignore, threading.Event())
    assert len(loads) == 2


def test_numbers_handed_out_once_are_read_again_when_asked_for() -> None:
    loads: list[int] = []

    def count(_report: object, _cancel: threading.Event) -> LoadedSheet:
        loads.append(1)
        return LOADED

    early = EarlyLoad(nothing, count)
    assert early.ready_within(LONG) is LOADED
    early.load(ignore, threading.Event())
    assert len(loads) == 2


def test_a_failure_is_told_where_the_numbers_are_waited_for() -> None:
    def fail(_report: object, _cancel: threading.Event) -> LoadedSheet:
        raise SourceError("The file is locked.", "Locked")

    early = EarlyLoad(nothing, fail)
    assert early.ready_within(LONG) is None
    with pytest.raises(SourceError, match="locked"):
        early.load(ignore, threading.Event())


def test_a_computation_under_way_can_be_cancelled() -> None:
    def wait(report: Report, cancel: threading.Event) -> LoadedSheet:
        report(Progress("Reading events"))
        assert cancel.wait(LONG)
        raise Cancelled

    cancel = threading.Event()
    early = EarlyLoad(nothing, wait)
    cancel.set()
    with pytest.raises(Cancelled):
        early.load(ignore, cancel)
