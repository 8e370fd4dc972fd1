"""What only a terminal shows: bytes on the wire, signals, faults, what is left behind."""

from __future__ import annotations

import base64
import itertools
import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.screens.terminal import Terminal

OPENED = b"Session replay"
JUDGED = b"to explain"
LEFT_ALTERNATE_SCREEN = b"\x1b[?1049l"
ALLOWED = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colours
    rb"|\x1b\[[0-9;]*[HJKd]|\x1b\[\?[0-9;]*[hl]|\x1b\[\?[0-9]*\$p|\x1b\[[<>=][0-9;]*u|\x1b\[c|\x1b\[>0?q"
    rb"|\x1b\[[0-9;]*[ABCDG]|\x1b\[>[0-9;]*m|\x1b\[[0-9;]*t|\x1b\[\?u"
    rb"|\x1b\]22;[a-z]*\x07"  # shape of the mouse pointer
    rb"|\x1bP\+q[0-9A-Fa-f;]*\x1b\\|\x1b_G[^\x1b]*\x1b\\|\r|\n"
)
CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


@pytest.mark.parametrize("how", ["sheet", "hostile"])
def test_no_control_reaches_the_terminal_but_our_own(tmp_path: Path, how: str) -> None:
    with Terminal(tmp_path, how, (100, 40)) as terminal:
        terminal.read_until(b"MRR" if how == "sheet" else b"problems")
        for keys in ("]", "[", "G", "p", "q", "?", "q", "}", "7", "S", "G", "8", "j", "1", "\r"):
            terminal.press(keys)
        rest = ALLOWED.sub(b"", terminal.output)
        assert CONTROL.findall(rest) == []
        assert "\x9b" not in rest.decode("utf-8")
        assert b"]52;" not in re.sub(rb"\xe2\x90\x9b\]52;", b"", terminal.output)


