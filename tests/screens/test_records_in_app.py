"""The app reads the records in the background and follows every change of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from reviewtui.app import ReviewApp
from reviewtui.errors import ReviewError
from reviewtui.form_fields import FormField
from reviewtui.loaded_sheet import LoadedSheet
from reviewtui.screens.record_form import RecordForm
from reviewtui.workspace.drafts import DraftKey
from reviewtui.workspace.kinds.todos import TODOS, Todo
from tests.screens.conftest import running, settled, shown, shown_text
from tests.sheets import AS_OF, make_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.record_set import Records
    from reviewtui.workspace.store import RecordStore

DAY = date(2026, 4, 17)
TEXT = 'schema = 1\ntitle = "Ask billing"\ncreated_on = 2026-04-17\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a to-do."""
    (tmp_path / "reviewtui.toml").write_text("schema = 1\n")
    todos = tmp_path / "products" / "replay" / "todos"
    todos.mkdir(parents=True)
    (todos / "t-260417-9xw2-ask.toml").write_text(TEXT)
    return tmp_path


def app_on(root: Path) -> ReviewApp:
    """An app on the workspace."""
    return ReviewApp(root, AS_OF, load_sheet=lambda *_: LoadedSheet(make_sheet()))


def new_todo(store: RecordStore) -> Todo:
    """What a form does."""
    return store.create(TODOS, "replay", {"title": "another", "created_on": DAY}, DAY)


def save_title(_values: object, store: RecordStore) -> Todo:
    """What the form of the read-only test would do."""
    return new_todo(store)


async def test_records_are_there_soon_after_the_first_frame(root: Path) -> None:
    app = app_on(root)
    assert app.records.stamp == 0
    async with running(app):
        assert [todo.title for todo in app.records.of(TODOS)] == ["Ask billing"]


async def test_a_save_is_followed_by_what_was_to_follow_with_the_new_records_in_place(root: Path) -> None:
    app = app_on(root)
    found: list[tuple[Todo, int]] = []
    async with running(app) as pilot:
        app.save_record(new_todo, lambda todo: found.append((todo, len(app.records))))
        await settled(pilot)
        ((todo, count),) = found
        assert count == 2
        assert app.records.by_id(todo.id) == todo


async def test_a_save_that_fails_says_why_and_nothing_follows(root: Path) -> None:
    def fail(_store: RecordStore) -> None:
        raise ReviewError("The disk is full.")

    app = app_on(root)
    async with running(app) as pilot:
        app.save_record(fail, lambda _: pytest.fail("nothing was saved"))
        await settled(pilot)
        assert "The disk is full." in shown_text(pilot)


async def test_a_fault_in_a_save_does_not_end_the_app(root: Path) -> None:
    def fail(_store: RecordStore) -> None:
        raise RuntimeError

    app = app_on(root)
    async with running(app) as pilot:
        app.save_record(fail)
        await settled(pilot)
        assert "it was not saved" in shown_text(pilot)
        assert not app.failed


async def test_what_an_editor_or_git_changes_appears(root: Path) -> None:
    app = app_on(root)
    seen: list[Records] = []

    def keep(records: Records) -> None:
        seen.append(records)

    async with running(app) as pilot:
        app.watch(app, "records", keep, init=False)
        path = root / "products" / "replay" / "todos" / "t-260417-9xw2-ask.toml"
        path.write_text(TEXT.replace("billing", "legal"))
        app.read_records()
        await settled(pilot)
        assert [todo.title for todo in app.records.of(TODOS)] == ["Ask legal"]
        app.read_records()
        await settled(pilot)
        assert len(seen) == 1


async def test_problems_of_records_are_counted_and_listed(root: Path) -> None:
    (root / "products" / "replay" / "todos" / "t-260417-9xw3.toml").write_text(TEXT + "<<<<<<< a\n=======\n>>>>>>> b\n")
    copy = root / "products" / "replay" / "todos" / "t-260417-9xw2-ask (conflicted copy).toml"
    copy.write_text(TEXT.replace("billing", "legal"))
    async with running(app_on(root)) as pilot:
        assert f"{len(make_sheet().problems) + 2} problems" in shown(pilot)[0]
        await pilot.press("p")
        await settled(pilot)
        assert "t-260417-9xw3.toml:4" in shown_text(pilot)
        assert "conflict markers" in shown_text(pilot)
        assert "two versions of `title`" in shown_text(pilot)


async def test_in_a_read_only_workspace_forms_are_only_read_and_words_typed_reach_nothing_else(root: Path) -> None:
    (root / "reviewtui.toml").write_text("schema = 9\n")
    async with running(app_on(root)) as pilot:
        assert "Read-only. The workspace is of schema 9" in shown_text(pilot)
        form = RecordForm(
            "To-do", [FormField("title", "Title", "line")], {"title": "Ask"}, DraftKey("todo"), save_title
        )
        pilot.app.push_screen(form)
        await settled(pilot)
        before = shown_text(pilot)
        assert "Nothing can be written here" in before
        assert "Ask" in before
        await pilot.press("q", "x", "G", "space", "ctrl+s")
        await settled(pilot)
        assert pilot.app.screen is form
        assert shown_text(pilot) == before
        await pilot.press("escape")
        await settled(pilot)
        assert len(pilot.app.screen_stack) == 1
        assert not form.changed
