"""The grid screen around the grid: states, panel, copying, problems, help, palette, leaving."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.command import CommandPalette
from textual.widgets import Input

from reviewtui.app import ReviewApp
from reviewtui.errors import Cancelled, SourceError
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.metrics.sheet import Product
from reviewtui.months import Month
from reviewtui.screens.reader import ReaderScreen
from reviewtui.sources.state import Progress
from tests.screens.conftest import ROOT, app_of, cursor, running, screen_of, settled, shown, shown_text
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reviewtui.metrics.sheet import MetricSheet


class Loading:
    """A computation that goes on when it is told to."""

    def __init__(self) -> None:
        self.answers: list[LoadedSheet | Exception] = []
        self.go_on = threading.Event()
        self.cancelled = 0

    def __call__(self, report: Callable[[Progress], None], cancel: threading.Event) -> LoadedSheet:
        report(Progress("Reading events", 12, 36))
        while not self.go_on.wait(0.01):
            if cancel.is_set():
                self.cancelled += 1
                raise Cancelled
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def until(condition: Callable[[], bool], pilot: object) -> None:
    for _ in range(400):
        if condition():
            return
        await pilot.pause(0.01)  # type: ignore[attr-defined]
    raise AssertionError("it never came")


class TestStates:
    async def test_the_first_computation_says_what_it_does_and_how_far_it_is(self) -> None:
        loading = Loading()
        async with ReviewApp(ROOT, AS_OF, load_sheet=loading).run_test(size=(80, 24)) as pilot:
            await until(lambda: "Reading events 12 of 36" in shown_text(pilot), pilot)
            assert "product" not in shown(pilot)[-1]
            loading.answers.append(LoadedSheet(make_sheet()))
            loading.go_on.set()
            await until(lambda: "444.1k" in shown_text(pilot), pilot)

    async def test_old_numbers_stay_while_new_ones_are_computed(self) -> None:
        loading = Loading()
        loading.answers = [LoadedSheet(make_sheet()), LoadedSheet(make_sheet(factor=2.0))]
        loading.go_on.set()
        async with running(ReviewApp(ROOT, AS_OF, load_sheet=loading)) as pilot:
            await pilot.press("j", "h")
            loading.go_on.clear()
            await pilot.press("r")
            await until(lambda: "Reading events" in shown(pilot)[0], pilot)
            assert "444.1k" in shown_text(pilot)
            loading.go_on.set()
            await until(lambda: "888.3k" in shown_text(pilot), pilot)
            assert cursor(pilot) == ("arr", "2026-09")

    async def test_a_file_that_cannot_be_read_is_a_sentence_and_r_tries_again(self) -> None:
        loading = Loading()
        loading.answers = [
            SourceError("acme.duckdb is open elsewhere.", "A file is locked"),
            LoadedSheet(make_sheet()),
        ]
        loading.go_on.set()
        async with running(ReviewApp(ROOT, AS_OF, load_sheet=loading)) as pilot:
            assert "acme.duckdb is open elsewhere." in shown_text(pilot)
            assert "Press r to try again" in shown_text(pilot)
            await pilot.press("r")
            await settled(pilot)
            assert "444.1k" in shown_text(pilot)

    async def test_old_numbers_stay_when_new_ones_cannot_be_had(self) -> None:
        loading = Loading()
        loading.answers = [LoadedSheet(make_sheet()), SourceError("acme.duckdb is gone."), LoadedSheet(make_sheet())]
        loading.go_on.set()
        async with running(ReviewApp(ROOT, AS_OF, load_sheet=loading), (80, 24)) as pilot:
            await pilot.press("r")
            await settled(pilot)
            text = shown_text(pilot)
            assert "444.1k" in text
            assert "These are the numbers from before. acme.duckdb is gone. Press r to try again." in " ".join(
                text.split()
            )
            await pilot.press("r")
            await settled(pilot)
            assert "numbers from before" not in shown_text(pilot)

    async def test_a_fault_in_the_computation_shows_no_data_and_leaves_the_app_running(self, tmp_path: Path) -> None:
        loading = Loading()
        loading.answers = [RuntimeError("secret customer")]
        loading.go_on.set()
        app = ReviewApp(ROOT, AS_OF, load_sheet=loading, state_folder=tmp_path)
        async with running(app) as pilot:
            text = shown_text(pilot)
            assert "The numbers could not be computed." in text
            assert "secret" not in text
        log = tmp_path / "crash.log"
        assert "secret" not in log.read_text(encoding="utf-8")
        assert log.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("sheet", [make_sheet((), ()), make_sheet(())], ids=["no products", "no numbers"])
    async def test_an_empty_sheet_is_explained_by_its_first_problem(self, sheet: MetricSheet) -> None:
        async with running(app_of(sheet)) as pilot:
            text = " ".join(shown_text(pilot).split())
            assert "There are no numbers yet." in text
            assert "reviewtui.toml:12" in text
            assert "reviewtui check" in text

    async def test_a_product_without_numbers_among_others_is_explained(self) -> None:
        sheet = make_sheet()
        lonely = replace(sheet, products=(Product("new", "A new one"), *sheet.products))
        async with running(app_of(lonely)) as pilot:
            assert "No numbers for this product yet." in shown_text(pilot)
            await pilot.press("j", "l", "G", "}", "pagedown", "y", "enter", "]")

    @pytest.mark.parametrize("size", [(39, 24), (80, 9), (1, 1), (5, 2)])
    async def test_a_terminal_that_is_too_small_is_told(self, size: tuple[int, int]) -> None:
        async with running(app_of(), size) as pilot:
            assert "444.1k" not in shown_text(pilot)
            if size[0] > 30:
                assert "too small" in shown_text(pilot)
            await pilot.press("j", "h")
            await pilot.resize_terminal(80, 24)
            await settled(pilot)
            assert cursor(pilot) == ("arr", "2026-09")
            assert "ARR" in shown_text(pilot)


class TestPanel:
    async def test_it_follows_the_cursor(self) -> None:
        async with running(app_of(), (80, 24)) as pilot:
            assert "444,128.90 USD" in shown_text(pilot)
            await pilot.press("h")
            await settled(pilot)
            value = make_sheet().cell("replay", "mrr", Month(2026, 9)).value
            assert f"{value:,.2f} USD" in shown_text(pilot)

    async def test_space_shows_more_about_the_cell_and_then_less(self) -> None:
        async with running(app_of(), (80, 24)) as pilot:
            assert "Invoice lines are spread" not in shown_text(pilot)
            await pilot.press("space")
            await settled(pilot)
            assert "Invoice lines are spread" in shown_text(pilot)
            await pilot.press("space")
            await settled(pilot)
            assert "Enter: more" in shown_text(pilot)

    async def test_it_stands_beside_the_grid_where_there_is_room(self) -> None:
        async with running(app_of(), (200, 60)) as pilot:
            assert "444,128.90 USD" in shown(pilot)[1]
            await pilot.press("space")
            await settled(pilot)
            assert "444,128.90 USD" not in shown_text(pilot)


class TestCopying:
    async def test_y_sends_the_exact_value_and_claims_no_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = app_of()
        sent: list[str] = []
        monkeypatch.setattr(app, "copy_to_clipboard", sent.append)
        async with running(app) as pilot:
            await pilot.press("j", "k", "h", "l", "enter", "p", "q")
            assert sent == []
            await pilot.press("y")
            assert sent == ["444,128.90"]
            assert "sent to the clipboard" in shown(pilot)[-1]

    async def test_a_cell_without_a_value_copies_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = app_of()
        sent: list[str] = []
        monkeypatch.setattr(app, "copy_to_clipboard", sent.append)
        async with running(app) as pilot:
            await pilot.press("j", "j", "l", "y")
            assert sent == []
            assert "There is no value to copy" in shown(pilot)[-1]


class TestReading:
    async def test_p_lists_every_problem_with_its_place(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("p")
            await settled(pilot)
            text = shown_text(pilot)
            assert "reviewtui.toml:12" in text
            assert "[/views]" in text
            assert "3 problems" in text
            await pilot.press("q")
            assert not isinstance(pilot.app.screen, ReaderScreen)

    async def test_without_problems_p_says_so(self) -> None:
        async with running(app_of(make_sheet(problems=()))) as pilot:
            await pilot.press("p")
            assert "No problems were found" in shown(pilot)[-1]

    async def test_keys_that_cannot_be_used_are_among_the_problems(self, tmp_path: Path) -> None:
        keys = tmp_path / "keys.toml"
        keys.write_text('"grid.fly" = "f"\n"screen.copy_value" = "f6"\n"screen.find" = "f7"\n', encoding="utf-8")
        loaded = LoadedSheet(make_sheet(problems=()))
        app = ReviewApp(ROOT, AS_OF, load_sheet=lambda *_: loaded, keys_file=keys)
        async with running(app) as pilot:
            assert "1 problem" in shown(pilot)[0]
            assert " f7 find" in shown(pilot)[-1]
            await pilot.press("f6")
            assert "sent to the clipboard" in shown(pilot)[-1]

    async def test_the_question_mark_lists_all_keys_and_goes_away_again(self) -> None:
        async with running(app_of(), (100, 60)) as pilot:
            await pilot.press("?")
            await settled(pilot)
            assert "Go forward a quarter" in shown_text(pilot)
            await pilot.press("j", "G", "pageup", "g", "?")
            assert not isinstance(pilot.app.screen, ReaderScreen)

    async def test_1_goes_back_to_the_grid(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("p", "1")
            await settled(pilot)
            assert pilot.app.screen is screen_of(pilot)


class TestPalette:
    @pytest.mark.parametrize(
        ("typed", "place"),
        [
            ("revenue churn", ("churn_rate", "2026-10")),
            ("Mar 2025", ("mrr", "2025-03")),
            ("2024-02", ("mrr", "2024-02")),
        ],
    )
    async def test_a_metric_or_a_month_is_found_by_name(self, typed: str, place: tuple[str, str]) -> None:
        async with running(app_of()) as pilot:
            await self.choose(pilot, typed)
            assert cursor(pilot) == place

    async def test_a_product_whose_name_looks_like_markup_is_found_and_shown_as_it_is(self) -> None:
        async with running(app_of()) as pilot:
            await self.choose(pilot, "[b]flags")
            assert "Feature [b]flags[/b]" in shown(pilot)[0]

    async def test_it_says_what_can_be_found(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("colon")
            await settled(pilot)
            assert "Metric, month, product or action …" in shown_text(pilot)

    async def test_an_action_is_found_by_its_sentence(self) -> None:
        async with running(app_of()) as pilot:
            await self.choose(pilot, "list the problems")
            assert isinstance(pilot.app.screen, ReaderScreen)

    async def test_a_theme_is_found_by_its_name(self) -> None:
        async with running(app_of()) as pilot:
            await self.choose(pilot, "reviewtui-light")
            assert pilot.app.theme == "reviewtui-light"

    async def choose(self, pilot: object, typed: str) -> None:
        app = pilot.app  # type: ignore[attr-defined]
        await pilot.press("colon")  # type: ignore[attr-defined]
        await pilot.pause()  # type: ignore[attr-defined]
        assert isinstance(app.screen, CommandPalette)
        app.screen.query_one(Input).value = typed
        await until(lambda: app.screen.query_one("CommandList").option_count > 0, pilot)
        await settled(pilot)  # type: ignore[arg-type]
        await pilot.pause(0.3)  # type: ignore[attr-defined]
        await pilot.press("enter")  # type: ignore[attr-defined]
        await settled(pilot)  # type: ignore[arg-type]


class TestLeaving:
    @pytest.mark.parametrize("key", ["q", "Q", "ctrl+q"])
    async def test_it_asks_nothing_as_nothing_is_unsaved(self, key: str) -> None:
        async with running(app_of()) as pilot:
            await pilot.press(key)
            assert pilot.app._exit

    @pytest.mark.parametrize("key", ["escape", "backspace"])
    async def test_one_escape_too_many_does_not_quit(self, key: str) -> None:
        async with running(app_of()) as pilot:
            await pilot.press(key)
            assert not pilot.app._exit
            assert "Press q to leave." in shown(pilot)[-1]

    async def test_leaving_cancels_the_computation(self) -> None:
        loading = Loading()
        async with ReviewApp(ROOT, AS_OF, load_sheet=loading).run_test() as pilot:
            await until(lambda: "Reading events" in shown_text(pilot), pilot)
            await pilot.press("q")
        assert loading.cancelled == 1

    async def test_ctrl_c_only_tells_how_to_leave(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("ctrl+c")
            assert pilot.app.is_running
            assert "Press q to leave." in shown(pilot)[-1]


class TestKeysWithoutAnAnswer:
    @pytest.mark.parametrize("opened", ["", "enter", *"23456789"])
    async def test_a_key_that_the_screen_does_not_have_says_so(self, opened: str) -> None:
        async with running(app_of()) as pilot:
            if opened:
                await pilot.press(opened)
                await settled(pilot)
            await pilot.press("É")
            await settled(pilot)
            assert "É does nothing here. ? lists the keys." in shown_text(pilot)

    async def test_an_arrow_that_leads_nowhere_is_not_scolded(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("F7", "space", "escape")
            await settled(pilot)
            assert "does nothing" not in shown_text(pilot)

    async def test_what_is_typed_into_a_field_is_no_key(self) -> None:
        async with running(app_of()) as pilot:
            await pilot.press("slash", "É")
            await settled(pilot)
            assert "does nothing" not in shown_text(pilot)

    async def test_the_key_for_help_is_the_persons_own(self) -> None:
        app = app_of()
        app.set_keymap({"app.help": "H"})
        async with running(app) as pilot:
            await pilot.press("É")
            await settled(pilot)
            assert "É does nothing here. H lists the keys." in shown_text(pilot)
