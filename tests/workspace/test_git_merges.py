"""Two people, each with a clone: what git merges by itself, and what is decided field by field."""

from __future__ import annotations

import os
import sys
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest

from reviewtui.months import Month
from reviewtui.workspace.git import commit, git_state, unmerged_stages
from reviewtui.workspace.git_words import commit_message, is_own, leaving_words, state_words, unpushed_records
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.todos import TODOS, Carry, Todo
from reviewtui.workspace.merge_files import merged_file
from reviewtui.workspace.store import RecordStore
from reviewtui.workspace.unmerged import unmerged_conflicts
from tests.workspace.repositories import git, new_repository, two_clones, write

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.git import GitState

OCTOBER = Month(2026, 10)
DAY = date(2026, 11, 3)
DRIVER = f"{sys.executable} -m reviewtui merge %O %A %B %P"


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


def opened(root: Path, seed: int) -> RecordStore:
    store = RecordStore(root, random=Random(seed))
    store.load()
    return store


def said(store: RecordStore, text: str) -> None:
    values = {"kind": "comment", "author": "ada", "said_on": DAY, "metric": "mrr", "month": OCTOBER, "text": text}
    store.create(COMMENTS, "replay", values, DAY, review=OCTOBER)


def shared_todo(ada: Path, bob: Path) -> None:
    """Both clones have the same to-do."""
    store = opened(ada, 1)
    values = {
        "title": "Ask billing",
        "owner": "ada",
        "due": Month(2026, 11),
        "created_on": DAY,
        "done_when": "There is a table.",
        "note": "First line.\nSecond line.\nThird line.\nFourth line.\n",
    }
    store.create(TODOS, "replay", values, DAY)
    commit_all(ada)
    git(ada, "push", "--quiet")
    git(bob, "pull", "--quiet")


def commit_all(clone: Path) -> GitState:
    state = git_state(clone)
    assert state is not None
    commit(clone, [path for path in state.changed if is_own(path)], state.untracked, commit_message(state.changed))
    return state


def the_todo(store: RecordStore) -> Todo:
    (todo,) = store.load().of(TODOS)
    return todo


def merge(ada: Path, bob: Path) -> None:
    """Ada pushes, Bob pulls."""
    commit_all(ada)
    commit_all(bob)
    git(ada, "push", "--quiet")
    git(bob, "pull", "--quiet", "--no-rebase", check=False)


class TestWithoutConflict:
    @pytest.mark.parametrize("has_driver", [False, True], ids=["git alone", "with the merge driver"])
    def test_new_records_and_different_fields_of_one_record_merge_and_all_files_parse(
        self, tmp_path: Path, has_driver: bool
    ) -> None:
        ada, bob = two_clones(tmp_path)
        shared_todo(ada, bob)
        for clone in (ada, bob):
            if has_driver:
                git(clone, "config", "merge.reviewtui.driver", DRIVER)
                write(clone, ".git/info/attributes", "*.toml merge=reviewtui\n")
        first, second = opened(ada, 2), opened(bob, 3)
        for at in range(5):
            said(first, f"Ada {at}.")
            said(second, f"Bob {at}.")
            for name, store in (("ada", first), ("bob", second)):
                facts = {"title": f"{name} {at}", "owner": name, "due": Month(2026, 12), "created_on": DAY}
                store.create(TODOS, "replay", facts, DAY)
        one, other = (
            next(item for item in store.load().of(TODOS) if item.title == "Ask billing") for store in (first, second)
        )
        first.save(one, {"owner": "eve", "note": "Changed.\nSecond line.\nThird line.\nFourth line."})
        second.save(other, {"due": Month(2026, 12), "state": "blocked", "blocked_on": "Eve", "links": ("b", "a")})
        merge(ada, bob)
        state = git_state(bob)
        assert state is not None
        assert (state.unmerged, state.is_merging) == ((), False)
        records = opened(bob, 4).load()
        assert (records.problems, records.damaged, records.conflicts) == ((), (), ())
        assert (len(records.of(COMMENTS)), len(records.of(TODOS))) == (10, 11)
        todo = next(item for item in records.of(TODOS) if item.title == "Ask billing")
        assert (todo.owner, str(todo.due), todo.state, todo.blocked_on) == ("eve", "2026-12", "blocked", "Eve")
        assert todo.note.startswith("Changed.\n")
        assert todo.links == ("a", "b")

    def test_two_people_who_carry_the_same_to_do_are_both_kept_with_the_driver(self, tmp_path: Path) -> None:
        ada, bob = two_clones(tmp_path)
        shared_todo(ada, bob)
        for clone, review, seed in ((ada, OCTOBER, 2), (bob, Month(2026, 9), 3)):
            git(clone, "config", "merge.reviewtui.driver", DRIVER)
            write(clone, ".git/info/attributes", "*.toml merge=reviewtui\n")
            store = opened(clone, seed)
            store.save(the_todo(store), {"carried": (Carry(id=f"k{seed}", review=review, reason="later"),)})
        merge(ada, bob)
        state = git_state(bob)
        assert state is not None
        assert state.unmerged == ()
        assert {carry.id for carry in the_todo(opened(bob, 4)).carried} == {"k2", "k3"}


