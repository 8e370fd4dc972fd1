"""What can be told about sources at once, through the child process."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from reviewtui.errors import Problem
from reviewtui.sources.inspection import inspect_sources
from reviewtui.sources.limits import memory_bytes
from reviewtui.workspace.model import SourceConfig
from tests.sources.support import ENDLESS, HOLIDAYS, make_file, make_file_with_log, opened, request_for

if TYPE_CHECKING:
    from pathlib import Path


def test_an_inspection_tells_states_tables_and_problems(tmp_path: Path) -> None:
    """One usable source with a log, one bad one, a view that works and one that does not."""
    good = make_file_with_log(tmp_path / "good.duckdb")
    views = {"usage_day": "SELECT 'p' AS product_id, day FROM good.holiday", "refund": "SELECT 1"}
    inspection = inspect_sources(request_for({"good": good, "bad": tmp_path}, views))
    assert [(state.name, state.tables, state.wal_bytes > 0) for state in inspection.states] == [
        ("good", ("holiday",), True),
        ("bad", (), False),
    ]
    assert [found.table for found in inspection.found] == ["holiday", "usage_day"]
    assert [(problem.path, problem.line) for problem in inspection.problems] == [
        ("reviewtui.toml", 11),
        ("reviewtui.toml", 21),
    ]
    assert inspection.missing["refund"] == "the view refund cannot be used"


def test_nothing_is_read(tmp_path: Path) -> None:
    """Endless views of both kinds are found at once."""
    path = make_file(tmp_path / "a.duckdb", f"CREATE VIEW holiday AS {ENDLESS}")
    views = {"usage_day": f"SELECT 'p' AS product_id, day FROM ({ENDLESS})"}
    inspection = inspect_sources(request_for({"acme": path}, views))
    assert [found.table for found in inspection.found] == ["holiday", "usage_day"]
    assert inspection.problems == ()


@pytest.mark.parametrize(
    "sql",
    [f"SELECT {'(' * 50_000}1{')' * 50_000} AS day", f"SELECT 1{'+1' * 100_000} AS day"],
    ids=["deep", "long"],
)
def test_an_enormous_expression_is_given_up(sql: str, tmp_path: Path) -> None:
    """It is a problem of its view; the sources are told all the same."""
    path = make_file(tmp_path / "a.duckdb", HOLIDAYS)
    inspection = inspect_sources(request_for({"acme": path}, {"usage_day": sql}, seconds=0.5))
    assert [found.table for found in inspection.found] == ["holiday"]
    assert [problem.line for problem in inspection.problems] == [20]


def test_a_source_without_a_line_is_named_by_its_path(tmp_path: Path) -> None:
    """As on the command line, where there is no workspace file yet."""
    request = request_for({"acme": tmp_path / "gone.duckdb"})
    request = dataclasses.replace(request, sources=(SourceConfig("acme", tmp_path / "gone.duckdb"),))
    assert inspect_sources(request).problems == (
        Problem(
            str(tmp_path / "gone.duckdb"),
            None,
            'The source "acme" (gone.duckdb) does not exist. Correct the path, or put the file there.',
        ),
    )


def test_a_cost_export_that_is_missing_is_a_problem_of_its_own(tmp_path: Path) -> None:
    """The other sources are read all the same."""
    request = request_for({"acme": make_file(tmp_path / "a.duckdb", HOLIDAYS)})
    request = dataclasses.replace(
        request, sources=(*request.sources, SourceConfig("bill", tmp_path / "bill.csv", "focus", 30))
    )
    with opened(request) as session:
        (problem,) = session.problems
        assert (problem.line, problem.severity) == (30, "error")
        assert "does not exist" in problem.message
        assert [found.table for found in session.found] == ["holiday"]


def test_excluded_views_are_left_alone(tmp_path: Path) -> None:
    """Their problems are told, nothing stands in for them."""
    path = make_file(tmp_path / "a.duckdb", "CREATE VIEW holiday AS SELECT DATE '2026-01-01' AS day")
    request = request_for({"acme": path}, {"usage_day": "SELECT 'p' AS product_id, DATE '2026-01-01' AS day"})
    request = request.without_view('"temp"."main"."view usage_day"', "is slow.")
    request = request.without_view('"acme"."main"."holiday"', "is slow too.")
    with opened(request) as session:
        assert session.found == ()
        assert session.missing["usage_day"] == "the view usage_day was left out"
        assert session.missing["holiday"] == "acme.main.holiday was left out"
        assert session.problems == [
            Problem("reviewtui.toml", 20, "The view usage_day is slow."),
            Problem("acme.main.holiday", None, "This view of the data file is slow too."),
        ]


@pytest.mark.parametrize(
    ("text", "size"), [("1GB", 10**9), ("512MiB", 512 * 2**20), (" 1.5 gb ", 1_500_000_000), ("2TB", 2 * 10**12)]
)
def test_memory_sizes_are_read_as_duckdb_reads_them(text: str, size: int) -> None:
    assert memory_bytes(text) == size


def test_a_size_without_a_unit_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not a size"):
        memory_bytes("lots")
