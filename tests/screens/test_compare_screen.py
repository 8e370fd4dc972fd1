"""The compare screen: products side by side, the index, two metrics of one product, and the way to the grid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.metrics.sheet import ALL_PRODUCTS, Product
from reviewtui.screens.compare import CompareScreen
from reviewtui.sheet_state import Position
from tests.screens.conftest import app_of, cursor, running, screen_of, settled, shown, shown_text
from tests.screens.test_snapshots import SIZES, pressing
from tests.sheets import METRICS, PRODUCTS, hostile_sheet, make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot


async def opened(pilot: Pilot[None], *keys: str) -> CompareScreen:
    """The compare screen over the grid, after more keys."""
    await pilot.press("7")
    await settled(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, CompareScreen)
    await pilot.press(*keys)
    await settled(pilot)
    return screen


def labels(pilot: Pilot[None]) -> list[str]:
    """What the rows are called, titles included."""
    screen = pilot.app.screen
    assert isinstance(screen, CompareScreen)
    assert screen.grid.view is not None
    return [row.title for row in screen.grid.view.rows]


class TestProducts:
    async def test_every_product_is_a_row_sorted_by_its_newest_value(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot)
            assert labels(pilot) == [
                "PRODUCTS", "Feature [b]flags[/b] · mature", "Session replay · growth", "TOGETHER", "All products",
            ]  # fmt: skip
            assert shown(pilot)[0].startswith(" Compare · MRR · 2 products")
            assert "by newest value Oct 26" in shown(pilot)[1]

    async def test_one_key_goes_through_the_orders_and_names_them(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "s")
            assert "by change Oct 26" in shown(pilot)[1]
            await pilot.press("s")
            await settled(pilot)
            assert "by name" in shown(pilot)[1]
            assert labels(pilot)[1].startswith("Feature")

    async def test_products_can_stand_under_their_stages(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "S")
            assert labels(pilot)[:4] == ["GROWTH STAGE", "Session replay", "MATURE STAGE", "Feature [b]flags[/b]"]

    async def test_a_product_without_the_metric_is_last_and_says_why(self) -> None:
        async with running(app_of(position=Position("replay", "sla", None))) as pilot:
            await opened(pilot, "G")
            assert labels(pilot)[-2:] == ["WITHOUT THIS METRIC", "Feature [b]flags[/b] · mature"]
            assert "not compared: there are no data for it" in shown(pilot)[1]

    async def test_the_panel_explains_the_cell_of_the_product(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot)
            assert "MRR · Session replay · Oct 2026" in shown_text(pilot)

    async def test_products_are_found_by_typing(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "slash", *"replay", "enter")
            assert "MRR · Session replay" in shown_text(pilot)

    async def test_values_can_be_changes_and_columns_quarters(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "t", "v")
            assert "MoM · closed quarters" in shown(pilot)[1]
            assert "Q3 26" in shown(pilot)[2]


class TestTheIndex:
    async def test_the_first_common_month_is_100_and_named(self) -> None:
        async with running(app_of(), (200, 40)) as pilot:
            await opened(pilot, "i", "0")
            assert "index, Aug 2023 = 100" in shown(pilot)[1]
            assert "Aug 23: 100" in shown(pilot)[1]

    async def test_changes_are_those_of_the_values(self) -> None:
        async with running(app_of(), (200, 40)) as pilot:
            await opened(pilot, "t", "t")
            assert "YoY" in shown(pilot)[1]
            without = shown(pilot)[3:9]
            await pilot.press("i")
            await settled(pilot)
            assert "YoY · An index changes as its values do." in shown(pilot)[1]
            assert shown(pilot)[3:9] == without

    async def test_rates_say_that_they_are_not_indexed(self) -> None:
        async with running(app_of(position=Position("replay", "churn_rate", None))) as pilot:
            await opened(pilot, "i")
            assert "Rates are not indexed" in shown(pilot)[1]
            assert " %" in shown(pilot)[4]


class TestTheSharedPlace:
    async def test_metric_and_month_come_from_the_grid_and_go_back_to_it(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "h")
            await opened(pilot)
            assert shown(pilot)[0].startswith(" Compare · ARR")
            assert "Sep 26:" in shown(pilot)[1]
            await pilot.press("full_stop", "h", "1")
            await settled(pilot)
            assert pilot.app.screen is screen_of(pilot)
            assert cursor(pilot) == ("mrr_growth", "2026-08")
            assert "Session replay" in shown(pilot)[0]

    @pytest.mark.parametrize("key", ["escape", "q", "1", "backspace"])
    async def test_there_are_several_ways_back(self, key: str) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot)
            await pilot.press(key)
            await settled(pilot)
            assert pilot.app.screen is screen_of(pilot)

    async def test_enter_opens_the_product_at_the_same_metric_and_month(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "h", "h")
            await opened(pilot, "g", "enter")
            await settled(pilot)
            assert pilot.app.screen is screen_of(pilot)
            assert cursor(pilot) == ("arr", "2026-08")
            assert "Feature [b]flags[/b]" in shown(pilot)[0]

    async def test_enter_opens_a_metric_whose_section_is_folded(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("Z")
            await opened(pilot, "enter")
            await settled(pilot)
            assert cursor(pilot)[0] == "mrr"

    async def test_how_it_was_compared_is_kept_while_away(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "s", "i", "1")
            await opened(pilot)
            assert "by change" in shown(pilot)[1]
            assert "index" in shown(pilot)[1]

    async def test_it_opens_from_the_full_view_of_a_metric_and_from_help(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("enter", "l")
            await settled(pilot)
            await opened(pilot)
            await pilot.press("?")
            await settled(pilot)
            await opened(pilot, "1")
        # The assertions are in `opened`.

    async def test_a_metric_can_be_picked_by_its_name(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "M", *"unique org", "enter")
            assert shown(pilot)[0].startswith(" Compare · Unique organisations")


class TestTwoMetrics:
    async def test_two_metrics_of_the_product_stand_side_by_side_with_one_chart(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "W", *"unique monthly users", "enter")
            assert shown(pilot)[0].startswith(" Compare · MRR and Unique monthly users · Session replay")
            assert labels(pilot) == ["METRICS", "MRR", "Unique monthly users"]
            assert "chart: Aug 2023 = 100" in shown(pilot)[1]
            assert "bright: MRR  dim: Unique monthly users" in shown_text(pilot)

    async def test_a_rate_has_no_common_chart_and_says_so(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "W", *"churn rate", "enter")
            assert "Rates are not indexed" in shown(pilot)[1]
            assert "\n MRR · Oct 2026" in shown_text(pilot)

    async def test_other_products_are_a_key_away(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "W", *"unique monthly users", "enter", "right_square_bracket")
            assert "Feature [b]flags[/b]" in shown(pilot)[0]

    async def test_escape_compares_the_products_again(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "W", *"arr", "enter", "escape")
            assert labels(pilot)[0] == "PRODUCTS"

    async def test_enter_opens_the_metric_under_the_cursor(self) -> None:
        async with running(app_of()) as pilot:
            await opened(pilot, "W", *"unique monthly users", "enter", "j", "enter")
            await settled(pilot)
            assert cursor(pilot)[0] == "unique_users"


class TestOddSheets:
    async def test_without_numbers_it_says_so(self) -> None:
        empty = replace(make_sheet(), rows={}, metrics=())
        async with running(app_of(empty)) as pilot:
            await opened(pilot)
            assert "There are no numbers to compare yet." in shown_text(pilot)
            await pilot.press(*"jhsiSWMt", "full_stop", "enter", "P", "m", "slash")
            await settled(pilot)

    async def test_a_single_product_is_a_row(self) -> None:
        async with running(app_of(make_sheet(METRICS, PRODUCTS[:1]))) as pilot:
            await opened(pilot, "i", "S", "s", "right_square_bracket", "enter")

    async def test_new_numbers_replace_the_old_ones_in_place(self) -> None:
        async with running(app_of()) as pilot:
            screen = await opened(pilot, "h")
            state = pilot.app.sheet_state  # type: ignore[attr-defined]
            pilot.app.sheet_state = state._replace(loaded=LoadedSheet(make_sheet(factor=2.0)))  # type: ignore[attr-defined]
            await settled(pilot)
            assert "MRR · Session replay · Sep 2026" in shown_text(pilot)
            assert screen.sheet is make_sheet(factor=2.0)

    async def test_hostile_names_stay_text(self) -> None:
        async with running(app_of(hostile_sheet()), (200, 60)) as pilot:
            await opened(pilot, "G", "S", "s", "W")
            await pilot.press("escape", "?")
            await settled(pilot)
            assert "\x1b" not in shown_text(pilot)

    async def test_products_only_together_are_compared_alone(self) -> None:
        sheet = make_sheet(METRICS, (Product(ALL_PRODUCTS, "All products"),))
        async with running(app_of(sheet)) as pilot:
            await opened(pilot, "i")
            assert "All products" in labels(pilot)


async def test_help_and_palette_know_the_screen() -> None:
    async with running(app_of(), (120, 60)) as pilot:
        await opened(pilot, "?")
        assert "Show a second metric of the product beside this one" in shown_text(pilot)
        await pilot.press("escape", "colon", *"compare churn rate")
        await settled(pilot)


VIEWS = {
    "products": (),
    "index-by-stage": ("i", "S", "j"),
    "two-metrics": ("W", *"unique monthly users", "enter"),
    "without-the-metric": (*("full_stop",) * 29, "G"),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", VIEWS.values(), ids=VIEWS)
def test_the_screen(snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]) -> None:
    assert snap_compare(app_of(), terminal_size=size, run_before=pressing("7", *keys))
