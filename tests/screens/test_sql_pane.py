"""The SQL pane: statements are run, stopped, remembered, completed and attached; nothing they do changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.screens.query_check import QueryCheck
from reviewtui.screens.record_form import RecordForm
from reviewtui.screens.sql_pane import SqlPane
from reviewtui.sources.query import TableNames
from reviewtui.sql_completion import complete
from reviewtui.sql_history import HISTORY_FILE, MOST_STATEMENTS, load_history, save_history, with_statement
from reviewtui.widgets.query_lines import table_lines
from reviewtui.workspace.kinds.dives import DIVES
from tests.screens.conftest import running, shown_text
from tests.screens.insighted import ask, shows, with_source
from tests.screens.noted import noted_app, press, workspace
from tests.sources.support import digest, make_file

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

TABLES = (TableNames("acme.event", ("event", "user_id")), TableNames('acme."odd one".team', ("id", '"Name"')))

HOSTILE = (
    "drop table acme.team",
    "copy (select 1) to '{path}' (format csv, use_tmp_file false)",
    "select * from read_text('{path}')",
    "select 1; select 2",
    "install httpfs",
    "set enable_external_access=true",
    "selec",
    "select '[bold]\x1b[31m\u202e' as \"[/nope]\"",
    "select '" + "x" * 100_000,
)
"""One of each kind; the others are tried below the screen."""


def pane(pilot: Pilot[None], statement: str) -> SqlPane:
    """The open pane with another statement."""
    screen = pilot.app.screen
    assert isinstance(screen, SqlPane)
    screen._editor.text = statement
    return screen


async def test_a_statement_is_run_and_attached_to_a_dive(tmp_path: Path) -> None:
    """Statement and figures are kept; run again, a changed result is pointed out and can be taken over."""
    store = workspace(tmp_path / "w")
    path = with_source(tmp_path / "w")
    ask(store)
    async with running(noted_app(tmp_path / "w"), (120, 60)) as pilot:
        await press(pilot, "x")
        pane(pilot, "select id, name from acme.team order by id;")
        await press(pilot, "f5")
        assert "2 rows in" in shown_text(pilot)
        assert " id  name" in shown_text(pilot)
        await press(pilot, "ctrl+s", "enter")
        assert shows(pilot, RecordForm)
        await press(pilot, *"Two", "ctrl+s")
        assert "Attached; on the deep dive X runs it again." in shown_text(pilot)
        path.unlink()
        make_file(path, "CREATE TABLE team AS SELECT 1 AS id, 'Zoe' AS name")
        await press(pilot, "escape", "3", "X")
        assert shows(pilot, QueryCheck)
        assert "≠ changed" in shown_text(pilot)
        assert "− 2  Bo" in shown_text(pilot)
        assert "+ 1  Zoe" in shown_text(pilot)
        await press(pilot, "escape")
        assert "≠ the result has changed since it was added" in shown_text(pilot)
        await press(pilot, "X")
        await press(pilot, "equals_sign")
        assert "✓ the same" in shown_text(pilot)
    ((evidence,),) = (dive.evidence for dive in store.load().of(DIVES))
    assert (evidence.kind, evidence.note) == ("query", "Two")
    assert evidence.statement == "select id, name from acme.team order by id;"
    assert evidence.figures == "id\tname\n1\tZoe"


async def test_until_something_is_run_it_says_what_there_is_to_ask(tmp_path: Path) -> None:
    """Tables with their columns, in the form in which a statement names them."""
    workspace(tmp_path / "w")
    with_source(tmp_path / "w")
    async with running(noted_app(tmp_path / "w"), (80, 24)) as pilot:
        await press(pilot, "x")
        assert "acme.team  id  name" in shown_text(pilot)
        pane(pilot, "select id from acme.team")
        await press(pilot, "f5")
        assert "acme.team  id  name" not in shown_text(pilot)


def test_more_tables_than_lines_are_counted() -> None:
    lines = ["".join(span.text for span in line) for line in table_lines(TABLES * 3, 40, 4)]
    assert lines[0].split() == ["acme.event", "event", "user_id"]
    assert lines[3:] == ["and 3 more: Tab completes their names"]


async def test_a_statement_that_never_ends_is_stopped(tmp_path: Path) -> None:
    workspace(tmp_path / "w")
    with_source(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "x")
        pane(pilot, "select count(*) from range(100000000000) r(i) where i % 7 = 3")
        await pilot.press("f5")
        await press(pilot, "escape")
        assert "Stopped." in shown_text(pilot)
        await press(pilot, "ctrl+s")
        assert "There is no whole result yet" in shown_text(pilot)
        await press(pilot, "escape")
        assert not shows(pilot, SqlPane)


async def test_ten_million_rows_are_cut(tmp_path: Path) -> None:
    workspace(tmp_path / "w")
    with_source(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "x")
        pane(pilot, "select i, repeat('ab', 3000) as long from range(10000000) r(i)")
        await press(pilot, "f5")
        assert "are shown" in shown_text(pilot)
        await press(pilot, "pagedown", "alt+right", "alt+left", "pageup", "ctrl+s")
        assert "Evidence is at most 50 rows" in shown_text(pilot)


async def test_no_statement_changes_or_breaks_anything(tmp_path: Path) -> None:
    workspace(tmp_path / "w")
    path = with_source(tmp_path / "w")
    before = digest(path)
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "x")
        for statement in HOSTILE:
            pane(pilot, statement.replace("{path}", str(path)))
            await press(pilot, "f5")
            assert pilot.app.is_running
            assert "\x1b" not in shown_text(pilot)
            assert "\u202e" not in shown_text(pilot)
    assert digest(path) == before


async def test_statements_are_remembered_and_names_completed(tmp_path: Path) -> None:
    workspace(tmp_path / "w")
    with_source(tmp_path / "w")
    async with running(noted_app(tmp_path / "w")) as pilot:
        await press(pilot, "x")
        screen = pane(pilot, "")
        await press(pilot, *"from", "space", *"tea", "tab")
        assert screen._editor.text == "from acme.team"
        await press(pilot, "f5")
        await press(pilot, "escape", "x", "ctrl+up")
        assert pilot.app.screen._editor.text == "from acme.team"  # type: ignore[attr-defined]
        await press(pilot, "ctrl+down")
        assert pilot.app.screen._editor.text == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("select * from ev", "acme.event"),
        ("select us| from acme.event", "user_id"),
        ("select e.us| from acme.event e", "user_id"),
        ("select event.| from acme.event", "event"),
        ('select t.| from acme."odd one".team as t', "id"),
        ("sel", "select"),
        ("SEL", "select"),
    ],
)
def test_completion_knows_tables_aliases_and_columns(typed: str, offered: str) -> None:
    before, _, after = typed.partition("|")
    assert complete(before + after, len(before), TABLES).offers[0] == offered


def test_history_keeps_each_statement_once_and_not_for_ever(tmp_path: Path) -> None:
    history: tuple[str, ...] = ()
    for number in range(MOST_STATEMENTS + 5):
        history = with_statement(history, f"select {number}")
    history = with_statement(with_statement(history, "select 100"), "  ")
    assert len(history) == MOST_STATEMENTS
    assert history[-1] == "select 100"
    save_history(tmp_path / "state", history)
    assert load_history(tmp_path / "state") == history
    (tmp_path / "state" / HISTORY_FILE).write_bytes(b"{broken")
    assert load_history(tmp_path / "state") == ()
    assert load_history(None) == ()