class TestConflict:
    def conflicting(self, tmp_path: Path) -> tuple[Path, RecordStore]:
        """Bob's clone, where both changed the title and each another field."""
        ada, bob = two_clones(tmp_path)
        shared_todo(ada, bob)
        for clone, seed, changes in (
            (ada, 2, {"title": "Ask finance", "owner": "eve"}),
            (bob, 3, {"title": "Ask billing twice", "blocked_on": "Zoe"}),
        ):
            store = opened(clone, seed)
            store.save(the_todo(store), changes)
        merge(ada, bob)
        return bob, opened(bob, 4)

    def test_the_marked_file_is_set_aside_with_its_line_and_everything_else_works(self, tmp_path: Path) -> None:
        bob, store = self.conflicting(tmp_path)
        said(store, "Still working.")
        records = store.load()
        assert len(records.of(COMMENTS)) == 1
        (damaged,) = records.damaged
        assert damaged.problem is not None
        assert damaged.problem.line is not None
        assert b"<<<<<<<" in (bob / damaged.label).read_bytes()

    def test_each_field_is_shown_with_its_three_versions_and_the_decision_is_written(self, tmp_path: Path) -> None:
        bob, store = self.conflicting(tmp_path)
        (conflict,) = unmerged_conflicts(bob)
        (clash,) = conflict.clashes
        assert (clash.path, clash.base, clash.mine, clash.theirs) == (
            ("title",), "Ask billing", "Ask billing twice", "Ask finance",
        )  # fmt: skip
        store.resolve(conflict, {("title",): "Ask finance twice"})
        todo = the_todo(store)
        assert (todo.title, todo.owner, todo.blocked_on) == ("Ask finance twice", "eve", "Zoe")
        assert len(unmerged_stages(bob)) == 1, "git is only told if the person asks"
        git(bob, "add", ".")
        assert unmerged_conflicts(bob) == ()

    def test_the_driver_leaves_a_real_conflict_as_git_does(self, tmp_path: Path) -> None:
        base = write(tmp_path, "base.toml", 'schema = 1\ntitle = "a"\ncreated_on = 2026-11-03\nowner = "x"\n')
        ours = write(tmp_path, "ours.toml", 'schema = 1\ntitle = "b"\ncreated_on = 2026-11-03\nowner = "x"\n')
        theirs = write(tmp_path, "theirs.toml", 'schema = 1\ntitle = "c"\ncreated_on = 2026-11-03\nowner = "y"\n')
        merged, is_settled = merged_file(base, ours, theirs, "reviews/products/replay/todos/t-261103-ab12.toml")
        assert not is_settled
        assert b"<<<<<<< ours" in merged
        assert b">>>>>>> theirs" in merged


