"""The usual command line is read without the parser, and means the same."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from reviewtui.commands.command_line import build_parser
from reviewtui.commands.opening import Opening, opening_of


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--workspace", "ws"],
        ["--workspace=ws=2"],
        ["--workspace", "~"],
        ["--as-of", "2026-11-22"],
        ["--as-of=1999-02-28", "--workspace", "a b"],
        ["--workspace", "one", "--workspace", "two"],
    ],
    ids=" ".join,
)
def test_it_means_what_the_parser_makes_of_it(words: list[str]) -> None:
    parsed = build_parser().parse_args(words)
    assert opening_of(words) == Opening(parsed.workspace, parsed.as_of)


def test_the_folder_and_the_day_are_taken() -> None:
    assert opening_of(["--workspace", "ws", "--as-of", "2026-11-22"]) == Opening(Path("ws"), date(2026, 11, 22))


@pytest.mark.parametrize(
    "words",
    [
        ["demo"],
        ["--workspace"],
        ["--workspace="],
        ["--workspace", "--as-of"],
        ["--workspace", "ws", "check"],
        ["--as-of", "2026-4-3"],
        ["--as-of", "2026-02-30"],
        ["--as-of", "0001-01-01"],
        ["--as-of", "tomorrow"],
        ["--help"],
        ["--version"],
        ["--"],
        [""],
        ["-w", "ws"],
    ],
    ids=" ".join,
)
def test_everything_else_is_left_to_the_parser(words: list[str]) -> None:
    assert opening_of(words) is None


def test_opening_imports_neither_the_parser_nor_other_commands() -> None:
    words = "import reviewtui.cli, sys; reviewtui.cli.main(['--workspace', 'nowhere']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert "nowhere is no folder" in done.stderr
    loaded = set(done.stdout.split())
    assert not loaded & {"argparse", "textual", "duckdb", "platformdirs", "reviewtui.commands.command_line"}
