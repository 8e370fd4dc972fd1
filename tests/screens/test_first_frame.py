"""A start shows what the app will paint before there is an app, and only while that is so."""

from __future__ import annotations

import os
import signal
import termios
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reviewtui.first_frame import FRAME_FILE, Picture, Step, keep_frame, kept_picture
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.paths import cache_dir, keys_file, session_file
from reviewtui.ready_sheet import READY_FILE, FilesMark, keep_ready
from reviewtui.screen_cells import ScreenCells
from tests.emulator import Emulator
from tests.screens.terminal import Terminal
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = (120, 40)
TURNING = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
JUDGED = "to explain"
MOST_READS, TURN_BYTES = 1_200, 50
LONG_AGO = 1_700_000_000
OPENED = b"Session replay"
ENTERED, LEFT, TAKEN_OVER = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?1004h"
"""Another screen is asked for, and given back; the toolkit begins."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a workspace whose numbers are ready."""
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "reviews"
    (root / "products" / "replay").mkdir(parents=True)
    (root / "reviewtui.toml").write_text("schema = 1\n")
    for path in (root, *root.rglob("*")):
        os.utime(path, (LONG_AGO, LONG_AGO))
    keep_ready(FilesMark(root, AS_OF), root, AS_OF, LoadedSheet(replace(make_sheet(), sources=())))
    assert (cache_dir(root) / READY_FILE).exists()
    return tmp_path


def opened(folder: Path, environment: dict[str, str] | None = None, *, how: str = "reviews") -> Terminal:
    return Terminal(folder, how, SIZE, environment=environment, module="tests.screens.opened")


def session(folder: Path, *keys: str) -> bytes:
    """Open the workspace, press keys, leave; all that was sent until it came to rest before it was left."""
    with opened(folder) as terminal:
        read_until_at_rest(terminal)
        for key in keys:
            terminal.press(key)
        sent = terminal.output
        os.write(terminal.handle, b"Q")
        assert terminal.wait() == 0
        assert terminal.output.count(LEFT) == 1
    return sent


def shown_by(sent: bytes) -> Emulator:
    screen = Emulator(*SIZE)
    screen.feed(sent.decode(errors="ignore"))
    return screen


def texts_of(screen: Emulator) -> list[str]:
    """The lines, without the corner where something turns while the program is being loaded."""
    first, *others = screen.text()
    return [first.ljust(SIZE[0])[:-1].rstrip(), *others]


def read_until_at_rest(terminal: Terminal) -> None:
    """Collect output until the program has loaded and judged all."""
    for _ in range(MOST_READS):
        first = shown_by(terminal.output).text()[0].rstrip()
        if TAKEN_OVER in terminal.output and JUDGED in first and first[-1] not in TURNING:
            break
        terminal.read_until_quiet(0.05)
    terminal.read_until_quiet(0.5)


def read_until_shown(terminal: Terminal, texts: list[str]) -> None:
    """Collect output until the screen has these lines."""
    for _ in range(MOST_READS):
        if texts_of(shown_by(terminal.output)) == texts:
            return
        terminal.read_until_quiet(0.05)
    assert texts_of(shown_by(terminal.output)) == texts


def read_turns(terminal: Terminal) -> None:
    """Collect output until the corner has turned a few times more."""
    terminal.read_until_quiet(0.05)
    before, many = len(terminal.output), 3 * TURN_BYTES
    for _ in range(MOST_READS):
        if len(terminal.output) > before + many:
            return
        terminal.read_until_quiet(0.05)
    raise AssertionError(terminal.output[-200:])


def first_frame(sent: bytes) -> bytes:
    """What was sent before there was an app; nothing where the app turned the terminal into a screen itself."""
    before, _, _ = sent.partition(TAKEN_OVER)
    return before if OPENED in before else b""


