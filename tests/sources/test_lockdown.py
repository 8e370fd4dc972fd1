"""SQL of other people cannot write, read other files, reach the network or loosen the lock."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import reviewtui
from tests.sources import hostile
from tests.sources.support import HOLIDAYS, digest, make_file, opened, request_for

SOURCE_FOLDER = Path(reviewtui.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hostile.prepare(tmp_path)
    return tmp_path


def _contents(folder: Path) -> dict[str, str]:
    """Every file below the folder with its digest."""
    return {str(path): digest(path) if path.is_file() else "" for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("kind", ["write", "read", "network", "setting", "state"])
def test_hostile_statements_change_and_reveal_nothing(kind: str, folder: Path) -> None:
    """Whatever a statement does within its session, the files stay as they are and the secret stays secret."""
    before = _contents(folder)
    for statement in hostile.statements(folder)[kind]:
        result, error = hostile.attempt(folder, statement)
        assert hostile.HIDDEN_WORD not in result, statement
        assert error or kind not in {"network", "setting"}, statement
        assert _contents(folder) == before, statement


def test_hostile_statements_ask_for_no_socket(folder: Path) -> None:
    """Seen from the kernel, not one address is connected to."""
    trace = folder.parent / f"{folder.name}.trace"
    command = ["strace", "-f", "--seccomp-bpf", "-e", "trace=socket,connect,sendto", "-o", str(trace)]
    command += [sys.executable, "-m", "tests.sources.hostile", str(folder)]
    root = Path(__file__).parents[2]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=root)
    except FileNotFoundError:
        pytest.skip("strace is not installed")
    if not trace.exists() or "ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    assert "AF_INET" not in trace.read_text()


def test_what_the_program_needs_works_after_the_lock(tmp_path: Path) -> None:
    """Temporary tables, views and macros, time zones, JSON, lists and windows."""
    path = make_file(
        tmp_path / "acme.duckdb", HOLIDAYS, "CREATE TABLE e AS SELECT TIMESTAMPTZ '2026-03-31 22:30:00+00' AS seen"
    )
    with opened(request_for({"acme": path})) as session:
        connection = session.connection
        connection.execute("CREATE TEMP TABLE days AS SELECT day FROM acme.holiday ORDER BY day")
        connection.execute("CREATE TEMP VIEW months AS SELECT date_trunc('month', day) AS month FROM days")
        connection.execute("CREATE TEMP MACRO doubled(x) AS x * 2")
        rows = connection.execute(
            "SELECT (seen AT TIME ZONE 'Europe/Berlin')::DATE::VARCHAR,"
            " (seen AT TIME ZONE 'America/New_York')::DATE::VARCHAR,"
            " seen::VARCHAR, doubled(2), json_extract('{\"a\": 1}', '$.a')::INT, list_sum([1, 2]),"
            " (SELECT count(DISTINCT month) FROM months) FROM acme.e"
        ).fetchall()
        assert rows == [("2026-04-01", "2026-03-31", "2026-03-31 22:30:00+00", 4, 1, 3, 4)]


def test_macros_of_the_data_file_do_not_replace_functions(tmp_path: Path) -> None:
    """A stored macro named like a function of DuckDB is not what our SQL calls."""
    path = make_file(tmp_path / "acme.duckdb", HOLIDAYS, "CREATE MACRO date_trunc(a, b) AS 'hijacked'")
    with opened(request_for({"acme": path})) as session:
        (row,) = session.connection.execute("SELECT date_trunc('month', DATE '2026-02-03')::VARCHAR").fetchall()
    assert row[0].startswith("2026-02-01")


def test_only_one_place_opens_duckdb() -> None:
    """`duckdb.connect` stands in `sources/lockdown.py`, and where the demo and pull make files."""
    places = set()
    for path in SOURCE_FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Attribute) and node.attr == "connect" and ast.unparse(node.value) == "duckdb"
            imported = isinstance(node, ast.ImportFrom) and any(name.name == "connect" for name in node.names)
            if named or imported:
                places.add(path.relative_to(SOURCE_FOLDER).as_posix())
    makes_files = {"engines/pulled_file.py"}
    assert {place for place in places if not place.startswith("demo/")} - makes_files == {"sources/lockdown.py"}


def test_the_process_with_the_screen_does_not_load_duckdb() -> None:
    """Everything the parent uses can be imported without it."""
    code = "import sys, reviewtui.sources.inspection, reviewtui.sources.jobs; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
