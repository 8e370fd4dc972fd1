"""A text that clashed is kept in a file beside the record, shown until somebody decides, and gone then."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import ReviewError
from reviewtui.months import Month
from reviewtui.workspace.atomic import atomic_write
from reviewtui.workspace.conflicts import resolved, unmerged, with_value
from reviewtui.workspace.kinds.todos import TODOS
from tests.workspace.record_samples import Reviews

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def reviews(tmp_path: Path) -> Reviews:
    """An empty workspace."""
    return Reviews(tmp_path / "reviews")


class TestKeptText:
    def test_is_a_readable_file_beside_the_record_and_theirs_stays(self, reviews: Reviews) -> None:
        _mine, saved = reviews.clash()
        assert saved.record.owner == "bo"
        assert saved.conflict is not None
        kept = reviews.root / saved.conflict.other
        assert kept.parent == reviews.path(saved.record).parent
        assert kept.name.startswith(f"{reviews.path(saved.record).name}.conflict-")
        data = tomllib.loads(kept.read_text())
        assert data["author"] == "ana"
        assert data["clash"] == [{"path": ["owner"], "base": "ana", "mine": "cy"}]

    def test_is_listed_by_every_start_until_it_is_resolved(self, reviews: Reviews) -> None:
        todo, saved = reviews.clash()
        (conflict,) = reviews.reload().conflicts
        (clash,) = conflict.clashes
        assert (conflict.path, conflict.record_id, conflict.kind) == (todo.file.path, todo.id, TODOS)
        assert (clash.path, clash.base, clash.mine, clash.theirs) == (("owner",), "ana", "cy", "bo")
        assert saved.conflict == conflict
        reviews.mine.resolve(conflict, {("owner",): "cy and bo"})
        assert reviews.reload().conflicts == ()
        assert 'owner = "cy and bo"' in reviews.text(todo)
        assert len(list(reviews.path(todo).parent.iterdir())) == 1

    def test_goes_without_a_change_where_theirs_is_chosen(self, reviews: Reviews) -> None:
        todo, saved = reviews.clash()
        before = reviews.text(todo)
        assert saved.conflict is not None
        assert reviews.mine.resolve(saved.conflict, {}).id == todo.id
        assert reviews.text(todo) == before
        assert reviews.reload().conflicts == ()

    def test_the_rest_of_the_save_is_in_the_record(self, reviews: Reviews) -> None:
        mine, theirs = reviews.both()
        reviews.theirs.save(theirs, {"owner": "bo", "note": "Their own words."})
        saved = reviews.mine.save(mine, {"owner": "cy", "note": "My own words.", "due": Month(2026, 9)})
        assert (saved.record.due, saved.record.owner, saved.record.note) == (Month(2026, 9), "bo", "Their own words.")
        assert saved.conflict is not None
        assert [clash.mine for clash in saved.conflict.clashes] == ["cy", "My own words.\n"]

    def test_is_not_resolved_over_a_newer_change(self, reviews: Reviews) -> None:
        todo, saved = reviews.clash()
        assert saved.conflict is not None
        (newer,) = reviews.theirs.load().of(TODOS)
        reviews.theirs.save(newer, {"owner": "dee"})
        with pytest.raises(ReviewError, match="changed meanwhile"):
            reviews.mine.resolve(saved.conflict, {("owner",): "cy"})
        assert 'owner = "dee"' in reviews.text(todo)
        assert len(reviews.mine.load().conflicts) == 1

    def test_of_a_record_that_went_away_stays_until_the_record_is_back(self, reviews: Reviews) -> None:
        todo, saved = reviews.clash()
        reviews.path(todo).unlink()
        (conflict,) = reviews.mine.load().conflicts
        assert conflict.merged == {}
        with pytest.raises(ReviewError, match="is gone"):
            reviews.mine.resolve(conflict, {("owner",): "cy"})
        assert saved.conflict is not None
        assert (reviews.root / saved.conflict.other).exists()

    def test_that_cannot_be_read_is_a_problem(self, reviews: Reviews) -> None:
        todo, saved = reviews.clash()
        assert saved.conflict is not None
        (reviews.root / saved.conflict.other).write_text("= nonsense")
        records = reviews.reload()
        assert records.conflicts == ()
        assert [problem.path for problem in records.problems] == [saved.conflict.other]
        assert records.by_id(todo.id) is not None

    def test_of_two_clashes_are_two_files(self, reviews: Reviews) -> None:
        mine, theirs = reviews.both()
        reviews.theirs.save(theirs, {"owner": "bo"})
        reviews.mine.save(mine, {"owner": "cy"})
        reviews.mine.save(mine, {"owner": "dee"})
        assert sorted(conflict.clashes[0].mine for conflict in reviews.reload().conflicts) == ["cy", "dee"]

    def test_is_not_left_behind_where_the_save_fails(self, reviews: Reviews, monkeypatch: pytest.MonkeyPatch) -> None:
        from reviewtui.workspace import store

        mine, theirs = reviews.both()
        reviews.theirs.save(theirs, {"owner": "bo"})

        def fail_on_the_record(path: Path, text: str, **options: object) -> None:
            if path.suffix == ".toml":
                raise ReviewError("The disk is full.")
            atomic_write(path, text)

        monkeypatch.setattr(store, "atomic_write", fail_on_the_record)
        with pytest.raises(ReviewError, match="disk is full"):
            reviews.mine.save(mine, {"owner": "cy", "due": Month(2026, 9)})
        assert len(list(reviews.path(mine).parent.iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    [
        "{} (conflicted copy 2026-04-17).toml",
        "{} (Ana's conflicted copy 2026-04-17).toml",
        "{}.sync-conflict-20260417-101010-ABCDEFG.toml",
        "{}_conf(1).toml",
        "{} (1).toml",
        "{} copy.toml",
        "{} - Kopie.toml",
    ],
)
class TestCopyOfAFolderSync:
    def test_is_a_conflict_of_the_two_files(self, reviews: Reviews, name: str) -> None:
        todo = reviews.todo()
        copy = reviews.path(todo).with_name(name.format(reviews.path(todo).stem))
        copy.write_text(reviews.text(todo).replace('owner = "ana"', 'owner = "bo"'))
        records = reviews.reload()
        assert records.of(TODOS) == (todo,)
        (conflict,) = records.conflicts
        assert [(clash.path, clash.mine, clash.theirs) for clash in conflict.clashes] == [(("owner",), "bo", "ana")]
        reviews.mine.load()
        assert reviews.mine.resolve(conflict, {("owner",): "bo"}) == reviews.reload().by_id(todo.id)
        assert 'owner = "bo"' in reviews.text(todo)
        assert not copy.exists()

    def test_of_a_file_with_a_fixed_name_too(self, reviews: Reviews, name: str) -> None:
        text = "schema = 1\nheld_on = 2026-04-03\n"
        reviews.write("products/replay/reviews/2026-03/review.toml", text)
        reviews.write(f"products/replay/reviews/2026-03/{name.format('review')}", text.replace("03\n", "04\n"))
        records = reviews.reload()
        assert [conflict.record_id for conflict in records.conflicts] == ["replay/2026-03"]
        assert len(records) == 1


def test_the_same_id_in_another_folder_is_a_problem(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path / "reviews")
    todo = reviews.todo()
    reviews.write(f"products/flags/todos/{reviews.path(todo).name}", reviews.text(todo))
    records = reviews.reload()
    assert len(records) == 1
    assert "the same id" in str(records.problems[0])


class TestUnmergedFile:
    def test_is_shown_field_by_field_and_written_when_resolved(self, reviews: Reviews) -> None:
        todo = reviews.todo()
        base = reviews.text(todo)
        ours = base.replace('owner = "ana"', 'owner = "bo"').replace('state = "open"', 'state = "done"')
        theirs = base.replace('owner = "ana"', 'owner = "cy" # theirs').replace('"2026-05"', '"2026-06"')
        reviews.path(todo).write_text(f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> main\n")
        assert reviews.mine.load().of(TODOS) == ()
        stages = (base.encode(), ours.encode(), theirs.encode())
        conflict = unmerged(TODOS, todo.file.path, todo.id, stages, reviews.root)
        assert conflict is not None
        assert [(clash.path, clash.mine, clash.theirs) for clash in conflict.clashes] == [(("owner",), "bo", "cy")]
        record = reviews.mine.resolve(conflict, {("owner",): "bo"})
        (found,) = reviews.reload().of(TODOS)
        assert found == record
        assert (found.owner, found.state, found.due) == ("bo", "done", Month(2026, 6))
        assert "# theirs" in reviews.text(todo)

    def test_that_is_no_toml_on_one_side_is_not_shown(self, reviews: Reviews) -> None:
        assert unmerged(TODOS, "x.toml", "x", (b"", b"= 1", b"a = 1"), reviews.root) is None


def test_a_decision_reaches_into_rows_and_tables() -> None:
    values = {"carried": [{"id": "a", "reason": "x"}], "consent": {"given": True}}
    assert with_value(values, ("carried", "a", "reason"), "y")["carried"] == [{"id": "a", "reason": "y"}]
    assert with_value(values, ("carried", "a"), None)["carried"] == []
    assert with_value(values, ("carried", "b", "reason"), "z")["carried"][1] == {"id": "b", "reason": "z"}
    assert with_value(values, ("consent", "given"), None)["consent"] == {}
    assert with_value(values, ("owner",), "bo")["owner"] == "bo"


def test_a_clash_that_nobody_decides_keeps_theirs(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path / "reviews")
    _mine, saved = reviews.clash()
    assert saved.conflict is not None
    assert resolved(saved.conflict, {})["owner"] == "bo"