class TestDriver:
    PATH = "products/replay/todos/t-261103-ab12.toml"
    BASE = 'schema = 1\ntitle = "a"\nowner = "x"\ndue = "2026-10"\ncreated_on = 2026-11-03\n'

    def merged(self, tmp_path: Path, ours: str, theirs: str, path: str = PATH) -> tuple[str, bool]:
        names = ("base", "ours", "theirs")
        texts = (self.BASE, ours, theirs)
        files = [write(tmp_path, name, text) for name, text in zip(names, texts, strict=True)]
        merged, is_settled = merged_file(files[0], files[1], files[2], path)
        return merged.decode(), is_settled

    @pytest.mark.parametrize("path", [PATH, ""], ids=["known by its place", "known by its keys"])
    def test_neighbouring_lines_that_git_cannot_merge_merge_by_field(self, tmp_path: Path, path: str) -> None:
        ours = self.BASE.replace('"x"', '"y"')
        theirs = self.BASE.replace('"2026-10"', '"2026-12"')
        assert self.merged(tmp_path, ours, theirs, path) == (
            'schema = 1\ntitle = "a"\nowner = "y"\ndue = "2026-12"\ncreated_on = 2026-11-03\n',
            True,
        )

    def test_a_comment_that_one_side_wrote_by_hand_is_not_lost(self, tmp_path: Path) -> None:
        ours = self.BASE.replace('"x"', '"y"')
        theirs = self.BASE.replace('due = "2026-10"', '# moved, see the call\ndue = "2026-12"')
        merged, is_settled = self.merged(tmp_path, ours, theirs)
        assert "# moved, see the call" in merged
        assert not is_settled
        kept, is_kept = self.merged(tmp_path, "# ours\n" + ours, self.BASE.replace("2026-10", "2026-12"))
        assert kept.startswith("# ours\n")
        assert is_kept

    def test_other_files_merge_line_by_line_and_have_to_parse(self, tmp_path: Path) -> None:
        settings = "products/replay/product.toml"
        assert self.merged(tmp_path, self.BASE + "a = 1\n", self.BASE, settings) == (self.BASE + "a = 1\n", True)
        ours = self.BASE.replace('title = "a"', 'title = "a"\nextra = 1')
        theirs = self.BASE + "extra = 2\n"
        merged, is_settled = self.merged(tmp_path, ours, theirs, settings)
        assert merged.count("extra") == 2
        assert not is_settled, "two keys of one name are no TOML"


class TestWords:
    def test_a_message_counts_what_is_in_the_commit(self) -> None:
        paths = [
            "products/replay/reviews/2026-10/c-261103-ab12-mrr.toml",
            "products/replay/reviews/2026-10/c-261103-cd34-mrr.toml",
            "products/replay/todos/t-261103-9xw2-ask.toml",
        ]
        assert commit_message(paths) == "review(replay): 2 comments, 1 to-do"
        assert commit_message([*paths, "reviewtui.toml"]) == "review(replay): 2 comments, 1 to-do, 1 other file"
        assert commit_message(["reviewtui.toml"]) == "review: 1 other file"
        several = [f"products/p{at}/todos/t-261103-9xw2-a.toml" for at in range(4)]
        assert commit_message(several[:2]) == "review(p0, p1): 2 to-dos"
        assert commit_message(several) == "review(4 products): 4 to-dos"

    @pytest.mark.parametrize(
        ("path", "own"),
        [
            ("reviewtui.toml", True),
            (".gitattributes", True),
            ("tags.toml", True),
            ("products/replay/product.toml", True),
            ("products/replay/reviews/2026-10/c-261103-ab12-mrr.toml", True),
            ("imports/2025.csv", True),
            ("local.toml", False),
            ("notes.md", False),
            ("products/replay/todos/t-1.toml.conflict-host-1", False),
            ("products/replay/.reviewtui-0a1b2c3d.tmp", False),
            ("data/acme.duckdb", False),
            ("imports/secret.key", False),
        ],
    )
    def test_only_what_a_workspace_is_made_of_is_its_own(self, path: str, own: bool) -> None:
        assert is_own(path) is own

    def test_the_state_names_branch_distance_and_what_is_only_here(self, tmp_path: Path) -> None:
        assert state_words(None) == leaving_words(None) == ""
        ada, bob = two_clones(tmp_path)
        assert state_words(git_state(ada)) == "main"
        shared_todo(ada, bob)
        assert leaving_words(git_state(ada)) == ""
        store = opened(ada, 2)
        said(store, "One.")
        assert state_words(git_state(ada)) == "main · 1 unpushed"
        assert leaving_words(git_state(ada)) == "1 unpushed record: `reviewtui commit`, then `git push`."
        commit_all(ada)
        state = git_state(ada)
        assert state is not None
        assert state_words(state) == "main ↑1 · 1 unpushed"
        assert len(unpushed_records(state)) == 1
        assert leaving_words(state) == "1 unpushed record: `git push`."

    def test_without_a_remote_records_are_uncommitted(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        said(opened(root, 1), "One.")
        state = git_state(root)
        assert state_words(state) == "main · 1 uncommitted"
        assert leaving_words(state) == "1 uncommitted record: `reviewtui commit` commits what is in the workspace."
