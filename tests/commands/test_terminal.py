"""What the environment tells about the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.terminal import (
    ColourDepth,
    Mosh,
    ancestor_names,
    clipboard_outlook,
    colour_depth,
    locale_name,
    multiplexer,
    over_mosh,
    over_ssh,
    terminal_facts,
    wants_no_color,
    writes_unicode,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({}, ColourDepth.NONE),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, ColourDepth.NONE),
        ({"TERM": "xterm"}, ColourDepth.SIXTEEN),
        ({"TERM": "linux"}, ColourDepth.SIXTEEN),
        ({"TERM": "xterm-256color"}, ColourDepth.TWO_HUNDRED_FIFTY_SIX),
        ({"TERM": "tmux-256color", "COLORTERM": "24bit"}, ColourDepth.TRUE_COLOUR),
        ({"TERM": "xterm", "COLORTERM": "TrueColor"}, ColourDepth.TRUE_COLOUR),
        ({"TERM": "xterm-kitty"}, ColourDepth.TWO_HUNDRED_FIFTY_SIX),
    ],
)
def test_colours_are_what_term_and_colorterm_promise(environment: dict[str, str], depth: ColourDepth) -> None:
    assert colour_depth(environment) is depth


def test_an_empty_no_color_asks_for_nothing() -> None:
    assert (wants_no_color({"NO_COLOR": ""}), wants_no_color({"NO_COLOR": "1"})) == (False, True)


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen-256color"}, "tmux"),
        ({"STY": "1234.pts-0.host", "TERM": "screen"}, "screen"),
        ({"TERM": "screen-256color"}, "tmux or screen"),
        ({"TERM": "tmux-256color"}, "tmux"),
        ({"ZELLIJ": "0"}, "zellij"),
        ({"TERM": "xterm"}, ""),
    ],
)
def test_the_multiplexer_is_known_by_its_variables(environment: dict[str, str], name: str) -> None:
    assert multiplexer(environment) == name


def test_ssh_is_known_by_any_of_its_variables() -> None:
    assert over_ssh({"SSH_TTY": "/dev/pts/0"})
    assert not over_ssh({"SSH_AUTH_SOCK": "/tmp/agent"})


def test_mosh_is_sure_by_its_process_and_likely_by_its_variable() -> None:
    assert over_mosh({}, ("bash", "mosh-server")) is Mosh.YES
    assert over_mosh({"NCURSES_NO_UTF8_ACS": "1"}) is Mosh.LIKELY
    assert over_mosh({"SSH_TTY": "/dev/pts/0"}, ("bash", "sshd")) is Mosh.NO


@pytest.mark.parametrize(
    ("encoding", "all_characters"), [("utf-8", True), ("UTF8", True), ("latin-1", False), ("", False)]
)
def test_only_utf_8_writes_every_character(encoding: str, *, all_characters: bool) -> None:
    assert writes_unicode(encoding) is all_characters


def test_the_most_specific_locale_wins() -> None:
    assert locale_name({"LANG": "de_DE.UTF-8", "LC_CTYPE": "C"}) == "C"
    assert locale_name({"LANG": "de_DE.UTF-8", "LC_CTYPE": "C", "LC_ALL": "C.UTF-8"}) == "C.UTF-8"
    assert locale_name({}) == ""


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"TERM": "dumb"}, "cannot work"),
        ({"TERM": "xterm", "TERM_PROGRAM": "Apple_Terminal"}, "ignores"),
        ({"TERM": "tmux-256color", "TMUX": "x"}, "set-clipboard on"),
        ({"TERM": "screen", "STY": "x"}, "does not pass"),
        ({"TERM": "xterm-256color"}, "try one"),
    ],
)
def test_the_clipboard_is_never_promised(environment: dict[str, str], words: str) -> None:
    assert words in clipboard_outlook(environment, Mosh.NO)


def test_mosh_makes_the_clipboard_uncertain() -> None:
    assert "depends on its version" in clipboard_outlook({"TERM": "xterm-256color"}, Mosh.LIKELY)


def test_an_empty_environment_is_no_reason_to_fail() -> None:
    facts = terminal_facts({}, "")
    assert (facts.term, facts.colours, facts.unicode, facts.ssh) == ("", ColourDepth.NONE, False, False)


class TestAncestors:
    def test_parents_are_named_nearest_first(self, tmp_path: Path) -> None:
        for number, name, parent in ((30, "bash", 20), (20, "mosh-server", 1)):
            (tmp_path / str(number)).mkdir()
            (tmp_path / str(number) / "status").write_text(f"Name:\t{name}\nPPid:\t{parent}\n")
        assert ancestor_names(30, tmp_path) == ("bash", "mosh-server")

    def test_where_processes_are_not_listed_there_are_none(self, tmp_path: Path) -> None:
        assert ancestor_names(30, tmp_path / "nothing") == ()

    def test_a_circle_ends(self, tmp_path: Path) -> None:
        (tmp_path / "30").mkdir()
        (tmp_path / "30" / "status").write_text("Name:\tx\nPPid:\t30\n")
        assert len(ancestor_names(30, tmp_path, limit=5)) == 5
