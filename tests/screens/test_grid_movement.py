"""Moving the cursor of the grid by keys."""

from __future__ import annotations

import pytest

from reviewtui.sheet_state import Position
from tests.screens.conftest import app_of, cursor, grid_of, running, screen_of, settled, shown, shown_text


async def test_it_opens_on_the_first_metric_in_the_newest_complete_month() -> None:
    async with running(app_of()) as pilot:
        assert cursor(pilot) == ("mrr", "2026-10")


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("l", ("mrr", "2026-11")),
        ("right", ("mrr", "2026-11")),
        ("h", ("mrr", "2026-09")),
        ("left left", ("mrr", "2026-08")),
        ("j", ("arr", "2026-10")),
        ("down down", ("mrr_growth", "2026-10")),
        ("j k", ("mrr", "2026-10")),
        ("up", ("mrr", "2026-10")),
        ("b", ("mrr", "2026-07")),
        ("b b w", ("mrr", "2026-07")),
        ("<", ("mrr", "2025-10")),
        ("< < >", ("mrr", "2025-10")),
        ("0", ("mrr", "2023-08")),
        ("home w w", ("mrr", "2024-02")),
        ("0 $", ("mrr", "2026-10")),
        ("$", ("mrr", "2026-11")),
        ("end end", ("mrr", "2026-11")),
        ("G", ("huge", "2026-10")),
        ("G g", ("mrr", "2026-10")),
        ("}", ("unique_users", "2026-10")),
        ("} } {", ("unique_users", "2026-10")),
        ("} j {", ("unique_users", "2026-10")),
        ("{", ("mrr", "2026-10")),
        ("G }", ("huge", "2026-10")),
        ("l l l l", ("mrr", "2026-11")),
    ],
)
async def test_a_key_goes_where_it_says(keys: str, place: tuple[str, str]) -> None:
    async with running(app_of()) as pilot:
        await pilot.press(*keys.split())
        assert cursor(pilot) == place


async def test_a_page_and_half_a_page_move_by_what_is_visible() -> None:
    async with running(app_of(), (80, 24)) as pilot:
        page = grid_of(pilot).page_lines
        lines = grid_of(pilot).view.stops  # type: ignore[union-attr]
        await pilot.press("pagedown")
        assert grid_of(pilot).line == lines[page]
        await pilot.press("ctrl+u")
        assert grid_of(pilot).line == lines[page - page // 2]
        await pilot.press("pageup")
        assert grid_of(pilot).line == lines[0]


async def test_the_cursor_is_always_visible() -> None:
    async with running(app_of(), (80, 24)) as pilot:
        for key in ("G", "0", "{", "pageup", "w", "w", "pagedown", "$", "g", "b", "ctrl+d", "}"):
            await pilot.press(key)
            grid = grid_of(pilot)
            assert grid.top <= grid.line < grid.top + grid.page_lines
            assert grid.window.first <= grid.place < grid.window.end


@pytest.mark.parametrize("small", [(20, 5), (40, 12)])
async def test_a_screen_that_was_small_for_a_while_shows_the_same_months_again(small: tuple[int, int]) -> None:
    async with running(app_of(), (80, 24)) as pilot:
        before = shown(pilot)
        for size in (small, (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
        assert shown(pilot)[1] == before[1]
        assert "Nov 26" in before[1]


async def test_a_resize_keeps_the_cursor_on_its_cell_and_in_view() -> None:
    async with running(app_of(), (200, 60)) as pilot:
        await pilot.press("G", "<")
        before = cursor(pilot)
        for size in ((80, 24), (40, 10), (120, 40), (300, 90), (60, 12)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            grid = grid_of(pilot)
            assert cursor(pilot) == before
            assert grid.top <= grid.line < grid.top + grid.page_lines
            assert grid.window.first <= grid.place < grid.window.end


async def test_another_product_keeps_the_metric_and_the_month() -> None:
    async with running(app_of()) as pilot:
        await pilot.press("j", "b", "]")
        assert cursor(pilot) == ("arr", "2026-07")
        assert "Feature [b]flags[/b]" in shown_text(pilot)


async def test_products_go_round() -> None:
    async with running(app_of()) as pilot:
        await pilot.press("[")
        assert "All products" in shown_text(pilot)
        await pilot.press("]")
        assert "Session replay" in shown_text(pilot)


async def test_a_click_puts_the_cursor_on_a_cell() -> None:
    async with running(app_of()) as pilot:
        grid = grid_of(pilot)
        await pilot.click(grid, offset=(grid.layout_plan.frozen + 3, 3))
        assert cursor(pilot) == ("arr", str(grid.view.months[grid.window.first]))  # type: ignore[union-attr]


async def test_the_place_of_the_last_session_is_restored() -> None:
    async with running(app_of(position=Position("flags", "nps", "2026-03"))) as pilot:
        assert cursor(pilot) == ("nps", "2026-03")
        assert pilot.app.position == Position("flags", "nps", "2026-03")  # type: ignore[attr-defined]


async def test_a_place_that_is_gone_falls_back_to_the_beginning() -> None:
    async with running(app_of(position=Position("gone", "gone", "not a month"))) as pilot:
        assert cursor(pilot) == ("mrr", "2026-10")


async def test_the_section_stays_in_sight_when_its_title_does_not() -> None:
    async with running(app_of(), (80, 24)) as pilot:
        await pilot.press("pagedown")
        header = grid_of(pilot).render_line(0).text
        assert header.startswith((" REVENUE", " USAGE"))


async def test_backspace_and_escape_go_back_too() -> None:
    for key in ("escape", "backspace", "q"):
        async with running(app_of(), (80, 24)) as pilot:
            await pilot.press("space")
            assert screen_of(pilot).has_class("-details")
            await pilot.press(key)
            assert not screen_of(pilot).has_class("-details")
            assert pilot.app.is_running
