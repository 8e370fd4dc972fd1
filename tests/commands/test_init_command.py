"""`reviewtui init` on real files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.commands.support import AS_OF, GRID, listing, make_database, run

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = "CREATE TABLE event(product_id VARCHAR, event VARCHAR, user_id VARCHAR, occurred_at TIMESTAMPTZ)"
ANSWERS_WITHOUT_TIME = "CREATE TABLE survey_response(product_id VARCHAR, score INTEGER)"


def test_a_strangers_file_becomes_a_workspace_that_shows_its_numbers(tmp_path: Path) -> None:
    source = make_database(tmp_path / "some.duckdb", *GRID)
    made = run(tmp_path, "init", "X", "--source", source)
    assert (made.code, made.err) == (0, "")
    assert made.out.rstrip().endswith("Next: reviewtui --workspace X")
    shown = run(tmp_path, "--workspace", "X", "metrics", "--as-of", AS_OF, "--format", "csv")
    assert "replay,2025-01,mrr,100.0" in shown.out


def test_the_report_names_what_was_found_what_lights_up_and_what_is_missing_and_why(tmp_path: Path) -> None:
    source = make_database(
        tmp_path / "acme.duckdb", "CREATE SCHEMA raw", EVENTS.replace("event(", "raw.event("), ANSWERS_WITHOUT_TIME
    )
    out = run(tmp_path, "init", "ws", "--source", source).out
    assert "event                from acme.raw.event" in out
    assert "usage      10 of 13" in out
    assert "survey_response      acme.main.survey_response lacks submitted_at" in out
    assert "[views]" in out
    assert 'survey_response = "SELECT product_id, submitted_at, score FROM acme.' in out


def test_the_example_view_of_the_report_can_be_filled_in_and_works(tmp_path: Path) -> None:
    make_database(
        tmp_path / "acme.duckdb",
        "CREATE TABLE answers AS SELECT 'replay' AS product_id, DATE '2025-03-20' AS submitted_at, 10 AS score",
    )
    out = run(tmp_path, "init", "ws", "--source", "acme.duckdb").out
    hint = next(line for line in out.splitlines() if " FROM acme.your_table" in line)
    assert hint.startswith("  invoice_line = ")
    settings = tmp_path / "ws" / "reviewtui.toml"
    view = 'survey_response = "SELECT product_id, submitted_at, score FROM acme.answers"'
    settings.write_text(f"{settings.read_text()}\n[views]\n{view}\n")
    shown = run(tmp_path, "metrics", "--workspace", "ws", "--as-of", AS_OF, "--format", "csv", "--metric", "nps")
    assert "replay,2025-03,nps,100.0,1.0,low_n" in shown.out


def test_several_sources_are_named_after_their_files(tmp_path: Path) -> None:
    work = tmp_path / "work"
    for folder in ("a", "b"):
        (work / folder).mkdir(parents=True)
        make_database(work / folder / "data.duckdb", EVENTS)
    sources = ("a/data.duckdb", "b/data.duckdb", "a/data.duckdb")
    out = run(tmp_path, "init", "ws", "--name", "Acme", "--source", *sources, cwd=work).out
    text = (work / "ws" / "reviewtui.toml").read_text()
    assert 'name = "Acme"' in text
    assert [line for line in text.splitlines() if line.startswith("path")] == [
        'path = "../a/data.duckdb"',
        'path = "../b/data.duckdb"',
    ]
    assert "from data.main.event" in out
    assert "from data_2.main.event" in out


def test_an_existing_workspace_is_left_alone(tmp_path: Path) -> None:
    make_database(tmp_path / "some.duckdb", *GRID)
    run(tmp_path, "init", "ws", "--source", "some.duckdb")
    before = listing(tmp_path)
    again = run(tmp_path, "init", "ws", "--source", "some.duckdb", "--name", "Other")
    assert again.code == 1
    assert "is a workspace already; nothing was changed" in again.err
    assert listing(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("nothing.duckdb", None, "does not exist"),
        ("empty.duckdb", b"", "is empty"),
        ("text.duckdb", b"hello, this is no database\n", "is not a DuckDB file"),
        ("lite.duckdb", b"SQLite format 3\0" + b"\0" * 100, "is an SQLite file"),
    ],
)
def test_where_no_source_can_be_read_nothing_is_written(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    outcome = run(tmp_path, "init", "ws", "--source", name)
    assert outcome.code == 1
    assert reason in outcome.err
    assert "nothing was written" in outcome.err
    assert not (tmp_path / "ws").exists()


def test_one_good_source_is_enough_but_the_bad_one_is_told(tmp_path: Path) -> None:
    make_database(tmp_path / "good.duckdb", *GRID)
    outcome = run(tmp_path, "init", "ws", "--source", "good.duckdb", "gone.duckdb")
    assert outcome.code == 1
    assert "does not exist" in outcome.out + outcome.err
    assert "gone.duckdb" in (tmp_path / "ws" / "reviewtui.toml").read_text()


def test_a_file_that_is_only_locked_still_makes_a_workspace(tmp_path: Path) -> None:
    source = make_database(tmp_path / "busy.duckdb", *GRID)
    writer = duckdb.connect(source)
    try:
        outcome = run(tmp_path, "init", "ws", "--source", source)
    finally:
        writer.close()
    assert outcome.code == 1
    assert "open for writing in another program" in outcome.out + outcome.err
    assert run(tmp_path, "check", "--workspace", "ws").code == 0


def test_the_source_is_not_changed(tmp_path: Path) -> None:
    source = make_database(tmp_path / "some.duckdb", *GRID)
    before = source.read_bytes(), source.stat().st_mtime_ns
    run(tmp_path, "init", "ws", "--source", source)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    make_database(tmp_path / "some.duckdb", *GRID)
    outcome = run(tmp_path, "init", "some.duckdb", "--source", "some.duckdb")
    assert outcome.code == 1
    assert "is no folder" in outcome.err
