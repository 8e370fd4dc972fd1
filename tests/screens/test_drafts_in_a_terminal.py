"""Words survive what happens to terminals: kills, hang-ups, links that stall, full disks."""

from __future__ import annotations

import os
import resource
import signal
import time
from typing import TYPE_CHECKING

import pytest

from reviewtui.workspace.draft_files import read_draft
from tests.screens.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OPENED = b"New to-do"
TYPED = "Write the RFC about retries"
LEFT_ALTERNATE_SCREEN = b"\x1b[?1049l"
PATIENCE_SECONDS = 30.0
MOST_SECONDS_TO_LEAVE = 3.0 * 3
"""Three seconds are promised; a machine that runs other tests on the same cores is given three times as long."""
FORM_APP = "tests.screens.form_app"
MANY = 20 if os.environ.get("REVIEWTUI_THOROUGH") else 2


def form_in(folder: Path, environment: Mapping[str, str] | None = None) -> Terminal:
    """The app with an open form."""
    terminal = Terminal(folder, "form", (100, 30), module=FORM_APP, environment=environment)
    terminal.read_until(OPENED)
    terminal.read_until_quiet()
    return terminal


def type_in(terminal: Terminal, words: str) -> None:
    """Type words, and wait until the form has taken them: on a busy machine that is later than a moment of quiet."""
    os.write(terminal.handle, words.encode())
    terminal.read_until(b"changed")
    terminal.read_until_quiet()


def drafts_in(folder: Path) -> list[dict[str, str]]:
    """The newest words of each draft on disk."""
    found = [read_draft(path.read_bytes()) for path in (folder / "state" / "drafts").glob("*.json")]
    return [dict(draft.values) for _, draft in sorted(found, key=lambda item: -item[0])]


def wait_for_draft(folder: Path, title: str) -> None:
    """Wait until the words are on disk."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not any(values.get("title") == title for values in drafts_in(folder)):
        assert time.monotonic() < deadline, drafts_in(folder)
        time.sleep(0.05)


def ended(terminal: Terminal) -> int:
    """Wait for the process without reading its output; its exit code."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        pid, status = os.waitpid(terminal.pid, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    raise AssertionError("the process did not end")


def test_words_survive_a_kill_and_the_next_start_offers_them(tmp_path: Path) -> None:
    with form_in(tmp_path) as terminal:
        os.write(terminal.handle, TYPED.encode())
        wait_for_draft(tmp_path, TYPED)
        os.kill(terminal.pid, signal.SIGKILL)
        assert ended(terminal) == -signal.SIGKILL
    with Terminal(tmp_path, "sheet", (100, 30), module=FORM_APP) as terminal:
        terminal.read_until(b"1 text typed and not saved")
        terminal.press("\r")
        terminal.read_until(TYPED.encode())
        terminal.read_until(b"your draft of")


@pytest.mark.parametrize("run", range(MANY))
def test_words_older_than_two_seconds_survive_a_kill_at_any_moment(tmp_path: Path, run: int) -> None:
    with form_in(tmp_path) as terminal:
        os.write(terminal.handle, TYPED.encode())
        terminal.read_until_quiet(0.05)
        wait_for_draft(tmp_path, TYPED)
        os.write(terminal.handle, b" and more" * (run + 1))
        time.sleep(0.07 * run)
        os.kill(terminal.pid, signal.SIGKILL)
        ended(terminal)
    assert drafts_in(tmp_path)[0]["title"].startswith(TYPED)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGINT])
def test_a_signal_writes_the_last_words_and_restores_the_terminal(tmp_path: Path, number: signal.Signals) -> None:
    with form_in(tmp_path) as terminal:
        type_in(terminal, "abc")
        os.kill(terminal.pid, number)
        assert terminal.wait() == 128 + number
        assert LEFT_ALTERNATE_SCREEN in terminal.output
    assert drafts_in(tmp_path)[0] == {"title": "abc"}


def test_a_connection_that_drops_leaves_the_words_on_disk(tmp_path: Path) -> None:
    with form_in(tmp_path) as terminal:
        type_in(terminal, "abc")
        terminal.hang_up()
        assert ended(terminal) == 128 + signal.SIGHUP
    assert drafts_in(tmp_path)[0] == {"title": "abc"}


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_link_that_stalls_holds_up_neither_the_words_nor_the_end(tmp_path: Path, number: signal.Signals) -> None:
    with form_in(tmp_path) as terminal:
        type_in(terminal, "abc")
        # Nobody reads any more: each line of the list of owners is painted until the terminal is full.
        os.write(terminal.handle, b"\t" + b"G\x7f\x1b[B\x1b[A" * 400)
        time.sleep(1.0)
        before = time.monotonic()
        os.kill(terminal.pid, number)
        assert ended(terminal) in (128 + number, -signal.SIGALRM)
        assert time.monotonic() - before < MOST_SECONDS_TO_LEAVE
    assert drafts_in(tmp_path)[0]["title"] == "abc"


def test_bytes_that_are_no_text_are_taken_in(tmp_path: Path) -> None:
    with form_in(tmp_path) as terminal:
        os.write(terminal.handle, b"caf\xe9 \xff\x1b[200~\xe9\r\nmore \xed\xa0\x80 \x00x\x07\x1b[201~ end")
        wait_for_draft(tmp_path, "caf\ufffd \ufffd\ufffd more \ufffd\ufffd\ufffd x end")


def test_a_full_disk_is_told_and_the_words_stay_in_the_form(tmp_path: Path) -> None:
    with form_in(tmp_path) as terminal:
        if not hasattr(resource, "prlimit"):
            pytest.skip("the system cannot change the limits of another process")
        before = resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (0, before[1]))
        os.write(terminal.handle, b"abc")
        terminal.read_until(b"not on disk")
        assert drafts_in(tmp_path) == []
        resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, before)
        wait_for_draft(tmp_path, "abc")


def test_an_editor_outside_edits_the_text_and_the_words_come_back(tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'first\\r\\nsecond \\033[2J\\n' > \"$1\"\n", encoding="utf-8")
    editor.chmod(0o755)
    with form_in(tmp_path, {"VISUAL": str(editor)}) as terminal:
        terminal.press("abc")
        terminal.press("\x05")
        terminal.read_until(b"1 control character left out.")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not any(values.get("note") == "first\nsecond [2J" for values in drafts_in(tmp_path)):
            assert time.monotonic() < deadline, drafts_in(tmp_path)
            time.sleep(0.05)
        assert list((tmp_path / "state" / "drafts").glob("*.md")) == []


def test_what_an_editor_outside_has_saved_survives_a_kill_of_the_app(tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho 'from outside' > \"$1\"\nkill -9 $PPID\n", encoding="utf-8")
    editor.chmod(0o755)
    with form_in(tmp_path, {"VISUAL": str(editor)}) as terminal:
        terminal.press("abc")
        wait_for_draft(tmp_path, "abc")
        os.write(terminal.handle, b"\x05")
        assert ended(terminal) == -signal.SIGKILL
    with Terminal(tmp_path, "sheet", (100, 30), module=FORM_APP) as terminal:
        terminal.read_until(b"1 text typed and not saved")
        terminal.read_until(b"from outside")
