"""`reviewtui doctor`, inside and outside a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewtui import __version__
from reviewtui.commands.doctor import fact_lines
from tests.commands.support import make_workspace, run

if TYPE_CHECKING:
    from pathlib import Path


def test_outside_a_workspace_it_says_how_to_start(tmp_path: Path) -> None:
    outcome = run(tmp_path, "doctor")
    assert (outcome.code, outcome.err) == (0, "")
    assert f"reviewtui            {__version__}" in outcome.out
    assert "reviewtui demo" in outcome.out


def test_it_shows_versions_terminal_folders_and_sources(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws")
    outcome = run(tmp_path, "doctor", "--workspace", "ws", TMUX="x", NO_COLOR="1", SSH_TTY="/dev/pts/1", COLUMNS="300")
    assert outcome.code == 0
    for words in (
        "duckdb",
        "textual",
        "xterm-256color",
        "NO_COLOR is set",
        "set-clipboard on",
        "OSC 52",
        "data.main.metric_value",
    ):
        assert words in outcome.out
    assert str(tmp_path / ".local" / "state" / "reviewtui") in outcome.out


def test_a_source_that_cannot_be_used_is_a_failure(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    (root / "data.duckdb").write_bytes(b"not a database, but long enough to look at")
    outcome = run(tmp_path, "doctor", "--workspace", "ws")
    assert outcome.code == 1
    assert "is not a DuckDB file" in outcome.out


def test_hostile_variables_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    outcome = run(tmp_path, "doctor", TERM="\x1b]52;c;AAAA\x07", TERM_PROGRAM="\u202ex\x9b")
    assert all(line.isprintable() for line in outcome.out.splitlines())


def test_without_a_home_or_a_terminal_type_it_still_works(tmp_path: Path) -> None:
    assert run(tmp_path, "doctor", HOME="/nonexistent", TERM="").code == 0


def test_long_facts_are_wrapped_below_each_other_without_breaking_paths() -> None:
    lines = fact_lines("label", "word " * 30 + "/a/long/path/that/stays-in-one-piece", 60)
    assert all(len(line) < 60 for line in lines)
    assert lines[1].startswith(" " * 23 + "word")
    assert any(line.endswith("/a/long/path/that/stays-in-one-piece") for line in lines)
