"""Which months are on the screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewtui.widgets.month_window import MonthWindow

TOTAL = 40


def test_the_newest_months_stand_at_the_right() -> None:
    assert MonthWindow.newest(6, TOTAL) == (34, 6)


def test_fewer_months_than_fit_are_all_shown() -> None:
    assert MonthWindow.newest(9, 4) == (0, 4)


def test_a_cursor_inside_moves_nothing() -> None:
    window = MonthWindow(10, 6)
    assert [window.following(place, TOTAL) for place in (10, 15)] == [window, window]


def test_a_cursor_that_leaves_moves_the_window_by_a_quarter() -> None:
    assert MonthWindow(10, 6).following(9, TOTAL) == (7, 6)
    assert MonthWindow(10, 6).following(16, TOTAL) == (13, 6)


def test_a_far_jump_moves_by_whole_quarters() -> None:
    assert MonthWindow(30, 6).following(12, TOTAL) == (12, 6)
    assert MonthWindow(0, 6).following(20, TOTAL) == (15, 6)


def test_the_window_stops_at_both_ends() -> None:
    assert MonthWindow(1, 6).following(0, TOTAL) == (0, 6)
    assert MonthWindow(33, 6).following(39, TOTAL) == (34, 6)


def test_a_wider_screen_shows_older_months_and_keeps_the_right_edge() -> None:
    assert MonthWindow(34, 6).resized(9, 38, TOTAL) == (31, 9)


def test_a_narrower_screen_keeps_the_cursor() -> None:
    assert 31 in range(*_ends(MonthWindow(31, 9).resized(3, 31, TOTAL)))


@given(
    first=st.integers(0, 300),
    size=st.integers(1, 30),
    total=st.integers(1, 300),
    place=st.integers(0, 299),
    new_size=st.integers(1, 40),
)
def test_the_cursor_is_always_in_a_window_inside_the_sheet(
    first: int, size: int, total: int, place: int, new_size: int
) -> None:
    size, place = min(size, total), min(place, total - 1)
    window = MonthWindow(min(first, total - size), size)
    for moved in (window.following(place, total), window.resized(new_size, place, total)):
        start, end = _ends(moved)
        assert 0 <= start <= place < end <= total


def _ends(window: MonthWindow) -> tuple[int, int]:
    return window.first, window.end
