"""`reviewtui check` on real files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.commands.support import LONG_AGO, listing, make_database, make_workspace, run

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


def test_imported_values_are_checked_and_their_metrics_are_known(tmp_path: Path) -> None:
    files = {
        "reviewtui.toml": 'name = "Acme"\n',
        "imports/budget.csv": "product_id,month,metric,value\nreplay,2025-01,Seats,5\nreplay,2025-13,Seats,6\n",
        "metrics/a.toml": 'formula = "Seats * 2"\n',
        "metrics/b.toml": 'formula = "Seatz * 2"\n',
        "products/replay/product.toml": "[target]\nSeats = 4\n",
    }
    for name, text in files.items():
        (tmp_path / "ws" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ws" / name).write_text(text)
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 1
    assert outcome.out.splitlines() == [
        "imports/budget.csv:3: The month '2025-13' is not written YYYY-MM.",
        "metrics/b.toml:1: The formula cannot be computed: there is no metric `Seatz`. Did you mean `Seats`?",
        "Acme: 0 sources, 1 product file, 1 imported file, 2 metric files: 2 errors.",
    ]


def test_metrics_of_the_users_own_are_checked_without_computing_them(tmp_path: Path) -> None:
    event = "product_id VARCHAR, event VARCHAR, user_id VARCHAR, org_id VARCHAR, occurred_at TIMESTAMPTZ"
    root = make_workspace(tmp_path / "ws", f"CREATE TABLE event({event})")
    files = {
        "metrics/a.toml": 'name = "A"\nformula = "mrr / uniqe_users"\n',
        "metrics/b.toml": 'formula = "c"\n',
        "metrics/c.toml": 'formula = "b"\n',
        "metrics/d.toml": "sql = '''\nselect product_id,\n  nothing as month\nfrom event'''\n",
        "metrics/e.toml": "sql = 'select 1 as value'\n",
        "metrics/f.toml": "sql = \"select product_id, '2025-01' as month, count(*) as value from event group by 1\"\n",
        "metrics/mrr.toml": 'formula = "arr / 12"\n',
        "metrics/Bad Name.toml": 'formula = "mrr"\n',
        "products/replay/product.toml": "[target]\nchurn_rat = 0.1\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 1
    said = [line.partition(": ") for line in outcome.out.splitlines()[:-1]]
    assert sorted(place for place, _, _ in said) == [
        "metrics/Bad Name.toml",
        "metrics/a.toml:2",
        "metrics/b.toml:1",
        "metrics/c.toml:1",
        "metrics/d.toml:3",
        "metrics/e.toml:1",
        "metrics/mrr.toml:1",
        "products/replay/product.toml:2",
    ]
    by_place = {place: message for place, _, message in said}
    assert "Did you mean `unique_users`?" in by_place["metrics/a.toml:2"]
    assert "b → c → b" in by_place["metrics/b.toml:1"]
    assert "`product_id` and `month` are missing" in by_place["metrics/e.toml:1"]
    assert by_place["products/replay/product.toml:2"].startswith("warning: ")


TODO = 'schema = 1\ntitle = "x"\ncreated_on = 2026-04-17\n'


def test_records_are_counted_and_their_problems_named(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    todos = root / "products" / "replay" / "todos"
    todos.mkdir(parents=True)
    (todos / "t-260417-9xw2-x.toml").write_text(TODO)
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome == (0, "Acme: 1 source, 0 product files, 1 record: no problems.\n", "")
    (todos / "t-260417-9xw3-x.toml").write_text(TODO + 'due = "soon"\n')
    (todos / "t-260417-9xw4-x.toml").write_text(TODO + "<<<<<<< a\n=======\n>>>>>>> b\n")
    (todos / "t-260417-9xw2-x (conflicted copy).toml").write_text(TODO.replace("x", "y"))
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 1
    lines = outcome.out.splitlines()
    assert any("t-260417-9xw3-x.toml:4: `due` is a month" in line for line in lines)
    assert any("t-260417-9xw4-x.toml:4: The file has conflict markers" in line for line in lines)
    assert any("t-260417-9xw2-x.toml: There are two versions of `title`" in line for line in lines)
    assert lines[-1].endswith("2 records: 3 errors.")


def test_what_interrupted_runs_left_is_a_warning(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    temp = root / ".reviewtui-0a1b2c3d.tmp"
    temp.write_text("")
    os.utime(temp, (LONG_AGO, LONG_AGO))
    outcome = run(tmp_path, "check", "--workspace", "ws")
    assert outcome.code == 0
    assert ".reviewtui-0a1b2c3d.tmp: warning: Left by a save that was interrupted" in outcome.out
    assert temp.exists()
