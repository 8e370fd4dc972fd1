"""An older workspace is brought to the current schema without losing a file, an id, a text or a comment."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from reviewtui.cli import main
from reviewtui.errors import ReviewError
from reviewtui.workspace import migrate as migration
from reviewtui.workspace.migrate import migrate, plan_migration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reviewtui.workspace.migrate import Step
    from tests.workspace.conftest import Folder

NOW = datetime(2026, 4, 17, 10, 0, tzinfo=UTC)
TODO = "products/replay/todos/t-260417-9xw2-ask.toml"
TODO_TEXT = '# mine\nschema = 1\ntitle = "Ask them" # why\nwho = "ana"\nmood = 3\n\n[[carried]]\nid = "a"\n'


def rename_who(path: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """To-dos of the next schema call their owner `owner`."""
    if "/todos/" not in path or "who" not in values:
        return values
    return {"owner" if key == "who" else key: value for key, value in values.items()}


def forget_titles(_path: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step that loses something."""
    return {key: value for key, value in values.items() if key != "title"}


def grow(_path: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step that never ends."""
    return {**values, "mood": values.get("mood", 0) + 1}


STEPS: dict[int, Step] = {1: rename_who}


@pytest.fixture
def old(folder: Folder) -> Folder:
    """A workspace of schema 1."""
    folder.write("reviewtui.toml", 'schema = 1\nname = "Acme"\n')
    folder.write(TODO, TODO_TEXT)
    folder.write("products/replay/product.toml", "# no number: the first schema\nproduct_id = 'replay'\n")
    folder.write("products/replay/notes.md", "not ours")
    folder.write("backup-20260101T000000/reviewtui.toml", "schema = 1\n")
    return folder


def planned(folder: Folder, steps: Mapping[int, Step]) -> migration.Plan:
    """The plan for schema 2."""
    return plan_migration(folder.root, steps, 2)


def test_each_file_keeps_its_comments_and_gets_its_new_keys_and_number(old: Folder) -> None:
    plan = planned(old, STEPS)
    assert plan.problems == ()
    assert [change.path for change in plan.changes] == ["products/replay/product.toml", TODO, "reviewtui.toml"]
    migrate(old.root, plan, NOW, backup=False)
    text = (old.root / TODO).read_text()
    assert text.startswith("# mine\nschema = 2\n")
    assert 'title = "Ask them" # why\n' in text
    assert 'owner = "ana"\n' in text
    assert "who" not in text
    assert "mood = 3\n" in text
    assert text.endswith('[[carried]]\nid = "a"\n')
    assert "schema = 2" in (old.root / "products/replay/product.toml").read_text()


def test_a_second_run_does_nothing(old: Folder) -> None:
    migrate(old.root, planned(old, STEPS), NOW, backup=False)
    plan = planned(old, STEPS)
    assert (plan.files, plan.changes, plan.problems) == (3, (), ())


def test_a_run_that_was_interrupted_is_ended_by_the_next(old: Folder) -> None:
    plan = planned(old, STEPS)
    migrate(old.root, migration.Plan(3, plan.changes[:1], ()), NOW, backup=False)
    assert [change.path for change in planned(old, STEPS).changes] == [TODO, "reviewtui.toml"]


def test_old_files_are_kept_where_asked(old: Folder) -> None:
    folder = migrate(old.root, planned(old, STEPS), NOW, backup=True)
    assert folder == old.root / "backup-20260417T100000"
    assert (folder / TODO).read_text() == TODO_TEXT
    assert len(list(folder.rglob("*.toml"))) == 3
    assert planned(old, STEPS).changes == ()


@pytest.mark.parametrize(("step", "words"), [(forget_titles, "lose a text"), (grow, "not come to an end")])
def test_a_faulty_step_changes_nothing(old: Folder, step: Step, words: str) -> None:
    plan = planned(old, {1: step})
    assert any(words in problem.message for problem in plan.problems)
    with pytest.raises(ReviewError, match="Nothing was migrated"):
        migrate(old.root, plan, NOW, backup=False)
    assert (old.root / TODO).read_text() == TODO_TEXT


@pytest.mark.parametrize(("text", "words"), [("schema = 7\n", "newer than this program"), ("a = \n", "not valid TOML")])
def test_nothing_is_done_while_a_file_is_in_the_way(old: Folder, text: str, words: str) -> None:
    old.write("people/ana.toml", text)
    plan = planned(old, STEPS)
    assert [words in problem.message for problem in plan.problems] == [True]
    with pytest.raises(ReviewError, match="Nothing was migrated"):
        migrate(old.root, plan, NOW, backup=False)


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(old: Folder) -> None:
    plan = planned(old, STEPS)
    old.write(TODO, TODO_TEXT + "# newer\n")
    with pytest.raises(ReviewError, match="changed outside"):
        migrate(old.root, plan, NOW, backup=False)
    assert (old.root / TODO).read_text().endswith("# newer\n")


class TestCommand:
    def command(self, folder: Folder, *words: str) -> int:
        """The exit code."""
        return main(["--workspace", str(folder.root), "migrate", *words])

    def test_has_nothing_to_do_in_a_current_workspace(self, old: Folder, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.command(old) == 0
        assert "Nothing to do: 3 files" in capsys.readouterr().out

    @pytest.fixture
    def _next_schema(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(migration.plan_migration, "__defaults__", (STEPS, 2))

    @pytest.mark.usefixtures("_next_schema")
    def test_shows_a_difference_and_changes_nothing(self, old: Folder, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.command(old, "--dry-run") == 0
        out = capsys.readouterr().out
        assert '-who = "ana"' in out
        assert '+owner = "ana"' in out
        assert "3 files of 3 would change" in out
        assert (old.root / TODO).read_text() == TODO_TEXT

    @pytest.mark.usefixtures("_next_schema")
    def test_keeps_the_old_files_unless_git_has_them(self, old: Folder, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.command(old) == 0
        assert "The old files are in" in capsys.readouterr().out

    @pytest.mark.usefixtures("_next_schema")
    def test_needs_no_copies_in_a_clean_repository(
        self, old: Folder, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        for words in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-qm", "all")):
            subprocess.run(["git", "-C", str(old.root), *words], check=True, capture_output=True)
        assert self.command(old) == 0
        assert "migrated.\n" in capsys.readouterr().out
        assert len(list(old.root.glob("backup-*"))) == 1

    def test_ends_with_one_where_a_file_is_in_the_way(self, old: Folder, capsys: pytest.CaptureFixture[str]) -> None:
        old.write("people/ana.toml", "schema = 7\n")
        assert self.command(old) == 1
        assert "people/ana.toml:1: " in capsys.readouterr().out