def test_the_clipboard_is_written_only_on_y(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet") as terminal:
        terminal.read_until(OPENED)
        for keys in ("j", "l", "p", "q"):
            terminal.press(keys)
        assert b"\x1b]52;" not in terminal.output
        os.write(terminal.handle, b"hy")
        terminal.read_until(b"\x1b]52;c;")


def test_a_table_is_copied_as_osc_52_or_into_a_file(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet") as terminal:
        terminal.read_until(OPENED)
        terminal.press("Y")
        os.write(terminal.handle, b"table as tsv\r")
        terminal.read_until(b"\x1b]52;c;")
        sent = terminal.output + terminal.read_until_quiet()
        (encoded,) = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", sent)
        copied = base64.b64decode(encoded).decode()
        assert copied.splitlines()[0].startswith("Metric\t2026-")
        assert "\x1b" not in copied
        terminal.press("Y")
        assert b"\x1b]52;" not in terminal.press("file: table as tsv\r")
    assert (tmp_path / "state" / "copies" / "replay-table.tsv").read_text(encoding="utf-8") == copied


def test_a_move_sends_few_bytes_and_idleness_none(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet", (160, 45)) as terminal:
        terminal.read_until(JUDGED)
        assert terminal.is_idle_for(1.0)
        assert len(terminal.output) <= 60_000
        terminal.press(" ")
        # Of several keys together: where one move ends and the next begins depends on how busy the machine is.
        moves = [len(terminal.press(key)) for key in "jjlhkkhhl"]
        assert sum(moves) <= 400 * len(moves), moves
        pages = [len(terminal.press(key)) for key in ("\x1b[6~", "\x1b[5~")]
        assert sum(pages) <= 12_000 * len(pages), pages
        scrolls = [len(terminal.press("<")) for _ in range(2)]
        assert sum(scrolls) <= 12_000 * len(scrolls), scrolls


def test_a_move_with_the_panel_that_follows_sends_few_bytes(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet", (120, 40)) as terminal:
        terminal.read_until(JUDGED)
        assert terminal.is_idle_for(1.0)
        moves = [len(terminal.press(key)) for key in "jjlhkkhhl"]
        assert sum(moves) <= 3_000 * len(moves), moves


@pytest.mark.parametrize("key", ["q", "Q", "\x11"])
def test_leaving_restores_the_terminal_and_remembers_the_place(tmp_path: Path, key: str) -> None:
    with Terminal(tmp_path, "sheet", (80, 24)) as terminal:
        terminal.read_until(OPENED)
        os.write(terminal.handle, key.encode())
        assert terminal.wait() == 0
        assert LEFT_ALTERNATE_SCREEN in terminal.output
        assert (tmp_path / "remembered").exists()


@pytest.mark.parametrize("how", ["sheet", "slow"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_remembers_the_place(
    tmp_path: Path, how: str, number: signal.Signals
) -> None:
    with Terminal(tmp_path, how, (80, 24)) as terminal:
        terminal.read_until(OPENED if how == "sheet" else b"Reading events")
        os.kill(terminal.pid, number)
        assert terminal.wait() == 128 + number
        assert LEFT_ALTERNATE_SCREEN in terminal.output
        assert (tmp_path / "remembered").exists()


def test_a_signal_ends_it_when_nobody_reads_the_terminal(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet", (200, 60)) as terminal:
        terminal.read_until(OPENED)
        os.write(terminal.handle, b"]jjj]lll" * 400)
        os.kill(terminal.pid, signal.SIGHUP)
        assert os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]) == 128 + signal.SIGHUP


def test_a_signal_restores_a_terminal_that_is_read_too_slowly_to_be_painted(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet", (200, 60)) as terminal:
        terminal.read_until(OPENED)
        os.write(terminal.handle, b"]jjj]lll" * 40)
        terminal.wait_until_full()
        os.kill(terminal.pid, signal.SIGTERM)
        time.sleep(0.3)
        assert terminal.wait() == 128 + signal.SIGTERM
        _, left, after = terminal.output.rpartition(LEFT_ALTERNATE_SCREEN)
        assert (left, after) == (LEFT_ALTERNATE_SCREEN, b"\x1b[?25h")
        assert (tmp_path / "remembered").exists()


@pytest.mark.parametrize("ignore_hangup", [False, True], ids=["as usual", "as under nohup"])
def test_a_connection_that_drops_ends_it_and_the_place_is_remembered(tmp_path: Path, ignore_hangup: bool) -> None:
    with Terminal(tmp_path, "sheet", (80, 24), ignore_hangup=ignore_hangup) as terminal:
        terminal.read_until(OPENED)
        terminal.read_until_quiet()
        terminal.hang_up()
        assert os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]) == 128 + signal.SIGHUP
    assert (tmp_path / "remembered").exists()


def test_a_computation_that_goes_on_does_not_hold_up_leaving(tmp_path: Path) -> None:
    with Terminal(tmp_path, "slow", (80, 24)) as terminal:
        terminal.read_until(b"Reading events")
        os.write(terminal.handle, b"q")
        assert terminal.wait() == 0


def test_a_fault_shows_no_data_and_keeps_a_report_for_its_owner(tmp_path: Path) -> None:
    with Terminal(tmp_path, "fault", (80, 24)) as terminal:
        terminal.read_until(OPENED)
        os.write(terminal.handle, b"y")
        assert terminal.wait() == 1
        after = terminal.output.rpartition(LEFT_ALTERNATE_SCREEN)[2]
        assert b"crash.log" in after
        assert b"Traceback" not in terminal.output
        assert b"Acme-the-customer" not in terminal.output
    log = tmp_path / "state" / "crash.log"
    assert "Acme" not in log.read_text(encoding="utf-8")
    assert "copy_to_clipboard" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("variable", ["NO_COLOR", "SSH_CONNECTION"])
def test_the_mouse_and_colours_follow_the_surroundings(tmp_path: Path, variable: str) -> None:
    with Terminal(tmp_path, "sheet", (80, 24), environment={variable: "1"}) as terminal:
        terminal.read_until(OPENED)
        assert (b"\x1b[?1000h" in terminal.output) == (variable == "NO_COLOR")


@pytest.mark.parametrize("term", ["xterm", "linux", "dumb", "vt100", ""])
def test_poor_terminals_are_served(tmp_path: Path, term: str) -> None:
    with Terminal(tmp_path, "sheet", (80, 24), environment={"TERM": term, "COLORTERM": ""}) as terminal:
        terminal.read_until(OPENED)
        terminal.press("j")
        os.write(terminal.handle, b"q")
        assert terminal.wait() == 0


def test_a_lone_escape_is_a_key(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet", (80, 24)) as terminal:
        terminal.read_until(JUDGED)
        assert terminal.is_idle_for(1.0)
        terminal.press("/")
        os.write(terminal.handle, b"arpa\x1b")
        terminal.read_until_quiet(1.0)
        os.write(terminal.handle, b"q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("pieces", [(b"\xff\xfe",), ("語".encode()[:1], "語".encode()[1:])], ids=["wrong", "in two"])
def test_bytes_that_are_no_text_yet_or_never_do_no_harm(tmp_path: Path, pieces: tuple[bytes, ...]) -> None:
    with Terminal(tmp_path, "sheet", (80, 24)) as terminal:
        terminal.read_until(JUDGED)
        for piece in pieces:
            os.write(terminal.handle, piece)
            terminal.read_until_quiet()
        os.write(terminal.handle, b"q")
        assert terminal.wait() == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not count how often it wakes up")
def test_it_does_not_wake_up_while_nothing_happens(tmp_path: Path) -> None:
    with Terminal(tmp_path, "sheet", (80, 24)) as terminal:
        terminal.read_until(JUDGED)
        assert terminal.is_idle_for(1.0)
        counts = [wake_ups(terminal.pid)]
        for _ in range(4):
            time.sleep(1)
            counts.append(wake_ups(terminal.pid))
        # Files are looked at every few seconds; the second in which nothing was to be done tells.
        assert min(after - before for before, after in itertools.pairwise(counts)) < 5


def wake_ups(pid: int) -> int:
    """How often threads of a process have waited for something and gone on."""
    statuses = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(line.split()[1]) for text in statuses for line in text.splitlines() if line.startswith("voluntary"))
