"""What git says about the workspace and what it is asked to do, with real repositories."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.workspace import git as git_module
from reviewtui.workspace.git import add, clean_environment, commit, git_state, require_repository, unmerged_stages
from reviewtui.workspace.git_status import parsed_status
from tests.workspace.repositories import git, new_repository, two_clones, write

if TYPE_CHECKING:
    from pathlib import Path

NOTE = "products/replay/reviews/2026-10/c-261110-ab12.toml"
ODD = 'products/replay/todos/t-261110-9xw2-ask "them"\n-é東\udcff.toml'


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


class TestState:
    def test_a_folder_without_repository_has_none(self, tmp_path: Path) -> None:
        assert git_state(tmp_path) is None
        with pytest.raises(ReviewError, match="not a git repository"):
            require_repository(tmp_path)

    def test_a_machine_without_git_has_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = new_repository(tmp_path / "reviews")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert git_state(root) is None
        with pytest.raises(ReviewError, match="no git on this machine"):
            require_repository(root)

    def test_a_clean_repository_has_its_branch_and_no_changes(self, tmp_path: Path) -> None:
        state = git_state(new_repository(tmp_path / "reviews"))
        assert state is not None
        assert (state.branch, state.changed, state.unpushed, state.has_remote) == ("main", (), (), False)
        assert (state.ahead, state.behind) == (None, None)

    def test_before_the_first_commit_all_files_are_changed(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet", "--initial-branch=trunk")
        write(tmp_path, "reviewtui.toml", "schema = 1\n")
        state = git_state(tmp_path)
        assert state is not None
        assert (state.branch, state.changed) == ("trunk", ("reviewtui.toml",))

    def test_a_commit_without_branch_is_named_by_its_hash(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        git(root, "checkout", "--quiet", "--detach")
        state = git_state(root)
        assert state is not None
        assert state.branch == git(root, "rev-parse", "HEAD")[:7]

    def test_changed_new_and_removed_files_are_listed_whatever_they_are_called(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        write(root, NOTE, "a = 1\n")
        git(root, "add", ".")
        git(root, "commit", "--quiet", "--message", "note")
        (root / NOTE).unlink()
        write(root, ODD, "a = 1\n")
        write(root, "reviewtui.toml", "schema = 1\nname = 'B'\n")
        state = git_state(root)
        assert state is not None
        assert set(state.changed) == {NOTE, ODD, "reviewtui.toml"}
        assert state.untracked == (ODD,)

    def test_a_workspace_inside_a_larger_repository_sees_only_itself(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "company")
        write(root, "code.py", "pass\n")
        write(root, f"reviews/{NOTE}", "a = 1\n")
        state = git_state(root / "reviews")
        assert state is not None
        assert state.changed == (NOTE,)

    def test_commits_that_no_remote_has_name_their_files(self, tmp_path: Path) -> None:
        ada, bob = two_clones(tmp_path)
        write(ada, NOTE, "a = 1\n")
        assert commit(ada, [NOTE], [NOTE], "review(replay): 1 comment")
        state = git_state(ada)
        assert state is not None
        assert (state.ahead, state.behind, state.unpushed, state.changed) == (1, 0, (NOTE,), ())
        git(ada, "push", "--quiet")
        after = git_state(ada)
        assert after is not None
        assert (after.ahead, after.unpushed) == (0, ())
        git(bob, "fetch", "--quiet")
        other = git_state(bob)
        assert other is not None
        assert (other.ahead, other.behind) == (0, 1)

    def test_a_branch_without_upstream_is_unpushed_as_well(self, tmp_path: Path) -> None:
        ada, _ = two_clones(tmp_path)
        git(ada, "checkout", "--quiet", "-b", "october")
        write(ada, NOTE, "a = 1\n")
        commit(ada, [NOTE], [NOTE], "one")
        state = git_state(ada)
        assert state is not None
        assert (state.ahead, state.unpushed) == (None, (NOTE,))

    def test_a_monitor_that_the_repository_names_is_not_started(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        program = write(tmp_path, "monitor", f"#!/bin/sh\ntouch '{tmp_path}/started'\n")
        program.chmod(0o755)
        git(root, "config", "core.fsmonitor", str(program))
        assert git_state(root) is not None
        assert not (tmp_path / "started").exists()

    def test_git_that_never_answers_is_given_up(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        slow = write(tmp_path, "bin/git", "#!/bin/sh\n/bin/sleep 60 &\nwait\n")
        slow.chmod(0o755)
        monkeypatch.setenv("PATH", str(slow.parent))
        monkeypatch.setattr(git_module, "ASK_SECONDS", 0.1)
        assert git_state(tmp_path) is None

    def test_the_environment_cannot_point_elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = new_repository(tmp_path / "reviews")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        state = git_state(root)
        assert state is not None
        assert state.branch == "main"
        cleaned = clean_environment({"GIT_WORK_TREE": "x", "GIT_AUTHOR_NAME": "Ada", "HOME": "/h"})
        assert "GIT_WORK_TREE" not in cleaned
        assert (cleaned["GIT_AUTHOR_NAME"], cleaned["HOME"]) == ("Ada", "/h")


class TestParsing:
    def test_an_answer_of_another_form_is_refused(self) -> None:
        with pytest.raises(ValueError, match="another form"):
            parsed_status(b"x something\0", "")

    def test_a_renamed_file_counts_as_two(self) -> None:
        entry = b"2 R. N... 100644 100644 100644 1a 1b R100 in/new name\0in/old\0"
        assert parsed_status(b"# branch.head main\0" + entry, "in/").changed == ("new name", "old")


class TestCommit:
    def test_only_the_named_files_are_committed_and_what_was_staged_stays(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        write(root, NOTE, "a = 1\n")
        write(root, "mine.txt", "not yet\n")
        git(root, "add", "mine.txt")
        commit(root, [NOTE], [NOTE], "review(replay): 1 comment")
        assert git(root, "show", "--name-only", "--format=%s", "HEAD").split("\n") == [
            "review(replay): 1 comment", "", NOTE, "",
        ]  # fmt: skip
        assert git(root, "diff", "--cached", "--name-only") == "mine.txt\n"

    def test_a_removed_file_is_committed(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        write(root, NOTE, "a = 1\n")
        commit(root, [NOTE], [NOTE], "one")
        (root / NOTE).unlink()
        commit(root, [NOTE], [], "two")
        assert git(root, "ls-files") == "reviewtui.toml\n"

    def test_odd_names_are_taken_literally(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        write(root, ODD, "a = 1\n")
        write(root, "a.toml", "a = 1\n")
        write(root, "*.toml", "a = 1\n")
        commit(root, [ODD, "*.toml"], [ODD, "*.toml"], "odd")
        state = git_state(root)
        assert state is not None
        assert state.changed == ("a.toml",)

    def test_a_hook_that_refuses_leaves_nothing_staged_and_is_quoted(self, tmp_path: Path) -> None:
        root = new_repository(tmp_path / "reviews")
        hook = write(root, ".git/hooks/pre-commit", "#!/bin/sh\necho 'no commits on\x1b[31m Sunday' >&2\nexit 1\n")
        hook.chmod(0o755)
        write(root, NOTE, "a = 1\n")
        with pytest.raises(ReviewError, match="no commits on␛\\[31m Sunday"):
            commit(root, [NOTE], [NOTE], "one")
        assert git(root, "status", "--porcelain", "--untracked-files=all") == f"?? {NOTE}\n"


class TestStages:
    def test_an_unmerged_file_has_three_versions(self, tmp_path: Path) -> None:
        ada, bob = two_clones(tmp_path)
        for name, clone in (("Ada", ada), ("Bob", bob)):
            write(clone, "reviewtui.toml", f'schema = 1\nname = "{name}"\n')
            commit(clone, ["reviewtui.toml"], [], name)
        git(ada, "push", "--quiet")
        git(bob, "pull", "--quiet", "--no-rebase", check=False)
        state = git_state(bob)
        assert state is not None
        assert (state.unmerged, state.is_merging) == (("reviewtui.toml",), True)
        (found,) = unmerged_stages(bob)
        assert found.path == "reviewtui.toml"
        assert found.base == b'schema = 1\nname = "Acme"\n'
        assert found.ours == b'schema = 1\nname = "Bob"\n'
        assert found.theirs == b'schema = 1\nname = "Ada"\n'
        write(bob, "reviewtui.toml", 'schema = 1\nname = "Both"\n')
        add(bob, "reviewtui.toml")
        assert unmerged_stages(bob) == ()

    def test_a_file_that_one_side_removed_has_no_version_there(self, tmp_path: Path) -> None:
        ada, bob = two_clones(tmp_path)
        (ada / "reviewtui.toml").unlink()
        commit(ada, ["reviewtui.toml"], [], "gone")
        git(ada, "push", "--quiet")
        write(bob, "reviewtui.toml", 'schema = 1\nname = "Bob"\n')
        commit(bob, ["reviewtui.toml"], [], "kept")
        git(bob, "pull", "--quiet", "--no-rebase", check=False)
        (found,) = unmerged_stages(bob)
        assert found.theirs is None
        assert found.ours == b'schema = 1\nname = "Bob"\n'
