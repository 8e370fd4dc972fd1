"""A real conflict of git, decided field by field in the app."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from reviewtui.workspace.git import commit, git_state
from reviewtui.workspace.kinds.todos import TODOS, Todo
from reviewtui.workspace.store import RecordStore
from tests.screens.conftest import running, settled, shown, shown_text
from tests.screens.noted import LOCAL, noted_app, plan, press
from tests.workspace.repositories import git, two_clones, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


def save(clone: Path, message: str) -> None:
    state = git_state(clone)
    assert state is not None
    commit(clone, state.changed, state.untracked, message)


def only(root: Path) -> Todo:
    (todo,) = RecordStore(root).load().of(TODOS)
    return todo


@pytest.fixture
def conflicting(tmp_path: Path) -> Path:
    """A clone in which a pull has left one to-do unmerged: title and note clash, owner and links do not."""
    ada, bob = two_clones(tmp_path)
    write(ada, ".gitignore", "local.toml\n*.lock\n")
    plan(RecordStore(ada), "Ask billing", note="The old note.")
    save(ada, "todo")
    git(ada, "push", "--quiet")
    git(bob, "pull", "--quiet")
    for clone, changes in (
        (bob, {"title": "Ask finance", "note": "Bob's note.", "links": ("b",)}),
        (ada, {"title": "Ask billing twice", "note": "Ada's note.", "owner": "eve"}),
    ):
        store = RecordStore(clone)
        (todo,) = store.load().of(TODOS)
        store.save(todo, changes)
        save(clone, "changed")
    git(bob, "push", "--quiet")
    git(ada, "pull", "--quiet", "--no-rebase", check=False)
    write(ada, "local.toml", LOCAL)
    return ada


async def test_the_title_says_that_files_are_unmerged_and_a_key_shows_them(conflicting: Path) -> None:
    async with running(noted_app(conflicting), (140, 40)) as pilot:
        assert "1 file unmerged" in shown(pilot)[0]
        await press(pilot, "exclamation_mark")
        assert "2 fields to decide" in shown(pilot)[0]
        assert "Ask billing twice" in shown_text(pilot)
        assert "Ask finance" in shown_text(pilot)
        await press(pilot, "ctrl+s")
        assert "2 fields of this record still to decide" in shown_text(pilot)


async def test_fields_are_chosen_or_written_anew_saved_and_added_if_asked(conflicting: Path) -> None:
    async with running(noted_app(conflicting), (140, 40)) as pilot:
        await press(pilot, "exclamation_mark", "g", "l", "j", "enter")
        await press(pilot, *"!", "ctrl+s")
        assert "to decide" not in shown(pilot)[0]
        await press(pilot, "ctrl+s")
        todo = only(conflicting)
        assert (todo.title, todo.owner, todo.links) == ("Ask finance", "eve", ("b",))
        assert todo.note == "!Ada's note.\nBob's note."
        state = git_state(conflicting)
        assert state is not None
        assert len(state.unmerged) == 1, "git is told only if the person says so"
        await press(pilot, "enter")
        await settled(pilot)
        after = git_state(conflicting)
        assert after is not None
        assert after.unmerged == ()
        assert "Finish the merge with `git commit`" in shown_text(pilot)


async def test_a_text_that_clashed_while_two_windows_saved_is_shown_and_decided_too(tmp_path: Path) -> None:
    root = tmp_path / "w"
    root.mkdir()
    write(root, "reviewtui.toml", "schema = 1\n")
    write(root, "local.toml", LOCAL)
    store, other = RecordStore(root, me="ada"), RecordStore(root)
    plan(store, "Ask billing")
    (mine,) = store.load().of(TODOS)
    (theirs,) = other.load().of(TODOS)
    other.save(theirs, {"title": "Ask finance"})
    assert store.save(mine, {"title": "Ask billing twice"}).conflict is not None
    async with running(noted_app(root), (140, 40)) as pilot:
        await press(pilot, "exclamation_mark", "h", "ctrl+s")
        assert "Nothing is in conflict" in shown_text(pilot)
    assert only(root).title == "Ask billing twice"
