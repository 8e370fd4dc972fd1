"""The terminal shows the same with few bytes as with Textual's own output, after every single update."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

from reviewtui import lean_output as module
from reviewtui.app import ReviewApp
from reviewtui.lean_output import LeanOutput, is_known_textual, lean_output
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.themes import THEME_NAMES
from tests.emulator import Emulator, differences
from tests.screens.conftest import ROOT, running, settled
from tests.screens.terminal import Terminal
from tests.sheets import AS_OF, COUNT, _metric, make_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot
    from textual.screen import Screen

    from reviewtui.metrics.sheet import MetricSheet

KEYS = (
    "j", "k", "l", "h", "l", "G", "g", "home", "end", "pagedown", "pageup", "right_square_bracket", "enter", "escape",
    "question_mark", "q", "p", "j", "y", "ctrl+p", "a", "escape", "left_square_bracket", "w", "b", "j",
)  # fmt: skip
JUDGED = b"to explain"
THOROUGHNESS = 10 if os.environ.get("REVIEWTUI_THOROUGH") else 1
SIZES = [(160, 45), (80, 24), (40, 10), (20, 5)]
WIDE_NAMES = ("会社の売上", "수익 a", "إيرادات", "הכנסות", "résumé é̂x", "Ünits ▲", "plain")


class WatchedApp(ReviewApp):
    """Shows every update on two terminals: as Textual paints it, and lean."""

    def __init__(self, sheet: MetricSheet, size: tuple[int, int], **options: Any) -> None:
        super().__init__(ROOT, AS_OF, load_sheet=lambda _report, _cancel: LoadedSheet(sheet), **options)
        self.stock_terminal, self.lean_terminal = Emulator(*size), Emulator(*size)
        self.stock_sent = self.lean_sent = 0

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            stock = renderable.render_segments(self.console)
            assert self._lean_output is not None
            lean: Any = self._lean_output.lean(renderable)
            sent = lean.render_segments(self.console)
            self.stock_terminal.feed(stock)
            self.lean_terminal.feed(sent)
            self.stock_sent += len(stock)
            self.lean_sent += len(sent)
            assert differences(self.stock_terminal, self.lean_terminal) == []
        super()._display(screen, renderable)

    async def resize(self, pilot: Pilot[None], width: int, height: int) -> None:
        """Another size; what the terminal makes of the old screen is anybody's guess."""
        if self.size == (width, height):
            return
        self.stock_terminal, self.lean_terminal = Emulator(width, height), Emulator(width, height)
        for line in range(height):
            self.lean_terminal.feed(f"\x1b[{line + 1};1H" + "#" * width)
        await pilot.resize_terminal(width, height)
        await settled(pilot)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_update_looks_the_same(size: tuple[int, int]) -> None:
    app = WatchedApp(make_sheet(), size, theme="ansi-dark" if size[0] < 80 else "reviewtui-dark")
    async with running(app, size) as pilot:
        for key in KEYS:
            await pilot.press(key)
        assert app.lean_sent < app.stock_sent / 2


async def test_names_of_doubtful_width_look_the_same() -> None:
    metrics = tuple(_metric(f"m{number}", name, "my own", COUNT) for number, name in enumerate(WIDE_NAMES * 9))
    app = WatchedApp(make_sheet(metrics), (120, 24))
    async with running(app, (120, 24)) as pilot:
        await pilot.press(*"jjljjjjjkkhjjjjjGgjj", "pagedown", "pagedown", "pageup", "enter", "j", "j", "l")


async def test_a_resize_and_a_change_of_theme_look_the_same() -> None:
    app = WatchedApp(make_sheet(), (120, 40))
    async with running(app) as pilot:
        for width, height in [(80, 24), (200, 60), (199, 60), (30, 8), (120, 40)]:
            await app.resize(pilot, width, height)
            await pilot.press("j", "l", "h")
        for theme in THEME_NAMES:
            app.theme = theme
            await settled(pilot)
            await pilot.press("j")


