"""`reviewtui search` prints what the files say now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commands.support import run

if TYPE_CHECKING:
    from pathlib import Path

INTERVIEW = """\
schema = 1
topic = "Web analytics"
held_on = 2026-03-10
first_name = "Joe"
summary = "Exports are \\u001b slow.\\n"
"""


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    folder = tmp_path / "reviews"
    (folder / "interviews" / "2026").mkdir(parents=True)
    (folder / "reviewtui.toml").write_text("schema = 1\n")
    (folder / "interviews" / "2026" / "i-260310-0aaa-web.toml").write_text(INTERVIEW)
    return folder


def test_a_hit_is_printed_with_its_place(reviews: Path, tmp_path: Path) -> None:
    """Title, facts, the words around it, and the file; nothing that acts on a terminal."""
    outcome = run(tmp_path, "search", "export", "slow", cwd=reviews)
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        "Web analytics user interview with Joe",
        "  interview · 2026-03-10 · i-260310-0aaa",
        "  Exports are ␛ slow. Web analytics · Joe",
        "  interviews/2026/i-260310-0aaa-web.toml",
        "",
    ]
    assert outcome.err == "1 record found.\n"


def test_json_is_for_programs(reviews: Path, tmp_path: Path) -> None:
    """With the number of all that was found."""
    outcome = run(tmp_path, "search", "--format", "json", "type:interview", cwd=reviews)
    values = json.loads(outcome.out)
    assert values["found"] == 1
    assert values["records"][0]["path"] == "interviews/2026/i-260310-0aaa-web.toml"
    assert values["records"][0]["type"] == "interview"


def test_nothing_found_is_no_fault(reviews: Path, tmp_path: Path) -> None:
    """A wrong filter is explained."""
    outcome = run(tmp_path, "search", "zebra", "after:soon", cwd=reviews)
    assert (outcome.code, outcome.out) == (0, "")
    assert "Nothing is found." in outcome.err
    assert "`after:` needs a day" in outcome.err


def test_a_file_that_cannot_be_searched_is_a_problem(reviews: Path, tmp_path: Path) -> None:
    """It is named, and the rest is searched."""
    (reviews / "interviews" / "2026" / "i-260311-0bbb-x.toml").write_text("topic = ")
    outcome = run(tmp_path, "search", "slow", cwd=reviews)
    assert outcome.code == 1
    assert "Joe" in outcome.out
    assert "interviews/2026/i-260311-0bbb-x.toml" in outcome.err


def test_an_index_in_a_folder_that_cannot_be_written_is_not_needed(reviews: Path, tmp_path: Path) -> None:
    """The files are read instead."""
    (tmp_path / "file").write_text("")
    outcome = run(tmp_path, "search", "slow", cwd=reviews, XDG_CACHE_HOME=str(tmp_path / "file" / "x"))
    assert outcome.code == 0
    assert "Joe" in outcome.out
