"""Which of a workspace's files changed, seen from their state alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.workspace.own_files import changed_files, own_files

if TYPE_CHECKING:
    from pathlib import Path

DECIDING = (
    "reviewtui.toml",
    "local.toml",
    "metrics/tickets_per_100.toml",
    "imports/budget.CSV",
    "products/replay/product.toml",
    "products/replay/metrics/own.toml",
    "products/replay/events/2026-01.toml",
    "products/replay/reviews/2026-01/snapshot.toml",
)
OTHERS = ("data/acme.duckdb", "imports/budget.notes.toml", "products/replay/comments/1.toml", ".git/index", "notes.md")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one file of every kind."""
    for name in (*DECIDING, *OTHERS):
        write(tmp_path / name, "before")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_files_that_decide_the_numbers_are_looked_at(root: Path) -> None:
    assert own_files(root).keys() == set(DECIDING)


@pytest.mark.parametrize("name", DECIDING)
def test_a_file_that_was_written_or_removed_is_named(root: Path, name: str) -> None:
    before = own_files(root)
    assert changed_files(before, own_files(root)) == ()
    write(root / name, "something else")
    assert changed_files(before, own_files(root)) == (name,)
    (root / name).unlink()
    assert changed_files(before, own_files(root)) == (name,)


def test_a_new_file_is_named(root: Path) -> None:
    before = own_files(root)
    write(root / "products/売上/metrics/own.toml", "new")
    assert changed_files(before, own_files(root)) == ("products/売上/metrics/own.toml",)


def test_a_workspace_that_is_gone_has_no_files(tmp_path: Path) -> None:
    assert own_files(tmp_path / "gone") == {}