async def test_no_color_looks_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = WatchedApp(make_sheet(), (80, 24))
    async with running(app, (80, 24)) as pilot:
        await pilot.press(*KEYS[:12])


@settings(max_examples=4 * THOROUGHNESS, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from((*KEYS, "resize")), min_size=5, max_size=20),
    st.sampled_from(SIZES),
    st.sampled_from(SIZES),
)
def test_any_keys_look_the_same(keys: list[str], size: tuple[int, int], other: tuple[int, int]) -> None:
    async def press() -> None:
        app = WatchedApp(make_sheet(), size)
        async with running(app, size) as pilot:
            sizes = [size, other]
            for key in keys:
                if key == "resize":
                    sizes.reverse()
                    await app.resize(pilot, *sizes[0])
                elif key != "q" or len(app.screen_stack) > 1:
                    await pilot.press(key)

    asyncio.run(press())


@pytest.mark.parametrize("how", ["lean", "stock"])
def test_a_stopped_program_paints_everything_when_it_goes_on(tmp_path: Path, how: str) -> None:
    with Terminal(tmp_path, "sheet", (100, 30), environment={"REVIEWTUI_OUTPUT": how}) as terminal:
        terminal.read_until(JUDGED)
        terminal.press("jj")
        before = shown_by(terminal)
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.read_until(b"\x1b[?1049l")
        terminal.read_until_quiet()
        terminal.output = b""
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.read_until(b"MRR")
        terminal.read_until_quiet()
        assert shown_by(terminal) == before


def test_both_outputs_show_the_same_in_a_terminal(tmp_path: Path) -> None:
    screens: dict[str, list[list[str]]] = {"lean": [], "stock": []}
    sent = dict.fromkeys(screens, 0)
    for how, found in screens.items():
        with Terminal(tmp_path, "sheet", (120, 40), environment={"REVIEWTUI_OUTPUT": how}) as terminal:
            terminal.read_until(JUDGED)
            for key in ("j", "G", "?", "q", "]"):
                terminal.press(key)
                # The foot of the screen repeats the last key for some seconds only.
                found.append(shown_by(terminal)[:-1])
            sent[how] = len(terminal.output)
    assert screens["lean"] == screens["stock"]
    assert sent["lean"] < sent["stock"]


def shown_by(terminal: Terminal) -> list[str]:
    """What stands in a terminal of a hundred or so columns after everything that was sent so far."""
    emulator = Emulator(120, 40)
    emulator.feed(terminal.output.decode())
    return emulator.text()


class TestFallingBack:
    """Textual's own output stays where its private parts are not known, or where it is asked for."""

    def test_on_wish(self) -> None:
        assert lean_output({"REVIEWTUI_OUTPUT": "stock"}) is None
        assert lean_output({}) is not None

    def test_with_another_version(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "KNOWN_TEXTUAL", "99.0.0")
        assert not is_known_textual()
        assert lean_output({}) is None

    def test_with_other_private_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert is_known_textual()
        monkeypatch.setattr(module, "_KNOWN_PARTS", ((ChopsUpdate.__init__, ("self", "chops")),))
        assert not is_known_textual()

    def test_of_an_update_of_an_unknown_kind(self) -> None:
        output = LeanOutput()
        unknown: Any = CompositorUpdate()
        assert output.lean(unknown) is unknown
        assert output.lean(None) is None


def test_after_an_update_of_an_unknown_kind_everything_is_sent() -> None:
    from rich.console import Console
    from textual.geometry import Region
    from textual.strip import Strip

    output, console = LeanOutput(), Console(color_system="truecolor")
    update = LayoutUpdate([[Strip([Segment("abc")])]], Region(0, 0, 3, 1))
    assert output.render(update, console) == "\x1b[1;1Habc"
    assert output.render(update, console) == ""
    unknown: Any = CompositorUpdate()
    output.lean(unknown)
    assert output.render(update, console) == "\x1b[1;1Habc"
