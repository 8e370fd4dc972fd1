"""The form in which everything is written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from textual import events

from reviewtui.months import Month
from reviewtui.screens.drafts import DraftsScreen, QuitScreen
from reviewtui.screens.preview import PreviewScreen
from reviewtui.screens.record_form import RecordForm
from reviewtui.typed_text import taken_line, taken_text
from reviewtui.widgets.line_input import LineInput
from reviewtui.widgets.lines import KeyLine
from reviewtui.widgets.note_editor import NoteEditor
from tests.screens.conftest import ROOT, settled, shown, shown_text
from tests.screens.forms import KEY, Below, FormApp, register
from tests.workspace.hostile import HOSTILE

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot


@pytest.fixture
def app() -> FormApp:
    register()
    return FormApp(ROOT, is_bare=True)


@pytest.fixture
async def pilot(app: FormApp) -> AsyncIterator[Pilot[None]]:
    """The form, open."""
    async with app.run_test(size=(100, 40)) as pilot:
        await open_form(pilot)
        yield pilot


async def open_form(pilot: Pilot[None]) -> None:
    await pilot.press("f9")
    await settled(pilot)
    assert isinstance(pilot.app.screen, RecordForm)


def form_of(pilot: Pilot[None]) -> RecordForm:
    screen = pilot.app.screen
    assert isinstance(screen, RecordForm)
    return screen


def said(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(KeyLine).message


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(events.Paste(text))
    await settled(pilot)


async def fill(pilot: Pilot[None]) -> None:
    """What must be there."""
    await pilot.press(*"RFC", "tab", "tab", "tab", *"jan")


async def test_what_is_typed_is_saved_as_values(app: FormApp, pilot: Pilot[None]) -> None:
    keys = [*"RFC", "tab", *"Gr", "down", "enter", *"bl", "enter", *"jan", "enter", *"today", "enter"]
    keys += [*"chu", "down", "enter", *"x", "tab", "y", "tab", *"1,250.5", "tab", *"one", "enter", *"two"]
    await pilot.press(*keys, "ctrl+s")
    await settled(pilot)
    assert app.saved == [
        {
            "title": "RFC", "owner": "Grace", "state": "blocked", "due": Month(2027, 1), "seen_on": app.as_of,
            "tags": ("churn", "x"), "urgent": True, "amount": Decimal("1250.5"), "note": "one\ntwo",
        }
    ]  # fmt: skip
    assert isinstance(app.screen, Below)
    assert app.journal.kept() == ()


async def test_values_that_nobody_touched_are_saved_as_they_came(app: FormApp) -> None:
    odd = "line\u2028end\x1b[31m"
    app.values = {"title": odd, "due": Month(2026, 12), "tags": ("a", "b"), "seen_on": date(2026, 1, 2)}
    async with app.run_test(size=(100, 40)) as pilot:
        await open_form(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert {key: app.saved[0][key] for key in app.values} == app.values


async def test_a_field_that_is_needed_says_so_and_takes_the_cursor(app: FormApp, pilot: Pilot[None]) -> None:
    await pilot.press("tab", "tab", "tab", *"soon", "tab", *"32", "ctrl+s")
    await settled(pilot)
    assert app.saved == []
    form = form_of(pilot)
    assert form.row_of("title").message == "✗ Title is needed."
    assert form.row_of("due").message.startswith("✗ Type a month")
    assert form.row_of("seen_on").message.startswith("✗ Type a day")
    assert form.focused is form.row_of("title").query_one(LineInput)
    assert said(pilot) == "Not saved yet: 3 fields to mend."
    await pilot.press("x")
    assert form.row_of("title").message == ""


async def test_a_save_that_fails_leaves_the_form_open_and_the_words_in_the_journal(
    app: FormApp, pilot: Pilot[None]
) -> None:
    app.why_not = "The disk is full. Free some space and save again."
    await fill(pilot)
    await pilot.press("ctrl+s")
    await settled(pilot)
    assert app.why_not in "\n".join(shown(pilot))
    assert form_of(pilot).row_of("title").text == "RFC"
    assert app.journal.kept()[0].values == {"title": "RFC", "due": "jan"}
    app.why_not = ""
    await pilot.press("ctrl+s")
    await settled(pilot)
    assert (len(app.saved), app.journal.kept()) == (1, ())


async def test_why_it_was_not_saved_is_read_to_its_end_on_a_narrow_screen(app: FormApp) -> None:
    app.why_not = f"/reviews/{'products/' * 12}c.toml was not saved: the disk is full. Free some space and save again."
    async with app.run_test(size=(80, 24)) as pilot:
        await open_form(pilot)
        await fill(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "save again." in "\n".join(shown(pilot))
        assert shown(pilot)[-1].strip() == "Not saved."
        app.why_not = ""
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert len(app.saved) == 1


async def test_a_fault_in_saving_keeps_the_form_too(app: FormApp, pilot: Pilot[None]) -> None:
    app.saved = None  # type: ignore[assignment]
    await fill(pilot)
    await pilot.press("ctrl+s")
    await settled(pilot)
    assert "A fault in the program" in "\n".join(shown(pilot))
    assert form_of(pilot).changed == {"title": "RFC", "due": "jan"}


async def test_leaving_keeps_a_draft_that_is_there_again(app: FormApp, pilot: Pilot[None]) -> None:
    await pilot.press(*"RFC", "escape")
    await settled(pilot)
    assert isinstance(app.screen, Below)
    assert "Kept as a draft: New to-do · MRR · Oct 2026" in said(pilot)
    await open_form(pilot)
    assert form_of(pilot).row_of("title").text == "RFC"
    assert "your draft of" in shown_text(pilot)


async def test_leaving_without_a_change_keeps_nothing(app: FormApp, pilot: Pilot[None]) -> None:
    await pilot.press("a", "backspace", "escape")
    await settled(pilot)
    assert app.journal.kept() == ()
    assert said(pilot) == ""


async def test_a_draft_is_thrown_away_at_the_second_press(app: FormApp, pilot: Pilot[None]) -> None:
    await pilot.press("a", "ctrl+t")
    assert "Press Ctrl+T again" in said(pilot)
    await pilot.press("b", "ctrl+t")
    assert app.journal.kept()[0].values == {"title": "ab"}
    await pilot.press("ctrl+t")
    await settled(pilot)
    assert app.journal.kept() == ()
    assert isinstance(app.screen, Below)


async def test_what_changed_under_a_draft_is_told_at_the_field(app: FormApp, pilot: Pilot[None]) -> None:
    await pilot.press(*"mine", "escape")
    app.values = {"title": "theirs", "state": "open"}
    await open_form(pilot)
    row = form_of(pilot).row_of("title")
    assert row.text == "mine"
    assert row.message == "! Changed since your draft was begun. It now says: theirs"


async def test_in_a_workspace_that_can_only_be_read_nothing_is_typed(app: FormApp) -> None:
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        app.records = replace(app.records, read_only="Its disk can only be read.", stamp=99)
        await pilot.press("f9", "a", "b")
        await settled(pilot)
        assert "Nothing can be written here. Its disk can only be read." in shown_text(pilot)
        assert not form_of(pilot).changed
        assert app.journal.kept() == ()
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, Below)


async def test_keys_typed_ahead_go_where_the_cursor_then_is(app: FormApp, pilot: Pilot[None]) -> None:
    keys = ["R", "tab", "G", "r", "down", "enter", "b", "l", "enter", "j", "a", "n", "enter"]
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))
    await settled(pilot)
    form = form_of(pilot)
    assert [form.row_of(key).text for key in ("title", "owner", "state", "due")] == ["R", "Grace", "blocked", "jan"]


class TestFields:
    async def test_a_month_says_what_it_is_taken_for(self, pilot: Pilot[None]) -> None:
        await fill(pilot)
        assert "Jan 2027" in shown_text(pilot)

    async def test_choices_are_listed_and_narrowed(self, pilot: Pilot[None]) -> None:
        await pilot.press("tab", "tab")
        assert all(word in shown_text(pilot) for word in ("› open", "done", "blocked"))
        await pilot.press("d", "o")
        assert "› done" in shown_text(pilot)
        assert "blocked" not in shown_text(pilot)
        await pilot.press("tab")
        assert form_of(pilot).row_of("state").text == "done"

    async def test_arrows_go_from_field_to_field_where_nothing_is_listed(self, pilot: Pilot[None]) -> None:
        form = form_of(pilot)
        await pilot.press("down")
        assert form.focused is form.row_of("owner").query_one(LineInput)
        form.row_of("due").take_keys()
        await pilot.pause()
        await pilot.press("up")
        assert form.row_of("state").has_class("-here")

    async def test_several_lines_pasted_into_one_lose_no_word(self, pilot: Pilot[None]) -> None:
        await paste(pilot, "first\r\nsecond\n")
        assert form_of(pilot).row_of("title").text == "first second"
        assert said(pilot) == "2 lines made one."


class TestTheEditor:
    async def test_markdown_is_previewed(self, pilot: Pilot[None]) -> None:
        form_of(pilot).row_of("note").take_keys()
        await paste(pilot, "# Why\n\n- **one**\n- [/oops] [link](http://example.org/[@click=app.quit])")
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert isinstance(pilot.app.screen, PreviewScreen)
        assert " • [/oops] link (http://example.org/" in shown_text(pilot)
        await pilot.press("ctrl+r")
        assert isinstance(pilot.app.screen, RecordForm)

    async def test_without_words_the_preview_says_so(self, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "There is nothing written yet." in shown_text(pilot)

    async def test_undo_and_redo(self, app: FormApp, pilot: Pilot[None]) -> None:
        row = form_of(pilot).row_of("note")
        row.take_keys()
        await paste(pilot, "pasted")
        await pilot.press("ctrl+z")
        assert (row.text, app.journal.kept()) == ("", ())
        await pilot.press("ctrl+y")
        assert app.journal.kept()[0].values == {"note": "pasted"}

    async def test_a_large_paste(self, app: FormApp, pilot: Pilot[None]) -> None:
        text = "\n".join(f"line {number} " + "words and more " * 12 for number in range(1000))
        assert len(text) > 180_000
        form_of(pilot).row_of("note").take_keys()
        await paste(pilot, text)
        await pilot.press("x")
        assert app.journal.kept()[0].values["note"] == text + "x"

    async def test_where_the_screen_cannot_be_lent_the_editor_says_so(
        self, pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VISUAL", "true")
        await pilot.press("ctrl+e")
        await settled(pilot)
        assert said(pilot) != ""
        assert form_of(pilot).changed == {}


async def test_the_whole_corpus_is_taken_in_and_kept(app: FormApp, pilot: Pilot[None]) -> None:
    form = form_of(pilot)
    editors: dict[str, LineInput | NoteEditor] = {}
    editors["title"], editors["note"] = form.query_one(LineInput), form.query_one(NoteEditor)
    for name, text in HOSTILE.items():
        for key, editor in editors.items():
            form.row_of(key).set_text("")
            editor.on_paste(events.Paste(text))
            value = form.row_of(key).text
            assert value == (taken_line(text) if key == "title" else taken_text(text)).text, name
            assert form.changed.get(key, "") == value, name
            kept = app.journal.latest(KEY)
            assert (kept.values.get(key, "") if kept is not None else "") == value, name


async def test_the_whole_corpus_is_shown_without_a_control(pilot: Pilot[None]) -> None:
    form = form_of(pilot)
    row = form.row_of("note")
    row.take_keys()
    row.insert("\n".join(HOSTILE.values()))
    await settled(pilot)
    for _ in range(30):
        assert not CONTROLS.search(shown_text(pilot))
        assert max(cell_len(line) for line in shown(pilot)) <= 100
        await pilot.press("pageup")


class TestQuitting:
    async def test_quitting_with_words_that_are_not_saved_asks(self, app: FormApp, pilot: Pilot[None]) -> None:
        await pilot.press("a", "ctrl+q")
        await settled(pilot)
        assert isinstance(app.screen, QuitScreen)
        assert "New to-do · MRR · Oct 2026" in shown_text(pilot)
        await pilot.press("escape")
        assert isinstance(app.screen, RecordForm)
        await pilot.press("ctrl+q", "ctrl+q")
        assert app._exit

    async def test_leaving_the_grid_asks_too(self) -> None:
        app = FormApp(ROOT)
        async with app.run_test(size=(80, 24)) as pilot:
            await open_form(pilot)
            await pilot.press("a", "escape", "q")
            await settled(pilot)
            assert isinstance(app.screen, QuitScreen)
            assert "the next start offers" in shown_text(pilot)

    async def test_quitting_without_asks_nothing(self, app: FormApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+q")
        assert app._exit


class TestTheListOfDrafts:
    async def test_a_draft_is_gone_on_with(self, app: FormApp, pilot: Pilot[None]) -> None:
        await pilot.press(*"RFC", "escape", "ctrl+o")
        await settled(pilot)
        assert isinstance(app.screen, DraftsScreen)
        assert "New to-do · MRR · Oct 2026" in shown_text(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert form_of(pilot).row_of("title").text == "RFC"

    async def test_a_draft_is_thrown_away_at_the_second_press(self, app: FormApp, pilot: Pilot[None]) -> None:
        await pilot.press(*"RFC", "escape", "ctrl+o", "ctrl+t")
        assert len(app.journal.kept()) == 1
        await pilot.press("ctrl+t")
        assert app.journal.kept() == ()
        assert "Nothing is unsaved." in shown_text(pilot)
        await pilot.press("q")
        assert isinstance(app.screen, Below)


async def test_the_form_has_its_own_help(pilot: Pilot[None]) -> None:
    await pilot.press("f1")
    await settled(pilot)
    assert "Save and go back" in shown_text(pilot)
    await pilot.press("q")
    assert isinstance(pilot.app.screen, RecordForm)


def test_every_note_editor_leaves_the_keys_of_the_form_alone() -> None:
    keys = {key for binding in NoteEditor.BINDINGS for key in getattr(binding, "key", "").split(",")}
    assert not keys & {"ctrl+e", "ctrl+r", "ctrl+s", "ctrl+t", "ctrl+q"}
    assert {"ctrl+z", "end", "ctrl+a"} <= keys
