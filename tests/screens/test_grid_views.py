"""How the grid is looked at: views of the values, filters, pins, folded sections, quarters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewtui.metrics.derived import Values
from reviewtui.metrics.sheet import Target
from reviewtui.sheet_state import PINNED_SECTION, Position, RowFilter, ViewOptions
from reviewtui.widgets.lines import KeyLine, ViewLine
from tests.screens.conftest import app_of, cursor, grid_of, running, screen_of, settled, shown, shown_text
from tests.sheets import METRICS, make_sheet

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from reviewtui.app import ReviewApp


def options(pilot: Pilot[None]) -> ViewOptions:
    """How the person looks at the numbers."""
    app: ReviewApp = pilot.app  # type: ignore[assignment]
    return app.view_options


def titles(pilot: Pilot[None]) -> list[str]:
    """The rows of the grid, sections in capitals."""
    view = grid_of(pilot).view
    assert view is not None
    return [row.title for row in view.rows]


def view_line(pilot: Pilot[None]) -> str:
    """What is said of the view, empty where nothing is."""
    line = screen_of(pilot).query_one(ViewLine)
    return line.text if line.display else ""


def row_of(pilot: Pilot[None], name: str) -> str:
    """The line of the screen that begins with a name."""
    return next(line for line in shown(pilot) if line[1:].startswith(name))


class TestFolding:
    async def test_a_folded_section_is_one_line_that_counts_its_metrics(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "z")
            assert shown(pilot)[2].startswith("▸ REVENUE · 15 metrics")
            assert grid_of(pilot).line == 0
            assert "MRR" not in titles(pilot)

    async def test_the_panel_says_what_is_folded(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("}", "z")
            words = " ".join(shown_text(pilot).split())
            assert "USAGE is folded: 10 metrics. Enter opens it." in words
            assert "Unique monthly users · " in words

    @pytest.mark.parametrize("key", ["z", "enter"])
    async def test_unfolding_puts_the_cursor_back_where_it_was(self, key: str) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "j", "z", key)
            assert cursor(pilot) == ("mrr_growth", "2026-10")

    async def test_the_cursor_can_stand_on_a_folded_section_and_nowhere_else_without_a_metric(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("}", "z", "k")
            assert cursor(pilot)[0] == "fx_effect"
            await pilot.press("j", "j")
            assert cursor(pilot)[0] == "nps"
            await pilot.press("k", "l")
            assert shown(pilot)[grid_of(pilot).line + 2].startswith("▸ USAGE")

    async def test_all_sections_fold_at_once_and_the_cursor_stays_somewhere(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("}", "j", "Z")
            assert titles(pilot) == ["REVENUE", "USAGE", "NPS", "SUPPORT", "COST", "MY OWN"]
            assert grid_of(pilot).line == 1
            for key in ("G", "g", "pagedown", "{", "}", "0", "$", "h"):
                await pilot.press(key)
                assert grid_of(pilot).view.rows[grid_of(pilot).line].is_stop  # type: ignore[union-attr]
            await pilot.press("g", "j", "j", "Z")
            assert cursor(pilot)[0] == "nps"

    async def test_folding_all_sections_leaves_the_columns_where_they_were(self) -> None:
        async with running(app_of()) as pilot:
            before = shown(pilot)[1]
            await pilot.press("Z")
            assert shown(pilot)[1] == before

    async def test_a_long_title_under_the_cursor_keeps_its_words(self) -> None:
        long = "revenue of all our regions"
        metrics = tuple(metric._replace(section=long) if metric.section == "revenue" else metric for metric in METRICS)
        async with running(app_of(replace(make_sheet(), metrics=metrics)), size=(80, 24)) as pilot:
            await pilot.press("z")
            words = f"▸ {long.upper()} · 15 metrics"
            assert grid_of(pilot).layout_plan.label < len(words)
            assert shown(pilot)[2].startswith(words[: grid_of(pilot).layout_plan.frozen - 5])

    async def test_sections_stay_folded_in_another_product(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("z", "]")
            assert titles(pilot)[:2] == ["REVENUE", "USAGE"]

    async def test_a_click_on_a_title_folds_its_section(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.click(grid_of(pilot), offset=(4, 1))
            assert titles(pilot)[:2] == ["REVENUE", "USAGE"]


class TestPins:
    async def test_a_pinned_metric_stands_on_top_with_the_cursor_on_it(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("}", "j", "*")
            assert titles(pilot)[:3] == ["PINNED", "Unique monthly users growth", "REVENUE"]
            assert titles(pilot).count("Unique monthly users growth") == 1
            assert cursor(pilot)[0] == "unique_users_growth"

    async def test_pinned_again_it_goes_back_to_its_section(self) -> None:
        async with running(app_of()) as pilot:
            before = titles(pilot)
            await pilot.press("}", "*", "*")
            assert titles(pilot) == before
            assert cursor(pilot)[0] == "unique_users"

    async def test_the_pinned_section_folds_too(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("*", "z")
            assert options(pilot).folded == (PINNED_SECTION,)
            assert shown(pilot)[2].startswith("▸ PINNED · 1 metric")


class TestFilters:
    async def test_f_goes_round_and_the_filter_is_named(self) -> None:
        async with running(app_of()) as pilot:
            seen = []
            for _ in RowFilter:
                await pilot.press("f")
                seen.append(view_line(pilot).strip().partition(" (")[0])
            assert seen == [
                "only pinned metrics",
                "only REVENUE",
                "only input metrics",
                "only output metrics",
                "only noted metrics",
                "only anomalous metrics",
                "",
            ]

    async def test_an_empty_list_says_so_and_escape_shows_all(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "f")
            assert "No metric of this product is pinned." in shown_text(pilot)
            assert "(Esc: all)" in view_line(pilot)
            for key in ("j", "G", "h", "z", "*", "n", "enter", "}", "y", "t"):
                await pilot.press(key)
            await pilot.press("escape", "escape")
            assert options(pilot).rows is RowFilter.ALL
            assert cursor(pilot)[0] == "arr"

    async def test_on_an_empty_list_enter_says_that_there_is_nothing_to_open(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("f", "enter")
            assert screen_of(pilot).is_current
            assert screen_of(pilot).query_one(KeyLine).message == "There is no metric under the cursor."

    async def test_the_section_of_the_cursor_alone_is_listed(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("}", "}", "f", "f")
            assert titles(pilot) == ["NPS", "Net promoter score", "NPS responses"]
            assert cursor(pilot)[0] == "nps"

    async def test_a_metric_that_is_no_longer_listed_gives_way_to_the_next_one(self) -> None:
        metrics = tuple(item._replace(kind="input" if item.section == "usage" else "output") for item in METRICS)
        async with running(app_of(make_sheet(metrics))) as pilot:
            await pilot.press("j", "f", "f", "f")
            assert cursor(pilot)[0] == "unique_users"


class TestValues:
    async def test_t_goes_through_the_views_and_names_them(self) -> None:
        async with running(app_of()) as pilot:
            seen = []
            for _ in range(4):
                await pilot.press("t")
                seen.append(view_line(pilot).partition("  ")[0].strip())
            assert seen == ["MoM", "YoY", "3-month mean", ""]
            await pilot.press("T")
            assert "3-month mean" in view_line(pilot)

    async def test_cells_show_what_the_view_says_and_the_place_stays(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "h", "t")
            assert cursor(pilot) == ("arr", "2026-09")
            view = grid_of(pilot).view
            assert view is not None
            now, before = (view.sheet.row("replay", "arr")[place].value or 0 for place in (-3, -4))
            assert f"{(now / before - 1) * 100:+.1f}%".replace("-", "−") in row_of(pilot, "ARR")
            assert "against Aug 2026" in view_line(pilot)

    async def test_a_rate_changes_in_percent_points_and_a_bad_one_has_a_mark(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("t")
            assert "pp!" in row_of(pilot, "Revenue churn rate")

    async def test_the_target_view_is_offered_only_to_products_that_have_targets(self) -> None:
        sheet = replace(make_sheet(), targets={("replay", "mrr"): Target(1e6, None, "growth")})
        async with running(app_of(sheet)) as pilot:
            await pilot.press("T")
            assert "gap to target" in view_line(pilot)
            assert "Target of the growth stage at least 1,000,000" in view_line(pilot)
            assert row_of(pilot, "ARR").count("·") > 3
            await pilot.press("]")
            assert view_line(pilot) == ""
            assert options(pilot).values is Values.TARGET
            await pilot.press("[")
            assert "gap to target" in view_line(pilot)

    async def test_without_any_values_nothing_fails(self) -> None:
        sheet = replace(make_sheet(), rows={})
        async with running(app_of(sheet)) as pilot:
            for key in ("t", "f", "v", "z", "Z", "*", "m", "escape", "slash", "n", "(", ")", "P", "escape", "escape"):
                await pilot.press(key)
            assert pilot.app.is_running


class TestQuarters:
    async def test_closed_quarters_are_columns_and_the_open_one_shows_its_months(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("v")
            header = shown(pilot)[2]
            assert header.index("Q3 26") < header.rindex("Oct 26") < header.index("Nov 26")
            assert "Sep 26" not in header
            assert cursor(pilot) == ("mrr", "2026-10")

    async def test_flows_are_summed_and_unknown_ones_say_why(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("v", "h", "j", "j", "j", "j")
            assert cursor(pilot) == ("new_mrr", "2026-09")
            view = grid_of(pilot).view
            assert view is not None
            months = view.sheet.row("replay", "new_mrr")[-5:-2]
            total = sum(cell.value or 0 for cell in months)
            assert f"{total:,.2f}" in view_line(pilot)
            assert "Q3 26 (Jul 26 to Sep 26)" in view_line(pilot)
            await pilot.press("}", "j", "j", "j")
            assert "nobody has said how its months make a quarter" in view_line(pilot)

    async def test_moves_go_by_what_is_shown(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("v", "h")
            assert cursor(pilot)[1] == "2026-09"
            await pilot.press("b")
            assert cursor(pilot)[1] == "2026-06"
            await pilot.press("<")
            assert cursor(pilot)[1] == "2025-06"
            await pilot.press("w", "h")
            assert cursor(pilot)[1] == "2025-06"
            await pilot.press("$", "$", "v")
            assert cursor(pilot)[1] == "2026-11"

    async def test_months_again_shows_the_closing_month(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("v", "h", "v")
            assert cursor(pilot)[1] == "2026-09"


class TestAWayBack:
    async def test_places_that_were_left_can_be_gone_back_to(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("j", "h", "]", "G", "0", "t")
            await pilot.press("(")
            assert (cursor(pilot), options(pilot).values) == (("huge", "2023-08"), Values.PLAIN)
            await pilot.press("(", "(", "(")
            assert cursor(pilot) == ("arr", "2026-09")
            assert grid_of(pilot).view.product == "replay"  # type: ignore[union-attr]
            await pilot.press("(")
            assert screen_of(pilot).query_one(KeyLine).message == "This is the first place."
            await pilot.press(")", ")", ")", ")")
            assert (cursor(pilot), options(pilot).values) == (("huge", "2023-08"), Values.MOM)

    async def test_a_new_way_forgets_the_old_one(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("G", "(", "0", ")")
            assert screen_of(pilot).query_one(KeyLine).message == "This is the newest place."
            assert cursor(pilot) == ("mrr", "2023-08")


class TestEcho:
    async def test_an_action_is_named_with_its_key(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("w")
            assert screen_of(pilot).query_one(KeyLine).echoed == "w Go forward a quarter"
            await pilot.press("t")
            assert shown(pilot)[-1].rstrip().endswith("t MoM")

    async def test_single_steps_need_no_echo(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("h", "j", "right", "up")
            assert screen_of(pilot).query_one(KeyLine).echoed == ""

    @pytest.mark.parametrize(
        ("to_the_end", "step", "back", "said"),
        [
            ("0", "left", "l", "← There is nothing further left"),
            ("$$l", "l", "h", "→ There is nothing further right"),
            ("g", "k", "j", "↑ There is nothing above"),
            ("G", "down", "up", "↓ There is nothing below"),
        ],
    )
    async def test_a_step_that_leads_nowhere_says_so_until_the_next(
        self, to_the_end: str, step: str, back: str, said: str
    ) -> None:
        async with running(app_of()) as pilot:
            await pilot.press(*to_the_end, step)
            assert screen_of(pilot).query_one(KeyLine).echoed == said
            await pilot.press(back)
            assert screen_of(pilot).query_one(KeyLine).echoed == ""

    async def test_what_an_action_says_stays_after_a_step_that_led_nowhere(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("g", "k", "b")
            assert screen_of(pilot).query_one(KeyLine).echoed == "b Go back a quarter"

    async def test_what_the_palette_runs_is_named_with_its_key(self) -> None:
        async with running(app_of()) as pilot:
            entry = next(
                item for item in screen_of(pilot).palette_entries() if item.name.startswith("Go back a quarter")
            )
            assert entry.key == "b"
            await entry.run()  # type: ignore[misc]
            await settled(pilot)
            assert screen_of(pilot).query_one(KeyLine).echoed == "b Go back a quarter"


class TestThePalette:
    async def test_it_goes_to_a_metric_that_is_folded_away_or_left_out(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("}", "}", "f", "f", "Z")
            entry = next(item for item in screen_of(pilot).palette_entries() if item.name == "Churned MRR")
            entry.run()
            await settled(pilot)
            assert cursor(pilot)[0] == "churned_mrr"
            assert options(pilot).rows is RowFilter.ALL

    async def test_it_finds_views_sections_and_filters_by_name(self) -> None:
        async with running(app_of()) as pilot:
            names = {item.name for item in screen_of(pilot).palette_entries()}
            assert {"Show YoY", "Section NPS", "List pinned metrics", "Mar 2024 2024-03"} <= names
            assert "Show gap to target" not in names


async def test_the_view_of_the_last_session_is_restored() -> None:
    app = app_of(position=Position("replay", "arr", "2026-09"))
    app.view_options = ViewOptions(Values.YOY, True, RowFilter.ALL, "", ("nps", "gone"), ("usage",))
    async with running(app) as pilot:
        assert titles(pilot)[:2] == ["PINNED", "Net promoter score"]
        assert "USAGE · 10 metrics" in shown_text(pilot)
        assert cursor(pilot) == ("arr", "2026-09")
        assert "YoY · closed quarters" in view_line(pilot)


async def test_the_cursor_on_a_folded_section_survives_a_restart() -> None:
    app = app_of(position=Position("replay", "nps_responses", "2026-09"))
    app.view_options = ViewOptions(folded=("nps",))
    async with running(app) as pilot:
        view = grid_of(pilot).view
        assert view is not None
        assert view.rows[grid_of(pilot).line].section == "nps"


async def test_new_numbers_leave_the_view_and_the_cursor_alone() -> None:
    async with running(app_of(), (80, 24)) as pilot:
        await pilot.press("G", "<", "*", "t", "j")
        place, before = cursor(pilot), (grid_of(pilot).window, options(pilot))
        await pilot.press("r")
        await settled(pilot)
        assert cursor(pilot) == place
        assert (grid_of(pilot).window, options(pilot)) == before


async def test_a_long_message_gets_the_lines_it_needs_and_gives_them_back() -> None:
    words = "The workspace was not saved: " + " ".join(f"word{number}" for number in range(18)) + ". Save again."
    async with running(app_of(), size=(80, 24)) as pilot:
        rows = grid_of(pilot).size.height
        screen_of(pilot).say(words)
        await settled(pilot)
        foot = " ".join(line.strip() for line in shown(pilot)[-3:])
        assert foot == words
        assert grid_of(pilot).size.height == rows - 2
        await pilot.press("j")
        await settled(pilot)
        screen_of(pilot).say("Short.")
        await settled(pilot)
        assert shown(pilot)[-1].strip() == "Short."
        assert grid_of(pilot).size.height == rows
