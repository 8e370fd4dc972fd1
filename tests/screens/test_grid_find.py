"""Finding by typing: metrics and sections, months, products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from reviewtui.widgets.lines import KeyLine
from reviewtui.widgets.prompt_line import PromptLine
from tests.screens.conftest import app_of, cursor, grid_of, running, screen_of, settled, shown, shown_text
from tests.sheets import hostile_sheet

if TYPE_CHECKING:
    from textual.pilot import Pilot


async def ask(pilot: Pilot[None], key: str, text: str) -> None:
    """Open a prompt and type."""
    await pilot.press(key)
    await settled(pilot)
    pilot.app.screen.query_one(Input).value = text
    await settled(pilot)


def hint(pilot: Pilot[None]) -> str:
    """What the open prompt says."""
    return pilot.app.screen.query_one(PromptLine).hint


class TestFind:
    async def test_the_cursor_goes_to_the_first_match_while_it_is_typed(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("slash", "c", "h", "u")
            await settled(pilot)
            assert cursor(pilot) == ("churned_mrr", "2026-10")
            assert hint(pilot) == "1 of 2"
            assert any(line.startswith("›Revenue churn rate") for line in shown(pilot))

    async def test_a_word_that_begins_so_comes_before_one_that_holds_it(self) -> None:
        async with running(app_of()) as pilot:
            await ask(pilot, "slash", "act")
            assert (cursor(pilot)[0], hint(pilot)) == ("activation_rate", "2 of 2")
            await pilot.press("enter", "N")
            assert cursor(pilot)[0] == "contraction_mrr"

    async def test_enter_stays_and_n_goes_round(self) -> None:
        async with running(app_of()) as pilot:
            await ask(pilot, "slash", "churn")
            await pilot.press("enter")
            await settled(pilot)
            assert not pilot.app.screen.query(PromptLine)
            places = [cursor(pilot)[0]]
            for key in ("n", "n", "N", "N"):
                await pilot.press(key)
                places.append(cursor(pilot)[0])
            assert places == ["churned_mrr", "churn_rate", "churned_mrr", "churn_rate", "churned_mrr"]
            assert screen_of(pilot).query_one(KeyLine).message == "1 of 2"

    async def test_escape_restores_the_place_and_the_marks_go(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "h")
            await ask(pilot, "slash", "nps")
            await pilot.press("escape")
            await settled(pilot)
            assert cursor(pilot) == ("arr", "2026-09")
            assert "›" not in shown_text(pilot)
            assert pilot.app.focused is grid_of(pilot)

    async def test_escape_after_enter_takes_the_marks_away(self) -> None:
        async with running(app_of()) as pilot:
            await ask(pilot, "slash", "churn")
            await pilot.press("enter")
            await settled(pilot)
            await pilot.press("escape")
            await settled(pilot)
            assert "›" not in shown_text(pilot)
            assert cursor(pilot)[0] == "churned_mrr"

    @pytest.mark.parametrize(
        ("text", "metric"),
        [
            ("東京", "wide"), ("الشهرية", "rtl"), ("الشهريّة", "rtl"), ("NÉT prömoter", "nps"), ("odd_unit", "odd_unit"),
            ("[/oops", "markup"), ("usage", "unique_users"), ("ｔｉｃｋｅｔｓ", "tickets_created"),
        ],
    )  # fmt: skip
    async def test_names_ids_and_sections_in_any_alphabet_are_found(self, text: str, metric: str) -> None:
        async with running(app_of()) as pilot:
            await ask(pilot, "slash", text)
            assert cursor(pilot)[0] == metric

    async def test_a_metric_of_a_folded_section_is_found_at_its_title(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("}", "z", "g")
            await ask(pilot, "slash", "activation")
            await pilot.press("enter", "enter")
            await settled(pilot)
            assert cursor(pilot)[0] == "unique_users"

    async def test_nothing_found_says_so_and_keeps_the_place(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("f", "f")
            await ask(pilot, "slash", "zebra")
            assert hint(pilot) == "Nothing here is called that, only REVENUE: Esc lists all"
            assert cursor(pilot)[0] == "mrr"
            await pilot.press("enter")
            assert pilot.app.screen.query(PromptLine)

    async def test_the_place_before_a_search_can_be_gone_back_to(self) -> None:
        async with running(app_of()) as pilot:
            await ask(pilot, "slash", "nps")
            await pilot.press("enter")
            await settled(pilot)
            await pilot.press("(")
            assert cursor(pilot)[0] == "mrr"

    async def test_letters_are_text_while_a_prompt_is_open(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("slash", "q", "Q", "?", "1", "z")
            await settled(pilot)
            assert pilot.app.screen.query_one(Input).value == "qQ?1z"


class TestMonth:
    @pytest.mark.parametrize(("text", "month"), [("2026-04", "2026-04"), ("apr 25", "2025-04"), ("-3", "2026-07")])
    async def test_typing_a_month_goes_there(self, text: str, month: str) -> None:
        async with running(app_of(), (80, 24)) as pilot:
            await ask(pilot, "m", text)
            await pilot.press("enter")
            await settled(pilot)
            assert cursor(pilot) == ("mrr", month)
            grid = grid_of(pilot)
            assert grid.window.first <= grid.place < grid.window.end

    async def test_a_bad_month_says_what_would_do_and_stays_open(self) -> None:
        async with running(app_of()) as pilot:
            await ask(pilot, "m", "smarch")
            await pilot.press("enter")
            assert "2026-04, apr, apr 26" in hint(pilot)
            await pilot.press("escape")
            await settled(pilot)
            assert cursor(pilot) == ("mrr", "2026-10")


class TestProducts:
    async def test_products_are_listed_with_their_stage_and_narrowed_by_typing(self) -> None:
        async with running(app_of(), (80, 24)) as pilot:
            await pilot.press("P")
            await settled(pilot)
            assert any("Session replay" in line and "growth stage" in line for line in shown(pilot)[-5:])
            pilot.app.screen.query_one(Input).value = "flags"
            await settled(pilot)
            await pilot.press("enter")
            await settled(pilot)
            assert grid_of(pilot).view.product == "flags"  # type: ignore[union-attr]

    async def test_arrows_choose(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("P")
            await settled(pilot)
            await pilot.press("up", "enter")
            await settled(pilot)
            assert grid_of(pilot).view.product == "*"  # type: ignore[union-attr]

    async def test_what_no_product_is_called_chooses_none(self) -> None:
        async with running(app_of()) as pilot:
            await ask(pilot, "P", "zebra")
            assert "Nothing is called that." in shown_text(pilot)
            await pilot.press("enter", "down", "enter", "escape")
            await settled(pilot)
            assert grid_of(pilot).view.product == "replay"  # type: ignore[union-attr]

    async def test_hostile_names_can_be_chosen(self) -> None:
        async with running(app_of(hostile_sheet()), (80, 24)) as pilot:
            await pilot.press("P")
            await settled(pilot)
            for _ in range(30):
                await pilot.press("down")
            await pilot.press("enter")
            await settled(pilot)
            assert pilot.app.is_running


@pytest.mark.parametrize("key", ["slash", "m", "P"])
async def test_an_open_prompt_survives_a_resize_and_the_palette(key: str) -> None:
    async with running(app_of()) as pilot:
        await pilot.press(key)
        await settled(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        await pilot.press("ctrl+p")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.focused is grid_of(pilot)
