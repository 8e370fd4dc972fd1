"""`reviewtui demo` and the bare command, as far as they work without the app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.commands.support import AS_OF, Terminal, listing, make_workspace, run

if TYPE_CHECKING:
    from pathlib import Path

SMALL = ("--scale", "0.01")


def test_it_is_made_once_and_its_path_printed(tmp_path: Path) -> None:
    made = run(tmp_path, "demo", "--no-open", "--as-of", "2026-04-18", *SMALL)
    root = tmp_path / "reviewtui-demo"
    assert (made.code, made.out, made.err) == (0, f"{root}\n", "")
    before = listing(root)
    again = run(tmp_path, "demo", "--no-open")
    assert (again.code, again.out) == (0, f"{root}\n")
    assert listing(root) == before


def test_its_own_options_are_said_to_come_too_late(tmp_path: Path) -> None:
    make_workspace(tmp_path / "d")
    outcome = run(tmp_path, "demo", "d", "--no-open", "--seed", "7")
    assert outcome.code == 0
    assert "stays as it is" in outcome.err


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    outcome = run(tmp_path, "demo", "mine", "--no-open")
    assert outcome.code == 1
    assert "is not empty and is no workspace" in outcome.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    assert run(tmp_path, "demo", "d", "--no-open", *SMALL).code == 0


def test_ctrl_c_leaves_no_workspace_and_the_next_run_makes_it(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "demo", "d", "--no-open", "--scale", "50")
    terminal.wait_for(b"Making")
    terminal.interrupt()
    code, out = terminal.finish()
    assert (code, out) == (130, b"")
    assert not (tmp_path / "d" / "reviewtui.toml").exists()
    assert run(tmp_path, "demo", "d", "--no-open", *SMALL).code == 0


class TestBareCommand:
    def test_without_a_workspace_it_says_how_to_start(self, tmp_path: Path) -> None:
        outcome = run(tmp_path)
        assert (outcome.code, outcome.out) == (1, "")
        assert "`reviewtui demo`" in outcome.err
        assert "`reviewtui init DIR --source FILE.duckdb`" in outcome.err

    def test_without_a_terminal_it_names_the_commands_for_scripts(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        outcome = run(tmp_path, "--workspace", "ws")
        assert (outcome.code, outcome.out) == (2, "")
        assert "`reviewtui metrics`" in outcome.err

    def test_on_a_terminal_it_opens_the_app_and_q_leaves(self, tmp_path: Path) -> None:
        make_workspace(tmp_path / "ws")
        terminal = Terminal(tmp_path, "--workspace", "ws", "--as-of", AS_OF, shows_output=True)
        terminal.wait_for(b"MRR")
        terminal.type("q")
        assert terminal.finish()[0] == 0
        assert terminal.seen.count(b"\x1b[?1049h") == terminal.seen.count(b"\x1b[?1049l") == 1


def test_a_new_demo_is_opened_and_nothing_is_left_in_the_terminal_after_q(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "demo", "d", *SMALL, shows_output=True)
    terminal.wait_for(b"MRR")
    terminal.type("q")
    assert terminal.finish()[0] == 0
    after = terminal.seen.rpartition(b"\x1b[?1049l")[2]
    assert re.sub(rb"\x1b\[[?<>=0-9;]*[a-z]", b"", after).strip() == b"", after
