"""`reviewtui export` of records: a Markdown file for one product, or a folder with one for each."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.interviews import INTERVIEWS
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.store import RecordStore
from tests.commands.support import AS_OF, Outcome, run

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 3)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a comment on replay, a to-do of flags and an interview of no product; it has no numbers."""
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "reviewtui.toml").write_text("schema = 1\n", "utf-8")
    store = RecordStore(folder, random=Random(1))
    store.create(COMMENTS, "Session Replay", {"text": "One.", "said_on": DAY}, DAY, review=Month(2026, 10))
    store.create(TODOS, "flags", {"title": "Ask", "created_on": DAY}, DAY)
    store.create(INTERVIEWS, "", {"topic": "Export", "held_on": DAY}, DAY)
    return folder


def export(home: Path, root: Path, *words: str) -> Outcome:
    return run(home, "export", *words, "--workspace", root, "--as-of", AS_OF)


def test_one_product_goes_into_the_file(tmp_path: Path, root: Path) -> None:
    done = export(tmp_path, root, "notes.md", "--product", "Session Replay")
    assert (done.code, done.out) == (0, "notes.md: 1 comment.\n")
    text = (tmp_path / "notes.md").read_text("utf-8")
    assert text.startswith("# Session Replay\n\nProduct `Session Replay`: 1 comment.\n")
    assert "> One.\n" in text
    again = export(tmp_path, root, "notes.md", "--product", "Session Replay")
    assert again.code == 2
    assert "add --replace" in again.err
    assert export(tmp_path, root, "notes.md", "--product", "Session Replay", "--replace").code == 0
    assert (tmp_path / "notes.md").read_text("utf-8") == text


def test_a_folder_gets_a_file_for_each_product_and_one_for_what_belongs_to_none(tmp_path: Path, root: Path) -> None:
    assert export(tmp_path, root, "notes/").code == 0
    assert sorted(path.name for path in (tmp_path / "notes").iterdir()) == [
        "_no-product.md", "flags.md", "session-replay.md",
    ]  # fmt: skip
    assert "## Interviews" in (tmp_path / "notes" / "_no-product.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("notes.md",), "several products"),
        (("notes.md", "--product", "nobody"), "There are no records of a product 'nobody'"),
        (("notes.md", "--product", "flags", "--metric", "mrr"), "Records are written whole"),
        (("w/products/notes.md", "--product", "flags"), "holds its records"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path: Path, root: Path, words: tuple[str, ...], said: str
) -> None:
    done = export(tmp_path, root, *words)
    assert done.code == 2
    assert said in done.err
    assert not list(tmp_path.rglob("notes.md"))


def test_a_file_that_cannot_be_read_is_named_in_the_book_and_by_the_exit_code(tmp_path: Path, root: Path) -> None:
    broken = "products/flags/todos/t-261103-zzzz-broken.toml"
    (root / broken).write_text('title = "a\n', "utf-8")
    done = export(tmp_path, root, "notes.md", "--product", "flags")
    assert done.code == 1
    assert f"{broken}:1" in done.err
    assert "## Files that could not be read" in (tmp_path / "notes.md").read_text("utf-8")
