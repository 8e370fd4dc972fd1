"""What `[[engine]]` may say, and that no secret may stand in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reviewtui.workspace.load import load_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from reviewtui.workspace.model import Workspace


def workspace(folder: Path, text: str) -> Workspace:
    (folder / "reviewtui.toml").write_text(text, "utf-8")
    return load_workspace(folder)


def messages(loaded: Workspace) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in loaded.problems]


def test_a_whole_entry_is_read(tmp_path: Path) -> None:
    loaded = workspace(
        tmp_path,
        """\
[[engine]]
name = "warehouse"
kind = "postgresql"
dsn = "host=db.example.com dbname=sales"
schema = "analytics"
user = "reader"
password_env = "SALES_PASSWORD"

[engine.views]
refund = "SELECT product AS product_id, day AS refunded_on, amount FROM analytics.credit_notes"
""",
    )
    assert loaded.problems == ()
    (engine,) = loaded.engines
    assert (engine.name, engine.kind, engine.schema, engine.user) == ("warehouse", "postgresql", "analytics", "reader")
    assert engine.password_variable.startswith("SALES_")
    assert engine.views["refund"].line == 10


def test_the_password_has_a_variable_of_its_own_by_default(tmp_path: Path) -> None:
    (engine,) = workspace(tmp_path, '[[engine]]\nname = "lake"\nkind = "spark"\nmaster = "local[*]"\n').engines
    assert engine.password_variable.removeprefix("REVIEWTUI_LAKE_") == "PASSWORD"


@pytest.mark.parametrize(
    "line",
    [
        'password = "hunter2"',
        'dsn = "host=db password=hunter2"',
        'dsn = "postgresql://reader:hunter2@db/sales"',
        'settings = { "auth.token" = "hunter2" }',
        'password_env = "hunter2 !"',
    ],
)
def test_a_password_in_the_file_is_refused_and_never_repeated(tmp_path: Path, line: str) -> None:
    loaded = workspace(tmp_path, f'[[engine]]\nname = "w"\nkind = "postgresql"\n{line}\n')
    assert any(problem.line == 4 and "environment variable" in problem.message for problem in loaded.problems)
    assert all("hunter2" not in problem.message for problem in loaded.problems)


def test_a_variable_in_place_of_the_password_is_fine(tmp_path: Path) -> None:
    text = '[[engine]]\nname = "w"\nkind = "spark"\nurl = "sc://host:15002/;token=${SPARK_TOKEN}"\n'
    assert workspace(tmp_path, text).problems == ()


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ('kind = "spark"\nmaster = "local"', 1, "The engine has no `name`. Add it."),
        ('name = "w"\nkind = "oracle"', 3, '"oracle" is not one of: spark, postgresql, clickhouse.'),
        ('name = "W 1"\nkind = "spark"', 2, '"W 1" cannot be the name of an engine.'),
        ('name = "w"\nkind = "spark"', 1, "A Spark engine needs `master`"),
        ('name = "w"\nkind = "postgresql"', 1, "A PostgreSQL engine needs `dsn`"),
        ('name = "w"\nkind = "clickhouse"', 1, "A ClickHouse engine needs `url`"),
        ('name = "w"\nkind = "spark"\nmaster = "local"\ndsn = "host=a"', 5, "`dsn` means nothing to an engine"),
        ('name = "w"\nkind = "spark"\nmaster = "local"\nshema = "a"', 5, "`shema` is not a known setting"),
        (
            'name = "w"\nkind = "spark"\nmaster = "local"\nparquet = { evnt = "a" }',
            5,
            '"evnt" is not one of',
        ),
    ],
)
def test_what_cannot_be_used_is_said_at_its_line(tmp_path: Path, lines: str, line: int, message: str) -> None:
    found = messages(workspace(tmp_path, f"[[engine]]\n{lines}\n"))
    assert any(at == line and text.startswith(message) for at, text in found), found


def test_two_engines_or_a_source_of_one_name_are_refused(tmp_path: Path) -> None:
    entry = '[[engine]]\nname = "w"\nkind = "spark"\nmaster = "local"\n'
    loaded = workspace(tmp_path, entry + entry)
    assert len(loaded.engines) == 1
    assert messages(loaded) == [(5, 'There is a source or engine named "w" already. Give each a name of its own.')]


def test_a_workspace_with_an_engine_needs_no_source(tmp_path: Path) -> None:
    assert workspace(tmp_path, '[[engine]]\nname = "w"\nkind = "spark"\nmaster = "local"\n').problems == ()