class TestInATerminal:
    @pytest.mark.parametrize("keys", ["jjh", "Gkk", "^kk", "/mrr\r"], ids=["moved", "rows", "months", "found"])
    def test_a_start_shows_at_once_what_the_app_comes_to_show(self, folder: Path, keys: str) -> None:
        assert not first_frame(session(folder, *keys))
        sent = session(folder)
        frame, screen = shown_by(first_frame(sent)), shown_by(sent)
        assert texts_of(frame) == texts_of(screen)
        assert [frame.line(y)[:-1] for y in range(SIZE[1])] == [screen.line(y)[:-1] for y in range(SIZE[1])]
        assert not any(line.endswith(sign) for line in screen.text() for sign in TURNING)
        assert sent.count(ENTERED) == 1
        assert len(sent) < len(first_frame(sent)) + 1_000

    def test_keys_pressed_before_there_is_an_app_are_its_keys(self, folder: Path) -> None:
        there = shown_by(session(folder, "j")).text()
        session(folder, "k")
        with opened(folder) as terminal:
            terminal.read_until(OPENED)
            assert TAKEN_OVER not in terminal.output
            os.write(terminal.handle, b"j")
            read_until_at_rest(terminal)
            # The last line names the key for a while.
            assert shown_by(terminal.output).text()[:-1] == there[:-1]
            os.write(terminal.handle, b"k\rQ")
            assert terminal.wait() == 0

    def test_enter_before_there_is_an_app_is_enter(self, folder: Path) -> None:
        session(folder)
        with opened(folder) as terminal:
            terminal.read_until(OPENED)
            os.write(terminal.handle, b"\r")
            terminal.read_until(b"There are no rows")
            os.write(terminal.handle, b"Q")
            assert terminal.wait() == 0

    def test_nothing_is_shown_before_a_driver_of_another_make(self, folder: Path) -> None:
        session(folder)
        for _ in range(2):
            with opened(folder, {"TEXTUAL_DRIVER": "textual.drivers.linux_driver:LinuxDriver"}) as terminal:
                terminal.read_until(TAKEN_OVER)
                assert not first_frame(terminal.output)
                terminal.read_until_quiet(1.0)
                os.write(terminal.handle, b"Q")
                assert terminal.wait() == 0

    def test_a_toolkit_of_which_nothing_is_known_gets_the_terminal_as_it_was(self, folder: Path) -> None:
        session(folder)
        with opened(folder, how="upgraded") as terminal:
            terminal.read_until(TAKEN_OVER)
            assert terminal.output.count(ENTERED) == 2
            assert terminal.output.count(LEFT) == 1
            terminal.read_until_quiet(1.0)
            os.write(terminal.handle, b"Q")
            assert terminal.wait() == 0
            assert termios.tcgetattr(terminal.handle)[3] & termios.ECHO

    def test_nothing_is_shown_after_the_cursor_was_left_elsewhere_under_another_screen(self, folder: Path) -> None:
        session(folder)
        session(folder, "j", "?")
        assert not first_frame(session(folder))

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    def test_a_signal_before_there_is_an_app_leaves_the_terminal_as_it_was(
        self, folder: Path, number: signal.Signals
    ) -> None:
        session(folder)
        with opened(folder, how="stuck") as terminal:
            terminal.read_until(OPENED)
            read_turns(terminal)
            assert not termios.tcgetattr(terminal.handle)[3] & termios.ECHO
            os.kill(terminal.pid, number)
            assert terminal.wait() == 128 + number
            assert terminal.output.endswith(LEFT + b"\x1b[?25h")
            local = termios.tcgetattr(terminal.handle)[3]
            assert local & termios.ECHO
            assert local & termios.ICANON


class TestAStepFromTheFirstFrame:
    """Where the first key leads is known before there is an app."""

    @pytest.mark.parametrize(
        ("key", "typed"),
        [("h", "h"), ("j", "j"), ("h", "\x1b[D"), ("j", "\x1bOB")],
        ids=["month", "metric", "arrow", "arrow of an application"],
    )
    def test_is_shown_while_the_app_is_being_loaded(self, folder: Path, key: str, typed: str) -> None:
        there = texts_of(shown_by(session(folder, key)))
        session(folder, {"h": "l", "j": "k"}[key])
        with opened(folder, how="stuck") as terminal:
            terminal.read_until(OPENED)
            read_turns(terminal)
            assert texts_of(shown_by(terminal.output)) != there
            os.write(terminal.handle, typed.encode())
            read_until_shown(terminal, there)
            os.kill(terminal.pid, signal.SIGTERM)
            assert terminal.wait() == 128 + signal.SIGTERM

    def test_says_where_there_is_nothing(self, folder: Path) -> None:
        session(folder, "g", "h")
        session(folder, "l")
        there = texts_of(shown_by(session(folder, "k")))
        with opened(folder, how="stuck") as terminal:
            terminal.read_until(OPENED)
            os.write(terminal.handle, b"k")
            read_until_shown(terminal, there)
            assert b"nothing above" in terminal.output
            os.kill(terminal.pid, signal.SIGTERM)
            terminal.wait()

    def test_is_taken_by_the_app_without_going_back(self, folder: Path) -> None:
        there = shown_by(session(folder, "h"))
        session(folder, "l")
        with opened(folder) as terminal:
            terminal.read_until(OPENED)
            os.write(terminal.handle, b"h")
            read_until_at_rest(terminal)
            before, _, after = terminal.output.partition(TAKEN_OVER)
            screen = shown_by(before)
            assert texts_of(screen) == texts_of(there)
            screen.feed(after.decode())
            assert [screen.line(y) for y in range(SIZE[1])] == [there.line(y) for y in range(SIZE[1])]
            # What the app paints is what is shown: it sends next to nothing.
            assert len(after) < 1_000
            os.write(terminal.handle, b"hQ")
            assert terminal.wait() == 0
        session(folder, "l", "l")
        assert first_frame(session(folder))

    def test_goes_by_the_keys_that_a_person_chose(self, folder: Path) -> None:
        keys_file().parent.mkdir(parents=True, exist_ok=True)
        keys_file().write_text('"grid.previous_month" = "X"\n')
        there = texts_of(shown_by(session(folder, "X")))
        session(folder, "l")
        with opened(folder, how="stuck") as terminal:
            terminal.read_until(OPENED)
            read_turns(terminal)
            assert texts_of(shown_by(terminal.output)) != there
            os.write(terminal.handle, b"X")
            read_until_shown(terminal, there)
            os.kill(terminal.pid, signal.SIGTERM)
            terminal.wait()

    @pytest.mark.parametrize("typed", ["hh", "x", "é", "\x1b"])
    def test_is_not_made_by_other_keys(self, folder: Path, typed: str) -> None:
        session(folder)
        with opened(folder, how="stuck") as terminal:
            terminal.read_until(OPENED)
            read_turns(terminal)
            shown = texts_of(shown_by(terminal.output))
            os.write(terminal.handle, typed.encode())
            read_turns(terminal)
            assert texts_of(shown_by(terminal.output)) == shown
            os.kill(terminal.pid, signal.SIGTERM)
            terminal.wait()


