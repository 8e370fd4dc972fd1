"""`reviewtui check` on real files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.commands.support import listing, make_database, make_workspace, run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sound_workspace_has_no_problems(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws")
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "Acme: 1 source, 0 product files: no problems.\n"


def test_each_problem_is_a_line_with_file_and_line(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", more="fiscal_year_start = 13\n")
    (root / "reviewtui.toml").write_text((root / "reviewtui.toml").read_text() + '[[source]]\npath = "gone.duckdb"\n')
    (root / "products" / "replay").mkdir(parents=True)
    (root / "products" / "replay" / "product.toml").write_text('name = "Replay"\nstage = "teenager"\nx = \n')
    outcome = run(tmp_path, "check", "--workspace", "ws")
    lines = outcome.out.splitlines()
    assert outcome.code == 1
    assert any(line.startswith("products/replay/product.toml:3: ") for line in lines)
    assert any(line.startswith("reviewtui.toml:6: ") and "gone.duckdb" in line for line in lines)
    assert lines[-1].startswith("Acme: 2 sources, ")
    assert "error" in lines[-1]


def test_a_view_that_cannot_be_used_is_named_at_its_line(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws", more='[views]\nticket = "SELECT x FROM nowhere"\n')
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 1
    assert outcome.out.startswith("reviewtui.toml:6: ")


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    root.mkdir()
    (root / "reviewtui.toml").write_text('name = "Empty"\n')
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 0
    assert "warning: " in outcome.out
    assert outcome.out.endswith("Empty: 0 sources, 0 product files: 1 warning.\n")


def test_a_table_that_lacks_a_column_is_a_warning(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws", "CREATE TABLE ticket(ticket_id VARCHAR, product_id VARCHAR)")
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 0
    assert outcome.out.startswith("ticket: warning: Not used: data.main.ticket lacks created_at.")


def test_nothing_is_written_anywhere(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws", more='colour = "red"\n')
    before = listing(tmp_path)
    run(tmp_path, "check", "--workspace", "ws")
    assert listing(tmp_path) == before


def test_hostile_text_in_a_problem_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws", more='"\\u001b[2J" = 1\n')
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert all(line.isprintable() for line in outcome.out.splitlines())


def test_a_file_whose_tables_have_other_names_is_told_with_these_names(tmp_path: Path) -> None:
    make_database(tmp_path / "wh.duckdb", "CREATE SCHEMA stripe", "CREATE TABLE stripe.invoices(net DECIMAL)")
    report = run(tmp_path, "init", "ws", "--source", "wh.duckdb").out
    assert "not used             stripe.invoices" in report
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 0
    assert "no table of it is used; entries of [views] can map what there is: stripe.invoices." in outcome.out
