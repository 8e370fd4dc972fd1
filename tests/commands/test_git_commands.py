"""`reviewtui commit` and `reviewtui merge`, as a person and as git call them."""

from __future__ import annotations

import os
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from reviewtui.months import Month
from reviewtui.workspace.kinds.comments import COMMENTS
from reviewtui.workspace.kinds.todos import TODOS
from reviewtui.workspace.store import RecordStore
from tests.commands.support import AS_OF, Outcome, run
from tests.workspace.repositories import git, new_repository, write

if TYPE_CHECKING:
    from pathlib import Path

OCTOBER = Month(2026, 10)
DAY = date(2026, 11, 3)


def written(root: Path) -> Path:
    """A repository with two comments and a to-do that are not committed, and a file that is none of the workspace's."""
    new_repository(root)
    write(root, ".git/info/exclude", "*.lock\n")
    store = RecordStore(root, random=Random(1))
    for text in ("One.", "Two."):
        values = {"text": text, "said_on": DAY, "metric": "mrr", "month": OCTOBER}
        store.create(COMMENTS, "replay", values, DAY, review=OCTOBER)
    store.create(TODOS, "replay", {"title": "Ask", "created_on": DAY}, DAY)
    write(root, "diary.txt", "private\n")
    return root


def reviewtui(home: Path, root: Path, *words: str) -> Outcome:
    return run(
        home, *words, "--workspace", root, "--as-of", AS_OF, GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull
    )


class TestCommit:
    def test_it_commits_the_workspaces_own_files_with_a_message_that_counts_them(self, tmp_path: Path) -> None:
        root = written(tmp_path / "w")
        planned = reviewtui(tmp_path, root, "commit", "--dry-run")
        assert planned.code == 0
        assert planned.out.startswith(
            "review(replay): 2 comments, 1 to-do, 1 other file\n  products/replay/product.toml\n"
        )
        assert git(root, "log", "--format=%s") == "begin\n"
        done = reviewtui(tmp_path, root, "commit")
        assert done.code == 0
        assert git(root, "log", "--format=%s") == "review(replay): 2 comments, 1 to-do, 1 other file\nbegin\n"
        assert git(root, "status", "--porcelain") == "?? diary.txt\n"
        again = reviewtui(tmp_path, root, "commit")
        assert (again.code, again.out) == (0, "Nothing to commit.\n")

    def test_the_message_can_be_a_persons_own(self, tmp_path: Path) -> None:
        root = written(tmp_path / "w")
        assert reviewtui(tmp_path, root, "commit", "--message", "October; $(touch x) `touch y`").code == 0
        assert git(root, "log", "-1", "--format=%s") == "October; $(touch x) `touch y`\n"
        assert not (root / "x").exists()

    def test_a_file_that_cannot_be_read_is_left_out_and_named(self, tmp_path: Path) -> None:
        root = written(tmp_path / "w")
        broken = "products/replay/todos/t-261103-zzzz-broken.toml"
        write(root, broken, 'title = "a"\n<<<<<<< ours\n')
        done = reviewtui(tmp_path, root, "commit")
        assert done.code == 1
        assert f"{broken}: not committed, line 2" in done.err
        assert broken in git(root, "status", "--porcelain", "--untracked-files=all")

    def test_without_a_repository_it_says_so(self, tmp_path: Path) -> None:
        write(tmp_path / "w", "reviewtui.toml", "schema = 1\n")
        done = reviewtui(tmp_path, tmp_path / "w", "commit")
        assert done.code == 1
        assert "not a git repository" in done.err

    def test_during_a_merge_it_says_how_to_go_on(self, tmp_path: Path) -> None:
        root = written(tmp_path / "w")
        git(root, "checkout", "--quiet", "-b", "other")
        write(root, "reviewtui.toml", 'schema = 1\nname = "Other"\n')
        git(root, "commit", "--quiet", "--all", "--message", "other")
        git(root, "checkout", "--quiet", "main")
        write(root, "reviewtui.toml", 'schema = 1\nname = "Main"\n')
        git(root, "commit", "--quiet", "--all", "--message", "main")
        git(root, "merge", "other", check=False)
        done = reviewtui(tmp_path, root, "commit")
        assert done.code == 1
        assert "A merge has left 1 file open" in done.err


class TestMerge:
    BASE = 'schema = 1\ntitle = "a"\nowner = "x"\ncreated_on = 2026-11-03\n'

    def merge(self, tmp_path: Path, ours: str, theirs: str) -> tuple[int, str]:
        for name, text in (("base", self.BASE), ("ours", ours), ("theirs", theirs)):
            write(tmp_path, name, text)
        path = "products/replay/todos/t-261103-ab12.toml"
        done = run(tmp_path, "merge", "base", "ours", "theirs", path)
        assert "Traceback" not in done.err
        return done.code, (tmp_path / "ours").read_text("utf-8")

    def test_fields_of_both_sides_are_written_over_ours(self, tmp_path: Path) -> None:
        code, text = self.merge(tmp_path, self.BASE.replace('"a"', '"b"'), self.BASE.replace('"x"', '"y"'))
        assert (code, text) == (0, self.BASE.replace('"a"', '"b"').replace('"x"', '"y"'))

    def test_one_field_that_both_changed_ends_with_status_one(self, tmp_path: Path) -> None:
        code, text = self.merge(tmp_path, self.BASE.replace('"a"', '"b"'), self.BASE.replace('"a"', '"c"'))
        assert code == 1
        assert "<<<<<<<" in text