class TestTheCorner:
    """Something turns there as long as keys wait for the program."""

    def test_turns_until_the_program_is_loaded(self, folder: Path) -> None:
        session(folder)
        with opened(folder, how="stuck") as terminal:
            terminal.read_until(OPENED)
            read_turns(terminal)
            assert shown_by(terminal.output).text()[0].rstrip()[-1] in TURNING
            os.kill(terminal.pid, signal.SIGTERM)
            assert terminal.wait() == 128 + signal.SIGTERM

    def test_has_the_colours_of_its_surroundings(self) -> None:
        inks = [("39", "49", 0, ""), ("38;5;1", "48;5;2", 0, "")]
        assert ScreenCells({0: "ab"}, {0: "\0\1"}, inks, {}).colors_at_end(0) == ("38;5;1", "48;5;2")
        assert ScreenCells({}, {}, inks, {}).colors_at_end(0) == ()

    def test_is_painted_again_by_the_app(self) -> None:
        assert PICTURE.without_corner().cells.line(0) == ("numbers", "\0" * 7)
        assert Picture((3, 1), "", one_line("abc")).without_corner().cells.line(0) == ("ab", "\0\0")


class TestKeeping:
    @pytest.fixture
    def root(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The workspace, with a picture kept."""
        for name, value in {"COLUMNS": "10", "LINES": "2", "TERM": "xterm", "NO_COLOR": ""}.items():
            monkeypatch.setenv(name, value)
        keep_frame(folder / "reviews", PICTURE)
        return folder / "reviews"

    def test_what_was_kept_is_there_for_its_owner_alone(self, root: Path) -> None:
        assert kept_picture(root) == PICTURE
        assert (cache_dir(root) / FRAME_FILE).stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(
        "change",
        [
            lambda root: written(session_file(root)),
            lambda _: written(keys_file()),
            lambda root: written(cache_dir(root) / READY_FILE),
            lambda root: written(cache_dir(root) / FRAME_FILE),
            lambda root: (cache_dir(root) / READY_FILE).unlink(),
        ],
        ids=["place", "keys", "numbers", "damaged", "no numbers"],
    )
    def test_nothing_is_shown_once_a_file_has_changed(self, root: Path, change: Callable[[Path], None]) -> None:
        change(root)
        assert kept_picture(root) is None

    @pytest.mark.parametrize(
        ("name", "value"),
        [("COLUMNS", "11"), ("LINES", "3"), ("TERM", "screen"), ("NO_COLOR", "1"), ("COLORTERM", "x")],
    )
    def test_nothing_is_shown_in_another_terminal(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        monkeypatch.setenv(name, value)
        assert kept_picture(root) is None


def one_line(text: str) -> ScreenCells:
    return ScreenCells({0: text}, {0: "\0" * len(text)}, [("39", "49", 0, "")], {})


STEPS = (Step(("l", "\x1b[C"), "\x1b[1;1HN", one_line("Numbers")),)
PICTURE = Picture((10, 2), "\x1b[1;1Hnumbers", one_line("numbers"), STEPS)


def written(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
