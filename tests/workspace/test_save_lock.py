"""One save at a time, and none that waits for ever."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.workspace import save_lock as locking
from reviewtui.workspace.save_lock import LOCK_FILE, save_lock
from tests.workspace.record_samples import Reviews

if TYPE_CHECKING:
    from pathlib import Path


def is_free(root: Path) -> bool:
    """Whether nobody holds the lock."""
    handle = os.open(root / LOCK_FILE, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def test_the_lock_is_held_during_a_save_only(tmp_path: Path) -> None:
    with save_lock(tmp_path):
        assert not is_free(tmp_path)
    assert is_free(tmp_path)
    with pytest.raises(ZeroDivisionError), save_lock(tmp_path):
        _ = 1 / 0
    assert is_free(tmp_path)


def test_a_save_that_cannot_get_the_lock_says_so_and_changes_nothing(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path / "reviews")
    todo = reviews.todo()
    before = reviews.text(todo)
    with (
        save_lock(reviews.root),
        pytest.raises(ReviewError, match="Another program has been saving"),
        save_lock(reviews.root, patience=0.02),
    ):
        pytest.fail("two at a time")
    assert reviews.text(todo) == before


@pytest.mark.parametrize("operation", ["open", "flock"])
def test_where_locks_do_not_work_the_comparison_of_contents_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    def refuse(*_arguments: object) -> int:
        raise OSError(37, "No locks available")

    reviews = Reviews(tmp_path / "reviews")
    mine, theirs = reviews.both()
    if operation == "open":
        monkeypatch.setattr(locking, "_opened", lambda _root: None)
    else:
        monkeypatch.setattr(fcntl, "flock", refuse)
    reviews.theirs.save(theirs, {"owner": "bo"})
    saved = reviews.mine.save(mine, {"owner": "cy"})
    assert saved.conflict is not None
    assert saved.record.owner == "bo"


def test_the_lock_file_is_ignored_by_git_and_never_a_link(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).symlink_to(tmp_path / "elsewhere")
    with save_lock(tmp_path):
        pass
    assert not (tmp_path / "elsewhere").exists()
    assert LOCK_FILE.endswith(".lock")
